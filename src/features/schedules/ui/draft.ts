import { hoursByDay, problemsOfDay, weeklyFromDays } from '../rules.ts'
import type { DateOverride, HourRange, Schedule, WeeklyHours } from '../types.ts'

/** A schedule while it is being edited. */
export interface Draft {
  name: string
  timeZone: string
  /** By weekday, 0 = Sunday; a time that cannot be read is NaN. */
  byDay: HourRange[][]
  overrides: DateOverride[]
}

export function draftOf({ name, timeZone, weekly, overrides }: Schedule): Draft {
  return { name, timeZone, byDay: hoursByDay(weekly), overrides: structuredClone(overrides) }
}

/** The draft as the command takes it. */
export function contentOf({ name, timeZone, byDay, overrides }: Draft): {
  name: string
  timeZone: string
  weekly: WeeklyHours[]
  overrides: DateOverride[]
} {
  return { name, timeZone, weekly: weeklyFromDays(byDay), overrides }
}

/** Code of what is wrong with each range of a day, by index. */
export function rangeProblems(ranges: readonly HourRange[]): Map<number, string> {
  return new Map(
    problemsOfDay(ranges).map(({ index, code }) => [
      index,
      ranges[index]?.some(Number.isNaN) ? 'time_unreadable' : code,
    ]),
  )
}

export function hasProblems({ byDay, overrides }: Draft): boolean {
  return [...byDay, ...overrides.map((one) => one.ranges)].some((ranges) => problemsOfDay(ranges).length > 0)
}
