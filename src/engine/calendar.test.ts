import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import {
  addBusinessDays,
  dateAt,
  dateOf,
  fieldsOf,
  formatDate,
  formatInstant,
  nextMidnight,
  parseDate,
  parseInstant,
  periodEnd,
  periodStart,
  startOfDay,
  weekdayOf,
} from './calendar.ts'
import { zoneOf } from './zones.ts'

const minute = (text: string): number => parseInstant(text) / 60_000

test('dates, their fields and weekdays agree with Temporal over 300 years', () => {
  let date = Temporal.PlainDate.from('1890-01-01')
  for (let i = 0; i < 110_000; i += 7) {
    const days = parseDate(date.toString())
    expect(fieldsOf(days)).toEqual({ year: date.year, month: date.month, day: date.day })
    expect(dateOf(date.year, date.month, date.day)).toBe(days)
    expect(weekdayOf(days)).toBe(date.dayOfWeek % 7)
    expect(formatDate(days)).toBe(date.toString())
    date = date.add({ days: 7 })
  }
  expect(parseDate('1970-01-01')).toBe(0)
})

test('months may run over the year', () => {
  expect(formatDate(dateOf(2026, 14, 3))).toBe('2027-02-03')
  expect(formatDate(dateOf(2026, 0, 3))).toBe('2025-12-03')
})

test.each(['2026-02-30', '2026-13-01', '2025-02-29', '2026-1-1', '26-01-01', '2026-01-01T00:00', ''])(
  '%s is not a date',
  (text) => {
    expect(() => parseDate(text)).toThrow(/is not a date/)
  },
)

describe('instants', () => {
  test.each([
    ['2026-03-02T08:00:00Z', Date.UTC(2026, 2, 2, 8)],
    ['2026-03-02T08:00Z', Date.UTC(2026, 2, 2, 8)],
    ['2026-03-02T08:00:30.5Z', Date.UTC(2026, 2, 2, 8, 0, 30, 500)],
    ['2026-03-02T08:00:59.999Z', Date.UTC(2026, 2, 2, 8, 0, 59, 999)],
    ['2026-03-02T08:00:00+05:45', Date.UTC(2026, 2, 2, 2, 15)],
    ['2026-03-02T08:00:00-03:30', Date.UTC(2026, 2, 2, 11, 30)],
    ['1969-12-31T23:59:00Z', -60_000],
  ])('%s', (text, milliseconds) => {
    expect(parseInstant(text)).toBe(milliseconds)
    expect(parseInstant(formatInstant(milliseconds))).toBe(milliseconds)
  })

  test.each([
    '2026-03-02',
    '2026-03-02T25:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-03-02T08:00:00',
    'now',
    '2026-03-02T08:60Z',
  ])('%s is none', (text) => {
    expect(() => parseInstant(text)).toThrow(/is not/)
  })
})

describe('business days', () => {
  test.each([
    ['2026-03-06', 0, '2026-03-06'],
    ['2026-03-06', 1, '2026-03-09'],
    ['2026-03-07', 1, '2026-03-09'],
    ['2026-03-08', 5, '2026-03-13'],
    ['2026-03-04', 10, '2026-03-18'],
  ])('%s + %i is %s', (from, count, to) => {
    expect(formatDate(addBusinessDays(parseDate(from), count))).toBe(to)
  })
})

describe('days', () => {
  test.each([
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00.000Z', 'no midnight'],
    ['America/Havana', '2026-11-01', '2026-11-01T04:00:00.000Z', 'two midnights'],
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00.000Z', 'a missing day is empty'],
    ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00.000Z', 'a missing day is empty'],
  ])('%s %s begins at %s (%s)', (zone, date, instant) => {
    expect(formatInstant(startOfDay(zoneOf(zone), parseDate(date)) * 60_000)).toBe(instant)
  })

  test('the date on the wall', () => {
    expect(formatDate(dateAt(zoneOf('Pacific/Apia'), minute('2011-12-30T09:59:00Z')))).toBe('2011-12-29')
    expect(formatDate(dateAt(zoneOf('Pacific/Apia'), minute('2011-12-30T10:00:00Z')))).toBe('2011-12-31')
  })

  test('the next midnight lies ahead even when the clock has gone back over one', () => {
    const zone = zoneOf('America/St_Johns')
    // 00:01 turned into 23:01 of the day before: that day's midnight has passed.
    const between = minute('2010-11-07T03:00:00Z')
    expect(formatDate(dateAt(zone, between))).toBe('2010-11-06')
    expect(formatInstant(nextMidnight(zone, between) * 60_000)).toBe('2010-11-08T03:30:00.000Z')
  })
})

test.each([
  ['day', '2026-03-04', '2026-03-04', '2026-03-05'],
  ['week', '2026-03-04', '2026-03-01', '2026-03-08'],
  ['week', '2026-03-01', '2026-03-01', '2026-03-08'],
  ['week', '2026-02-28', '2026-02-22', '2026-03-01'],
  ['month', '2028-02-29', '2028-02-01', '2028-03-01'],
  ['month', '2026-12-31', '2026-12-01', '2027-01-01'],
  ['year', '2026-12-31', '2026-01-01', '2027-01-01'],
] as const)('the %s of %s runs from %s to before %s', (unit, date, first, next) => {
  const start = periodStart(unit, parseDate(date))
  expect([formatDate(start), formatDate(periodEnd(unit, start))]).toEqual([first, next])
})
