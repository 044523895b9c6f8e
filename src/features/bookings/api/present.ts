import type { Temporal } from 'temporal-polyfill'
import { isoInstant } from '#platform/http/api/fields.ts'
import type { Answer } from '../answers/types.ts'
import { calendarUid, placeOf } from '../entries/types.ts'
import type { Party } from '../rules.ts'
import { shownCompanions } from '../seats/party/rules.ts'
import type { Attendee, Booking, BookingHost } from '../types.ts'
import type { WireAttendee, WireBooking } from './schema.ts'

/** What only this face tells of a booking. */
export interface Facts {
  updatedAt: Temporal.Instant
  hostAbsent: boolean
  /** Ids of attendees. */
  absent: readonly number[]
  seriesUid: string | null
  /** Stars, the mean of all. */
  rating: number | null
  /** Null: it was never moved. */
  movedBy: Party | null
}

interface Reader {
  reader: Party
  /** Public address of this instance. */
  url: URL
}

/** Whoever holds a uid sees what the page of the booking shows them; hosts see everything. */
export function presentedBooking(booking: Booking, facts: Facts, { reader, url }: Reader): WireBooking {
  const { start, end, location, eventType, status, reason, cancelledBy, attendees, left } = booking
  const toHost = reader === 'host'
  const everyone = attendees.length > 0 ? attendees : left
  const booker = everyone.find(({ kind }) => kind === 'booker')
  const emailOf = (party: Party | null) =>
    party === 'host' ? (toHost ? booking.host.email : undefined) : (party && booker?.email) || undefined
  const stands = status === 'accepted' || status === 'pending'
  const common = {
    ...{ id: booking.id, uid: booking.uid, title: booking.title, description: booking.notes, status },
    hosts: [booking.host, ...booking.coHosts].map((host) => presentedHost(host, toHost)),
    cancellationReason: stands ? undefined : reason || undefined,
    cancelledByEmail: emailOf(cancelledBy),
    reschedulingReason: stands && facts.movedBy ? reason || undefined : undefined,
    rescheduledByEmail: emailOf(facts.movedBy),
    ...{ start: isoInstant(start), end: isoInstant(end) },
    duration: Math.round((end.epochMilliseconds - start.epochMilliseconds) / 60_000),
    eventTypeId: eventType?.id ?? null,
    eventType: eventType && { id: eventType.id, slug: eventType.slug },
    meetingUrl: location?.kind === 'link' ? location.url : undefined,
    location: placeOf(location),
    absentHost: toHost && facts.hostAbsent,
    ...{ createdAt: isoInstant(booking.createdAt), updatedAt: isoInstant(facts.updatedAt) },
    metadata: toHost && !booking.seats ? (booker?.metadata ?? {}) : {},
    rating: toHost || !booking.seats ? (facts.rating ?? undefined) : undefined,
    icsUid: calendarUid(booking, url),
  }
  const people = attendees.map((attendee) => presentedAttendee(attendee, booking, facts, reader))
  if (booking.seats) {
    return {
      ...common,
      attendees: attendees.map((attendee, i) => ({
        ...(people[i] as (typeof people)[0]),
        seatUid: attendee.seat?.uid ?? '',
        companions: shownCompanions(attendee.companions, toHost).map((one) => ({
          name: one.name,
          bookingFieldsResponses: valuesOf(one.answers),
        })),
        bookingFieldsResponses: responsesOf(attendee, attendee.seat?.notes ?? '', toHost),
        metadata: toHost ? attendee.metadata : {},
      })),
    }
  }
  const single = {
    ...common,
    attendees: people,
    guests: attendees.filter(({ kind }) => kind === 'guest').map(({ email }) => email),
    bookingFieldsResponses: booker ? responsesOf(booker, booking.notes, toHost) : {},
  }
  return facts.seriesUid === null ? single : { ...single, recurringBookingUid: facts.seriesUid }
}

function presentedHost({ id, name, email, username, timeZone }: BookingHost, toHost: boolean) {
  const shown = toHost ? email : ''
  return { id, name, email: shown, displayEmail: shown, username, timeZone }
}

function presentedAttendee(
  { id, kind, name, email, timeZone, locale }: Attendee,
  { location }: Pick<Booking, 'location'>,
  { absent }: Pick<Facts, 'absent'>,
  reader: Party,
): Omit<WireAttendee, 'id' | 'bookingId'> {
  return {
    ...{ name, email, displayEmail: email, timeZone, language: locale },
    absent: reader === 'host' && absent.includes(id),
    phoneNumber: kind === 'booker' && location?.kind === 'attendee_phone' ? location.phone : undefined,
  }
}

/** For hosts. */
export function presentedAttendees(
  { id: bookingId, attendees, location }: Booking,
  absent: readonly number[],
): WireAttendee[] {
  return attendees.map((attendee) => ({
    ...{ id: attendee.id, bookingId },
    ...presentedAttendee(attendee, { location }, { absent }, 'host'),
  }))
}

function valuesOf(answers: readonly Answer[]): Record<string, Answer['value']> {
  return Object.fromEntries(answers.map(({ key, value }) => [key, value]))
}

/** What only links answer is the host's to know. */
function responsesOf(
  { name, email, answers }: Pick<Attendee, 'name' | 'email' | 'answers'>,
  notes: string,
  all: boolean,
) {
  return {
    ...{ name, email },
    ...(notes !== '' && { notes }),
    ...valuesOf(answers.filter(({ hidden }) => all || !hidden)),
  }
}
