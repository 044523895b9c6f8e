import { createHmac, timingSafeEqual } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestContext, testContext } from '#test/context.ts'
import { forgetInbound, type InboundProvider, inboundJobs, receiveInbound } from './inbound.ts'

const SECRET = 'a secret between the two of us'

/** What was worked on, and what goes wrong with it. */
const done: string[] = []
let failing = 0

/** Signs time and body, as many services do. */
const provider: InboundProvider = {
  name: 'acme',
  replaySeconds: 300,
  async verify({ headers, body }) {
    const { 'acme-time': time = '', 'acme-signature': given = '' } = headers
    const expected = createHmac('sha256', SECRET).update(`${time}.`).update(body).digest()
    const bytes = Buffer.from(given, 'hex')
    if (bytes.length !== expected.length || !timingSafeEqual(bytes, expected)) return null
    const { id } = JSON.parse(body.toString('utf8')) as { id: string }
    return { eventId: id, signedAt: Temporal.Instant.fromEpochMilliseconds(Number(time) * 1000) }
  },
  async process({ eventId }) {
    if (failing-- > 0) throw new Error('not today')
    done.push(eventId)
  },
}

let context: TestContext
beforeAll(async () => {
  context = await testContext({ worker: true, jobs: inboundJobs([provider]) })
})
afterAll(() => context.close())
beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  done.length = 0
  failing = 0
  await context.services.db.deleteFrom('inbound_messages').execute()
})

const NOW = Date.parse('2026-11-23T08:00:00Z') / 1000

interface Sent {
  id?: string
  body?: string
  time?: number
  secret?: string
  name?: string
}

/** Sends a message; gives status and code of the answer. */
async function send({
  id = 'evt_1',
  body = `{ "id": "${id}" }`,
  time = NOW,
  secret = SECRET,
  name = 'acme',
}: Sent = {}) {
  const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')
  const request = new Request(`https://book.example.org/api/inbound/${name}`, {
    method: 'POST',
    headers: { 'acme-time': String(time), 'acme-signature': signature, authorization: 'Bearer x' },
    body,
  })
  const answer = await receiveInbound(context.visitor, [provider], name, request)
  return `${answer.status} ${((await answer.json()) as { code: string }).code}`
}

const rows = () => context.services.db.selectFrom('inbound_messages').selectAll().execute()

async function until(test: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 15_000; performance.now() < end; ) {
    if (await test()) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('not in time')
}

describe('an inbound message', () => {
  it('is kept as it came, answered at once, and worked on', async () => {
    expect(await send({ body: '{ "id":"evt_1",  "grüße": "\\u00fc" }' })).toBe('202 accepted')
    const [row] = await rows()
    expect(row?.body.toString('utf8')).toBe('{ "id":"evt_1",  "grüße": "\\u00fc" }')
    expect(row?.headers).toMatchObject({ 'acme-time': String(NOW) })
    expect(row?.headers).not.toHaveProperty('authorization')
    await until(async () => (await rows())[0]?.processed_at !== null)
    expect(done).toEqual(['evt_1'])
  })

  it('is taken once, however often and at the same time it comes', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => send()))
    expect(answers.filter((one) => one === '202 accepted')).toHaveLength(1)
    expect(answers.filter((one) => one === '200 known')).toHaveLength(49)
    await until(async () => (await rows())[0]?.processed_at !== null)
    expect(await send()).toBe('200 known')
    expect(done).toEqual(['evt_1'])
  })

  it.each([
    ['of nobody we know', { name: 'other' }, '404 not_found'],
    ['with a wrong secret', { secret: 'guessed' }, '401 signature_invalid'],
    ['signed too long ago', { time: NOW - 301 }, '401 signature_too_old'],
    ['signed in the future', { time: NOW + 301 }, '401 signature_too_old'],
    ['that is too long', { body: `{"id":"evt_1","x":"${'x'.repeat(1_048_576)}"}` }, '413 too_large'],
  ])('%s has no effect', async (_, message, answer) => {
    expect(await send(message)).toBe(answer)
    expect(await rows()).toEqual([])
    expect(done).toEqual([])
  })

  it('whose body was changed on the way has no effect', async () => {
    const signature = createHmac('sha256', SECRET).update(`${NOW}.{"id":"evt_1"}`).digest('hex')
    const request = new Request('https://book.example.org/api/inbound/acme', {
      method: 'POST',
      headers: { 'acme-time': String(NOW), 'acme-signature': signature },
      body: '{"id":"evt_2"}',
    })
    expect((await receiveInbound(context.visitor, [provider], 'acme', request)).status).toBe(401)
    expect(await rows()).toEqual([])
  })

  it('is worked on again when that went wrong', async () => {
    failing = 1
    await send()
    await until(() => done.length === 1)
    expect(done).toEqual(['evt_1'])
  })

  it('is forgotten after thirty days, once it was worked on', async () => {
    await send()
    await until(async () => (await rows())[0]?.processed_at !== null)
    context.clock.add({ hours: 24 * 29 })
    await forgetInbound(context.services)
    expect(await rows()).toHaveLength(1)
    context.clock.add({ hours: 48 })
    await forgetInbound(context.services)
    expect(await rows()).toEqual([])
  })
})
