import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { answeredOnce } from '#platform/http/api/idempotent.ts'
import { parseInput } from '#platform/input.ts'
import { memoryRateLimiter } from '#platform/rate-limit.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { unsentMail } from '#test/mails.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { createBooking } from '../creation/commands.ts'
import { createBookingSchema } from '../schema.ts'
import { sendMailCode } from './commands.ts'
import { mailCodeSweep } from './jobs.ts'
import { mailCode } from './queries.ts'
import { isAdmitted } from './rules.ts'

/** Mails wait: no worker runs here. */

let context: TestContext
let host: TestHost
let id: number
const email = 'bo@example.net'

beforeAll(async () => {
  context = await testContext({ mail: unsentMail })
})
afterAll(() => context.close())

beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  host = await insertHost(context.services.db)
  id = await insertEventType(context.services.db, host.id, { title: 'A talk', options: { verifyEmail: true } })
})

const wish = (more: object = {}) => ({ offer: { eventTypeId: id }, email, locale: 'en', anew: false, ...more })

/** The code that is under way to the address, as its mail has it. */
async function codeFor(address: string): Promise<string> {
  const row = await context.services.db
    .selectFrom('mail_codes')
    .where('email', '=', address)
    .where('event_type_id', '=', id)
    .select('id')
    .executeTakeFirstOrThrow()
  return (await mailCode(context.visitor, row.id))?.code ?? ''
}

function book(more: object = {}, ctx = context.visitor) {
  const booking = parseInput(createBookingSchema, {
    ...{ start: '2026-11-24T09:00:00Z', name: 'Bo Visitor', email, timeZone: 'UTC', ...more },
  })
  return createBooking(ctx, { offer: { eventTypeId: id }, booking, locale: 'en' })
}

describe('an event type that wants mail addresses proven', () => {
  it('books with the code that was mailed, once', async () => {
    expect(await refusal(book())).toBe('mail_code_required')
    await sendMailCode(context.visitor, wish())
    const code = await codeFor(email)
    expect(code).toMatch(/^\d{6}$/)
    expect(await refusal(book({ code: ` ${code.slice(0, 3)} ${code.slice(3)} ` }))).toBe('done')
    expect(await refusal(book({ code, start: '2026-11-24T10:00:00Z' }))).toBe('mail_code_wrong')
  })

  it('gives the same request under the same key the first answer, although its code was used, and no other request', async () => {
    await sendMailCode(context.visitor, wish())
    const code = await codeFor(email)
    const send = (more: object = {}, idempotencyKey: string | undefined = 'page-1') => {
      const booking = parseInput(createBookingSchema, {
        ...{ start: '2026-11-24T09:00:00Z', name: 'Bo Visitor', email, timeZone: 'UTC', code, ...more },
      })
      return createBooking(context.visitor, { offer: { eventTypeId: id }, booking, locale: 'en', idempotencyKey })
    }
    const wrong = code === '000000' ? '000001' : '000000'
    expect(await refusal(send({ code: wrong }))).toBe('mail_code_wrong')
    const first = await send()
    expect(await send()).toEqual({ ...first, replayed: true })
    const all = await Promise.all(Array.from({ length: 50 }, () => send()))
    expect(new Set(all.map(({ uid, replayed }) => `${uid} ${replayed}`))).toEqual(new Set([`${first.uid} true`]))
    expect(await refusal(send({}, 'page-2'))).toBe('mail_code_wrong')
    expect(await refusal(send({ code: wrong }))).toBe('idempotency_key_reused')
    expect(await refusal(send({ name: 'Eve' }))).toBe('idempotency_key_reused')
  })

  it('keeps no code anywhere', async () => {
    await sendMailCode(context.visitor, wish())
    const code = await codeFor(email)
    const rows = await context.services.db.selectFrom('mail_codes').selectAll().execute()
    const deliveries = await context.services.db.selectFrom('deliveries').selectAll().execute()
    expect(JSON.stringify([rows, deliveries]).replace(/[0-9a-f-]{36}|T[\d:.]+Z/g, '')).not.toContain(code)
  })

  it('takes the code of this address and this event type only', async () => {
    await sendMailCode(context.visitor, wish())
    const code = await codeFor(email)
    expect(await refusal(book({ code, email: 'cy@example.net' }))).toBe('mail_code_wrong')
    const first = id
    id = await insertEventType(context.services.db, host.id, { slug: 'other', options: { verifyEmail: true } })
    expect(await refusal(book({ code }))).toBe('mail_code_required')
    id = first
    expect(await refusal(book({ code }))).toBe('done')
  })

  it('leaves the code as it is when the booking comes to nothing', async () => {
    await sendMailCode(context.visitor, wish())
    const code = await codeFor(email)
    expect(await refusal(book({ code, start: '2026-11-24T03:00:00Z' }))).toBe('slot_not_offered')
    expect(await refusal(book({ code }))).toBe('done')
  })

  it('gives up a code after five tries, and after ten minutes', async () => {
    await sendMailCode(context.visitor, wish())
    const code = await codeFor(email)
    const wrong = code === '000000' ? '000001' : '000000'
    const tries = await Promise.all(Array.from({ length: 20 }, () => refusal(book({ code: wrong }))))
    expect(new Set(tries)).toEqual(new Set(['mail_code_wrong']))
    expect(await refusal(book({ code }))).toBe('mail_code_wrong')
    await sendMailCode(context.visitor, wish())
    const next = await codeFor(email)
    context.clock.set('2026-11-23T08:10:00Z')
    expect(await refusal(book({ code: next }))).toBe('mail_code_wrong')
  })

  it('counts a try although everything around it is taken back', async () => {
    await sendMailCode(context.visitor, wish())
    const code = await codeFor(email)
    const wrong = code === '000000' ? '000001' : '000000'
    const tries = Array.from({ length: 20 }, (_, i) =>
      refusal(
        answeredOnce(context.visitor, { key: `wrong-${i}`, route: 'POST /x', request: i }, async (ctx) => {
          await book({ code: wrong }, ctx)
          return { status: 201, body: '' }
        }),
      ),
    )
    expect(new Set(await Promise.all(tries))).toEqual(new Set(['mail_code_wrong']))
    expect(await refusal(book({ code }))).toBe('mail_code_wrong')
  })

  it('does not send twice what is under way, unless asked for; the first then holds no longer', async () => {
    await sendMailCode(context.visitor, wish())
    const code = await codeFor(email)
    await sendMailCode(context.visitor, wish())
    expect(await codeFor(email)).toBe(code)
    await sendMailCode(context.visitor, wish({ anew: true }))
    const next = await codeFor(email)
    if (next !== code) expect(await refusal(book({ code }))).toBe('mail_code_wrong')
    expect(await refusal(book({ code: next }))).toBe('done')
  })

  it('sends so many to an address and no more', async () => {
    const limited = { ...context.visitor, rateLimiter: memoryRateLimiter(true) }
    for (let i = 0; i < 5; i++) await sendMailCode(limited, wish({ anew: true }))
    expect(await refusal(sendMailCode(limited, wish({ anew: true })))).toBe('rate_limited')
    await sendMailCode(limited, wish({ email: 'cy@example.net' }))
  })

  it('forgets addresses of those who did not go on', async () => {
    await sendMailCode(context.visitor, wish({ email: 'gone@example.net' }))
    const left = () =>
      context.services.db.selectFrom('mail_codes').where('email', '=', 'gone@example.net').select('id').execute()
    await mailCodeSweep.run(context.as({ kind: 'system' }), new AbortController().signal)
    expect(await left()).toHaveLength(1)
    context.clock.set('2026-11-23T08:10:00Z')
    await mailCodeSweep.run(context.as({ kind: 'system' }), new AbortController().signal)
    expect(await left()).toHaveLength(0)
  })

  it('says so when no mails can be sent, and asks its host for nothing', async () => {
    const mute = { ...context.visitor, mail: { ...unsentMail, configured: false } }
    expect(await refusal(sendMailCode(mute, wish()))).toBe('mail_codes_unavailable')
    expect(await refusal(book({}, context.as({ kind: 'user', userId: host.id, role: 'member', via: 'session' })))).toBe(
      'done',
    )
  })
})

describe('mail addresses that may book', () => {
  it('are those of the lists', () => {
    const lists = { requiredEmails: ['example.org', 'ann@example.net'], excludedEmails: ['bad@example.org'] }
    const admitted = (address: string) => isAdmitted(address, lists)
    expect(['a@example.org', 'a@sub.example.org', 'ann@example.net'].filter(admitted)).toHaveLength(3)
    expect(['bad@example.org', 'a@example.net', 'a@notexample.org', 'a@example.org.evil.net'].filter(admitted)).toEqual(
      [],
    )
    expect(isAdmitted('anyone@example.com', { requiredEmails: [], excludedEmails: ['example.net'] })).toBe(true)
  })

  it('are kept by the command', async () => {
    id = await insertEventType(context.services.db, host.id, {
      slug: 'some',
      options: { requiredEmails: ['example.org'] },
    })
    expect(await refusal(book())).toBe('email_not_admitted')
    expect(await refusal(sendMailCode(context.visitor, wish()))).toBe('email_not_admitted')
    expect(await refusal(book({ email: 'bo@example.org' }))).toBe('done')
  })
})
