import type { Temporal } from 'temporal-polyfill'
import { hashToken } from '#platform/crypto.ts'
import type { CalendarEvent } from '#platform/icalendar.ts'
import { type Answer, answerLine, answerLines, introduction } from '../answers/types.ts'
import { shownCompanions } from '../seats/party/rules.ts'
import type { ShownCompanion } from '../seats/party/types.ts'
import type { Attendee, Booking, BookingLocation, EntryTerms } from '../types.ts'

/** What of a booking an entry is made of. */
export type EntrySource = Pick<
  Booking,
  'uid' | 'status' | 'title' | 'start' | 'end' | 'sequence' | 'location' | 'notes' | 'seats'
> & {
  host: Pick<Booking['host'], 'name' | 'email'>
  coHosts: readonly unknown[]
  /** Null when it was deleted since. */
  eventType: EntryTerms | null
  attendees: readonly Pick<Attendee, 'kind' | 'name' | 'answers' | 'companions'>[]
}

/** For whom an entry is written. */
export type EntryReader = 'host' | 'booker' | 'guest'

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
  /** What a private entry is called, in the language of who gets it. */
  neutral: string
  /** The mail address that stands for the host's; null: their own. */
  mailbox: string | null
}

const STATUS = { accepted: 'CONFIRMED', pending: 'TENTATIVE', rejected: 'CANCELLED', cancelled: 'CANCELLED' } as const

/**
 * A booking as an entry of a calendar, asking nobody: who is in it is told by its name alone. The UID is the same in every entry of
 * the booking, so that an invitation, a file and a feed are one.
 */
export function entryOf(booking: EntrySource, options: EntryOptions): CalendarEvent {
  const { url, stamp, description, link, place, mailbox } = options
  const { sequence, start, end, host, eventType } = booking
  return {
    isPrivate: eventType?.privateEntry ?? false,
    ...{ uid: calendarUid(booking, url), sequence, stamp, start, end, status: STATUS[booking.status] },
    ...{ summary: titleFor(booking, options.neutral), description, location: place, url: link },
    organizer: { name: host.name, email: mailbox ?? host.email },
  }
}

/**
 * One booking is one UID for ever: a later message with a higher SEQUENCE replaces what calendars have (RFC 5546 §2.1.4). It leads to
 * no booking: guests and whoever looks into a calendar read it too, and the booking's own uid is the key to it.
 */
export function calendarUid({ uid }: Pick<Booking, 'uid'>, url: URL): string {
  return `${hashToken(uid).toString('base64url').slice(0, 24)}@${url.host}`
}

/** Its title in a calendar: of a private entry one that says nothing. */
export function titleFor(booking: EntrySource, neutral: string): string {
  return booking.eventType?.privateEntry ? neutral : summaryOf(booking)
}

/** Where answers of this reader go, and whom their calendar knows as organizer. @param instance address that mails come from */
export function mailboxFor({ eventType }: Pick<EntrySource, 'eventType'>, reader: EntryReader, instance: string) {
  return reader !== 'host' && eventType?.hideHostEmail ? instance : null
}

/** How the entry is called, for both sides and in every language alike. Who shares a booking is not named to the others. */
export function summaryOf(booking: EntrySource): string {
  // The title of a group link is the names of its hosts.
  // Who was forgotten has no name.
  const booker = bookerOf(booking).name && ` & ${bookerOf(booking).name}`
  if (booking.coHosts.length > 0) return booking.title + booker
  if (booking.seats) return `${booking.title}: ${booking.host.name}`
  return `${booking.title}: ${booking.host.name}${booker}`
}

/** A place as calendars show it, where no other words are given. Phone numbers are of the two who talk, not of guests. */
export function placeOf(location: BookingLocation | null): string {
  if (!location) return ''
  if (location.kind === 'in_person') return location.address
  if (location.kind === 'attendee_address' || location.kind === 'attendee_text') return location.place
  return location.kind === 'link' ? location.url : location.phone
}

/** Who comes along, what was answered and noted, as far as the reader may know it, in parts that an empty line divides. */
export function descriptionOf(
  booking: Pick<EntrySource, 'attendees' | 'notes' | 'eventType'>,
  { reader, locale, yes, no }: { reader: EntryReader; locale: string; yes: string; no: string },
): string {
  if (booking.eventType?.hideNotes) return ''
  const answers = answersFor(booking, reader).map((answer) => {
    const lines = answerLines(answer, locale, { yes, no })
    return introduction(answer.label) + (lines.length > 1 ? '\n' : ' ') + lines.join('\n')
  })
  const others = companionsFor(booking, reader).map(({ name, answers: own }) =>
    [name, ...own.map((answer) => answerLine(answer, locale, { yes, no }))].join('\n'),
  )
  return [partiesFor(booking, reader).join('\n'), answers.join('\n'), ...others, booking.notes]
    .filter(Boolean)
    .join('\n\n')
}

/** What the booker answered: the host reads all of it, the booker what they were asked, guests nothing. */
export function answersFor(booking: Pick<EntrySource, 'attendees'>, reader: EntryReader): Answer[] {
  if (reader === 'guest') return []
  return bookerOf(booking).answers.filter(({ hidden }) => reader === 'host' || !hidden)
}

/** Those who come along with the booker and for whom something was answered, as far as the reader may know it. */
export function companionsFor(booking: Pick<EntrySource, 'attendees'>, reader: EntryReader): ShownCompanion[] {
  if (reader === 'guest') return []
  return shownCompanions(bookerOf(booking).companions, reader === 'host').filter(({ answers }) => answers.length > 0)
}

/** The names of each party that has several, for both who arranged it. */
function partiesFor({ attendees }: Pick<EntrySource, 'attendees'>, reader: EntryReader): string[] {
  if (reader === 'guest') return []
  const several = attendees.filter(({ companions }) => companions.length > 0)
  return several.map(({ name, companions }) => [name, ...companions.map((one) => one.name)].join(', '))
}

/** The one who booked. */
export function bookerOf<A extends Pick<Attendee, 'kind'>>({ attendees }: { attendees: readonly A[] }): A {
  const booker = attendees.find(({ kind }) => kind === 'booker')
  if (!booker) throw new Error('a booking without a booker')
  return booker
}
