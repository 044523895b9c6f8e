import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertManyBookings } from '#test/many-bookings.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { planOf } from '#test/plans.ts'
import { bookingsBetween } from './queries.ts'
import { calendarSpan, hoursOf, segmentsOf } from './rules.ts'

const at = (text: string) => Temporal.Instant.from(text)

describe('a page of the calendar', () => {
  it('is the week around a date, from the day weeks begin with', () => {
    const ends = (date: string, weekStart: number) => {
      const { dates, previous, next } = calendarSpan('week', date, weekStart)
      return [dates[0], dates.at(-1), dates.length, previous, next]
    }
    expect(ends('2026-11-26', 1)).toEqual(['2026-11-23', '2026-11-29', 7, '2026-11-19', '2026-12-03'])
    expect(ends('2026-11-29', 0)).toEqual(['2026-11-29', '2026-12-05', 7, '2026-11-22', '2026-12-06'])
    expect(ends('2026-11-28', 0)).toEqual(['2026-11-22', '2026-11-28', 7, '2026-11-21', '2026-12-05'])
  })

  it('is the whole weeks of a month', () => {
    const ends = (date: string, weekStart: number) => {
      const { dates, previous, next } = calendarSpan('month', date, weekStart)
      return [dates[0], dates.at(-1), dates.length, previous, next]
    }
    expect(ends('2026-11-30', 1)).toEqual(['2026-10-26', '2026-12-06', 42, '2026-10-01', '2026-12-01'])
    expect(ends('2026-02-10', 0)).toEqual(['2026-02-01', '2026-02-28', 28, '2026-01-01', '2026-03-01'])
    expect(ends('2026-01-31', 1)).toEqual(['2025-12-29', '2026-02-01', 35, '2025-12-01', '2026-02-01'])
  })
})

describe('a booking', () => {
  it('is cut at the midnights of the zone', () => {
    expect(segmentsOf(at('2026-11-23T22:30:00Z'), at('2026-11-24T00:30:00Z'), 'Europe/Berlin')).toEqual([
      { date: '2026-11-23', from: 1410, to: 1440 },
      { date: '2026-11-24', from: 0, to: 90 },
    ])
    expect(segmentsOf(at('2026-11-23T22:00:00Z'), at('2026-11-23T23:00:00Z'), 'Europe/Berlin')).toEqual([
      { date: '2026-11-23', from: 1380, to: 1440 },
    ])
  })

  it('never ends before it begins where clocks go back', () => {
    // 02:50 summer time to 02:10 winter time.
    const [one, ...more] = segmentsOf(at('2026-10-25T00:50:00Z'), at('2026-10-25T01:10:00Z'), 'Europe/Berlin')
    expect([one, more]).toEqual([{ date: '2026-10-25', from: 170, to: 170 }, []])
  })

  it('widens the hours that are shown', () => {
    expect(hoursOf([])).toEqual({ first: 8, last: 18 })
    expect(hoursOf([{ date: '', from: 390, to: 1300 }])).toEqual({ first: 6, last: 22 })
  })
})

describe('with many bookings', () => {
  let context: TestContext
  beforeAll(async () => {
    context = await testContext()
  })
  afterAll(() => context.close())

  it('a month is one statement over the index of the host', async () => {
    const { db } = context.services
    const host = await insertHost(db)
    const eventTypeId = await insertEventType(db, host.id)
    await insertManyBookings(db, { hostId: host.id, eventTypeId, count: 20_000, until: '2026-12-01T09:00:00Z' })
    const scope = userScope(context.as({ kind: 'user', userId: host.id, role: 'owner', via: 'session' }))
    const day = [at('2026-11-22T23:00:00Z'), at('2026-11-23T23:00:00Z')] as const
    const plan = await planOf(context.database, (tx) => bookingsBetween(tx, scope, ...day))
    expect([plan.statements, plan.scanned]).toEqual([1, []])
    expect(plan.indexes).toContain('bookings_host')
    const entries = await bookingsBetween(db, scope, ...day)
    // One an hour, the cancelled one left out.
    expect([entries.length, entries[0]?.start.toString()]).toEqual([23, '2026-11-22T23:00:00Z'])
    const half = await bookingsBetween(db, scope, at('2026-11-23T09:10:00Z'), at('2026-11-23T10:00:00Z'))
    expect(half.map(({ start, who }) => [start.toString(), who.slice(0, 7)])).toEqual([
      ['2026-11-23T09:00:00Z', 'Person '],
    ])
  })
})
