import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { aftercareOf } from '../aftercare/queries.ts'
import { createBooking } from '../creation/commands.ts'
import { bookingByUid } from '../queries.ts'
import { reportBooking } from '../reports/commands.ts'
import { createBookingSchema } from '../schema.ts'
import { addBlock, removeBlock, restoreBlock } from './commands.ts'
import { listBlocks } from './queries.ts'

let context: TestContext
let row: TestHost
let host: Ctx
let other: Ctx

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())
beforeEach(async () => {
  const { db } = context.services
  row = await insertHost(db)
  host = context.as({ kind: 'user', userId: row.id, role: 'owner', via: 'session' })
  other = context.as({ kind: 'user', userId: (await insertHost(db)).id, role: 'owner', via: 'session' })
  await insertEventType(db, row.id)
})

function book(email: string, start = '2026-11-23T09:00:00Z') {
  const booking = parseInput(createBookingSchema, { start, name: 'Bo', email, timeZone: 'Europe/Berlin' })
  return createBooking(context.visitor, { offer: { username: row.username, slug: 'talk' }, booking, locale: 'en' })
}

const values = async (ctx: Ctx) =>
  (await listBlocks(context.services.db, userScope(ctx), null)).blocks.map(({ kind, value }) => `${kind} ${value}`)
const bookings = async () =>
  (await context.services.db.selectFrom('bookings').where('host_id', '=', row.id).select('id').execute()).length

describe('a block', () => {
  it('shuts out an address in every spelling, and nobody else', async () => {
    await addBlock(host, { value: ' Bad.Guy@Example.NET ' })
    for (const email of ['bad.guy@example.net', 'BAD.GUY@EXAMPLE.NET', 'bad.guy+2@example.net']) {
      expect(await refusal(book(email))).toBe('booking_refused')
    }
    expect(await bookings()).toBe(0)
    expect(await refusal(book('good.guy@example.net'))).toBe('done')
    expect(await bookings()).toBe(1)
  })

  it('shuts out a domain with all below it', async () => {
    await addBlock(host, { value: '@Bücher.example' })
    expect(await values(host)).toEqual(['domain xn--bcher-kva.example'])
    expect(await refusal(book('a@bücher.example'))).toBe('booking_refused')
    expect(await refusal(book('a@mail.xn--bcher-kva.example'))).toBe('booking_refused')
    expect(await refusal(book('a@notxn--bcher-kva.example'))).toBe('done')
  })

  it('refuses before it looks at the time, so that trying tells nothing of the calendar', async () => {
    await addBlock(host, { value: 'example.net' })
    expect(await refusal(book('a@example.net', '2026-11-23T03:00:00Z'))).toBe('booking_refused')
  })

  it('is one of this host only', async () => {
    await addBlock(other, { value: 'example.net' })
    expect(await refusal(book('a@example.net'))).toBe('done')
  })

  it('is what a mail address or a domain can be', async () => {
    for (const value of ['com', 'a b', '@', 'a@b@c', 'http://x.org']) {
      expect([value, await refusal(addBlock(host, { value }))]).toEqual([
        value,
        'invalid_input/value:not_a_mail_or_domain',
      ])
    }
    expect(await refusal(addBlock(host, { value: ' ' }))).toBe('invalid_input/value:field_required')
    expect(await refusal(addBlock(host, { value: `${row.username}@example.org` }))).toBe('cannot_block_yourself')
  })

  it('is there once, is lifted, and that is taken back', async () => {
    const { id } = await addBlock(host, { value: 'example.net' })
    expect((await addBlock(host, { value: 'EXAMPLE.net' })).id).toBe(id)
    expect(await refusal(removeBlock(other, { id }))).toBe('block_not_found')
    const { key } = await removeBlock(host, { id })
    expect(await refusal(book('a@example.net'))).toBe('done')
    expect(await refusal(restoreBlock(other, { key }))).toBe('nothing_to_restore')
    await restoreBlock(host, { key })
    expect(await values(host)).toEqual(['domain example.net'])
    const again = await removeBlock(host, { id })
    await addBlock(host, { value: 'example.net' })
    await restoreBlock(host, { key: again.key })
    expect(await values(host)).toEqual(['domain example.net'])
  })

  it('is listed page by page', async () => {
    for (let n = 0; n < 51; n++) await addBlock(host, { value: `host${n}.example.net` })
    const { db } = context.services
    const first = await listBlocks(db, userScope(host), null)
    const second = await listBlocks(db, userScope(host), first.next)
    expect([first.blocks.length, second.blocks.map(({ value }) => value), second.next]).toEqual([
      50,
      ['host0.example.net'],
      null,
    ])
  })
})

describe('a report', () => {
  it('is made once, and can shut its booker out', async () => {
    const { uid } = await book('a@mail.example.net')
    expect(await refusal(reportBooking(other, uid, { reason: 'spam' }))).toBe('own_bookings_only')
    expect(await refusal(reportBooking(context.visitor, uid, { reason: 'spam' }))).toBe('sign_in_required')
    expect(await refusal(reportBooking(host, uid, { reason: 'boring' }))).toMatch(/^invalid_input\/reason/)
    await reportBooking(host, uid, { reason: 'spam', note: 'Sells things', block: 'domain' })
    expect(await values(host)).toEqual(['domain mail.example.net'])
    expect(await refusal(reportBooking(host, uid, { reason: 'other' }))).toBe('already_reported')
    const booking = await bookingByUid(host, uid)
    expect(booking?.status).toBe('accepted')
    const { report } = await aftercareOf(context.services.db, userScope(host), booking?.id ?? 0)
    expect(report).toMatchObject({ reason: 'spam', note: 'Sells things' })
  })
})
