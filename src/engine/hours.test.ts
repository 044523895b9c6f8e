import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { formatInstant, parseDate, parseInstant } from './calendar.ts'
import { compileSchedule, FALLBACK_WEEKLY, hoursOn, openRanges, weeklyOn, zoneOn } from './hours.ts'
import { pairsOf } from './intervals.ts'
import type { ScheduleInput } from './types.ts'

const minute = (text: string): number => parseInstant(text) / 60_000
const schedule = (more: Partial<ScheduleInput> = {}) =>
  compileSchedule({ timeZone: 'Europe/Berlin', weekly: FALLBACK_WEEKLY, ...more }, 'schedule')
const ranges = (from: string, to: string, more: Partial<ScheduleInput> = {}): string[] => {
  const [start, end] = [minute(from), minute(to)]
  return pairsOf(openRanges(schedule(more), start, end))
    .filter((range) => range[1] > start && range[0] < end)
    .map((range) => range.map((at) => formatInstant(at * 60_000).slice(5, 16)).join(' '))
}

test('without hours of his own a host works Monday to Friday, nine to five', () => {
  expect(ranges('2026-03-27T00:00:00Z', '2026-03-31T00:00:00Z')).toEqual([
    '03-27T08:00 03-27T16:00',
    '03-30T07:00 03-30T15:00',
  ])
})

test('what was worked out for one span serves others, in any order', () => {
  const one = schedule()
  const fresh = (from: number, to: number) =>
    pairsOf(openRanges(schedule(), from, to)).filter(([start, end]) => end > from && start < to)
  const kept = (from: number, to: number) =>
    pairsOf(openRanges(one, from, to)).filter(([start, end]) => end > from && start < to)
  const begin = minute('2026-01-01T00:00:00Z')
  for (const day of [0, 30, 31, 20, 200, 195, -300, 0, 5]) {
    const from = begin + day * 1440
    expect(kept(from, from + 40 * 1440)).toEqual(fresh(from, from + 40 * 1440))
  }
})

test('a journey west makes a date begin before the one at home has ended', () => {
  const travel = [{ from: '2026-05-05', to: '2026-05-05', timeZone: 'Pacific/Kiritimati' }]
  const weekly = [{ days: [0, 1, 2, 3, 4, 5, 6], start: 0, end: 1440 }]
  // 5 May on Kiritimati is from 10:00 UTC on the 4th: it overlaps 4 May in Honolulu, and leaves a hole behind it.
  expect(
    ranges('2026-05-03T12:00:00Z', '2026-05-08T00:00:00Z', { timeZone: 'Pacific/Honolulu', weekly, travel }),
  ).toEqual([expect.stringMatching(/ 05-05T10:00$/), expect.stringMatching(/^05-06T10:00 /)])
  const abroad = schedule({ travel })
  expect([4, 5, 6].map((day) => zoneOn(abroad, parseDate(`2026-05-0${day}`)).name)).toEqual([
    'Europe/Berlin',
    'Pacific/Kiritimati',
    'Europe/Berlin',
  ])
})

test('the hours of a date: override before layer before week, none when away', () => {
  const all = schedule({
    layers: [{ weekly: [{ days: [1], start: 60, end: 120 }], from: '2026-05-01', to: '2026-05-31' }],
    overrides: [
      { date: '2026-05-11', start: 600, end: 660 },
      { date: '2026-05-18', start: 600, end: 660, deliberate: true },
    ],
    outOfOffice: [{ start: '2026-05-18', end: '2026-05-25' }],
  })
  const on = (date: string) => hoursOn(all, parseDate(date))
  expect([on('2026-04-27'), on('2026-05-04'), on('2026-05-11'), on('2026-05-18'), on('2026-05-25')]).toEqual([
    [540, 1020],
    [60, 120],
    [600, 660],
    [600, 660],
    [],
  ])
})

/** Dates of the same month and weekday, in order, found by walking through the month. */
function likeDays(date: Temporal.PlainDate): string[] {
  return Array.from({ length: date.daysInMonth }, (_, i) => date.with({ day: i + 1 }))
    .filter((other) => other.dayOfWeek === date.dayOfWeek)
    .map(String)
}

test.each([[[1]], [[2]], [[3]], [[4]], [[-1]], [[1, 3]], [[4, -1]], [[]]])(
  'a layer of the weeks %j of the month holds on the days that a walk through the month finds',
  (ofMonth) => {
    const weekly = [{ days: [0, 1, 2, 3, 4, 5, 6], start: 60, end: 120 }]
    const all = schedule({ layers: [{ weekly, weeks: { ofMonth } }] })
    // Leap years, one of a century and one of four hundred years, and years before the epoch.
    for (const year of [1899, 1900, 1968, 1999, 2000, 2026, 2027, 2028, 2100]) {
      for (
        let day = Temporal.PlainDate.from({ year, month: 1, day: 1 });
        day.year === year;
        day = day.add({ days: 1 })
      ) {
        const holds = ofMonth.some(
          (ordinal) => likeDays(day).at(ordinal < 0 ? ordinal : ordinal - 1) === day.toString(),
        )
        expect([day.toString(), weeklyOn(all, parseDate(day.toString()))[0] === 60]).toEqual([day.toString(), holds])
      }
    }
  },
)

test('the first of two layers of weeks of the month decides where the fourth is the last, within its dates', () => {
  const hoursFrom = (start: number) => [{ days: [1], start, end: 1020 }]
  const all = schedule({
    layers: [
      { weekly: hoursFrom(60), weeks: { ofMonth: [-1] }, from: '2026-02-01', to: '2026-03-29' },
      { weekly: hoursFrom(120), weeks: { ofMonth: [4] } },
    ],
  })
  // Mondays: the last of January, before the layer begins; 23 February is the fourth and the last; March has five.
  const first = (date: string) => weeklyOn(all, parseDate(date))[0]
  expect(['2026-01-26', '2026-02-16', '2026-02-23', '2026-03-23', '2026-03-30'].map(first)).toEqual([
    ...[120, 540, 60, 120, 540],
  ])
})

test.each([[[0]], [[5]], [[1.5]], [[-2]], [[1, Number.NaN]]])('%j are not weeks of a month', (ofMonth) => {
  const layers = [{ weekly: [], weeks: { ofMonth } }]
  expect(() => schedule({ layers })).toThrow('schedule.layers[0].weeks.ofMonth')
})

test('an absence may take part of its first and of its last day, by the clock on the wall', () => {
  // Berlin turns back on 25 October 2026.
  const weekly = [{ days: [0, 1, 2, 3, 4, 5, 6], start: 540, end: 1020 }]
  const away = { start: '2026-10-24', end: '2026-10-26', startMinute: 720, endMinute: 600 }
  expect(ranges('2026-10-24T00:00:00Z', '2026-10-27T00:00:00Z', { weekly, outOfOffice: [away] })).toEqual([
    '10-24T07:00 10-24T10:00',
    '10-26T09:00 10-26T16:00',
  ])
  const lunch = { start: '2026-10-24', end: '2026-10-24', startMinute: 720, endMinute: 780 }
  const overrides = [{ date: '2026-10-24', start: 750, end: 760, deliberate: true }]
  const day = (more: Partial<ScheduleInput>) =>
    hoursOn(schedule({ weekly, outOfOffice: [lunch], ...more }), parseDate('2026-10-24'))
  expect(day({})).toEqual([540, 720, 780, 1020])
  expect(day({ overrides })).toEqual([750, 760])
  expect(day({ outOfOffice: [lunch, { ...lunch, startMinute: 0, endMinute: 600 }] })).toEqual([600, 720, 780, 1020])
})
