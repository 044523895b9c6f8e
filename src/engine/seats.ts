import type { CompiledFacts, SeatedBooking } from './busy.ts'
import { addStart, type StartList } from './grid.ts'
import { holds, type IntervalList } from './intervals.ts'
import type { Offer } from './offer.ts'

/** Whether a slot at `start` (minutes) joins a partly filled booking: that is no further booking, so no limit counts it. */
export function isBegun({ seated }: Pick<CompiledFacts, 'seated'>, start: number): boolean {
  return seated.some((booking) => booking.start === start)
}

/**
 * Partly filled bookings of this event: no other start may overlap one, whichever host it would use; its own start stays
 * on offer, on the grid or not, where the free ranges (from which neither it nor what limits close is subtracted) allow it.
 */
export function admitSeats(
  offer: Offer,
  seated: readonly SeatedBooking[],
  free: IntervalList,
  starts: StartList,
): void {
  dropOverlapping(offer.duration, seated, starts)
  for (const { start } of seated) {
    if (holds(free, start, start + offer.duration)) addStart(starts, start)
  }
}

function dropOverlapping(duration: number, seated: readonly SeatedBooking[], starts: StartList): void {
  const sorted = [...seated].sort((a, b) => a.start - b.start)
  // Latest end of all bookings up to each one: rises, so one pointer serves.
  let reach = 0
  let next = 0
  let kept = 0
  for (let i = 0; i < starts.length; i += 1) {
    const start = starts.data[i]!
    while (next < sorted.length && sorted[next]!.start < start + duration) {
      reach = Math.max(reach, sorted[next]!.end)
      next += 1
    }
    if (reach <= start) starts.data[kept++] = start
  }
  starts.length = kept
}
