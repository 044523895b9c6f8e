import { afterAll, beforeAll, expect, it } from 'vitest'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertManyBookings } from '#test/many-bookings.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { filtersOf } from '../filters/schema.ts'
import { exportBookings } from './queries.ts'
import { csvField, csvRecord } from './rules.ts'

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
  expect([pieces.length, context.database.count.statements - before]).toEqual([4, 6])
  const lines = pieces.join('').split('\r\n')
  expect([lines.length, lines[0]?.startsWith('\ufeffuid,status,')]).toEqual([1202, true])
  expect(lines[1]).toMatch(
    /,cancelled,Talk 1200,'=cmd\(\),2026-12-01T09:00:00Z,2026-12-01T09:30:00Z,30,Europe\/Berlin,Person 200,/,
  )

  const one: string[] = []
  for await (const piece of exportBookings(db, scope, all('q=person7@&to=2026-11-01'), false)) one.push(piece)
  expect(one.join('').split('\r\n').filter(Boolean).slice(1)).toHaveLength(1)
})
