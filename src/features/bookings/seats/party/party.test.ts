import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { createBooking } from '../../creation/commands.ts'
import { exportBookings } from '../../exports/queries.ts'
import { bookingByUid, bookingHistory } from '../../queries.ts'
import { rescheduleBooking } from '../../rescheduling/commands.ts'
import { createBookingSchema } from '../../schema.ts'
import { reduceParty } from './commands.ts'

let context: TestContext
let host: TestHost
let asHost: Ctx

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())
beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  host = await insertHost(context.services.db)
  asHost = context.as({ kind: 'user', userId: host.id, role: 'owner', via: 'session' })
})

const SEATS = { count: 4, showAttendees: false, showFree: true, maxPerBooking: 4 }
const offerSeats = (cancelling = true) =>
  insertEventType(context.services.db, host.id, { options: { seats: SEATS, cancelling } })

async function book(quantity: number, email = 'bo@example.net', names: readonly string[] = []) {
  const companions = names.map((name) => ({ name }))
  const input = { start: '2026-11-24T08:00:00Z', name: 'Bo', email, timeZone: 'UTC', quantity, companions }
  const offer = { username: host.username, slug: 'talk' }
  return createBooking(context.visitor, { offer, booking: parseInput(createBookingSchema, input), locale: 'en' })
}

async function taken() {
  const { rows } = await sql<{ counted: number; summed: number }>`
    select b.seats_taken as counted, (select sum(quantity)::int8 from attendees a
      where a.booking_id = b.id and a.cancelled_at is null) as summed
    from bookings b where b.host_id = ${host.id} and b.status = 'accepted'`.execute(context.services.db)
  return rows.map(({ counted, summed }) => [counted, summed])
}

describe('a party that becomes smaller', () => {
  it('frees its seats at once, for whoever books next', async () => {
    await offerSeats()
    const { uid } = await book(4)
    expect(await refusal(book(2, 'cy@example.net'))).toBe('slot_taken')
    await reduceParty(context.visitor, uid, { quantity: 2, sequence: 0 })
    expect(await taken()).toEqual([[2, 2]])
    await book(2, 'cy@example.net')
    expect(await taken()).toEqual([[4, 4]])
    const seat = await bookingByUid(context.visitor, uid)
    expect([seat?.sequence, seat?.attendees[0]?.quantity, seat?.status]).toEqual([1, 2, 'accepted'])
    const history = seat ? await bookingHistory(context.services.db, seat) : []
    expect(history.map(({ name, by }) => [name, by])).toEqual([
      ['booking.created', 'attendee'],
      ['booking.seat_taken', 'attendee'],
      ['booking.party_reduced', 'attendee'],
    ])
  })

  it('can be made so by the host, also where bookers may not cancel', async () => {
    await offerSeats(false)
    const { uid } = await book(3)
    expect(await refusal(reduceParty(context.visitor, uid, { quantity: 1 }))).toBe('cancelling_not_offered')
    await reduceParty(asHost, uid, { quantity: 1 })
    expect(await taken()).toEqual([[1, 1]])
  })

  it('only becomes smaller, never nobody, and not by who looked at an older version', async () => {
    await offerSeats()
    const { uid } = await book(3)
    const reduce = (input: object) => refusal(reduceParty(context.visitor, uid, input))
    for (const quantity of [3, 4]) expect(await reduce({ quantity })).toBe('party_not_smaller')
    for (const quantity of [0, -1, 1.5, Number.NaN]) expect(await reduce({ quantity })).toMatch(/^invalid_input/)
    expect(await reduce({ quantity: 2, sequence: 0 })).toBe('done')
    expect(await reduce({ quantity: 1, sequence: 0 })).toBe('already_moved')
    context.clock.set('2026-11-24T09:00:00Z')
    expect(await reduce({ quantity: 1 })).toBe('already_over')
  })

  it('is a seat: the booking that all share is none', async () => {
    await offerSeats()
    await book(3)
    const row = await context.services.db
      .selectFrom('bookings')
      .where('host_id', '=', host.id)
      .select('uid')
      .executeTakeFirstOrThrow()
    expect(await refusal(reduceParty(asHost, row.uid, { quantity: 1 }))).toBe('booking_not_found')
    expect(await refusal(reduceParty(context.visitor, 'x'.repeat(24), { quantity: 1 }))).toBe('booking_not_found')
  })

  it('counts right when fifty lower it and book at once', async () => {
    await offerSeats()
    const { uid } = await book(4)
    const tries = Array.from({ length: 50 }, (_, n) =>
      n % 2 === 0
        ? refusal(reduceParty(context.visitor, uid, { quantity: 1 + (n % 3) }))
        : refusal(book(1, `v${n}@example.net`)),
    )
    const answers = new Set(await Promise.all(tries))
    for (const answer of answers) {
      expect(['done', 'party_not_smaller', 'slot_taken', 'not_enough_seats']).toContain(answer)
    }
    const [[counted, summed] = [0, 1]] = await taken()
    expect(counted).toBe(summed)
    expect(counted).toBeLessThanOrEqual(4)
    expect((await bookingByUid(context.visitor, uid))?.attendees[0]?.quantity).toBe(1)
  })
})

describe('those who come along', () => {
  const named = async (uid: string) =>
    (await bookingByUid(context.visitor, uid))?.attendees[0]?.companions.map(({ name }) => name)

  it('are kept in order, as far as they are named', async () => {
    await offerSeats()
    expect(await named((await book(4, 'bo@example.net', [' Cy ', 'Di'])).uid)).toEqual(['Cy', 'Di'])
  })

  it('are never more than the seats beside that of the booker', async () => {
    await offerSeats()
    expect(await refusal(book(2, 'bo@example.net', ['Cy', 'Di']))).toBe('companions_too_many')
    expect(await refusal(book(1, 'bo@example.net', ['Cy']))).toBe('companions_too_many')
    for (const name of ['', '  ', 'x'.repeat(201), 'C\ny']) {
      expect(await refusal(book(2, 'bo@example.net', [name]))).toMatch(/^invalid_input/)
    }
    expect(await taken()).toEqual([])
  })

  it('stay away as the booker says, and otherwise first who was not named, then who was named last', async () => {
    await offerSeats()
    const { uid } = await book(4, 'bo@example.net', ['Cy', 'Di'])
    await reduceParty(context.visitor, uid, { quantity: 3 })
    expect(await named(uid)).toEqual(['Cy', 'Di'])
    await reduceParty(context.visitor, uid, { quantity: 2, away: [0, 0] })
    expect(await named(uid)).toEqual(['Di'])
    await reduceParty(context.visitor, uid, { quantity: 1 })
    expect(await named(uid)).toEqual([])
  })

  it('make way for one another', async () => {
    await offerSeats()
    const { uid } = await book(4, 'bo@example.net', ['Cy', 'Di', 'Ed'])
    expect(await refusal(reduceParty(context.visitor, uid, { quantity: 3, away: [0, 1] }))).toBe('away_too_many')
    expect(await refusal(reduceParty(context.visitor, uid, { quantity: 3, away: [3] }))).toBe('already_moved')
    for (const away of [[-1], [0.5], [Number.NaN], Array.from({ length: 51 }, () => 0)]) {
      expect(await refusal(reduceParty(context.visitor, uid, { quantity: 2, away }))).toMatch(/^invalid_input/)
    }
    expect(await named(uid)).toEqual(['Cy', 'Di', 'Ed'])
    await reduceParty(context.visitor, uid, { quantity: 2, away: [1] })
    expect(await named(uid)).toEqual(['Cy'])
  })

  it('go with their seat when it is moved', async () => {
    await offerSeats()
    await book(1, 'al@example.net')
    const { uid } = await book(2, 'bo@example.net', ['Cy'])
    await rescheduleBooking(context.visitor, { uid, start: Date.parse('2026-11-24T10:00:00Z'), reason: '' })
    expect(await named(uid)).toEqual(['Cy'])
  })

  it('are never more than come, when fifty say at once who stays away', async () => {
    await offerSeats()
    const { uid } = await book(4, 'bo@example.net', ['Cy', 'Di', 'Ed'])
    const tries = Array.from({ length: 50 }, (_, n) =>
      refusal(reduceParty(context.visitor, uid, { quantity: 1 + (n % 3), away: [n % 3] })),
    )
    for (const answer of new Set(await Promise.all(tries)))
      expect(['done', 'party_not_smaller', 'already_moved', 'away_too_many']).toContain(answer)
    const [person] = (await bookingByUid(context.visitor, uid))?.attendees ?? []
    expect(person?.companions.length).toBeLessThan(person?.quantity ?? 0)
  })

  it('have a column of the CSV, which runs nothing', async () => {
    await offerSeats()
    await book(3, 'bo@example.net', ['=Cy', 'Di'])
    let csv = ''
    const scope = userScope(asHost)
    for await (const piece of exportBookings(asHost.db, scope, { tab: 'all', now: asHost.clock.now() }, false))
      csv += piece
    const [head = '', row = ''] = csv.split('\r\n')
    expect([head.endsWith(',companions'), row.endsWith(`,"'=Cy\nDi"`)]).toEqual([true, true])
  })
})
