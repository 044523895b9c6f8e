import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { issueSetUpLink } from '#features/accounts/set-up/commands.ts'
import { requireSetUpLink } from '#features/accounts/set-up/queries.ts'
import type { Ctx } from '#platform/ctx.ts'
import { memoryRateLimiter } from '#platform/rate-limit.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { refusal } from '#test/refusal.ts'
import { createUser, setUp, signUp } from './onboarding.ts'

let test: TestContext
beforeAll(async () => {
  test = await testContext()
})
afterAll(() => test.close())
beforeEach(async () => {
  await test.database.db.deleteFrom('users').execute()
  await test.database.db.deleteFrom('instance_settings').execute()
})

const person = (username: string, more: object = {}) => ({
  name: 'Ada Lovelace',
  email: `${username}@example.org`,
  username,
  password: 'quiet otter 42',
  timeZone: 'Europe/Berlin',
  ...more,
})

const users = () => test.database.db.selectFrom('users').selectAll().orderBy('id').execute()

async function owner(): Promise<Ctx> {
  const token = await issueSetUpLink(test.database.db)
  const userId = await setUp(test.visitor, token ?? '', person('olivia'), 'de-DE')
  return test.as({ kind: 'user', userId, role: 'owner', via: 'session' })
}

describe('set-up', () => {
  it('makes the owner with hours in their zone, once', async () => {
    const token = await issueSetUpLink(test.database.db)
    const userId = await setUp(test.visitor, token ?? '', person('ada'), 'en-US,en;q=0.8')
    const [row] = await users()
    expect(row).toMatchObject({
      ...{ id: userId, email: 'ada@example.org', username: 'ada', role: 'owner', time_zone: 'Europe/Berlin' },
      ...{ hour_cycle: 'h12', week_start: 0, locale: 'en', default_schedule_id: expect.any(Number) },
    })
    expect(row?.password_hash).toMatch(/^\$argon2id\$/)
    expect(await refusal(setUp(test.visitor, token ?? '', person('eve'), null))).toBe('set_up_done')
    expect(await users()).toHaveLength(1)
  })

  it('takes the newest link only, and stores none', async () => {
    const older = await issueSetUpLink(test.database.db)
    const newer = await issueSetUpLink(test.database.db)
    const stored = await test.database.db.selectFrom('instance_settings').select('value').execute()
    expect(JSON.stringify(stored)).not.toContain(newer)
    expect(await refusal(requireSetUpLink(test.database.db, older ?? ''))).toBe('set_up_link_invalid')
    expect(await refusal(setUp(test.visitor, older ?? '', person('eve'), null))).toBe('set_up_link_invalid')
    expect(await refusal(setUp(test.visitor, 'x'.repeat(1e6), person('eve'), null))).toBe('set_up_link_invalid')
    expect(await refusal(setUp(test.visitor, '', person('eve'), null))).toBe('set_up_link_invalid')
    expect(await users()).toHaveLength(0)
    expect(await refusal(requireSetUpLink(test.database.db, newer ?? ''))).toBe('done')
  })

  it('gives the link back when the form was wrong', async () => {
    const token = await issueSetUpLink(test.database.db)
    expect(await refusal(setUp(test.visitor, token ?? '', person('settings'), null))).toBe(
      'invalid_input/username:username_reserved',
    )
    expect(await refusal(setUp(test.visitor, token ?? '', person('ada'), null))).toBe('done')
  })

  it('makes one owner of fifty at once', async () => {
    const token = await issueSetUpLink(test.database.db)
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, i) => refusal(setUp(test.visitor, token ?? '', person(`p${i}`), null))),
    )
    expect(all.filter((one) => one === 'done')).toHaveLength(1)
    expect(new Set(all)).toEqual(new Set(['done', 'set_up_done']))
    expect(await users()).toHaveLength(1)
    expect(await issueSetUpLink(test.database.db)).toBeNull()
  })
})

describe('sign-up', () => {
  it('waits for the set-up and can be closed', async () => {
    expect(await refusal(signUp(test.visitor, person('ada'), null))).toBe('not_set_up')
    await owner()
    const closed = { ...test.visitor, config: { ...test.visitor.config, signUp: false } }
    expect(await refusal(signUp(closed, person('ada'), null))).toBe('sign_up_closed')
    expect(await users()).toHaveLength(1)
  })

  it('makes a member, whatever else the body says', async () => {
    await owner()
    for (const [key, value] of Object.entries({
      role: 'owner',
      id: 1,
      userId: 1,
      password_hash: 'x',
      email_verified: 1,
    })) {
      expect(await refusal(signUp(test.visitor, person('eve', { [key]: value }), null))).toBe(
        'invalid_input/:field_unknown',
      )
    }
    await signUp(test.visitor, person('ada'), null)
    expect((await users()).map((row) => row.role)).toEqual(['owner', 'member'])
  })

  it('never touches an account that exists', async () => {
    await owner()
    await signUp(test.visitor, person('ada'), null)
    const before = await users()
    const again = (more: object) => refusal(signUp(test.visitor, person('eve', { name: 'Eve', ...more }), null))
    for (const email of ['ada@example.org', 'ADA@Example.Org', ' ada@example.org ', 'ａｄａ@example.org']) {
      expect(await again({ email })).toBe('email_taken/email:email_taken')
    }
    for (const username of ['ada', 'ADA', ' Ada', 'Ａda']) {
      expect(await again({ username })).toBe('username_taken/username:username_taken')
    }
    expect(await users()).toEqual(before)
  })

  it('makes one account of fifty at once with one mail in different cases', async () => {
    await owner()
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, i) => {
        const email = [...'somebody'].map((c, at) => ((i >> (at % 6)) & 1 ? c.toUpperCase() : c)).join('')
        return refusal(signUp(test.visitor, person(`p${i}`, { email: `${email}@example.org` }), null))
      }),
    )
    expect(all.filter((one) => one === 'done')).toHaveLength(1)
    expect(await users()).toHaveLength(2)
  })

  it.each([
    ['a million letters', { name: 'x'.repeat(1e6) }, 'name:field_too_long'],
    ['a header in the name', { name: 'Ada\r\nBcc: eve@example.org' }, 'name:field_unreadable'],
    ['a header in the mail', { email: 'ada@example.org\r\nBcc: eve@example.org' }, 'email:email_invalid'],
    ['an invisible name', { name: '\u200b\u200b' }, 'name:field_unreadable'],
    ['invisible letters in the mail', { email: 'a\u200bda@example.org' }, 'email:email_invalid'],
    ['dots', { username: '..' }, 'username:username_invalid'],
    ['a path', { username: 'a/../b' }, 'username:username_invalid'],
    ['look-alikes', { username: 'аdа' }, 'username:username_invalid'],
    ['a page of ours', { username: 'Settings' }, 'username:username_reserved'],
    ['a list', { username: ['ada'] }, 'username:field_invalid'],
    ['a file', { name: new File(['x'], 'x') }, 'name:field_invalid'],
    ['a number', { email: 5 }, 'email:field_invalid'],
    ['nothing', { password: undefined }, 'password:field_required'],
    ['an easy password', { password: 'Password123' }, 'password:password_common'],
    ['a short password', { password: 'short' }, 'password:password_too_short'],
    ['an endless password', { password: 'ab1-'.repeat(250_000) }, 'password:password_too_long'],
    ['its own name', { password: 'surely-eve-123', email: 'eve@example.org' }, 'password:password_contains_mail'],
  ])('refuses %s', async (_, more, problem) => {
    await owner()
    expect(await refusal(signUp(test.visitor, person('ada', more), null))).toBe(`invalid_input/${problem}`)
    expect(await users()).toHaveLength(1)
  })

  it('starts in UTC where the zone of the browser is not one', async () => {
    await owner()
    await signUp(test.visitor, person('ada', { timeZone: '../../etc/passwd' }), null)
    expect((await users()).at(-1)?.time_zone).toBe('UTC')
  })

  it('is limited by client', async () => {
    await owner()
    const limited = { ...test.visitor, rateLimiter: memoryRateLimiter(true) }
    const all: string[] = []
    for (let i = 0; i < 21; i++) all.push(await refusal(signUp(limited, person('settings'), null)))
    expect(all.slice(0, 20).every((one) => one.startsWith('invalid_input'))).toBe(true)
    expect(all.at(-1)).toBe('rate_limited')
  })
})

describe('createUser', () => {
  const create = (username: string, wanted: 'admin' | 'member') =>
    createUser(test.as({ kind: 'system' }), person(username), wanted, async (_, { role }) => role)

  it('gives the instance to the first', async () => {
    expect([await create('ada', 'member'), await create('bea', 'member'), await create('cleo', 'admin')]).toEqual([
      'owner',
      'member',
      'admin',
    ])
  })

  it('makes one owner of ten at once, set-up link included', async () => {
    const token = await issueSetUpLink(test.database.db)
    const roles = await Promise.all([
      ...Array.from({ length: 9 }, (_, i) => create(`p${i}`, 'admin')),
      refusal(setUp(test.visitor, token ?? '', person('ada'), null)),
    ])
    expect(roles.filter((role) => role === 'owner' || role === 'done')).toHaveLength(1)
  })

  it('leaves nothing when what follows fails', async () => {
    const work = createUser(test.as({ kind: 'system' }), person('ada'), 'member', async () => {
      throw new Error('power cut')
    })
    await expect(work).rejects.toThrow('power cut')
    expect(await users()).toHaveLength(0)
  })
})
