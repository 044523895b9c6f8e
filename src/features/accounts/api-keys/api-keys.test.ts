import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { createApiKey, refreshApiKey, revokeApiKey, rotateApiKey } from './commands.ts'
import { accountByApiKey, listApiKeys } from './queries.ts'

let test: TestContext
let ctx: Ctx
let other: Ctx
beforeAll(async () => {
  test = await testContext()
  const [one, two] = [await insertHost(test.services.db), await insertHost(test.services.db)]
  ctx = test.as({ kind: 'user', userId: one.id, role: 'member', via: 'session' })
  other = test.as({ kind: 'user', userId: two.id, role: 'owner', via: 'session' })
})
afterAll(() => test.close())
beforeEach(async () => {
  await test.services.db.deleteFrom('api_keys').execute()
})

const list = () => listApiKeys(userScope(ctx), ctx.db)

describe('an API key', () => {
  it('opens its owner’s account and is not stored', async () => {
    const key = await createApiKey(ctx, { label: 'Backup script' })
    expect(key).toMatch(/^sun_[\w-]{43}$/)
    expect((await accountByApiKey(test.services, key))?.account.id).toBe(userScope(ctx).userId)
    expect(JSON.stringify(await test.services.db.selectFrom('api_keys').selectAll().execute())).not.toContain(key)
    expect(await list()).toMatchObject([{ label: 'Backup script', prefix: key.slice(0, 8), expiresAt: null }])
  })

  it.each(['', 'sun_', `sun_${'a'.repeat(43)}`, 'x'.repeat(1e6), "sun_' or 1=1 --"])('is not %j', async (key) => {
    await createApiKey(ctx, { label: 'Script' })
    expect(await accountByApiKey(test.services, key)).toBeNull()
  })

  it('ends on its day', async () => {
    const key = await createApiKey(ctx, { label: 'Trial', expires: '7' })
    test.clock.add({ hours: 7 * 24 - 1 })
    expect(await accountByApiKey(test.services, key)).not.toBeNull()
    test.clock.add({ hours: 1 })
    expect(await accountByApiKey(test.services, key)).toBeNull()
    expect(await list()).toHaveLength(1)
  })

  it('opens nothing once revoked', async () => {
    const key = await createApiKey(ctx, { label: 'Script' })
    await revokeApiKey(ctx, (await list())[0]?.id ?? '')
    expect(await accountByApiKey(test.services, key)).toBeNull()
    expect(await list()).toEqual([])
  })

  it('is revoked by its owner only', async () => {
    const key = await createApiKey(ctx, { label: 'Script' })
    const { id } = (await list())[0] ?? { id: '' }
    expect(await refusal(revokeApiKey(other, id))).toBe('api_key_not_found')
    expect(await refusal(revokeApiKey(ctx, 'nonsense'))).toBe('api_key_not_found')
    expect(await accountByApiKey(test.services, key)).not.toBeNull()
  })

  it('is for everything, or for what was ticked', async () => {
    await createApiKey(ctx, { label: 'All', scopes: 'BOOKING_READ' })
    await createApiKey(ctx, { label: 'One', access: 'some', scopes: 'BOOKING_READ' })
    await createApiKey(ctx, { label: 'Two', access: 'some', scopes: ['BOOKING_READ', 'BOOKING_WRITE'] })
    const byLabel = Object.fromEntries((await list()).map(({ label, scopes }) => [label, scopes]))
    expect(byLabel).toEqual({ All: null, One: ['BOOKING_READ'], Two: ['BOOKING_READ', 'BOOKING_WRITE'] })
  })

  it('is for something', async () => {
    const code = 'invalid_input/scopes:scopes_missing'
    expect(await refusal(createApiKey(ctx, { label: 'None', access: 'some' }))).toBe(code)
    expect(await refusal(createApiKey(ctx, { label: 'None', access: 'some', scopes: 'ROOT' }))).toMatch(
      /^invalid_input/,
    )
  })

  it('gets another secret, and stays what it was for until when it was', async () => {
    const old = await createApiKey(ctx, { label: 'Website', expires: '30', access: 'some', scopes: 'BOOKING_READ' })
    const [before] = await list()
    const fresh = await rotateApiKey(ctx, before?.id ?? '')
    expect(await accountByApiKey(test.services, old)).toBeNull()
    expect(await accountByApiKey(test.services, fresh)).toMatchObject({ keyId: before?.id, scopes: ['BOOKING_READ'] })
    expect(await list()).toEqual([{ ...before, prefix: fresh.slice(0, 8) }])
  })

  it('gets another secret from its owner or itself only', async () => {
    await createApiKey(ctx, { label: 'Script' })
    const { id } = (await list())[0] ?? { id: '' }
    const byKey = test.as({ kind: 'user', userId: userScope(ctx).userId, role: 'member', via: 'api_key' })
    expect(await refusal(rotateApiKey(byKey, id))).toBe('needs_session')
    expect(await refusal(rotateApiKey(other, id))).toBe('api_key_not_found')
    expect(await refusal(refreshApiKey(other, id, 30))).toBe('api_key_not_found')
    expect(await refusal(rotateApiKey(ctx, 'nonsense'))).toBe('api_key_not_found')
  })

  it('makes no keys itself', async () => {
    const byKey = test.as({ kind: 'user', userId: userScope(ctx).userId, role: 'member', via: 'api_key' })
    expect(await refusal(createApiKey(byKey, { label: 'More' }))).toBe('needs_session')
    expect(await refusal(createApiKey(test.visitor, { label: 'More' }))).toBe('sign_in_required')
  })

  it.each([
    { label: '' },
    { label: 'x'.repeat(1e6) },
    { label: 'a\nb' },
    { label: 'Script', expires: '9999999' },
    { label: 'Script', userId: 1 },
    {},
  ])('is not made of %j', async (input) => {
    expect(await refusal(createApiKey(ctx, input))).toMatch(/^invalid_input/)
    expect(await list()).toEqual([])
  })

  it('is one of at most fifty, even when asked for all at once', async () => {
    const all = await Promise.all(Array.from({ length: 60 }, () => refusal(createApiKey(ctx, { label: 'Script' }))))
    expect(all.filter((one) => one === 'done')).toHaveLength(50)
    expect(all.filter((one) => one === 'too_many_api_keys')).toHaveLength(10)
  })
})
