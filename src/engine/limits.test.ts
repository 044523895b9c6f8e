import { expect, test } from 'vitest'
import { compileFacts } from './busy.ts'
import { formatInstant, parseInstant } from './calendar.ts'
import { fullPeriods } from './limits.ts'
import { compileOffer } from './slots.ts'
import type { BookedTime, Limits } from './types.ts'

const booking = (start: string, minutes: number, host = 'ann'): BookedTime => {
  const from = parseInstant(`${start}:00Z`)
  return { host, start: from, end: from + minutes * 60_000, sameEvent: true }
}

function full(limits: Limits, bookings: readonly BookedTime[], timeZone = 'Europe/London'): unknown[] {
  const weekly = [{ days: [1], start: 540, end: 1020 }]
  const hosts = ['ann', 'bob'].map((id) => ({ id, timeZone: 'UTC', weekly }))
  const offer = compileOffer({ scheduling: 'roundRobin', durationMinutes: 30, timeZone, limits, hosts })
  return fullPeriods(offer, compileFacts(offer, { now: 0, bookings })).map(
    ({ start, end, host, measure, unit, used }) => [
      `${formatInstant(start * 60_000).slice(0, 16)} ${formatInstant(end * 60_000).slice(0, 16)}`,
      `${used} ${measure} a ${unit}`,
      host === undefined ? 'everyone' : ['ann', 'bob'][host],
    ],
  )
}

test('periods begin and end with the local day, whatever the clock does in between', () => {
  const bookings = [booking('2026-03-29T12:00', 30), booking('2026-03-29T23:30', 30)]
  expect(full({ bookings: { day: 1 } }, bookings)).toEqual([
    ['2026-03-29T00:00 2026-03-29T23:00', '1 bookings a day', 'everyone'],
    ['2026-03-29T23:00 2026-03-30T23:00', '1 bookings a day', 'everyone'],
  ])
  expect(full({ bookings: { month: 2 } }, bookings)).toEqual([
    ['2026-03-01T00:00 2026-03-31T23:00', '2 bookings a month', 'everyone'],
  ])
  expect(full({ bookings: { week: 2 } }, bookings)).toEqual([
    ['2026-03-29T00:00 2026-04-04T23:00', '2 bookings a week', 'everyone'],
  ])
})

test('minutes are whole, per host, and over everyone for the year', () => {
  const bookings = [booking('2026-03-02T12:00', 30.5), booking('2026-03-02T14:00', 30, 'bob')]
  expect(full({ minutes: { day: 60 } }, bookings)).toEqual([
    ['2026-03-02T00:00 2026-03-03T00:00', '31 minutes a day', 'ann'],
  ])
  expect(full({ minutes: { year: 91 } }, bookings)).toEqual([])
  expect(full({ minutes: { year: 90 } }, bookings)).toEqual([
    ['2026-01-01T00:00 2027-01-01T00:00', '61 minutes a year', 'everyone'],
  ])
})

test('order of bookings does not matter', () => {
  const bookings = ['2026-05-04T12:00', '2026-03-02T12:00', '2026-05-04T09:00', '2026-03-30T12:00'].map((start) =>
    booking(start, 30),
  )
  expect(full({ bookings: { day: 2 } }, bookings)).toEqual(full({ bookings: { day: 2 } }, bookings.toReversed()))
  expect(full({ bookings: { day: 2 } }, bookings)).toHaveLength(1)
})

test('nothing fits a limit of nothing, or one shorter than the slot', () => {
  expect(full({ bookings: { week: 0 } }, [])).toEqual([
    ['1970-01-01T00:00 2200-01-01T00:00', '0 bookings a week', 'everyone'],
  ])
  expect(full({ minutes: { week: 29 } }, [])).toHaveLength(2)
})
