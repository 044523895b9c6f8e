import { Temporal } from 'temporal-polyfill'
import type { Offer } from '../types.ts'
import { NEAR_DAYS } from './types.ts'

const MINUTE = 60_000
const DAY = 86_400_000

/**
 * Whether an offer has nothing for who looks at it now. Days that its own notice and window leave out are no loss: they are meant to be.
 * @param first epoch ms of the first start there is; null: none
 */
export function hasNothingNear(offer: Offer, first: number | null, now: number): boolean {
  return first === null || first >= nearest(offer, now) + NEAR_DAYS * DAY
}

/** The first instant that the event type means to be booked, epoch ms. */
export function nearest({ eventType: { notice, window }, hours }: Offer, now: number): number {
  const begins =
    window?.type === 'fixed'
      ? Temporal.PlainDate.from(window.startDate).toZonedDateTime(hours.timeZone).epochMilliseconds
      : now
  return Math.max(now + notice * MINUTE, begins)
}
