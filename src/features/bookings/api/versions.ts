import type { Pagination } from '#platform/http/api/pages.ts'
import type { ApiRoute } from '#platform/http/api/route.ts'
import type { RawRequest, Versions } from '#platform/http/api/versions.ts'
import { parseInput } from '#platform/input.ts'
import {
  type FormerBooking,
  type FormerBookings,
  type FormerNewBooking,
  formerCancellation,
  formerNewBooking,
  formerQuery,
} from './former.ts'
import type { WireBooking } from './schema.ts'

const current = '2024-08-13'
const former = '2024-04-15'

/** Of what there is since then. */
export const bookingVersions: Versions = { current }

/** Of reading one, or a series. */
export const oneBookingVersions: Versions = { current, older: [{ date: former, downgrade: bookingsOfThen }] }

export const listVersions: Versions = {
  current,
  older: [{ date: former, upgrade: upgradedQuery, downgrade: listOfThen }],
}

export const cancellationVersions: Versions = {
  current,
  older: [
    { date: former, upgrade: upgradedCancellation, downgrade: bookingsOfThen, names: { seatUid: 'seatReferenceUid' } },
  ],
}

/** Where a new booking of then has what today's names. */
export const NAMES_THEN = {
  ...{ 'attendee.name': 'responses.name', 'attendee.email': 'responses.email', 'attendee.timeZone': 'timeZone' },
  ...{ 'attendee.language': 'language', 'attendee.phoneNumber': 'responses.location.optionValue' },
  ...{ bookingFieldsResponses: 'responses', guests: 'responses.guests', location: 'responses.location' },
  ...{ 'location.type': 'responses.location.value', 'location.phone': 'responses.location.optionValue' },
  ...{ 'location.address': 'responses.location.optionValue', 'location.location': 'responses.location.optionValue' },
  ...{ lengthInMinutes: 'end', username: 'user', seatUid: 'seatReferenceUid' },
  reschedulingReason: 'responses.rescheduleReason',
}

/** Of booking, by which bookings were moved, too. */
export function newBookingVersions(reschedule: ApiRoute): Versions {
  const upgrade = ({ query, body }: RawRequest): RawRequest => {
    const wanted = parseInput(formerNewBooking, body)
    if (wanted.rescheduleUid === undefined) return { query, body: { ...newBookingOf(wanted), ...ONE } }
    return { query, body: moveOf(wanted), instead: { route: reschedule, params: { bookingUid: wanted.rescheduleUid } } }
  }
  const downgrade = (data: unknown) => bookingsOfThen(Array.isArray(data) && data.length === 1 ? data[0] : data)
  return { current, older: [{ date: former, upgrade, downgrade, names: NAMES_THEN }] }
}

/** Several were asked for as a list, at another path. */
const ONE = { recurrenceCount: 1 }

/** As the body of today has it. */
export function newBookingOf(wanted: Omit<FormerNewBooking, 'rescheduleUid' | 'seatReferenceUid'>): object {
  const { start, eventTypeId, eventTypeSlug, user, timeZone, language, metadata, responses, orgSlug } = wanted
  const { name, email, guests, location, notes, ...answers } = responses
  return {
    start: start.toString(),
    attendee: { name, email, timeZone, ...known({ language }) },
    ...(eventTypeId === undefined ? { eventTypeSlug, username: [user].flat()[0] } : { eventTypeId }),
    bookingFieldsResponses: { ...answers, ...known({ notes }) },
    ...known({ guests, metadata, lengthInMinutes: minutesOf(wanted), location: location && placeOf(location) }),
    ...(orgSlug && { organizationSlug: orgSlug }),
  }
}

function moveOf(wanted: FormerNewBooking): object {
  const { start, seatReferenceUid: seatUid, responses } = wanted
  const reschedulingReason = responses.rescheduleReason
  return { start: start.toString(), ...known({ seatUid, reschedulingReason, lengthInMinutes: minutesOf(wanted) }) }
}

function minutesOf({ start, end }: Pick<FormerNewBooking, 'start' | 'end'>): number | undefined {
  return end && (end.epochMilliseconds - start.epochMilliseconds) / 60_000
}

/** What is left to the booker stood beside the kind, whatever the kind. */
function placeOf({ value: type, optionValue = '' }: NonNullable<FormerNewBooking['responses']['location']>): object {
  switch (type) {
    case 'attendeePhone':
      return { type, phone: optionValue }
    case 'attendeeAddress':
      return { type, address: optionValue }
    case 'attendeeDefined':
      return { type, location: optionValue }
    default:
      return { type }
  }
}

/** Without what is not there. */
function known(fields: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function upgradedCancellation({ query, body }: RawRequest): RawRequest {
  const { cancellationReason, allRemainingBookings, seatReferenceUid } = parseInput(formerCancellation, body)
  const wanted = { cancellationReason, cancelSubsequentBookings: allRemainingBookings, seatUid: seatReferenceUid }
  return { query, body: known(wanted) }
}

function upgradedQuery({ query, body }: RawRequest): RawRequest {
  const { cursor, limit, filters } = parseInput(formerQuery, query)
  const texts = { skip: cursor?.toString(), take: limit?.toString(), status: filters?.status }
  return { query: known(texts), body }
}

function bookingsOfThen(data: unknown): FormerBooking | FormerBooking[] {
  return Array.isArray(data) ? data.map(bookingOfThen) : bookingOfThen(data as WireBooking)
}

export function bookingOfThen(booking: WireBooking): FormerBooking {
  const { eventTypeId, status, cancellationReason: reason = null } = booking
  return {
    ...commonOf(booking),
    smsReminderNumber: null,
    eventTypeId,
    responses: 'guests' in booking ? { ...booking.bookingFieldsResponses, guests: booking.guests } : {},
    cancellationReason: status === 'cancelled' ? reason : null,
    rejectionReason: status === 'rejected' ? reason : null,
  }
}

function listOfThen(data: unknown, pagination?: Pagination): FormerBookings {
  const bookings = (data as WireBooking[]).map((booking): FormerBookings['bookings'][number] => ({
    ...commonOf(booking),
    ...NOTHING_OF,
    payment: [],
    references: [],
  }))
  const { hasNextPage = false, totalItems = 0, remainingItems = 0 } = pagination ?? {}
  return { bookings, recurringInfo: [], nextCursor: hasNextPage ? totalItems - remainingItems : null }
}

/** Nothing is paid or recorded here. */
const NOTHING_OF = { paid: false, isRecorded: false } as const

const STATUSES = { accepted: 'ACCEPTED', pending: 'PENDING', cancelled: 'CANCELLED', rejected: 'REJECTED' } as const

function commonOf(booking: WireBooking) {
  const { id, uid, title, description, start, end, location, eventType, status, metadata } = booking
  const [host] = booking.hosts
  return {
    ...{ id, uid, title, userPrimaryEmail: host?.email || null, description: description || null, customInputs: {} },
    ...{ startTime: start, endTime: end },
    attendees: booking.attendees.map(({ email, name, timeZone, language: locale }) => ({
      ...{ email, name, timeZone, locale, bookingId: id },
    })),
    metadata,
    recurringEventId: 'recurringBookingUid' in booking ? booking.recurringBookingUid : null,
    location: location || null,
    eventType,
    status: STATUSES[status],
    user: host ? { id: host.id, name: host.name, email: host.email } : null,
    seatsReferences: seatsOf(booking),
  }
}

/** Of the seat that was just booked, or of all that are seen. */
function seatsOf(booking: WireBooking): { referenceUid: string }[] {
  if ('guests' in booking) return []
  if (booking.seatUid !== undefined) return [{ referenceUid: booking.seatUid }]
  return booking.attendees.map(({ seatUid }) => ({ referenceUid: seatUid }))
}
