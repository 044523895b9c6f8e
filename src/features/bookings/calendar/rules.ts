import { Temporal } from 'temporal-polyfill'

export const CALENDAR_VIEWS = ['week', 'month'] as const
export type CalendarView = (typeof CALENDAR_VIEWS)[number]

/** What a page of the calendar shows. Dates are YYYY-MM-DD. */
export interface CalendarSpan {
  view: CalendarView
  /** The day it is about. */
  date: string
  /** Whole weeks. */
  dates: string[]
  previous: string
  next: string
}

/** The week or the weeks of the month around a date. @param weekStart 0 = Sunday */
export function calendarSpan(view: CalendarView, date: string, weekStart: number): CalendarSpan {
  const day = Temporal.PlainDate.from(date)
  const step = view === 'week' ? { weeks: 1 } : { months: 1 }
  const first = view === 'week' ? day : day.with({ day: 1 })
  const last = view === 'week' ? day : first.add({ months: 1 }).subtract({ days: 1 })
  const dates: string[] = []
  for (let at = startOfWeek(first, weekStart); Temporal.PlainDate.compare(at, last) <= 0 || dates.length % 7 > 0; ) {
    dates.push(at.toString())
    at = at.add({ days: 1 })
  }
  return { view, date, dates, previous: first.subtract(step).toString(), next: first.add(step).toString() }
}

function startOfWeek(day: Temporal.PlainDate, weekStart: number): Temporal.PlainDate {
  return day.subtract({ days: (day.dayOfWeek - weekStart + 7) % 7 })
}

/** A part of a booking on one date, as the clock on the wall shows it. */
export interface Segment {
  date: string
  /** Minutes of the day, 0 to 1440. */
  from: number
  to: number
}

/** Cuts a time at each midnight of the zone. */
export function segmentsOf(start: Temporal.Instant, end: Temporal.Instant, timeZone: string): Segment[] {
  const last = end.toZonedDateTimeISO(timeZone)
  const segments: Segment[] = []
  let at = start.toZonedDateTimeISO(timeZone)
  while (Temporal.ZonedDateTime.compare(at, last) < 0) {
    const midnight = at.toPlainDate().add({ days: 1 }).toZonedDateTime(timeZone)
    const ends = Temporal.ZonedDateTime.compare(midnight, last) <= 0
    const from = minuteOf(at)
    // Where clocks go back, an end may read earlier than its start.
    const to = ends ? 1440 : Math.max(minuteOf(last), from)
    segments.push({ date: at.toPlainDate().toString(), from, to })
    at = midnight
  }
  return segments
}

function minuteOf({ hour, minute }: Temporal.ZonedDateTime): number {
  return hour * 60 + minute
}

/** The hours that a week shows: usual ones, and wherever there is something. */
export function hoursOf(segments: readonly Segment[]): { first: number; last: number } {
  return {
    first: Math.min(8, ...segments.map(({ from }) => Math.floor(from / 60))),
    last: Math.max(18, ...segments.map(({ to }) => Math.ceil(to / 60))),
  }
}
