import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ApiClient, apiClient, insertApiKey } from '#test/api.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'

let test: TestContext
let host: TestHost
let api: ApiClient
let eventTypeId: number
beforeAll(async () => {
  test = await testContext()
})
afterAll(() => test.close())
beforeEach(async () => {
  host = await insertHost(test.services.db)
  eventTypeId = await insertEventType(test.services.db, host.id)
  api = apiClient(test, await insertApiKey(test, host.id))
})

const PLAIN = { active: true, subscriberUrl: 'https://example.org/hook', triggers: ['BOOKING_CREATED'] }

describe('webhooks over the API', () => {
  it('are made, read, changed and deleted, and show a secret once', async () => {
    const made = await api.post('/v2/webhooks', {
      ...PLAIN,
      secret: 'a-long-random-text',
      payloadTemplate: '{"a":"{{title}}"}',
    })
    expect(made).toMatchObject({
      status: 201,
      data: { ...PLAIN, userId: host.id, payloadTemplate: '{"a":"{{title}}"}', secret: 'a-long-random-text' },
    })
    const path = `/v2/webhooks/${made.data.id}`
    const { secret: _, ...rest } = made.data
    expect((await api.get(path)).data).toEqual(rest)
    expect((await api.get('/v2/webhooks')).data).toEqual([rest])
    expect((await api.get('/v2/webhooks?take=5&skip=1')).data).toEqual([])
    const changed = await api.patch(path, { active: false, payloadTemplate: null, secret: 'another-random-text' })
    expect(changed.data).toEqual({ ...rest, active: false, payloadTemplate: null, secret: 'another-random-text' })
    expect((await api.delete(path)).data).toMatchObject({ id: made.data.id })
    expect((await api.get(path)).status).toBe(404)
  })

  it('of an event type stay with it', async () => {
    const base = `/v2/event-types/${eventTypeId}/webhooks`
    const one = await api.post(base, PLAIN)
    await api.post(base, PLAIN)
    const general = await api.post('/v2/webhooks', PLAIN)
    expect(one.data).toMatchObject({ ...PLAIN, eventTypeId })
    expect(one.data).not.toHaveProperty('secret')
    expect((await api.get(base)).data).toHaveLength(2)
    expect((await api.get('/v2/webhooks')).data).toHaveLength(1)
    expect((await api.get(`${base}/${general.data.id}`)).status).toBe(404)
    expect((await api.patch(`${base}/${one.data.id}`, { active: false })).data).toMatchObject({ active: false })
    expect((await api.delete(`${base}/${one.data.id}`)).data).toMatchObject({ id: one.data.id })
    expect((await api.delete(base)).data).toBe('1 deleted')
    expect((await api.get(base)).data).toEqual([])
  })

  it('names what is wrong as it was sent', async () => {
    const refused = async (more: object) => JSON.stringify((await api.post('/v2/webhooks', { ...PLAIN, ...more })).body)
    expect(await refused({ subscriberUrl: 'https://10.0.0.1/' })).toMatch(/subscriberUrl.*outbound_forbidden/)
    expect(await refused({ payloadTemplate: '{"a":{{title}}}' })).toMatch(/payloadTemplate.*template_not_json/)
    expect(await refused({ triggers: ['BOOKING_PAID'] })).toMatch(/triggers/)
  })
})
