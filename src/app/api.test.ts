import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiKey, revokeApiKey } from '#features/accounts/api-keys/commands.ts'
import { listApiKeys } from '#features/accounts/api-keys/queries.ts'
import type { Ctx } from '#platform/ctx.ts'
import { memoryRateLimiter } from '#platform/rate-limit.ts'
import { userScope } from '#platform/scope.ts'
import { type ApiClient, apiClient } from '#test/api.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertHost } from '#test/offers.ts'
import { apiRoutes, createApi } from './api.ts'

let test: TestContext
let ctx: Ctx
let key: string
let api: ApiClient
let visitor: ApiClient
beforeAll(async () => {
  test = await testContext()
  const { id } = await insertHost(test.services.db)
  ctx = test.as({ kind: 'user', userId: id, role: 'member', via: 'session' })
  key = await createApiKey(ctx, { label: 'Website' })
  api = apiClient(test, key)
  visitor = apiClient(test)
})
afterAll(() => test.close())

describe('a key', () => {
  it('is sent as a bearer token or as it is', async () => {
    expect((await visitor.get('/v2/me', { authorization: `Bearer ${key}` })).status).toBe(200)
    expect((await visitor.get('/v2/me', { authorization: `bearer ${key}` })).status).toBe(200)
    expect((await visitor.get('/v2/me', { authorization: key })).status).toBe(200)
    expect((await api.get('/api/v2/me')).status).toBe(200)
  })

  it('is noted as used, at most every five minutes', async () => {
    const lastUse = async () => (await listApiKeys(userScope(ctx), ctx.db))[0]?.lastUsedAt
    const first = await lastUse()
    test.clock.add({ minutes: 4 })
    await api.get('/v2/me')
    expect(await lastUse()).toBe(first)
    test.clock.add({ minutes: 1 })
    await api.get('/v2/me')
    expect(await lastUse()).toBe(test.clock.now().epochMilliseconds)
  })

  it.each([
    ['nothing', {}, 'api_key_required', 'Bearer'],
    ['an empty key', { authorization: 'Bearer ' }, 'api_key_invalid', 'Bearer error="invalid_token"'],
    ['an unknown key', { authorization: `sun_${'a'.repeat(43)}` }, 'api_key_invalid', 'Bearer error="invalid_token"'],
    ['a session', { cookie: 'sundial_session=x' }, 'api_key_required', 'Bearer'],
    ['another scheme', { authorization: 'Basic YTpi' }, 'api_key_invalid', 'Bearer error="invalid_token"'],
    ['a million letters', { authorization: 'x'.repeat(1e6) }, 'api_key_invalid', 'Bearer error="invalid_token"'],
    ['the secret of a client', { 'x-cal-secret-key': 'x' }, 'client_credentials_unsupported', 'Bearer'],
  ])('is asked for of who comes with %s', async (_, headers, code, challenge) => {
    const reply = await visitor.get('/v2/me', headers)
    expect([reply.status, reply.code, reply.headers.get('www-authenticate')]).toEqual([401, code, challenge])
    expect(reply.body).toMatchObject({ status: 'error', path: '/v2/me', message: reply.body.error.message })
  })

  it('opens nothing once it was revoked', async () => {
    const other = await createApiKey(ctx, { label: 'Old' })
    const { id } = (await listApiKeys(userScope(ctx), ctx.db)).find((one) => one.label === 'Old') ?? { id: '' }
    expect((await apiClient(test, other).get('/v2/me')).status).toBe(200)
    await revokeApiKey(ctx, id)
    expect((await apiClient(test, other).get('/v2/me')).code).toBe('api_key_invalid')
  })

  it('does what it is for and no more', async () => {
    const reading = await createApiKey(ctx, { label: 'Reader', access: 'some', scopes: ['PROFILE_READ'] })
    const reader = apiClient(test, reading)
    expect((await reader.get('/v2/me')).status).toBe(200)
    const refused = await reader.patch('/v2/me', { name: 'Eve' })
    expect([refused.status, refused.code, refused.body.error.details]).toEqual([
      403,
      'scope_missing',
      { scope: 'PROFILE_WRITE' },
    ])
    expect(refused.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope", scope="PROFILE_WRITE"')
  })
})

describe('what is not there', () => {
  it('is said to be so', async () => {
    for (const path of ['/v2/nothing', '/v2/', '/api/anything', '/v2/me/x', '/v2/%00', '/v2/%zz']) {
      expect([path, (await api.get(path)).code]).toEqual([path, 'not_found'])
    }
  })

  it('may be another method', async () => {
    const reply = await api.delete('/v2/me')
    expect([reply.status, reply.code, reply.headers.get('allow')]).toEqual([405, 'method_not_allowed', 'GET, PATCH'])
  })
})

it('is limited by key, and by address for those without one', async () => {
  const limited = createApi({ ...test.services, rateLimiter: memoryRateLimiter(true) })
  const ask = async (one: ApiClient) => {
    const all = []
    for (let count = 0; count < 121; count++) all.push(await one.get('/v2/me'))
    return all
  }
  for (const one of [apiClient(test, key, apiRoutes, limited), apiClient(test, undefined, apiRoutes, limited)]) {
    const replies = await ask(one)
    const header = (at: number, name: string) => replies.at(at)?.headers.get(name)
    expect([header(0, 'x-ratelimit-limit'), header(0, 'x-ratelimit-remaining')]).toEqual(['120', '119'])
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(1)
    expect([header(-1, 'x-ratelimit-remaining'), header(-1, 'retry-after')]).toEqual([
      '0',
      header(-1, 'x-ratelimit-reset'),
    ])
    expect(Number(header(-1, 'retry-after'))).toBeGreaterThan(0)
  }
})

it('may be called from any page, which gets no cookie to act with', async () => {
  const answer = await createApi(test.services).request('/v2/me', { method: 'OPTIONS' })
  expect(answer.status).toBe(204)
  expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
  expect(answer.headers.get('access-control-allow-headers')).toContain('Authorization')
  const reply = await api.get('/v2/me', { origin: 'https://elsewhere.example' })
  expect(reply.headers.get('access-control-allow-origin')).toBe('*')
  expect(reply.headers.get('access-control-expose-headers')).toContain('X-RateLimit-Remaining')
  expect(reply.headers.get('x-request-id')).toMatch(/^[\w-]{8,}$/)
})

it('reads bodies from a socket, and no more of them than allowed', async () => {
  const listener = getRequestListener(createApi(test.services).fetch, { overrideGlobalObjects: false })
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  const send = async (body: BodyInit) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/me`
    return (await fetch(url, { method: 'PATCH', headers, body, duplex: 'half' } as RequestInit)).status
  }
  const chunks = (count: number) =>
    new ReadableStream({
      start(controller) {
        const encoder = new TextEncoder()
        controller.enqueue(encoder.encode('{"bio":"'))
        for (let index = 0; index < count; index++) controller.enqueue(encoder.encode('a'.repeat(1000)))
        controller.enqueue(encoder.encode('"}'))
        controller.close()
      },
    })
  try {
    expect(await send('{"bio":""}')).toBe(200)
    expect(await send(chunks(3))).toBe(200)
    expect(await send(chunks(10))).toBe(400)
    expect(await send('a'.repeat(1_000_001))).toBe(413)
    expect(await send('{')).toBe(400)
    expect(await send('{"bio":""}')).toBe(200)
  } finally {
    server.close()
    server.closeAllConnections()
  }
})

describe('/v2/me', () => {
  it('tells whose key it is, and nothing that is secret', async () => {
    expect((await api.get('/v2/me')).body).toEqual({
      status: 'success',
      data: {
        ...{ id: userScope(ctx).userId, username: expect.stringMatching(/^host\d+$/), name: expect.any(String) },
        ...{ email: expect.stringContaining('@example.org'), avatarUrl: null, bio: null, timeFormat: 24 },
        ...{ defaultScheduleId: expect.any(Number), weekStart: 'Monday', timeZone: 'Europe/Berlin', locale: 'en' },
        organizationId: null,
        metadata: {},
      },
    })
  })

  it('changes what is named', async () => {
    const before = (await api.get('/v2/me')).data
    const change = {
      name: 'Ada L.',
      bio: 'Hours by letter',
      timeFormat: 12,
      weekStart: 'Sunday',
      timeZone: 'Asia/Tokyo',
    }
    expect((await api.patch('/v2/me', change)).data).toEqual({ ...before, ...change })
    expect((await api.patch('/v2/me', { locale: 'de' })).data).toEqual({ ...before, ...change, locale: 'de' })
    expect((await api.patch('/v2/me', {})).status).toBe(200)
  })

  it.each([
    [{ timeZone: 'Mars/Base' }, 'timeZone', 'unknown_time_zone'],
    [{ name: '' }, 'name', 'field_required'],
    [{ timeFormat: 13 }, 'timeFormat', 'field_invalid'],
    [{ weekStart: 1 }, 'weekStart', 'field_invalid'],
    [{ id: 1 }, '', 'field_unknown'],
    [{ role: 'owner' }, '', 'field_unknown'],
    [{ email: 'x@example.org' }, '', 'field_unknown'],
    [{ defaultScheduleId: 1e30 }, 'defaultScheduleId', 'field_too_large'],
  ])('refuses %j', async (change, path, code) => {
    const before = (await api.get('/v2/me')).data
    const reply = await api.patch('/v2/me', { bio: 'changed', ...change })
    expect([reply.status, reply.code]).toEqual([400, 'invalid_input'])
    expect(reply.body.error.details.fields).toMatchObject([{ path, code, message: expect.stringMatching(/\.$/) }])
    expect((await api.get('/v2/me')).data).toEqual(before)
  })

  it('changes nothing when the schedule is somebody else’s', async () => {
    const other = await insertHost(test.services.db)
    const before = (await api.get('/v2/me')).data
    const reply = await api.patch('/v2/me', { name: 'Half', defaultScheduleId: other.scheduleId })
    expect([reply.status, reply.code]).toEqual([404, 'schedule_not_found'])
    expect((await api.get('/v2/me')).data).toEqual(before)
  })
})

describe('/v2/api-keys/refresh', () => {
  it('exchanges the key for one that is for the same', async () => {
    const old = await createApiKey(ctx, { label: 'Refreshed', access: 'some', scopes: ['PROFILE_READ'] })
    const { data } = await apiClient(test, old).post('/v2/api-keys/refresh', { apiKeyDaysValid: 3 })
    expect(data.apiKey).toMatch(/^sun_/)
    expect((await apiClient(test, old).get('/v2/me')).status).toBe(401)
    const fresh = apiClient(test, data.apiKey)
    expect([(await fresh.get('/v2/me')).status, (await fresh.patch('/v2/me', {})).status]).toEqual([200, 403])
    const entry = (await listApiKeys(userScope(ctx), ctx.db)).find((one) => one.label === 'Refreshed')
    expect(entry).toMatchObject({
      prefix: data.apiKey.slice(0, 8),
      expiresAt: test.clock.now().add({ hours: 72 }).epochMilliseconds,
      scopes: ['PROFILE_READ'],
    })
  })

  it('lasts thirty days, or for ever', async () => {
    const end = async () =>
      (await listApiKeys(userScope(ctx), ctx.db)).find((one) => one.label === 'Lasting')?.expiresAt
    const first = await createApiKey(ctx, { label: 'Lasting', expires: '7' })
    const second = (await apiClient(test, first).post('/v2/api-keys/refresh', '')).data.apiKey
    expect(await end()).toBe(test.clock.now().add({ hours: 720 }).epochMilliseconds)
    await apiClient(test, second).post('/v2/api-keys/refresh', { apiKeyNeverExpires: true })
    expect(await end()).toBeNull()
  })

  it('gives one key to fifty who ask at once', async () => {
    const old = await createApiKey(ctx, { label: 'Wanted' })
    const all = await Promise.all(
      Array.from({ length: 50 }, () => apiClient(test, old).post('/v2/api-keys/refresh', {})),
    )
    const keys = all.flatMap(({ data }) => data?.apiKey ?? [])
    const working = await Promise.all(keys.map((one) => apiClient(test, one).get('/v2/me')))
    expect(working.filter(({ status }) => status === 200)).toHaveLength(1)
  })
})
