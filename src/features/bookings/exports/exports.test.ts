import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { csvField, csvRecord } from '#platform/csv.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertManyBookings } from '#test/many-bookings.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { filtersOf } from '../filters/schema.ts'
import { exportBookings } from './queries.ts'

let context: TestContext
beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())

it('a record is one of RFC 4180', () => {
  expect(csvRecord(['a', 5, 'b "c"', 'd,e', 'f\ng', ''])).toBe('a,5,"b ""c""","d,e","f\ng",\r\n')
})

it('nothing a stranger writes is run by a spreadsheet', () => {
  for (const text of ['=1+1', '+49 30', '-2', '@SUM(A1)', ' =1', '\t=1', '＝1', '\u200b=1', '%0A', '|x'])
    expect(csvField(text).replace(/^"/, '')[0]).toBe("'")
  expect(csvField('a=1')).toBe('a=1')
})

it('a search is written page by page, marked when wanted', async () => {
  const { db } = context.services
  const host = await insertHost(db)
  const eventTypeId = await insertEventType(db, host.id, { title: '=cmd()' })
  await insertManyBookings(db, { hostId: host.id, eventTypeId, count: 1200, until: '2026-12-01T09:00:00Z' })
  const scope = userScope(context.as({ kind: 'user', userId: host.id, role: 'owner', via: 'session' }))
  const all = (query: string) => ({
    ...{ tab: 'all' as const, now: context.clock.now() },
    narrowed: { filters: filtersOf(new URLSearchParams(query)), timeZone: 'Europe/Berlin' },
  })
  const before = context.database.count.statements
  const pieces: string[] = []
  for await (const piece of exportBookings(db, scope, all(''), true)) pieces.push(piece)
  expect([pieces.length, context.database.count.statements - before]).toEqual([4, 4])
  const lines = pieces.join('').split('\r\n')
  expect([lines.length, lines[0]?.startsWith('\ufeffuid,status,')]).toEqual([1202, true])
  expect(lines[1]).toMatch(
    /,cancelled,Talk 1200,'=cmd\(\),2026-12-01T09:00:00Z,2026-12-01T09:30:00Z,30,Europe\/Berlin,Person 200,/,
  )

  const one: string[] = []
  for await (const piece of exportBookings(db, scope, all('q=person7@&to=2026-11-01'), false)) one.push(piece)
  expect(one.join('').split('\r\n').filter(Boolean).slice(1)).toHaveLength(1)
})

it('is in the order of its list, across pages too', async () => {
  const { db } = context.services
  const host = await insertHost(db)
  await insertManyBookings(db, { hostId: host.id, eventTypeId: null, count: 600, until: '2026-12-01T09:00:00Z' })
  // Who booked last comes first in time.
  await sql`update bookings set created_at = timestamptz '2026-10-01T00:00:00Z' - (starts_at - timestamptz '2026-10-01T00:00:00Z')
    where host_id = ${host.id}`.execute(db)
  const scope = userScope(context.as({ kind: 'user', userId: host.id, role: 'owner', via: 'session' }))
  for (const [sort, first, last] of [
    ['newest', 'Talk 1', 'Talk 600'],
    ['oldest', 'Talk 600', 'Talk 1'],
    ['soonest', 'Talk 1', 'Talk 600'],
    ['latest', 'Talk 600', 'Talk 1'],
  ] as const) {
    let text = ''
    const search = { tab: 'all' as const, now: context.clock.now(), sort }
    for await (const piece of exportBookings(db, scope, search, false)) text += piece
    const titles = text
      .split('\r\n')
      .slice(1, -1)
      .map((line) => line.split(',')[2])
    expect({ sort, found: [titles.length, titles[0], titles.at(-1), new Set(titles).size] }).toEqual({
      ...{ sort, found: [600, first, last, 600] },
    })
  }
})

it('answers have a column for each question, as it was asked', async () => {
  const { db } = context.services
  const host = await insertHost(db)
  const eventTypeId = await insertEventType(db, host.id)
  await insertManyBookings(db, { hostId: host.id, eventTypeId, count: 3, until: '2026-12-01T09:00:00Z' })
  const rows = await db
    .selectFrom('attendees as a')
    .innerJoin('bookings as b', 'b.id', 'a.booking_id')
    .where('b.host_id', '=', host.id)
    .where('a.kind', '=', 'booker')
    .select('a.id')
    .orderBy('b.starts_at')
    .execute()
  const answer = (key: string, label: string, value: unknown) => ({ key, label, type: 'text', hidden: false, value })
  const given = [
    [answer('size', 'How large?', 4.5), answer('topics', '=Topics, all', ['Plans', 'Prices'])],
    [answer('size', 'How large is it?', '=1+1')],
    [],
  ]
  for (const [i, { id }] of rows.entries()) {
    await db
      .updateTable('attendees')
      .set({ answers: JSON.stringify(given[i] ?? []) })
      .where('id', '=', id)
      .execute()
  }
  const scope = userScope(context.as({ kind: 'user', userId: host.id, role: 'owner', via: 'session' }))
  let text = ''
  for await (const piece of exportBookings(db, scope, { tab: 'all', now: context.clock.now() }, false)) text += piece
  const [head = '', ...lines] = text.split('\r\n')
  expect(head.endsWith(`,How large is it?,How large?,"'=Topics, all"`)).toBe(true)
  expect(lines[0]?.endsWith(',,,')).toBe(true)
  expect(lines[1]?.endsWith(`,'=1+1,,`)).toBe(true)
  expect(lines[2]?.endsWith(',,4.5,"Plans\nPrices"')).toBe(true)
  // Only what the search finds.
  let none = ''
  const past = { tab: 'past' as const, now: context.clock.now() }
  for await (const piece of exportBookings(db, scope, past, false)) none += piece
  expect(none).not.toContain('How large')
})
