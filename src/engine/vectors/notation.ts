/**
 * Short notations in which the scenarios are written by hand.
 *
 * - hours: `1-5 09:00-12:00 13:00-17:00; 6 10:00-12:00` (Sunday is 0, `*` is every day)
 * - overrides: `2026-03-29 09:00-12:00 14:00-15:00; 2026-03-30 off`
 * - intervals, in UTC: `2026-03-10 10:00-10:30; 2026-03-10 23:00-2026-03-11 01:00`
 * - starts, in UTC: `2026-03-10 09:00 11:00; 2026-03-11 09:00..12:00/30`
 */
import { Temporal } from 'temporal-polyfill'
import type {
  Interval,
  Pair,
  Scenario,
  ScenarioBooking,
  ScenarioEvent,
  ScenarioHold,
  ScenarioHost,
} from '../oracle/scenario.ts'

/** One scenario before it is written out. `span` is a UTC date, `first..last` UTC dates, or an interval. */
export interface Case {
  /** The sentence this vector pins. */
  rule: string
  title: string
  span: string
  /** UTC reading such as `2026-03-01 08:00`; absent, three days before the span. */
  now?: string
  /** Zone of the visitor; absent, UTC. */
  visitor?: string
  event?: Partial<ScenarioEvent>
  hosts: ScenarioHost[]
  bookings?: ScenarioBooking[]
  reserved?: ScenarioHold[]
  /** The starts as worked out by hand, `none` for none; the generator fails when the oracle disagrees. */
  hand?: string
}

/** A published vector. */
export interface Vector extends Scenario {
  rule: string
  expected: string[]
}

/** A host with weekly hours. */
export function host(id: string, timeZone: string, hours: string, more: Partial<ScenarioHost> = {}): ScenarioHost {
  return { id, timeZone, weekly: hours ? weekly(hours) : [], ...more }
}

/** A host whose availability is given as ranges in UTC. */
export function given(id: string, timeZone: string, ranges: string, more: Partial<ScenarioHost> = {}): ScenarioHost {
  return { id, timeZone, ranges: intervals(ranges), ...more }
}

/** An accepted booking of the same event, unless `more` says otherwise. */
export function booking(hostId: string, time: string, more: Partial<ScenarioBooking> = {}): ScenarioBooking {
  return { host: hostId, ...interval(time), sameEvent: true, ...more }
}

/** Another visitor's hold. */
export function hold(hostId: string, time: string, releaseAt: string): ScenarioHold {
  return { host: hostId, ...interval(time), releaseAt: instant(releaseAt) }
}

export function weekly(text: string): NonNullable<ScenarioHost['weekly']> {
  return parts(text).flatMap((entry) => {
    const [days, ...times] = entry.split(' ')
    return times.map((time) => {
      const [start, end] = time.split('-')
      return { days: weekdays(days!), start: start!, end: end! }
    })
  })
}

export function overrides(text: string): NonNullable<ScenarioHost['overrides']> {
  return parts(text).flatMap((entry) => {
    const [date, ...times] = entry.split(' ')
    return times.map((time) => {
      if (time === 'off') return { date: date!, off: true }
      const [start, end] = time.split('-')
      return { date: date!, start: start!, end: end! }
    })
  })
}

export function intervals(text: string): Pair[] {
  return parts(text).map((part) => {
    const { start, end } = interval(part)
    return [start, end]
  })
}

/** Writes a case out in the vector format, without its expected starts. */
export function scenarioOf(id: string, tags: string[], written: Case): Scenario {
  const range = spanOf(written.span)
  return {
    id,
    title: written.title,
    tags,
    now: written.now ? instant(written.now) : Temporal.Instant.from(range.start).subtract({ hours: 72 }).toString(),
    invitee: { timeZone: written.visitor ?? 'UTC' },
    range,
    event: { schedulingType: written.hosts.length > 1 ? 'roundRobin' : 'single', durationMin: 60, ...written.event },
    hosts: written.hosts,
    ...(written.bookings && { bookings: written.bookings }),
    ...(written.reserved && { reserved: written.reserved }),
  }
}

/** Starts in UTC, sorted, as ISO instants with milliseconds. */
export function startsOf(text: string): string[] {
  if (text === 'none') return []
  return parts(text).flatMap((day) => {
    const [date, ...times] = day.split(' ')
    return times.flatMap((time) => progression(date!, time)).map((at) => at.toString({ smallestUnit: 'millisecond' }))
  })
}

function progression(date: string, time: string): Temporal.Instant[] {
  const [from, rest] = time.split('..')
  const first = Temporal.Instant.from(instant(`${date} ${from}`))
  if (!rest) return [first]
  const [to, step] = rest.split('/')
  const last = Temporal.Instant.from(instant(`${date} ${to}`))
  const starts: Temporal.Instant[] = []
  for (let at = first; Temporal.Instant.compare(at, last) <= 0; at = at.add({ minutes: Number(step) })) starts.push(at)
  if (!starts.at(-1)?.equals(last)) throw new Error(`${time} does not arrive at its end`)
  return starts
}

function spanOf(text: string): Interval {
  if (text.includes(':')) return interval(text)
  const [first, last = first] = text.split('..')
  const end = Temporal.PlainDate.from(last!).add({ days: 1 })
  return { start: instant(`${first} 00:00`), end: instant(`${end} 00:00`) }
}

function interval(text: string): Interval {
  const match = /^(\S+) ([\d:.]+) ?- ?(?:(\S+) )?([\d:.]+)$/.exec(text)
  if (!match) throw new Error(`not an interval: ${text}`)
  const [, date, start, endDate = date, end] = match
  return { start: instant(`${date} ${start}`), end: instant(`${endDate} ${end}`) }
}

/** `2026-03-10 09:00` is read in UTC. */
function instant(text: string): string {
  const [date, time] = text.split(' ')
  return Temporal.Instant.from(`${date}T${time}Z`).toString()
}

function weekdays(text: string): number[] {
  if (text === '*') return [0, 1, 2, 3, 4, 5, 6]
  return text.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map(Number)
    return Array.from({ length: last! - first! + 1 }, (_, i) => first! + i)
  })
}

function parts(text: string): string[] {
  return text.split(';').map((part) => part.trim())
}
