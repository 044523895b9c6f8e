import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Delivery } from '#platform/deliveries.ts'
import { parseInput } from '#platform/input.ts'
import { memoryRateLimiter } from '#platform/rate-limit.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { deliveriesOfTopic, keptMail } from '#test/mails.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { cancelBooking } from '../../bookings/cancellation/commands.ts'
import { createBooking } from '../../bookings/creation/commands.ts'
import { MOVE_LINKS_TOPIC, sendMoveLinks } from '../../bookings/move-links/commands.ts'
import { createBookingSchema } from '../../bookings/schema.ts'
import { moveLinksCarrier } from './jobs.ts'

const { mail, sent } = keptMail()

let context: TestContext
let host: TestHost
let eventTypeId: number
const email = 'bo@example.net'

beforeAll(async () => {
  context = await testContext({ mail })
})
afterAll(() => context.close())

beforeEach(async () => {
  sent.length = 0
  context.clock.set('2026-11-23T08:00:00Z')
  host = await insertHost(context.services.db)
  eventTypeId = await insertEventType(context.services.db, host.id, {
    title: 'Talk at evil.example',
    options: { bookerLimit: { active: 2, offerMove: true } },
  })
})

async function book(start: string, more: object = {}, locale: 'en' | 'de' = 'de'): Promise<string> {
  const booking = parseInput(createBookingSchema, { start, name: 'Bo', email, timeZone: 'Europe/Berlin', ...more })
  return (await createBooking(context.visitor, { offer: { eventTypeId }, booking, locale })).uid
}

const ask = (address = email, ctx = context.visitor) => sendMoveLinks(ctx, { offer: { eventTypeId }, email: address })

const planned = () => deliveriesOfTopic(context.services.db, MOVE_LINKS_TOPIC, host.id)

describe('links to move what is booked', () => {
  it('are mailed to the address that booked, in the language and the zone of the booking', async () => {
    const later = await book('2026-11-25T09:00:00Z')
    const sooner = await book('2026-11-24T09:00:00Z')
    expect(await refusal(book('2026-11-26T09:00:00Z'))).toBe('booker_limit_reached')
    await ask()
    const [delivery] = await planned()
    expect(await moveLinksCarrier.carry(delivery as Delivery, context.visitor)).toEqual({ state: 'delivered' })
    const [letter] = sent
    expect(letter?.to).toEqual({ name: 'Bo', address: email })
    expect(letter?.subject).toContain('Buchung verschieben: Talk at evil.example')
    expect(letter?.text).toContain('10:00')
    const links = [...(letter?.text ?? '').matchAll(/\/reschedule\/([\w-]+)/g)].map(([, uid]) => uid)
    expect(links).toEqual([sooner, later])
    expect(letter?.html).toContain('evil.\u200Bexample')
  })

  it('name neither what was cancelled, nor what is over, nor what others booked', async () => {
    const cancelled = await book('2026-11-25T09:00:00Z')
    await cancelBooking(context.visitor, { uid: cancelled, reason: '' })
    const kept = await book('2026-11-24T09:00:00Z')
    const other = await book('2026-11-24T11:00:00Z', { email: 'cy@example.net' })
    await ask()
    const [delivery] = await planned()
    await moveLinksCarrier.carry(delivery as Delivery, context.visitor)
    expect(sent[0]?.text).toContain(kept)
    for (const uid of [cancelled, other]) expect(sent[0]?.text).not.toContain(uid)
  })

  it('answers the same where nothing was booked, and mails nobody', async () => {
    await book('2026-11-24T09:00:00Z')
    expect(await refusal(ask('nobody@example.net'))).toBe(await refusal(ask()))
    expect(await planned()).toHaveLength(1)
    expect((await planned())[0]?.subject).toMatch(/^booking:\d+$/)
  })

  it('are asked for so often for an address, whether it booked or not', async () => {
    await book('2026-11-24T09:00:00Z')
    for (const address of [email, 'nobody@example.net']) {
      const limited = { ...context.visitor, rateLimiter: memoryRateLimiter(true) }
      const outcomes: string[] = []
      for (let i = 0; i < 4; i++) outcomes.push(await refusal(ask(address, limited)))
      expect(outcomes).toEqual(['done', 'done', 'done', 'rate_limited'])
    }
  })

  it('go out once to 50 who ask at once', async () => {
    await book('2026-11-24T09:00:00Z')
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => refusal(ask())))
    expect(new Set(outcomes)).toEqual(new Set(['done']))
    expect(await planned()).toHaveLength(1)
  })

  it('are not mailed an hour later, nor when the booking is gone by then', async () => {
    const uid = await book('2026-11-24T09:00:00Z')
    await ask()
    const [delivery] = await planned()
    context.clock.set('2026-11-23T09:00:01Z')
    expect(await moveLinksCarrier.carry(delivery as Delivery, context.visitor)).toMatchObject({ state: 'skipped' })
    await ask()
    await cancelBooking(context.visitor, { uid, reason: '' })
    const [, second] = await planned()
    expect(await moveLinksCarrier.carry(second as Delivery, context.visitor)).toMatchObject({ state: 'skipped' })
    expect(sent).toEqual([])
  })

  it('are not to be had where moving is not suggested, or no mails can be sent', async () => {
    const plain = await insertEventType(context.services.db, host.id, {
      slug: 'plain',
      options: { bookerLimit: { active: 1, offerMove: false } },
    })
    expect(await refusal(sendMoveLinks(context.visitor, { offer: { eventTypeId: plain }, email }))).toBe(
      'rescheduling_not_offered',
    )
    expect(await refusal(ask(email, { ...context.visitor, mail: { ...mail, configured: false } }))).toBe(
      'mail_codes_unavailable',
    )
  })
})
