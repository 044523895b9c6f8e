import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestContext, testContext } from '#test/context.ts'
import { keptMail, lastDelivery } from '#test/mails.ts'
import { insertHost } from '#test/offers.ts'
import { linkBehind } from '../../accounts/links/queries.ts'
import { askForPasswordReset } from '../../accounts/password-reset/commands.ts'
import { accountLinkCarrier } from './jobs.ts'

const { mail, sent } = keptMail()

let context: TestContext
let email: string

beforeAll(async () => {
  context = await testContext({ mail })
  const { username } = await insertHost(context.services.db)
  email = `${username}@example.org`
})
afterAll(() => context.close())

const planned = () => lastDelivery(context.services.db, 'account_link')
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
