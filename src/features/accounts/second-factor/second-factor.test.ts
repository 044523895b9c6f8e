import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { memoryRateLimiter } from '#platform/rate-limit.ts'
import { userScope } from '#platform/scope.ts'
import { totpCode } from '#platform/totp.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { refusal } from '#test/refusal.ts'
import { issueApiKey } from '../api-keys/commands.ts'
import { accountByApiKey } from '../api-keys/queries.ts'
import { changePassword, createAccount, prepareAccount, signIn } from '../commands.ts'
import { mailLink } from '../links/commands.ts'
import { tokenOf } from '../links/queries.ts'
import { resetPassword, setPassword } from '../password-reset/commands.ts'
import { startSession } from '../sessions/commands.ts'
import { sessionByToken } from '../sessions/queries.ts'
import {
  beginSecondFactor,
  disableSecondFactor,
  enableSecondFactor,
  finishSignIn,
  renewBackupCodes,
} from './commands.ts'
import { openSetUp, ownSecondFactor, shownSetUp } from './queries.ts'

const PASSWORD = 'quiet otter 42'
const EMAIL = 'olivia@example.org'
const HERE = '01900000-0000-7000-8000-000000000000'
const WRONG = 'code_wrong/code:code_wrong'

let test: TestContext
let olivia: Ctx
beforeAll(async () => {
  test = await testContext()
})
afterAll(() => test.close())
beforeEach(async () => {
  await test.database.db.deleteFrom('users').execute()
  olivia = await account('olivia')
})

async function account(username: string): Promise<Ctx> {
  const more = { role: 'member', locale: 'en', hourCycle: 'h23', weekStart: 1 } as const
  const email = `${username}@example.org`
  const prepared = await prepareAccount({ name: username, email, username, password: PASSWORD, timeZone: 'UTC' })
  const userId = await test.database.db
    .transaction()
    .execute((tx) => createAccount(tx, test.visitor, { ...prepared, ...more }))
  return test.as({ kind: 'user', userId, role: 'member', via: 'session' })
}

/** The code of an app that was given `secret`, in a span of 30 seconds that was not used yet. */
function nextCode(secret: string): string {
  test.clock.add({ seconds: 30 })
  return totpCode(secret, test.clock.now().epochMilliseconds)
}

async function enable(ctx = olivia): Promise<{ secret: string; codes: string[] }> {
  const sealed = await beginSecondFactor(ctx, { password: PASSWORD })
  const secret = openSetUp(ctx, sealed) ?? ''
  return { secret, codes: await enableSecondFactor(ctx, { sealed, code: nextCode(secret) }, HERE) }
}

async function firstStep(password = PASSWORD): Promise<string> {
  const { token, next } = await signIn(test.visitor, { email: EMAIL, password })
  expect(next).toBe('second_step')
  return token
}
const secondStep = async (code: string, ctx = test.visitor) => finishSignIn(ctx, await firstStep(), { code })
const factor = () => ownSecondFactor(userScope(olivia), olivia.db)

describe('turning the second step on', () => {
  it('takes the password and a code, and stores nothing before', async () => {
    expect(await refusal(beginSecondFactor(olivia, { password: 'wrong password' }))).toMatch('current_password_wrong')
    const sealed = await beginSecondFactor(olivia, { password: PASSWORD })
    expect(await refusal(enableSecondFactor(olivia, { sealed, code: '000000' }, HERE))).toBe(WRONG)
    expect(await factor()).toBeNull()
    const { secret = '', qr } = shownSetUp(olivia, sealed, EMAIL) ?? {}
    expect(qr?.path).toMatch(/^M\d+ \d+h1v1h-1z/)
    const codes = await enableSecondFactor(olivia, { sealed, code: nextCode(secret) }, HERE)
    expect(new Set(codes).size).toBe(10)
    for (const code of codes) expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{5}$/)
    expect(await factor()).toMatchObject({ backupCodes: 10 })
    expect(await refusal(beginSecondFactor(olivia, { password: PASSWORD }))).toBe('second_factor_on')
    expect(await refusal(enableSecondFactor(olivia, { sealed, code: nextCode(secret) }, HERE))).toBe('second_factor_on')
  })

  it('keeps neither secret nor codes in a form that can be read', async () => {
    const { secret, codes } = await enable()
    const stored = await Promise.all([
      test.database.db.selectFrom('second_factors').selectAll().execute(),
      test.database.db.selectFrom('backup_codes').selectAll().execute(),
    ])
    for (const plain of [secret, ...codes, ...codes.map((code) => code.replace('-', ''))])
      expect(JSON.stringify(stored)).not.toContain(plain)
  })

  it('signs other devices out and ends links; keys work on', async () => {
    const { userId } = userScope(olivia)
    const session = await startSession(test.visitor, userId)
    const key = await test.database.db
      .transaction()
      .execute((tx) => issueApiKey(tx, olivia, { userId, label: 'Program', expires: 'never' }))
    await test.database.db
      .transaction()
      .execute((tx) => mailLink(tx, olivia, { kind: 'password_reset', userId, email: EMAIL }))
    const link = await test.database.db.selectFrom('account_links').select('id').executeTakeFirstOrThrow()
    await enable()
    expect(await sessionByToken(test.services, session)).toBeNull()
    expect(await refusal(resetPassword(test.visitor, tokenOf(olivia, link.id), { newPassword: 'louder badger' }))).toBe(
      'account_link_invalid',
    )
    expect(await accountByApiKey(test.services, key)).not.toBeNull()
  })

  it('is for the one who began, in a session, and not for ever', async () => {
    const sealed = await beginSecondFactor(olivia, { password: PASSWORD })
    const secret = openSetUp(olivia, sealed) ?? ''
    const bob = await account('bob')
    expect(openSetUp(bob, sealed)).toBeNull()
    const give = (ctx: Ctx, text = sealed) =>
      refusal(enableSecondFactor(ctx, { sealed: text, code: nextCode(secret) }, HERE))
    expect(await give(bob)).toBe('second_factor_late')
    expect(await give(olivia, `${sealed}x`)).toBe('second_factor_late')
    const key = test.as({ kind: 'user', userId: userScope(olivia).userId, role: 'member', via: 'api_key' })
    expect(await give(key)).toBe('needs_session')
    expect(await refusal(beginSecondFactor(key, { password: PASSWORD }))).toBe('needs_session')
    test.clock.add({ minutes: 15 })
    expect(await give(olivia)).toBe('second_factor_late')
  })
})

describe('signing in with a second step', () => {
  it('takes both, in that order', async () => {
    const { secret } = await enable()
    const token = await firstStep()
    expect(await sessionByToken(test.services, token)).toBeNull()
    const session = await finishSignIn(test.visitor, token, { code: nextCode(secret) })
    expect((await sessionByToken(test.services, session))?.account.id).toBe(userScope(olivia).userId)
    expect(await refusal(finishSignIn(test.visitor, token, { code: nextCode(secret) }))).toBe('sign_in_anew')
  })

  it('lets nobody in with a wrong password, whatever else they have', async () => {
    const { secret, codes } = await enable()
    const seconds = ['', '000000', nextCode(secret), codes[0] ?? '', `${PASSWORD} ${nextCode(secret)}`]
    for (const code of seconds) {
      for (const password of ['wrong password', code || 'x', ' ']) {
        const attempt = signIn(test.visitor, { email: EMAIL, password })
        expect(await refusal(attempt)).toBe('wrong_credentials')
      }
      const smuggled = signIn(test.visitor, { email: EMAIL, password: 'wrong password', code })
      expect(await refusal(smuggled)).toMatch('invalid_input')
      for (const token of ['', 'x'.repeat(43)])
        expect(await refusal(finishSignIn(test.visitor, token, { code: code || '1' }))).toBe('sign_in_anew')
    }
  })

  it('takes no code twice: of fifty at once one gets in', async () => {
    const { secret, codes } = await enable()
    for (const code of [nextCode(secret), codes[0] ?? '']) {
      const tokens = await Promise.all(Array.from({ length: 50 }, () => firstStep()))
      const all = await Promise.all(tokens.map((token) => refusal(finishSignIn(test.visitor, token, { code }))))
      expect(all.filter((one) => one === 'done')).toHaveLength(1)
      expect(new Set(all)).toEqual(new Set(['done', WRONG]))
    }
  })

  it('takes no code of an earlier span once a later one was used', async () => {
    const { secret } = await enable()
    const earlier = nextCode(secret)
    await secondStep(nextCode(secret))
    expect(await refusal(secondStep(earlier))).toBe(WRONG)
  })

  it.each(['', '12345', 'zzzzz-zzzzz', '000000', "' or true --", 'x'.repeat(101)])('%j is no code', async (code) => {
    await enable()
    expect(['invalid_input', 'code_wrong']).toContain((await refusal(secondStep(code))).split('/')[0])
  })

  it('takes each backup code once, however it is written, and says so in the log', async () => {
    const { codes } = await enable()
    await secondStep(` ${(codes[0] ?? '').toUpperCase().replace('-', ' ')} `)
    expect(await refusal(secondStep(codes[0] ?? ''))).toBe(WRONG)
    expect(await factor()).toMatchObject({ backupCodes: 9 })
    const used = await test.database.db
      .selectFrom('events')
      .where('name', '=', 'account.backup_code_used')
      .where('owner_id', '=', userScope(olivia).userId)
      .select('name')
      .execute()
    expect(used).toHaveLength(1)
  })

  it('takes nobody else’s codes', async () => {
    const { codes } = await enable()
    const bob = await enable(await account('bob'))
    expect(await refusal(secondStep(bob.codes[0] ?? ''))).toBe(WRONG)
    expect(await refusal(secondStep(nextCode(bob.secret)))).toBe(WRONG)
    await secondStep(codes[0] ?? '')
  })

  it('is limited by account, however often the first step is taken anew, and by client', async () => {
    const { secret } = await enable()
    const limited = { ...test.visitor, rateLimiter: memoryRateLimiter(true) }
    const from = (i: number) => ({ ...limited, clientAddress: `192.0.2.${i}` })
    for (let i = 0; i < 10; i++) expect(await refusal(secondStep('000000', from(i)))).toBe(WRONG)
    expect(await refusal(secondStep(nextCode(secret), from(11)))).toBe('rate_limited')
    const client = { ...test.visitor, rateLimiter: memoryRateLimiter(true) }
    const tries = Array.from({ length: 61 }, () => refusal(finishSignIn(client, 'x'.repeat(43), { code: '000000' })))
    expect((await Promise.all(tries)).filter((code) => code === 'rate_limited')).toHaveLength(1)
  })

  it('lets nobody in when tries cannot be counted', async () => {
    const { secret } = await enable()
    const down = { consume: () => Promise.reject(new Error('store down')), reset: () => Promise.resolve() }
    const attempt = secondStep(nextCode(secret), { ...test.visitor, rateLimiter: down })
    await expect(attempt).rejects.toThrow('store down')
  })

  it('begins anew after ten minutes, or when the password changed meanwhile', async () => {
    const { secret } = await enable()
    const [late, changed] = [await firstStep(), await firstStep()]
    await changePassword(olivia, { currentPassword: PASSWORD, newPassword: 'louder badger 43' }, HERE)
    expect(await refusal(finishSignIn(test.visitor, changed, { code: nextCode(secret) }))).toBe('sign_in_anew')
    test.clock.add({ minutes: 10 })
    expect(await refusal(finishSignIn(test.visitor, late, { code: nextCode(secret) }))).toBe('sign_in_anew')
  })

  it('is still asked for after the password was chosen by a mailed link', async () => {
    const { secret } = await enable()
    const { userId } = userScope(olivia)
    await test.database.db
      .transaction()
      .execute((tx) => mailLink(tx, olivia, { kind: 'password_reset', userId, email: EMAIL }))
    const link = await test.database.db.selectFrom('account_links').select('id').executeTakeFirstOrThrow()
    await resetPassword(test.visitor, tokenOf(olivia, link.id), { newPassword: 'louder badger 43' })
    await finishSignIn(test.visitor, await firstStep('louder badger 43'), { code: nextCode(secret) })
  })
})

describe('looking after the second step', () => {
  it('is turned off with password and code', async () => {
    const { secret } = await enable()
    expect(await refusal(disableSecondFactor(olivia, { password: 'x', code: nextCode(secret) }))).toMatch('password')
    expect(await refusal(disableSecondFactor(olivia, { password: PASSWORD, code: '000000' }))).toBe(WRONG)
    expect(await refusal(disableSecondFactor(olivia, { password: PASSWORD, code: '' }))).toMatch('invalid_input')
    const key = test.as({ kind: 'user', userId: userScope(olivia).userId, role: 'member', via: 'api_key' })
    const right = { password: PASSWORD, code: nextCode(secret) }
    expect(await refusal(disableSecondFactor(key, right))).toBe('needs_session')
    await disableSecondFactor(olivia, right)
    expect(await factor()).toBeNull()
    expect(await signIn(test.visitor, { email: EMAIL, password: PASSWORD })).toMatchObject({ next: 'in' })
    expect(await refusal(disableSecondFactor(olivia, right))).toBe(WRONG)
  })

  it('has new backup codes made, and those of before end', async () => {
    const { secret, codes } = await enable()
    const fresh = await renewBackupCodes(olivia, { password: PASSWORD, code: nextCode(secret) })
    expect(await refusal(secondStep(codes[0] ?? ''))).toBe(WRONG)
    await secondStep(fresh[0] ?? '')
  })

  it('is ended by whoever runs the installation, if asked', async () => {
    await enable()
    const system = test.as({ kind: 'system' })
    await setPassword(system, { username: 'olivia', password: 'louder badger 43' })
    await firstStep('louder badger 43')
    await setPassword(system, { username: 'olivia', password: 'louder badger 44', withoutSecondFactor: true })
    expect(await signIn(test.visitor, { email: EMAIL, password: 'louder badger 44' })).toMatchObject({ next: 'in' })
  })
})
