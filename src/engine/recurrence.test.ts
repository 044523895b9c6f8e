import { describe, expect, test } from 'vitest'
import { formatInstant, parseInstant } from './calendar.ts'
import { formatRecurrence, occurrences, parseRecurrence, type Recurrence } from './recurrence.ts'

const series = (rule: Recurrence, start: string, zone: string): string[] =>
  Array.from(occurrences(rule, parseInstant(start), zone), (time) => formatInstant(time).replace(':00.000Z', 'Z'))

describe('occurrences keep the wall time', () => {
  test.each<[string, Recurrence, string, string, string[]]>([
    [
      'weekly over the end of summer time',
      { frequency: 'weekly', interval: 1, count: 3 },
      '2026-10-19T08:00:00Z',
      'Europe/London',
      ['2026-10-19T08:00Z', '2026-10-26T09:00Z', '2026-11-02T09:00Z'],
    ],
    [
      'every second day over a gap: the skipped hour is the moment of the skip',
      { frequency: 'daily', interval: 2, count: 3 },
      '2026-03-06T07:30:00Z',
      'America/New_York',
      ['2026-03-06T07:30Z', '2026-03-08T07:00Z', '2026-03-10T06:30Z'],
    ],
    [
      'a first start in the second half of an overlap stays',
      { frequency: 'daily', interval: 1, count: 2 },
      '2026-10-25T01:30:00Z',
      'Europe/London',
      ['2026-10-25T01:30Z', '2026-10-26T01:30Z'],
    ],
    [
      'monthly on the 31st leaves out short months',
      { frequency: 'monthly', interval: 1, count: 4 },
      '2026-01-31T12:00:00Z',
      'UTC',
      ['2026-01-31T12:00Z', '2026-03-31T12:00Z', '2026-05-31T12:00Z', '2026-07-31T12:00Z'],
    ],
    [
      'yearly on the leap day, not in 2100',
      { frequency: 'yearly', interval: 1, count: 3 },
      '2092-02-29T12:00:00Z',
      'UTC',
      ['2092-02-29T12:00Z', '2096-02-29T12:00Z', '2104-02-29T12:00Z'],
    ],
    [
      'over the day Samoa left out',
      { frequency: 'daily', interval: 1, count: 3 },
      '2011-12-29T20:00:00Z',
      'Pacific/Apia',
      ['2011-12-29T20:00Z', '2011-12-30T10:00Z', '2011-12-30T20:00Z'],
    ],
  ])('%s', (_, rule, start, zone, expected) => {
    expect(series(rule, start, zone)).toEqual(expected)
  })
})

describe('rules as text', () => {
  test('both ways', () => {
    expect(parseRecurrence('RRULE:freq=weekly;COUNT=6;INTERVAL=2')).toEqual({
      frequency: 'weekly',
      interval: 2,
      count: 6,
    })
    expect(parseRecurrence('FREQ=DAILY;COUNT=1')).toEqual({ frequency: 'daily', interval: 1, count: 1 })
    expect(formatRecurrence({ frequency: 'yearly', interval: 1, count: 3 })).toBe('FREQ=YEARLY;INTERVAL=1;COUNT=3')
  })

  test.each([
    'FREQ=HOURLY;COUNT=2',
    'FREQ=DAILY',
    'FREQ=DAILY;COUNT=0',
    'FREQ=DAILY;COUNT=2;BYDAY=MO',
    'FREQ=DAILY;COUNT=1e3',
    'FREQ=DAILY;COUNT=2;COUNT=3',
    'FREQ=DAILY;INTERVAL=0;COUNT=2',
    '',
  ])('%s is refused', (text) => {
    expect(() => parseRecurrence(text)).toThrow(/rrule|interval|count/)
  })
})
