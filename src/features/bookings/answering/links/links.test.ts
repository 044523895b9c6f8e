import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ownActivity } from '#features/accounts/audit/queries.ts'
import { parseInput } from '#platform/input.ts'
import { memoryRateLimiter } from '#platform/rate-limit.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { cancelBooking, requestAnotherTime } from '../../cancellation/commands.ts'
import { createBooking } from '../../creation/commands.ts'
import { bookingByUid } from '../../queries.ts'
import { rescheduleBooking } from '../../rescheduling/commands.ts'
import { createBookingSchema } from '../../schema.ts'
import { confirmBooking } from '../commands.ts'
import { answerByLink } from './commands.ts'
import { answerPath, askedByLink } from './queries.ts'

let context: TestContext
let host: TestHost
let other: TestHost

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())
beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  host = await insertHost(context.services.db)
  other = await insertHost(context.services.db)
  const recurrence = { frequency: 'daily', interval: 1, count: 3 } as const
  for (const { id } of [host, other]) {
    await insertEventType(context.services.db, id, { requiresConfirmation: true, options: { recurrence } })
  }
})

const asHost = () => context.as({ kind: 'user', userId: host.id, role: 'owner', via: 'session' })
const bookings = () =>
  context.services.db.selectFrom('bookings').where('host_id', '=', host.id).selectAll().orderBy('starts_at').execute()
const standings = async () => (await bookings()).map(({ status, sequence }) => `${status} ${sequence}`)

async function ask(more: object = {}, of = host): Promise<string> {
  const wish = { start: '2026-11-24T09:00:00Z', name: 'Bo', email: 'bo@example.net', timeZone: 'UTC', ...more }
  const booking = parseInput(createBookingSchema, wish)
  const offer = { username: of.username, slug: 'talk' }
  return (await createBooking(context.visitor, { offer, booking, locale: 'en' })).uid
}

/** The token that a mail written now has. */
async function tokenOf(uid: string, of: 'booking' | 'series' = 'booking'): Promise<string> {
  const booking = await bookingByUid(context.as({ kind: 'system' }), uid)
  if (!booking) throw new Error('no booking')
  const { id, sequence } = of === 'series' ? { id: booking.series?.id ?? 0, sequence: 0 } : booking
  const at = context.clock.now()
  const path = answerPath(context.services.config, { of, id, sequence }, { host: booking.host, at })
  return path.split('/')[2] ?? ''
}

const confirm = (token: string, ctx = context.visitor) => refusal(answerByLink(ctx, token, { answer: 'confirm' }))
const reject = (token: string, reason = '') =>
  refusal(answerByLink(context.visitor, token, { answer: 'reject', reason }))
const closing = async (token: string) => {
  const asked = await askedByLink(context.visitor, token)
  return asked && (asked.open.length > 0 ? 'open' : asked.closing)
}

describe('the link of a mail', () => {
  it('confirms once, in the name of the host, and the log says how', async () => {
    const token = await tokenOf(await ask())
    expect(await closing(token)).toBe('open')
    expect(await confirm(token)).toBe('done')
    expect(await standings()).toEqual(['accepted 1'])
    expect([await closing(token), await confirm(token), await reject(token)]).toEqual([
      ...['confirmed', 'already_confirmed', 'already_confirmed'],
    ])
    const search = { by: null, noun: null, from: null, to: null, after: null, timeZone: 'UTC', size: 10 } as const
    const { entries } = await ownActivity(context.services.db, userScope(asHost()), search)
    expect(entries.find(({ name }) => name === 'booking.confirmed')?.actor).toMatchObject({
      ...{ kind: 'user', id: host.id, via: 'mail_link' },
    })
  })

  it('declines with a reason, and gives the time back', async () => {
    const token = await tokenOf(await ask())
    expect(await reject(token, 'x'.repeat(2001))).toMatch(/^invalid_input/)
    expect(await reject(token, 'On a journey')).toBe('done')
    expect((await bookings()).map(({ status, reason }) => [status, reason])).toEqual([['rejected', 'On a journey']])
    expect(await closing(token)).toBe('rejected')
    await ask()
  })

  it('changes nothing by being looked at', async () => {
    const token = await tokenOf(await ask())
    const before = await bookings()
    for (let n = 0; n < 3; n++) expect(await closing(token)).toBe('open')
    expect(await bookings()).toEqual(before)
  })

  it('is nothing without every letter of it', async () => {
    const uid = await ask()
    const token = await tokenOf(uid)
    const parts = token.split('.')
    const foreign = (await tokenOf(await ask({}, other))).split('.')
    const swapped = (at: number, by: string) => parts.map((part, n) => (n === at ? by : part)).join('.')
    const wrong = [
      ...['', uid, token.slice(0, -1), `${token}A`, token.toUpperCase(), `${token}.`, parts.slice(0, 5).join('.')],
      ...[...token].map((letter, at) => `${token.slice(0, at)}${letter === 'x' ? 'y' : 'x'}${token.slice(at + 1)}`),
      // What one host may answer is not to be turned into what another may, nor into a longer time, nor into a series.
      ...parts.map((_, at) => swapped(at, foreign[at] ?? '')).filter((one) => one !== token),
      ...[swapped(0, 's'), swapped(2, other.id.toString(36)), swapped(3, '1'), swapped(4, 'zzzzzz')],
      swapped(1, `0${parts[1]}`),
    ]
    for (const one of wrong)
      expect([one, await closing(one), await confirm(one)]).toEqual([one, null, 'answer_link_unknown'])
    expect(await standings()).toEqual(['pending 0'])
  })

  it('ends when the host has another mail address', async () => {
    const token = await tokenOf(await ask())
    const email = `new-${host.username}@example.org`
    await context.services.db.updateTable('users').set({ email }).where('id', '=', host.id).execute()
    expect([await closing(token), await confirm(token)]).toEqual([null, 'answer_link_unknown'])
  })

  it('ends with the start, and after 30 days', async () => {
    const token = await tokenOf(await ask())
    context.clock.set('2026-11-24T08:59:59Z')
    expect(await closing(token)).toBe('open')
    context.clock.set('2026-11-24T09:00:00Z')
    expect([await closing(token), await confirm(token)]).toEqual(['expired', 'answer_link_expired'])
    context.clock.set('2026-11-24T12:00:00Z')
    expect(await closing(token)).toBe('over')
    context.clock.set('2026-11-23T08:00:00Z')
    const far = await tokenOf(await ask({ start: '2027-03-01T09:00:00Z' }))
    context.clock.set('2026-12-23T07:59:59Z')
    expect(await closing(far)).toBe('open')
    context.clock.set('2026-12-23T08:00:00Z')
    expect([await closing(far), await reject(far)]).toEqual(['expired', 'answer_link_expired'])
  })

  it('says what happened instead: another answer, a cancellation, another time', async () => {
    const first = await ask()
    const token = await tokenOf(first)
    await rescheduleBooking(context.visitor, { uid: first, start: Date.parse('2026-11-24T11:00:00Z'), reason: '' })
    expect([await closing(token), await confirm(token)]).toEqual(['moved', 'already_moved'])
    const anew = await tokenOf(first)
    expect([anew === token, await closing(anew)]).toEqual([false, 'open'])
    await cancelBooking(context.visitor, { uid: first, reason: '' })
    expect([await closing(anew), await confirm(anew), await reject(anew)]).toEqual([
      ...['cancelled', 'already_cancelled', 'already_cancelled'],
    ])
    const second = await ask()
    const late = await tokenOf(second)
    await requestAnotherTime(asHost(), { uid: second, reason: '' })
    expect(await closing(late)).toBe('another_time')
    expect(await standings()).toEqual(['cancelled 1', 'cancelled 2'])
  })

  it('counts once, whoever presses how often', async () => {
    const uid = await ask()
    const token = await tokenOf(uid)
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        n % 3 === 0 ? confirm(token) : n % 3 === 1 ? reject(token) : refusal(confirmBooking(asHost(), { uid })),
      ),
    )
    expect(all.filter((one) => one === 'done')).toHaveLength(1)
    expect((await standings())[0]).toMatch(/^(accepted|rejected) 1$/)
  })

  it('may be tried only so often', async () => {
    const limited = { ...context.visitor, rateLimiter: memoryRateLimiter(true) }
    const tries = []
    for (let n = 0; n < 62; n++) tries.push(await confirm('b.1.1.0.1.x', limited))
    expect(tries.filter((one) => one === 'rate_limited')).toHaveLength(2)
  })

  it('is stored nowhere', async () => {
    const token = await tokenOf(await ask())
    const { db } = context.services
    const stored = await Promise.all([bookings(), db.selectFrom('deliveries').selectAll().execute()])
    expect(JSON.stringify(stored)).not.toContain(token.split('.')[5])
  })
})

describe('the link of a series', () => {
  const dates = ['2026-11-24T09:00:00Z', '2026-11-25T09:00:00Z', '2026-11-26T09:00:00Z']

  it('answers what waits as the mail told of it, and leaves what was moved or cancelled since', async () => {
    const uid = await ask({ occurrences: dates })
    const token = await tokenOf(uid, 'series')
    const [, second, third] = await bookings()
    await rescheduleBooking(context.visitor, {
      ...{ uid: second?.uid ?? '', start: Date.parse('2026-11-25T11:00:00Z'), reason: '' },
    })
    await cancelBooking(context.visitor, { uid: third?.uid ?? '', reason: '' })
    expect(await confirm(token)).toBe('done')
    expect(await standings()).toEqual(['accepted 1', 'pending 1', 'cancelled 1'])
    expect([await closing(token), await confirm(token)]).toEqual(['confirmed', 'already_confirmed'])
  })

  it('declines all of them with one answer', async () => {
    const token = await tokenOf(await ask({ occurrences: dates }), 'series')
    expect(await reject(token, 'Ill')).toBe('done')
    expect(await standings()).toEqual(['rejected 1', 'rejected 1', 'rejected 1'])
  })

  it('leaves dates that have begun', async () => {
    const token = await tokenOf(await ask({ occurrences: dates }), 'series')
    context.clock.set('2026-11-24T09:10:00Z')
    expect(await confirm(token)).toBe('done')
    expect(await standings()).toEqual(['pending 0', 'accepted 1', 'accepted 1'])
  })
})
