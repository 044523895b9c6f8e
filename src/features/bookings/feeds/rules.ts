import type { Limit } from '#platform/rate-limit.ts'
import type { BusyTime } from './types.ts'

const DAY_MS = 86_400_000
const DAYS_BACK = 90
const DAYS_AHEAD = 366
/** What is told without being asked for, and at most. */
const USUAL_DAYS = 42
export const MOST_DAYS = 366

/** Calendars ask every few minutes to hours, and several devices may share one address. */
export const READING = { name: 'feed-reading', attempts: 240, seconds: 3600 } satisfies Limit
/** Addresses that lead nowhere, by client. */
export const GUESSING = { name: 'feed-guessing', attempts: 120, seconds: 3600 } satisfies Limit

/** What a feed of bookings covers, in whole days of UTC: the same all day, so that what did not change is not sent again. */
export function feedSpan(now: number): { from: number; until: number } {
  const today = Math.floor(now / DAY_MS) * DAY_MS
  return { from: today - DAYS_BACK * DAY_MS, until: today + (DAYS_AHEAD + 1) * DAY_MS }
}

/** What is told of free/busy times: six weeks from now where nothing else is asked for. */
export function busySpan(
  { start = undefined, end = undefined }: { start?: number; end?: number },
  now: number,
): { ok: true; from: number; until: number } | { ok: false; reason: 'span_backwards' | 'span_too_long' } {
  const from = start ?? (end === undefined ? now : Math.min(now, end - DAY_MS))
  const until = end ?? from + USUAL_DAYS * DAY_MS
  if (until <= from) return { ok: false, reason: 'span_backwards' }
  if (until - from > MOST_DAYS * DAY_MS) return { ok: false, reason: 'span_too_long' }
  return { ok: true, from, until }
}

/**
 * Times as others may know them: cut to the span, and those of one kind that meet or overlap as one, so that nobody can count
 * meetings. Sorted by start.
 */
export function joinedTimes(times: readonly BusyTime[], { from, until }: { from: number; until: number }): BusyTime[] {
  const joined: BusyTime[] = []
  const last = new Map<BusyTime['kind'], BusyTime>()
  for (const time of times.toSorted((a, b) => a.start - b.start)) {
    const cut = { ...time, start: Math.max(time.start, from), end: Math.min(time.end, until) }
    if (cut.end <= cut.start) continue
    const before = last.get(cut.kind)
    if (before && cut.start <= before.end) {
      before.end = Math.max(before.end, cut.end)
      continue
    }
    last.set(cut.kind, cut)
    joined.push(cut)
  }
  return joined
}
