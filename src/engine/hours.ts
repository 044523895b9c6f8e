import { fieldsOf, MINUTES_PER_DAY, parseDate, weekdayOf } from './calendar.ts'
import { type IntervalList, joinList, newList, push, sortList } from './intervals.ts'
import {
  type AwayDays,
  type DateOverride,
  EngineInputError,
  type ScheduleInput,
  type ScheduleLayer,
  type WeeklyHours,
} from './types.ts'
import { instantOf, LAST_MINUTE, periodOfWall, type Zone, zoneOf } from './zones.ts'

/** Wall hours of one date: minutes of the local day, start, end, start, end, ... sorted and joined. */
export type DayHours = readonly number[]

interface Layer {
  readonly week: readonly DayHours[]
  readonly from: number
  readonly to: number
  readonly weeks:
    | { readonly every: number; readonly anchor: number }
    | { readonly ofMonth: readonly number[] }
    | undefined
}

interface Absence {
  readonly from: number
  readonly to: number
  /** On the first date, and on the last. */
  readonly startMinute: number
  readonly endMinute: number
  readonly days: AwayDays
}

/** A schedule made ready: dates are day numbers, hours are sorted, zones are tables. */
export interface Schedule {
  readonly zone: Zone
  readonly week: readonly DayHours[]
  readonly layers: readonly Layer[]
  /** Date to the hours that replace the weekly ones, and those of them that hold although the host is away. */
  readonly overrides: ReadonlyMap<number, { readonly hours: DayHours; readonly deliberate: DayHours }>
  readonly away: readonly Absence[]
  readonly trips: readonly { readonly from: number; readonly to: number; readonly zone: Zone }[]
  /** Ranges given directly: the schedule is these and nothing else. */
  readonly given: IntervalList | undefined
  /** Open ranges worked out so far, for the dates [openFrom, openTo). */
  open: IntervalList
  openFrom: number
  openTo: number
}

const FAR = 0x3fffffff
const NO_HOURS: DayHours = []
const LAST_WEEK = -1
const WEEKS_OF_MONTH = [1, 2, 3, 4, LAST_WEEK]

/** Monday to Friday, nine to five: what a host has who never set any hours. */
export const FALLBACK_WEEKLY: readonly WeeklyHours[] = [{ days: [1, 2, 3, 4, 5], start: 540, end: 1020 }]

/** @throws EngineInputError */
export function compileSchedule(input: ScheduleInput, path: string): Schedule {
  return {
    zone: zoneOf(input.timeZone, `${path}.timeZone`),
    week: compileWeek(input.weekly, `${path}.weekly`),
    layers: (input.layers ?? []).map((layer, i) => compileLayer(layer, `${path}.layers[${i}]`)),
    overrides: compileOverrides(input.overrides ?? [], `${path}.overrides`),
    away: (input.outOfOffice ?? []).map((days, i) => compileAbsence(days, `${path}.outOfOffice[${i}]`)),
    trips: (input.travel ?? []).map((trip, i) => ({
      from: parseDate(trip.from, `${path}.travel[${i}].from`),
      to: trip.to === undefined ? FAR : parseDate(trip.to, `${path}.travel[${i}].to`),
      zone: zoneOf(trip.timeZone, `${path}.travel[${i}].timeZone`),
    })),
    given: input.ranges === undefined ? undefined : compileRanges(input.ranges, `${path}.ranges`),
    open: newList(0),
    openFrom: 0,
    openTo: 0,
  }
}

function compileAbsence(days: AwayDays, path: string): Absence {
  const { startMinute = 0, endMinute = MINUTES_PER_DAY } = days
  checkMinute(startMinute, `${path}.startMinute`)
  checkMinute(endMinute, `${path}.endMinute`)
  return {
    from: parseDate(days.start, `${path}.start`),
    to: parseDate(days.end, `${path}.end`),
    startMinute,
    endMinute,
    days,
  }
}

function compileWeek(weekly: readonly WeeklyHours[], path: string): DayHours[] {
  const week: number[][] = [[], [], [], [], [], [], []]
  weekly.forEach((entry, i) => {
    checkMinute(entry.start, `${path}[${i}].start`)
    checkMinute(entry.end, `${path}[${i}].end`)
    for (const day of entry.days) {
      const hours = week[day]
      if (hours === undefined) throw new EngineInputError(`${path}[${i}].days`, `${day} is not a weekday (0..6)`)
      hours.push(entry.start, entry.end)
    }
  })
  return week.map(joinHours)
}

function compileLayer(layer: ScheduleLayer, path: string): Layer {
  return {
    week: compileWeek(layer.weekly, `${path}.weekly`),
    from: layer.from === undefined ? -FAR : parseDate(layer.from, `${path}.from`),
    to: layer.to === undefined ? FAR : parseDate(layer.to, `${path}.to`),
    weeks: layer.weeks === undefined ? undefined : compileWeeks(layer.weeks, `${path}.weeks`),
  }
}

function compileWeeks(weeks: NonNullable<ScheduleLayer['weeks']>, path: string): Layer['weeks'] {
  if ('ofMonth' in weeks) {
    const { ofMonth } = weeks
    for (const week of ofMonth) {
      if (WEEKS_OF_MONTH.includes(week)) continue
      throw new EngineInputError(`${path}.ofMonth`, `${week} is not a week of a month (1..4, or -1 for the last)`)
    }
    return { ofMonth }
  }
  const { every, anchor } = weeks
  if (!Number.isInteger(every) || every < 1) throw new EngineInputError(`${path}.every`, 'must be 1 or more')
  return { every, anchor: parseDate(anchor, `${path}.anchor`) }
}

function compileOverrides(overrides: readonly DateOverride[], path: string): Schedule['overrides'] {
  const all = new Map<number, { hours: number[]; deliberate: number[] }>()
  overrides.forEach((override, i) => {
    const date = parseDate(override.date, `${path}[${i}].date`)
    const entry = all.get(date) ?? { hours: [], deliberate: [] }
    all.set(date, entry)
    if (override.off === true || (override.start === undefined && override.end === undefined)) return
    if (override.start === undefined || override.end === undefined) {
      throw new EngineInputError(`${path}[${i}]`, 'needs both start and end, or off')
    }
    checkMinute(override.start, `${path}[${i}].start`)
    checkMinute(override.end, `${path}[${i}].end`)
    entry.hours.push(override.start, override.end)
    if (override.deliberate === true) entry.deliberate.push(override.start, override.end)
  })
  return new Map(
    Array.from(all, ([date, { hours, deliberate }]) => [
      date,
      { hours: joinHours(hours), deliberate: joinHours(deliberate) },
    ]),
  )
}

/** Sorts hours and joins those that touch or overlap; what ends before it starts is dropped. */
function joinHours(hours: readonly number[]): DayHours {
  if (hours.length <= 2) return hours.length === 2 && hours[0]! < hours[1]! ? hours : NO_HOURS
  const list: IntervalList = { data: Int32Array.from(hours), length: hours.length }
  sortList(list)
  joinList(list)
  return Array.from(list.data.subarray(0, list.length))
}

/** Given ranges shrink to whole minutes, then join like hours. */
function compileRanges(ranges: readonly (readonly [number, number])[], path: string): IntervalList {
  const list = newList(ranges.length)
  ranges.forEach(([start, end], i) => {
    if (Number.isNaN(start) || Number.isNaN(end))
      throw new EngineInputError(`${path}[${i}]`, 'is not a range of instants')
    const from = Math.max(Math.ceil(start / 60_000), 0)
    const to = Math.min(Math.floor(end / 60_000), LAST_MINUTE)
    if (from < to) push(list, from, to)
  })
  sortList(list)
  joinList(list)
  return list
}

function checkMinute(minute: number, path: string): void {
  if (!Number.isInteger(minute) || minute < 0 || minute > MINUTES_PER_DAY) {
    throw new EngineInputError(path, `${minute} is not a minute of the day (0..${MINUTES_PER_DAY})`)
  }
}

/** The zone in which the wall times of a date are read: that of the first trip that covers it, else home. */
export function zoneOn(schedule: Schedule, date: number): Zone {
  for (const trip of schedule.trips) if (trip.from <= date && date <= trip.to) return trip.zone
  return schedule.zone
}

/** The absence that takes some of the minutes [start, end) of a date, if any. */
export function awayDuring(schedule: Schedule, date: number, start: number, end: number): AwayDays | undefined {
  for (const absence of schedule.away) {
    if (absence.from > date || date > absence.to) continue
    const from = date === absence.from ? absence.startMinute : 0
    const to = date === absence.to ? absence.endMinute : MINUTES_PER_DAY
    if (start < to && from < end) return absence.days
  }
  return undefined
}

/** The hours of a date: its override, else those of the first layer valid then, else the weekly ones; less those when away. */
export function hoursOn(schedule: Schedule, date: number): DayHours {
  const override = schedule.overrides.size === 0 ? undefined : schedule.overrides.get(date)
  const hours = override === undefined ? weeklyOn(schedule, date) : override.hours
  let left = hours
  for (const absence of schedule.away) {
    if (absence.from > date || date > absence.to) continue
    const from = date === absence.from ? absence.startMinute : 0
    const to = date === absence.to ? absence.endMinute : MINUTES_PER_DAY
    left = hoursWithout(left, from, to)
  }
  const deliberate = override?.deliberate ?? NO_HOURS
  return left === hours || deliberate.length === 0 ? left : joinHours([...left, ...deliberate])
}

function hoursWithout(hours: DayHours, start: number, end: number): DayHours {
  const left: number[] = []
  for (let i = 0; i < hours.length; i += 2) {
    const from = hours[i]!
    const to = hours[i + 1]!
    if (from < Math.min(to, start)) left.push(from, Math.min(to, start))
    if (Math.max(from, end) < to) left.push(Math.max(from, end), to)
  }
  return left
}

/** The hours of a date without overrides and absences. */
export function weeklyOn(schedule: Schedule, date: number): DayHours {
  for (const layer of schedule.layers) {
    if (date < layer.from || date > layer.to) continue
    if (holdsInWeekOf(layer, date)) return layer.week[weekdayOf(date)]!
  }
  return schedule.week[weekdayOf(date)]!
}

function holdsInWeekOf({ weeks }: Layer, date: number): boolean {
  if (weeks === undefined) return true
  if ('every' in weeks) return Math.floor((date - weeks.anchor) / 7) % weeks.every === 0
  const { month, day } = fieldsOf(date)
  if (weeks.ofMonth.includes(Math.ceil(day / 7))) return true
  return weeks.ofMonth.includes(LAST_WEEK) && fieldsOf(date + 7).month !== month
}

/**
 * The open ranges of a schedule as a disjoint list that is complete at least for [from, to). What it holds beyond that
 * is right too, but may lack neighbours. Ranges are worked out once for a generous stretch of dates and kept.
 */
export function openRanges(schedule: Schedule, from: number, to: number): IntervalList {
  if (schedule.given !== undefined) return schedule.given
  // Local dates differ from those of UTC by less than two days in any zone.
  const first = Math.floor(from / MINUTES_PER_DAY) - 2
  const last = Math.floor(to / MINUTES_PER_DAY) + 3
  if (first < schedule.openFrom || last > schedule.openTo) {
    schedule.openFrom = first - 7
    schedule.openTo = last + 31
    schedule.open = readHours(schedule, schedule.openFrom, schedule.openTo)
  }
  return schedule.open
}

function readHours(schedule: Schedule, first: number, end: number): IntervalList {
  const list = newList(end - first)
  let sorted = true
  for (let date = first; date < end; date += 1) {
    const hours = hoursOn(schedule, date)
    if (hours.length === 0) continue
    const before = list.length
    pushHours(list, zoneOn(schedule, date), date, hours)
    if (before > 0 && list.length > before && list.data[before]! < list.data[before - 2]!) sorted = false
  }
  if (!sorted) sortList(list)
  joinList(list)
  return list
}

/** Reads wall hours of a date as instants. 24:00 is the next day's 00:00. */
function pushHours(list: IntervalList, zone: Zone, date: number, hours: DayHours): void {
  const midnight = date * MINUTES_PER_DAY
  const period = periodOfWall(zone, midnight)
  const offset = zone.offsets[period]!
  const steady = zone.starts[period]! + offset <= midnight && midnight + MINUTES_PER_DAY < zone.wallEnds[period]!
  for (let i = 0; i < hours.length; i += 2) {
    const start = midnight + hours[i]!
    const end = midnight + hours[i + 1]!
    if (steady) push(list, start - offset, end - offset)
    else push(list, instantOf(zone, start), instantOf(zone, end))
  }
}
