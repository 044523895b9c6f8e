import { EngineInputError } from './types.ts'
import { instantOf, offsetAt, type Zone } from './zones.ts'

/**
 * The one place where days, weeks, months and years are counted. A date is a number of days since 1 January 1970, an
 * instant a number of minutes since then; no day has "24 hours" here.
 */

export const MINUTES_PER_DAY = 1440
export type PeriodUnit = 'day' | 'week' | 'month' | 'year'

const SUNDAY = 0
const SATURDAY = 6
/** 1 January 1970 was a Thursday. */
const EPOCH_WEEKDAY = 4

/** Days since the epoch of a proleptic Gregorian date. `month` is 1..12 or beyond; `day` may run over too. */
export function dateOf(year: number, month: number, day: number): number {
  const months = year * 12 + (month - 1)
  const y = Math.floor(months / 12)
  const m = months - y * 12
  // Count from 1 March, so that the leap day is the last of its year.
  const shifted = m >= 2 ? y : y - 1
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * ((m + 10) % 12) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** Year, month (1..12) and day of a date. */
export function fieldsOf(date: number): { year: number; month: number; day: number } {
  const shifted = date + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const month = Math.floor((5 * dayOfYear + 2) / 153)
  const year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
  return { year, month: month < 10 ? month + 3 : month - 9, day: dayOfYear - Math.floor((153 * month + 2) / 5) + 1 }
}

/** @throws EngineInputError when `text` is not a date of the Gregorian calendar. */
export function parseDate(text: string, path = 'date'): number {
  const match = typeof text === 'string' ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) : null
  if (match !== null) {
    const date = dateOf(Number(match[1]), Number(match[2]), Number(match[3]))
    if (formatDate(date) === text) return date
  }
  throw new EngineInputError(path, `${JSON.stringify(text)} is not a date (YYYY-MM-DD)`)
}

export function formatDate(date: number): string {
  const { year, month, day } = fieldsOf(date)
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d{2}):(\d{2}))$/

/**
 * Epoch milliseconds of an RFC 3339 instant such as `2026-03-02T08:00:00.000Z`. Finer fractions are cut off.
 *
 * @throws EngineInputError
 */
export function parseInstant(text: string, path = 'instant'): number {
  const match = typeof text === 'string' ? INSTANT.exec(text) : null
  if (match === null)
    throw new EngineInputError(path, `${JSON.stringify(text)} is not an instant (2026-03-02T08:00:00Z)`)
  const [, date, hour, minute, second = '0', fraction = '', sign, zoneHour = '0', zoneMinute = '0'] = match
  const h = Number(hour)
  const m = Number(minute)
  const s = Number(second)
  if (h > 23 || m > 59 || s > 59 || Number(zoneHour) > 23 || Number(zoneMinute) > 59) {
    throw new EngineInputError(path, `${JSON.stringify(text)} is not a time of day`)
  }
  const offset = (Number(zoneHour) * 60 + Number(zoneMinute)) * (sign === '-' ? -1 : 1)
  const minutes = parseDate(date!, path) * MINUTES_PER_DAY + h * 60 + m - offset
  return minutes * 60_000 + s * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'))
}

/** `2026-03-02T08:00:00.000Z` */
export function formatInstant(milliseconds: number): string {
  const date = Math.floor(milliseconds / 86_400_000)
  const rest = milliseconds - date * 86_400_000
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const clock = `${two(rest / 3_600_000)}:${two((rest / 60_000) % 60)}:${two((rest / 1000) % 60)}`
  return `${formatDate(date)}T${clock}.${String(rest % 1000).padStart(3, '0')}Z`
}

/** 0 = Sunday. */
export function weekdayOf(date: number): number {
  return (((date + EPOCH_WEEKDAY) % 7) + 7) % 7
}

export function isBusinessDay(date: number): boolean {
  const weekday = weekdayOf(date)
  return weekday !== SUNDAY && weekday !== SATURDAY
}

/** The n-th Monday-to-Friday day after `date`; `date` itself for 0. */
export function addBusinessDays(date: number, count: number): number {
  let day = date
  for (let left = count; left > 0; ) {
    day += 1
    if (isBusinessDay(day)) left -= 1
  }
  return day
}

/** The date on the wall at an instant. */
export function dateAt(zone: Zone, instant: number): number {
  return Math.floor((instant + offsetAt(zone, instant)) / MINUTES_PER_DAY)
}

/** The first instant of a date: its first 00:00, or the moment the clock resumes when there is none. */
export function startOfDay(zone: Zone, date: number): number {
  return instantOf(zone, date * MINUTES_PER_DAY)
}

/** The first midnight of the zone after an instant. */
export function nextMidnight(zone: Zone, instant: number): number {
  let date = dateAt(zone, instant) + 1
  // A clock set back over midnight shows the old date again: its midnight has passed already.
  while (startOfDay(zone, date) <= instant) date += 1
  return startOfDay(zone, date)
}

/** First date of the period that `date` lies in. Weeks begin on Sunday. */
export function periodStart(unit: PeriodUnit, date: number): number {
  if (unit === 'day') return date
  if (unit === 'week') return date - weekdayOf(date)
  const { year, month } = fieldsOf(date)
  return dateOf(year, unit === 'month' ? month : 1, 1)
}

/** First date after the period that begins on `first`. */
export function periodEnd(unit: PeriodUnit, first: number): number {
  if (unit === 'day') return first + 1
  if (unit === 'week') return first + 7
  const { year, month } = fieldsOf(first)
  return unit === 'month' ? dateOf(year, month + 1, 1) : dateOf(year + 1, 1, 1)
}
