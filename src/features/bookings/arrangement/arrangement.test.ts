import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '#platform/db/connect.ts'
import { type UserScope, userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertManyBookings } from '#test/many-bookings.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { planOf, rowsReadBy } from '#test/plans.ts'
import { filtersOf } from '../filters/schema.ts'
import { type BookingCursor, type BookingSearch, listBookings } from '../queries.ts'
import { BOOKING_TABS, type BookingTab } from '../types.ts'
import { arrangementOf, askedList, COLUMNS, listQuery, SORTS, type Sort, usualSort } from './schema.ts'

const COUNT = 10_000
const NOW = '2026-11-23T08:00:00Z'
let context: TestContext
let scope: UserScope
let eventTypeId: number
let rareTypeId: number

beforeAll(async () => {
  context = await testContext({ now: NOW })
  const { db } = context.services
  const host = await insertHost(db)
  const other = await insertHost(db)
  eventTypeId = await insertEventType(db, host.id)
  rareTypeId = await insertEventType(db, host.id, { slug: 'rare' })
  scope = userScope(context.as({ kind: 'user', userId: host.id, role: 'owner', via: 'session' }))
  await insertManyBookings(db, { hostId: host.id, eventTypeId, count: COUNT, until: '2027-02-14T09:00:00Z' })
  await insertManyBookings(db, { hostId: other.id, eventTypeId: null, count: 50, until: '2026-12-01T09:00:00Z' })
  // Booked up to sixty days before, many in the same second, and some of them as a series.
  await sql`update bookings set created_at = date_trunc('day', starts_at) - (id * 7919 % 60) * interval '1 day'`.execute(
    db,
  )
  await sql`update bookings set event_type_id = ${rareTypeId} where host_id = ${host.id} and id % 500 = 7`.execute(db)
  await sql`insert into co_hosts (booking_id, host_id, position)
    select id, ${host.id}, 0 from bookings where host_id = ${other.id} and id % 9 = 0`.execute(db)
  // Every fortieth hour is one of a hundred series.
  await sql`with made as (
      insert into series (host_id, created_at) select ${host.id}::int8, now() from generate_series(1, 100) returning id),
    numbered as (select id, row_number() over (order by id) - 1 as n from made),
    chosen as (select id, row_number() over (order by starts_at) as n from bookings where host_id = ${host.id} and id % 40 = 3)
    update bookings b set series_id = s.id, occurrence = 1 + c.n / 100
    from chosen c join numbered s on s.n = c.n % 100 where b.id = c.id`.execute(db)
  await sql`analyze`.execute(db)
})
afterAll(() => context.close())

function search(tab: BookingTab, sort: Sort, query = ''): BookingSearch {
  const filters = filtersOf(new URLSearchParams(query))
  return { tab, sort, now: context.clock.now(), narrowed: { filters, timeZone: 'Europe/Berlin' } }
}

interface Placed {
  id: number
  start: number
  created: number
}

/** Page by page, up to so many pages. */
async function walk(asked: BookingSearch, size: number, pages: number): Promise<Placed[]> {
  const found: Placed[] = []
  let after: BookingCursor | undefined
  for (let n = 0; n < pages; n++) {
    const page = await listBookings(context.services.db, scope, { ...asked, size, ...(after && { after }) })
    for (const { id, start, createdAt } of page.bookings)
      found.push({ id, start: start.epochMilliseconds, created: createdAt.epochMilliseconds })
    if (!page.next) break
    after = page.next
  }
  return found
}

const whole = (asked: BookingSearch) => walk(asked, COUNT * 2, 1)

const BY = {
  soonest: (a: Placed, b: Placed) => a.start - b.start || a.id - b.id,
  latest: (a: Placed, b: Placed) => b.start - a.start || b.id - a.id,
  newest: (a: Placed, b: Placed) => b.created - a.created || b.id - a.id,
  oldest: (a: Placed, b: Placed) => a.created - b.created || a.id - b.id,
} satisfies Record<Sort, unknown>
const ORDERS = Object.keys(SORTS) as Sort[]

describe('an address of a list', () => {
  const read = (query: string, tab: BookingTab = 'past') => arrangementOf(new URLSearchParams(query), tab)

  it('is read leniently: what means nothing is as usual', () => {
    expect(read('')).toEqual({ sort: 'latest', columns: ['who', 'place', 'status'], size: 25 })
    expect(read('', 'upcoming').sort).toBe('soonest')
    expect(read('sort=name&size=26&show=secret')).toEqual({ sort: 'latest', columns: [], size: 25 })
    expect(read('sort=newest&size=100&show=&show=notes&show=who&show=who')).toEqual({
      ...{ sort: 'newest', size: 100, columns: ['who', 'notes'] },
    })
  })

  it('is written in one spelling, with what is not as usual', () => {
    const spelled = (query: string, tab: BookingTab = 'past') => listQuery(askedList(new URLSearchParams(query), tab))
    expect(spelled('size=25&sort=latest&show=status&show=place&show=who&q=')).toBe('')
    expect(spelled('sort=latest', 'upcoming')).toBe('sort=latest')
    expect(spelled('show=answers&size=50&sort=oldest&q=+anna&evil=1')).toBe('q=anna&sort=oldest&show=answers&size=50')
    expect(spelled('show=')).toBe('show=')
    const everything = COLUMNS.map((column) => `show=${column}`).join('&')
    expect([spelled(everything), spelled(spelled(everything))]).toEqual([everything, everything])
  })
})

describe('every order of every list', () => {
  const NARROWED = [
    '',
    `type=`,
    'q=person99',
    'q=talk',
    'q=person+talk&from=2026-11-20&to=2026-12-24',
    'status=cancelled',
  ]

  it.each(BOOKING_TABS)('has what the usual one has, in pages without gaps or repeats: %s', async (tab) => {
    for (const query of NARROWED) {
      const narrowed = query === 'type=' ? `type=${rareTypeId}` : query
      const all = await whole(search(tab, usualSort(tab), narrowed))
      for (const sort of ORDERS) {
        const expected = all.toSorted(BY[sort]).slice(0, 120)
        expect({ query, sort, found: await walk(search(tab, sort, narrowed), 40, 3) }).toEqual({
          ...{ query, sort, found: expected },
        })
      }
    }
  })

  it('goes on among bookings that were made in the same second', async () => {
    const asked = search('all', 'newest')
    const first = (await whole(asked)).slice(0, 70)
    expect(new Set(first.map(({ created }) => created)).size).toBeLessThan(30)
    expect(await walk(asked, 7, 10)).toEqual(first)
  })
})

describe('with many bookings', () => {
  const run = (asked: BookingSearch) => (db: Db) => listBookings(db, scope, asked)

  it('every order of every list is one statement that scans no table', async () => {
    for (const tab of BOOKING_TABS)
      for (const sort of ORDERS) {
        const plan = await planOf(context.database, run(search(tab, sort)))
        expect({ tab, sort, ...plan }).toMatchObject({ statements: 1 })
        expect(plan.scanned).not.toContain('bookings')
        expect(plan.scanned).not.toContain('attendees')
      }
  })

  it('reads a page, what is ahead, or little: never all', async () => {
    const most = 4500
    for (const tab of BOOKING_TABS)
      for (const sort of ORDERS)
        for (const query of ['', 'q=talk', `type=${rareTypeId}`, 'from=2026-11-01&to=2026-12-03']) {
          const read = await rowsReadBy(context.database, run(search(tab, sort, query)))
          expect({ tab, sort, query, read, few: read < most }).toMatchObject({ few: true })
        }
    for (const sort of ORDERS) {
      const read = await rowsReadBy(context.database, run(search('all', sort, 'status=cancelled')))
      expect({ sort, read, few: read < most }).toMatchObject({ few: true })
    }
  })
})
