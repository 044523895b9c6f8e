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

/** The same as a calendar of many entries, piece by piece as they come. */
export async function* calendarPieces(batches: AsyncIterable<readonly CalendarEvent[]>): AsyncGenerator<string> {
  yield HEAD
  for await (const events of batches) yield events.map(eventText).join('')
  yield TAIL
}

const HEAD = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Sundial//Sundial//EN\r\n'
const TAIL = 'END:VCALENDAR\r\n'

function calendar(body: string): string {
  return HEAD + body + TAIL
}

function eventText(event: CalendarEvent): string {
  const { organizer, attendees = [], description = '', location = '', url } = event
  const lines = [
    ...['BEGIN:VEVENT\r\n', property('UID', escaped(event.uid)), property('SEQUENCE', String(event.sequence))],
    property('DTSTAMP', utc(event.stamp)),
    property('DTSTART', utc(event.start)),
    property('DTEND', utc(event.end)),
    property('SUMMARY', escaped(oneLine(event.summary))),
    event.isPrivate && property('CLASS', 'PRIVATE'),
    property('TRANSP', event.transparent ? 'TRANSPARENT' : 'OPAQUE'),
    oneLine(location) && property('LOCATION', escaped(oneLine(location))),
    plainText(description) && property('DESCRIPTION', escaped(plainText(description))),
    organizer && property(`ORGANIZER;CN=${parameter(organizer.name)}`, mailto(organizer.email)),
    ...attendees.map(attendeeText),
    url && property('URL', address(url)),
    property('STATUS', event.status),
    'END:VEVENT\r\n',
  ]
  return lines.filter(Boolean).join('')
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
  const lines: string[] = []
  let from = 0
  let octets = 0
  for (let at = 0; at < whole.length; ) {
    const code = whole.codePointAt(at) as number
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    if (octets + size > LONGEST_LINE) {
      lines.push(whole.slice(from, at))
      from = at
      // The space that a further line begins with.
      octets = 1
    }
    octets += size
    at += code < 0x10000 ? 1 : 2
  }
  return `${[...lines, whole.slice(from)].join('\r\n ')}\r\n`
}

const LONGEST_LINE = 75

function utc(instant: Temporal.Instant): string {
  return utcOfMs(instant.epochMilliseconds)
}

function utcOfMs(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')
}

/** A TEXT (RFC 5545 §3.3.11). */
function escaped(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replaceAll('\n', '\\n')
}

/** RFC 6868 could keep a quote in a parameter, but common readers show its `^'` as it is. */
function parameter(text: string): string {
  const plain = oneLine(text).replaceAll('"', "'").replaceAll('^', ' ')
  return /[:;,]/.test(plain) ? `"${plain}"` : plain
}

function mailto(email: string): string {
  return `mailto:${address(email).replace(/[,;:]/g, '')}`
}

/** What could end a line or a value has no place in an address. */
function address(text: string): string {
  return text.replace(/[\s\p{Cc}"<>]/gu, '')
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
}

/** Several lines; other control characters are not allowed in a text. */
function plainText(lines: string): string {
  return lines
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .trim()
}
