import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Delivery } from '#platform/deliveries.ts'
import type { MailTransport, OutgoingMail } from '#platform/mail/transport.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { sendMailCode } from '../../bookings/verification/commands.ts'
import { mailCodeCarrier } from './jobs.ts'

const sent: OutgoingMail[] = []
const mail: MailTransport = {
  configured: true,
  send: (one) => {
    sent.push(one)
    return Promise.resolve()
  },
  close: () => Promise.resolve(),
}

let context: TestContext
let eventTypeId: number

beforeAll(async () => {
  context = await testContext({ mail })
  const host = await insertHost(context.services.db)
  const options = { verifyEmail: true }
  eventTypeId = await insertEventType(context.services.db, host.id, { title: 'Buy at evil.example <b>', options })
})
afterAll(() => context.close())

async function planned(): Promise<Delivery> {
  const { event_id, next_at, created_at, updated_at, delivered_at, ...row } = await context.services.db
    .selectFrom('deliveries')
    .where('topic', '=', 'mail_code')
    .orderBy('id', 'desc')
    .selectAll()
    .executeTakeFirstOrThrow()
  const times = { nextAt: next_at, createdAt: created_at, updatedAt: updated_at, deliveredAt: delivered_at }
  return { ...row, ...times, eventId: event_id }
}

const ask = () =>
  sendMailCode(context.visitor, { offer: { eventTypeId }, email: 'bo@example.net', locale: 'de', anew: true })

it('codes are mailed in the language of who books, and nothing in them is a link', async () => {
  await ask()
  expect(await mailCodeCarrier.carry(await planned(), context.visitor)).toEqual({ state: 'delivered' })
  const [letter] = sent
  expect(letter?.to.address).toBe('bo@example.net')
  const code = /^(\d{6}) ist Ihr Code für/.exec(letter?.subject ?? '')?.[1] ?? 'none'
  expect(letter?.text).toContain(code)
  expect(letter?.text).toContain('Sie sind dabei, „Buy at evil.\u200Bexample <b>“')
  expect(letter?.html).toContain('evil.\u200Bexample &lt;b&gt;')
  expect(letter?.html).not.toContain('<a ')
})

it('codes that were replaced or have expired are not mailed', async () => {
  const first = await planned()
  await ask()
  expect(await mailCodeCarrier.carry(first, context.visitor)).toEqual({ state: 'skipped', reason: 'superseded' })
  context.clock.set('2026-11-23T09:00:00Z')
  expect(await mailCodeCarrier.carry(await planned(), context.visitor)).toMatchObject({ state: 'skipped' })
  expect(sent).toHaveLength(1)
})
