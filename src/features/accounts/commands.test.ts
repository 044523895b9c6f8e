import { createHook } from 'node:async_hooks'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { memoryRateLimiter } from '#platform/rate-limit.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { refusal } from '#test/refusal.ts'
import { changePassword, createAccount, prepareAccount, signIn, updateAppearance, updateProfile } from './commands.ts'
import { ownAccount } from './queries.ts'
import { listSessions, sessionByToken } from './sessions/queries.ts'
import type { Role } from './types.ts'

const PASSWORD = 'quiet otter 42'
let test: TestContext
beforeAll(async () => {
  test = await testContext()
})
afterAll(() => test.close())
beforeEach(async () => {
  await test.database.db.deleteFrom('users').execute()
  await test.database.db.deleteFrom('held_usernames').execute()
})

const person = (username: string) => ({
  name: 'Ada Lovelace',
  email: `${username}@example.org`,
  username,
  password: PASSWORD,
  timeZone: 'Europe/Berlin',
})

async function account(username: string, role: Role): Promise<Ctx> {
  const prepared = await prepareAccount(person(username))
  const more = { role, locale: 'en', hourCycle: 'h23', weekStart: 1 } as const
  const userId = await test.database.db
    .transaction()
    .execute((tx) => createAccount(tx, test.visitor, { ...prepared, ...more }))
  return test.as({ kind: 'user', userId, role, via: 'session' })
}
const owner = () => account('olivia', 'owner')

const users = () => test.database.db.selectFrom('users').selectAll().orderBy('id').execute()

describe('sign-in', () => {
  it('starts a session of its own each time and stores no token', async () => {
    const { actor } = await owner()
    const [{ token: one }, { token: other }] = [
      await signIn(test.visitor, { email: ' OLIVIA@example.org', password: PASSWORD }),
      await signIn(test.visitor, { email: 'olivia@example.org', password: PASSWORD }),
    ]
    expect(one).not.toBe(other)
    const stored = await test.database.db.selectFrom('sessions').selectAll().execute()
    expect(JSON.stringify(stored)).not.toContain(one)
    const session = await sessionByToken(test.services, one)
    expect(session?.account).toMatchObject({ id: actor.kind === 'user' && actor.userId, role: 'owner' })
  })

  it('says the same of an unknown mail and a wrong password, in the same steps', async () => {
    await owner()
    let derivations = 0
    const hook = createHook({
      init(_, type) {
        if (type === 'ARGON2REQUEST') derivations++
      },
    }).enable()
    const attempt = async (email: string, password: string) => {
      const before = { derivations, statements: test.database.count.statements }
      const code = await refusal(signIn(test.visitor, { email, password }))
      const steps = [derivations - before.derivations, test.database.count.statements - before.statements]
      return [code, ...steps]
    }
    const all = [
      await attempt('olivia@example.org', 'wrong password'),
      await attempt('nobody@example.org', 'wrong password'),
      await attempt('not a mail', 'wrong password'),
      await attempt('olivia@example.org', 'x'.repeat(1e6)),
    ]
    hook.disable()
    // One statement looks the account up; the rest writes down that somebody tried.
    expect(all).toEqual(Array.from({ length: 4 }, () => ['wrong_credentials', 1, 6]))
  })

  it.each([
    [{ email: '', password: '' }],
    [{ email: ['olivia@example.org'], password: PASSWORD }],
    [{ email: 'olivia@example.org', password: { $ne: '' } }],
    [{ email: 'olivia@example.org', password: PASSWORD, role: 'owner' }],
    ["olivia@example.org' or 1=1 --"],
    [null],
  ])('refuses %j', async (input) => {
    await owner()
    expect(await refusal(signIn(test.visitor, input))).toMatch(/^invalid_input/)
  })

  it('is limited by mail, whichever client asks and whatever case it writes', async () => {
    await owner()
    const limited = { ...test.visitor, rateLimiter: memoryRateLimiter(true) }
    const from = (i: number) => ({ ...limited, clientAddress: `192.0.2.${i}` })
    for (let i = 0; i < 10; i++) {
      const email = i % 2 ? 'OLIVIA@example.org' : 'olivia@example.org'
      expect(await refusal(signIn(from(i), { email, password: 'wrong password' }))).toBe('wrong_credentials')
    }
    expect(await refusal(signIn(from(11), { email: 'olivia@example.org', password: PASSWORD }))).toBe('rate_limited')
  })

  it('is told to its person when it failed, but not without end, and of strangers to nobody', async () => {
    const { actor } = await owner()
    const userId = actor.kind === 'user' ? actor.userId : 0
    const limited = { ...test.visitor, rateLimiter: memoryRateLimiter(true), clientAddress: '198.51.100.7' }
    for (let i = 0; i < 9; i++)
      await refusal(signIn(limited, { email: 'olivia@example.org', password: 'wrong password' }))
    await refusal(signIn(limited, { email: 'nobody@example.org', password: 'wrong password' }))
    const noted = await test.database.db
      .selectFrom('events')
      .innerJoin('sign_ins', (join) => join.on('events.subject', '=', sql`'session:' || sign_ins.id`))
      .where('name', '=', 'session.refused')
      .where('address', '=', '198.51.100.7')
      .select(['owner_id', 'actor_kind'])
      .execute()
    expect(noted).toEqual([
      ...Array.from({ length: 5 }, () => ({ owner_id: userId, actor_kind: 'visitor' })),
      { owner_id: null, actor_kind: 'visitor' },
    ])
  })

  it('fails when attempts cannot be counted', async () => {
    await owner()
    const sessions = () => test.database.db.selectFrom('sessions').select('id').execute()
    const before = await sessions()
    const down = { consume: () => Promise.reject(new Error('store down')), reset: () => Promise.resolve() }
    const attempt = signIn({ ...test.visitor, rateLimiter: down }, { email: 'olivia@example.org', password: PASSWORD })
    await expect(attempt).rejects.toThrow('store down')
    expect(await sessions()).toEqual(before)
  })

  it('is limited by client, whichever mail it tries', async () => {
    await owner()
    const limited = { ...test.visitor, rateLimiter: memoryRateLimiter(true) }
    const attempts = Array.from({ length: 61 }, (_, i) =>
      refusal(signIn(limited, { email: `p${i}@example.org`, password: 'wrong password' })),
    )
    const all = await Promise.all(attempts)
    expect(all.filter((one) => one === 'rate_limited')).toHaveLength(1)
  })
})

const LOOK = { theme: 'system', pageTheme: 'light', brandColor: '', brandColorDark: '' }

describe('an account', () => {
  const profile = (more: object = {}) => ({
    ...{ name: 'Ada', username: 'ada', bio: 'Hello\r\nthere', ...more },
  })

  it('takes a profile', async () => {
    const ctx = await owner()
    test.clock.add({ minutes: 1 })
    await updateProfile(ctx, profile())
    expect(await ownAccount(userScope(ctx), ctx.db)).toMatchObject({
      ...{ name: 'Ada', username: 'ada', bio: 'Hello\nthere' },
      ...{ email: 'olivia@example.org', role: 'owner' },
    })
  })

  it.each([
    [{ role: 'owner' }, 'invalid_input/:field_unknown'],
    [{ email: 'eve@example.org' }, 'invalid_input/:field_unknown'],
    [{ id: '1' }, 'invalid_input/:field_unknown'],
    [{ username: 'member' }, 'username_taken/username:username_taken'],
    [{ username: 'Auth' }, 'invalid_input/username:username_reserved'],
    [{ bio: 'x'.repeat(5001) }, 'invalid_input/bio:field_too_long'],
    [{ bio: 'x\0' }, 'invalid_input/bio:field_unreadable'],
  ])('refuses %j and stays as it was', async (more, problem) => {
    const ctx = await owner()
    await account('member', 'member')
    const before = await users()
    expect(await refusal(updateProfile(ctx, profile(more)))).toBe(problem)
    expect(await users()).toEqual(before)
  })

  it('changes nobody else', async () => {
    const ctx = await owner()
    await account('member', 'member')
    await updateProfile(ctx, profile())
    await updateAppearance(ctx, {
      ...LOOK,
      theme: 'dark',
      brandColor: '#AA5500',
      brandColorDark: ' #FFCC88 ',
      hideBranding: 'on',
    })
    const [mine, other] = await users()
    expect(mine).toMatchObject({
      ...{
        theme: 'dark',
        page_theme: 'light',
        brand_color: '#aa5500',
        brand_color_dark: '#ffcc88',
        hide_branding: true,
      },
    })
    expect(other).toMatchObject({ username: 'member', theme: 'system', brand_color: null, name: 'Ada Lovelace' })
  })

  it.each([
    { theme: 'neon' },
    { pageTheme: 'neon' },
    { pageTheme: undefined },
    { brandColor: 'red' },
    { brandColorDark: '#fff' },
    { brandColorDark: undefined },
    { brandColor: '#fff;background:url(//evil)' },
    { hideBranding: 'yes' },
    { role: 'owner' },
  ])('refuses %j', async (input) => {
    const ctx = await owner()
    expect(await refusal(updateAppearance(ctx, { ...LOOK, ...input }))).toMatch(/^invalid_input/)
  })

  it('needs someone signed in', async () => {
    expect(await refusal(updateProfile(test.visitor, profile()))).toBe('sign_in_required')
    expect(await refusal(changePassword(test.visitor, {}, ''))).toBe('sign_in_required')
  })
})

describe('a new password', () => {
  const change = (currentPassword: string, newPassword: string) => ({ currentPassword, newPassword })

  it('ends every other session and the old password', async () => {
    const ctx = await owner()
    const credentials = { email: 'olivia@example.org', password: PASSWORD }
    const signedIn = async () => (await signIn(test.visitor, credentials)).token
    const [here, there] = [await signedIn(), await signedIn()]
    const current = await sessionByToken(test.services, here)
    await changePassword(ctx, change(PASSWORD, 'another otter 43'), current?.id ?? '')
    expect(await sessionByToken(test.services, there)).toBeNull()
    expect(await listSessions(userScope(ctx), test.services, current?.id ?? '')).toHaveLength(1)
    expect(await refusal(signIn(test.visitor, credentials))).toBe('wrong_credentials')
    expect(await refusal(signIn(test.visitor, { ...credentials, password: 'another otter 43' }))).toBe('done')
  })

  it.each([
    ['the wrong current one', change('wrong password', 'another otter 43'), /^current_password_wrong/],
    ['an easy one', change(PASSWORD, 'password123'), /password_common/],
    ['someone else’s', { ...change(PASSWORD, 'another otter 43'), userId: 1 }, /field_unknown/],
  ])('is refused with %s', async (_, input, problem) => {
    const ctx = await owner()
    const { token } = await signIn(test.visitor, { email: 'olivia@example.org', password: PASSWORD })
    expect(await refusal(changePassword(ctx, input, ''))).toMatch(problem)
    expect(await sessionByToken(test.services, token)).not.toBeNull()
  })

  it('is not for an API key', async () => {
    const { actor } = await owner()
    const ctx = test.as({ ...(actor as Extract<typeof actor, { kind: 'user' }>), via: 'api_key' })
    expect(await refusal(changePassword(ctx, change(PASSWORD, 'another otter 43'), ''))).toBe('needs_session')
  })
})

it('a half-made account leaves nothing', async () => {
  const prepared = await prepareAccount(person('ada'))
  const more = { role: 'member', locale: 'en', hourCycle: 'h23', weekStart: 1 } as const
  const work = test.database.db.transaction().execute(async (tx) => {
    await createAccount(tx, test.visitor, { ...prepared, ...more })
    throw new Error('power cut')
  })
  await expect(work).rejects.toThrow('power cut')
  expect(await users()).toHaveLength(0)
})
