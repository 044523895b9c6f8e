import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import {
  addressOf,
  type BookerState,
  decodeStarts,
  encodeStarts,
  groupByDate,
  groupByPart,
  isoOf,
  layoutOf,
  spanOfMonth,
  stateOf,
  weekOf,
} from './booker.ts'

const MINUTE = 60_000

/** Starts in order, as an offer may have them: few, many, close and far apart. */
const starts = fc.array(fc.integer({ min: 5, max: 3000 }), { minLength: 1, maxLength: 200 }).map((steps) => {
  let at = Date.parse('2026-02-20T00:00:00Z')
  return steps.map((step) => {
    at += step * MINUTE
    return at
  })
})
const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'))

function dateOf(at: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate().toString()
}

describe('grouping starts by their dates', () => {
  it('gives every start of the month to the date that Temporal gives it to', () => {
    fc.assert(
      fc.property(starts, zone, (list, timeZone) => {
        const wanted = new Map<string, number[]>()
        for (const start of list) {
          const date = dateOf(start, timeZone)
          if (date.startsWith('2026-03')) wanted.set(date, [...(wanted.get(date) ?? []), start])
        }
        expect([...groupByDate(list, timeZone, '2026-03')]).toEqual([...wanted])
      }),
    )
  })

  it('holds on the day that has 25 hours, and on the one that has 23', () => {
    for (const [month, date, hours] of [
      ['2026-10', '2026-10-25', 25],
      ['2026-03', '2026-03-29', 23],
    ] as const) {
      const span = spanOfMonth(month)
      const quarters = Array.from(
        { length: (span.end - span.start) / (15 * MINUTE) },
        (_, i) => span.start + i * 15 * MINUTE,
      )
      expect(groupByDate(quarters, 'Europe/Berlin', month).get(date)).toHaveLength(hours * 4)
    }
  })
})

describe('grouping starts by the part of the day', () => {
  it('goes by the clock of the zone', () => {
    const at = (text: string) => Date.parse(text)
    const list = [at('2026-07-01T09:59:00Z'), at('2026-07-01T10:00:00Z'), at('2026-07-01T15:00:00Z')]
    expect(groupByPart(list, 'Europe/Berlin')).toEqual([
      ['morning', [list[0]]],
      ['afternoon', [list[1]]],
      ['evening', [list[2]]],
    ])
    expect(groupByPart(list, 'America/New_York')).toEqual([['morning', list]])
  })
})

describe('starts on the wire', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(starts, (list) => {
        expect(decodeStarts(encodeStarts(list))).toEqual(list)
      }),
    )
  })
})

describe('an instant in an address', () => {
  it('is written as Temporal writes it to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), (second) => {
        const instant = Temporal.Instant.fromEpochMilliseconds(second * 1000)
        expect(isoOf(second * 1000)).toBe(instant.toString({ smallestUnit: 'second' }))
      }),
    )
  })
})

describe('layouts', () => {
  const page = { path: '/ada/talk', extra: [], durations: [30], zoneInAddress: false, zoneLocked: false }
  const state: BookerState = {
    ...{ month: '2026-11', date: '2026-11-30', duration: 30, timeZone: 'UTC', hourCycle: 'h23', slot: null },
    layout: 'week',
  }

  it('stand in the address under the names that links know, unless they are the default', () => {
    const layouts = ['month', 'week'] as const
    const address = addressOf({ ...page, layouts: [...layouts] }, state)
    expect(address).toBe('/ada/talk?month=2026-11&date=2026-11-30&layout=week_view')
    expect(addressOf({ ...page, layouts: ['week', 'month'] }, state)).not.toContain('layout')
    expect(stateOf(address, { ...state, layout: 'month' }, { ...page, layouts: [...layouts], state })).toEqual(state)
  })

  it.each([
    ['week_view', 'week'],
    ['column_view', 'month'],
    ['week', 'month'],
    [null, 'month'],
  ])('%j is %s where months and weeks are offered', (name, layout) => {
    expect(layoutOf(name, ['month', 'week'])).toBe(layout)
  })

  it('begin weeks where the visitor does, over months and years', () => {
    expect(weekOf('2026-11-30', 1)[0]).toBe('2026-11-30')
    expect(weekOf('2026-11-30', 0)).toEqual([
      ...['2026-11-29', '2026-11-30', '2026-12-01', '2026-12-02', '2026-12-03', '2026-12-04', '2026-12-05'],
    ])
    expect(weekOf('2027-01-01', 6)[0]).toBe('2026-12-26')
  })
})

describe('a zone that the host fixed', () => {
  it('does not follow the address', () => {
    const state: BookerState = {
      ...{ month: '2026-11', date: null, duration: 30, timeZone: 'Asia/Tokyo', hourCycle: 'h23', slot: null },
      layout: 'month',
    }
    const page = { durations: [30], layouts: ['month' as const], state }
    const address = 'http://x.example/ada/talk?cal.tz=UTC'
    expect(stateOf(address, state, { ...page, zoneLocked: true }).timeZone).toBe('Asia/Tokyo')
    expect(stateOf(address, state, { ...page, zoneLocked: false }).timeZone).toBe('UTC')
  })
})
