import type { DateOverride, HourRange, WeeklyHours } from './types.ts'

export const DAY_MINUTES = 1440
export const MOST_SCHEDULES = 50
export const MOST_RANGES_PER_DAY = 24
export const MOST_OVERRIDES = 1000
export const MOST_LAYERS = 20
/** A layer holds every week, or every so many at most. */
export const MOST_WEEKS_APART = 12
export const LONGEST_NAME = 100
/** By number, as a layer names them; -1 is the last. */
export const WEEKS_OF_MONTH: readonly number[] = [1, 2, 3, 4, -1]

const WEEKDAYS = [0, 1, 2, 3, 4, 5, 6] as const

/** What is wrong with the range at `index` of one day. */
export interface RangeProblem {
  index: number
  code: 'range_out_of_day' | 'range_ends_before_start' | 'ranges_overlap'
}

/** Problems of one day's ranges in any order; of two that overlap, the later one is named. */
export function problemsOfDay(ranges: readonly HourRange[]): RangeProblem[] {
  const problems: RangeProblem[] = []
  const sorted = ranges.map(([start, end], index) => ({ start, end, index })).sort((a, b) => a.start - b.start)
  let latestEnd = 0
  for (const { start, end, index } of sorted) {
    if (!isMinute(start) || !isMinute(end)) problems.push({ index, code: 'range_out_of_day' })
    else if (end <= start) problems.push({ index, code: 'range_ends_before_start' })
    else if (start < latestEnd) problems.push({ index, code: 'ranges_overlap' })
    else latestEnd = end
  }
  return problems.sort((a, b) => a.index - b.index)
}

function isMinute(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= DAY_MINUTES
}

/** The ranges of each weekday (0 = Sunday), by start. */
export function hoursByDay(weekly: readonly WeeklyHours[]): HourRange[][] {
  const byDay: HourRange[][] = WEEKDAYS.map(() => [])
  for (const { days, start, end } of weekly) {
    for (const day of new Set(days)) byDay[day]?.push([start, end])
  }
  return byDay.map(sortedRanges)
}

/** The shortest way to say the same: one entry for all days that share a range, earliest first. */
export function weeklyFromDays(byDay: readonly (readonly HourRange[])[]): WeeklyHours[] {
  const entries = new Map<string, WeeklyHours>()
  byDay.forEach((ranges, day) => {
    for (const [start, end] of ranges) {
      const key = `${start}-${end}`
      const entry = entries.get(key)
      if (entry) entry.days.push(day)
      else entries.set(key, { days: [day], start, end })
    }
  })
  return [...entries.values()].sort((a, b) => a.start - b.start || a.end - b.end)
}

/** By date, each date's ranges by start. */
export function sortedOverrides(overrides: readonly DateOverride[]): DateOverride[] {
  return overrides
    .map(({ date, ranges }) => ({ date, ranges: sortedRanges(ranges) }))
    .sort((a, b) => (a.date < b.date ? -1 : 1))
}

function sortedRanges(ranges: readonly HourRange[]): HourRange[] {
  return [...ranges].sort((a, b) => a[0] - b[0] || a[1] - b[1])
}

/** Deleting is refused for the last one: without hours nothing could be offered. */
export function mayDelete(count: number): { ok: true } | { ok: false; reason: 'last_schedule' } {
  return count > 1 ? { ok: true } : { ok: false, reason: 'last_schedule' }
}

/** `name` with the first free number after it, within the length of a name. */
export function freeName(name: string, taken: readonly string[]): string {
  for (let number = 2; ; number++) {
    const suffix = ` ${number}`
    const candidate = name.replace(/ \d+$/, '').slice(0, LONGEST_NAME - suffix.length) + suffix
    if (!taken.includes(candidate)) return candidate
  }
}

/** Hours to begin with on a day that had none. */
export const FIRST_RANGE: HourRange = [540, 1020]

/** What "add hours" adds to a day: an hour, an hour after the last; null when the day has no room behind it. */
export function nextRange(ranges: readonly HourRange[]): HourRange | null {
  const latest = Math.max(...ranges.map(([, end]) => end).filter(Number.isFinite), Number.NEGATIVE_INFINITY)
  if (latest === Number.NEGATIVE_INFINITY) return [...FIRST_RANGE]
  if (latest >= DAY_MINUTES) return null
  const start = latest + 120 <= DAY_MINUTES ? latest + 60 : latest
  return [start, Math.min(start + 60, DAY_MINUTES)]
}
