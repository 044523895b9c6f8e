import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { verifiedResourceRoutes } from '#features/accounts/verified-emails/api/routes.ts'
import { memoryRateLimiter } from '#platform/rate-limit.ts'
import { userScope } from '#platform/scope.ts'
import { type ApiClient, apiClient, insertApiKey } from '#test/api.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { unsentMail } from '#test/mails.ts'
import { insertHost, type TestHost } from '#test/offers.ts'
import { planOf } from '#test/plans.ts'
import { refusal } from '#test/refusal.ts'
import { addEmail, MOST_VERIFIED_EMAILS, removeVerifiedEmail, verifyEmail } from './commands.ts'
import { emailProofSweep } from './jobs.ts'
import { emailProofMail, emailsToProve, isAddressOf, listVerifiedEmails } from './queries.ts'

/** Mails wait: no worker runs here. */

const BASE = '/v2/verified-resources/emails'
const email = 'ada@example.net'

let test: TestContext
let ada: TestHost
let bob: TestHost
let api: ApiClient
let bobs: ApiClient
beforeAll(async () => {
  test = await testContext({ mail: unsentMail })
})
afterAll(() => test.close())
beforeEach(async () => {
  test.clock.set('2026-11-23T08:00:00Z')
  ada = await insertHost(test.services.db)
  bob = await insertHost(test.services.db)
  api = apiClient(test, await insertApiKey(test, ada.id))
  bobs = apiClient(test, await insertApiKey(test, bob.id))
})

const ask = (client = api, address = email) => client.post(`${BASE}/verification-code/request`, { email: address })
const verify = (code: string, client = api, address = email) =>
  client.post(`${BASE}/verification-code/verify`, { email: address, code })

/** The code that is under way, as its mail has it. */
async function codeFor({ id }: TestHost, address = email): Promise<string> {
  const row = await test.services.db
    .selectFrom('email_proofs')
    .where('user_id', '=', id)
    .where('email', '=', address)
    .select('id')
    .executeTakeFirstOrThrow()
  return (await emailProofMail(test.visitor, row.id))?.code ?? ''
}

const mails = async () =>
  (await test.services.db.selectFrom('deliveries').where('topic', '=', 'email_proof').select('id').execute()).length

const another = (code: string) => (code === '000000' ? '000001' : '000000')

describe('mail addresses', () => {
  it('are verified with the code that was mailed, listed, and read', async () => {
    const asked = await ask(api, ' Ada@Example.NET')
    expect([asked.status, asked.body]).toEqual([200, { status: 'success' }])
    const code = await codeFor(ada)
    const { status, data } = await verify(` ${code.slice(0, 3)} ${code.slice(3)} `)
    expect([status, data]).toEqual([200, { id: expect.any(Number), email, userId: ada.id }])
    const list = await api.get(BASE)
    expect([list.data, list.body.pagination.totalItems]).toEqual([[data], 1])
    expect((await api.get(`${BASE}/${data.id}`)).data).toEqual(data)
    expect((await verify(code)).code).toBe('mail_code_wrong')
  })

  it('of others are neither seen nor verified by their code', async () => {
    await ask()
    const code = await codeFor(ada)
    await ask(bobs)
    if ((await codeFor(bob)) !== code) expect((await verify(code, bobs)).code).toBe('mail_code_wrong')
    const { data } = await verify(code)
    expect((await bobs.get(`${BASE}/${data.id}`)).code).toBe('verified_email_not_found')
    expect((await bobs.get(BASE)).data).toEqual([])
    expect((await verify(await codeFor(bob), bobs)).data.userId).toBe(bob.id)
  })

  it('get the same reply whether they are verified or not, and then no mail', async () => {
    const first = await ask()
    await verify(await codeFor(ada))
    const before = await mails()
    const second = await ask()
    expect([second.status, second.body, await mails()]).toEqual([first.status, first.body, before])
  })

  it('have one code at a time, for ten minutes and five tries', async () => {
    await ask()
    const first = await codeFor(ada)
    await ask()
    const code = await codeFor(ada)
    if (first !== code) expect((await verify(first)).code).toBe('mail_code_wrong')
    const tries = await Promise.all(Array.from({ length: 20 }, () => verify(another(code))))
    expect(new Set(tries.map((reply) => `${reply.status} ${reply.code}`))).toEqual(new Set(['400 mail_code_wrong']))
    expect((await verify(code)).code).toBe('mail_code_wrong')
    await ask()
    const late = await codeFor(ada)
    test.clock.set('2026-11-23T08:10:00Z')
    expect((await verify(late)).code).toBe('mail_code_wrong')
    await emailProofSweep.run(test.as({ kind: 'system' }), new AbortController().signal)
    expect(await test.services.db.selectFrom('email_proofs').select('id').execute()).toEqual([])
  })

  it('are verified once by fifty at once', async () => {
    await ask()
    const code = await codeFor(ada)
    // Five tries count, whatever becomes of them: of those one wins.
    const all = await Promise.all(Array.from({ length: 50 }, () => verify(code)))
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1)
    expect((await api.get(BASE)).data).toHaveLength(1)
    const told = await test.services.db
      .selectFrom('events')
      .where('name', '=', 'account.email_verified')
      .where('subject', '=', `user:${ada.id}`)
      .select('payload')
      .execute()
    expect(told).toHaveLength(1)
    expect(JSON.stringify(told)).not.toContain(email)
  })

  it('are at most so many', async () => {
    const rows = Array.from({ length: MOST_VERIFIED_EMAILS }, (_, i) => ({
      ...{ user_id: ada.id, email: `a${i}@example.net`, verified_at: test.clock.now() },
    }))
    await test.services.db.insertInto('verified_emails').values(rows).execute()
    await ask()
    const reply = await verify(await codeFor(ada))
    expect([reply.status, reply.code]).toEqual([409, 'too_many_verified_emails'])
  })

  it('are listed by pages, by position or behind the last one', async () => {
    const rows = ['a', 'b', 'c', 'd', 'e'].map((name) => ({
      ...{ user_id: ada.id, email: `${name}@example.net`, verified_at: test.clock.now() },
    }))
    await test.services.db.insertInto('verified_emails').values(rows).execute()
    const names = ({ data }: { data: { email: string }[] }) => data.map((one) => one.email[0]).join('')
    const first = await api.get(`${BASE}?take=2`)
    const second = await api.get(`${BASE}?take=2&cursor=${first.body.pagination.nextCursor}`)
    const third = await api.get(`${BASE}?take=2&cursor=${second.body.pagination.nextCursor}`)
    expect([names(first), names(second), names(third)]).toEqual(['ab', 'cd', 'e'])
    expect(third.body.pagination.nextCursor).toBeNull()
    expect(names(await api.get(`${BASE}?take=2&skip=3`))).toBe('de')
    expect((await api.get(`${BASE}?cursor=x`)).code).toBe('invalid_input')
    expect((await api.get(`${BASE}?take=0`)).code).toBe('invalid_input')
  })

  it('are listed by two statements, however many there are', async () => {
    const scope = userScope(test.as({ kind: 'user', userId: ada.id, role: 'member', via: 'api_key' }))
    const { statements } = await planOf(test.database, (db) => listVerifiedEmails(db, scope, { take: 2, after: 1 }))
    expect(statements).toBe(2)
  })

  it.each([
    [{ email: 'nobody' }, 'email'],
    [{}, 'email'],
    [{ email, extra: 1 }, ''],
    [{ email: ['a@example.net'] }, 'email'],
  ])('say what is wrong with %j', async (body, path) => {
    const { status, body: said } = await api.post(`${BASE}/verification-code/request`, body)
    expect([status, said.error.details.fields[0].path]).toEqual([400, path])
  })

  it('say that a code has six digits', async () => {
    expect((await verify('12345')).body.error.details.fields).toMatchObject([
      { path: 'code', code: 'mail_code_malformed' },
    ])
  })
})

describe('further addresses of an account', () => {
  const inPerson = () => test.as({ kind: 'user', userId: ada.id, role: 'member', via: 'session' })
  const scope = () => userScope(inPerson())
  const prove = async (address: string) => {
    await addEmail(inPerson(), { email: address })
    return verifyEmail(inPerson(), { email: address, code: await codeFor(ada, address) })
  }

  it('wait for their code, count once it was entered, and can be removed', async () => {
    expect(await addEmail(inPerson(), { email: ' Ada@Example.NET' })).toEqual({ email })
    expect(await emailsToProve(scope(), inPerson())).toEqual([email])
    const { id } = await verifyEmail(inPerson(), { email, code: await codeFor(ada) })
    expect(await emailsToProve(scope(), inPerson())).toEqual([])
    expect(await isAddressOf(test.services.db, [ada.id], email)).toBe(true)
    expect(await removeVerifiedEmail(inPerson(), { id })).toEqual({ email })
    expect(await isAddressOf(test.services.db, [ada.id], email)).toBe(false)
    expect(await refusal(removeVerifiedEmail(inPerson(), { id }))).toBe('verified_email_not_found')
  })

  it('are not those one has already, in whatever spelling', async () => {
    await prove(email)
    const main = await test.services.db
      .selectFrom('users')
      .where('id', '=', ada.id)
      .select('email')
      .executeTakeFirstOrThrow()
    const before = await mails()
    for (const known of ['ADA@example.net', main.email.toUpperCase()]) {
      expect(await refusal(addEmail(inPerson(), { email: known }))).toBe('email_known/email:email_known')
    }
    expect(await mails()).toBe(before)
  })

  it('are removed by their owner in person alone', async () => {
    const { id } = await prove(email)
    const key = test.as({ kind: 'user', userId: ada.id, role: 'member', via: 'api_key' })
    const other = test.as({ kind: 'user', userId: bob.id, role: 'admin', via: 'session' })
    expect(await refusal(removeVerifiedEmail(key, { id }))).toBe('needs_session')
    expect(await refusal(addEmail(key, { email: 'b@example.net' }))).toBe('needs_session')
    expect(await refusal(removeVerifiedEmail(test.visitor, { id }))).toBe('sign_in_required')
    expect(await refusal(removeVerifiedEmail(other, { id }))).toBe('verified_email_not_found')
    expect((await api.get(`${BASE}/${id}`)).status).toBe(200)
  })

  it('are removed once by fifty at once, and told of without the address', async () => {
    const { id } = await prove(email)
    const all = await Promise.allSettled(Array.from({ length: 50 }, () => removeVerifiedEmail(inPerson(), { id })))
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const told = await test.services.db
      .selectFrom('events')
      .where('name', '=', 'account.email_removed')
      .where('subject', '=', `user:${ada.id}`)
      .select('payload')
      .execute()
    expect(told.map((one) => one.payload)).toEqual([{ userId: ada.id, verifiedEmailId: id }])
  })

  it('get no code when there is no room for another', async () => {
    const rows = Array.from({ length: MOST_VERIFIED_EMAILS }, (_, i) => ({
      ...{ user_id: ada.id, email: `a${i}@example.net`, verified_at: test.clock.now() },
    }))
    await test.services.db.insertInto('verified_emails').values(rows).execute()
    const before = await mails()
    expect(await refusal(addEmail(inPerson(), { email }))).toBe('too_many_verified_emails')
    expect(await mails()).toBe(before)
  })
})

describe('tries', () => {
  const limited = async () => {
    const services = { ...test.services, rateLimiter: memoryRateLimiter(true) }
    const key = await insertApiKey(test, ada.id)
    return apiClient({ services }, key)
  }

  it('are bounded for an account, whatever the address', async () => {
    const client = await limited()
    const codes: (string | undefined)[] = []
    for (let i = 0; i < 17; i++) codes.push((await verify('123456', client, `a${i}@example.net`)).code)
    expect(codes.slice(0, 15)).toEqual(Array(15).fill('mail_code_wrong'))
    expect(codes.slice(15)).toEqual(['rate_limited', 'rate_limited'])
  })

  it('are bounded when they are sent to be repeated', async () => {
    const client = await limited()
    await ask(client)
    const wrong = another(await codeFor(ada))
    const codes: (string | undefined)[] = []
    for (let i = 0; i < 17; i++) {
      const body = { email, code: wrong }
      const reply = await client.post(`${BASE}/verification-code/verify`, body, { 'idempotency-key': `k${i}` })
      codes.push(reply.code)
    }
    expect(codes.slice(15)).toEqual(['rate_limited', 'rate_limited'])
  })

  it('count for the code although the refusal of a request that may be repeated is taken back', async () => {
    await ask(api)
    const code = await codeFor(ada)
    const once = (key: string, tried: string) =>
      api.post(`${BASE}/verification-code/verify`, { email, code: tried }, { 'idempotency-key': key })
    await Promise.all(Array.from({ length: 20 }, (_, i) => once(`wrong-${i}`, another(code))))
    expect((await once('right', code)).code).toBe('mail_code_wrong')
  })

  it('and mails are bounded for an address, and for an account', async () => {
    const client = await limited()
    const asked: (string | undefined)[] = []
    for (let i = 0; i < 6; i++) asked.push((await ask(client)).code)
    expect(asked).toEqual([...Array(5).fill(undefined), 'rate_limited'])
    for (let i = 0; i < 6; i++) asked.push((await ask(client, `b${i}@example.net`)).code)
    expect(asked.at(-1)).toBe('rate_limited')
  })
})

it('without a mail server, nobody waits for a code', async () => {
  const services = { ...test.services, mail: { ...unsentMail, configured: false } }
  const { status, code } = await ask(apiClient({ services }, await insertApiKey(test, ada.id)))
  expect([status, code]).toEqual([502, 'mail_unavailable'])
})

it('phones cannot be verified, and there are none', async () => {
  const base = '/v2/verified-resources/phones'
  const asked = await api.post(`${base}/verification-code/request`, { phone: '+49301234567' })
  const tried = await api.post(`${base}/verification-code/verify`, { phone: '+49301234567', code: '123456' })
  expect([asked.code, tried.code]).toEqual(['text_messages_unavailable', 'text_messages_unavailable'])
  const list = await api.get(base)
  expect([list.data, list.body.pagination.totalItems]).toEqual([[], 0])
  expect((await api.get(`${base}/1`)).code).toBe('verified_phone_not_found')
  expect(verifiedResourceRoutes).toHaveLength(8)
})
