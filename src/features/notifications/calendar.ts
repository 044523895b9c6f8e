import { type CalendarAttendee, type CalendarEvent, calendarText } from '#platform/icalendar.ts'
import { type EntryOptions, entryOf } from '../bookings/entries/types.ts'
import type { Booking } from '../bookings/types.ts'
import type { CalendarMessage } from './rules.ts'

/**
 * The iCalendar object of a mail (RFC 5545, 5546, 6047). SCHEDULE-AGENT is left out, as RFC 6638 §7.1 wants of messages.
 */
export function calendarObject(
  booking: Booking,
  message: Exclude<CalendarMessage, { method: 'PUBLISH' }>,
  options: EntryOptions,
): string {
  const tentative = message.method === 'REQUEST' && message.status === 'TENTATIVE'
  const status: CalendarEvent['status'] = message.method === 'CANCEL' ? 'CANCELLED' : message.status
  const entry = { ...entryOf(booking, options), status, attendees: attendeesOf(booking, tentative, options) }
  return calendarText({ method: message.method, events: [entry] })
}

/**
 * A file to add bookings to one's own calendar with; where they lead to differs. It is PUBLISHed rather than requested: it asks
 * nobody to answer, and such an object must not list attendees (RFC 5546 §3.2.1).
 */
export function icsFor(entries: readonly { booking: Booking; options: EntryOptions }[]): string {
  return calendarText({ method: 'PUBLISH', events: entries.map(({ booking, options }) => entryOf(booking, options)) })
}

/** Who booked has agreed by booking, a host by accepting; guests have not been asked yet. */
function attendeesOf(
  { host, coHosts, attendees }: Booking,
  tentative: boolean,
  { mailbox }: EntryOptions,
): CalendarAttendee[] {
  const answer = tentative ? 'NEEDS-ACTION' : 'ACCEPTED'
  // One address stands for all of them, and nobody is in an entry twice.
  const shown = mailbox === null ? [host, ...coHosts] : [{ name: host.name, email: mailbox }]
  const hosts = shown.map(
    ({ name, email }, index): CalendarAttendee => ({
      ...{ name, email, answer, asked: false },
      role: index === 0 ? 'CHAIR' : 'REQ-PARTICIPANT',
    }),
  )
  const others = attendees.map(
    ({ name, email, kind }): CalendarAttendee => ({
      ...{ name, email, role: 'REQ-PARTICIPANT', asked: kind === 'guest' },
      answer: kind === 'booker' ? 'ACCEPTED' : 'NEEDS-ACTION',
    }),
  )
  return [...hosts, ...others]
}
