import { describe, expect, it } from 'vitest'
import { freeName, hoursByDay, mayDelete, nextRange, problemsOfDay, sortedOverrides, weeklyFromDays } from './rules.ts'
import type { HourRange } from './types.ts'

describe('problemsOfDay', () => {
  it.each<[string, HourRange[], string[]]>([
    ['nothing', [], []],
    ['a whole day', [[0, 1440]], []],
    [
      'ranges that touch',
      [
        [540, 720],
        [720, 1020],
      ],
      [],
    ],
    [
      'ranges in any order',
      [
        [780, 1020],
        [540, 720],
      ],
      [],
    ],
    ['an end before the start', [[1020, 540]], ['0 range_ends_before_start']],
    ['an empty range', [[540, 540]], ['0 range_ends_before_start']],
    ['more than a day', [[540, 1441]], ['0 range_out_of_day']],
    ['less than a day', [[-1, 540]], ['0 range_out_of_day']],
    ['half minutes', [[540.5, 600]], ['0 range_out_of_day']],
    ['no numbers', [[Number.NaN, 600]], ['0 range_out_of_day']],
    [
      'an overlap',
      [
        [540, 721],
        [720, 1020],
      ],
      ['1 ranges_overlap'],
    ],
    [
      'an overlap in another order',
      [
        [720, 1020],
        [540, 721],
      ],
      ['0 ranges_overlap'],
    ],
    [
      'one inside another',
      [
        [540, 1020],
        [600, 660],
        [900, 960],
      ],
      ['1 ranges_overlap', '2 ranges_overlap'],
    ],
    [
      'the same twice',
      [
        [540, 600],
        [540, 600],
      ],
      ['1 ranges_overlap'],
    ],
  ])('of %s', (_, ranges, expected) => {
    expect(problemsOfDay(ranges).map(({ index, code }) => `${index} ${code}`)).toEqual(expected)
  })
})

describe('weekly hours', () => {
  it('go to days and back to the shortest form', () => {
    const byDay = hoursByDay([
      { days: [1], start: 780, end: 1020 },
      { days: [1, 2], start: 540, end: 720 },
      { days: [2], start: 780, end: 1020 },
      { days: [6, 6], start: 600, end: 660 },
    ])
    expect(byDay[1]).toEqual([
      [540, 720],
      [780, 1020],
    ])
    expect(byDay[0]).toEqual([])
    expect(weeklyFromDays(byDay)).toEqual([
      { days: [1, 2], start: 540, end: 720 },
      { days: [6], start: 600, end: 660 },
      { days: [1, 2], start: 780, end: 1020 },
    ])
  })
})

describe('sortedOverrides', () => {
  it('orders dates and their ranges', () => {
    expect(
      sortedOverrides([
        {
          date: '2026-12-24',
          ranges: [
            [780, 900],
            [540, 720],
          ],
        },
        { date: '2026-03-01', ranges: [] },
      ]),
    ).toEqual([
      { date: '2026-03-01', ranges: [] },
      {
        date: '2026-12-24',
        ranges: [
          [540, 720],
          [780, 900],
        ],
      },
    ])
  })
})

describe('mayDelete', () => {
  it('keeps the last one', () => {
    expect(mayDelete(1)).toEqual({ ok: false, reason: 'last_schedule' })
    expect(mayDelete(2)).toEqual({ ok: true })
  })
})

describe('freeName', () => {
  it.each([
    ['Hours', ['Hours'], 'Hours 2'],
    ['Hours 2', ['Hours', 'Hours 2'], 'Hours 3'],
    ['x'.repeat(100), [], `${'x'.repeat(98)} 2`],
  ])('%s among %j', (name, taken, expected) => {
    expect(freeName(name, taken)).toBe(expected)
  })
})

describe('nextRange', () => {
  it.each<[HourRange[], HourRange | null]>([
    [[], [540, 1020]],
    [[[540, 720]], [780, 840]],
    [
      [
        [780, 1020],
        [540, 720],
      ],
      [1080, 1140],
    ],
    [[[540, 1330]], [1330, 1390]],
    [[[540, 1410]], [1410, 1440]],
    [[[0, 1440]], null],
    [[[Number.NaN, Number.NaN]], [540, 1020]],
  ])('after %j: %j', (ranges, expected) => {
    expect(nextRange(ranges)).toEqual(expected)
  })
})
