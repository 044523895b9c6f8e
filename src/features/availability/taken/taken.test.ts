import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertManyBookings } from '#test/many-bookings.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { rowsReadBy } from '#test/plans.ts'
import { bookingsWithin, takenFromHost } from './queries.ts'

const DAY = 86_400_000
const FROM = Date.parse('2026-12-01T00:00:00Z')
const MONTH = { start: FROM, end: FROM + 30 * DAY }
let context: TestContext
/** One with many bookings, among four others who have as many in the same month. */
let hostId: number

beforeAll(async () => {
  context = await testContext({ now: '2026-11-23T08:00:00Z' })
  const { db } = context.services
  const fill = async (count: number) => {
    const { id } = await insertHost(db)
    const eventTypeId = await insertEventType(db, id)
    await insertManyBookings(db, { hostId: id, eventTypeId, count, until: '2027-02-01T09:00:00Z' })
    return id
  }
  hostId = await fill(8000)
  for (let other = 0; other < 4; other++) await fill(2000)
  await sql`
    insert into claims (host_id, booking_id, blocked)
    select host_id, id, tstzrange(starts_at, ends_at) from bookings where status in ('pending', 'accepted')`.execute(db)
  await sql`analyze claims`.execute(db)
})
afterAll(() => context.close())

const scope = () => userScope(context.as({ kind: 'user', userId: hostId, role: 'owner', via: 'session' }))
const claimsWithin = async () => {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from claims where host_id = ${hostId}
      and blocked && tstzrange(to_timestamp(${MONTH.start / 1000}), to_timestamp(${MONTH.end / 1000}))`.execute(
    context.services.db,
  )
  return rows[0]?.count ?? 0
}

it('what is taken of a month is read without what others have in it, and without what the host has in others', async () => {
  const claims = await claimsWithin()
  expect(claims).toBeGreaterThan(600)
  const read = await rowsReadBy(context.database, (db) => takenFromHost(db, scope(), MONTH, FROM))
  // Each claim, its booking, and little else.
  expect(read).toBeLessThan(2 * claims + 50)
})

it('how many bookings a period has is counted in the same way', async () => {
  const periods = [{ key: 'month', first: '2026-12-01', last: '2026-12-30' }]
  const read = await rowsReadBy(context.database, (db) => bookingsWithin(db, scope(), 'UTC', periods))
  expect(read).toBeLessThan((await claimsWithin()) + 50)
})
