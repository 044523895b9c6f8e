import { addDays, addMonths, type HourCycle, hourOf, localDateOf, noonOf, weekdayOf } from '#ui/dates.ts'
import type { AskedQuestion } from '../answers/types.ts'
import type { Layout } from '../types.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Where one may meet, as the visitor sees it before booking: kinds, and the words that belong to them. */
export interface PlaceOption {
  kind: 'in_person' | 'attendee_address' | 'attendee_text' | 'attendee_phone' | 'host_phone' | 'link'
  video: boolean
  /** In the host's own words; empty: what its kind is called. */
  label: string
  /** Address, number or link; empty where there is nothing to say before booking. */
  text: string
}

/** What a visitor has typed or was prefilled, and the keys of the form. */
export interface BookingValues {
  name: string
  firstName: string
  lastName: string
  email: string
  phone: string
  /** Where to meet, as the booker says it. */
  place: string
  location: string
  guests: string[]
  /** Dates of the series that were ticked. */
  occurrences: string[]
  /** People who come. */
  quantity: string
  /** Those who come along. */
  companions: CompanionValues[]
  notes: string
  reason: string
  code: string
  /** By key of the question. */
  answers: Record<string, string[]>
}

/** One who comes along, as they were typed; nothing where nobody was named. */
export interface CompanionValues {
  name: string
  /** To what is asked of each person, by key of the question. */
  answers: Record<string, string[]>
}

/** A form that was refused, in sentences of the visitor's language. */
export interface FormRefusal {
  code: string
  text: string
  /** By field name. */
  fields: Record<string, string>
  /** Free starts near the wanted one, epoch ms. */
  alternatives: number[]
  /** Links to move what is booked can be mailed. */
  movable: boolean
}

/** The starts of one month, and where the next ones are when it has none left. */
export interface MonthSlots {
  /** Epoch minutes: the first, then the distance of each to the one before. */
  starts: number[]
  /** Epoch ms of the first start after an empty month; null when there is none, or the month is not empty. */
  next: number | null
  /** Epoch minutes → seats that are left, of starts that others have begun to fill. */
  left?: Record<number, number>
  /** Those of the starts that the host prefers, written as they are. */
  preferred?: number[]
}

/** What is shown; the address says the same. */
export interface BookerState {
  /** YYYY-MM */
  month: string
  /** YYYY-MM-DD; null: the first day with slots. */
  date: string | null
  /** Minutes. */
  duration: number
  timeZone: string
  hourCycle: HourCycle
  layout: Layout
  /** Epoch ms of the chosen start; null until one is chosen. */
  slot: number | null
}

/** A date of a series that may be booked. */
export interface SeriesDate {
  /** Epoch ms. */
  start: number
  free: boolean
}

/** Everything the booker needs, as plain data: it is rendered on the server and taken over in the browser from this. */
export interface BookerProps {
  /** For Intl: the language of the texts with the visitor's region. */
  locale: string
  texts: Record<string, string>
  mode: 'book' | 'move'
  /** Address of the page: `/ada/intro`. */
  path: string
  /** Query parameters that are not ours and stay in every link, such as prefilled answers. */
  extra: [string, string][]
  /** The zone was asked for, so it stays in every link. */
  zoneInAddress: boolean
  /** The zone is only a guess; the browser knows better. */
  zoneGuessed: boolean
  /** The host shows times in this zone only. */
  zoneLocked: boolean
  /** The plain page shows the list of all zones. */
  choosingZone: boolean
  durations: number[]
  places: PlaceOption[]
  questions: AskedQuestion[]
  /** First and last name are asked for apart. */
  splitName: boolean
  /** The mail address is being proven: the form asks for the code that was sent to it. */
  asksCode: boolean
  requiresConfirmation: boolean
  /** The link was made for one person, whose address is in the values. */
  emailFixed: boolean
  /** A series may be booked: every so many days, weeks, … */
  recurrence: { frequency: 'daily' | 'weekly' | 'monthly' | 'yearly'; interval: number } | null
  /** Its dates from the chosen start on; null when none is chosen. */
  series: SeriesDate[] | null
  /** Several share a start: how many seats there are, and how many one booker may take. `shown`: how many are left is told. */
  seats: { count: number; shown: boolean; most: number } | null
  /** What is done with times that the host prefers; null: there are none such. */
  preferred: 'mark' | 'first' | null
  /** Guests may be brought. */
  guests: boolean
  hostName: string
  /** 0 = Sunday. */
  weekStart: number
  state: BookerState
  slots: MonthSlots
  /** Of a second month, into which the first week that is shown reaches. */
  beside: { month: string; slots: MonthSlots } | null
  /** Ways to show the times, the first by default. */
  layouts: Layout[]
  /** Epoch ms. */
  now: number
  values: BookingValues
  refusal: FormRefusal | null
  idempotencyKey: string
  /** When the form was shown, signed; null where nobody asks. */
  born: string | null
  /** The booking that is moved. */
  moving: { start: number; end: number; sequence: number } | null
}

export function encodeStarts(starts: readonly number[]): number[] {
  return starts.map((start, i) => (start - (i === 0 ? 0 : (starts[i - 1] as number))) / MINUTE)
}

export function decodeStarts(encoded: readonly number[]): number[] {
  let at = 0
  return encoded.map((distance) => {
    at += distance
    return at * MINUTE
  })
}

/** The span (epoch ms) that contains the month in every zone of the world, from UTC+14 to UTC−12. */
export function spanOfMonth(month: string): { start: number; end: number } {
  const begin = (of: string) => noonOf(`${of}-01`) - 12 * HOUR
  return { start: begin(month) - 14 * HOUR, end: begin(addMonths(month, 1)) + 12 * HOUR }
}

/** The starts by the date they have in a zone, in order; only dates of the month. */
export function groupByDate(starts: readonly number[], timeZone: string, month: string): Map<string, number[]> {
  const days = new Map<string, number[]>()
  for (const { date, from, to } of runsOfDates(starts, timeZone)) {
    if (date.startsWith(month)) days.set(date, [...(days.get(date) ?? []), ...starts.slice(from, to)])
  }
  return days
}

/** Reading a date off Intl is slow, and dates only grow: the end of each run is found by halving what lies within a day. */
function* runsOfDates(starts: readonly number[], timeZone: string) {
  const dateAt = (i: number) => localDateOf(starts[i] as number, timeZone)
  let from = 0
  while (from < starts.length) {
    const date = dateAt(from)
    let inside = from
    let outside = from + 1
    while (outside < starts.length && (starts[outside] as number) < (starts[from] as number) + 25 * HOUR) outside++
    while (outside - inside > 1) {
      const middle = (inside + outside) >> 1
      if (dateAt(middle) === date) inside = middle
      else outside = middle
    }
    yield { date, from, to: outside }
    from = outside
  }
}

/** Rows of seven dates that cover the month, beginning on `weekStart`. */
export function weeksOf(month: string, weekStart: number): string[][] {
  const first = `${month}-01`
  const before = (weekdayOf(first) - weekStart + 7) % 7
  const rows: string[][] = []
  for (let day = addDays(first, -before); day < `${addMonths(month, 1)}-01`; day = addDays(day, 7)) {
    rows.push(Array.from({ length: 7 }, (_, i) => addDays(day, i)))
  }
  return rows
}

/** The seven dates of the week that a date lies in. */
export function weekOf(date: string, weekStart: number): string[] {
  const first = addDays(date, -((weekdayOf(date) - weekStart + 7) % 7))
  return Array.from({ length: 7 }, (_, i) => addDays(first, i))
}

export type DayPart = 'morning' | 'afternoon' | 'evening'

/** Starts of one day by the part of the day they have in the zone. */
export function groupByPart(starts: readonly number[], timeZone: string): [DayPart, number[]][] {
  const parts: Record<DayPart, number[]> = { morning: [], afternoon: [], evening: [] }
  for (const start of starts) {
    const hour = hourOf(start, timeZone)
    parts[hour < 12 ? 'morning' : hour < 17 ? 'afternoon' : 'evening'].push(start)
  }
  return (Object.entries(parts) as [DayPart, number[]][]).filter(([, list]) => list.length > 0)
}

type Address = Pick<BookerProps, 'path' | 'extra' | 'durations' | 'zoneInAddress' | 'layouts'>

/** The address of a state. The duration is named unless it is the default, the zone when it was asked for. */
export function addressOf(page: Address, state: BookerState, more: Record<string, string> = {}): string {
  const query = new URLSearchParams(page.extra)
  query.set('month', state.month)
  if (state.date) query.set('date', state.date)
  if (state.duration !== page.durations[0]) query.set('duration', String(state.duration))
  if (page.zoneInAddress) query.set('cal.tz', state.timeZone)
  if (state.layout !== page.layouts[0]) query.set('layout', `${state.layout}_view`)
  if (state.slot !== null) query.set('slot', isoOf(state.slot))
  for (const [key, value] of Object.entries(more)) query.set(key, value)
  return `${page.path}?${readable(query)}`
}

/** What an address of this page shows; what it leaves open stays as it is, the day and the time excepted. */
export function stateOf(
  address: string,
  now: BookerState,
  { durations, state, zoneLocked, layouts }: Pick<BookerProps, 'durations' | 'state' | 'zoneLocked' | 'layouts'>,
): BookerState {
  const query = new URL(address, 'http://page').searchParams
  const timeZone = (!zoneLocked && query.get('cal.tz')) || now.timeZone
  const slot = Date.parse(query.get('slot') ?? '')
  const date = Number.isNaN(slot) ? query.get('date') : localDateOf(slot, timeZone)
  const clock = query.get('clock')
  return {
    month: date?.slice(0, 7) ?? query.get('month') ?? state.month,
    date,
    duration: Number(query.get('duration')) || (durations[0] as number),
    timeZone,
    hourCycle: clock === 'h12' || clock === 'h23' ? clock : now.hourCycle,
    layout: layoutOf(query.get('layout'), layouts),
    slot: Number.isNaN(slot) ? null : slot,
  }
}

/** `week_view` names the week; what is not offered, or no layout at all, is the default. */
export function layoutOf(name: string | null, layouts: readonly Layout[]): Layout {
  return layouts.find((one) => `${one}_view` === name) ?? layouts[0] ?? 'month'
}

/** `2026-11-26T09:00:00Z`; instants are epoch milliseconds from 1970 on. */
export function isoOf(at: number): string {
  const two = (count: number) => String(Math.floor(count)).padStart(2, '0')
  const time = [(at / HOUR) % 24, (at / MINUTE) % 60, (at / 1000) % 60].map(two).join(':')
  return `${localDateOf(at, 'UTC')}T${time}Z`
}

/** Query strings people read: slashes and colons need no escape there (RFC 3986 §3.4). */
function readable(query: URLSearchParams): string {
  return query.toString().replaceAll('%3A', ':').replaceAll('%2F', '/').replaceAll('%40', '@')
}
