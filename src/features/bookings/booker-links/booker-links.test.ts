import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseInput } from '#platform/input.ts'
import { memoryRateLimiter } from '#platform/rate-limit.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { unsentMail } from '#test/mails.ts'
import { insertManyBookings } from '#test/many-bookings.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { planOf } from '#test/plans.ts'
import { refusal } from '#test/refusal.ts'
import { cancelBooking } from '../cancellation/commands.ts'
import { createBooking } from '../creation/commands.ts'
import { createBookingSchema } from '../schema.ts'
import { askForBookerLink } from './commands.ts'
import { bookerLinkSweep } from './jobs.ts'
import { bookerBehind, bookerLink, bookingsOfBooker } from './queries.ts'

let context: TestContext
let ada: TestHost
let bob: TestHost

beforeAll(async () => {
  context = await testContext({ mail: unsentMail })
  const { db } = context.services
  ada = await insertHost(db)
  bob = await insertHost(db)
  await insertEventType(db, ada.id)
  await insertEventType(db, bob.id, { options: { cancelling: false, rescheduling: never } })
})
afterAll(() => context.close())
beforeEach(() => context.clock.set('2026-11-23T08:00:00Z'))

const never = { allowed: false, notice: 0, past: false, cancelled: false }

async function book({ username }: TestHost, start: string, email = 'bo@example.net', guests: string[] = []) {
  const input = { start, name: 'Bo', email, timeZone: 'America/New_York', guests }
  const { uid } = await createBooking(context.visitor, {
    offer: { username, slug: 'talk' },
    booking: parseInput(createBookingSchema, input),
    locale: 'en',
  })
  return uid
}

const ask = (email: string, ctx = context.visitor) => refusal(askForBookerLink(ctx, { email }))
const links = () => context.services.db.selectFrom('booker_links').selectAll().orderBy('id').execute()
async function lastLink() {
  const { id } = (await links()).at(-1) ?? { id: '' }
  return bookerLink(context.visitor, id)
}

describe('a link to all bookings of an address', () => {
  it('opens for an hour, and only with its whole token', async () => {
    expect(await ask(' Bo@Example.net ')).toBe('done')
    const { token = '', email } = (await lastLink()) ?? {}
    expect([email, Buffer.from(token, 'base64url').length]).toEqual(['bo@example.net', 32])
    expect(await bookerBehind(context.visitor, token)).toMatchObject({ email: 'bo@example.net' })
    const other = `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`
    for (const wrong of ['', other, token.slice(1)]) expect(await bookerBehind(context.visitor, wrong)).toBeNull()
    context.clock.set('2026-11-23T08:59:59Z')
    expect(await bookerBehind(context.visitor, token)).not.toBeNull()
    context.clock.set('2026-11-23T09:00:00Z')
    expect(await bookerBehind(context.visitor, token)).toBeNull()
    await bookerLinkSweep.run(context.visitor, new AbortController().signal)
    expect(await links()).toEqual([])
  })

  it('is nowhere stored, neither itself nor in the delivery', async () => {
    await ask('bo@example.net')
    const { token = 'none' } = (await lastLink()) ?? {}
    const deliveries = await context.services.db.selectFrom('deliveries').selectAll().execute()
    const stored = JSON.stringify([await links(), deliveries])
    expect(stored).not.toContain(token)
    expect(stored).not.toContain(Buffer.from(token, 'base64url').toString('hex'))
    expect(JSON.stringify(deliveries)).not.toContain('bo@example.net')
  })

  it('is asked for alike, whether or not anything was booked', async () => {
    await book(ada, '2026-11-23T09:00:00Z', 'known@example.net')
    for (const email of ['known@example.net', 'unknown@example.net']) expect(await ask(email)).toBe('done')
    const [known, unknown] = await Promise.all(
      (await links()).slice(-2).map(({ id }) => bookerLink(context.visitor, id)),
    )
    expect([known?.timeZone, unknown?.timeZone]).toEqual(['America/New_York', null])
  })

  it('needs a mail address and a mail server', async () => {
    expect(await ask('nobody')).toMatch(/^invalid_input\/email/)
    const without = { ...context.visitor, mail: { ...unsentMail, configured: false } }
    expect(await ask('bo@example.net', without)).toBe('booker_links_unavailable')
  })

  it('is sent only so often to an address, and for somebody', async () => {
    const limited = { ...context.visitor, rateLimiter: memoryRateLimiter(true) }
    const tries = await Promise.all(Array.from({ length: 50 }, () => ask('often@example.net', limited)))
    expect(tries.filter((one) => one === 'done')).toHaveLength(3)
    const elsewhere = { ...limited, clientAddress: '192.0.2.2' }
    const others = []
    for (let n = 0; n < 12; n++) others.push(await ask(`many${n}@example.net`, elsewhere))
    expect(others.filter((one) => one === 'done')).toHaveLength(10)
    expect(others.at(-1)).toBe('rate_limited')
  })
})

describe('the list behind it', () => {
  it('has what the address booked with any host, ahead and past, and nothing of others', async () => {
    const email = 'list@example.net'
    const first = await book(ada, '2026-11-24T09:00:00Z', email)
    const second = await book(bob, '2026-11-24T10:00:00Z', email)
    const third = await book(ada, '2026-11-25T09:00:00Z', email)
    await book(ada, '2026-11-25T10:00:00Z', 'other@example.net', [email])
    await cancelBooking(context.visitor, { uid: third, reason: '' })
    const ahead = await bookingsOfBooker(context.visitor, email, { ahead: true, after: null })
    expect(ahead.entries).toMatchObject([
      { uid: first, status: 'accepted', movable: true, cancellable: true, timeZone: 'America/New_York' },
      { uid: second, status: 'accepted', movable: false, cancellable: false },
      { uid: third, status: 'cancelled', cancellable: false },
    ])
    context.clock.set('2026-11-24T09:45:00Z')
    const past = await bookingsOfBooker(context.visitor, email, { ahead: false, after: null })
    expect(past.entries).toMatchObject([{ uid: first, movable: false, cancellable: false }])
  })

  it('leads to the seat where several share a booking', async () => {
    const eventTypeId = await insertEventType(context.services.db, ada.id, {
      slug: 'class',
      options: { seats: { count: 5, maxPerBooking: 1, showAttendees: false, showFree: true } },
    })
    const input = { start: '2026-11-26T09:00:00Z', name: 'Bo', email: 'seat@example.net', timeZone: 'Europe/Berlin' }
    const { uid } = await createBooking(context.visitor, {
      offer: { eventTypeId },
      booking: parseInput(createBookingSchema, input),
      locale: 'en',
    })
    const { entries } = await bookingsOfBooker(context.visitor, 'seat@example.net', { ahead: true, after: null })
    expect(entries).toMatchObject([{ uid, cancellable: true }])
    await cancelBooking(context.visitor, { uid, reason: '' })
    const after = await bookingsOfBooker(context.visitor, 'seat@example.net', { ahead: true, after: null })
    expect(after.entries).toMatchObject([{ uid, status: 'cancelled', cancellable: false }])
  })

  it('comes in pages, and nothing is read from end to end for it', async () => {
    const { db } = context.services
    const { id } = await insertHost(db)
    const eventTypeId = await insertEventType(db, id)
    await insertManyBookings(db, { hostId: id, eventTypeId, count: 5000, until: '2026-11-20T09:00:00Z' })
    const regular = { email: 'regular@example.net' }
    const names = Array.from({ length: 12 }, (_, n) => `person${n + 1}@example.net`)
    await db.updateTable('attendees').set(regular).where('email', 'in', names).where('host_id', '=', id).execute()
    await sql`analyze bookings, attendees`.execute(db)
    const uids: string[] = []
    let after: Awaited<ReturnType<typeof bookingsOfBooker>>['next'] = null
    do {
      const page: Awaited<ReturnType<typeof bookingsOfBooker>> = await bookingsOfBooker(
        context.visitor,
        regular.email,
        { ahead: false, after },
      )
      uids.push(...page.entries.map(({ uid }) => uid))
      after = page.next
    } while (after !== null)
    expect([uids.length, new Set(uids).size]).toEqual([60, 60])
    const plan = await planOf(context.database, (seen) =>
      bookingsOfBooker({ ...context.visitor, db: seen }, 'person77@example.net', { ahead: true, after: null }),
    )
    expect([plan.statements, plan.scanned]).toEqual([1, []])
  })
})
