import type { Temporal } from 'temporal-polyfill'

/** An entry of a calendar. Texts may be anything: what has no place in a calendar is taken out, the rest is escaped. */
export interface CalendarEvent {
  /** The same for ever: a later version with a higher `sequence` replaces what calendars have (RFC 5546 §2.1.4). */
  uid: string
  sequence: number
  /** When this version was written, DTSTAMP. */
  stamp: Temporal.Instant
  start: Temporal.Instant
  end: Temporal.Instant
  status: 'CONFIRMED' | 'TENTATIVE' | 'CANCELLED'
  summary: string
  /** Lines are kept. */
  description?: string
  location?: string
  url?: string | null
  organizer?: CalendarPerson
  attendees?: readonly CalendarAttendee[]
  /** Free all the same. */
  transparent?: boolean
  /** For its owner alone, where a calendar is shared (RFC 5545 §3.8.1.3). */
  isPrivate?: boolean
}

export interface CalendarPerson {
  name: string
  email: string
}

export interface CalendarAttendee extends CalendarPerson {
  role: 'CHAIR' | 'REQ-PARTICIPANT'
  answer: 'ACCEPTED' | 'NEEDS-ACTION'
  /** They are to answer. */
  asked: boolean
}

export interface CalendarFile {
  /** RFC 5546; left out for what is no message, such as a feed. */
  method?: 'PUBLISH' | 'REQUEST' | 'CANCEL'
  /** How calendars call it that subscribe to it. */
  name?: string
  /** How often these should look for news. */
  refreshMinutes?: number
  events: readonly CalendarEvent[]
}

export interface FreeBusyTimes {
  uid: string
  stamp: Temporal.Instant
  /** The time that is told of, epoch ms as in the times. */
  from: number
  until: number
  /** In order. */
  busy: readonly { start: number; end: number; kind: 'BUSY' | 'BUSY-TENTATIVE' | 'BUSY-UNAVAILABLE' }[]
}

/**
 * An iCalendar object (RFC 5545). Times are in UTC: a booking is a pair of instants, so no zone rule can move it, and no reader
 * depends on how well we or they describe a zone (a TZID without a good VTIMEZONE reads as floating).
 */
export function calendarText({ method, name, refreshMinutes, events }: CalendarFile): string {
  const head = [
    method && property('METHOD', method),
    name && property('NAME', escaped(name)) + property('X-WR-CALNAME', escaped(name)),
    refreshMinutes &&
      property('REFRESH-INTERVAL;VALUE=DURATION', `PT${refreshMinutes}M`) +
        property('X-PUBLISHED-TTL', `PT${refreshMinutes}M`),
  ]
  return calendar(head.filter(Boolean).join('') + events.map(eventText).join(''))
}

/** When somebody is busy, and nothing more (RFC 5545 §3.6.4). */
export function freeBusyText({ uid, stamp, from, until, busy }: FreeBusyTimes): string {
  const lines = [
    ...['BEGIN:VFREEBUSY\r\n', property('UID', escaped(uid)), property('DTSTAMP', utc(stamp))],
    ...[property('DTSTART', utcOfMs(from)), property('DTEND', utcOfMs(until))],
    ...busy.map((time) => property(`FREEBUSY;FBTYPE=${time.kind}`, `${utcOfMs(time.start)}/${utcOfMs(time.end)}`)),
    'END:VFREEBUSY\r\n',
  ]
  return calendar(lines.join(''))
}

/** What a calendar of many entries begins and ends with that is written piece by piece. */
export const CALENDAR_HEAD = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Sundial//Sundial//EN\r\n'
export const CALENDAR_TAIL = 'END:VCALENDAR\r\n'

function calendar(body: string): string {
  return CALENDAR_HEAD + body + CALENDAR_TAIL
}

/** One entry, as it stands between the head and the tail. */
export function eventText(event: CalendarEvent): string {
  const { organizer, attendees = [], url } = event
  const location = oneLine(event.location ?? '')
  const description = plainText(event.description ?? '')
  return (
    'BEGIN:VEVENT\r\n' +
    property('UID', escaped(event.uid)) +
    property('SEQUENCE', String(event.sequence)) +
    property('DTSTAMP', utc(event.stamp)) +
    property('DTSTART', utc(event.start)) +
    property('DTEND', utc(event.end)) +
    property('SUMMARY', escaped(oneLine(event.summary))) +
    (event.isPrivate ? property('CLASS', 'PRIVATE') : '') +
    property('TRANSP', event.transparent ? 'TRANSPARENT' : 'OPAQUE') +
    (location && property('LOCATION', escaped(location))) +
    (description && property('DESCRIPTION', escaped(description))) +
    (organizer ? property(`ORGANIZER;CN=${parameter(organizer.name)}`, mailto(organizer.email)) : '') +
    attendees.map(attendeeText).join('') +
    (url ? property('URL', address(url)) : '') +
    property('STATUS', event.status) +
    'END:VEVENT\r\n'
  )
}

function attendeeText({ name, email, role, answer, asked }: CalendarAttendee): string {
  const parameters = [
    ...['ATTENDEE', 'CUTYPE=INDIVIDUAL', `ROLE=${role}`, `PARTSTAT=${answer}`],
    ...[`RSVP=${asked ? 'TRUE' : 'FALSE'}`, `CN=${parameter(name)}`],
  ]
  return property(parameters.join(';'), mailto(email))
}

/** Name, parameters and value of one property as lines of at most 75 octets (RFC 5545 §3.1), no character broken in two. */
function property(name: string, value: string): string {
  const whole = `${name}:${value}`
  // In UTF-8 no UTF-16 unit takes more than three octets.
  if (whole.length * 3 <= LONGEST_LINE) return `${whole}\r\n`
  let folded = ''
  let from = 0
  let octets = 0
  for (let at = 0; at < whole.length; ) {
    const code = whole.codePointAt(at) as number
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    if (octets + size > LONGEST_LINE) {
      folded += `${whole.slice(from, at)}\r\n `
      from = at
      // The space that a further line begins with.
      octets = 1
    }
    octets += size
    at += code < 0x10000 ? 1 : 2
  }
  return `${folded}${whole.slice(from)}\r\n`
}

const LONGEST_LINE = 75

function utc(instant: Temporal.Instant): string {
  return utcOfMs(instant.epochMilliseconds)
}

// Patterns are made once: a file has millions of properties, and one within the function is an object more for each.
const NOT_BASIC = /[-:]|\.\d+/g
const SPECIAL = /[\\;,]/g
const NEEDS_QUOTES = /[:;,]/
const SEPARATORS = /[,;:]/g
const NOT_IN_ADDRESS = /[\s\p{Cc}"<>]/gu
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu
const LINE_ENDS = /\r\n?|[\u2028\u2029]/g
const CONTROLS_IN_LINES = /(?!\n)\p{Cc}/gu

/** The basic format of ISO 8601. */
function utcOfMs(at: number): string {
  return new Date(at).toISOString().replace(NOT_BASIC, '')
}

/** A TEXT (RFC 5545 §3.3.11). */
function escaped(text: string): string {
  return text.replace(SPECIAL, '\\$&').replaceAll('\n', '\\n')
}

/** RFC 6868 could keep a quote in a parameter, but common readers show its `^'` as it is. */
function parameter(text: string): string {
  const plain = oneLine(text).replaceAll('"', "'").replaceAll('^', ' ')
  return NEEDS_QUOTES.test(plain) ? `"${plain}"` : plain
}

function mailto(email: string): string {
  return `mailto:${address(email).replace(SEPARATORS, '')}`
}

/** What could end a line or a value has no place in an address. */
function address(text: string): string {
  return text.replace(NOT_IN_ADDRESS, '')
}

function oneLine(text: string): string {
  return text.replace(CONTROLS, ' ').trim()
}

/** Several lines; other control characters are not allowed in a text. */
function plainText(lines: string): string {
  return lines.replace(LINE_ENDS, '\n').replace(CONTROLS_IN_LINES, ' ').trim()
}
