import { z } from 'zod'
import { calendarDate, singleLine, timeZoneName } from '#platform/fields.ts'
import {
  hoursByDay,
  LONGEST_NAME,
  MOST_LAYERS,
  MOST_OVERRIDES,
  MOST_RANGES_PER_DAY,
  MOST_WEEKS_APART,
  problemsOfDay,
  WEEKS_OF_MONTH,
} from './rules.ts'
import type { HourRange } from './types.ts'

/** Judged with the day it belongs to, by `problemsOfDay`. */
const minute = z.number()
const range = z.tuple([minute, minute])
const name = singleLine(LONGEST_NAME)

const weekly = z
  .array(z.strictObject({ days: z.array(z.number().int().min(0).max(6)).min(1).max(7), start: minute, end: minute }))
  .max(7 * MOST_RANGES_PER_DAY)
  .superRefine((entries, check) => {
    hoursByDay(entries).forEach((ranges, day) => {
      addProblems(ranges, [day], check)
    })
  })

const overrides = z
  .array(
    z.strictObject({
      date: calendarDate,
      ranges: z.array(range).superRefine((ranges, check) => addProblems(ranges, [], check)),
    }),
  )
  .max(MOST_OVERRIDES)
  .superRefine((entries, check) => {
    const seen = new Set<string>()
    entries.forEach(({ date }, index) => {
      if (seen.has(date)) check.addIssue({ code: 'custom', path: [index, 'date'], params: { code: 'date_twice' } })
      seen.add(date)
    })
  })

const everyWeek = z.strictObject({ every: z.number().int().min(2).max(MOST_WEEKS_APART), anchor: calendarDate })

const monthWeeks = z.strictObject({
  ofMonth: z
    .array(z.number().refine((week) => WEEKS_OF_MONTH.includes(week)))
    .min(1)
    .max(WEEKS_OF_MONTH.length)
    .refine((weeks) => new Set(weeks).size === weeks.length),
})

const layers = z
  .array(
    z
      .strictObject({
        name: z.union([z.literal(''), singleLine(LONGEST_NAME)]).default(''),
        from: calendarDate.nullable(),
        to: calendarDate.nullable(),
        weeks: z.union([everyWeek, monthWeeks]).nullable(),
        weekly,
      })
      .superRefine(({ from, to }, check) => {
        if (from === null || to === null || from <= to) return
        check.addIssue({ code: 'custom', path: ['to'], params: { code: 'ends_before_it_begins' } })
      }),
  )
  .max(MOST_LAYERS)

function addProblems(ranges: readonly HourRange[], path: number[], check: z.core.$RefinementCtx): void {
  if (ranges.length > MOST_RANGES_PER_DAY) check.addIssue({ code: 'custom', path, params: { code: 'too_many_ranges' } })
  for (const { index, code } of problemsOfDay(ranges)) {
    check.addIssue({ code: 'custom', path: [...path, index], params: { code } })
  }
}

const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)

export const newSchedule = z.strictObject({ name, timeZone: timeZoneName })

/** Everything of a schedule, saved at once. Problems of hours are named by weekday and range: `weekly.1.0`. */
export const scheduleChange = z.strictObject({
  id,
  /** As it was read; another one means that somebody saved meanwhile. */
  version: z.string().max(40),
  name,
  timeZone: timeZoneName,
  weekly,
  overrides,
  /** Absent: as they are. */
  layers: layers.optional(),
})

export const scheduleKey = z.strictObject({ id })
export const restoreKey = z.strictObject({ key: z.uuid() })

export type NewSchedule = z.input<typeof newSchedule>
export type ScheduleChange = z.input<typeof scheduleChange>
export type ScheduleKey = z.input<typeof scheduleKey>
export type RestoreKey = z.input<typeof restoreKey>
