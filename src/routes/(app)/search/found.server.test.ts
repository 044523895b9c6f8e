import { afterAll, beforeAll, expect, it } from 'vitest'
import { ownAccount } from '#features/accounts/queries.ts'
import type { Ctx } from '#platform/ctx.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertManyBookings } from '#test/many-bookings.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { findOwn } from './found.server.ts'

let test: TestContext
let ctx: Ctx
let host: TestHost
beforeAll(async () => {
  test = await testContext()
  const { db } = test.services
  host = await insertHost(db)
  const other = await insertHost(db)
  ctx = test.as({ kind: 'user', userId: host.id, role: 'member', via: 'session' })
  await insertEventType(db, host.id, { slug: 'uebung', title: 'Übung im Garten' })
  await insertEventType(db, other.id, { slug: 'garten', title: 'Garten nebenan' })
  await booked(host.id, 'Garten mit Bo', 'Bo Visitor', 'bo@example.net')
  await booked(other.id, 'Garten mit Cy', 'Cy Visitor', 'cy@example.net')
})
afterAll(() => test.close())

const find = async (typed: string) => findOwn(ctx, await ownAccount(userScope(ctx), ctx.db), typed)
const NOTHING = { eventTypes: [], bookings: [], contacts: [] }

let made = 0
async function booked(hostId: number, title: string, name: string, email: string): Promise<void> {
  made++
  const start = test.clock.now().add({ hours: 24 * made })
  const { id } = await test.services.db
    .insertInto('bookings')
    .values({
      ...{ uid: `booking-that-is-looked-for-${made}`, event_type_id: null, host_id: hostId, status: 'accepted', title },
      ...{ starts_at: start, ends_at: start.add({ minutes: 30 }), time_zone: 'Europe/Berlin', location: null },
      ...{ cancelled_by: null, created_at: start, updated_at: start },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await test.services.db
    .insertInto('attendees')
    .values({
      ...{ booking_id: id, host_id: hostId, kind: 'booker', name, email, time_zone: 'Europe/Berlin', locale: 'en' },
    })
    .execute()
}

it('finds event types, bookings and contacts by a part of their name, and nothing of anybody else', async () => {
  const found = await find('garten')
  expect(found.eventTypes.map(({ title }) => title)).toEqual(['Übung im Garten'])
  expect(found.bookings.map(({ title }) => title)).toEqual(['Garten mit Bo'])
  expect((await find('ubung')).eventTypes).toHaveLength(1)
  expect((await find('visitor')).contacts).toMatchObject([{ name: 'Bo Visitor', email: 'bo@example.net' }])
  expect((await find('bo@example')).bookings).toHaveLength(1)
  expect(await find('cy@example.net')).toEqual(NOTHING)
})

it.each(['', ' ', 'g', ' g ', '\u0000\u0007', '%%', '__', '\\\\'])('finds nothing for %j', async (typed) => {
  expect(await find(typed)).toEqual(NOTHING)
})

it('says no more of each kind than is shown, and takes what is too long for its beginning', async () => {
  const until = test.clock.now().toString()
  await insertManyBookings(test.services.db, { hostId: host.id, eventTypeId: null, count: 200, until })
  const { bookings, contacts } = await find('example')
  expect([bookings.length, contacts.length]).toEqual([5, 5])
  expect(await find(`garten ${'x'.repeat(5000)}`)).toEqual(NOTHING)
})

it('is for whoever is signed in', async () => {
  await expect(findOwn(test.visitor, await ownAccount(userScope(ctx), ctx.db), 'garten')).rejects.toThrow()
})
