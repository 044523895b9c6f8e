import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hashToken } from '#platform/crypto.ts'
import { isAppError } from '#platform/errors.ts'
import { parseInput } from '#platform/input.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { type HoldWish, moveHold, placeHold, releaseHold } from '../../availability/holds/commands.ts'
import { loadOffer } from '../../availability/queries.ts'
import { listSeats } from '../../availability/starts/queries.ts'
import type { Own } from '../../availability/taken/queries.ts'
import { cancelBooking } from '../cancellation/commands.ts'
import { createBooking } from '../creation/commands.ts'
import { bookOnBehalf } from '../on-behalf/commands.ts'
import { bookingById } from '../queries.ts'
import { rescheduleBooking } from '../rescheduling/commands.ts'
import { createBookingSchema } from '../schema.ts'

const PARALLEL = 50
const MINUTE = 60_000
/** Tuesday 24 November 2026, 09:00 in Berlin. */
const NINE = Date.parse('2026-11-24T08:00:00Z')
const TEN = NINE + 60 * MINUTE
const SEATS = { count: 3, showAttendees: false, showFree: true, maxPerBooking: 3 }

let context: TestContext
let host: TestHost
let eventTypeId: number

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())
beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  host = await insertHost(context.services.db)
  eventTypeId = await insertEventType(context.services.db, host.id, { slotInterval: 15, options: { seats: SEATS } })
})

const asHost = () => context.as({ kind: 'user', userId: host.id, role: 'owner', via: 'session' })

function hold(start = NINE, more: Partial<HoldWish> & { previousToken?: string } = {}) {
  return placeHold(context.visitor, { offer: { eventTypeId }, start, ...more })
}

interface Wish {
  holdToken?: string
  slug?: string
  quantity?: number
  email?: string
}

function book(start = NINE, { holdToken, slug = 'talk', ...more }: Wish = {}) {
  const input = { start: new Date(start).toISOString(), name: 'Bo', email: 'bo@example.net', timeZone: 'UTC', ...more }
  const booking = parseInput(createBookingSchema, input)
  return createBooking(context.visitor, { offer: { username: host.username, slug }, booking, locale: 'en', holdToken })
}

/** Starts from nine to ten, each with the seats that are left there. */
async function offered(own: Own = {}, slug = 'talk'): Promise<[minutes: number, left: number | undefined][]> {
  const offer = await loadOffer(context.services.db, { username: host.username, slug })
  if (!offer) throw new Error('no offer')
  const { starts, left } = await listSeats(context.visitor, offer, 30, { start: NINE, end: TEN }, own)
  return starts.map((start) => [(start - NINE) / MINUTE, left.get(start)])
}

const mine = ({ token }: { token: string }): Own => ({ holdTokenHash: hashToken(token) })

async function race(runs: (() => Promise<unknown>)[]): Promise<Record<string, number>> {
  const codes = await Promise.all(
    runs.map((run) =>
      run().then(
        () => 'done',
        (error) => {
          if (isAppError(error)) return error.code
          throw error
        },
      ),
    ),
  )
  const count: Record<string, number> = {}
  for (const code of codes) count[code] = (count[code] ?? 0) + 1
  return count
}

/** What must always be true; seats taken and held at each start. */
async function account() {
  const { rows } = await sql<{ wrong: number; unclaimed: number; most: number; held: number; taken: number }>`
    with live as (
      select s.id, s.starts_at, sum(h.quantity)::int8 as held from sittings s join holds h on h.sitting_id = s.id
      where s.event_type_id = ${eventTypeId} and h.expires_at > ${context.clock.now()} group by s.id
    ), booked as (
      select id, starts_at, seats_taken from bookings where event_type_id = ${eventTypeId} and status = 'accepted'
    )
    select
      (select count(*) from booked b where seats_taken <> (
        select sum(quantity) from attendees a where a.booking_id = b.id and cancelled_at is null)) as wrong,
      (select count(*) from booked b where (select count(*) from claims c where c.booking_id = b.id) <> 1)
        + (select count(*) from live l where not exists (select from claims c where c.sitting_id = l.id)
          and not exists (select from booked b where b.starts_at = l.starts_at)) as unclaimed,
      (select coalesce(max(coalesce(l.held, 0) + coalesce(b.seats_taken, 0)), 0)
        from live l full join booked b on b.starts_at = l.starts_at) as most,
      (select coalesce(sum(held), 0)::int8 from live) as held,
      (select coalesce(sum(seats_taken), 0)::int8 from booked) as taken
  `.execute(context.services.db)
  const { wrong, unclaimed, most, held, taken } = rows[0] as (typeof rows)[0]
  expect({ wrong, unclaimed }).toEqual({ wrong: 0, unclaimed: 0 })
  expect(most).toBeLessThanOrEqual(SEATS.count)
  return { held, taken }
}

describe('a seat that is held', () => {
  it('counts as taken for others, and not for who holds it', async () => {
    const held = await hold()
    expect(await offered()).toEqual([
      [0, 2],
      [30, undefined],
      [45, undefined],
    ])
    expect(await offered(mine(held))).toEqual([0, 15, 30, 45].map((minutes) => [minutes, undefined]))
    const { uid } = await book(NINE, { holdToken: held.token })
    expect(uid).not.toBe('')
    expect(await account()).toEqual({ held: 0, taken: 1 })
  })

  it('says how many are free to who holds it, as often as it is asked', async () => {
    const first = await hold()
    expect(first.seatsFree).toBe(3)
    const other = await hold(NINE, { quantity: 2 })
    expect(other.seatsFree).toBe(2)
    expect((await hold(NINE, { previousToken: other.token })).seatsFree).toBe(2)
    expect((await moveHold(context.visitor, first.token, { offer: { eventTypeId }, start: NINE })).seatsFree).toBe(2)
    const alone = await insertEventType(context.services.db, host.id, { slug: 'alone' })
    expect((await hold(TEN, { offer: { eventTypeId: alone } })).seatsFree).toBeNull()
  })

  it('is of nobody else when it is the last, until it is over', async () => {
    await book(NINE, { quantity: 2 })
    const last = await hold()
    expect(await offered()).toEqual([
      [30, undefined],
      [45, undefined],
    ])
    expect(await refusal(book())).toBe('slot_taken')
    expect(await refusal(hold())).toBe('slot_taken')
    expect(await refusal(bookOnBehalf(asHost(), onBehalf({ anyway: true, reason: 'a friend' })))).toBe('slot_taken')
    context.clock.set('2026-11-23T08:05:00Z')
    await book()
    expect(await refusal(book(NINE, { holdToken: last.token }))).toBe('slot_taken')
    expect(await account()).toEqual({ held: 0, taken: 3 })
  })

  it('is given up by leaving the page, and by holding another', async () => {
    const first = await hold(NINE, { quantity: 3 })
    expect(await refusal(hold())).toBe('slot_taken')
    // Overlaps what it gives up.
    const second = await hold(NINE + 15 * MINUTE, { quantity: 2, previousToken: first.token })
    expect(await account()).toEqual({ held: 2, taken: 0 })
    expect((await offered()).map(([minutes]) => minutes)).toEqual([15, 45])
    expect(await releaseHold(context.visitor, second.token)).toBe(true)
    expect((await offered()).map(([minutes]) => minutes)).toEqual([0, 15, 30, 45])
    await book()
    expect(await account()).toEqual({ held: 0, taken: 1 })
  })

  it('is as many as a party needs, and no more than there are or one may have', async () => {
    const two = await hold(NINE, { quantity: 2 })
    expect(await refusal(hold(NINE, { quantity: 2 }))).toBe('not_enough_seats')
    expect(await refusal(hold(NINE, { quantity: 4 }))).toBe('party_too_large')
    expect(await refusal(book(NINE, { quantity: 2 }))).toBe('not_enough_seats')
    const three = await hold(NINE, { quantity: 3, previousToken: two.token })
    await book(NINE, { quantity: 3, holdToken: three.token })
    expect(await account()).toEqual({ held: 0, taken: 3 })
  })

  it('has its time, buffers included, for all who hold there, whoever of them books or leaves first', async () => {
    await insertEventType(context.services.db, host.id, { slug: 'other', slotInterval: 15 })
    const [a, b, c] = [await hold(), await hold(), await hold()]
    expect((await offered({}, 'other')).map(([minutes]) => minutes)).toEqual([30, 45])
    expect(await refusal(book(NINE, { slug: 'other' }))).toBe('slot_taken')
    await releaseHold(context.visitor, a.token)
    const { uid } = await book(NINE, { holdToken: b.token })
    await cancelBooking(context.visitor, { uid, reason: '' })
    expect(await refusal(book(NINE + 15 * MINUTE, { slug: 'other' }))).toBe('slot_taken')
    expect(await account()).toEqual({ held: 1, taken: 0 })
    await book(NINE, { holdToken: c.token })
    expect(await account()).toEqual({ held: 0, taken: 1 })
  })

  it('stays bookable off the grid when those who were there have left', async () => {
    const quarter = NINE + 15 * MINUTE
    const { uid } = await book(quarter)
    await context.services.db
      .updateTable('event_types')
      .set({ slot_interval: 30, updated_at: context.clock.now().add({ seconds: 1 }) })
      .where('id', '=', eventTypeId)
      .execute()
    const held = await hold(quarter)
    await cancelBooking(context.visitor, { uid, reason: '' })
    await book(quarter, { holdToken: held.token })
    expect(await account()).toEqual({ held: 0, taken: 1 })
  })

  it('stays when the host moves everybody who has booked, and keeps all of them from where somebody holds one', async () => {
    const { id } = await book()
    const [here, there] = [await hold(), await hold(TEN)]
    const uid = (await bookingById(context.services.db, id))?.uid ?? ''
    expect(await refusal(rescheduleBooking(asHost(), { uid, start: TEN, reason: '' }))).toBe('slot_taken')
    await rescheduleBooking(asHost(), { uid, start: TEN + 60 * MINUTE, reason: '' })
    expect(await account()).toEqual({ held: 2, taken: 1 })
    await book(NINE, { holdToken: here.token })
    await book(TEN, { holdToken: there.token })
    expect(await account()).toEqual({ held: 0, taken: 3 })
  })

  it('is there for a seat that moves, beside those who sit or hold there', async () => {
    const { uid } = await book(NINE, { quantity: 2 })
    await hold(TEN)
    const beside = await hold(TEN, { quantity: 2 })
    expect(await refusal(rescheduleBooking(context.visitor, { uid, start: TEN, reason: '' }))).toBe('slot_taken')
    await rescheduleBooking(context.visitor, { uid, start: TEN, reason: '', holdToken: beside.token })
    expect(await account()).toEqual({ held: 1, taken: 2 })
  })

  it('leaves nothing behind that is over', async () => {
    await hold()
    await hold(TEN)
    context.clock.set('2026-11-24T08:45:00Z')
    await hold(NINE + 24 * 60 * MINUTE)
    const { rows } = await sql<{ starts_at: { epochMilliseconds: number } }>`
      select starts_at from sittings where event_type_id = ${eventTypeId} order by starts_at`.execute(
      context.services.db,
    )
    expect(rows.map((row) => row.starts_at.epochMilliseconds)).toEqual([TEN, NINE + 24 * 60 * MINUTE])
    const left = await context.services.db.selectFrom('holds').where('event_type_id', '=', eventTypeId).select('id')
    expect(await left.execute()).toHaveLength(1)
  })
})

describe('fifty at once', () => {
  it('hold the seats there are', async () => {
    expect(await race(times(PARALLEL, () => hold()))).toEqual({ done: 3, slot_taken: PARALLEL - 3 })
    expect(await account()).toEqual({ held: 3, taken: 0 })
  })

  it('hold what a booking has left, while others book: never more than there are', async () => {
    await book()
    const codes = await race(times<unknown>(PARALLEL, (i) => (i % 2 === 0 ? hold() : book())))
    expect(codes).toEqual({ done: 2, slot_taken: PARALLEL - 2 })
    const { held, taken } = await account()
    expect(held + taken).toBe(3)
  })

  it('book what three of them hold: those three do', async () => {
    const held = [await hold(), await hold(), await hold()]
    const codes = await race(times(PARALLEL, (i) => book(NINE, { holdToken: held[i - 20]?.token })))
    expect(codes).toEqual({ done: 3, slot_taken: PARALLEL - 3 })
    expect(await account()).toEqual({ held: 0, taken: 3 })
  })

  it('hold, book, cancel, move and let expire, between two event types of one host: nobody loses what they hold', async () => {
    const half = 30 * MINUTE
    await insertEventType(context.services.db, host.id, { slug: 'other', slotInterval: 15 })
    const expired = await Promise.all([hold(NINE + half), hold(TEN), hold(TEN + half)])
    const seats = await Promise.all(
      times(4, (i) => book(NINE + i * half, { email: `p${i}@example.net` })).map((one) => one()),
    )
    context.clock.set('2026-11-23T08:05:00Z')
    const safe = await Promise.all(times(4, (i) => hold(NINE + i * half)).map((one) => one()))
    const codes = await race([
      ...times<unknown>(PARALLEL * 2, async (i) => {
        const start = NINE + (i % 4) * half
        if (i % 7 === 0) return cancelBooking(context.visitor, { uid: seats[i % 4]?.uid ?? '', reason: '' })
        if (i % 7 === 1) return rescheduleBooking(context.visitor, { uid: seats[i % 4]?.uid ?? '', start, reason: '' })
        if (i % 7 === 2) return book(start, { slug: 'other' })
        if (i % 7 === 3)
          return hold(start, { quantity: 1 + (i % 2) }).then(({ token }) => releaseHold(context.visitor, token))
        if (i % 7 === 4)
          return moveHold(context.visitor, expired[i % 3]?.token ?? '', { offer: { eventTypeId }, start })
        return i % 7 === 5 ? hold(start) : book(start, { email: `q${i}@example.net`, quantity: 1 + (i % 2) })
      }),
    ])
    expect(codes.done).toBeGreaterThan(0)
    await account()
    const own = await race(
      safe.map(
        ({ start, token }) =>
          () =>
            book(start, { holdToken: token }),
      ),
    )
    expect(own).toEqual({ done: 4 })
    await account()
  })
})

it('costs bookings without seats no statement, and those with seats none that grows', async () => {
  await insertEventType(context.services.db, host.id, { slug: 'other' })
  const { count } = context.database
  const spent = async (run: () => Promise<unknown>) => {
    const before = count.statements
    await run()
    return count.statements - before
  }
  const plain = await spent(() => book(TEN + 60 * MINUTE, { slug: 'other' }))
  const tokens: string[] = []
  for (let i = 0; i < 3; i++) tokens.push((await hold()).token)
  expect(await spent(() => book(TEN + 90 * MINUTE, { slug: 'other' }))).toBe(plain)
  const first = await spent(() => book(NINE, { holdToken: tokens[0] }))
  expect(first).toBeLessThanOrEqual(19)
  const second = await spent(() => book(NINE, { holdToken: tokens[1] }))
  expect(await spent(() => book(NINE, { holdToken: tokens[2] }))).toBe(second)
})

function times<T>(n: number, run: (i: number) => Promise<T>): (() => Promise<T>)[] {
  return Array.from({ length: n }, (_, i) => () => run(i))
}

function onBehalf(more: object) {
  const start = new Date(NINE).toISOString()
  return {
    eventTypeId,
    start,
    duration: 30,
    name: 'Cy',
    email: 'cy@example.net',
    timeZone: 'UTC',
    locale: 'en',
    mails: false,
    ...more,
  }
}
