import { Temporal } from 'temporal-polyfill'
import type { Span } from '#engine/types.ts'
import { wrong } from './address.ts'
import type { When } from './schema.ts'

const DAY = 86_400_000
const MOST_DAYS = 366
/** Clocks that are set back make a span of days longer than so many times 24 hours. */
const SLACK = 3 * 3_600_000

/**
 * What is asked about, without what is over; possibly nothing.
 * @param timeZone of the days
 * @throws invalid_input when it is upside down or too long
 */
export function spanAsked({ start, end }: { start: When; end: When }, timeZone: string, now: number): Span {
  const from = 'date' in start ? dayAsked(start.date, timeZone).start : start.at
  const to = 'date' in end ? dayAsked(end.date, timeZone).end : end.at
  if (to <= from) throw wrong('end', 'span_ends_before_start')
  if (to - from > MOST_DAYS * DAY + SLACK) throw wrong('end', 'span_too_long', { max: MOST_DAYS })
  return { start: Math.max(from, now), end: Math.max(to, now) }
}

export function dayAsked(date: string, timeZone: string): Span {
  const day = Temporal.PlainDate.from(date)
  const startOf = (one: Temporal.PlainDate) => one.toZonedDateTime(timeZone).epochMilliseconds
  return { start: startOf(day), end: startOf(day.add({ days: 1 })) }
}
