import {
  default as createCalendar,
  type ICalAttendeeData,
  ICalAttendeeRole,
  ICalAttendeeStatus,
  ICalAttendeeType,
  type ICalCalendar,
  ICalCalendarMethod,
  ICalEventStatus,
  ICalEventTransparency,
} from 'ical-generator'
import type { Temporal } from 'temporal-polyfill'
import type { Booking, BookingLocation } from '../bookings/types.ts'
import { bookerOf, type CalendarMessage } from './rules.ts'

/** What a calendar entry says beside the booking itself. */
export interface EntryOptions {
  /** Public address of this instance. */
  url: URL
  /** When the entry was written, RFC 5545 DTSTAMP. */
  stamp: Temporal.Instant
  /** Text of the entry, in the language of who gets it. Lines are kept. */
  description: string
  /** Where its owner may look at the booking; null for those who may not change it. */
  link: string | null
  /** Where it takes place, for who gets it. */
  place: string
}

/** One booking is one UID for ever: a later message with a higher SEQUENCE replaces what calendars have (RFC 5546 §2.1.4). */
export function calendarUid(booking: Pick<Booking, 'uid'>, url: URL): string {
  return `${booking.uid}@${url.host}`
}

/**
 * The iCalendar object of a mail (RFC 5545, 5546, 6047). Times are in UTC: a booking is a pair of instants, so no zone rule can
 * move it, and no reader depends on how well we or they describe a zone (a TZID without a good VTIMEZONE reads as floating).
 * SCHEDULE-AGENT is left out, as RFC 6638 §7.1 wants of messages.
 */
export function calendarObject(
  booking: Booking,
  message: Exclude<CalendarMessage, { method: 'PUBLISH' }>,
  options: EntryOptions,
): string {
  const tentative = message.method === 'REQUEST' && message.status === 'TENTATIVE'
  const status = message.method === 'CANCEL' ? 'CANCELLED' : message.status
  return serialize(booking, options, {
    method: ICalCalendarMethod[message.method],
    status: ICalEventStatus[status],
    attendees: attendeesOf(booking, tentative),
  })
}

/**
 * A file to add the booking to one's own calendar with. It is PUBLISHed rather than requested: it asks nobody to answer, and
 * such an object must not list attendees (RFC 5546 §3.2.1). The UID is that of the invitation, so that both are one entry.
 */
export function icsFor(booking: Booking, options: EntryOptions): string {
  const status = booking.status === 'accepted' ? 'CONFIRMED' : booking.status === 'pending' ? 'TENTATIVE' : 'CANCELLED'
  return serialize(booking, options, {
    method: ICalCalendarMethod.PUBLISH,
    status: ICalEventStatus[status],
    attendees: [],
  })
}

/** One file with an entry for each booking; where they lead to differs. */
export function icsForAll(entries: readonly { booking: Booking; options: EntryOptions }[]): string {
  const calendar = newCalendar(ICalCalendarMethod.PUBLISH)
  for (const { booking, options } of entries) {
    addEntry(calendar, booking, options, { status: ICalEventStatus.CONFIRMED, attendees: [] })
  }
  return `${calendar.toString()}\r\n`
}

/** How the entry is called, for both sides and in every language alike. Who shares a booking is not named to the others. */
export function summaryOf(booking: Booking): string {
  // The title of a group link is the names of its hosts.
  if (booking.coHosts.length > 0) return line(`${booking.title} & ${bookerOf(booking).name}`)
  if (booking.seats) return line(`${booking.title}: ${booking.host.name}`)
  return line(`${booking.title}: ${booking.host.name} & ${bookerOf(booking).name}`)
}

/** A place as calendars show it, where no other words are given. Phone numbers are of the two who talk, not of guests. */
export function placeOf(location: BookingLocation | null): string {
  if (!location) return ''
  if (location.kind === 'in_person') return location.address
  return location.kind === 'link' ? location.url : location.phone
}

interface Kind {
  status: ICalEventStatus
  attendees: ICalAttendeeData[]
}

function serialize(
  booking: Booking,
  options: EntryOptions,
  { method, ...kind }: Kind & { method: ICalCalendarMethod },
): string {
  const calendar = newCalendar(method)
  addEntry(calendar, booking, options, kind)
  return `${calendar.toString()}\r\n`
}

function newCalendar(method: ICalCalendarMethod): ICalCalendar {
  return createCalendar({ prodId: { company: 'Sundial', product: 'Sundial' }, method })
}

function addEntry(calendar: ICalCalendar, booking: Booking, options: EntryOptions, { status, attendees }: Kind): void {
  calendar.createEvent({
    id: calendarUid(booking, options.url),
    sequence: booking.sequence,
    stamp: options.stamp.toString(),
    start: booking.start.toString(),
    end: booking.end.toString(),
    summary: summaryOf(booking),
    description: text(options.description) || null,
    location: line(options.place) || null,
    url: options.link,
    status,
    organizer: { name: name(booking.host.name), email: address(booking.host.email) },
    attendees,
    transparency: ICalEventTransparency.OPAQUE,
  })
}

/** Who booked has agreed by booking, a host by accepting; guests have not been asked yet. */
function attendeesOf(booking: Booking, tentative: boolean): ICalAttendeeData[] {
  const { host, coHosts, attendees } = booking
  const others = attendees.map(
    (attendee): ICalAttendeeData => ({
      ...person(attendee),
      role: ICalAttendeeRole.REQ,
      status: attendee.kind === 'booker' ? ICalAttendeeStatus.ACCEPTED : ICalAttendeeStatus.NEEDSACTION,
      rsvp: attendee.kind === 'guest',
    }),
  )
  const status = tentative ? ICalAttendeeStatus.NEEDSACTION : ICalAttendeeStatus.ACCEPTED
  const hosts = coHosts.map((one) => ({ ...person(one), role: ICalAttendeeRole.REQ, status, rsvp: false }))
  return [{ ...person(host), role: ICalAttendeeRole.CHAIR, status, rsvp: false }, ...hosts, ...others]
}

function person(who: { name: string; email: string }) {
  return { name: name(who.name), email: address(who.email), type: ICalAttendeeType.INDIVIDUAL }
}

/** RFC 6868 could keep a quote in a parameter, but common readers show its `^'` as it is. */
function name(text: string): string {
  return line(text).replaceAll('"', "'").replaceAll('^', ' ')
}

/** What could end a line or a parameter has no place in an address. */
function address(text: string): string {
  return text.replace(/[\s\p{Cc}",;:<>]/gu, '')
}

function line(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
}

/** Several lines; other control characters are not allowed in a text (RFC 5545 §3.3.11). */
function text(lines: string): string {
  return lines
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .trim()
}
