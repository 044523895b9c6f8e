import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestContext, testContext } from '#test/context.ts'
import { keptMail, lastDelivery } from '#test/mails.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { sendMailCode } from '../../bookings/verification/commands.ts'
import { mailCodeCarrier } from './jobs.ts'

const { mail, sent } = keptMail()

let context: TestContext
let eventTypeId: number

beforeAll(async () => {
  context = await testContext({ mail })
  const host = await insertHost(context.services.db)
  const options = { verifyEmail: true }
  eventTypeId = await insertEventType(context.services.db, host.id, { title: 'Buy at evil.example <b>', options })
})
afterAll(() => context.close())

const planned = () => lastDelivery(context.services.db, 'mail_code')

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
