import { dateOf, fieldsOf, MINUTES_PER_DAY } from './calendar.ts'
import { EngineInputError } from './types.ts'
import { instantOf, LAST_MINUTE, offsetAt, zoneOf } from './zones.ts'

export type Frequency = 'daily' | 'weekly' | 'monthly' | 'yearly'

/** The part of RFC 5545 RRULE that bookings repeat by. */
export interface Recurrence {
  readonly frequency: Frequency
  /** Every n-th day, week, month or year; 1 or more. */
  readonly interval: number
  /** Occurrences in all, the first included; 1 or more. */
  readonly count: number
}

const FREQUENCIES: readonly Frequency[] = ['daily', 'weekly', 'monthly', 'yearly']
const MOST_OCCURRENCES = 1000

/**
 * Starts (epoch ms) of a series that begins at `start` and keeps its wall time in `timeZone`: the same hour on the clock
 * before and after a clock change. A skipped wall time is the moment of the skip, a repeated one its first occurrence;
 * the first start stays as given. A date that a month or year lacks (31 June, 29 February) is left out and does not
 * count, as in RFC 5545 section 3.3.10.
 *
 * @throws EngineInputError for an interval or a count that is not a whole number from 1 (count: to 1000).
 */
export function occurrences(rule: Recurrence, start: number, timeZone: string): Float64Array {
  checkRule(rule)
  const zone = zoneOf(timeZone)
  const minute = Math.floor(start / 60_000)
  const wall = minute + offsetAt(zone, minute)
  const first = Math.floor(wall / MINUTES_PER_DAY)
  const timeOfDay = wall - first * MINUTES_PER_DAY
  const starts: number[] = [start]
  for (let step = 1; starts.length < rule.count; step += 1) {
    const date = dateAfter(rule.frequency, first, step * rule.interval)
    if (date === undefined) continue
    const at = instantOf(zone, date * MINUTES_PER_DAY + timeOfDay)
    if (at >= LAST_MINUTE) break
    starts.push(at * 60_000 + (start - minute * 60_000))
  }
  return Float64Array.from(starts)
}

/** The date `units` days, weeks, months or years after `first`, if there is one. */
function dateAfter(frequency: Frequency, first: number, units: number): number | undefined {
  if (frequency === 'daily') return first + units
  if (frequency === 'weekly') return first + units * 7
  const { year, month, day } = fieldsOf(first)
  const date = frequency === 'monthly' ? dateOf(year, month + units, day) : dateOf(year + units, month, day)
  return fieldsOf(date).day === day ? date : undefined
}

/**
 * Reads `FREQ=WEEKLY;INTERVAL=2;COUNT=6` (any order, any case, an `RRULE:` before it or not).
 *
 * @throws EngineInputError for other parts than FREQ, INTERVAL and COUNT, and for a rule without end.
 */
export function parseRecurrence(text: string): Recurrence {
  const parts = new Map<string, string>()
  for (const part of text.replace(/^RRULE:/i, '').split(';')) {
    const [name = '', value = ''] = part.toUpperCase().split('=', 2)
    if (!['FREQ', 'INTERVAL', 'COUNT'].includes(name)) throw new EngineInputError('rrule', `${part} is not supported`)
    if (parts.has(name)) throw new EngineInputError('rrule', `${name} occurs twice`)
    parts.set(name, value)
  }
  const frequency = FREQUENCIES.find((known) => known.toUpperCase() === parts.get('FREQ'))
  if (frequency === undefined) throw new EngineInputError('rrule', 'FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY')
  const rule = { frequency, interval: wholeOf(parts.get('INTERVAL') ?? '1'), count: wholeOf(parts.get('COUNT') ?? '') }
  checkRule(rule)
  return rule
}

export function formatRecurrence(rule: Recurrence): string {
  checkRule(rule)
  return `FREQ=${rule.frequency.toUpperCase()};INTERVAL=${rule.interval};COUNT=${rule.count}`
}

function wholeOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN
}

function checkRule({ frequency, interval, count }: Recurrence): void {
  if (!FREQUENCIES.includes(frequency)) throw new EngineInputError('frequency', `${frequency} is not supported`)
  if (!Number.isInteger(interval) || interval < 1) throw new EngineInputError('interval', 'must be 1 or more')
  if (!Number.isInteger(count) || count < 1 || count > MOST_OCCURRENCES) {
    throw new EngineInputError('count', `must be from 1 to ${MOST_OCCURRENCES}`)
  }
}
