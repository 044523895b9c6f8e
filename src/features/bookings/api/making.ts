import type { Temporal } from 'temporal-polyfill'
import type { Ctx } from '#platform/ctx.ts'
import { AppError, type FieldProblem, invalidInput, isAppError } from '#platform/errors.ts'
import { isoInstant } from '#platform/http/api/fields.ts'
import { inWireNames } from '#platform/http/api/refusal.ts'
import { negotiateLocale } from '#platform/i18n/locale.ts'
import { parseInput } from '#platform/input.ts'
import { findOffer, type OfferKey } from '../../availability/queries.ts'
import type { Offer } from '../../availability/types.ts'
import type { EventType, Location } from '../../event-types/types.ts'
import { createBooking } from '../creation/commands.ts'
import { bookingError } from '../errors.ts'
import { bookOnBehalf } from '../on-behalf/commands.ts'
import { createBookingSchema } from '../schema.ts'
import { occurrencesFrom } from '../series/queries.ts'
import { orSendMailCode } from '../verification/commands.ts'
import type { NewBooking } from './requests.ts'

/** Where the command names something otherwise than the wire does. */
const NAMES: Readonly<Record<string, string>> = {
  ...{ name: 'attendee.name', email: 'attendee.email', timeZone: 'attendee.timeZone', phone: 'attendee.phoneNumber' },
  ...{ duration: 'lengthInMinutes', answers: 'bookingFieldsResponses', notes: 'bookingFieldsResponses.notes' },
  ...{ code: 'emailVerificationCode', reason: 'onBehalf.reason' },
}

/** Codes that whoever books may be refused with. */
export const REFUSED = [
  ...['slot_taken', 'slot_not_offered', 'event_type_not_found', 'duration_not_offered', 'rate_limited'],
  ...[
    'location_not_offered',
    'phone_required',
    'place_required',
    'guests_not_offered',
    'not_recurring',
    'occurrence_taken',
  ],
  ...[
    'not_enough_seats',
    'party_too_large',
    'booker_limit_reached',
    'email_not_admitted',
    'mail_code_required',
    'mail_code_wrong',
  ],
  ...['mail_codes_unavailable', 'guest_guarded'],
  ...['booking_refused', 'outside_offer', 'reason_required'],
]

/** Of the host who books for somebody: what the command has no place for. */
const NOT_ON_BEHALF = ['guests', 'emailVerificationCode', 'reservationUid'] as const

/**
 * Books what a body asks for.
 * @param starts of a series, if somebody says which they take to be in it
 * @returns the uid of the booking, or of the seat in it
 * @throws what the commands throw
 */
export async function makeBooking(
  ctx: Ctx,
  body: NewBooking,
  starts: readonly Temporal.Instant[] = [],
): Promise<string> {
  const found = await findOffer(ctx.db, offerKeyOf(body), ctx.clock.now())
  if (!found) throw bookingError('event_type_not_found')
  const { offer, key } = found
  const { notes, answers } = formOf(body)
  if (body.onBehalf) return bookFor(ctx, offer, body, notes, answers)
  const { attendee, reservationUid } = body
  const wanted = {
    ...commonOf(body, notes),
    ...(body.lengthInMinutes !== undefined && { duration: body.lengthInMinutes }),
    ...(body.guests && { guests: body.guests }),
    ...(body.emailVerificationCode !== undefined && { code: body.emailVerificationCode }),
    ...placeOf(offer.eventType, body),
    ...partyOf(body),
    answers,
    occurrences: occurrencesOf(offer, body, starts).map(isoInstant),
  }
  const names = { ...NAMES, ...placeNames(body), ...partyNames(body) }
  const made = await told(async () => {
    const booking = parseInput(createBookingSchema, wanted)
    const locale = negotiateLocale(attendee.language)
    const holdToken = reservationUid === undefined ? {} : { holdToken: reservationUid }
    return orSendMailCode(ctx, { offer: key, email: booking.email, locale }, () =>
      createBooking(ctx, { offer: key, booking, locale, ...holdToken }),
    )
  }, names)
  return made.uid
}

/** @throws event_type_not_found for teams, which there are none of; invalid_input when nothing is named */
function offerKeyOf(body: NewBooking): OfferKey {
  const { eventTypeId, eventTypeSlug, username, usernames, lengthInMinutes, teamSlug, organizationSlug } = body
  if (teamSlug !== undefined || organizationSlug !== undefined) throw bookingError('event_type_not_found')
  if (eventTypeId !== undefined) return { eventTypeId }
  if (usernames !== undefined) {
    if (lengthInMinutes === undefined) throw missing('lengthInMinutes')
    return { group: usernames.map((name) => name.toLowerCase()), minutes: lengthInMinutes }
  }
  if (eventTypeSlug === undefined) throw missing(username === undefined ? 'eventTypeId' : 'eventTypeSlug')
  if (username === undefined) throw missing('username')
  return { username: username.toLowerCase(), slug: eventTypeSlug }
}

const missing = (path: string) => invalidInput([problem(path, 'field_required')])

export function problem(path: string, code: string, values?: FieldProblem['values']): FieldProblem {
  return { path, code, message: code, values }
}

/** What stands among the answers and is a field of every form goes where forms put it. */
function formOf({ bookingFieldsResponses = {} }: NewBooking): { notes: string; answers: Record<string, unknown> } {
  const { notes = '', ...answers } = bookingFieldsResponses
  if (typeof notes !== 'string') throw invalidInput([problem('bookingFieldsResponses.notes', 'field_invalid')])
  return { notes, answers }
}

function commonOf({ start, attendee, metadata = {} }: NewBooking, notes: string) {
  const { name, email = '', timeZone, phoneNumber } = attendee
  return {
    ...{ start: start.toString(), name, email, timeZone, notes, metadata },
    ...(phoneNumber !== undefined && { phone: phoneNumber }),
  }
}

/** Each who is named takes a seat. */
function partyOf({ companions }: NewBooking) {
  if (companions === undefined) return {}
  const named = companions.map(({ name, bookingFieldsResponses = {} }) => ({ name, answers: bookingFieldsResponses }))
  return { quantity: named.length + 1, companions: named }
}

function partyNames({ companions = [] }: NewBooking): Record<string, string> {
  return Object.fromEntries(
    companions.map((_, i) => [`companions.${i}.answers`, `companions.${i}.bookingFieldsResponses`]),
  )
}

const KINDS = {
  ...{ address: 'in_person', link: 'link', phone: 'host_phone' },
  ...{ attendeePhone: 'attendee_phone', attendeeAddress: 'attendee_address', attendeeDefined: 'attendee_text' },
} as const satisfies Record<string, Location['kind']>

/** @throws location_not_offered */
function placeOf(
  { locations }: EventType,
  { location }: NewBooking,
): { location?: number; phone?: string; place?: string } {
  if (location === undefined) return {}
  const index = locations.findIndex(({ kind }) => kind === KINDS[location.type])
  if (index < 0) throw bookingError('location_not_offered')
  switch (location.type) {
    case 'attendeePhone':
      return { location: index, phone: location.phone }
    case 'attendeeAddress':
      return { location: index, place: location.address }
    case 'attendeeDefined':
      return { location: index, place: location.location }
    default:
      return { location: index }
  }
}

/** Where what is left to the booker stands. */
function placeNames({ location }: NewBooking): Record<string, string> {
  return {
    ...(location?.type === 'attendeePhone' && { phone: 'location.phone' }),
    ...(location?.type === 'attendeeAddress' && { place: 'location.address' }),
    ...(location?.type === 'attendeeDefined' && { place: 'location.location' }),
  }
}

/**
 * Of an event type that repeats, as many as it may have unless fewer are asked for; of others none.
 * @throws not_recurring, invalid_input
 */
function occurrencesOf(
  offer: Offer,
  { start, recurrenceCount }: NewBooking,
  starts: readonly Temporal.Instant[],
): number[] {
  const { recurrence } = offer.eventType
  if (recurrence === null) {
    if (recurrenceCount !== undefined && recurrenceCount > 1) throw bookingError('not_recurring')
    return []
  }
  const possible = occurrencesFrom(offer, start.epochMilliseconds)
  const count = recurrenceCount ?? possible.length
  if (count > possible.length)
    throw invalidInput([problem('recurrenceCount', 'field_too_large', { max: possible.length })])
  const wrong = starts.findIndex(({ epochMilliseconds }, i) => epochMilliseconds !== possible[i])
  if (wrong >= 0) throw invalidInput([problem(`${wrong}.start`, 'not_an_occurrence')])
  return possible.slice(0, count)
}

/** @throws api_key_required without a key, field_unknown for what is not for this */
async function bookFor(
  ctx: Ctx,
  offer: Offer,
  body: NewBooking,
  notes: string,
  answers: Record<string, unknown>,
): Promise<string> {
  if (ctx.actor.kind !== 'user') throw new AppError('api_key_required', 'unauthenticated')
  const { attendee, onBehalf: { anyway, reason, mails = true } = {}, lengthInMinutes, recurrenceCount = 1 } = body
  const extra = NOT_ON_BEHALF.find((name) => body[name] !== undefined)
  if (extra !== undefined) throw invalidInput([problem(extra, 'field_unknown')])
  const { location = 0, ...said } = placeOf(offer.eventType, body)
  // The first place is taken; the host can choose another one afterwards.
  if (location !== 0) throw bookingError('location_not_offered')
  const names = { ...NAMES, ...placeNames(body), ...partyNames(body) }
  const wanted = () =>
    bookOnBehalf(ctx, {
      ...commonOf(body, notes),
      ...said,
      ...partyOf(body),
      answers,
      ...{ eventTypeId: offer.eventType.id, duration: lengthInMinutes ?? offer.eventType.durations[0] },
      ...{ dates: recurrenceCount, locale: negotiateLocale(attendee.language), mails },
      ...(anyway !== undefined && { anyway }),
      ...(reason !== undefined && { reason }),
    })
  return (await told(wanted, names)).uid
}

/** Refusals in the words of the wire. A question that is not asked is a field that is not known. */
export async function told<T>(work: () => Promise<T>, names = NAMES): Promise<T> {
  return inWireNames(names, renamed(work))
}

async function renamed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isAppError(error) || error.code !== 'questions_changed') throw error
    throw invalidInput(error.details.fields as FieldProblem[])
  }
}
