import { formatTime, type HourCycle } from '#ui/dates.ts'
import { DAY_MINUTES } from '../rules.ts'

/** Which end of a range a time is: midnight is 0 as a start and 1440 as an end. */
export type RangeEnd = 'start' | 'end'

export interface ClockStyle {
  locale: string
  hourCycle: HourCycle
}

/** `09:00`, `9:00 am`; the end of the day as `24:00`, or as midnight on a 12-hour clock. */
export function clockText(minute: number, { locale, hourCycle }: ClockStyle): string {
  if (minute === DAY_MINUTES && hourCycle === 'h23') return '24:00'
  return formatTime((minute % DAY_MINUTES) * 60_000, { locale, hourCycle, timeZone: 'UTC' })
}

/** `09:00 – 17:00` */
export function rangeText([start, end]: readonly [number, number], style: ClockStyle): string {
  return `${clockText(start, style)} – ${clockText(end, style)}`
}

const TIME = /^(\d{1,2})(?:[:.h,]?(\d\d))?(am?|pm?|uhr|h)?$/

/**
 * Minute of the day of a time as people type it: `9`, `930`, `9:30`, `9.30`, `9h30`, `5pm`, `17 Uhr`, `24:00`. Null when it is none.
 * On a 12-hour clock, an end that would not lie `after` the start and says neither am nor pm is taken as pm.
 */
export function readClock(text: string, end: RangeEnd, hourCycle: HourCycle, after = -1): number | null {
  const [, hours, minutes = '0', suffix = ''] =
    TIME.exec(text.toLowerCase().replace(/[\s\u202f]|(?<=[ap])\.|(?<=m)\./g, '')) ?? []
  if (hours === undefined || Number(minutes) > 59) return null
  const half = suffix[0] === 'a' || suffix[0] === 'p' ? suffix[0] : null
  const hour = half === null ? Number(hours) : hourOfHalf(Number(hours), half)
  if (hour === null) return null
  const minute = hour * 60 + Number(minutes)
  if (minute > DAY_MINUTES) return null
  if (end === 'start') return minute === DAY_MINUTES ? null : minute
  if (minute === 0) return DAY_MINUTES
  const meansAfternoon = hourCycle === 'h12' && half === null && minute <= after && minute < DAY_MINUTES / 2
  return meansAfternoon ? minute + DAY_MINUTES / 2 : minute
}

function hourOfHalf(hour: number, half: 'a' | 'p'): number | null {
  if (hour < 1 || hour > 12) return null
  return (hour % 12) + (half === 'p' ? 12 : 0)
}
