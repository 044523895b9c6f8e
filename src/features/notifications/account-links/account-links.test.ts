import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Delivery } from '#platform/deliveries.ts'
import type { MailTransport, OutgoingMail } from '#platform/mail/transport.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertHost } from '#test/offers.ts'
import { linkBehind } from '../../accounts/links/queries.ts'
import { askForPasswordReset } from '../../accounts/password-reset/commands.ts'
import { accountLinkCarrier } from './jobs.ts'

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
let email: string

beforeAll(async () => {
  context = await testContext({ mail })
  const { username } = await insertHost(context.services.db)
  email = `${username}@example.org`
})
afterAll(() => context.close())

async function planned(): Promise<Delivery> {
  const { event_id, next_at, created_at, updated_at, delivered_at, ...row } = await context.services.db
    .selectFrom('deliveries')
    .where('topic', '=', 'account_link')
    .orderBy('id', 'desc')
    .selectAll()
    .executeTakeFirstOrThrow()
  const times = { nextAt: next_at, createdAt: created_at, updatedAt: updated_at, deliveredAt: delivered_at }
  return { ...row, ...times, eventId: event_id }
}
const carry = async () => accountLinkCarrier.carry(await planned(), context.visitor)

it('a link for a new password goes to its account, in the language that it was asked for in', async () => {
  await askForPasswordReset({ ...context.visitor, locale: 'de' }, { email: email.toUpperCase() })
  expect(await carry()).toEqual({ state: 'delivered' })
  const [letter] = sent
  expect(letter).toMatchObject({
    to: { address: email },
    subject: 'Wählen Sie ein neues Passwort für book.example.org',
  })
  const token = /https:\/\/book\.example\.org\/auth\/reset\/([\w-]{43})\n/.exec(letter?.text ?? '')?.[1] ?? ''
  expect(await linkBehind(context.visitor, 'password_reset', token)).toMatchObject({ present: email })
  expect(letter?.html).toContain(`/auth/reset/${token}"`)
})

it('nobody gets a mail where nobody has the address, or when it has run out', async () => {
  sent.length = 0
  await askForPasswordReset(context.visitor, { email: 'nobody@example.org' })
  expect(await carry()).toEqual({ state: 'skipped', reason: 'superseded' })
  await askForPasswordReset(context.visitor, { email })
  context.clock.add({ minutes: 30 })
  expect(await carry()).toEqual({ state: 'skipped', reason: 'superseded' })
  expect(sent).toEqual([])
})
