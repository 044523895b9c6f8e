import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isAppError } from '#platform/errors.ts'
import { parseInput } from '#platform/input.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { createPrivateLink, revokePrivateLink } from '../event-types/links/commands.ts'
import type { NewPrivateLink } from '../event-types/links/schema.ts'
import { createBooking } from './creation/commands.ts'
import { createBookingSchema } from './schema.ts'

const PARALLEL = 50
const MINUTE = 60_000
/** Tuesday 24 November 2026, 09:00 in Berlin. */
const NINE = Date.parse('2026-11-24T08:00:00Z')

let test: TestContext
let host: TestHost
let eventTypeId: number

beforeAll(async () => {
  test = await testContext()
})
afterAll(() => test.close())
beforeEach(async () => {
  host = await insertHost(test.database.db, { weekly: [{ days: [1, 2, 3, 4, 5], start: 0, end: 1440 }] })
  eventTypeId = await insertEventType(test.database.db, host.id, { durations: [15, 30] })
})

const asHost = () => test.as({ kind: 'user', userId: host.id, role: 'member', via: 'session' })
const link = (input: Partial<NewPrivateLink> = {}) => createPrivateLink(asHost(), { eventTypeId, ...input })

interface Wish {
  start?: number
  duration?: number
  email?: string
  idempotencyKey?: string
}

function book(linkToken: string, { start = NINE, duration, email = 'bo@example.net', idempotencyKey }: Wish = {}) {
  const booking = parseInput(createBookingSchema, {
    ...{ start: new Date(start).toISOString(), duration, name: 'Bo', email, timeZone: 'UTC' },
  })
  return createBooking(test.visitor, { offer: { eventTypeId }, booking, locale: 'en', linkToken, idempotencyKey })
}

const uses = async (id: number) =>
  (await test.database.db.selectFrom('private_links').select('uses').where('id', '=', id).executeTakeFirstOrThrow())
    .uses
const bookings = async () =>
  (await test.database.db.selectFrom('bookings').select('id').where('host_id', '=', host.id).execute()).length

describe('a race over a link', () => {
  it.each([1, 3])('for %i uses gives as many bookings to 50 at different times', async (mostUses) => {
    const { token, id } = await link({ mostUses })
    const settled = await Promise.allSettled(
      Array.from({ length: PARALLEL }, (_, i) => book(token, { start: NINE + i * 15 * MINUTE })),
    )
    const refused = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(refused.map((reason) => (isAppError(reason) ? reason.code : reason))).toEqual(
      Array(PARALLEL - mostUses).fill('link_used_up'),
    )
    expect([await uses(id), await bookings()]).toEqual([mostUses, mostUses])
  })

  it('for one use answers 50 copies of one request alike', async () => {
    const { token, id } = await link()
    const answers = await Promise.all(Array.from({ length: PARALLEL }, () => book(token, { idempotencyKey: 'one' })))
    expect(new Set(answers.map((one) => one.uid)).size).toBe(1)
    expect([await uses(id), await bookings()]).toEqual([1, 1])
  })

  it('for one time counts only the booking that was made', async () => {
    const { token, id } = await link({ mostUses: 10 })
    const settled = await Promise.allSettled(Array.from({ length: PARALLEL }, () => book(token)))
    expect(settled.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
    expect([await uses(id), await bookings()]).toEqual([1, 1])
  })
})

it('does not count what was refused', async () => {
  const { token, id } = await link()
  expect(await refusal(book(token, { start: NINE + MINUTE }))).toBe('slot_not_offered')
  expect(await uses(id)).toBe(0)
  await book(token)
  expect(await uses(id)).toBe(1)
})

it('ends with its time, when it is taken back, and with its last use', async () => {
  const soon = await link({ expiresAt: '2026-11-23T09:00:00Z' })
  test.clock.set('2026-11-23T09:00:00Z')
  expect(await refusal(book(soon.token))).toBe('link_expired')
  test.clock.set('2026-11-23T08:00:00Z')
  const back = await link()
  await revokePrivateLink(asHost(), { eventTypeId, id: back.id })
  expect(await refusal(book(back.token))).toBe('link_revoked')
  const once = await link()
  await book(once.token)
  expect(await refusal(book(once.token, { start: NINE + 60 * MINUTE }))).toBe('link_used_up')
  expect(await refusal(book('nobody-has-such-a-token'))).toBe('link_not_found')
})

it('opens no other event type', async () => {
  const { token } = await link()
  eventTypeId = await insertEventType(test.database.db, host.id, { slug: 'other' })
  expect(await refusal(book(token))).toBe('link_not_found')
})

it('is only for whom it was made', async () => {
  const { token } = await link({ person: { name: 'Bo', email: 'bo@example.net' } })
  expect(await refusal(book(token, { email: 'eve@example.net' }))).toBe('link_for_another')
  expect(await refusal(book(token, { email: 'BO@example.net' }))).toBe('done')
})

it('offers the chosen starts and no others', async () => {
  const chosen = NINE + 60 * MINUTE
  const { token } = await link({ starts: [new Date(chosen).toISOString()], duration: 30, mostUses: 2 })
  expect(await refusal(book(token, { duration: 30 }))).toBe('slot_not_offered')
  expect(await refusal(book(token, { start: chosen, duration: 15 }))).toBe('duration_not_offered')
  expect(await refusal(book(token, { start: chosen, duration: 30 }))).toBe('done')
})
