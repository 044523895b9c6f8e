import { sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '#platform/actor.ts'
import { isAppError } from '#platform/errors.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { loadOffer } from '../../availability/queries.ts'
import { confirmBooking, rejectBooking } from '../answering/commands.ts'
import { cancelBooking } from '../cancellation/commands.ts'
import { createBooking } from '../creation/commands.ts'
import { bookingByUid, bookingHistory, listBookings } from '../queries.ts'
import { rescheduleBooking } from '../rescheduling/commands.ts'
import { createBookingSchema } from '../schema.ts'
import { occurrencesOf, offeredOccurrences } from './queries.ts'

const PARALLEL = 50
const MINUTE = 60_000
const WEEK = 7 * 24 * 60 * MINUTE
/** Tuesday 24 November 2026, 09:00 in Berlin. */
const NINE = Date.parse('2026-11-24T08:00:00Z')

let context: TestContext
let host: TestHost
let asHost: Actor

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())
beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  host = await insertHost(context.services.db)
  asHost = { kind: 'user', userId: host.id, role: 'owner', via: 'session' }
})

const WEEKLY = { frequency: 'weekly', interval: 1, count: 6 } as const

function offerSeries(settings: Parameters<typeof insertEventType>[2] = {}) {
  const options = { recurrence: WEEKLY, ...settings.options }
  return insertEventType(context.services.db, host.id, { ...settings, options })
}

const weeks = (count: number, from = NINE) => Array.from({ length: count }, (_, i) => from + i * WEEK)
const iso = (at: number) => new Date(at).toISOString()

function book(starts: readonly number[], more: object = {}, idempotencyKey?: string, start = starts[0] ?? NINE) {
  const booking = parseInput(createBookingSchema, {
    ...{
      start: iso(start),
      occurrences: starts.map(iso),
      name: 'Bo',
      email: 'bo@example.net',
      timeZone: 'UTC',
      ...more,
    },
  })
  const offer = { username: host.username, slug: 'talk' }
  return createBooking(context.visitor, { offer, booking, locale: 'en', idempotencyKey })
}

async function refusal(work: Promise<unknown>): Promise<{ code: string; details: Record<string, unknown> }> {
  try {
    await work
  } catch (error) {
    if (isAppError(error)) return error
    throw error
  }
  return { code: 'done', details: {} }
}

async function all() {
  return context.services.db
    .selectFrom('bookings')
    .where('host_id', '=', host.id)
    .select(['id', 'uid', 'status', 'starts_at', 'sequence', 'series_id', 'occurrence'])
    .orderBy('starts_at')
    .execute()
}

async function claimsAndOverlaps() {
  const { rows } = await sql<{ claims: number; standing: number; overlaps: number }>`
    select (select count(*) from claims where host_id = ${host.id}) as claims,
      (select count(*) from bookings where host_id = ${host.id} and status in ('pending', 'accepted')) as standing,
      (select count(*) from bookings a join bookings b on a.host_id = b.host_id and a.id < b.id
        and tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
        where a.host_id = ${host.id} and a.status = 'accepted' and b.status = 'accepted') as overlaps`.execute(
    context.services.db,
  )
  return rows[0]
}

async function offer() {
  const found = await loadOffer(context.services.db, { username: host.username, slug: 'talk' })
  if (!found) throw new Error('no offer')
  return found
}

describe('a series', () => {
  it('is booked at once: each with its own uid, people and claim, told of by one fact', async () => {
    await offerSeries()
    const { uid } = await book(weeks(4), { guests: ['gil@example.net'], notes: 'Hi' })
    const rows = await all()
    expect(rows.map(({ starts_at }) => starts_at.epochMilliseconds)).toEqual(weeks(4))
    expect(rows.map(({ occurrence }) => occurrence)).toEqual([1, 2, 3, 4])
    expect(new Set(rows.map((row) => row.uid)).size).toBe(4)
    expect(new Set(rows.map(({ series_id }) => series_id)).size).toBe(1)
    expect(await claimsAndOverlaps()).toEqual({ claims: 4, standing: 4, overlaps: 0 })
    const third = await bookingByUid(context.visitor, rows[2]?.uid ?? '')
    expect(third).toMatchObject({ notes: 'Hi', series: { occurrence: 3, count: 4, later: 1 } })
    expect(third?.attendees.map(({ email }) => email)).toEqual(['bo@example.net', 'gil@example.net'])
    expect(uid).toBe(rows[0]?.uid)
    const events = await context.services.db
      .selectFrom('events')
      .where('subject', '=', `series:${rows[0]?.series_id}`)
      .select('name')
      .execute()
    expect(events).toEqual([{ name: 'series.created' }])
    if (third)
      expect((await bookingHistory(context.services.db, third)).map(({ name }) => name)).toEqual(['series.created'])
  })

  it('keeps its time of day when clocks change', async () => {
    await offerSeries()
    context.clock.set('2026-10-01T08:00:00Z')
    const start = Date.parse('2026-10-20T07:00:00Z')
    const found = await offeredOccurrences(context.visitor, await offer(), { start, duration: 30, own: {} })
    expect(found.map((one) => iso(one.start)).slice(0, 2)).toEqual([
      '2026-10-20T07:00:00.000Z',
      '2026-10-27T08:00:00.000Z',
    ])
    await book(found.map((one) => one.start))
    expect(await all()).toHaveLength(6)
  })

  it('shows which dates are not free, and books none when one is wanted all the same', async () => {
    await offerSeries()
    const third = NINE + 2 * WEEK
    await book([], {}, undefined, third)
    const found = await offeredOccurrences(context.visitor, await offer(), { start: NINE, duration: 30, own: {} })
    expect(found.map(({ free }) => free)).toEqual([true, true, false, true, true, true])
    const { code, details } = await refusal(book(weeks(6)))
    expect({ code, details }).toEqual({ code: 'occurrence_taken', details: { n: 3, starts: [third] } })
    expect(await all()).toHaveLength(1)
    await book(weeks(6).filter((start) => start !== third))
    expect((await all()).map(({ occurrence }) => occurrence)).toEqual([1, 2, null, 3, 4, 5])
  })

  it('has only dates of its rule, and only where there is one', async () => {
    await offerSeries()
    expect((await refusal(book([NINE, NINE + WEEK / 7]))).code).toBe('not_an_occurrence')
    expect((await refusal(book(weeks(7)))).code).toBe('not_an_occurrence')
    await context.services.db.updateTable('event_types').set({ options: '{}' }).where('user_id', '=', host.id).execute()
    expect((await refusal(book(weeks(2)))).code).toBe('not_recurring')
    expect(await all()).toEqual([])
  })

  it('counts itself towards limits', async () => {
    await offerSeries({
      options: {
        recurrence: { frequency: 'daily', interval: 1, count: 4 },
        limits: { bookings: { week: 2 }, minutes: {} },
      },
    })
    const days = Array.from({ length: 4 }, (_, i) => NINE + (i * WEEK) / 7)
    expect((await refusal(book(days.slice(0, 3)))).details).toMatchObject({ n: 3 })
    await book(days.slice(0, 2))
  })

  it('may be one date', async () => {
    await offerSeries()
    const { id } = await book([NINE + WEEK], {}, undefined, NINE)
    expect(await all()).toMatchObject([{ id, series_id: null }])
  })

  it('lets one be moved or cancelled without the others, or the rest with it', async () => {
    await offerSeries()
    await book(weeks(5))
    const uids = (await all()).map(({ uid }) => uid)
    const [first = '', second = '', third = ''] = uids
    await cancelBooking(context.visitor, { uid: second, reason: 'away' })
    await rescheduleBooking(context.visitor, { uid: first, start: NINE + 60 * MINUTE, reason: '' })
    expect((await all()).map(({ status, sequence }) => [status, sequence])).toEqual([
      ['accepted', 1],
      ['cancelled', 1],
      ['accepted', 0],
      ['accepted', 0],
      ['accepted', 0],
    ])
    await cancelBooking(context.visitor, { uid: third, reason: '', following: true, sequence: 0 })
    expect((await all()).map(({ status }) => status)).toEqual([
      'accepted',
      ...['cancelled', 'cancelled', 'cancelled', 'cancelled'],
    ])
    expect(await claimsAndOverlaps()).toEqual({ claims: 1, standing: 1, overlaps: 0 })
    const moved = await bookingByUid(context.visitor, first)
    expect(moved?.series).toMatchObject({ occurrence: 1, later: 0 })
    expect((await refusal(cancelBooking(context.visitor, { uid: third, reason: '', following: true }))).code).toBe(
      'already_cancelled',
    )
    const rest = await occurrencesOf(context.services.db, moved?.series?.id ?? 0)
    expect(rest.map(({ uid }) => uid)).toEqual(uids)
  })

  it('is listed once, by the next date that stands', async () => {
    await offerSeries()
    const listed = async () => {
      const scope = userScope(context.as(asHost))
      const { bookings } = await listBookings(context.services.db, scope, {
        tab: 'recurring',
        now: context.clock.now(),
      })
      return bookings.map(({ start }) => start.toString())
    }
    const dates = weeks(3).map((at) => Temporal.Instant.fromEpochMilliseconds(at).toString())
    await book(weeks(3))
    await book([NINE + 60 * MINUTE])
    expect(await listed()).toEqual([dates[0]])
    const [first] = await all()
    await cancelBooking(context.as(asHost), { uid: first?.uid ?? '', reason: 'A cold' })
    expect(await listed()).toEqual([dates[1]])
    context.clock.set(dates[1] ?? '')
    context.clock.add({ hours: 2 })
    expect(await listed()).toEqual([dates[2]])
    context.clock.add({ hours: 200 })
    expect(await listed()).toEqual([])
  })

  it('is answered date by date where its host confirms', async () => {
    await offerSeries({ requiresConfirmation: true })
    const { uid } = await book(weeks(3))
    await confirmBooking(context.as(asHost), { uid })
    expect((await all()).map(({ status }) => status)).toEqual(['accepted', 'pending', 'pending'])
  })

  it('is answered once to a repeated request, and takes as many statements for many dates as for two', async () => {
    await offerSeries()
    const first = await book(weeks(2), {}, 'again')
    expect(await book(weeks(2), {}, 'again')).toEqual({ ...first, replayed: true })
    const { count } = context.database
    const spent = async (starts: number[]) => {
      const before = count.statements
      await book(starts)
      return count.statements - before
    }
    const half = 30 * MINUTE
    expect(await spent(weeks(6, NINE + half))).toBe(await spent(weeks(2, NINE + 2 * half)))
  })
})

describe('fifty at once', () => {
  it('one gets the series, the others nothing of it', async () => {
    await offerSeries()
    const outcomes = await Promise.all(Array.from({ length: PARALLEL }, () => refusal(book(weeks(6)))))
    const codes = outcomes.map(({ code }) => code)
    expect(codes.filter((code) => code === 'done')).toHaveLength(1)
    expect(codes.filter((code) => code === 'occurrence_taken')).toHaveLength(PARALLEL - 1)
    expect(await claimsAndOverlaps()).toEqual({ claims: 6, standing: 6, overlaps: 0 })
  })

  it('series that cross leave no overlap and none by halves', async () => {
    await offerSeries({ slotInterval: 15 })
    const outcomes = await Promise.all(
      Array.from({ length: PARALLEL }, (_, i) =>
        refusal(book(weeks(4, NINE + (i % 5) * 15 * MINUTE + (i % 3) * WEEK), {}, undefined)),
      ),
    )
    const won = outcomes.filter(({ code }) => code === 'done').length
    expect(won).toBeGreaterThan(0)
    expect(await claimsAndOverlaps()).toEqual({ claims: won * 4, standing: won * 4, overlaps: 0 })
  })

  it('cancelling the rest and moving one of it do not get in each other’s way', async () => {
    await offerSeries()
    const { uid } = await book(weeks(6))
    const uids = (await all()).map((row) => row.uid)
    await Promise.all(
      Array.from({ length: PARALLEL }, (_, i) =>
        refusal(
          i % 10 === 0
            ? cancelBooking(context.visitor, { uid, reason: '', following: true })
            : rescheduleBooking(context.visitor, {
                ...{ uid: uids[i % 6] ?? '', reason: '' },
                start: NINE + (i % 6) * WEEK + (1 + (i % 8)) * 30 * MINUTE,
              }),
        ),
      ),
    )
    const after = await claimsAndOverlaps()
    expect(after?.claims).toBe(after?.standing)
    expect(after?.overlaps).toBe(0)
  })
})

describe('the answer to a series', () => {
  async function asked(count: number) {
    const id = await offerSeries({ requiresConfirmation: true })
    const { uid } = await book(weeks(count))
    const rows = await context.services.db
      .selectFrom('bookings')
      .where('event_type_id', '=', id)
      .select(['uid', 'status', 'sequence', 'reason', 'id'])
      .orderBy('id')
      .execute()
    const present = () =>
      context.services.db
        .selectFrom('bookings')
        .where('event_type_id', '=', id)
        .select(['status', 'sequence', 'reason'])
        .orderBy('id')
        .execute()
    return { uid, uids: rows.map((row) => row.uid), present }
  }
  const events = async (name: string) =>
    (await context.services.db.selectFrom('events').where('name', '=', name).select('id').execute()).length

  it('is for all that wait, and passes over what was answered or called off', async () => {
    const { uid, uids, present } = await asked(5)
    await rejectBooking(context.as(asHost), { uid: uids[1] ?? '', reason: 'Busy' })
    await cancelBooking(context.visitor, { uid: uids[2] ?? '', reason: '' })
    const before = await events('booking.confirmed')
    await confirmBooking(context.as(asHost), { uid, series: true })
    expect((await present()).map(({ status }) => status)).toEqual([
      ...['accepted', 'rejected', 'cancelled'],
      ...['accepted', 'accepted'],
    ])
    expect((await events('booking.confirmed')) - before).toBe(3)
    expect((await refusal(confirmBooking(context.as(asHost), { uid, series: true }))).code).toBe('already_confirmed')
  })

  it('can begin at one that was answered before', async () => {
    const { uid, uids, present } = await asked(3)
    await confirmBooking(context.as(asHost), { uid })
    expect((await bookingByUid(context.as(asHost), uid))?.series?.waiting).toHaveLength(2)
    await rejectBooking(context.as(asHost), { uid: uids[0] ?? '', reason: 'No more', series: true })
    expect((await present()).map(({ status, reason }) => [status, reason])).toEqual([
      ['accepted', ''],
      ['rejected', 'No more'],
      ['rejected', 'No more'],
    ])
  })

  it('gives the time of what is declined back', async () => {
    const { uid } = await asked(3)
    const claims = async () =>
      (await context.services.db.selectFrom('claims').where('host_id', '=', host.id).select('id').execute()).length
    expect(await claims()).toBe(3)
    await rejectBooking(context.as(asHost), { uid, reason: '', series: true })
    expect(await claims()).toBe(0)
  })

  it('is the host’s', async () => {
    const { uid } = await asked(2)
    expect((await refusal(confirmBooking(context.visitor, { uid, series: true }))).code).toBe('own_bookings_only')
  })

  it(`is one answer, when ${PARALLEL} are given at once from any of them`, async () => {
    const { uids, present } = await asked(6)
    const tries = Array.from({ length: PARALLEL }, async (_, n) => {
      const choice = { uid: uids[n % uids.length] ?? '', series: true }
      const ctx = context.as(asHost)
      const answer = n % 2 === 0 ? confirmBooking(ctx, choice) : rejectBooking(ctx, { ...choice, reason: '' })
      return (await refusal(answer)).code
    })
    const codes = await Promise.all(tries)
    expect(codes.filter((code) => code === 'done')).toHaveLength(1)
    const rows = await present()
    expect([new Set(rows.map(({ status }) => status)).size, rows.map(({ sequence }) => sequence)]).toEqual([
      1,
      Array(6).fill(1),
    ])
  })
})
