import { hoursByDay, problemsOfDay, weeklyFromDays } from '../rules.ts'
import type { DateOverride, HourRange, Schedule, ScheduleLayer, WeeklyHours } from '../types.ts'

/** A schedule while it is being edited. */
export interface Draft {
  name: string
  timeZone: string
  /** By weekday, 0 = Sunday; a time that cannot be read is NaN. */
  byDay: HourRange[][]
  overrides: DateOverride[]
  layers: LayerDraft[]
}

/** Hours for a time, or for some weeks, while they are edited; a date is empty while it is open. */
export interface LayerDraft {
  name: string
  from: string
  to: string
  /** 1: every week. */
  every: number | 'month'
  anchor: string
  /** Which weeks of the month, when `every` is `month`. */
  ofMonth: number[]
  byDay: HourRange[][]
}

export function draftOf({ name, timeZone, weekly, overrides, layers }: Schedule): Draft {
  return {
    ...{ name, timeZone, byDay: hoursByDay(weekly), overrides: structuredClone(overrides) },
    layers: layers.map(layerDraftOf),
  }
}

function layerDraftOf({ name, from, to, weeks, weekly }: ScheduleLayer): LayerDraft {
  return {
    ...{ name, from: from ?? '', to: to ?? '', byDay: hoursByDay(weekly) },
    ...{ every: 1, anchor: '', ofMonth: [1] },
    ...(weeks && ('ofMonth' in weeks ? { every: 'month', ofMonth: [...weeks.ofMonth] } : weeks)),
  }
}

function layerOf({ name, from, to, byDay, ...when }: LayerDraft): ScheduleLayer {
  return {
    ...{ name, from: from || null, to: to || null, weekly: weeklyFromDays(byDay) },
    weeks: weeksOf(when),
  }
}

function weeksOf({ every, anchor, ofMonth }: Pick<LayerDraft, 'every' | 'anchor' | 'ofMonth'>): ScheduleLayer['weeks'] {
  if (every === 'month') return { ofMonth }
  return every > 1 ? { every, anchor } : null
}

/** The draft as the command takes it. */
export function contentOf({ name, timeZone, byDay, overrides, layers }: Draft): {
  name: string
  timeZone: string
  weekly: WeeklyHours[]
  overrides: DateOverride[]
  layers: ScheduleLayer[]
} {
  return { name, timeZone, weekly: weeklyFromDays(byDay), overrides, layers: layers.map(layerOf) }
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

export function hasProblems({ byDay, overrides, layers }: Draft): boolean {
  const days = [...byDay, ...overrides.map((one) => one.ranges), ...layers.flatMap((layer) => layer.byDay)]
  return days.some((ranges) => problemsOfDay(ranges).length > 0) || layers.some(isReversed) || layers.some(isNever)
}

function isReversed({ from, to }: LayerDraft): boolean {
  return from !== '' && to !== '' && to < from
}

function isNever({ every, ofMonth }: LayerDraft): boolean {
  return every === 'month' && ofMonth.length === 0
}
