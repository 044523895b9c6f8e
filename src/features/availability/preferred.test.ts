import { describe, expect, it } from 'vitest'
import { DEFAULT_OPTIONS, type PreferredHours } from '../event-types/types.ts'
import { preferredAmong } from './preferred.ts'
import type { Offer } from './types.ts'

const HOUR = 3_600_000

function offer(weekly: PreferredHours['weekly'] | null, more: Partial<Offer> = {}, timeZone = 'Europe/Berlin'): Offer {
  const preferred = weekly && { weekly, show: 'mark' as const }
  return {
    eventType: { ...DEFAULT_OPTIONS, preferred },
    hours: { timeZone, weekly: [], overrides: [], layers: [] },
    trips: [],
    ...more,
  } as unknown as Offer
}

/** `count` starts, one every half hour. */
const from = (iso: string, count: number) => Array.from({ length: count }, (_, i) => Date.parse(iso) + (i * HOUR) / 2)
const times = (starts: readonly number[]) => starts.map((start) => new Date(start).toISOString().slice(5, 16))
const everyDay = (start: number, end: number) => [{ days: [0, 1, 2, 3, 4, 5, 6], start, end }]

describe('the starts that a host prefers', () => {
  it('are those whose whole meeting lies in the hours', () => {
    // 9 to 11 h in Berlin, 8 to 10 UTC in December.
    const starts = from('2026-12-10T07:00Z', 8)
    expect(times(preferredAmong(offer(everyDay(540, 660)), 60, starts))).toEqual([
      '12-10T08:00',
      '12-10T08:30',
      '12-10T09:00',
    ])
  })

  it('are some of those given, in their order, and nothing else', () => {
    const starts = [Date.parse('2026-12-10T08:10Z'), Date.parse('2026-12-10T20:00Z'), Date.parse('2026-12-11T08:20Z')]
    expect(preferredAmong(offer(everyDay(540, 660)), 30, starts)).toEqual([starts[0], starts[2]])
    expect(preferredAmong(offer(null), 30, starts)).toEqual([])
    expect(preferredAmong(offer(everyDay(540, 660)), 30, [])).toEqual([])
  })

  it('follow the wall clock when it is turned', () => {
    // Berlin turns back on 25 October 2026 and forward on 28 March 2027.
    const nine = offer(everyDay(540, 570))
    expect(times(preferredAmong(nine, 30, from('2026-10-24T06:00Z', 96)))).toEqual(['10-24T07:00', '10-25T08:00'])
    expect(times(preferredAmong(nine, 30, from('2027-03-27T06:00Z', 96)))).toEqual(['03-27T08:00', '03-28T07:00'])
  })

  it('have an hour more in the night that has one', () => {
    const night = offer(everyDay(60, 240))
    const count = (iso: string) => preferredAmong(night, 30, from(iso, 48)).length
    expect([count('2026-10-23T22:00Z'), count('2026-10-24T22:00Z'), count('2027-03-27T23:00Z')]).toEqual([6, 8, 4])
  })

  it('go on over midnight where the hours do', () => {
    const late = offer([
      { days: [4], start: 1380, end: 1440 },
      { days: [5], start: 0, end: 60 },
    ])
    expect(times(preferredAmong(late, 90, from('2026-12-10T21:30Z', 6)))).toEqual(['12-10T22:00', '12-10T22:30'])
  })

  it('are read where the host is then', () => {
    const trips = [{ firstDate: '2026-12-11', lastDate: '2026-12-11', timeZone: 'America/New_York' }]
    const nine = offer(everyDay(540, 570), { trips })
    expect(times(preferredAmong(nine, 30, from('2026-12-10T00:00Z', 144)))).toEqual([
      '12-10T08:00',
      '12-11T14:00',
      '12-12T08:00',
    ])
  })
})
