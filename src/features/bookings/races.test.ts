import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '#platform/actor.ts'
import { isAppError } from '#platform/errors.ts'
import { parseInput } from '#platform/input.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { placeHold } from '../availability/holds/commands.ts'
import { confirmBooking, rejectBooking } from './answering/commands.ts'
import { cancelBooking } from './cancellation/commands.ts'
import { createBooking } from './creation/commands.ts'
import { rescheduleBooking } from './rescheduling/commands.ts'
import { createBookingSchema } from './schema.ts'

const PARALLEL = 50
const MINUTE = 60_000
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
  host = await insertHost(context.services.db)
  asHost = { kind: 'user', userId: host.id, role: 'owner', via: 'session' }
})

function book(
  slug: string,
  start: number,
  more: { idempotencyKey?: string; holdToken?: string; duration?: number } = {},
) {
  const { duration, ...rest } = more
  const booking = parseInput(createBookingSchema, {
    start: new Date(start).toISOString(),
    duration,
    name: 'Bo',
    email: 'bo@example.net',
    timeZone: 'UTC',
  })
  return createBooking(context.visitor, { offer: { username: host.username, slug }, booking, locale: 'en', ...rest })
}

interface Outcome<T> {
  won: T[]
  /** Codes of the refusals, counted. */
  refused: Record<string, number>
}

/** Starts all at once. Anything but an expected refusal fails the test. */
async function race<T>(runs: (() => Promise<T>)[]): Promise<Outcome<T>> {
  const settled = await Promise.allSettled(runs.map((run) => run()))
  const outcome: Outcome<T> = { won: [], refused: {} }
  for (const result of settled) {
    if (result.status === 'fulfilled') outcome.won.push(result.value)
    else if (isAppError(result.reason)) {
      const { code } = result.reason
      outcome.refused[code] = (outcome.refused[code] ?? 0) + 1
    } else throw result.reason
  }
  return outcome
}

const times = <T>(count: number, run: (i: number) => Promise<T>) =>
  Array.from({ length: count }, (_, i) => () => run(i))

/** Pairs of standing bookings of one host that share time, buffers left aside: what must never be. */
async function overlaps(): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) from bookings a join bookings b on a.host_id = b.host_id and a.id < b.id
      and tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
    where a.host_id = ${host.id} and a.status in ('pending', 'accepted') and b.status in ('pending', 'accepted')
  `.execute(context.services.db)
  return rows[0]?.count ?? -1
}

async function standing(): Promise<{ bookings: number; claims: number; events: number }> {
  const { rows } = await sql<{ bookings: number; claims: number; events: number }>`
    select (select count(*) from bookings where host_id = ${host.id} and status in ('pending', 'accepted')) as bookings,
      (select count(*) from claims where host_id = ${host.id} and booking_id is not null) as claims,
      (select count(*) from events e join bookings b on e.subject = 'booking:' || b.id where b.host_id = ${host.id}) as events
  `.execute(context.services.db)
  return rows[0] as { bookings: number; claims: number; events: number }
}

describe('fifty at once', () => {
  it('one of them gets the same start', async () => {
    await insertEventType(context.services.db, host.id)
    const { won, refused } = await race(times(PARALLEL, () => book('talk', NINE)))
    expect(won).toHaveLength(1)
    expect(refused).toEqual({ slot_taken: PARALLEL - 1 })
    expect(await standing()).toEqual({ bookings: 1, claims: 1, events: 1 })
  })

  it('overlapping starts of other lengths and event types never both stand', async () => {
    await insertEventType(context.services.db, host.id, {
      slug: 'short',
      durations: [15, 40],
      slotInterval: 5,
      bufferAfter: 10,
    })
    await insertEventType(context.services.db, host.id, {
      slug: 'long',
      durations: [60, 90],
      slotInterval: 10,
      bufferBefore: 5,
    })
    const runs = times(PARALLEL, (i) =>
      i % 2 === 0
        ? book('short', NINE + (i % 12) * 5 * MINUTE, { duration: i % 4 === 0 ? 15 : 40 })
        : book('long', NINE + (i % 9) * 10 * MINUTE, { duration: i % 3 === 0 ? 60 : 90 }),
    )
    const { won } = await race(runs)
    expect(won.length).toBeGreaterThan(0)
    expect(await overlaps()).toBe(0)
    expect((await standing()).claims).toBe(won.length)
  })

  it('a pending booking blocks as much as an accepted one', async () => {
    await insertEventType(context.services.db, host.id, { slug: 'ask', requiresConfirmation: true })
    await insertEventType(context.services.db, host.id, { slug: 'now' })
    const { won } = await race(times(PARALLEL, (i) => book(i % 2 === 0 ? 'ask' : 'now', NINE)))
    expect(won).toHaveLength(1)
  })

  it('the same idempotency key gives one booking and one answer', async () => {
    await insertEventType(context.services.db, host.id)
    const { won, refused } = await race(times(PARALLEL, () => book('talk', NINE, { idempotencyKey: 'click' })))
    expect(refused).toEqual({})
    expect(new Set(won.map((booked) => booked.uid)).size).toBe(1)
    expect(won.filter((booked) => !booked.replayed)).toHaveLength(1)
    expect(await standing()).toEqual({ bookings: 1, claims: 1, events: 1 })
  })

  it('one answer to a request is given, be it yes or no', async () => {
    await insertEventType(context.services.db, host.id, { requiresConfirmation: true })
    const { uid } = await book('talk', NINE)
    const ctx = context.as(asHost)
    const { won, refused } = await race(
      times(PARALLEL, (i) => (i % 2 === 0 ? confirmBooking(ctx, { uid }) : rejectBooking(ctx, { uid, reason: '' }))),
    )
    expect(won).toHaveLength(1)
    expect(Object.keys(refused).every((code) => ['already_confirmed', 'already_rejected'].includes(code))).toBe(true)
    expect((await standing()).events).toBe(2)
  })

  it('one booking moves once from what was seen', async () => {
    await insertEventType(context.services.db, host.id)
    const { uid } = await book('talk', NINE)
    const { won, refused } = await race(
      times(PARALLEL, (i) => {
        const start = NINE + (1 + (i % 15)) * 30 * MINUTE
        return rescheduleBooking(context.visitor, { uid, start, reason: '', sequence: 0 })
      }),
    )
    expect(won).toHaveLength(1)
    expect(refused).toEqual({ already_moved: PARALLEL - 1 })
    expect(await standing()).toEqual({ bookings: 1, claims: 1, events: 2 })
  })

  it('bookings that move to one start do not share it', async () => {
    await insertEventType(context.services.db, host.id)
    const made = await Promise.all(times(10, (i) => book('talk', NINE + i * 30 * MINUTE)).map((run) => run()))
    const start = NINE + 12 * 30 * MINUTE
    const runs = times(PARALLEL, (i) =>
      rescheduleBooking(context.visitor, { uid: made[i % 10]?.uid ?? '', start, reason: '' }),
    )
    const { won, refused } = await race(runs)
    expect(won).toHaveLength(1)
    expect((refused.slot_taken ?? 0) + (refused.same_time ?? 0)).toBe(PARALLEL - 1)
    expect(await overlaps()).toBe(0)
    expect(await standing()).toMatchObject({ bookings: 10, claims: 10 })
  })

  it('bookings, moves and cancellations mixed leave no overlap and no claim behind', async () => {
    await insertEventType(context.services.db, host.id, { slotInterval: 10 })
    const made = await Promise.all(times(6, (i) => book('talk', NINE + i * 60 * MINUTE)).map((run) => run()))
    await race(
      times<unknown>(PARALLEL * 2, (i) => {
        const uid = made[i % 6]?.uid ?? ''
        const start = NINE + (i % 40) * 10 * MINUTE
        if (i % 10 === 0) return cancelBooking(context.visitor, { uid, reason: '' })
        if (i % 2 === 0) return rescheduleBooking(context.visitor, { uid, start, reason: '' })
        return book('talk', start)
      }),
    )
    expect(await overlaps()).toBe(0)
    const { bookings, claims } = await standing()
    expect(claims).toBe(bookings)
  })

  it('one visitor holds a start, and only that one books it', async () => {
    const eventTypeId = await insertEventType(context.services.db, host.id)
    const hold = () => placeHold(context.visitor, { offer: { eventTypeId }, start: NINE, duration: 30 })
    const holds = await race(times(PARALLEL, hold))
    expect(holds.won).toHaveLength(1)
    expect(holds.refused).toEqual({ slot_taken: PARALLEL - 1 })
    const holdToken = holds.won[0]?.token ?? ''
    const { won } = await race(times(PARALLEL, (i) => book('talk', NINE, i === 25 ? { holdToken } : {})))
    expect(won).toHaveLength(1)
    expect((await standing()).claims).toBe(1)
  })
})
