import { Temporal } from 'temporal-polyfill'
import type { BusyTime, DaysAway, TripZone } from './types.ts'

const MINUTES_PER_DAY = 1440

/** When the days away begin and end: in the zone of the first trip that covers the date, else in that of the schedule, as slots have it. */
export function awayTime({ source, ...days }: DaysAway, home: string, trips: readonly TripZone[]): BusyTime {
  const zone = (date: string) => trips.find((trip) => covers(trip, date))?.timeZone ?? home
  return {
    start: instantAt(days.firstDate, days.fromMinute ?? 0, zone(days.firstDate)),
    end: instantAt(days.lastDate, days.toMinute ?? MINUTES_PER_DAY, zone(days.lastDate)),
    source,
  }
}

function covers({ firstDate, lastDate }: TripZone, date: string): boolean {
  return firstDate <= date && (lastDate === null || date <= lastDate)
}

function instantAt(date: string, minute: number, timeZone: string): number {
  const day = Temporal.PlainDate.from(date).add({ days: Math.floor(minute / MINUTES_PER_DAY) })
  const left = minute % MINUTES_PER_DAY
  // The first instant of a day need not be midnight.
  if (left === 0) return day.toZonedDateTime(timeZone).epochMilliseconds
  const plainTime = Temporal.PlainTime.from({ hour: Math.floor(left / 60), minute: left % 60 })
  return day.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds
}

/** From the first instant of one date to the last of another. */
export function spanOfDates(first: string, last: string, timeZone: string): { start: number; end: number } {
  return { start: instantAt(first, 0, timeZone), end: instantAt(last, MINUTES_PER_DAY, timeZone) }
}
