import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '#platform/db/connect.ts'
import { type UserScope, userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertManyBookings } from '#test/many-bookings.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { planOf, rowsReadBy } from '#test/plans.ts'
import { type BookingCursor, countUnconfirmed, inTab, labelsAsked, listBookings } from '../queries.ts'
import { BOOKING_TABS, type BookingTab } from '../types.ts'
import { filtersOf, queryOf } from './schema.ts'

const COUNT = 20_000
const NOW = '2026-11-23T08:00:00Z'
let context: TestContext
let scope: UserScope
let eventTypeId: number

beforeAll(async () => {
  context = await testContext({ now: NOW })
  const { db } = context.services
  const host = await insertHost(db)
  const other = await insertHost(db)
  eventTypeId = await insertEventType(db, host.id)
  const elsewhere = await insertEventType(db, other.id)
  scope = userScope(context.as({ kind: 'user', userId: host.id, role: 'owner', via: 'session' }))
  await insertManyBookings(db, { hostId: host.id, eventTypeId, count: COUNT, until: '2027-02-14T09:00:00Z' })
  await insertManyBookings(db, { hostId: other.id, eventTypeId: elsewhere, count: 2000, until: '2026-12-01T09:00:00Z' })
})
afterAll(() => context.close())

function search(tab: BookingTab, query = '') {
  const filters = filtersOf(new URLSearchParams(query))
  return { tab, now: context.clock.now(), narrowed: { filters, timeZone: 'Europe/Berlin' } }
}

async function titles(tab: BookingTab, query: string): Promise<string[]> {
  const { bookings } = await listBookings(context.services.db, scope, search(tab, query))
  return bookings.map(({ title }) => title)
}

async function retitle(id: number | undefined, title: string): Promise<void> {
  await sql`update bookings set title = ${title} where id = ${id}`.execute(context.services.db)
}

describe('an address of a search', () => {
  it('is read leniently and written in one spelling', () => {
    const read = (text: string) => queryOf(filtersOf(new URLSearchParams(text)))
    expect(read('q=+Anna++Berg%00&type=7&from=2026-11-01&status=pending')).toBe(
      'q=Anna+Berg&type=7&from=2026-11-01&status=pending',
    )
    expect(read('type=-1&from=2026-02-30&to=tomorrow&status=gone&q=')).toBe('')
  })
})

describe('a search', () => {
  it('finds words in titles, names and mail addresses, each anywhere', async () => {
    expect(await titles('all', 'q=Talk+19999')).toEqual(['Talk 19999'])
    expect(await titles('all', 'q=talk+19999+rson+999')).toEqual(['Talk 19999'])
    expect(await titles('all', 'q=person999@example.net+talk+1999')).toEqual(['Talk 19999', 'Talk 11999', 'Talk 1999'])
    expect(await titles('all', 'q=nobody')).toEqual([])
    expect(await titles('all', 'q=100%25')).toEqual([])
    expect(await titles('all', 'q=_')).toEqual([])
  })

  it('finds one and two letters wherever they are, in any script and case', async () => {
    const { db } = context.services
    const { rows } = await sql<{ id: number; title: string }>`
      select id, title from bookings where host_id = ${scope.userId} order by starts_at limit 4`.execute(db)
    const wanted = ['Über Öl', 'Gespräch mit 王伟', 'Quiz', '100% _ \\']
    for (const [n, title] of wanted.entries()) await retitle(rows[n]?.id, title)
    const found: Record<string, string> = {
      ÜB: 'Über Öl',
      öl: 'Über Öl',
      王伟: 'Gespräch mit 王伟',
      伟: 'Gespräch mit 王伟',
    }
    for (const [word, title] of Object.entries({ ...found, q: 'Quiz', UI: 'Quiz', '0%': '100% _ \\', _: '100% _ \\' }))
      expect([word, await titles('all', new URLSearchParams({ q: word }).toString())]).toEqual([word, [title]])
    for (const { id, title } of rows) await retitle(id, title)
  })

  it('finds a booking that somebody else hosts with the host', async () => {
    const { db } = context.services
    const { rows } = await sql<{ id: number; title: string }>`
      select id, title from bookings where host_id <> ${scope.userId} order by id limit 1`.execute(db)
    const [{ id, title } = { id: 0, title: '' }] = rows
    await sql`insert into co_hosts (booking_id, host_id, position) values (${id}, ${scope.userId}, 0)`.execute(db)
    await retitle(id, 'Zwölf Kekse')
    for (const word of ['kekse', 'wö', 'kekse zw']) expect(await titles('all', `q=${word}`)).toEqual(['Zwölf Kekse'])
    await retitle(id, title)
    await sql`delete from co_hosts where booking_id = ${id}`.execute(db)
  })

  it('finds a booking by its uid', async () => {
    const { bookings } = await listBookings(context.services.db, scope, search('all', 'q=Talk+19998'))
    expect(await titles('all', `q=${bookings[0]?.uid}`)).toEqual(['Talk 19998'])
  })

  it('counts dates in the zone of the host', async () => {
    // The day of Berlin begins at 23:00 UTC the day before.
    const { bookings } = await listBookings(context.services.db, scope, search('all', 'from=2026-11-24&to=2026-11-24'))
    expect([bookings.at(-1)?.start.toString(), bookings[0]?.start.toString(), bookings.length]).toEqual([
      '2026-11-23T23:00:00Z',
      '2026-11-24T22:00:00Z',
      24,
    ])
  })

  it('stays within one event type and one status', async () => {
    expect(await titles('all', `type=${eventTypeId}&status=cancelled&q=talk+1999`)).toEqual([])
    expect(await titles('all', `type=${eventTypeId}&status=cancelled&q=talk+12350`)).toEqual(['Talk 12350'])
    expect(await titles('all', 'type=999999')).toEqual([])
  })

  it('never shows what is another host’s', async () => {
    const { bookings } = await listBookings(context.services.db, scope, { ...search('all', 'q=person7@'), size: 500 })
    expect(new Set(bookings.map(({ host }) => host.id))).toEqual(new Set([scope.userId]))
    expect(bookings.length).toBe(COUNT / 1000)
  })

  it('finds what is found by looking at each booking, in the order of the list, page by page', async () => {
    const { db } = context.services
    const plainly = async (tab: BookingTab, words: string[]) => {
      const holds = words.map((word) => {
        const like = `%${word}%`
        return sql`(b.title ilike ${like} or exists (
          select from attendees a where a.booking_id = b.id and (a.name ilike ${like} or a.email ilike ${like})))`
      })
      const order = tab === 'upcoming' ? sql`b.starts_at, b.id` : sql`b.starts_at desc, b.id desc`
      const { rows } = await sql<{ title: string }>`
        select b.title from bookings b where b.host_id = ${scope.userId} and ${inTab(tab, NOW)}
          and ${sql.join(holds, sql` and `)} order by ${order} limit 200`.execute(db)
      return rows.map(({ title }) => title)
    }
    // From what everything has to what nothing has, alone and together; the last stand close to each other, far from the first.
    const searches = [
      'talk',
      '7',
      'son7',
      '7@',
      '33@',
      '777@',
      'zz',
      '33@ 9',
      'son9 k 1',
      '777@ talk',
      'talk 12',
      'talk 1234',
    ]
    for (const tab of ['all', 'upcoming'] as const)
      for (const q of searches) {
        const found: string[] = []
        let after: BookingCursor | undefined
        do {
          const { bookings, next } = await listBookings(db, scope, {
            ...{ ...search(tab, new URLSearchParams({ q }).toString()), ...(after && { after }) },
          })
          found.push(...bookings.map(({ title }) => title))
          after = next ?? undefined
        } while (after && found.length < 200)
        expect([tab, q, found.slice(0, 200)]).toEqual([tab, q, await plainly(tab, q.split(' '))])
      }
  })

  it('goes on where a page ended, without gaps or repeats', async () => {
    const found: string[] = []
    let after: { at: string; id: number } | undefined
    do {
      const page = await listBookings(context.services.db, scope, { ...search('all', 'q=person7@'), size: 7, after })
      found.push(...page.bookings.map(({ uid }) => uid))
      after = page.next ?? undefined
    } while (after)
    expect([found.length, new Set(found).size]).toEqual([20, 20])
  })
})

describe('with many bookings', () => {
  const EXPECTED: Record<BookingTab, string> = {
    upcoming: 'bookings_host',
    unconfirmed: 'bookings_pending',
    recurring: 'bookings_recurring',
    past: 'bookings_host',
    cancelled: 'bookings_called_off',
    all: 'bookings_host',
  }

  it('every list is one statement over its index', async () => {
    for (const tab of BOOKING_TABS) {
      const plan = await planOf(context.database, (db) => listBookings(db, scope, search(tab)))
      expect({ tab, ...plan }).toMatchObject({ statements: 1 })
      expect(plan.indexes).toContain(EXPECTED[tab])
      expect(plan.scanned).not.toContain('bookings')
      expect(plan.scanned).not.toContain('attendees')
    }
  })

  it('words are looked up in the indexes of words', async () => {
    const plan = await planOf(context.database, (db) => listBookings(db, scope, search('all', 'q=person999')))
    expect(plan.statements).toBe(1)
    expect(plan.indexes).toEqual(expect.arrayContaining(['attendees_words', 'bookings_words']))
    expect(plan.scanned).not.toContain('attendees')
  })

  it('words that many bookings have, and short ones, are read until the page is full, without looking them up', async () => {
    for (const query of ['q=person', 'q=pe', 'q=person9+pe', 'q=son9', 'q=9', 'q=9@+talk']) {
      const read = await rowsReadBy(context.database, (db) => listBookings(db, scope, search('all', query)))
      expect({ query, read, few: read < 900 }).toMatchObject({ query, few: true })
    }
  })

  it('what only some of the first have is soon looked up, though they promise a page', async () => {
    // Half a page in the latest ten of them, and some others long ago.
    for (const query of ['q=1999', 'q=1999+99']) {
      const read = await rowsReadBy(context.database, (db) => listBookings(db, scope, search('all', query)))
      expect({ query, read, few: read < 5000 }).toMatchObject({ query, few: true })
    }
  })

  it('beside a rare word, a frequent one is looked for in the few that have the rare one', async () => {
    for (const query of ['q=person777+talk', 'q=talk+person777']) {
      const read = await rowsReadBy(context.database, (db) => listBookings(db, scope, search('all', query)))
      expect({ query, read, few: read < 1800 }).toMatchObject({ query, few: true })
    }
  })

  it('what nothing has, or little, is read from the indexes of words alone, and from the first bookings', async () => {
    for (const [query, most] of [
      ...([
        ['nowhere', 600],
        ['zz', 600],
        ['q', 600],
        ['nowhere person', 2601],
        ['zz person', 2601],
      ] as const),
      ...([
        ['talk+19999', 1000],
        ['person777@', 700],
      ] as const),
    ]) {
      const run = (db: Db) => listBookings(db, scope, search('all', `q=${query}`))
      const read = await rowsReadBy(context.database, run)
      expect({ query, read, few: read <= most }).toMatchObject({ query, few: true })
    }
    const asked = (db: Db) => labelsAsked(db, scope, search('all', 'q=nowhere'))
    expect(await rowsReadBy(context.database, asked)).toBe(0)
  })

  it('requests that wait are counted without looking at the others', async () => {
    const plan = await planOf(context.database, (db) => countUnconfirmed(db, scope, context.clock.now()))
    expect(plan.indexes).toEqual(['bookings_pending', 'co_hosts_host'])
  })
})
