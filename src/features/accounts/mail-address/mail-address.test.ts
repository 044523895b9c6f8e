import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { memoryRateLimiter } from '#platform/rate-limit.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { unsentMail } from '#test/mails.ts'
import { refusal } from '#test/refusal.ts'
import { issueApiKey } from '../api-keys/commands.ts'
import { accountByApiKey } from '../api-keys/queries.ts'
import { createAccount, prepareAccount, signIn } from '../commands.ts'
import { tokenOf } from '../links/queries.ts'
import type { LinkKind } from '../links/types.ts'
import { askForPasswordReset, resetPassword } from '../password-reset/commands.ts'
import { ownAccount } from '../queries.ts'
import { sessionByToken } from '../sessions/queries.ts'
import { addEmail } from '../verified-emails/commands.ts'
import { askForAddressChange, askForAddressProof, confirmAddress, returnAddress } from './commands.ts'
import { addressLink } from './queries.ts'

const PASSWORD = 'quiet otter 42'
const HERE = '01900000-0000-7000-8000-000000000000'

let test: TestContext
let olivia: Ctx
let bob: Ctx
beforeAll(async () => {
  test = await testContext({ mail: unsentMail })
})
afterAll(() => test.close())
beforeEach(async () => {
  await test.database.db.deleteFrom('users').execute()
  await test.database.db.deleteFrom('account_links').execute()
  olivia = await account('olivia')
  bob = await account('bob')
})

async function account(username: string, email = `${username}@example.org`): Promise<Ctx> {
  const more = { role: 'member', locale: 'en', hourCycle: 'h23', weekStart: 1 } as const
  const prepared = await prepareAccount({ name: username, email, username, password: PASSWORD, timeZone: 'UTC' })
  const userId = await test.database.db
    .transaction()
    .execute((tx) => createAccount(tx, test.visitor, { ...prepared, ...more }))
  return test.as({ kind: 'user', userId, role: 'member', via: 'session' })
}

const links = (kind: LinkKind) =>
  test.database.db.selectFrom('account_links').where('kind', '=', kind).selectAll().orderBy('id').execute()
const tokenFor = async (kind: LinkKind) => tokenOf(test.visitor, (await links(kind)).at(-1)?.id ?? '')
const emailOf = async (ctx: Ctx) => (await ownAccount(userScope(ctx), ctx.db)).email
const enter = async (email: string, password = PASSWORD) => (await signIn(test.visitor, { email, password })).token

async function askedToken(email: string, ctx = olivia): Promise<string> {
  await askForAddressChange(ctx, { email, password: PASSWORD })
  return tokenFor('address_change')
}
async function change(email: string, ctx = olivia): Promise<void> {
  await confirmAddress(ctx, await askedToken(email, ctx), HERE)
}

describe('another mail address', () => {
  it('counts when it is proven, and not before', async () => {
    const token = await askedToken('  Olivia.New@Example.org ')
    expect(await emailOf(olivia)).toBe('olivia@example.org')
    expect(await addressLink(userScope(olivia), olivia, token)).toEqual({
      kind: 'address_change',
      email: 'olivia.new@example.org',
    })
    expect(await emailOf(olivia)).toBe('olivia@example.org')
    expect(await confirmAddress(olivia, token, HERE)).toBe('address_change')
    expect(await ownAccount(userScope(olivia), olivia.db)).toMatchObject({
      email: 'olivia.new@example.org',
      emailProven: true,
    })
    expect(await refusal(enter('olivia@example.org'))).toBe('wrong_credentials')
    expect(await refusal(enter('OLIVIA.NEW@example.org'))).toBe('done')
  })

  it('is asked for with the password, in a session, and not without end', async () => {
    const wish = { email: 'new@example.org', password: PASSWORD }
    expect(await refusal(askForAddressChange(olivia, { ...wish, password: 'x' }))).toMatch('current_password_wrong')
    expect(await refusal(askForAddressChange(olivia, { ...wish, email: 'OLIVIA@example.org' }))).toMatch('unchanged')
    expect(await refusal(askForAddressChange(olivia, { ...wish, userId: 1 }))).toMatch('invalid_input')
    const key = test.as({ kind: 'user', userId: userScope(olivia).userId, role: 'member', via: 'api_key' })
    expect(await refusal(askForAddressChange(key, wish))).toBe('needs_session')
    expect(await refusal(askForAddressChange(test.visitor, wish))).toBe('sign_in_required')
    const mute = { ...olivia, mail: { ...unsentMail, configured: false } }
    expect(await refusal(askForAddressChange(mute, wish))).toBe('mail_unavailable')
    expect(await links('address_change')).toEqual([])
    const limited = { ...olivia, rateLimiter: memoryRateLimiter(true) }
    for (let i = 0; i < 3; i++) await askForAddressChange(limited, wish)
    expect(await refusal(askForAddressChange(limited, wish))).toBe('rate_limited')
  })

  it('is proven by its own account alone, once', async () => {
    const token = await askedToken('new@example.org')
    expect(await addressLink(userScope(bob), bob, token)).toBeNull()
    expect(await refusal(confirmAddress(bob, token, HERE))).toBe('account_link_invalid')
    expect(await refusal(confirmAddress(test.visitor, token, HERE))).toBe('sign_in_required')
    const all = await Promise.all(Array.from({ length: 50 }, () => refusal(confirmAddress(olivia, token, HERE))))
    expect(all.filter((one) => one === 'done')).toHaveLength(1)
    expect(await links('address_return')).toHaveLength(1)
  })

  it('ends links of before: of two that were asked for the later one counts, and neither after an hour', async () => {
    const former = await askedToken('one@example.org')
    const later = await askedToken('two@example.org')
    expect(await refusal(confirmAddress(olivia, former, HERE))).toBe('account_link_invalid')
    test.clock.add({ minutes: 60 })
    expect(await refusal(confirmAddress(olivia, later, HERE))).toBe('account_link_invalid')
  })

  it('signs other devices out and ends links to choose a password', async () => {
    const [here, there] = [await enter('olivia@example.org'), await enter('olivia@example.org')]
    await askForPasswordReset(test.visitor, { email: 'olivia@example.org' })
    const reset = await tokenFor('password_reset')
    const id = (await sessionByToken(test.services, here))?.id ?? ''
    await confirmAddress(olivia, await askedToken('new@example.org'), id)
    expect(await sessionByToken(test.services, here)).not.toBeNull()
    expect(await sessionByToken(test.services, there)).toBeNull()
    expect(await refusal(resetPassword(test.visitor, reset, { newPassword: 'louder badger 43' }))).toBe(
      'account_link_invalid',
    )
  })

  it('cannot be that of another account, whatever case it is in, and nobody is told before', async () => {
    const token = await askedToken('BOB@example.org')
    expect(await refusal(confirmAddress(olivia, token, HERE))).toBe('email_taken/email:email_taken')
    expect([await emailOf(olivia), await emailOf(bob)]).toEqual(['olivia@example.org', 'bob@example.org'])
  })

  it('is one account’s when two want it at the same time', async () => {
    const tokens = [await askedToken('both@example.org', olivia), await askedToken('both@example.org', bob)]
    const all = await Promise.all([olivia, bob].map((ctx, i) => refusal(confirmAddress(ctx, tokens[i] ?? '', HERE))))
    expect(all.sort()).toEqual(['done', 'email_taken/email:email_taken'])
  })
})

describe('the way back to the former address', () => {
  it('takes the account back from whoever changed it', async () => {
    const key = await test.database.db
      .transaction()
      .execute((tx) =>
        issueApiKey(tx, olivia, { userId: userScope(olivia).userId, label: 'Planted', expires: 'never' }),
      )
    await change('thief@example.net')
    const back = await tokenFor('address_return')
    const session = await enter('thief@example.net')
    const reset = await returnAddress(test.visitor, back)
    expect(await emailOf(olivia)).toBe('olivia@example.org')
    expect(await sessionByToken(test.services, session)).toBeNull()
    expect(await accountByApiKey(test.services, key)).toBeNull()
    expect(await refusal(enter('olivia@example.org'))).toBe('wrong_credentials')
    await resetPassword(test.visitor, reset, { newPassword: 'louder badger 43' })
    expect(await refusal(enter('olivia@example.org', 'louder badger 43'))).toBe('done')
    expect(await refusal(returnAddress(test.visitor, back))).toBe('account_link_invalid')
  })

  it('takes further addresses that were proven since from the account, and leaves the others', async () => {
    const { userId } = userScope(olivia)
    const prove = (email: string) =>
      test.database.db
        .insertInto('verified_emails')
        .values({ user_id: userId, email, verified_at: test.clock.now() })
        .execute()
    await prove('own@example.org')
    test.clock.add({ minutes: 1 })
    await change('thief@example.net')
    const back = await tokenFor('address_return')
    test.clock.add({ minutes: 1 })
    await prove('other.thief@example.net')
    await addEmail(olivia, { email: 'third.thief@example.net' })
    await returnAddress(test.visitor, back)
    const left = await test.database.db.selectFrom('verified_emails').select('email').execute()
    expect(left).toEqual([{ email: 'own@example.org' }])
    expect(await test.database.db.selectFrom('email_proofs').select('email').execute()).toEqual([])
  })

  it('outlives further changes, which end with it, and ends after seven days', async () => {
    await change('thief@example.net')
    const first = await tokenFor('address_return')
    test.clock.add({ minutes: 1 })
    await change('thief@example.com')
    const second = await tokenFor('address_return')
    await returnAddress(test.visitor, first)
    expect(await refusal(returnAddress(test.visitor, second))).toBe('account_link_invalid')
    await change('bob.other@example.org', bob)
    const late = await tokenFor('address_return')
    test.clock.add({ hours: 7 * 24 })
    expect(await refusal(returnAddress(test.visitor, late))).toBe('account_link_invalid')
  })

  it('is not ended by whoever goes back a step later', async () => {
    await change('thief@example.net')
    const first = await tokenFor('address_return')
    test.clock.add({ minutes: 1 })
    await change('thief@example.com')
    await returnAddress(test.visitor, await tokenFor('address_return'))
    expect(await emailOf(olivia)).toBe('thief@example.net')
    await returnAddress(test.visitor, first)
    expect(await emailOf(olivia)).toBe('olivia@example.org')
  })

  it('is kept open: nobody else gets the address meanwhile', async () => {
    await change('new@example.org')
    expect(await refusal(account('other', 'olivia@example.org'))).toBe('email_taken/email:email_taken')
    const token = await askedToken('olivia@example.org', bob)
    expect(await refusal(confirmAddress(bob, token, HERE))).toBe('email_taken/email:email_taken')
    await change('olivia@example.org')
    expect(await emailOf(olivia)).toBe('olivia@example.org')
  })
})

describe('the address of a new account', () => {
  it('is not proven until somebody opens the link that went to it', async () => {
    expect(await ownAccount(userScope(olivia), olivia.db)).toMatchObject({ emailProven: false })
    await askForAddressProof(olivia)
    expect(await confirmAddress(olivia, await tokenFor('address_proof'), HERE)).toBe('address_proof')
    expect(await ownAccount(userScope(olivia), olivia.db)).toMatchObject({ emailProven: true })
    await askForAddressProof(olivia)
    expect(await links('address_proof')).toEqual([])
  })

  it('gives no proof of another address', async () => {
    await askForAddressProof(olivia)
    const token = await tokenFor('address_proof')
    await test.database.db
      .updateTable('users')
      .set({ email: 'moved@example.org' })
      .where('id', '=', userScope(olivia).userId)
      .execute()
    expect(await refusal(confirmAddress(olivia, token, HERE))).toBe('account_link_invalid')
  })

  it('that somebody else used to sign up is taken over with everything by who reads its mails', async () => {
    const issue = { userId: userScope(bob).userId, label: 'Planted', expires: 'never' as const }
    const key = await test.database.db.transaction().execute((tx) => issueApiKey(tx, bob, issue))
    const session = await enter('bob@example.org')
    await askForPasswordReset(test.visitor, { email: 'bob@example.org' })
    await resetPassword(test.visitor, await tokenFor('password_reset'), { newPassword: 'louder badger 43' })
    expect(await sessionByToken(test.services, session)).toBeNull()
    expect(await accountByApiKey(test.services, key)).toBeNull()
    expect(await ownAccount(userScope(bob), bob.db)).toMatchObject({ emailProven: true })
  })

  it('keeps its keys when a proven address chooses a password', async () => {
    await askForAddressProof(bob)
    await confirmAddress(bob, await tokenFor('address_proof'), HERE)
    const issue = { userId: userScope(bob).userId, label: 'Own', expires: 'never' as const }
    const key = await test.database.db.transaction().execute((tx) => issueApiKey(tx, bob, issue))
    await askForPasswordReset(test.visitor, { email: 'bob@example.org' })
    await resetPassword(test.visitor, await tokenFor('password_reset'), { newPassword: 'louder badger 43' })
    expect(await accountByApiKey(test.services, key)).not.toBeNull()
  })
})
