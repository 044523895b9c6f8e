import { createHmac } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { createBooking } from '#features/bookings/creation/commands.ts'
import { createBookingSchema } from '#features/bookings/schema.ts'
import { createWebhook } from '#features/webhooks/commands.ts'
import { webhookCarrier } from '#features/webhooks/jobs.ts'
import type { NewWebhook } from '#features/webhooks/schema.ts'
import { TRIGGERS } from '#features/webhooks/types.ts'
import type { Ctx } from '#platform/ctx.ts'
import { type Delivery, deliveriesOfSubject, sweepDeliveries } from '#platform/deliveries.ts'
import { parseInput } from '#platform/input.ts'
import { type TestContext, testContext } from './context.ts'
import { keptMail } from './mails.ts'
import { insertEventType, insertHost, type TestEventType, type TestHost } from './offers.ts'
import { type ReceivedCall, startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts'

/** Monday 23 November 2026, 10:00 in Berlin; it is an hour before. */
const TEN = '2026-11-23T09:00:00Z'
export const ELEVEN = '2026-11-23T10:00:00Z'

/** What stands when a test begins: each has a host and a receiver of its own. */
interface Setting {
  context: TestContext
  receiver: WebhookReceiver
  host: TestHost
  eventTypeId: number
}

/** A host with webhooks, somebody who receives them and a worker that sends, for the tests of a file. */
export function useWebhooks() {
  const at = {} as Setting
  const { mail, sent: mails } = keptMail()
  /** Addresses of the only names there are. */
  const names: Record<string, string> = { 'open.example': '93.184.215.14', 'inside.example': '10.0.0.1' }

  beforeAll(async () => {
    at.context = await testContext({
      ...{ worker: true, mail },
      env: { SUNDIAL_OUTBOUND_ALLOW: '127.0.0.0/8' },
      resolve: async (name) => (names[name] ? [{ address: names[name], family: 4 }] : []),
    })
  })
  afterAll(() => at.context.close())
  beforeEach(async () => {
    at.context.clock.set('2026-11-23T08:00:00Z')
    at.receiver = await startWebhookReceiver()
    mails.length = 0
    await offer()
  })
  afterEach(async () => {
    await at.receiver.close()
    await at.context.services.db.deleteFrom('deliveries').execute()
    await at.context.services.db.deleteFrom('webhooks').execute()
  })

  async function offer(settings: TestEventType = {}): Promise<void> {
    at.host = await insertHost(at.context.services.db)
    at.eventTypeId = await insertEventType(at.context.services.db, at.host.id, settings)
  }

  const asHost = (one: TestHost = at.host): Ctx =>
    at.context.as({ kind: 'user', userId: one.id, role: 'member', via: 'session' })

  const make = (more: Partial<NewWebhook> = {}) =>
    createWebhook(asHost(), { url: `${at.receiver.url}/hook`, triggers: [...TRIGGERS], ...more })

  async function book(more: object = {}) {
    const booking = parseInput(createBookingSchema, {
      ...{ start: TEN, name: 'Bo van Dyk', email: 'bo@example.net', timeZone: 'America/New_York', ...more },
    })
    const offered = { username: at.host.username, slug: 'talk' }
    return createBooking(at.context.visitor, { offer: offered, booking, locale: 'en' })
  }

  /** The id behind what a booking command gives back. */
  async function bookingOf(made: Promise<{ uid: string }>): Promise<{ bookingId: number; uid: string }> {
    const { uid } = await made
    const { id } = await at.context.services.db
      .selectFrom('bookings')
      .select('id')
      .where('uid', '=', uid)
      .executeTakeFirstOrThrow()
    return { bookingId: id, uid }
  }

  /** Waits for so many calls. */
  async function calls(count: number): Promise<ReceivedCall[]> {
    await until(`${count} calls, ${at.receiver.calls.length} came`, () => at.receiver.calls.length >= count)
    return at.receiver.calls
  }

  const told = (bookingId: number) => deliveriesOfSubject(at.context.services.db, `booking:${bookingId}`, 'webhook')

  async function settled(bookingId: number, count: number): Promise<Delivery[]> {
    const isSettled = ({ state }: Delivery) => state !== 'waiting' && state !== 'sending'
    await until(`${count} settled`, async () => (await told(bookingId)).filter(isSettled).length >= count)
    return told(bookingId)
  }

  /** Tries what is due once more, as a worker does from time to time. */
  const sweep = () => sweepDeliveries(at.context.as({ kind: 'system' }), [webhookCarrier()])

  return { at, mails, names, offer, asHost, make, book, bookingOf, calls, told, settled, sweep }
}

export async function until(what: string, done: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 15_000; performance.now() < end; ) {
    if (await done()) return
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
  throw new Error(`not in time: ${what}`)
}

export const triggersOf = (all: readonly ReceivedCall[]) => all.map(({ json }) => json.triggerEvent)

export const hmac = (secret: string, body: string) => createHmac('sha256', secret).update(body).digest('hex')
