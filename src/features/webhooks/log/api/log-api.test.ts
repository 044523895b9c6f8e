import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createBooking } from '#features/bookings/creation/commands.ts'
import { createBookingSchema } from '#features/bookings/schema.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { type ApiClient, type ApiReply, apiClient, insertApiKey } from '#test/api.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { planOf } from '#test/plans.ts'
import { startWebhookReceiver, type WebhookReceiver } from '#test/webhook-receiver.ts'
import { countDeliveries, listDeliveries } from '../queries.ts'

let test: TestContext
let receiver: WebhookReceiver
let host: TestHost
let api: ApiClient
let path: string

beforeAll(async () => {
  test = await testContext({ worker: true, env: { SUNDIAL_OUTBOUND_ALLOW: '127.0.0.0/8' } })
})
afterAll(() => test.close())
beforeEach(async () => {
  receiver = await startWebhookReceiver()
  host = await insertHost(test.services.db)
  await insertEventType(test.services.db, host.id)
  api = apiClient(test, await insertApiKey(test, host.id))
  const wanted = { active: true, subscriberUrl: `${receiver.url}/hook`, triggers: ['BOOKING_CREATED'] }
  path = `/v2/webhooks/${(await api.post('/v2/webhooks', wanted)).data.id}`
})
afterEach(async () => {
  await receiver.close()
  await test.services.db.deleteFrom('deliveries').execute()
})

async function book(start: string): Promise<void> {
  const who = { name: 'Bo', email: 'bo@example.net', timeZone: 'UTC' }
  const booking = parseInput(createBookingSchema, { start, ...who })
  const offer = { username: host.username, slug: 'talk' }
  await createBooking(test.visitor, { offer, booking, locale: 'en' })
}

async function until<T>(look: () => Promise<T>, done: (seen: T) => boolean): Promise<T> {
  const end = performance.now() + 15_000
  for (let seen = await look(); ; seen = await look()) {
    if (done(seen)) return seen
    if (performance.now() > end) throw new Error(`not in time: ${JSON.stringify(seen)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const log = (query = '') => api.get(`${path}/deliveries${query}`)
const states = ({ data }: ApiReply) => data.map((one: { state: string }) => one.state)
const settled = (count: number) =>
  until(log, (reply) => states(reply).filter((state: string) => state === 'delivered').length === count)

describe('the log of a webhook', () => {
  it('has what was sent and what came back, and a delivery can be sent again', async () => {
    await book('2026-11-24T09:00:00Z')
    const { data } = await settled(1)
    expect(data).toMatchObject([
      {
        ...{ triggerEvent: 'BOOKING_CREATED', subject: expect.stringMatching(/^booking:\d+$/), state: 'delivered' },
        ...{ reason: null, attempts: 1, createdAt: '2026-11-23T08:00:00.000Z', nextAt: null },
        tries: [{ response: { status: 200 }, failure: null, request: { url: `${receiver.url}/hook` } }],
      },
    ])
    const again = await api.post(`${path}/deliveries/${data[0].id}/redeliver`)
    expect([again.status, again.body]).toEqual([200, { status: 'success' }])
    const twice = await until(log, ({ data: [one] }) => one.state === 'delivered' && one.tries.length === 2)
    expect(twice.data).toHaveLength(1)
    expect(receiver.calls.map(({ headers }) => headers['webhook-id'])).toEqual([data[0].id, data[0].id])
  })

  it('has pages', async () => {
    for (const hour of ['09', '10', '11']) await book(`2026-11-24T${hour}:00:00Z`)
    const all = (await settled(3)).data.map((one: { id: string }) => one.id)
    const first = await log('?take=2')
    const { nextCursor } = first.body.pagination
    const second = await log(`?take=2&cursor=${nextCursor}`)
    expect([...first.data, ...second.data].map((one) => one.id)).toEqual(all)
    expect(first.body.pagination).toMatchObject({ totalItems: 3, remainingItems: 1, hasNextPage: true })
    expect(second.body.pagination).toMatchObject({ remainingItems: 0, hasPreviousPage: true, nextCursor: null })
    expect((await log('?cursor=x')).code).toBe('invalid_input')
  })

  it('is read by two statements and one for whose it is', async () => {
    const scope = userScope(test.as({ kind: 'user', userId: host.id, role: 'member', via: 'api_key' }))
    const webhookId = Number(path.split('/').at(-1))
    const { statements } = await planOf(test.database, async (db) => {
      await listDeliveries(db, scope, { webhookId })
      await countDeliveries(db, { webhookId })
    })
    expect(statements).toBe(3)
  })

  it('is nobody else’s, and of this webhook alone', async () => {
    await book('2026-11-24T09:00:00Z')
    const [delivery] = (await settled(1)).data
    const other = await insertHost(test.services.db)
    const others = apiClient(test, await insertApiKey(test, other.id))
    const theirs = await others.post('/v2/webhooks', {
      ...{ active: true, subscriberUrl: `${receiver.url}/other`, triggers: ['BOOKING_CREATED'] },
    })
    expect((await others.get(`${path}/deliveries`)).code).toBe('webhook_not_found')
    expect((await others.post(`${path}/ping`)).code).toBe('webhook_not_found')
    expect((await others.post(`${path}/rotate-secret`)).code).toBe('webhook_not_found')
    expect((await others.post(`${path}/deliveries/${delivery.id}/redeliver`)).code).toBe('webhook_not_found')
    const stolen = await others.post(`/v2/webhooks/${theirs.data.id}/deliveries/${delivery.id}/redeliver`)
    expect(stolen.code).toBe('delivery_not_replayable')
    expect((await api.post(`${path}/deliveries/x/redeliver`)).status).toBe(404)
    expect(receiver.calls).toHaveLength(1)
  })
})

describe('a test', () => {
  it('says what the other side answers', async () => {
    receiver.answer = (_call, response) => response.writeHead(418).end('no coffee')
    expect((await api.post(`${path}/ping`)).data).toMatchObject({
      ok: false,
      status: 418,
      body: 'no coffee',
      failure: null,
    })
    await receiver.close()
    expect((await api.post(`${path}/ping`)).data).toMatchObject({
      ...{ ok: false, status: null, body: null, failure: 'outbound_unreachable' },
    })
  })
})

describe('a secret', () => {
  it('is made, or given, and shown once', async () => {
    const { data } = await api.post(`${path}/rotate-secret`)
    expect(data.secret).toMatch(/^whsec_/)
    expect((await api.get(path)).data).not.toHaveProperty('secret')
    const own = 'a-secret-of-our-own'
    expect((await api.post(`${path}/rotate-secret`, { secret: own })).data).toEqual({ secret: own })
    await api.post(`${path}/ping`)
    const signatures = String(receiver.calls[0]?.headers['webhook-signature']).split(' ')
    expect(signatures).toHaveLength(2)
    expect((await api.post(`${path}/rotate-secret`, { secret: null })).data).toEqual({ secret: null })
    expect((await api.post(`${path}/rotate-secret`, { secret: 'short' })).code).toBe('invalid_input')
  })
})
