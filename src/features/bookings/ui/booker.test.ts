import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { decodeStarts, encodeStarts, groupByDate, groupByPart, isoOf, spanOfMonth } from './booker.ts'

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
