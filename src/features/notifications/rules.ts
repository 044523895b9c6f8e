import { isLocale } from '#platform/i18n/locale.ts'
import { seatOf } from '../bookings/seats/queries.ts'
import type { Attendee, Booking } from '../bookings/types.ts'
import type { Change, Recipient, Role, SeatTopic, Topic } from './types.ts'

/** The topics, in the order a booking usually lives through them. */
export const TOPICS = [
  'booking.requested',
  'booking.created',
  'booking.confirmed',
  'booking.rejected',
  'booking.rescheduled',
  'booking.move_requested',
  'booking.cancelled',
  'booking.another_time_requested',
  'booking.guests_added',
  'booking.location_changed',
  'booking.seat_taken',
  'booking.seat_cancelled',
  'booking.seat_moved',
  'booking.party_reduced',
  'series.created',
] as const satisfies Topic[]

export function isTopic(name: string): name is Topic {
  return TOPICS.some((topic) => topic === name)
}

const SEAT_TOPICS: readonly SeatTopic[] = [
  'booking.seat_taken',
  'booking.seat_cancelled',
  'booking.seat_moved',
  'booking.party_reduced',
]

export function isSeatTopic(topic: Topic): topic is SeatTopic {
  return SEAT_TOPICS.some((one) => one === topic)
}

/** After these, calendars have the booking. */
const PUTS_INTO_CALENDARS: ReadonlySet<Topic> = new Set([
  'booking.created',
  'booking.confirmed',
  'booking.rescheduled',
  'booking.guests_added',
  'booking.location_changed',
  'series.created',
])
/** After these, calendars have it no more. */
const TAKES_OUT: ReadonlySet<Topic> = new Set([
  'booking.rejected',
  'booking.cancelled',
  'booking.another_time_requested',
])

/** Whether invitations that went out have left the booking in calendars, from what happened to it so far, oldest first. */
export function isInCalendars(history: readonly string[]): boolean {
  const last = history.findLast((name) => isTopic(name) && (PUTS_INTO_CALENDARS.has(name) || TAKES_OUT.has(name)))
  return last !== undefined && isTopic(last) && PUTS_INTO_CALENDARS.has(last)
}

export type CalendarMessage =
  | { method: 'REQUEST'; status: 'CONFIRMED' | 'TENTATIVE' }
  | { method: 'CANCEL' }
  /** Several entries: a request may be about one only (RFC 5546 §3.2.2). */
  | { method: 'PUBLISH' }

/**
 * What a mail says to the calendar of who reads it (RFC 5546).
 * A request for a time says nothing: it may never come to be, and calendars are bad at taking back. But a booking that is in
 * calendars already and is to be moved there must not stay at its old time: it becomes tentative at the new one.
 * A seat is an entry of its own for its attendee; in the host's calendar only the list of people changes.
 */
export function calendarMessage(
  { topic, inCalendars }: Pick<Change, 'topic' | 'inCalendars'>,
  role?: Role,
): CalendarMessage | null {
  if (isSeatTopic(topic)) {
    const gone = topic === 'booking.seat_cancelled' && role !== 'host'
    return gone ? { method: 'CANCEL' } : { method: 'REQUEST', status: 'CONFIRMED' }
  }
  if (topic === 'series.created') return { method: 'PUBLISH' }
  if (PUTS_INTO_CALENDARS.has(topic)) return { method: 'REQUEST', status: 'CONFIRMED' }
  if (!inCalendars) return null
  return TAKES_OUT.has(topic) ? { method: 'CANCEL' } : { method: 'REQUEST', status: 'TENTATIVE' }
}

/**
 * Who is told of a change: host and booker of every one; guests only of what concerns their calendar, so that nobody is
 * bothered with a request that may come to nothing. One mail per address, whoever else has it; but each seat has its own.
 */
export function recipientsOf(booking: Booking, change: Pick<Change, 'topic' | 'inCalendars'>): Recipient[] {
  if (booking.seats) {
    // Of the first seat as of every other one its own event tells.
    if (change.topic === 'booking.created') return []
    return [hostOf(booking), ...booking.attendees.filter(({ seat }) => seat !== null).map(recipientOf)]
  }
  const withGuests = calendarMessage(change) !== null
  const attendees = booking.attendees.filter(({ kind }) => kind === 'booker' || withGuests)
  const seen = new Set<string>()
  const told = attendees.filter(({ email }) => {
    const address = email.toLowerCase()
    const isFirst = !seen.has(address)
    seen.add(address)
    return isFirst
  })
  return [...hostsOf(booking), ...told.map(recipientOf)]
}

/** Who is told of one seat: its attendee and the host, nobody else. */
export function recipientsOfSeat(booking: Booking, attendeeId: number): Recipient[] {
  const attendee = seatOf(booking, attendeeId)
  return attendee ? [hostOf(booking, attendeeId), recipientOf(attendee)] : []
}

/** Who was added, as far as they are still there. The others know already. */
export function recipientsAdded({ attendees }: Booking, ids: readonly number[]): Recipient[] {
  return attendees.filter(({ id }) => ids.includes(id)).map(recipientOf)
}

/** What says for the first time that something is booked. */
const CONFIRMATIONS: ReadonlySet<Topic> = new Set([
  'booking.created',
  'booking.confirmed',
  'booking.seat_taken',
  'series.created',
])

/** Those of them who want to hear of it, as far as the event type says. */
export function thoseTold(
  recipients: readonly Recipient[],
  { eventType }: Pick<Booking, 'eventType'>,
  topic: Topic,
): Recipient[] {
  if (!eventType) return [...recipients]
  const { host, attendees } = eventType.mails
  return recipients.filter(({ role }) => {
    const level = role === 'host' ? host : attendees
    return level === 'all' || (level === 'changes' && !CONFIRMATIONS.has(topic))
  })
}

/** The attendee whose seat a delivery is about. */
export function seatIdOf(target: string): number {
  return Number(target.split(/[:/]/).at(-1))
}

/** The account of a recipient who is a host; null for others. */
export function hostIdOf({ role, target }: Pick<Recipient, 'role' | 'target'>): number | null {
  return role === 'host' ? Number(target.split(/[:/]/)[1]) : null
}

/** The one a delivery is for, as the booking is now. */
export function recipientAt(booking: Booking, target: string): Recipient | null {
  const people = [...booking.attendees, ...booking.left].filter(({ email }) => email !== '')
  const all = [...hostsOf(booking), ...people.map(({ id }) => hostOf(booking, id)), ...people.map(recipientOf)]
  return all.find((recipient) => recipient.target === target) ?? null
}

function hostsOf(booking: Booking): Recipient[] {
  return [booking.host, ...booking.coHosts].map((host) => hostOf({ host }))
}

function hostOf({ host }: Pick<Booking, 'host'>, attendeeId?: number): Recipient {
  const { name, email, timeZone, locale, hourCycle } = host
  const target = attendeeId === undefined ? `host:${host.id}` : `host:${host.id}/${attendeeId}`
  return { target, role: 'host', name, email, timeZone, locale: known(locale), hourCycle }
}

function recipientOf({ id, kind, name, email, timeZone, locale }: Attendee): Recipient {
  return { target: `attendee:${id}`, role: kind, name, email, timeZone, locale: known(locale), hourCycle: undefined }
}

function known(locale: string) {
  return isLocale(locale) ? locale : 'en'
}
