import { describe, expect, it } from 'vitest'
import type { BookingWindow } from '../../event-types/types.ts'
import type { Offer } from '../types.ts'
import { hasNothingNear } from './rules.ts'

const now = Date.parse('2026-11-16T08:00:00Z')
const DAY = 86_400_000
const offer = (notice: number, window: BookingWindow = null) =>
  ({ eventType: { notice, window }, hours: { timeZone: 'Europe/Berlin' } }) as Offer

describe('nothing near', () => {
  it('is no start at all, or none within two weeks', () => {
    expect(hasNothingNear(offer(0), null, now)).toBe(true)
    expect(hasNothingNear(offer(0), now + 14 * DAY, now)).toBe(true)
    expect(hasNothingNear(offer(0), now + 14 * DAY - 1, now)).toBe(false)
  })

  it('is counted from when the event type means to be booked', () => {
    expect(hasNothingNear(offer(20 * 1440), now + 21 * DAY, now)).toBe(false)
    expect(hasNothingNear(offer(20 * 1440), now + 34 * DAY, now)).toBe(true)
    const spring = { type: 'fixed', startDate: '2027-03-01', endDate: '2027-03-31' } as const
    const begins = Date.parse('2027-02-28T23:00:00Z')
    expect(hasNothingNear(offer(0, spring), begins + DAY, now)).toBe(false)
    expect(hasNothingNear(offer(0, spring), begins + 14 * DAY, now)).toBe(true)
    expect(hasNothingNear(offer(0, spring), null, now)).toBe(true)
  })
})
