import { sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ownAccount } from '#features/accounts/queries.ts'
import { uuidv7 } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertManyBookings } from '#test/many-bookings.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { planOf } from '#test/plans.ts'
import { homeOf } from './home.server.ts'

let test: TestContext
let ctx: Ctx
let host: TestHost
beforeAll(async () => {
  // A Monday, 9 h in Berlin.
  test = await testContext({ now: '2026-11-23T08:00:00Z' })
})
afterAll(() => test.close())
beforeEach(async () => {
  host = await insertHost(test.services.db)
  ctx = test.as({ kind: 'user', userId: host.id, role: 'member', via: 'session' })
})

const home = async () => homeOf(ctx, await ownAccount(userScope(ctx), ctx.db))
const at = (text: string) => Temporal.Instant.from(text)
let made = 0

async function booked(
  start: string,
  settings: { status?: 'accepted' | 'pending' | 'cancelled'; title?: string; minutes?: number; of?: number } = {},
): Promise<{ id: number; attendeeId: number }> {
  const { status = 'accepted', title = 'A talk', minutes = 30, of = host.id } = settings
  made++
  const { id } = await test.services.db
    .insertInto('bookings')
    .values({
      ...{ uid: `booking-of-the-home-page-${made}`, event_type_id: null, host_id: of, status, title },
      ...{ starts_at: at(start), ends_at: at(start).add({ minutes }), time_zone: 'Europe/Berlin', location: null },
      ...{ cancelled_by: null, created_at: at(start), updated_at: at(start) },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const attendee = await test.services.db
    .insertInto('attendees')
    .values({
      ...{ booking_id: id, host_id: of, kind: 'booker', name: 'Bo', email: 'bo@example.net' },
      ...{ time_zone: 'Europe/Berlin', locale: 'en' },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id, attendeeId: attendee.id }
}

async function failedMail(subject: string, state: 'failed' | 'delivered' = 'failed'): Promise<void> {
  const now = test.clock.now()
  await test.services.db
    .insertInto('deliveries')
    .values({
      ...{ id: uuidv7(), event_id: null, subject, kind: 'mail', topic: 'booking.created', target: 'host', version: 0 },
      ...{ state, created_at: now, updated_at: now },
    })
    .execute()
}

describe('a new host', () => {
  it('has a page to share, or first one to make', async () => {
    expect(await home()).toMatchObject({ any: false, offered: 0, concerns: [], requests: [], today: [], next: [] })
    await insertEventType(test.services.db, host.id)
    expect(await home()).toMatchObject({ any: false, offered: 1, concerns: [] })
  })
})

describe('whoever runs the installation', () => {
  it('is asked for a second step at sign-in, and nobody else is', async () => {
    const { db } = test.services
    for (const [role, kinds] of [
      ['owner', ['oneStep']],
      ['admin', ['oneStep']],
      ['member', []],
    ] as const) {
      await db.updateTable('users').set({ role }).where('id', '=', host.id).execute()
      expect((await home()).concerns.map(({ kind }) => kind)).toEqual(kinds)
    }
    await db.updateTable('users').set({ role: 'owner' }).where('id', '=', host.id).execute()
    const factor = { user_id: host.id, sealed_secret: 'sealed', last_step: 0, created_at: test.clock.now() }
    await db.insertInto('second_factors').values(factor).execute()
    expect((await home()).concerns).toEqual([])
  })
})

describe('bookings', () => {
  it('are those of today with what is over, then the next ones', async () => {
    await booked('2026-11-22T22:00:00Z', { title: 'Yesterday evening' })
    await booked('2026-11-23T07:00:00Z', { title: 'Breakfast' })
    await booked('2026-11-23T07:45:00Z', { title: 'Running' })
    await booked('2026-11-23T22:30:00Z', { title: 'Tonight' })
    await booked('2026-11-23T23:00:00Z', { title: 'Just after midnight' })
    await booked('2026-11-23T10:00:00Z', { title: 'Called off', status: 'cancelled' })
    await booked('2026-11-23T10:00:00Z', { title: 'Of somebody else', of: (await insertHost(test.services.db)).id })
    const { today, next, date } = await home()
    expect(date).toBe('2026-11-23')
    expect(today.map(({ title, phase }) => [title, phase])).toEqual([
      ['Breakfast', 'over'],
      ['Running', 'now'],
      ['Tonight', 'ahead'],
    ])
    expect(next.flatMap(({ items }) => items).map(({ title }) => title)).toEqual(['Just after midnight'])
  })

  it('that wait are listed with what can be done, and counted', async () => {
    for (const day of [24, 25, 26, 27, 28, 29]) await booked(`2026-11-${day}T09:00:00Z`, { status: 'pending' })
    await booked('2026-11-22T09:00:00Z', { status: 'pending' })
    const { requests, waiting } = await home()
    const items = requests.flatMap((day) => day.items)
    expect([items.length, waiting]).toEqual([5, 6])
    expect(items[0]?.acts).toEqual(expect.arrayContaining(['confirm', 'reject']))
  })

  it('of the host’s week are counted by when they begin', async () => {
    await booked('2026-11-22T22:30:00Z')
    await booked('2026-11-22T23:00:00Z', { minutes: 45 })
    await booked('2026-11-29T22:30:00Z')
    await booked('2026-11-29T23:00:00Z')
    await booked('2026-11-25T10:00:00Z', { status: 'cancelled' })
    await booked('2026-11-26T10:00:00Z', { status: 'pending' })
    expect((await home()).week).toEqual({ meetings: 2, minutes: 75, calledOff: 1 })
    await test.services.db.updateTable('users').set({ week_start: 0 }).where('id', '=', host.id).execute()
    expect((await home()).week).toEqual({ meetings: 2, minutes: 75, calledOff: 1 })
    await test.services.db
      .updateTable('users')
      .set({ time_zone: 'Pacific/Auckland' })
      .where('id', '=', host.id)
      .execute()
    expect((await home()).week).toEqual({ meetings: 2, minutes: 75, calledOff: 1 })
  })
})

describe('of concern', () => {
  const concerns = async () => (await home()).concerns

  it('are mails about meetings ahead that were given up on', async () => {
    const ahead = await booked('2026-11-24T09:00:00Z', { title: 'Ahead' })
    const past = await booked('2026-11-20T09:00:00Z')
    const others = await booked('2026-11-24T09:00:00Z', { of: (await insertHost(test.services.db)).id })
    for (const { id } of [ahead, past, others]) await failedMail(`booking:${id}`)
    await failedMail(`booking:${ahead.id}`, 'delivered').catch(() => {})
    await failedMail('mail_code:0198')
    expect(await concerns()).toEqual([{ kind: 'untold', uid: expect.any(String), title: 'Ahead', mails: 1 }])
    for (const day of [25, 26, 27]) await failedMail(`booking:${(await booked(`2026-11-${day}T09:00:00Z`)).id}`)
    expect((await concerns()).map(({ kind }) => kind)).toEqual(['untold', 'untold', 'untold', 'untoldMore'])
  })

  it('is a schedule without hours, once for all that goes by it', async () => {
    await insertEventType(test.services.db, host.id, { slug: 'a', title: 'A' })
    await insertEventType(test.services.db, host.id, { slug: 'b', title: 'B' })
    expect(await concerns()).toEqual([])
    await test.services.db
      .updateTable('schedules')
      .set({ weekly: '[]', updated_at: test.clock.now() })
      .where('id', '=', host.scheduleId)
      .execute()
    expect(await concerns()).toEqual([{ kind: 'closed', scheduleId: null, titles: ['A', 'B'] }])
  })

  it.each([
    [
      'a notice that is longer than its window',
      { notice: 20 * 1440, window: { type: 'rolling', days: 14, calendarDays: true } },
    ],
    ['a window that is over', { window: { type: 'fixed', startDate: '2026-01-01', endDate: '2026-02-01' } }],
    ['hours that are too short', { durations: [600] }],
  ])('is an event type with %s', async (_, settings) => {
    await insertEventType(test.services.db, host.id, { title: 'Stuck', ...settings })
    expect(await concerns()).toMatchObject([{ kind: 'barren', title: 'Stuck', reason: { code: expect.any(String) } }])
  })

  it('is an event type while its host is away, but not one that is hidden', async () => {
    const id = await insertEventType(test.services.db, host.id)
    const now = test.clock.now()
    await test.services.db
      .insertInto('absences')
      .values({
        ...{ user_id: host.id, first_date: '2026-11-23', last_date: '2026-12-31', reason: 'vacation' },
        ...{ redirect_user_id: null, redirect_url: null, created_at: now, updated_at: now },
      })
      .execute()
    expect(await concerns()).toMatchObject([{ kind: 'barren', eventTypeId: id, reason: { code: 'away' } }])
    await test.services.db.updateTable('event_types').set({ hidden: true }).where('id', '=', id).execute()
    expect(await concerns()).toEqual([])
  })

  it('is a private link about to end, unless it is used up or revoked', async () => {
    const eventTypeId = await insertEventType(test.services.db, host.id, { title: 'A talk' })
    const now = test.clock.now()
    const link = (label: string, days: number, more: object = {}) =>
      test.services.db
        .insertInto('private_links')
        .values({
          ...{ event_type_id: eventTypeId, token_hash: Buffer.from(`${host.id} ${label}`), sealed_token: 'x', label },
          ...{ duration: null, expires_at: now.add({ hours: 24 * days }), most_uses: null, created_at: now, ...more },
          starts: null,
        })
        .execute()
    await link('Soon', 2)
    await link('Later', 4)
    await link('Ended', -1)
    await link('Used up', 1, { most_uses: 1, uses: 1 })
    await link('Revoked', 1, { revoked_at: now })
    expect(await concerns()).toMatchObject([{ kind: 'ending', eventTypeId, label: 'Soon', title: 'A talk' }])
  })

  it('is a low rating of the last days', async () => {
    const rated = async (stars: number, days: number) => {
      const { id, attendeeId } = await booked('2026-11-10T09:00:00Z', { title: `${stars} stars` })
      const created_at = test.clock.now().subtract({ hours: 24 * days })
      await test.services.db
        .insertInto('booking_ratings')
        .values({ attendee_id: attendeeId, booking_id: id, stars, created_at })
        .execute()
    }
    await rated(2, 1)
    await rated(3, 1)
    await rated(1, 8)
    expect(await concerns()).toEqual([
      { kind: 'rated', uid: expect.any(String), title: '2 stars', name: 'Bo', stars: 2 },
    ])
  })
})

it('costs seven statements, with one booking or many thousand', { timeout: 120_000 }, async () => {
  const eventTypeId = await insertEventType(test.services.db, host.id)
  const account = await ownAccount(userScope(ctx), ctx.db)
  const cost = async () => {
    const before = test.database.count.statements
    await homeOf(ctx, account)
    return test.database.count.statements - before
  }
  expect(await cost()).toBe(7)
  for (const slug of ['b', 'c', 'd']) await insertEventType(test.services.db, host.id, { slug })
  const until = '2027-11-23T08:00:00Z'
  await insertManyBookings(test.services.db, { hostId: host.id, eventTypeId, count: 20_000, until })
  expect(await cost()).toBe(7)
  await sql`insert into booking_ratings (attendee_id, booking_id, stars, created_at)
    select a.id, b.id, 1 + b.id % 5, b.ends_at from bookings b join attendees a on a.booking_id = b.id
    where b.host_id = ${host.id} and b.ends_at < ${test.clock.now()}`.execute(test.services.db)
  await sql`analyze booking_ratings`.execute(test.services.db)
  const plan = await planOf(test.database, (db) => homeOf({ ...ctx, db }, account))
  expect(
    plan.scanned.filter((table) => ['bookings', 'attendees', 'claims', 'booking_ratings'].includes(table)),
  ).toEqual([])
  const { waiting, today, next } = await homeOf(ctx, account)
  expect([waiting > 0, today.length > 0, next.length > 0]).toEqual([true, true, true])
})
