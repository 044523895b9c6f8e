import { describe, expect, it } from 'vitest'
import type { Explanation } from '#engine/explain.ts'
import { DAY_REASONS } from '../types.ts'
import { PUBLIC_REASONS, publicDayReasons, publicReasons } from './rules.ts'

type OfferCode = Explanation['reasons'][number]['code']
type HostCode = Explanation['hosts'][number]['reasons'][number]['code']

/** Only the codes count; whatever else the engine knows must not matter. */
function explanation(reasons: OfferCode[], ...hosts: HostCode[][]): Explanation {
  const all = {
    reasons: reasons.map((code) => ({ code })),
    hosts: hosts.map((own) => ({ reasons: own.map((code) => ({ code })) })),
  }
  return { offered: false, start: 0, end: 0, ...all } as unknown as Explanation
}

/** Every code there is: a new one does not compile until somebody has thought about what visitors learn by it. */
const ALL: Record<OfferCode | HostCode, string> = {
  ...{ past: 'past', notice: 'soon', window: 'beyond', bookerLimit: '', hostBusy: '', groupBusy: '', noHosts: '' },
  ...{ resourceClosed: '', resourceInUse: '', restriction: 'closed', seatsElsewhere: 'taken', notFirstOfDay: 'start' },
  ...{ offGrid: 'start', limit: 'taken', outsideHours: 'closed', away: 'away', busy: 'taken', booking: 'taken' },
  ...{ buffer: 'taken', held: 'taken', calendarBroken: '' },
}

describe('what visitors are told of a time that is not offered', () => {
  it.each(Object.entries(ALL))('%s: “%s”', (code, told) => {
    const wanted = told === '' ? [] : [told]
    expect(publicReasons(explanation([code as OfferCode]))).toEqual(wanted)
    expect(publicReasons(explanation(['hostBusy'], [code as HostCode]))).toEqual(wanted)
  })

  it('is the same for whatever fills the time', () => {
    const fillers: HostCode[] = ['booking', 'buffer', 'busy', 'held', 'limit']
    expect(new Set(fillers.map((code) => JSON.stringify(publicReasons(explanation(['hostBusy'], [code])))))).toEqual(
      new Set(['["taken"]']),
    )
  })

  it('says nothing of what a host does outside of the hours, away, or before and after what can be booked', () => {
    for (const [reasons, host, told] of [
      [[], ['outsideHours', 'booking'], ['closed']],
      [[], ['away', 'busy'], ['away']],
      [['notice'], ['booking'], ['soon']],
      [['window'], ['booking'], ['beyond']],
      [['offGrid'], ['booking'], ['start']],
    ] as [OfferCode[], HostCode[], string[]][]) {
      expect(publicReasons(explanation(reasons, host))).toEqual(told)
    }
  })

  it('does not tell which of several hosts it is', () => {
    expect(publicReasons(explanation(['hostBusy'], ['away'], []))).toEqual(
      publicReasons(explanation(['hostBusy'], [], ['away'])),
    )
  })

  it('is nothing for a time that is offered', () => {
    expect(publicReasons({ ...explanation([], ['booking']), offered: true })).toEqual([])
    expect(PUBLIC_REASONS).not.toContain('booking')
  })
})

describe('what visitors are told of a day without a slot', () => {
  const told = (...codes: (typeof DAY_REASONS)[number][]) =>
    publicDayReasons({ starts: [], reasons: codes.map((code) => ({ code, label: 'Company outing' })) })

  it('is the same for whatever fills it, and for every reason to be away', () => {
    for (const code of ['limit', 'booking', 'held', 'buffer', 'seatsElsewhere'] as const) {
      expect(told(code)).toEqual(['taken'])
    }
    expect([told('away'), told('holiday')]).toEqual([['away'], ['away']])
  })

  it('is one of the words, or nothing', () => {
    for (const code of DAY_REASONS) {
      const words = told(code)
      expect(words.filter((word) => !PUBLIC_REASONS.includes(word))).toEqual([])
      expect(words).toHaveLength(code === 'other' ? 0 : 1)
    }
  })

  it('says nothing of bookings where something else is in the way, and nothing at all where there is a slot', () => {
    expect(told('booking', 'away')).toEqual(['away'])
    expect(publicDayReasons({ starts: [1], reasons: [{ code: 'booking' }] })).toEqual([])
  })
})
