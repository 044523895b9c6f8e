import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { deriveKey } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { parseInput } from '#platform/input.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestEventType, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { bornAt } from '../bot-check/rules.ts'
import { rescheduleBooking } from '../rescheduling/commands.ts'
import { createBookingSchema } from '../schema.ts'
import { BOOKING_FORM, createBooking } from './commands.ts'

let context: TestContext
let host: TestHost
let guest: Ctx

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())

beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  host = await insertHost(context.services.db)
  const { id } = await insertHost(context.services.db)
  guest = context.as({ kind: 'user', userId: id, role: 'member', via: 'session' })
})

const offer = (settings: TestEventType) => insertEventType(context.services.db, host.id, settings)

function book(as: Ctx, email: string, start: string, more: object = {}) {
  const booking = parseInput(createBookingSchema, { start, name: 'Bo', email, timeZone: 'UTC', ...more })
  return createBooking(as, { offer: { username: host.username, slug: 'talk' }, booking, locale: 'en' })
}

const NINE = '2026-11-23T09:00:00Z'
const TEN = '2026-11-23T10:00:00Z'

describe('an event type for people with an account', () => {
  it('is booked by anybody who has one, and by nobody else', async () => {
    await offer({ options: { accountRequired: true } })
    expect(await refusal(book(context.visitor, 'bo@example.net', NINE))).toBe('sign_in_to_book')
    expect(await refusal(book(guest, 'bo@example.net', NINE))).toBe('done')
  })
})

describe('an event type that confirms free mail addresses only', () => {
  const settings = { requiresConfirmation: true, options: { confirmFreeMail: true } }

  it('books others at once', async () => {
    await offer(settings)
    expect((await book(context.visitor, 'bo@gmail.com', NINE)).status).toBe('pending')
    expect((await book(context.visitor, 'bo@example.net', TEN)).status).toBe('accepted')
  })

  it('with a threshold asks only where both apply', async () => {
    await offer({ ...settings, options: { confirmFreeMail: true, confirmWithin: 90 } })
    expect((await book(context.visitor, 'bo@gmail.com', NINE)).status).toBe('pending')
    expect((await book(context.visitor, 'bo@gmail.com', TEN)).status).toBe('accepted')
    expect((await book(context.visitor, 'bo@example.net', '2026-11-23T09:30:00Z')).status).toBe('accepted')
  })

  it('asks of every date of a series, or of none', async () => {
    const recurrence = { frequency: 'weekly' as const, interval: 1, count: 2 }
    await offer({ ...settings, options: { confirmFreeMail: true, recurrence } })
    const occurrences = [NINE, '2026-11-30T09:00:00Z']
    await book(context.visitor, 'bo@example.net', NINE, { occurrences })
    const { db } = context.services
    const rows = await db.selectFrom('bookings').select('status').where('host_id', '=', host.id).execute()
    expect(rows.map(({ status }) => status)).toEqual(['accepted', 'accepted'])
  })

  it('asks again when a free address moves, and nobody else', async () => {
    await offer(settings)
    const { uid } = await book(context.visitor, 'bo@example.net', NINE)
    const move = (of: string, start: string) =>
      rescheduleBooking(context.visitor, { uid: of, start: Date.parse(start), reason: '' })
    expect((await move(uid, '2026-11-23T11:00:00Z')).status).toBe('accepted')
    const free = await book(context.visitor, 'bo@gmail.com', NINE)
    expect((await move(free.uid, '2026-11-23T12:00:00Z')).status).toBe('pending')
  })
})

describe('an event type that looks out for programs', () => {
  it('is booked by visitors with a form that a person may have filled, and by whoever is signed in', async () => {
    await offer({ options: { botCheck: true } })
    const key = deriveKey(context.services.config.secret, BOOKING_FORM)
    const booking = parseInput(createBookingSchema, {
      start: NINE,
      name: 'Bo',
      email: 'bo@example.net',
      timeZone: 'UTC',
    })
    const send = (age: number, trap = '') => {
      const born = bornAt(context.clock.now().epochMilliseconds - age, key)
      const request = { offer: { username: host.username, slug: 'talk' }, booking, locale: 'en' as const }
      return createBooking(context.visitor, { ...request, trace: { born, trap } })
    }
    expect(await refusal(book(context.visitor, 'bo@example.net', NINE))).toBe('bot_suspected')
    expect(await refusal(send(500))).toBe('bot_suspected')
    expect(await refusal(send(60_000, 'spam'))).toBe('bot_suspected')
    expect(await refusal(send(60_000))).toBe('done')
    expect(await refusal(book(guest, 'bo@example.net', TEN))).toBe('done')
  })
})
