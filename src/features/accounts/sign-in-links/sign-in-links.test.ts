import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import type { MailTransport } from '#platform/mail/transport.ts'
import { memoryRateLimiter } from '#platform/rate-limit.ts'
import { userScope } from '#platform/scope.ts'
import { totpCode } from '#platform/totp.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { refusal } from '#test/refusal.ts'
import { changePassword, createAccount, prepareAccount, signIn } from '../commands.ts'
import { linkBehind, tokenOf } from '../links/queries.ts'
import { resetPassword } from '../password-reset/commands.ts'
import { beginSecondFactor, enableSecondFactor, finishSignIn } from '../second-factor/commands.ts'
import { openSetUp } from '../second-factor/queries.ts'
import { sessionByToken } from '../sessions/queries.ts'
import { askForSignInLink, signInByLink } from './commands.ts'

const PASSWORD = 'quiet otter 42'
const ANOTHER = 'louder badger 43'
const EMAIL = 'olivia@example.org'
const HERE = '01900000-0000-7000-8000-000000000000'
const INVALID = 'account_link_invalid'

const mail: MailTransport = {
  configured: true,
  send: () => Promise.reject(new Error('no mail is sent here')),
  close: () => Promise.resolve(),
}

let test: TestContext
let olivia: Ctx
beforeAll(async () => {
  test = await testContext({ mail })
})
afterAll(() => test.close())
beforeEach(async () => {
  const { db } = test.database
  await db.deleteFrom('account_links').execute()
  await db.deleteFrom('users').execute()
  const person = { name: 'Olivia', email: EMAIL, username: 'olivia', password: PASSWORD, timeZone: 'UTC' }
  const more = { role: 'owner', locale: 'en', hourCycle: 'h23', weekStart: 1 } as const
  const prepared = await prepareAccount(person)
  const userId = await db.transaction().execute((tx) => createAccount(tx, test.visitor, { ...prepared, ...more }))
  await db.updateTable('users').set({ email_proven_at: test.clock.now() }).execute()
  olivia = test.as({ kind: 'user', userId, role: 'owner', via: 'session' })
})

const links = () => test.database.db.selectFrom('account_links').selectAll().orderBy('id').execute()

async function askedToken(email = EMAIL): Promise<string> {
  await askForSignInLink(test.visitor, { email })
  return tokenOf(test.visitor, (await links()).at(-1)?.id ?? '')
}
const enter = (token: string) => signInByLink(test.visitor, token)

describe('asking for a link', () => {
  it('does the same for known and unknown addresses, whatever case they are in', async () => {
    const steps = async (email: string) => {
      const before = test.database.count.statements
      await askForSignInLink(test.visitor, { email })
      return test.database.count.statements - before
    }
    const all = [await steps(EMAIL), await steps('OLIVIA@Example.org'), await steps('nobody@example.org')]
    expect(new Set(all).size).toBe(1)
    const { userId } = userScope(olivia)
    expect((await links()).map(({ user_id }) => user_id)).toEqual([userId, userId, null])
  })

  it('keeps the hash of the token alone', async () => {
    const token = await askedToken()
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(JSON.stringify(await links())).not.toContain(token)
  })

  it('is limited by address and by client, alike whether or not anybody has the address', async () => {
    for (const email of [EMAIL, 'nobody@example.org']) {
      const limited = { ...test.visitor, rateLimiter: memoryRateLimiter(true) }
      const from = (i: number) => ({ ...limited, clientAddress: `192.0.2.${i}` })
      for (let i = 0; i < 3; i++) await askForSignInLink(from(i), { email })
      expect(await refusal(askForSignInLink(from(9), { email: email.toUpperCase() }))).toBe('rate_limited')
    }
    const client = { ...test.visitor, rateLimiter: memoryRateLimiter(true) }
    for (let i = 0; i < 10; i++) await askForSignInLink(client, { email: `p${i}@example.org` })
    expect(await refusal(askForSignInLink(client, { email: EMAIL }))).toBe('rate_limited')
  })

  it('does nothing when it is switched off, cannot be counted, or no mail can be sent', async () => {
    const token = await askedToken()
    const before = await links()
    const off = { ...test.visitor, config: { ...test.visitor.config, signInLinks: false } }
    expect(await refusal(askForSignInLink(off, { email: EMAIL }))).toBe('sign_in_links_off')
    expect(await refusal(signInByLink(off, token))).toBe('sign_in_links_off')
    const down = { consume: () => Promise.reject(new Error('store down')), reset: () => Promise.resolve() }
    await expect(askForSignInLink({ ...test.visitor, rateLimiter: down }, { email: EMAIL })).rejects.toThrow('down')
    const mute = { ...test.visitor, mail: { ...mail, configured: false } }
    expect(await refusal(askForSignInLink(mute, { email: EMAIL }))).toBe('mail_unavailable')
    expect(await links()).toEqual(before)
  })

  it.each([[{}], [{ email: 'x' }], [{ email: EMAIL, userId: 1 }], [{ email: [EMAIL] }], [null]])(
    'refuses %j',
    async (input) => {
      expect(await refusal(askForSignInLink(test.visitor, input))).toMatch(/^invalid_input/)
    },
  )
})

describe('a link to sign in', () => {
  it('opens a session once, and is written down', async () => {
    const token = await askedToken()
    const { next, token: session } = await enter(token)
    expect(next).toBe('in')
    expect((await sessionByToken(test.services, session))?.account.email).toBe(EMAIL)
    expect(await refusal(enter(token))).toBe(INVALID)
    const noted = await test.database.db
      .selectFrom('events')
      .where('name', 'in', ['account.sign_in_link_used', 'session.started'])
      .where('owner_id', '=', userScope(olivia).userId)
      .orderBy('position')
      .select('name')
      .execute()
    expect(noted.map(({ name }) => name)).toEqual(['account.sign_in_link_used', 'session.started'])
  })

  it('is one person’s, of fifty at the same time', async () => {
    const token = await askedToken()
    const all = await Promise.allSettled(Array.from({ length: 50 }, () => enter(token)))
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await test.database.db.selectFrom('sessions').select('id').execute()).toHaveLength(1)
  })

  it('stands for the password alone: the second step is still asked for', async () => {
    const sealed = await beginSecondFactor(olivia, { password: PASSWORD })
    const code = () => {
      test.clock.add({ seconds: 30 })
      return totpCode(openSetUp(olivia, sealed) ?? '', test.clock.now().epochMilliseconds)
    }
    await enableSecondFactor(olivia, { sealed, code: code() }, HERE)
    const { next, token } = await enter(await askedToken())
    expect([next, await sessionByToken(test.services, token)]).toEqual(['second_step', null])
    expect(await refusal(finishSignIn(test.visitor, token, { code: '000000' }))).toMatch('code_wrong')
    const session = await finishSignIn(test.visitor, token, { code: code() })
    expect(await sessionByToken(test.services, session)).not.toBeNull()
  })

  it('leads to a new password where the address was never proven, and whoever made the account is out', async () => {
    const { db } = test.database
    await db.updateTable('users').set({ email_proven_at: null }).execute()
    const { token: stranger } = await signIn(test.visitor, { email: EMAIL, password: PASSWORD })
    const { next, token } = await enter(await askedToken())
    expect([next, await sessionByToken(test.services, token)]).toEqual(['new_password', null])
    await resetPassword(test.visitor, token, { newPassword: ANOTHER })
    expect(await sessionByToken(test.services, stranger)).toBeNull()
    expect(await refusal(signIn(test.visitor, { email: EMAIL, password: PASSWORD }))).toBe('wrong_credentials')
  })

  it.each([
    ['a while', async () => void test.clock.add({ minutes: 15 })],
    ['a new password', () => changePassword(olivia, { currentPassword: PASSWORD, newPassword: ANOTHER }, HERE)],
    ['another address', () => test.database.db.updateTable('users').set({ email: 'other@example.org' }).execute()],
    [
      'the account was closed',
      async () => {
        const now = test.clock.now()
        const row = { user_id: userScope(olivia).userId, waits_for: [], requested_at: now, wait_until: now }
        await test.database.db.insertInto('account_deletions').values(row).execute()
      },
    ],
  ])('ends with %s', async (_, happen) => {
    const token = await askedToken()
    await happen()
    expect(await refusal(enter(token))).toBe(INVALID)
    expect(await test.database.db.selectFrom('sessions').select('id').execute()).toEqual([])
  })

  it('is no other kind of link, and no other kind is one', async () => {
    const token = await askedToken()
    expect(await linkBehind(test.visitor, 'password_reset', token)).toBeNull()
    expect(await refusal(resetPassword(test.visitor, token, { newPassword: ANOTHER }))).toBe(INVALID)
    expect(await refusal(finishSignIn(test.visitor, token, { code: '123456' }))).toBe('sign_in_anew')
    for (const other of ['', 'x', 'a'.repeat(43)]) expect(await refusal(enter(other))).toBe(INVALID)
    expect((await enter(token)).next).toBe('in')
  })
})
