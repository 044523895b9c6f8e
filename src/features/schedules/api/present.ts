import { WEEKDAYS } from '#platform/http/api/hours.ts'
import type { DateOverride, Schedule, WeeklyHours } from '../types.ts'
import type { WireSchedule } from './schema.ts'

export function presentedSchedule(schedule: Schedule, ownerId: number): WireSchedule {
  const { id, name, timeZone, isDefault, weekly, overrides } = schedule
  return {
    ...{ id, ownerId, name, timeZone, isDefault },
    availability: weekly.map(({ days, start, end }) => ({
      days: days.flatMap((day) => WEEKDAYS[day] ?? []),
      startTime: clockOf(start),
      endTime: clockOf(end),
    })),
    overrides: overrides.flatMap(({ date, ranges }) =>
      ranges.length === 0
        ? { date, startTime: '00:00', endTime: '00:00' }
        : ranges.map(([start, end]) => ({ date, startTime: clockOf(start), endTime: clockOf(end) })),
    ),
  }
}

export function weeklyOf(availability: WireSchedule['availability']): WeeklyHours[] {
  return availability.map(({ days, startTime, endTime }) => ({
    days: [...new Set(days)].map((day) => WEEKDAYS.indexOf(day)),
    start: minutesOf(startTime),
    end: minutesOf(endTime),
  }))
}

export function overridesOf(overrides: WireSchedule['overrides']): DateOverride[] {
  const byDate = Map.groupBy(overrides, ({ date }) => date)
  return [...byDate].map(([date, entries]) => ({
    date,
    ranges: entries
      .map(({ startTime, endTime }): [number, number] => [minutesOf(startTime), minutesOf(endTime)])
      .filter(([start, end]) => start !== 0 || end !== 0),
  }))
}

function clockOf(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':')
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}
