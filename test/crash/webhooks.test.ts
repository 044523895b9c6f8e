import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cancelBooking } from '#features/bookings/cancellation/commands.ts'
import { createBooking } from '#features/bookings/creation/commands.ts'
import { createBookingSchema } from '#features/bookings/schema.ts'
import { createWebhook } from '#features/webhooks/commands.ts'
import { parseInput } from '#platform/input.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { startWebhookReceiver, type WebhookReceiver } from '#test/webhook-receiver.ts'
import { useWorker } from './worker.ts'

/**
 * What was taken this shortly before a kill may come again, under the same id: the worker never heard that it was taken. So may what was
 * on its way at the kill and is read this shortly after it; the next worker does not start as fast.
 */
const UNHEARD_MS = 500
const SECRET = Buffer.from(Array.from({ length: 32 }, (_, i) => i * 7)).toString('base64')

let context: TestContext
let receiver: WebhookReceiver
let host: TestHost

beforeAll(async () => {
  receiver = await startWebhookReceiver()
  // One secret for both processes: what this one seals, the worker opens.
  context = await testContext({ env: { SUNDIAL_OUTBOUND_ALLOW: '127.0.0.0/8', SUNDIAL_SECRET: SECRET } })
  context.clock.set(Temporal.Now.instant().toString())
  host = await insertHost(context.services.db, {
    timeZone: 'UTC',
    weekly: [{ days: [0, 1, 2, 3, 4, 5, 6], start: 0, end: 1440 }],
  })
  await insertEventType(context.services.db, host.id)
  await createWebhook(asHost(), { url: receiver.url, triggers: ['BOOKING_CREATED', 'BOOKING_CANCELLED'] })
})
afterAll(async () => {
  await context.close()
  await receiver.close()
})

const { startWorker, endWorker, kills } = useWorker(() => ({
  DATABASE_URL: context.database.url,
  SUNDIAL_SECRET: SECRET,
  SUNDIAL_OUTBOUND_ALLOW: '127.0.0.0/8',
}))

const asHost = () => context.as({ kind: 'user', userId: host.id, role: 'owner', via: 'session' })

let booked = 0

/** Commits so many bookings, and calls each off at once: two deliveries each. */
async function bookAndCancel(count: number): Promise<void> {
  context.clock.set(Temporal.Now.instant().toString())
  const tomorrow = Temporal.Now.plainDateISO('UTC').add({ days: 1 }).toZonedDateTime('UTC').epochMilliseconds
  for (let i = 0; i < count; i++) {
    const start = Temporal.Instant.fromEpochMilliseconds(tomorrow + booked++ * 30 * 60_000).toString()
    const booking = parseInput(createBookingSchema, {
      ...{ start, name: `Visitor ${booked}`, email: `visitor${booked}@example.net`, timeZone: 'UTC' },
    })
    const offer = { username: host.username, slug: 'talk' }
    const { uid } = await createBooking(context.visitor, { offer, booking, locale: 'en' })
    await cancelBooking(asHost(), { uid, reason: 'Changed my mind' })
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function until(what: string, done: () => boolean, ms: number): Promise<void> {
  const begun = performance.now()
  while (!done()) {
    if (performance.now() - begun > ms) throw new Error(`${what}: not within ${ms} ms`)
    await pause(10)
  }
}

const idOf = ({ headers }: WebhookReceiver['calls'][number]) => String(headers['webhook-id'])
const distinct = () => new Set(receiver.calls.map(idOf)).size

it('a worker killed at any moment loses no delivery, repeats none but under its id, and keeps their order', async () => {
  // Nobody is there to hear the commit.
  await bookAndCancel(3)
  for (const delay of [0, 40, 150]) {
    await startWorker()
    await bookAndCancel(2)
    await pause(delay)
    await endWorker('SIGKILL')
  }
  // Killed while the other side has the request and has not answered yet.
  let held = 0
  receiver.answer = () => {
    held++
  }
  await startWorker()
  await until('a request', () => held > 0, 20_000)
  await endWorker('SIGKILL')
  receiver.answer = (_call, response) => response.end('ok')

  await startWorker()
  await until('every delivery', () => distinct() === booked * 2, 40_000)
  // What a killed worker had in hand is its own until its claim runs out, and then waits for the next look.
  for (let tries = 0; tries < 2000 && (await open()) > 0; tries++) await pause(20)
  expect(await open()).toBe(0)

  const copies = Map.groupBy(receiver.calls, idOf)
  for (const [id, [first, ...more]] of copies) {
    const unheard = kills.some((at) => first && Math.abs(at - first.at) < UNHEARD_MS)
    expect([id, unheard ? [] : more.length]).toEqual([id, unheard ? [] : 0])
    expect(new Set([first, ...more].map((call) => call?.body)).size).toBe(1)
  }
  for (const [, calls] of Map.groupBy(receiver.calls, ({ json }) => json.payload.uid)) {
    const triggers = [...new Set(calls.map(({ json }) => json.triggerEvent))]
    expect(triggers).toEqual(['BOOKING_CREATED', 'BOOKING_CANCELLED'])
  }
}, 120_000)

async function open(): Promise<number> {
  const rows = await context.services.db
    .selectFrom('deliveries')
    .where('kind', '=', 'webhook')
    .where('state', 'in', ['waiting', 'sending', 'failed'])
    .select('id')
    .execute()
  return rows.length
}
