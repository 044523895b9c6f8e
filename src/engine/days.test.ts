import { describe, expect, test } from 'vitest'
import { parseInstant } from './calendar.ts'
import { slotsAsJson, slotsByDay } from './days.ts'

const list = (...texts: string[]): Float64Array => Float64Array.from(texts, (text) => parseInstant(text))
const dates = (starts: Float64Array, zone: string): [string, number][] =>
  slotsByDay(starts, zone).map((day) => [day.date, day.starts.length])

describe('by the date of the viewer', () => {
  const starts = list('2026-03-28T22:00:00Z', '2026-03-28T23:30:00Z', '2026-03-29T00:30:00Z', '2026-03-29T22:30:00Z')

  test.each<[string, [string, number][]]>([
    [
      'UTC',
      [
        ['2026-03-28', 2],
        ['2026-03-29', 2],
      ],
    ],
    [
      'Europe/Berlin',
      [
        ['2026-03-28', 1],
        ['2026-03-29', 2],
        ['2026-03-30', 1],
      ],
    ],
    [
      'Pacific/Kiritimati',
      [
        ['2026-03-29', 3],
        ['2026-03-30', 1],
      ],
    ],
    [
      'America/Los_Angeles',
      [
        ['2026-03-28', 3],
        ['2026-03-29', 1],
      ],
    ],
  ])('%s', (zone, expected) => {
    expect(dates(starts, zone)).toEqual(expected)
  })

  test('views of the list, nothing copied', () => {
    expect(slotsByDay(starts, 'UTC')[1]!.starts.buffer).toBe(starts.buffer)
  })

  test('no slots, no days', () => {
    expect(slotsByDay(new Float64Array(0), 'UTC')).toEqual([])
    expect(slotsAsJson(new Float64Array(0), 'UTC')).toBe('{}')
  })

  test('an unknown zone is refused', () => {
    expect(() => slotsByDay(starts, 'Mars/Olympus')).toThrow(/Mars/)
  })

  test('a clock set back over midnight does not reopen the day it left', () => {
    // 00:01 on 7 November 2010 became 23:01 on the 6th in Newfoundland.
    const night = list('2010-11-07T02:00:00Z', '2010-11-07T02:30:00Z', '2010-11-07T03:00:00Z', '2010-11-07T04:00:00Z')
    expect(dates(night, 'America/St_Johns')).toEqual([
      ['2010-11-06', 1],
      ['2010-11-07', 3],
    ])
  })
})

describe('as JSON', () => {
  const starts = list(
    '2026-10-25T00:30:00Z',
    '2026-10-25T01:30:00Z',
    '2026-10-25T23:45:00Z',
    '1999-12-31T23:00:00Z',
  ).sort()

  test('instants', () => {
    expect(JSON.parse(slotsAsJson(starts, 'Europe/London'))).toEqual({
      '1999-12-31': ['1999-12-31T23:00:00.000Z'],
      '2026-10-25': ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z', '2026-10-25T23:45:00.000Z'],
    })
  })

  test('local times with their offset', () => {
    expect(JSON.parse(slotsAsJson(starts, 'Europe/London', 'local'))).toEqual({
      '1999-12-31': [{ start: '1999-12-31T23:00:00.000+00:00' }],
      '2026-10-25': [
        { start: '2026-10-25T01:30:00.000+01:00' },
        { start: '2026-10-25T01:30:00.000+00:00' },
        { start: '2026-10-25T23:45:00.000+00:00' },
      ],
    })
    expect(slotsAsJson(list('2026-05-01T12:00:00Z'), 'America/St_Johns', 'local')).toBe(
      '{"2026-05-01":[{"start":"2026-05-01T09:30:00.000-02:30"}]}',
    )
  })
})
