import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomUid } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { deliveriesOfTopic, keptMail } from '#test/mails.ts'
import { insertHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { ownAccount } from '../../accounts/queries.ts'
import { updateDigest } from '../../accounts/settings/commands.ts'
import { digestCarrier, digestTimer } from './jobs.ts'

const { mail, sent } = keptMail()
let test: TestContext
let host: Ctx
let system: Ctx
beforeAll(async () => {
  test = await testContext({ mail, now: '2026-10-20T08:00:00Z' })
  host = await newHost('Asia/Tokyo', 'de')
  system = test.as({ kind: 'system' })
})
afterAll(() => test.close())

async function newHost(timeZone: string, locale = 'en'): Promise<Ctx> {
  const { id } = await insertHost(test.services.db, { timeZone, locale })
  return test.as({ kind: 'user', userId: id, role: 'member', via: 'session' })
}

const planned = () => deliveriesOfTopic(test.services.db, 'monthly_digest')

const look = () => digestTimer.run(system, new AbortController().signal)
const lookAt = async (at: string) => {
  test.clock.set(at)
  await look()
  return (await planned()).map(({ version }) => version)
}

async function insertBooking(
  ctx: Ctx,
  booking: { start: string; made: string; status?: 'accepted' | 'cancelled' | 'rejected'; title?: string },
): Promise<number> {
  const { userId } = userScope(ctx)
  const { status = 'accepted' } = booking
  const [start, made] = [Temporal.Instant.from(booking.start), Temporal.Instant.from(booking.made)]
  const { id } = await test.services.db
    .insertInto('bookings')
    .values({
      ...{ uid: randomUid(), event_type_id: null, host_id: userId, status, title: booking.title ?? 'A talk' },
      ...{ starts_at: start, ends_at: start.add({ minutes: 30 }), time_zone: 'UTC' },
      ...{ location: null, cancelled_by: null, created_at: made, updated_at: made },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

describe('the mail about a month', () => {
  it('is sent to nobody who did not ask', async () => {
    expect(await ownAccount(userScope(host), host.db)).toMatchObject({ monthlyDigest: false })
    expect(await lookAt('2026-11-01T12:00:00Z')).toEqual([])
  })

  it('is planned once a month, on the first at eight in one’s own zone, and caught up for three days', async () => {
    test.clock.set('2026-10-20T08:00:00Z')
    await updateDigest(host, { monthlyDigest: 'on' })
    expect(await ownAccount(userScope(host), host.db)).toMatchObject({ monthlyDigest: true })
    expect(await lookAt('2026-10-20T09:00:00Z')).toEqual([])
    // 7:59 in Tokyo.
    expect(await lookAt('2026-10-31T22:59:00Z')).toEqual([])
    expect(await lookAt('2026-10-31T23:00:00Z')).toEqual([202610])
    await Promise.all(Array.from({ length: 50 }, look))
    await updateDigest(host, { monthlyDigest: 'on' })
    expect(await lookAt('2026-11-04T10:00:00Z')).toEqual([202610])
    expect(await lookAt('2026-12-05T10:00:00Z')).toEqual([202610])
    expect(await lookAt('2027-01-04T10:00:00Z')).toEqual([202610, 202612])
  })

  it('begins with the month that it is asked for in', async () => {
    const late = await newHost('America/New_York')
    test.clock.set('2027-02-02T12:00:00Z')
    await updateDigest(late, { monthlyDigest: 'on' })
    await look()
    const own = (await planned()).filter(({ subject }) => subject === `digest:${userScope(late).userId}`)
    expect(own).toEqual([])
  })

  it('has the numbers of that month in that zone, and what comes next', async () => {
    // 1 November in Tokyo begins at 15:00 UTC on 31 October.
    const cancelled = await insertBooking(host, {
      start: '2026-11-20T03:00:00Z',
      made: '2026-11-02T00:00:00Z',
      status: 'cancelled',
    })
    await insertBooking(host, { start: '2026-10-31T15:00:00Z', made: '2026-10-31T14:59:59Z' })
    await insertBooking(host, { start: '2026-11-10T03:00:00Z', made: '2026-10-31T15:00:00Z' })
    await insertBooking(host, { start: '2026-10-31T14:00:00Z', made: '2026-10-01T00:00:00Z' })
    await insertBooking(host, {
      start: '2026-12-24T03:00:00Z',
      made: '2026-11-05T00:00:00Z',
      title: 'Tea at evil.example',
    })
    await insertBooking(host, { start: '2026-12-25T03:00:00Z', made: '2026-11-05T00:00:00Z', status: 'rejected' })
    const other = await newHost('UTC')
    await insertBooking(other, { start: '2026-11-10T05:00:00Z', made: '2026-11-05T00:00:00Z' })
    await test.services.db
      .insertInto('events')
      .values({
        ...{ id: crypto.randomUUID(), name: 'booking.cancelled', version: 1, subject: `booking:${cancelled}` },
        ...{ payload: '{}', actor: '{"kind":"system"}', owner_id: userScope(host).userId },
        occurred_at: Temporal.Instant.from('2026-11-06T00:00:00Z'),
      })
      .execute()
    test.clock.set('2026-12-01T00:00:00Z')
    const [delivery] = await planned()
    if (!delivery) throw new Error('nothing planned')
    expect(await digestCarrier.carry({ ...delivery, version: 202611 }, system)).toEqual({ state: 'delivered' })
    const [letter] = sent
    expect(letter?.subject).toBe('November 2026 bei book.example.org')
    const text = letter?.text.replace(/\n {2}/g, ' ') ?? ''
    expect(text).toContain('Neu gebucht: 3')
    expect(text).toContain('Stattgefunden: 2')
    expect(text).toContain('Abgesagt: 1')
    expect(text).toContain('Dezember 2026: 1')
    expect(text).toContain('Tea at evil.\u200Bexample Donnerstag, 24. Dezember 2026 12:00')
    expect(text).toContain('https://book.example.org/settings/general')
  })

  it('is not sent when nothing happened, or when it is not wanted any more', async () => {
    sent.length = 0
    const quiet = await newHost('UTC')
    await updateDigest(quiet, { monthlyDigest: 'on' })
    const [delivery] = await planned()
    if (!delivery) throw new Error('nothing planned')
    const about = (ctx: Ctx) => ({ ...delivery, version: 202611, subject: `digest:${userScope(ctx).userId}` })
    expect(await digestCarrier.carry(about(quiet), system)).toEqual({ state: 'skipped', reason: 'nothing_booked' })
    await updateDigest(host, {})
    expect(await digestCarrier.carry(about(host), system)).toEqual({ state: 'skipped', reason: 'recipient_gone' })
    expect(sent).toEqual([])
  })

  it('is a setting of one’s own', async () => {
    expect(await refusal(updateDigest(host, { monthlyDigest: 'yes' }))).toMatch('invalid_input')
    expect(await refusal(updateDigest(host, { monthlyDigest: 'on', userId: 1 }))).toMatch('invalid_input')
    expect(await refusal(updateDigest(test.visitor, { monthlyDigest: 'on' }))).toBe('sign_in_required')
  })
})
