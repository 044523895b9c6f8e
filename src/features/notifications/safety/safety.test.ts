import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { deliver } from '#platform/deliveries.ts'
import type { Locale } from '#platform/i18n/locale.ts'
import { codeOf } from '#platform/mail/codes.ts'
import { totpCode } from '#platform/totp.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { type MailServer, type ReceivedMail, startMailServer } from '#test/mail-server.ts'
import { switchedMail } from '#test/mails.ts'
import { createApiKey } from '../../accounts/api-keys/commands.ts'
import { changePassword, createAccount, prepareAccount, signIn } from '../../accounts/commands.ts'
import { tokenOf } from '../../accounts/links/queries.ts'
import { askForAddressChange, confirmAddress } from '../../accounts/mail-address/commands.ts'
import { askForPasswordReset, resetPassword, setPassword } from '../../accounts/password-reset/commands.ts'
import {
  beginSecondFactor,
  disableSecondFactor,
  enableSecondFactor,
  finishSignIn,
  renewBackupCodes,
} from '../../accounts/second-factor/commands.ts'
import { openSetUp } from '../../accounts/second-factor/queries.ts'
import { requestEmailCode, verifyEmail } from '../../accounts/verified-emails/commands.ts'
import { safetyCarrier } from './jobs.ts'
import { safetyReactions } from './reactions.ts'

const PASSWORD = 'quiet otter 42'
const ANOTHER = 'louder badger 43'
const HERE = '01900000-0000-7000-8000-000000000000'
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'

const mail = switchedMail()

let test: TestContext
let server: MailServer
let people = 0
let person: Ctx
let email: string
let username: string

beforeAll(async () => {
  server = await startMailServer()
  test = await testContext({ worker: true, mail: mail.mail })
  await mail.connect(test.services, server.port)
})
afterAll(async () => {
  await mail.disconnect()
  await test.close()
  await server.close()
})
beforeEach(() => signUp('en'))

async function signUp(locale: Locale): Promise<void> {
  people++
  username = `olivia${people}`
  email = `${username}@example.org`
  const prepared = await prepareAccount({ name: 'Olivia', email, username, password: PASSWORD, timeZone: 'Asia/Tokyo' })
  const more = { role: 'member', locale, hourCycle: 'h23', weekStart: 1 } as const
  const userId = await test.services.db
    .transaction()
    .execute((tx) => createAccount(tx, test.visitor, { ...prepared, ...more }))
  person = { ...test.as({ kind: 'user', userId, role: 'member', via: 'session' }), userAgent: FIREFOX }
}
const visitor = () => ({ ...test.visitor, userAgent: FIREFOX })

/** The one mail of a subject that came to an address. */
async function mailAbout(subject: string, address = email): Promise<ReceivedMail['email']> {
  for (const until = performance.now() + 30_000; performance.now() < until; ) {
    const found = server.mails.filter(
      ({ email: one, envelope }) => one.subject?.startsWith(subject) && envelope.to.includes(address),
    )
    if (found[0]) {
      expect(found).toHaveLength(1)
      return found[0].email
    }
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
  throw new Error(`no mail “${subject}” among ${server.mails.map(({ email: one }) => one.subject).join(' | ')}`)
}

async function tokenFor(kind: 'password_reset' | 'address_change'): Promise<string> {
  const link = await test.services.db
    .selectFrom('account_links')
    .where('kind', '=', kind)
    .orderBy('id', 'desc')
    .select('id')
    .executeTakeFirstOrThrow()
  return tokenOf(test.visitor, link.id)
}

function nextCode(secret: string): string {
  test.clock.add({ seconds: 30 })
  return totpCode(secret, test.clock.now().epochMilliseconds)
}
async function turnOn(): Promise<{ secret: string; codes: string[] }> {
  const sealed = await beginSecondFactor(person, { password: PASSWORD })
  const secret = openSetUp(person, sealed) ?? ''
  return { secret, codes: await enableSecondFactor(person, { sealed, code: nextCode(secret) }, HERE) }
}

const CHANGES: [subject: string, says: RegExp, act: () => Promise<unknown>][] = [
  [
    'Your password was changed',
    /All other devices were signed out/,
    () => changePassword(person, { currentPassword: PASSWORD, newPassword: ANOTHER }, HERE),
  ],
  [
    'Your account has a new password',
    /chosen by a mailed link/,
    async () => {
      await askForPasswordReset(visitor(), { email })
      await resetPassword(visitor(), await tokenFor('password_reset'), { newPassword: ANOTHER })
    },
  ],
  ['The second step at sign-in is on', /takes a code of your authenticator app/, turnOn],
  [
    'The second step at sign-in is off',
    /codes of your authenticator app are not asked for any more/,
    async () => {
      const { secret } = await turnOn()
      await disableSecondFactor(person, { password: PASSWORD, code: nextCode(secret) })
    },
  ],
  [
    'You have new backup codes',
    /do not work any more/,
    async () => {
      const { secret } = await turnOn()
      await renewBackupCodes(person, { password: PASSWORD, code: nextCode(secret) })
    },
  ],
  [
    'Somebody signed in with a backup code',
    /works once/,
    async () => {
      const { codes } = await turnOn()
      const { token } = await signIn(visitor(), { email, password: PASSWORD })
      await finishSignIn(visitor(), token, { code: codes[0] })
    },
  ],
  ['A new API key was made', /Key:\n {2}Robot/, () => createApiKey(person, { label: 'Robot' })],
  [
    'Your account has a further mail address',
    /Address:\n {2}olivia\.two@example\.org/,
    async () => {
      const further = 'olivia.two@example.org'
      await requestEmailCode(person, { email: further })
      const { id } = await test.services.db
        .selectFrom('email_proofs')
        .where('email', '=', further)
        .select('id')
        .executeTakeFirstOrThrow()
      await verifyEmail(person, { email: further, code: codeOf(person, id) })
    },
  ],
]

describe('who has an account is told', () => {
  it.each(CHANGES)('once: %s', async (subject, says, act) => {
    await act()
    const letter = await mailAbout(subject)
    expect(letter.subject).toBe(`${subject} (book.example.org)`)
    expect(letter.text).toMatch(says)
    // In the zone of the account.
    expect(letter.text).toMatch(/When:\n {2}Monday,? .*17:\d\d/)
    expect(letter.text).toContain('From:\n  Firefox on Linux')
    for (const part of [letter.text, letter.html]) {
      expect(part).toContain('https://book.example.org/auth/forgot')
      expect(part).toContain('https://book.example.org/settings/security')
      expect(part).not.toContain('192.0.2.1')
    }
  })

  it('at the former address that it is not theirs any more, with the way back', async () => {
    await askForAddressChange(person, { email: `new.${email}`, password: PASSWORD })
    await confirmAddress(person, await tokenFor('address_change'), HERE)
    const letter = await mailAbout('Your mail address at book.example.org was changed')
    expect(letter.text).toMatch(/When:\n {2}Monday/)
    expect(letter.text).toContain('From:\n  Firefox on Linux')
    expect(letter.text).toMatch(/\/auth\/return\/[\w-]{43}/)
  })

  it('in German, and who it was where it was not a browser', async () => {
    await signUp('de')
    await turnOn()
    await setPassword(test.as({ kind: 'system', via: 'command_line' }), {
      ...{ username, password: ANOTHER, withoutSecondFactor: true },
    })
    const on = await mailAbout('Der zweite Schritt bei der Anmeldung ist eingeschaltet')
    expect(on.text).toContain('Von:\n  Firefox unter Linux')
    const off = await mailAbout('Der zweite Schritt bei der Anmeldung ist ausgeschaltet')
    expect(off.text).toContain('Wer book.example.org betreibt, hat ihn ausgeschaltet.')
    const reset = await mailAbout('Ihr Konto hat ein neues Passwort')
    expect(reset.text).toContain('Von:\n  Die Kommandozeile der Installation')
  })

  it('that a program confirmed an address, without a browser', async () => {
    const { actor } = person
    if (actor.kind !== 'user') throw new Error('a person is signed in')
    const program = { ...person, actor: { ...actor, via: 'api_key' as const } }
    await requestEmailCode(program, { email: 'program@example.org' })
    const { id } = await test.services.db
      .selectFrom('email_proofs')
      .where('email', '=', 'program@example.org')
      .select('id')
      .executeTakeFirstOrThrow()
    await verifyEmail(program, { email: 'program@example.org', code: codeOf(program, id) })
    expect((await mailAbout('Your account has a further mail address')).text).toContain(
      'From:\n  A program with one of your API keys',
    )
  })
})

it('plans one mail however often the reaction runs, and none goes to an account that is gone', async () => {
  await createApiKey(person, { label: 'Robot' })
  await mailAbout('A new API key was made')
  const { db } = test.services
  const event = await db
    .selectFrom('events')
    .where('name', '=', 'api_key.created')
    .orderBy('position', 'desc')
    .select(['id', 'payload'])
    .executeTakeFirstOrThrow()
  const again = safetyReactions.find((one) => one.event === 'api_key.created')
  await Promise.all(
    Array.from({ length: 50 }, () => again?.run({ eventId: event.id, payload: event.payload }, test.visitor)),
  )
  const planned = await db
    .selectFrom('deliveries')
    .where('event_id', '=', event.id)
    .where('kind', '=', 'mail')
    .selectAll()
    .execute()
  expect(planned).toHaveLength(1)
  await db.deleteFrom('users').where('username', '=', username).execute()
  const id = planned[0]?.id ?? ''
  const due = test.clock.now()
  await db.updateTable('deliveries').set({ state: 'waiting', next_at: due }).where('id', '=', id).execute()
  const mails = server.mails.length
  await deliver(test.visitor, [safetyCarrier], id)
  const { state, reason } = await db
    .selectFrom('deliveries')
    .where('id', '=', id)
    .select(['state', 'reason'])
    .executeTakeFirstOrThrow()
  expect([state, reason, server.mails.length]).toEqual(['skipped', 'recipient_gone', mails])
})
