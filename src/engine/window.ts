import { addBusinessDays, dateAt, isBusinessDay, startOfDay } from './calendar.ts'
import type { Offer } from './offer.ts'
import { FIRST_MINUTE, LAST_MINUTE } from './zones.ts'

/** How many days a window of bookable days looks ahead at most, today included. */
const DAYS_LOOKED_AT = 61

/** Starts in [from, to) are neither past, nor too soon, nor outside the booking window. */
export interface Bounds {
  readonly from: number
  readonly to: number
}

/** The bounds that notice and window set, except for a window of bookable days, which `bookableDaysEnd` narrows further. */
export function boundsOf(offer: Offer, now: number): Bounds {
  const { window, zone } = offer
  // Slots start on whole minutes: the first that is not before now + notice.
  const soonest = Math.max(Math.ceil(now / 60_000) + offer.notice, FIRST_MINUTE)
  if (window === undefined) return { from: soonest, to: LAST_MINUTE }
  if (window.type === 'fixed') {
    return { from: Math.max(soonest, startOfDay(zone, window.first)), to: startOfDay(zone, window.last + 1) }
  }
  const today = dateAt(zone, Math.floor(now / 60_000))
  const last =
    window.type === 'rolling'
      ? window.calendarDays
        ? today + window.days
        : addBusinessDays(today, window.days)
      : lastDayLookedAt(today, window)
  return { from: soonest, to: startOfDay(zone, last + 1) }
}

type BookableDays = { readonly days: number; readonly calendarDays: boolean }

/** Calendar: every day from today. Business: today, then Monday to Friday. */
function lastDayLookedAt(today: number, window: BookableDays): number {
  if (window.days === 0) return today
  return window.calendarDays ? today + DAYS_LOOKED_AT - 1 : addBusinessDays(today, DAYS_LOOKED_AT - 1)
}

/**
 * Where a window of N bookable days ends: after the N-th day that has a start, else after the last one that has, else
 * after the last one looked at. `starts` are all starts within `bounds`.
 */
export function bookableDaysEnd(offer: Offer, now: number, starts: Int32Array, bounds: Bounds): number {
  const { window, zone } = offer
  if (window?.type !== 'rollingWindow' || window.days === 0) return bounds.to
  const today = dateAt(zone, Math.floor(now / 60_000))
  // A set, because a clock set back over midnight shows one date twice.
  const dates = new Set<number>()
  let last: number | undefined
  for (const start of starts) {
    const date = dateAt(zone, start)
    if (date !== last) dates.add(date)
    last = date
  }
  const counted = Array.from(dates)
    .filter((date) => window.calendarDays || date === today || isBusinessDay(date))
    .sort((a, b) => a - b)
  const final = counted[Math.min(window.days, counted.length) - 1]
  return final === undefined ? bounds.to : startOfDay(zone, final + 1)
}
