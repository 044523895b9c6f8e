import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { memoryRateLimiter } from '#platform/rate-limit.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { unsentMail } from '#test/mails.ts'
import { refusal } from '#test/refusal.ts'
import { changePassword, createAccount, prepareAccount, signIn } from '../commands.ts'
import { linkBehind, tokenOf } from '../links/queries.ts'
import { sessionByToken } from '../sessions/queries.ts'
import { askForPasswordReset, resetPassword, setPassword } from './commands.ts'

const PASSWORD = 'quiet otter 42'
const ANOTHER = 'louder badger 43'
const EMAIL = 'olivia@example.org'

let test: TestContext
let olivia: Ctx
beforeAll(async () => {
  test = await testContext({ mail: unsentMail })
})
afterAll(() => test.close())
beforeEach(async () => {
  await test.database.db.deleteFrom('account_links').execute()
  await test.database.db.deleteFrom('users').execute()
  const person = { name: 'Olivia', email: EMAIL, username: 'olivia', password: PASSWORD, timeZone: 'UTC' }
  const more = { role: 'owner', locale: 'en', hourCycle: 'h23', weekStart: 1 } as const
  const prepared = await prepareAccount(person)
  const userId = await test.database.db
    .transaction()
    .execute((tx) => createAccount(tx, test.visitor, { ...prepared, ...more }))
  olivia = test.as({ kind: 'user', userId, role: 'owner', via: 'session' })
})

const links = () => test.database.db.selectFrom('account_links').selectAll().orderBy('id').execute()
const deliveries = () =>
  test.database.db.selectFrom('deliveries').where('topic', '=', 'account_link').select('subject').execute()

/** The token in the mail that comes of asking. */
async function askedToken(email = EMAIL): Promise<string> {
  await askForPasswordReset(test.visitor, { email })
  return tokenOf(test.visitor, (await links()).at(-1)?.id ?? '')
}
const reset = (token: string, newPassword = ANOTHER) => resetPassword(test.visitor, token, { newPassword })
const mayEnter = (password: string) => refusal(signIn(test.visitor, { email: EMAIL, password }))

describe('asking for a new password', () => {
  it('does the same for known and unknown addresses, whatever case they are in', async () => {
    const steps = async (email: string) => {
      const before = test.database.count.statements
      await askForPasswordReset(test.visitor, { email })
      return test.database.count.statements - before
    }
    const planned = (await deliveries()).length
    const all = [await steps(EMAIL), await steps('OLIVIA@Example.org'), await steps('nobody@example.org')]
    expect(new Set(all).size).toBe(1)
    expect((await deliveries()).length - planned).toBe(3)
    expect((await links()).map(({ user_id }) => user_id)).toEqual([
      userScope(olivia).userId,
      userScope(olivia).userId,
      null,
    ])
  })

  it('keeps the hash of the token alone', async () => {
    const token = await askedToken()
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(JSON.stringify(await links())).not.toContain(token)
    expect(JSON.stringify(await deliveries())).not.toContain(token)
  })

  it('is limited by address and by client, alike whether or not anybody has the address', async () => {
    for (const email of [EMAIL, 'nobody@example.org']) {
      const limited = { ...test.visitor, rateLimiter: memoryRateLimiter(true) }
      const from = (i: number) => ({ ...limited, clientAddress: `192.0.2.${i}` })
      for (let i = 0; i < 3; i++) await askForPasswordReset(from(i), { email })
      expect(await refusal(askForPasswordReset(from(9), { email: email.toUpperCase() }))).toBe('rate_limited')
    }
    const client = { ...test.visitor, rateLimiter: memoryRateLimiter(true) }
    for (let i = 0; i < 10; i++) await askForPasswordReset(client, { email: `p${i}@example.org` })
    expect(await refusal(askForPasswordReset(client, { email: EMAIL }))).toBe('rate_limited')
  })

  it('does nothing when attempts cannot be counted, or no mail can be sent', async () => {
    const down = { consume: () => Promise.reject(new Error('store down')), reset: () => Promise.resolve() }
    await expect(askForPasswordReset({ ...test.visitor, rateLimiter: down }, { email: EMAIL })).rejects.toThrow('down')
    const mute = { ...test.visitor, mail: { ...unsentMail, configured: false } }
    expect(await refusal(askForPasswordReset(mute, { email: EMAIL }))).toBe('mail_unavailable')
    expect(await links()).toEqual([])
  })

  it.each([[{}], [{ email: 'x' }], [{ email: EMAIL, userId: 1 }], [{ email: [EMAIL] }], [null]])(
    'refuses %j',
    async (input) => {
      expect(await refusal(askForPasswordReset(test.visitor, input))).toMatch(/^invalid_input/)
    },
  )
})

describe('a link to choose a new password', () => {
  it('sets it once, signs every device out and ends every other link', async () => {
    const { token: session } = await signIn(test.visitor, { email: EMAIL, password: PASSWORD })
    const [former, token] = [await askedToken(), await askedToken()]
    await reset(token)
    expect(await sessionByToken(test.services, session)).toBeNull()
    expect(await mayEnter(PASSWORD)).toBe('wrong_credentials')
    expect(await mayEnter(ANOTHER)).toBe('done')
    expect(await refusal(reset(token))).toBe('account_link_invalid')
    expect(await refusal(reset(former))).toBe('account_link_invalid')
    expect(await links()).toEqual([])
    const noted = await test.database.db
      .selectFrom('events')
      .where('name', '=', 'account.password_reset')
      .where('owner_id', '=', userScope(olivia).userId)
      .select(['payload', 'actor_kind'])
      .execute()
    expect(noted).toEqual([{ payload: { userId: userScope(olivia).userId }, actor_kind: 'user' }])
  })

  it('is one person’s, of fifty at the same time', async () => {
    const token = await askedToken()
    const all = await Promise.allSettled(Array.from({ length: 50 }, (_, i) => reset(token, `louder badger ${i + 100}`)))
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('is not used up by looking at it, nor by a password that may not be chosen', async () => {
    const token = await askedToken()
    for (let i = 0; i < 3; i++) expect(await linkBehind(test.visitor, 'password_reset', token)).not.toBeNull()
    expect(await refusal(reset(token, 'short'))).toBe('invalid_input/newPassword:password_too_short')
    expect(await refusal(reset(token, 'olivia olivia'))).toBe('invalid_input/newPassword:password_contains_mail')
    await reset(token)
  })

  it('ends after half an hour', async () => {
    const token = await askedToken()
    test.clock.add({ minutes: 30 })
    expect(await linkBehind(test.visitor, 'password_reset', token)).toBeNull()
    expect(await refusal(reset(token))).toBe('account_link_invalid')
    expect(await mayEnter(PASSWORD)).toBe('done')
  })

  it('ends with a password that is changed in the settings', async () => {
    const token = await askedToken()
    const change = { currentPassword: PASSWORD, newPassword: ANOTHER }
    await changePassword(olivia, change, '01900000-0000-7000-8000-000000000000')
    expect(await refusal(reset(token))).toBe('account_link_invalid')
  })

  it('of nobody opens nothing, and neither does any other text', async () => {
    const token = await askedToken('nobody@example.org')
    for (const one of [token, '', 'x'.repeat(43), "' or true --"])
      expect(await refusal(reset(one))).toBe('account_link_invalid')
  })

  it('does not open an account again that is being deleted', async () => {
    const token = await askedToken()
    const { userId } = userScope(olivia)
    const now = test.clock.now()
    await test.database.db
      .insertInto('account_deletions')
      .values({ user_id: userId, waits_for: [], requested_at: now, wait_until: now })
      .execute()
    expect(await refusal(reset(token))).toBe('account_link_invalid')
    expect(await refusal(setPassword(test.as({ kind: 'system' }), { username: 'olivia', password: ANOTHER }))).toBe(
      'account_not_found',
    )
    await test.database.db.deleteFrom('account_deletions').execute()
  })

  it('cannot be guessed at without end', async () => {
    const limited = { ...test.visitor, rateLimiter: memoryRateLimiter(true) }
    const tries = Array.from({ length: 31 }, () => resetPassword(limited, 'x'.repeat(43), { newPassword: ANOTHER }))
    const codes = await Promise.all(tries.map(refusal))
    expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(1)
  })
})

it('whoever runs the installation sets a password without a mail', async () => {
  const system = test.as({ kind: 'system' })
  const { token: session } = await signIn(test.visitor, { email: EMAIL, password: PASSWORD })
  const token = await askedToken()
  await setPassword(system, { username: 'olivia', password: ANOTHER })
  expect(await sessionByToken(test.services, session)).toBeNull()
  expect(await refusal(reset(token))).toBe('account_link_invalid')
  expect(await mayEnter(ANOTHER)).toBe('done')
  expect(await refusal(setPassword(system, { username: 'nobody', password: ANOTHER }))).toBe('account_not_found')
  expect(await refusal(setPassword(system, { username: 'olivia', password: 'short' }))).toMatch('password_too_short')
})
