import { markColor } from '#ui/contrast.ts'
import {
  cityOf,
  type DateStyle,
  formatDay,
  formatShort,
  formatTime,
  formatTimeRange,
  localDateOf,
  zoneLabel,
} from '#ui/dates.ts'
import type { Answer } from '../../answers/types.ts'
import { shownCompanions } from '../../seats/party/rules.ts'
import type { ShownCompanion } from '../../seats/party/types.ts'
import type { Attendee, Booking, BookingLocation, HostAct } from '../../types.ts'
import type { FactView } from './facts.ts'

/** How a booking stands, for people: its status together with who changed it and whether its time has passed. */
export type Standing =
  | 'confirmed'
  | 'waiting'
  | 'over'
  | 'unanswered'
  | 'rejected'
  | 'cancelledByHost'
  | 'cancelledByAttendee'
  | 'anotherTimeAsked'

export interface PlaceView {
  kind: BookingLocation['kind']
  text: string
  /** A page to meet at, or a number to call. */
  href: string | null
  /** It can be joined with a click. */
  joinable: boolean
}

/** One booking in a list. Texts are written for its host: language, zone and hour cycle. */
export interface ItemView {
  uid: string
  id: number
  sequence: number
  title: string
  color: string | null
  standing: Standing
  /** `YYYY-MM-DD` in the host's zone. */
  date: string
  day: string
  time: string
  /** RFC 3339, for machines. */
  startsAt: string
  who: string
  /** Names of others who host. */
  hosts: string[]
  /** How many come besides the booker. */
  guests: number
  /** Of a series: its place in it. */
  series: { n: number; count: number } | null
  /** How many after it still stand. */
  later: number
  /** How many others of it wait for an answer. */
  waiting: number
  /** Where several share it. */
  seats: { taken: number; count: number } | null
  place: PlaceView | null
  /** It begins within the hour, or has begun. */
  imminent: boolean
  acts: HostAct[]
  /** The page its attendees have; null where each has their own. */
  pageUrl: string | null
  facts: FactView[]
}

/** Bookings that begin on one date, in the order of the list; of any date where the list is in another order: then the texts are empty. */
export interface DayView {
  date: string
  text: string
  near: 'today' | 'tomorrow' | 'yesterday' | null
  items: ItemView[]
}

export interface Reading {
  locale: string
  /** Epoch milliseconds. */
  now: number
  /** Public address of this instance. */
  origin: string
  /** Which of the hosts reads. */
  viewerId: number
  /** Stands for whoever was forgotten. */
  nobody: string
  actsOn: (booking: Booking) => HostAct[]
  /** What rows tell besides; absent: nothing. */
  factsOf?: (booking: Booking) => FactView[]
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Bookings under the dates of their host's calendar, in the order in which they come. */
export function daysOf(bookings: readonly Booking[], reading: Reading): DayView[] {
  const days: DayView[] = []
  for (const booking of bookings) {
    const item = itemOf(booking, reading)
    const last = days.at(-1)
    if (last?.date === item.date) last.items.push(item)
    else {
      const near = nearness(item.date, viewerOf(booking, reading).timeZone, reading.now)
      days.push({ date: item.date, text: item.day, near, items: [item] })
    }
  }
  return days
}

/** The same in an order that is not that of time: no date stands above. */
export function undatedOf(bookings: readonly Booking[], reading: Reading): DayView[] {
  const items = bookings.map((booking) => itemOf(booking, reading))
  return items.length === 0 ? [] : [{ date: '', text: '', near: null, items }]
}

/** One list after another; a date that both have is one. */
export function joinDays(first: readonly DayView[], second: readonly DayView[]): DayView[] {
  const [seam, ...rest] = second
  const last = first.at(-1)
  if (!seam || last?.date !== seam.date) return [...first, ...second]
  return [...first.slice(0, -1), { ...last, items: [...last.items, ...seam.items] }, ...rest]
}

export function itemOf(booking: Booking, reading: Reading): ItemView {
  const start = booking.start.epochMilliseconds
  const style = styleOf(booking, reading)
  const booker = booking.attendees.find((attendee) => attendee.kind === 'booker')
  return {
    uid: booking.uid,
    id: booking.id,
    sequence: booking.sequence,
    title: booking.title,
    color: booking.eventType && markColor(booking.eventType.color, booking.eventType.colorDark),
    standing: standingOf(booking, reading.now),
    date: localDateOf(start, style.timeZone),
    day: formatDay(start, style),
    time: clockRange(start, booking.end.epochMilliseconds, style),
    startsAt: booking.start.toString(),
    who: booking.seats ? namesOf(booking, reading) : booker ? nameOf(booker, reading) : '',
    hosts: hostsOf(booking).flatMap(({ id, name }) => (id === viewerOf(booking, reading).id ? [] : [name])),
    guests: booking.seats ? 0 : booking.attendees.length - 1,
    series: booking.series && { n: booking.series.occurrence, count: booking.series.count },
    later: booking.series?.later ?? 0,
    waiting: booking.series?.waiting.filter((end) => end > reading.now).length ?? 0,
    seats: booking.seats && { taken: booking.seats.taken, count: booking.seats.count },
    place: booking.location && placeOf(booking.location),
    imminent: start - reading.now <= HOUR,
    acts: reading.actsOn(booking),
    pageUrl: booking.seats ? null : `${reading.origin}/booking/${booking.uid}`,
    facts: reading.factsOf?.(booking) ?? [],
  }
}

const MOST_NAMED = 3

/** Those who share a booking, as far as a line takes them. */
function namesOf({ attendees }: Booking, reading: Reading): string {
  const named = attendees.slice(0, MOST_NAMED).map((one) => nameOf(one, reading))
  const more = attendees.length > MOST_NAMED ? [`+${attendees.length - MOST_NAMED}`] : []
  return new Intl.ListFormat(reading.locale).format([...named, ...more])
}

const nameOf = ({ name }: Attendee, { nobody }: Reading) => name || nobody

/** Two times of day, also where midnight lies between them: the date stands above. */
function clockRange(start: number, end: number, style: DateStyle): string {
  const crosses = localDateOf(start, style.timeZone) !== localDateOf(end, style.timeZone)
  if (!crosses || end - start >= DAY) return formatTimeRange(start, end, style)
  return `${formatTime(start, style)} – ${formatTime(end, style)}`
}

type Viewer = Pick<Reading, 'locale' | 'viewerId'>

const hostsOf = ({ host, coHosts }: Booking) => [host, ...coHosts]

/** The host who reads. */
function viewerOf(booking: Booking, { viewerId }: Pick<Reading, 'viewerId'>): Booking['host'] {
  return hostsOf(booking).find(({ id }) => id === viewerId) ?? booking.host
}

function styleOf(booking: Booking, viewer: Viewer): DateStyle {
  const { timeZone, hourCycle } = viewerOf(booking, viewer)
  return { locale: viewer.locale, timeZone, hourCycle }
}

function nearness(date: string, timeZone: string, now: number): DayView['near'] {
  // The dates of a zone are a day apart at noon, however long its days are.
  const today = Date.parse(`${localDateOf(now, timeZone)}T12:00:00Z`)
  const distance = (Date.parse(`${date}T12:00:00Z`) - today) / DAY
  return ({ '-1': 'yesterday', '0': 'today', '1': 'tomorrow' } as const)[String(distance)] ?? null
}

export function standingOf(booking: Booking, now: number): Standing {
  const over = booking.end.epochMilliseconds <= now
  if (booking.status === 'accepted') return over ? 'over' : 'confirmed'
  if (booking.status === 'pending') return over ? 'unanswered' : 'waiting'
  if (booking.status === 'rejected') return 'rejected'
  if (booking.rescheduleRequested) return 'anotherTimeAsked'
  return booking.cancelledBy === 'attendee' ? 'cancelledByAttendee' : 'cancelledByHost'
}

export function placeOf(location: BookingLocation): PlaceView {
  const { kind } = location
  if (location.kind === 'in_person') return { kind, text: location.address, href: null, joinable: false }
  if (location.kind === 'attendee_address' || location.kind === 'attendee_text')
    return { kind, text: location.place, href: null, joinable: false }
  if (location.kind === 'link') {
    const url = URL.parse(location.url)
    // An address that is no web page is shown as text, never followed.
    const href = url && /^https?:$/.test(url.protocol) ? url.href : null
    return { kind, text: location.label || (url?.host ?? location.url), href, joinable: href !== null }
  }
  return { kind, text: location.phone, href: `tel:${location.phone.replace(/[^\d+]/g, '')}`, joinable: false }
}

/** Somebody who takes part, with the clock on their own wall. */
export interface PersonView {
  id: number
  kind: Attendee['kind']
  name: string
  email: string
  day: string
  time: string
  zone: string
  /** Their clock shows what the host's shows. */
  sameTime: boolean
  answers: Answer[]
  /** What the booking was made with: campaign and metadata, as names and values. */
  brought: [string, string][]
  /** Seats they take. */
  quantity: number
  companions: ShownCompanion[]
  /** Of a seat: what its booker wrote, and its page. */
  seat: { notes: string; path: string; gone: boolean } | null
}

/** Something that happened to a booking, as the values of its sentence. */
export interface HistoryView {
  /** Name of the event, such as `booking.created`. */
  name: string
  by: 'host' | 'attendee' | 'system'
  /** RFC 3339, and in words. */
  at: string
  when: string
  from: string
  to: string
}

export interface DetailView extends ItemView {
  zone: string
  /** City of the zone the time was offered in, where it is not the host's. */
  offeredIn: string | null
  eventTypeId: number | null
  /** The reader may change guests and place, and report it. */
  organized: boolean
  notes: string
  reason: string
  bookedAt: string
  people: PersonView[]
  history: HistoryView[]
}

interface Fact {
  name: string
  /** RFC 3339. */
  at: string
  by: HistoryView['by']
  /** Epoch milliseconds; only of moves. */
  fromStart: number | null
}

export function detailOf(booking: Booking, history: readonly Fact[], reading: Reading): DetailView {
  const style = styleOf(booking, reading)
  const start = booking.start.epochMilliseconds
  const item = itemOf(booking, reading)
  return {
    ...item,
    zone: zoneLabel(style.timeZone, start),
    offeredIn: booking.timeZone === style.timeZone ? null : cityOf(booking.timeZone),
    eventTypeId: booking.eventType?.id ?? null,
    organized: booking.host.id === viewerOf(booking, reading).id,
    notes: booking.notes,
    reason: booking.reason,
    bookedAt: formatShort(booking.createdAt.epochMilliseconds, style),
    people: [...booking.attendees, ...booking.left].map((attendee) =>
      personOf({ ...attendee, name: nameOf(attendee, reading) }, booking, item, style),
    ),
    history: historyOf(history, start, style),
  }
}

function personOf(attendee: Attendee, booking: Booking, item: ItemView, hosts: DateStyle): PersonView {
  const { id, kind, name, email, timeZone, answers, quantity, companions, seat: taken } = attendee
  const seat = taken && {
    ...{ notes: taken.notes, path: `/booking/${taken.uid}` },
    gone: taken.cancelled !== null,
  }
  const start = booking.start.epochMilliseconds
  const own = { ...hosts, timeZone }
  const day = formatDay(start, own)
  const time = clockRange(start, booking.end.epochMilliseconds, own)
  const zone = zoneLabel(timeZone, start)
  return {
    id,
    kind,
    name,
    email,
    answers,
    brought: [...Object.entries(attendee.tracking), ...Object.entries(attendee.metadata)],
    quantity,
    companions: shownCompanions(companions, true),
    seat,
    day,
    time,
    zone,
    sameTime: day === item.day && time === item.time,
  }
}

/** Where a move went is where the next one came from, and of the last one where the booking is. */
function historyOf(facts: readonly Fact[], start: number, style: DateStyle): HistoryView[] {
  return facts.map(({ name, at, by, fromStart }, index) => {
    const next = facts.slice(index + 1).find((later) => later.fromStart !== null)
    return {
      ...{ name, by, at, when: formatShort(Date.parse(at), style) },
      from: fromStart === null ? '' : formatShort(fromStart, style),
      to: formatShort(next?.fromStart ?? start, style),
    }
  })
}

interface Timed {
  /** RFC 3339, and in words. */
  at: string
  when: string
}

/** A note that only hosts see. */
export interface NoteView extends Timed {
  id: number
  text: string
  author: string
  own: boolean
}

export interface RatingView extends Timed {
  attendeeId: number
  name: string
  stars: number
  comment: string
}

/** Adds when it was, in the words of the host of the booking. */
export function timed<T extends { at: string }>(facts: readonly T[], booking: Booking, viewer: Viewer): (T & Timed)[] {
  const style = styleOf(booking, viewer)
  return facts.map((fact) => ({ ...fact, when: formatShort(Date.parse(fact.at), style) }))
}

/** A mail about a booking: what it tells, to whom, and how far it is. */
export interface MailView {
  id: string
  topic: MailTopic
  /** Empty: the host. */
  to: string
  state: 'soon' | 'unconfigured' | 'again' | 'sending' | 'delivered' | 'skipped' | 'late' | 'failed'
  /** When it was delivered, or will be tried again. */
  when: string
  attempts: number
  /** What the mail server answered. */
  detail: string
  retryable: boolean
}

const MAIL_TOPICS = [
  'requested',
  'created',
  'confirmed',
  'rejected',
  'rescheduled',
  'move_requested',
  'cancelled',
  'another_time_requested',
  'guests_added',
  'location_changed',
  'seat_taken',
  'seat_cancelled',
  'seat_moved',
  'party_reduced',
  'rating_request',
  'move_links',
] as const
type MailTopic = (typeof MAIL_TOPICS)[number] | 'series' | 'other'

/** What is known of a mail, whoever keeps it. */
interface MailFact {
  id: string
  /** Name of the event, such as `booking.created`. */
  topic: string
  recipient: { name: string; email: string } | null
  state: 'waiting' | 'sending' | 'delivered' | 'skipped' | 'failed'
  reason: string | null
  detail: string
  attempts: number
  /** RFC 3339. */
  nextAt: string | null
  deliveredAt: string | null
  replayable: boolean
}

export function mailOf(mail: MailFact, booking: Booking, viewer: Viewer & Pick<Reading, 'nobody'>): MailView {
  const { id, attempts, detail, recipient } = mail
  const own = recipient?.email === viewerOf(booking, viewer).email
  const at = mail.deliveredAt ?? mail.nextAt
  return {
    ...{ id, attempts, detail, state: mailState(mail) },
    topic:
      mail.topic === 'series.created'
        ? 'series'
        : (MAIL_TOPICS.find((topic) => mail.topic === `booking.${topic}`) ?? 'other'),
    to: own ? '' : (recipient?.name ?? viewer.nobody),
    when: at ? formatShort(Date.parse(at), styleOf(booking, viewer)) : '',
    retryable: mail.replayable,
  }
}

function mailState({ state, reason, attempts }: MailFact): MailView['state'] {
  if (state === 'skipped' && reason === 'already_over') return 'late'
  if (state !== 'waiting') return state
  if (reason === 'mail_not_configured') return 'unconfigured'
  return attempts > 0 ? 'again' : 'soon'
}
