import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '#platform/actor.ts'
import { parseInput } from '#platform/input.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { loadOffer } from '../../availability/queries.ts'
import { listStarts } from '../../availability/starts/queries.ts'
import { cancelBooking, requestAnotherTime } from '../cancellation/commands.ts'
import { createBooking } from '../creation/commands.ts'
import { bookingById, bookingByUid } from '../queries.ts'
import { rescheduleBooking } from '../rescheduling/commands.ts'
import { createBookingSchema } from '../schema.ts'

const PARALLEL = 50
const MINUTE = 60_000
/** Tuesday 24 November 2026, 09:00 in Berlin. */
const NINE = Date.parse('2026-11-24T08:00:00Z')
const TEN = NINE + 60 * MINUTE

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

const SEATS = { count: 4, showAttendees: true, showFree: true, maxPerBooking: 3 }

function offerSeats(seats: Partial<typeof SEATS> = {}, more: Parameters<typeof insertEventType>[2] = {}) {
  return insertEventType(context.services.db, host.id, { options: { seats: { ...SEATS, ...seats } }, ...more })
}

function book(start: number, more: object = {}, idempotencyKey?: string) {
  const booking = parseInput(createBookingSchema, {
    ...{ start: new Date(start).toISOString(), name: 'Bo', email: 'bo@example.net', timeZone: 'UTC', ...more },
  })
  const offer = { username: host.username, slug: 'talk' }
  return createBooking(context.visitor, { offer, booking, locale: 'en', idempotencyKey })
}

/** Starts all at once and counts the codes; anything but an expected refusal fails. */
async function race(runs: (() => Promise<unknown>)[]): Promise<Record<string, number>> {
  const codes = await Promise.all(runs.map((run) => refusal(run())))
  const count: Record<string, number> = {}
  for (const code of codes) count[code] = (count[code] ?? 0) + 1
  return count
}

/** What must always be true: the counter counts the seats, no booking is too full, and each that stands has one claim. */
async function account() {
  const { rows } = await sql<{ wrong: number; taken: number; bookings: number; claims: number }>`
    select
      (select count(*) from bookings b where host_id = ${host.id} and status = 'accepted' and seats_taken <> (
        select sum(quantity) from attendees a where a.booking_id = b.id and cancelled_at is null)) as wrong,
      (select coalesce(sum(seats_taken), 0)::int8 from bookings where host_id = ${host.id} and status = 'accepted') as taken,
      (select count(*) from bookings where host_id = ${host.id} and status = 'accepted') as bookings,
      (select count(*) from claims where host_id = ${host.id}) as claims
  `.execute(context.services.db)
  const [row] = rows
  if (!row) throw new Error('no row')
  expect(row.wrong).toBe(0)
  expect(row.claims).toBe(row.bookings)
  return { taken: row.taken, bookings: row.bookings }
}

async function starts(): Promise<number[]> {
  const offer = await loadOffer(context.services.db, { username: host.username, slug: 'talk' })
  if (!offer) throw new Error('no offer')
  return listStarts(context.visitor, offer, offer.eventType.durations[0] as number, { start: NINE, end: TEN })
}

describe('seats', () => {
  it('are taken in one booking until it is full, then the start goes', async () => {
    await offerSeats({ count: 3 }, { slotInterval: 15 })
    const first = await book(NINE)
    expect(await starts()).toEqual([NINE, NINE + 30 * MINUTE, NINE + 45 * MINUTE])
    const second = await book(NINE, { name: 'Cy', email: 'cy@example.net' })
    expect(second.id).toBe(first.id)
    expect(second.uid).not.toBe(first.uid)
    await book(NINE, { email: 'di@example.net' })
    expect(await starts()).not.toContain(NINE)
    expect(await refusal(book(NINE))).toBe('slot_taken')
    expect(await account()).toEqual({ taken: 3, bookings: 1 })
  })

  it('add no booking to the limits of a day, whoever takes one', async () => {
    const options = { seats: SEATS, limits: { bookings: { day: 1 }, minutes: { day: 30 } } }
    await insertEventType(context.services.db, host.id, { options })
    await book(NINE)
    expect(await starts()).toEqual([NINE])
    expect(await refusal(book(TEN))).toBe('slot_taken')
    const others = Array.from(
      { length: PARALLEL },
      (_, n) => () => book(n % 2 ? NINE : TEN, { email: `v${n}@example.net` }),
    )
    expect(await race(others)).toEqual({ done: 3, slot_taken: PARALLEL - 3 })
    expect(await account()).toEqual({ taken: 4, bookings: 1 })
    expect(await starts()).toEqual([])
  })

  it('are taken at one start when a day has one booking and fifty begin it at once', async () => {
    await insertEventType(context.services.db, host.id, {
      options: { seats: SEATS, limits: { bookings: { day: 1 }, minutes: {} } },
    })
    const all = Array.from(
      { length: PARALLEL },
      (_, n) => () => book(n % 2 ? NINE : TEN, { email: `v${n}@example.net` }),
    )
    expect(await race(all)).toEqual({ done: 4, slot_taken: PARALLEL - 4 })
    expect(await account()).toEqual({ taken: 4, bookings: 1 })
  })

  it('are of their attendee alone: the uid of a seat shows and acts on no other, and the booking’s is its host’s', async () => {
    await offerSeats()
    const mine = await book(NINE, { notes: 'my secret' })
    const other = await book(NINE, { name: 'Cy', email: 'cy@example.net', notes: 'other secret' })
    const view = await bookingByUid(context.visitor, other.uid)
    expect(view).toMatchObject({ uid: other.uid, notes: 'other secret', others: ['Bo'] })
    expect(view?.attendees.map(({ email }) => email)).toEqual(['cy@example.net'])
    expect(JSON.stringify(view)).not.toContain('my secret')
    expect(JSON.stringify(view)).not.toContain(mine.uid)
    expect(JSON.stringify(view)).not.toContain('bo@example.net')

    const whole = await bookingById(context.services.db, mine.id)
    const uid = whole?.uid ?? ''
    expect(await bookingByUid(context.visitor, uid)).toBeNull()
    expect(await refusal(cancelBooking(context.visitor, { uid, reason: '' }))).toBe('booking_not_found')
    expect(await refusal(rescheduleBooking(context.visitor, { uid, start: TEN, reason: '' }))).toBe('booking_not_found')
    const stranger = context.as({ kind: 'user', userId: host.id + 1000, role: 'owner', via: 'session' })
    expect(await refusal(cancelBooking(stranger, { uid, reason: 'x' }))).toBe('booking_not_found')

    await cancelBooking(context.visitor, { uid: other.uid, reason: 'ill', sequence: 0 })
    expect(await bookingByUid(context.visitor, other.uid)).toMatchObject({ status: 'cancelled', reason: 'ill' })
    expect(await bookingByUid(context.visitor, mine.uid)).toMatchObject({ status: 'accepted', others: [], sequence: 0 })
    expect(await refusal(cancelBooking(context.visitor, { uid: other.uid, reason: '' }))).toBe('already_cancelled')
    expect(await refusal(rescheduleBooking(context.visitor, { uid: other.uid, start: TEN, reason: '' }))).toBe(
      'already_cancelled',
    )
    expect(await account()).toEqual({ taken: 1, bookings: 1 })
  })

  it('free the time with the last of them', async () => {
    await offerSeats()
    const { uid } = await book(NINE)
    await cancelBooking(context.visitor, { uid, reason: '' })
    expect(await bookingByUid(context.visitor, uid)).toMatchObject({ status: 'cancelled', cancelledBy: 'attendee' })
    expect(await account()).toEqual({ taken: 0, bookings: 0 })
    expect((await book(NINE)).status).toBe('accepted')
  })

  it('move one by one: to an empty start, to others, and away from others', async () => {
    await offerSeats()
    const [a, b, c] = [await book(NINE), await book(NINE, { name: 'Cy' }), await book(TEN)]
    await rescheduleBooking(context.visitor, { uid: a.uid, start: TEN, reason: '', sequence: 0 })
    expect((await bookingByUid(context.visitor, a.uid))?.start.epochMilliseconds).toBe(TEN)
    expect((await bookingByUid(context.visitor, a.uid))?.sequence).toBe(1)
    expect((await bookingByUid(context.visitor, b.uid))?.start.epochMilliseconds).toBe(NINE)
    expect((await bookingByUid(context.visitor, b.uid))?.sequence).toBe(0)
    expect(await account()).toEqual({ taken: 3, bookings: 2 })
    // Alone, to others: the booking that is left is cancelled and its time free.
    await rescheduleBooking(context.visitor, { uid: b.uid, start: TEN, reason: '' })
    expect(await account()).toEqual({ taken: 3, bookings: 1 })
    // Away from others, to where nobody is.
    const eleven = TEN + 60 * MINUTE
    await rescheduleBooking(context.visitor, { uid: c.uid, start: eleven, reason: '' })
    expect(await account()).toEqual({ taken: 3, bookings: 2 })
    // Alone, to where nobody is: the booking itself moves.
    const before = await bookingByUid(context.visitor, c.uid)
    await rescheduleBooking(context.visitor, { uid: c.uid, start: eleven + 30 * MINUTE, reason: '' })
    expect((await bookingByUid(context.visitor, c.uid))?.id).toBe(before?.id)
    expect(await refusal(rescheduleBooking(context.visitor, { uid: c.uid, start: TEN, reason: '', sequence: 0 }))).toBe(
      'already_moved',
    )
  })

  it('are moved and cancelled together by the host', async () => {
    await offerSeats()
    const [a, b] = [await book(NINE), await book(NINE, { name: 'Cy' })]
    const uid = (await bookingById(context.services.db, a.id))?.uid ?? ''
    const ctx = context.as(asHost)
    await rescheduleBooking(ctx, { uid, start: TEN, reason: '' })
    for (const seat of [a, b]) {
      expect(await bookingByUid(context.visitor, seat.uid)).toMatchObject({ sequence: 1, status: 'accepted' })
      expect((await bookingByUid(context.visitor, seat.uid))?.start.epochMilliseconds).toBe(TEN)
    }
    expect(await refusal(requestAnotherTime(ctx, { uid, reason: '' }))).toBe('not_with_seats')
    expect(await refusal(requestAnotherTime(ctx, { uid: a.uid, reason: '' }))).toBe('booking_not_found')
    await cancelBooking(ctx, { uid, reason: 'ill' })
    expect(await bookingByUid(context.visitor, b.uid)).toMatchObject({ status: 'cancelled', cancelledBy: 'host' })
    expect(await account()).toEqual({ taken: 0, bookings: 0 })
  })

  it('are counted for parties, which must fit', async () => {
    await offerSeats()
    const { uid } = await book(NINE, { quantity: 3 })
    expect(await refusal(book(NINE, { quantity: 2 }))).toBe('not_enough_seats')
    expect(await refusal(book(NINE, { quantity: 4 }))).toBe('party_too_large')
    await book(NINE, { quantity: 1 })
    expect(await account()).toEqual({ taken: 4, bookings: 1 })
    expect(await refusal(book(NINE))).toBe('slot_taken')
    await cancelBooking(context.visitor, { uid, reason: '' })
    await book(NINE, { quantity: 2 })
    expect(await account()).toEqual({ taken: 3, bookings: 1 })
  })

  it('know no guests, and one person where there are no seats', async () => {
    await offerSeats()
    expect(await refusal(book(NINE, { guests: ['g@example.net'] }))).toBe('guests_not_offered')
    await context.services.db.updateTable('event_types').set({ options: '{}' }).where('user_id', '=', host.id).execute()
    expect(await refusal(book(NINE, { quantity: 2 }))).toBe('party_too_large')
  })

  it('are not joined when the event type lasts longer now, nor when it has none any more', async () => {
    const id = await offerSeats()
    await book(NINE)
    const { db } = context.services
    const later = () => context.clock.now()
    await db
      .updateTable('event_types')
      .set({ durations: [60], updated_at: later() })
      .where('id', '=', id)
      .execute()
    expect(await starts()).not.toContain(NINE)
    expect(await refusal(book(NINE))).toBe('slot_taken')
    context.clock.set('2026-11-23T08:00:01Z')
    const single = { durations: [30], options: '{}', updated_at: later() }
    await db.updateTable('event_types').set(single).where('id', '=', id).execute()
    expect(await refusal(book(NINE))).toBe('slot_taken')
  })

  it('are as many as the event type says now', async () => {
    const id = await offerSeats({ count: 1 })
    await book(NINE)
    expect(await refusal(book(NINE))).toBe('slot_taken')
    const options = JSON.stringify({ seats: { ...SEATS, count: 2 } })
    context.clock.set('2026-11-23T08:00:01Z')
    const change = { options, updated_at: context.clock.now() }
    await context.services.db.updateTable('event_types').set(change).where('id', '=', id).execute()
    await book(NINE)
    expect(await account()).toEqual({ taken: 2, bookings: 1 })
  })

  it('keep the title free of who was first', async () => {
    await offerSeats({}, { options: { seats: SEATS, titleTemplate: '{event} {booker}' }, title: 'Class' })
    const { uid } = await book(NINE)
    expect((await bookingByUid(context.visitor, uid))?.title).toBe('Class')
  })

  it('take a number of statements that does not grow', async () => {
    await offerSeats({ count: 100 })
    await book(NINE, {}, 'warm')
    const { count } = context.database
    const spent: number[] = []
    for (let i = 0; i < 3; i++) {
      const before = count.statements
      await book(NINE, { email: `p${i}@example.net` }, `key${i}`)
      spent.push(count.statements - before)
    }
    expect(new Set(spent).size).toBe(1)
    expect(spent[0]).toBeLessThanOrEqual(13)
    const before = count.statements
    await book(TEN, {}, 'first')
    expect(count.statements - before).toBeLessThanOrEqual(16)
  })
})

describe('fifty at once', () => {
  it('take the seats there are, begun by whoever was first', async () => {
    await offerSeats({ count: 20 })
    const codes = await race(
      Array.from({ length: PARALLEL }, (_, i) => () => book(NINE, { email: `p${i}@example.net` })),
    )
    expect(codes).toEqual({ done: 20, slot_taken: PARALLEL - 20 })
    expect(await account()).toEqual({ taken: 20, bookings: 1 })
  })

  it('one gets the last seat', async () => {
    await offerSeats({ count: 2 })
    await book(NINE)
    expect(await race(Array.from({ length: PARALLEL }, () => () => book(NINE)))).toEqual({
      done: 1,
      slot_taken: PARALLEL - 1,
    })
    expect(await account()).toEqual({ taken: 2, bookings: 1 })
  })

  it('the same request takes one seat', async () => {
    await offerSeats({ count: 20 })
    const made = await Promise.all(Array.from({ length: PARALLEL }, () => book(NINE, {}, 'click')))
    expect(new Set(made.map(({ uid }) => uid)).size).toBe(1)
    expect(await account()).toEqual({ taken: 1, bookings: 1 })
  })

  it('join, leave and move between starts, and every seat is counted', async () => {
    await offerSeats({ count: 5 })
    const half = 30 * MINUTE
    const seats = await Promise.all(
      Array.from({ length: 12 }, (_, i) => book(NINE + (i % 3) * half, { email: `p${i}@example.net` })),
    )
    const seat = (i: number) => seats[i % seats.length]?.uid ?? ''
    const codes = await race(
      Array.from({ length: PARALLEL * 2 }, (_, i) => () => {
        if (i % 5 === 0) return cancelBooking(context.visitor, { uid: seat(i), reason: '' })
        const start = NINE + (i % 4) * half
        if (i % 2 === 0) return rescheduleBooking(context.visitor, { uid: seat(i), start, reason: '' })
        return book(start, { email: `q${i}@example.net`, quantity: 1 + (i % 3) })
      }),
    )
    expect(codes.done).toBeGreaterThan(0)
    const { taken } = await account()
    expect(taken).toBeLessThanOrEqual(20)
    const { rows } = await sql<{ doubled: number }>`
      select count(*) as doubled from bookings a join bookings b on a.host_id = b.host_id and a.id < b.id
        and tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
      where a.host_id = ${host.id} and a.status = 'accepted' and b.status = 'accepted'`.execute(context.services.db)
    expect(rows[0]?.doubled).toBe(0)
  })
})
