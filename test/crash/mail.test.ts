import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createBooking } from '#features/bookings/creation/commands.ts'
import { createBookingSchema } from '#features/bookings/schema.ts'
import { parseInput } from '#platform/input.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { type MailServer, type Refusal, startMailServer } from '#test/mail-server.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { useWorker } from './worker.ts'

/** SMTP cannot tell a client that died from one that heard the answer: what was taken this shortly before a kill may come twice. */
const UNHEARD_MS = 250

let context: TestContext
let server: MailServer
let host: TestHost

/** What the SMTP server does at the moment. */
const behaviour = {
  atRecipient: (_address: string): Refusal => null,
  /** Runs after the message counts as taken and before the client is told. */
  beforeReply: async (): Promise<void> => {},
}
const taken: { messageId: string; at: number; content: string }[] = []

beforeAll(async () => {
  server = await startMailServer({
    atRecipient: (address) => behaviour.atRecipient(address),
    atMessage: async ({ messageId, email }) => {
      taken.push({ messageId, at: performance.now(), content: `${email.subject}\n${email.text}\n${email.html}` })
      await behaviour.beforeReply()
      return null
    },
  })
  context = await testContext()
  host = await insertHost(context.services.db, {
    timeZone: 'UTC',
    weekly: [{ days: [0, 1, 2, 3, 4, 5, 6], start: 0, end: 1440 }],
  })
  await insertEventType(context.services.db, host.id)
})
afterAll(async () => {
  await context.close()
  await server.close()
})

const { startWorker, endWorker, kills } = useWorker(() => ({
  DATABASE_URL: context.database.url,
  SUNDIAL_SMTP_URL: `smtp://127.0.0.1:${server.port}`,
}))

let booked = 0

/** Commits so many bookings; each is two mails. */
async function book(count: number): Promise<void> {
  context.clock.set(Temporal.Now.instant().toString())
  const tomorrow = Temporal.Now.plainDateISO('UTC').add({ days: 1 }).toZonedDateTime('UTC').epochMilliseconds
  for (let i = 0; i < count; i++) {
    const start = Temporal.Instant.fromEpochMilliseconds(tomorrow + booked++ * 30 * 60_000).toString()
    const booking = parseInput(createBookingSchema, {
      ...{ start, name: `Visitor ${booked}`, email: `visitor${booked}@example.net`, timeZone: 'UTC' },
    })
    await createBooking(context.visitor, { offer: { username: host.username, slug: 'talk' }, booking, locale: 'en' })
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function until(what: string, done: () => boolean, ms: number): Promise<number> {
  const begun = performance.now()
  while (!done()) {
    if (performance.now() - begun > ms) throw new Error(`${what}: not within ${ms} ms`)
    await pause(10)
  }
  return performance.now() - begun
}

const distinct = () => new Set(taken.map(({ messageId }) => messageId)).size

async function expectAllDelivered(): Promise<void> {
  const delivered = async () =>
    (await context.services.db.selectFrom('deliveries').select(['id', 'state']).execute()).filter(
      ({ state }) => state === 'delivered',
    )
  for (let tries = 0; (await delivered()).length < booked * 2 && tries < 200; tries++) await pause(10)
  const ids = (await delivered()).map(({ id }) => `${id}@book.example.org`)
  expect(ids.sort()).toEqual([...new Set(taken.map(({ messageId }) => messageId))].sort())
  expect(ids).toHaveLength(booked * 2)
}

it('a worker killed at any moment between commit and delivery loses no mail and repeats none', async () => {
  // Nobody is there to hear the commit.
  await book(4)
  // Killed on the way from the commit to the mail: in the outbox, in a reaction, in a delivery, between two of them.
  for (const delay of [0, 10, 30, 60, 120]) {
    await startWorker()
    await book(3)
    await pause(delay)
    await endWorker('SIGKILL')
  }
  // Killed in the middle of the dialogue: the server knows the recipient and has no message yet.
  let inDialogue = 0
  behaviour.atRecipient = () => {
    inDialogue++
    return { code: 451, text: 'Wait' }
  }
  await startWorker()
  await book(3)
  await until('a dialogue', () => inDialogue > 0, 10_000)
  await endWorker('SIGKILL')
  behaviour.atRecipient = () => null

  await startWorker()
  const ms = await until('every mail', () => distinct() === booked * 2, 30_000)
  console.log(
    `${booked * 2} mails of ${booked} bookings over ${kills.length} kills; all there ${Math.round(ms)} ms after the last start`,
  )
  await expectAllDelivered()

  const copies = Map.groupBy(taken, ({ messageId }) => messageId)
  for (const [messageId, [first, ...more]] of copies) {
    const unheard = kills.some((at) => first && at >= first.at && at - first.at < UNHEARD_MS)
    expect([messageId, unheard ? [] : more]).toEqual([messageId, []])
  }
  expect(ms).toBeLessThan(20_000)
}, 90_000)

it('what the server took without the worker hearing of it comes again as the same message, and no third time', async () => {
  const before = distinct()
  let held = 0
  behaviour.beforeReply = () => {
    held++
    return new Promise(() => {})
  }
  await book(1)
  await until('both mails', () => held === 2, 10_000)
  await endWorker('SIGKILL')
  behaviour.beforeReply = async () => {}
  const unheard = taken.slice(-2)
  await startWorker()
  const repeats = () => taken.slice(taken.indexOf(unheard[1] as (typeof taken)[0]) + 1)
  const ms = await until('the repetition', () => repeats().length === 2, 30_000)
  console.log(`repeated ${Math.round(ms)} ms after the start`)
  await expectAllDelivered()
  expect(distinct()).toBe(before + 2)
  const byId = (mails: typeof taken) =>
    mails
      .map(({ messageId, content }) => ({ messageId, content }))
      .sort((a, b) => a.messageId.localeCompare(b.messageId))
  expect(byId(repeats())).toEqual(byId(unheard))
  expect(ms).toBeLessThan(20_000)
  expect(await endWorker('SIGTERM')).toBe(0)
}, 60_000)
