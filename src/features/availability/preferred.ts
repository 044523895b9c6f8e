import { compileSchedule, openRanges } from '#engine/hours.ts'
import { holds } from '#engine/intervals.ts'
import { tripInputs } from './offer.ts'
import type { Offer } from './types.ts'

const MINUTE = 60_000

/**
 * Those of the starts (epoch ms, rising) whose whole meeting of `duration` minutes lies in the hours that the host prefers. Which starts
 * there are is none of its business: it never adds or takes away one. The hours are read where the host is then, as all hours are.
 */
export function preferredAmong(offer: Offer, duration: number, starts: readonly number[]): number[] {
  const { preferred } = offer.eventType
  const [first, last] = [starts[0], starts.at(-1)]
  if (preferred === null || first === undefined || last === undefined) return []
  const { timeZone } = offer.hours
  const hours = compileSchedule({ timeZone, weekly: preferred.weekly, travel: tripInputs(offer.trips) }, 'preferred')
  const open = openRanges(hours, first / MINUTE, last / MINUTE + duration)
  return starts.filter((start) => holds(open, start / MINUTE, start / MINUTE + duration))
}
