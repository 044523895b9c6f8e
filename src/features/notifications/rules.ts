import { isLocale } from '#platform/i18n/locale.ts'
import type { Attendee, Booking } from '../bookings/types.ts'
import type { Change, Recipient, Topic } from './types.ts'

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
] as const satisfies Topic[]

export function isTopic(name: string): name is Topic {
  return TOPICS.some((topic) => topic === name)
}

/** After these, calendars have the booking. */
const PUTS_INTO_CALENDARS: ReadonlySet<Topic> = new Set(['booking.created', 'booking.confirmed', 'booking.rescheduled'])
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

export type CalendarMessage = { method: 'REQUEST'; status: 'CONFIRMED' | 'TENTATIVE' } | { method: 'CANCEL' }

/**
 * What a mail says to the calendar of who reads it (RFC 5546).
 * A request for a time says nothing: it may never come to be, and calendars are bad at taking back. But a booking that is in
 * calendars already and is to be moved there must not stay at its old time: it becomes tentative at the new one.
 */
export function calendarMessage({ topic, inCalendars }: Pick<Change, 'topic' | 'inCalendars'>): CalendarMessage | null {
  if (PUTS_INTO_CALENDARS.has(topic)) return { method: 'REQUEST', status: 'CONFIRMED' }
  if (!inCalendars) return null
  return TAKES_OUT.has(topic) ? { method: 'CANCEL' } : { method: 'REQUEST', status: 'TENTATIVE' }
}

/**
 * Who is told of a change: host and booker of every one; guests only of what concerns their calendar, so that nobody is
 * bothered with a request that may come to nothing. One mail per address, whoever else has it.
 */
export function recipientsOf(booking: Booking, change: Pick<Change, 'topic' | 'inCalendars'>): Recipient[] {
  const withGuests = calendarMessage(change) !== null
  const attendees = booking.attendees.filter(({ kind }) => kind === 'booker' || withGuests)
  const seen = new Set<string>()
  const told = attendees.filter(({ email }) => {
    const address = email.toLowerCase()
    const isFirst = !seen.has(address)
    seen.add(address)
    return isFirst
  })
  return [hostOf(booking), ...told.map(recipientOf)]
}

/** The one a delivery is for, as the booking is now. */
export function recipientAt(booking: Booking, target: string): Recipient | null {
  const all = [hostOf(booking), ...booking.attendees.map(recipientOf)]
  return all.find((recipient) => recipient.target === target) ?? null
}

function hostOf({ host }: Booking): Recipient {
  const { name, email, timeZone, locale, hourCycle } = host
  return { target: `host:${host.id}`, role: 'host', name, email, timeZone, locale: known(locale), hourCycle }
}

function recipientOf({ id, kind, name, email, timeZone, locale }: Attendee): Recipient {
  return { target: `attendee:${id}`, role: kind, name, email, timeZone, locale: known(locale), hourCycle: undefined }
}

function known(locale: string) {
  return isLocale(locale) ? locale : 'en'
}

/** The one who booked. */
export function bookerOf(booking: Pick<Booking, 'attendees'>): Attendee {
  const booker = booking.attendees.find(({ kind }) => kind === 'booker')
  if (!booker) throw new Error('a booking without a booker')
  return booker
}
