import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { randomToken } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import {
  endSession,
  revokeOtherSessions,
  revokeSession,
  startSession,
  touchSession,
  updateSessionTimeOut,
} from './commands.ts'
import { listSessions, sessionByToken } from './queries.ts'
import { deviceOf } from './rules.ts'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1'
const EDGE =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0'

let test: TestContext
let ctx: Ctx
let other: Ctx
beforeAll(async () => {
  test = await testContext()
  const [one, two] = [await insertHost(test.services.db), await insertHost(test.services.db)]
  ctx = { ...test.as({ kind: 'user', userId: one.id, role: 'member', via: 'session' }), userAgent: FIREFOX }
  other = test.as({ kind: 'user', userId: two.id, role: 'owner', via: 'session' })
})
afterAll(() => test.close())
beforeEach(async () => {
  test.clock.set('2026-11-23T08:00:00Z')
  await test.services.db.deleteFrom('sessions').execute()
  await test.services.db.updateTable('users').set({ session_minutes: null }).execute()
})

const idOf = (of: Ctx) => userScope(of).userId
const read = (token: string) => sessionByToken(test.services, token)
const idBy = async (token: string) => (await read(token))?.id ?? ''

describe('a session', () => {
  it('is read with its account in one statement', async () => {
    const token = await startSession(ctx, idOf(ctx))
    const { statements } = test.database.count
    expect((await read(token))?.account.id).toBe(idOf(ctx))
    expect(test.database.count.statements - statements).toBe(1)
  })

  it.each(['', 'x', randomToken(), `${randomToken()}x`, "' or 1=1 --", 'x'.repeat(1e6), '\0'.repeat(43)])(
    'is not opened by %j',
    async (token) => {
      await startSession(ctx, idOf(ctx))
      expect(await read(token)).toBeNull()
    },
  )

  it('ends 30 days after its last use', async () => {
    const token = await startSession(ctx, idOf(ctx))
    test.clock.add({ hours: 29 * 24 })
    const session = await read(token)
    expect(session?.stale).toBe(true)
    if (session) await touchSession(ctx, session)
    expect((await read(token))?.stale).toBe(false)
    test.clock.add({ hours: 30 * 24 - 1 })
    expect(await read(token)).not.toBeNull()
    test.clock.add({ hours: 1 })
    expect(await read(token)).toBeNull()
  })

  it('ends as soon as its person wants, counted from its last use', async () => {
    const [here, rested] = [await startSession(ctx, idOf(ctx)), await startSession(ctx, idOf(ctx))]
    const foreign = await startSession(other, idOf(other))
    test.clock.add({ minutes: 40 })
    await updateSessionTimeOut(ctx, { minutes: '60' }, await idBy(here))
    const open = await Promise.all([here, rested, foreign].map(read))
    expect(open.map((session) => session !== null)).toEqual([true, true, true])
    test.clock.add({ minutes: 20 })
    expect(await read(rested)).toBeNull()
    const session = await read(here)
    expect(session?.account.sessionMinutes).toBe(60)
    if (session) await touchSession(ctx, session)
    test.clock.add({ minutes: 59 })
    expect(await read(here)).not.toBeNull()
    test.clock.add({ minutes: 1 })
    expect(await read(here)).toBeNull()
    expect(await read(foreign)).not.toBeNull()
    const fresh = await startSession(ctx, idOf(ctx))
    test.clock.add({ minutes: 60 })
    expect(await read(fresh)).toBeNull()
  })

  it('that rested too long for a new time-out ends at once, but not the one it is asked for in', async () => {
    const [here, rested] = [await startSession(ctx, idOf(ctx)), await startSession(ctx, idOf(ctx))]
    test.clock.add({ hours: 2 })
    await updateSessionTimeOut(ctx, { minutes: '15' }, await idBy(here))
    expect([(await read(here)) !== null, await read(rested)]).toEqual([true, null])
    await updateSessionTimeOut(ctx, { minutes: 'never' }, await idBy(here))
    test.clock.add({ hours: 24 * 30 - 1 })
    expect(await read(here)).not.toBeNull()
    expect(await refusal(updateSessionTimeOut(ctx, { minutes: '1' }, randomUUID()))).toBe(
      'invalid_input/minutes:field_invalid',
    )
    expect(await refusal(updateSessionTimeOut(test.visitor, { minutes: '60' }, randomUUID()))).toBe('sign_in_required')
  })

  it('that is short is written down often enough', async () => {
    const token = await startSession(ctx, idOf(ctx))
    await updateSessionTimeOut(ctx, { minutes: '15' }, await idBy(token))
    test.clock.add({ minutes: 1 })
    expect((await read(token))?.stale).toBe(true)
  })

  it('is stale only after five minutes', async () => {
    const token = await startSession(ctx, idOf(ctx))
    test.clock.add({ minutes: 4, seconds: 59 })
    expect((await read(token))?.stale).toBe(false)
    test.clock.add({ seconds: 1 })
    expect((await read(token))?.stale).toBe(true)
  })

  it('is forgotten after its end when the next one starts', async () => {
    await startSession(ctx, idOf(ctx))
    test.clock.add({ hours: 31 * 24 })
    await startSession(ctx, idOf(ctx))
    expect(await test.services.db.selectFrom('sessions').select('id').execute()).toHaveLength(1)
  })

  it('says nothing of who somebody is: that is what the database says at every request', async () => {
    const token = await startSession(ctx, idOf(ctx))
    expect((await read(token))?.account.role).toBe('member')
    const { db } = test.services
    await db.updateTable('users').set({ role: 'admin' }).where('id', '=', idOf(ctx)).execute()
    expect((await read(token))?.account.role).toBe('admin')
    await db.updateTable('users').set({ role: 'member' }).where('id', '=', idOf(ctx)).execute()
    expect((await read(token))?.account.role).toBe('member')
  })

  it('is over when it was ended', async () => {
    const [one, two] = [await startSession(ctx, idOf(ctx)), await startSession(ctx, idOf(ctx))]
    await endSession(ctx, one)
    await endSession(ctx, 'never was')
    expect(await read(one)).toBeNull()
    expect(await read(two)).not.toBeNull()
  })

  it('keeps no more of a User-Agent than is shown', async () => {
    const token = await startSession({ ...ctx, userAgent: `a\u0000\u202e\n${'x'.repeat(1e6)}` }, idOf(ctx))
    expect(await read(token)).not.toBeNull()
    const { user_agent } = await test.services.db.selectFrom('sessions').select('user_agent').executeTakeFirstOrThrow()
    expect(user_agent).toMatch(/^ax{100,300}$/)
  })
})

describe('the list of sessions', () => {
  it('shows devices and places of the last use, the latest first', async () => {
    const here = await startSession(ctx, idOf(ctx))
    await startSession(other, idOf(other))
    test.clock.add({ minutes: 10 })
    await startSession({ ...ctx, userAgent: IPHONE, clientAddress: '2001:db8::7' }, idOf(ctx))
    expect(await listSessions(userScope(ctx), test.services, await idBy(here))).toMatchObject([
      { browser: 'Safari', system: 'iPhone', address: '2001:db8::7', current: false },
      { browser: 'Firefox', system: 'Linux', address: '192.0.2.1', current: true },
    ])
  })

  it('revokes one', async () => {
    const [here, there] = [await startSession(ctx, idOf(ctx)), await startSession(ctx, idOf(ctx))]
    await revokeSession(ctx, await idBy(there))
    expect(await read(there)).toBeNull()
    expect(await read(here)).not.toBeNull()
  })

  it('revokes nobody else’s', async () => {
    const theirs = await startSession(other, idOf(other))
    expect(await refusal(revokeSession(ctx, await idBy(theirs)))).toBe('session_not_found')
    expect(await refusal(revokeSession(ctx, "' or 1=1 --"))).toBe('session_not_found')
    await revokeOtherSessions(ctx, '01900000-0000-7000-8000-000000000000')
    expect(await read(theirs)).not.toBeNull()
  })

  it('revokes all others at once', async () => {
    const tokens = await Promise.all(Array.from({ length: 5 }, () => startSession(ctx, idOf(ctx))))
    expect(await revokeOtherSessions(ctx, await idBy(tokens[0] ?? ''))).toBe(4)
    expect((await Promise.all(tokens.map(read))).filter(Boolean)).toHaveLength(1)
  })

  it('is nothing for an API key or a visitor', async () => {
    const key = test.as({ kind: 'user', userId: idOf(ctx), role: 'member', via: 'api_key' })
    const token = await startSession(ctx, idOf(ctx))
    expect(await refusal(revokeSession(key, await idBy(token)))).toBe('needs_session')
    expect(await refusal(revokeSession(test.visitor, await idBy(token)))).toBe('sign_in_required')
  })
})

it.each([
  [FIREFOX, 'Firefox', 'Linux'],
  [IPHONE, 'Safari', 'iPhone'],
  [EDGE, 'Edge', 'Windows'],
  ['curl/8.5.0', 'curl', null],
  ['', null, null],
])('%s is %s on %s', (userAgent, browser, system) => {
  expect(deviceOf(userAgent)).toEqual({ browser, system })
})
