import type { MessageKey, Translate } from '#platform/i18n/messages.ts'
import { answerLine, answerLines } from '../bookings/answers/types.ts'
import { answersFor, bookerOf, companionsFor } from '../bookings/entries/types.ts'
import type { Booking, BookingLocation } from '../bookings/types.ts'
import { unlinked } from './markup.ts'
import type { Change, Recipient, Role, Topic } from './types.ts'
import { fullTime, length, shortTime, zoneName } from './when.ts'

/** A line of what a mail tells. */
export interface Row {
  label: string
  lines: string[]
  /** The last line leads there. Only for addresses a host put into an event type. */
  href?: string
  struck?: boolean
}

export interface Link {
  text: string
  href: string
}

/** What a mail says, in the reader's words, not yet in any format. */
export interface Content {
  subject: string
  title: string
  lead: string
  rows: Row[]
  action: Link | null
  links: Link[]
  footer: string
}

/** The words a mail is told in, by what happened and who reads. */
const STORIES = {
  'booking.requested': { host: 'requested.host', booker: 'requested.booker', guest: 'invited.guest' },
  'booking.created': { host: 'created.host', booker: 'created.booker', guest: 'invited.guest' },
  'booking.confirmed': { host: 'confirmed.host', booker: 'confirmed.booker', guest: 'invited.guest' },
  'booking.rejected': { host: 'rejected.host', booker: 'rejected.booker', guest: 'cancelled.guest' },
  'booking.rescheduled': { host: 'rescheduled.host', booker: 'rescheduled.booker', guest: 'rescheduled.guest' },
  'booking.move_requested': {
    host: 'move_requested.host',
    booker: 'move_requested.booker',
    guest: 'move_requested.guest',
  },
  'booking.cancelled': { host: 'cancelled.host', booker: 'cancelled.booker', guest: 'cancelled.guest' },
  'booking.another_time_requested': {
    host: 'another_time.host',
    booker: 'another_time.booker',
    guest: 'another_time.guest',
  },
  'booking.guests_added': { host: 'created.host', booker: 'created.booker', guest: 'guests_added.guest' },
  'booking.location_changed': {
    host: 'location_changed.host',
    booker: 'location_changed.booker',
    guest: 'location_changed.guest',
  },
  'series.created': { host: 'series.host', booker: 'series.booker', guest: 'series.guest' },
  'booking.seat_taken': { host: 'seat_taken.host', booker: 'created.booker', guest: 'invited.guest' },
  'booking.seat_cancelled': { host: 'seat_cancelled.host', booker: 'cancelled.booker', guest: 'cancelled.guest' },
  'booking.seat_moved': { host: 'seat_moved.host', booker: 'rescheduled.booker', guest: 'rescheduled.guest' },
  'booking.party_reduced': { host: 'party_reduced.host', booker: 'party_reduced.booker', guest: 'invited.guest' },
} as const satisfies Record<Topic, Record<Role, string>>

/** The time is not going to be used. */
const CALLED_OFF: ReadonlySet<Topic> = new Set([
  'booking.rejected',
  'booking.cancelled',
  'booking.another_time_requested',
])

/** Of a seat that was given back that is so for its attendee, not for the host. */
function isOff(topic: Topic, role: Role): boolean {
  return CALLED_OFF.has(topic) || (topic === 'booking.seat_cancelled' && role !== 'host')
}

interface Surroundings {
  t: Translate
  /** Public address of this instance. */
  url: URL
  /** Where a host answers what waits for them. */
  answer: string | null
}

export function contentOf(
  booking: Booking,
  change: Change,
  reader: Recipient,
  { t, url, answer }: Surroundings,
): Content {
  const story = storyOf(change, reader)
  const values = valuesOf(booking, change, reader)
  const shown = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, typeof value === 'number' ? value : unlinked(value)]),
  )
  return {
    subject: t(`mail.${story}.subject`, values),
    title: t(`mail.${story}.title`, shown),
    lead: t(`mail.${story}.lead`, shown),
    rows: rowsOf(booking, change, reader, t),
    ...linksOf(booking, change, reader, { t, url, answer }),
    footer: t(`mail.footer.${reader.role}`, { site: url.host, booker: shown.booker as string }),
  }
}

/** Guests hear of a booking when it is certain; if it was moved before that, to them it is new. */
function isNewTo({ topic, inCalendars }: Change, { role }: Recipient): boolean {
  return role === 'guest' && topic === 'booking.rescheduled' && !inCalendars
}

function storyOf(change: Change, reader: Recipient) {
  if (isNewTo(change, reader)) return 'invited.guest'
  const { role } = reader
  if (role === 'guest' || !change.dates?.some(({ pending }) => pending)) return STORIES[change.topic][role]
  return `series_requested.${role}` as const
}

const LONGEST_NAME = 80

function valuesOf(booking: Booking, change: Change, reader: Recipient) {
  const booker = brief(bookerOf(booking).name)
  const own = reader.role === 'host' ? 'host' : 'attendee'
  return {
    title: brief(booking.title),
    other: reader.role === 'host' ? booker : brief(booking.host.name),
    booker,
    when: shortTime(spanOf(booking), reader),
    n: change.dates?.length ?? 1,
    by: reader.role !== 'guest' && change.by === own ? 'you' : 'other',
  }
}

function brief(text: string): string {
  const letters = [...text]
  return letters.length > LONGEST_NAME ? `${letters.slice(0, LONGEST_NAME - 1).join('')}…` : text
}

function spanOf({ start, end }: Booking) {
  return { start: start.epochMilliseconds, end: end.epochMilliseconds }
}

function rowsOf(booking: Booking, change: Change, reader: Recipient, t: Translate): Row[] {
  const span = spanOf(booking)
  const former = isNewTo(change, reader) ? null : change.former
  const off = isOff(change.topic, reader.role)
  const rows: (Row | null)[] = [
    { label: t('mail.row.what'), lines: [unlinked(brief(booking.title)), length(span, reader)] },
    { label: t('mail.row.when'), lines: [...datesOf(change, span, reader, t), zoneName(span, reader)], struck: off },
    former && { label: t('mail.row.former'), lines: fullTime(former, reader), struck: true },
    off || !booking.location ? null : { label: t('mail.row.where'), ...whereOf(booking.location, booking, reader, t) },
    { label: t('mail.row.who'), lines: peopleOf(booking, reader, t) },
    off ? null : seatsRow(booking, reader, t),
    booking.reason === '' ? null : { label: t('mail.row.reason'), lines: linesOf(booking.reason) },
    ...answerRows(booking, reader, t),
    ...companionRows(booking, reader, t),
    booking.notes === '' ? null : { label: t('mail.row.notes'), lines: linesOf(booking.notes) },
  ]
  return rows.filter((row) => row !== null)
}

function answerRows(booking: Booking, { role, locale }: Recipient, t: Translate): Row[] {
  const words = { yes: t('ui.yes'), no: t('ui.no') }
  return answersFor(booking, role).map((answer) => ({
    label: unlinked(answer.label),
    lines: answerLines(answer, locale, words).map(unlinked),
  }))
}

/** What was answered for those who come along, each under their name. */
function companionRows(booking: Booking, { role, locale }: Recipient, t: Translate): Row[] {
  const words = { yes: t('ui.yes'), no: t('ui.no') }
  return companionsFor(booking, role).map(({ name, answers }) => ({
    label: unlinked(brief(name)),
    lines: answers.map((answer) => unlinked(answerLine(answer, locale, words))),
  }))
}

/** The time of a booking, or of each of a series. */
function datesOf({ dates }: Change, span: { start: number; end: number }, reader: Recipient, t: Translate): string[] {
  if (!dates) return fullTime(span, reader)
  return dates.map((date) => {
    const time = fullTime(date, reader).join(', ')
    return date.pending ? t('mail.series.waits', { time }) : time
  })
}

/** How full it is, for the host; how many seats are theirs, for who has more than one. */
function seatsRow({ seats, attendees }: Booking, { role }: Recipient, t: Translate): Row | null {
  if (!seats) return null
  const label = t('mail.row.seats')
  if (role === 'host') return { label, lines: [t('mail.seats.taken', { taken: seats.taken, count: seats.count })] }
  const n = attendees[0]?.quantity ?? 1
  return n > 1 ? { label, lines: [t('mail.seats.yours', { n })] } : null
}

function linesOf(text: string): string[] {
  return unlinked(text.trim()).split(/\r\n?|\n/)
}

/** Where to be, from the reader's side: who calls whom differs. */
function whereOf(
  location: BookingLocation,
  booking: Booking,
  reader: Pick<Recipient, 'role'>,
  t: Translate,
): Pick<Row, 'lines' | 'href'> {
  const host = unlinked(brief(booking.host.name))
  const booker = unlinked(brief(bookerOf(booking).name))
  const named = location.label ? [unlinked(location.label)] : []
  switch (location.kind) {
    case 'in_person':
      return { lines: [...named, ...linesOf(location.address)] }
    case 'attendee_address':
    case 'attendee_text':
      return { lines: [...named, ...linesOf(location.place)] }
    case 'link': {
      const lines = [...named, location.url].filter((text) => text !== '')
      return isWebAddress(location.url) ? { lines, href: location.url } : { lines: lines.map(unlinked) }
    }
    case 'attendee_phone': {
      if (reader.role === 'guest') return { lines: [...named, t('mail.where.by_phone')] }
      const { phone } = location
      return {
        lines: [
          ...named,
          reader.role === 'host'
            ? t('mail.where.you_call', { name: booker, phone })
            : t('mail.where.calls_you', { name: host, phone }),
        ],
      }
    }
    case 'host_phone': {
      const { phone } = location
      return {
        lines: [
          ...named,
          reader.role === 'host'
            ? t('mail.where.calls_you', { name: booker, phone })
            : t('mail.where.you_call', { name: host, phone }),
        ],
      }
    }
  }
}

function isWebAddress(text: string): boolean {
  const protocol = URL.parse(text)?.protocol
  return protocol === 'https:' || protocol === 'http:'
}

/** Addresses are for the two who arranged it; guests see names. */
function peopleOf(booking: Booking, reader: Recipient, t: Translate): string[] {
  const attendees = booking.attendees.flatMap(({ kind, name, email, companions }) => {
    if (reader.role === 'guest') return unlinked(brief(name))
    const person = kind === 'guest' ? email : t('mail.who.person', { name: unlinked(brief(name)), email })
    return [person, ...companions.map((one) => t('mail.who.companion', { name: unlinked(brief(one.name)) }))]
  })
  const others = (booking.others ?? []).map((name) => unlinked(brief(name)))
  const hosts = [booking.host, ...booking.coHosts].map(({ name }) =>
    t('mail.who.host', { name: unlinked(brief(name)) }),
  )
  return [...hosts, ...attendees, ...others]
}

/** Whoever holds the address of a booking may change it, so guests get none. No link acts by itself: each leads to a page. */
function linksOf(
  booking: Booking,
  { topic, dates }: Change,
  { role }: Recipient,
  { t, url, answer }: Surroundings,
): Pick<Content, 'action' | 'links'> {
  if (role === 'guest') return { action: null, links: [] }
  const link = (key: MessageKey, path: string): Link => ({ text: t(key), href: `${url.origin}${path}` })
  if (role === 'host') {
    const open = link('mail.action.open', `/bookings/detail/${booking.uid}`)
    if (answer === null) return { action: open, links: [] }
    // One answer for all that wait.
    const several = (dates ?? []).filter(({ pending }) => pending).length > 1
    return {
      action: link(several ? 'mail.link.confirm_series' : 'mail.link.confirm', answer),
      links: [link(several ? 'mail.link.reject_series' : 'mail.link.reject', `${answer}?decline`), open],
    }
  }
  if (topic === 'booking.another_time_requested') {
    return { action: link('mail.action.choose', `/reschedule/${booking.uid}`), links: [] }
  }
  if (isOff(topic, role)) {
    const path = booking.eventType && `/${booking.host.username}/${booking.eventType.slug}`
    return { action: path ? link('mail.action.book_again', path) : null, links: [] }
  }
  return {
    action: link('mail.action.view', `/booking/${booking.uid}`),
    links: [
      link('mail.link.reschedule', `/reschedule/${booking.uid}`),
      link('mail.link.cancel', `/booking/${booking.uid}?cancel=true#cancel`),
    ],
  }
}
