import { afterAll, beforeAll, expect, it } from 'vitest'
import { updateEmailGuard } from '#features/accounts/settings/commands.ts'
import type { MailTransport } from '#platform/mail/transport.ts'
import { apiClient, insertApiKey } from '#test/api.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { mailCode } from '../verification/queries.ts'

/** Mails wait: no worker runs here. */
const mail: MailTransport = {
  configured: true,
  send: () => Promise.reject(new Error('nothing is sent here')),
  close: () => Promise.resolve(),
}

let test: TestContext
let eventTypeId: number
let ownerId: number
let email: string

beforeAll(async () => {
  test = await testContext({ mail })
  const { db } = test.services
  const host = await insertHost(db)
  eventTypeId = await insertEventType(db, host.id, { options: { guests: true } })
  const owner = await insertHost(db)
  ownerId = owner.id
  email = `${owner.username}@example.org`
  await db.updateTable('users').set({ email_proven_at: test.clock.now() }).where('id', '=', ownerId).execute()
  const as = test.as({ kind: 'user', userId: ownerId, role: 'member', via: 'session' })
  await updateEmailGuard(as, { emailGuarded: 'on' })
})
afterAll(() => test.close())

const wish = (start: string, more: object = {}) => ({
  ...{ start, eventTypeId, attendee: { name: 'Bo', email, timeZone: 'UTC' }, ...more },
})

it('asks who books with a guarded address for the code, which the refusal mails even within a repeatable request', async () => {
  const visitor = apiClient(test)
  const start = '2026-11-24T09:00:00Z'
  const refused = await visitor.post('/v2/bookings', wish(start), { 'idempotency-key': 'a' })
  expect([refused.status, refused.code]).toEqual([400, 'mail_code_required'])
  const codes = await test.services.db.selectFrom('mail_codes').where('email', '=', email).select('id').execute()
  expect(codes).toHaveLength(1)
  const planned = await test.services.db
    .selectFrom('deliveries')
    .where('topic', '=', 'mail_code')
    .where('subject', '=', `mail-code:${codes[0]?.id}`)
    .select('state')
    .execute()
  expect(planned).toEqual([{ state: 'waiting' }])
  // Asked again, the same code stays under way.
  expect((await visitor.post('/v2/bookings', wish(start))).code).toBe('mail_code_required')
  const { code } = (await mailCode(test.visitor, codes[0]?.id ?? '')) ?? { code: '' }
  const wrong = code === '000000' ? '000001' : '000000'
  expect((await visitor.post('/v2/bookings', wish(start, { emailVerificationCode: wrong }))).code).toBe(
    'mail_code_wrong',
  )
  expect((await visitor.post('/v2/bookings', wish(start, { emailVerificationCode: code }))).status).toBe(201)
})

it('asks nothing of a key of the owner, and lets nobody else bring the address as a guest', async () => {
  const owner = apiClient(test, await insertApiKey(test, ownerId))
  expect((await owner.post('/v2/bookings', wish('2026-11-24T10:00:00Z'))).status).toBe(201)
  const attendee = { name: 'Cy', email: 'cy@example.net', timeZone: 'UTC' }
  const brought = wish('2026-11-24T11:00:00Z', { attendee, guests: [email] })
  const refused = await apiClient(test).post('/v2/bookings', brought)
  expect([refused.status, refused.code]).toEqual([403, 'guest_guarded'])
  expect(refused.body.error.message).toContain(email)
})
