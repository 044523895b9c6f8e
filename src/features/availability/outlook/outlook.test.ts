import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertHost } from '#test/offers.ts'
import { rowsReadBy } from '#test/plans.ts'
import { loadOwnOffers } from '../queries.ts'

let context: TestContext
beforeAll(async () => {
  context = await testContext({ now: '2026-11-23T08:00:00Z' })
})
afterAll(() => context.close())

it('where a host is, is read once however many event types they have', async () => {
  const { db } = context.services
  const { id } = await insertHost(db)
  await sql`insert into event_types (user_id, slug, title, durations)
    select ${id}::int8, 'talk-' || n, 'Talk', '{30}' from generate_series(1, 300) n`.execute(db)
  await sql`insert into absences (user_id, first_date, last_date, reason, created_at, updated_at)
    select ${id}::int8, date '2027-01-01' + n, date '2027-01-01' + n, 'vacation', now(), now() from generate_series(1, 150) n`.execute(
    db,
  )
  await sql`insert into trips (user_id, first_date, last_date, time_zone, created_at, updated_at)
    select ${id}::int8, date '2027-01-01' + n, date '2027-01-01' + n, 'Asia/Tokyo', now(), now() from generate_series(1, 20) n`.execute(
    db,
  )
  await sql`analyze`.execute(db)
  const scope = userScope(context.as({ kind: 'user', userId: id, role: 'owner', via: 'session' }))
  const offers = await loadOwnOffers(db, scope)
  expect([offers.length, offers.at(-1)?.absences.length, offers.at(-1)?.trips.length]).toEqual([300, 150, 20])
  // And sent once: they may be many.
  expect(offers.filter(({ absences }) => absences !== offers[0]?.absences)).toEqual([])
  const read = await rowsReadBy(context.database, (watched) => loadOwnOffers(watched, scope))
  expect(read).toBeLessThan(2000)
})
