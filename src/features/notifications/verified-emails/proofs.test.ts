import { afterAll, beforeAll, expect, it } from 'vitest'
import { requestEmailCode } from '#features/accounts/verified-emails/commands.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { keptMail, lastDelivery } from '#test/mails.ts'
import { insertHost, type TestHost } from '#test/offers.ts'
import { emailProofCarrier } from './jobs.ts'

const { mail, sent } = keptMail()

let context: TestContext
let host: TestHost

beforeAll(async () => {
  context = await testContext({ mail })
  host = await insertHost(context.services.db)
  await context.services.db
    .updateTable('users')
    .set({ name: 'Buy at evil.example <b>', locale: 'de' })
    .where('id', '=', host.id)
    .execute()
})
afterAll(() => context.close())

const planned = () => lastDelivery(context.services.db, 'email_proof')

const ask = () =>
  requestEmailCode(context.as({ kind: 'user', userId: host.id, role: 'member', via: 'api_key' }), {
    email: 'ada@example.net',
  })

it('codes are mailed in the language of the account, and nothing in them is a link', async () => {
  await ask()
  expect(await emailProofCarrier.carry(await planned(), context.visitor)).toEqual({ state: 'delivered' })
  const [letter] = sent
  expect(letter?.to.address).toBe('ada@example.net')
  const code = /^(\d{6}) ist Ihr Code für book\.example\.org$/.exec(letter?.subject ?? '')?.[1] ?? 'none'
  expect(letter?.text).toContain(code)
  expect(letter?.html).toContain('evil.\u200Bexample &lt;b&gt;')
  expect(letter?.html).not.toContain('<a ')
})

it('codes that were replaced or have expired are not mailed', async () => {
  const first = await planned()
  await ask()
  expect(await emailProofCarrier.carry(first, context.visitor)).toEqual({ state: 'skipped', reason: 'superseded' })
  context.clock.set('2026-11-23T09:00:00Z')
  const late = await emailProofCarrier.carry(await planned(), context.visitor)
  expect(late).toEqual({ state: 'skipped', reason: 'superseded' })
})
