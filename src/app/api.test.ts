import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiKey, revokeApiKey } from '#features/accounts/api-keys/commands.ts'
import { listApiKeys } from '#features/accounts/api-keys/queries.ts'
import type { Ctx } from '#platform/ctx.ts'
import { memoryRateLimiter } from '#platform/rate-limit.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertHost } from '#test/offers.ts'
import { createApi } from './api.ts'

let test: TestContext
let ctx: Ctx
let key: string
beforeAll(async () => {
  test = await testContext()
  const { id } = await insertHost(test.services.db)
  ctx = test.as({ kind: 'user', userId: id, role: 'member', via: 'session' })
  key = await createApiKey(ctx, { label: 'Website' })
})
afterAll(() => test.close())

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  createApi(test.services).request(path, { method, headers })
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe('the API', () => {
  it('tells whose key it is, and nothing that is secret', async () => {
    const answer = await ask('/v2/me', bearer(key))
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({
      status: 'success',
      data: {
        ...{ id: userScope(ctx).userId, username: expect.stringMatching(/^host\d+$/), name: expect.any(String) },
        ...{ email: expect.stringContaining('@example.org'), avatarUrl: null, bio: null, timeFormat: 24 },
        ...{ defaultScheduleId: expect.any(Number), weekStart: 'Monday', timeZone: 'Europe/Berlin', locale: 'en' },
        organizationId: null,
      },
    })
  })

  it('writes down that a key was used, at most every five minutes', async () => {
    const lastUse = async () => (await listApiKeys(userScope(ctx), ctx.db))[0]?.lastUsedAt
    const first = await lastUse()
    test.clock.add({ minutes: 4 })
    await ask('/v2/me', bearer(key))
    expect(await lastUse()).toBe(first)
    test.clock.add({ minutes: 1 })
    await ask('/v2/me', bearer(key))
    expect(await lastUse()).toBe(test.clock.now().epochMilliseconds)
  })

  it.each([
    ['nothing', {}],
    ['an empty key', bearer('')],
    ['an unknown key', bearer(`sun_${'a'.repeat(43)}`)],
    ['a session', { cookie: 'sundial_session=x' }],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['a million letters', bearer('x'.repeat(1e6))],
  ])('lets nobody in with %s, whether or not there is such a page', async (_, headers) => {
    for (const path of ['/v2/me', '/v2/users', '/v2/']) {
      const answer = await ask(path, headers as Record<string, string>)
      expect([path, answer.status, answer.headers.get('www-authenticate')]).toEqual([path, 401, 'Bearer'])
      expect(await answer.json()).toMatchObject({ status: 'error', path, error: { code: 'api_key_required' } })
    }
  })

  it('says when there is nothing', async () => {
    const answer = await ask('/v2/nothing', bearer(key))
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ status: 'error', error: { code: 'not_found' } })
    expect((await ask('/v2/me', bearer(key), 'DELETE')).status).toBe(404)
    expect((await ask('/api/anything', bearer(key))).status).toBe(404)
  })

  it('ends with the key', async () => {
    const other = await createApiKey(ctx, { label: 'Old' })
    const { id } = (await listApiKeys(userScope(ctx), ctx.db)).find((one) => one.label === 'Old') ?? { id: '' }
    expect((await ask('/v2/me', bearer(other))).status).toBe(200)
    await revokeApiKey(ctx, id)
    expect((await ask('/v2/me', bearer(other))).status).toBe(401)
  })

  it('is limited by key, and by address for those without one', async () => {
    const api = createApi({ ...test.services, rateLimiter: memoryRateLimiter(true) })
    const count = async (headers: Record<string, string>) => {
      const all = await Promise.all(Array.from({ length: 121 }, () => api.request('/v2/me', { headers })))
      return all.filter((answer) => answer.status === 429).length
    }
    expect(await count(bearer(key))).toBe(1)
    expect(await count({})).toBe(1)
  })
})
