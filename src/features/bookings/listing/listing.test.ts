import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBooking } from '#features/bookings/creation/commands.ts'
import { createBookingSchema } from '#features/bookings/schema.ts'
import { parseInput } from '#platform/input.ts'
import { type UserScope, userScope } from '#platform/scope.ts'
import { type ApiClient, apiClient, insertApiKey } from '#test/api.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertManyBookings } from '#test/many-bookings.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { planOf } from '#test/plans.ts'
import { pageOfBookings } from './queries.ts'
import type { Listing } from './types.ts'

const COUNT = 20_000
const LAST = '2027-02-14T09:00:00Z'
let test: TestContext
let host: TestHost
let scope: UserScope
let eventTypeId: number
let api: ApiClient
let otherUid: string

beforeAll(async () => {
  test = await testContext()
  const { db } = test.services
  host = await insertHost(db)
  eventTypeId = await insertEventType(db, host.id)
  scope = userScope(test.as({ kind: 'user', userId: host.id, role: 'member', via: 'api_key' }))
  await insertManyBookings(db, { hostId: host.id, eventTypeId, count: COUNT, until: LAST })
  api = apiClient(test, await insertApiKey(test, host.id))
  const other = await insertHost(db)
  const elsewhere = await insertEventType(db, other.id)
  const wish = { start: '2026-11-24T09:00:00Z', name: 'Person 7', email: 'person7@example.net', timeZone: 'UTC' }
  const booking = parseInput(createBookingSchema, wish)
  otherUid = (await createBooking(test.visitor, { offer: { eventTypeId: elsewhere }, booking, locale: 'en' })).uid
})
afterAll(() => test.close())

interface Listed {
  title: string
  start: string
  end: string
  status: string
  createdAt: string
  updatedAt: string
}

async function list(query: string): Promise<Listed[]> {
  const { status, body, data } = await api.get(`/v2/bookings?${query}`)
  expect([status, body.error]).toEqual([200, undefined])
  return data
}
const titles = async (query: string) => (await list(query)).map(({ title }) => title)

describe('bookings over the API', () => {
  it('come a hundred at a time, the latest first', async () => {
    const { data, body } = await api.get('/v2/bookings')
    expect([data.length, data[0].title, data[99].title]).toEqual([100, `Talk ${COUNT}`, `Talk ${COUNT - 99}`])
    expect(body.pagination).toEqual({
      ...{ totalItems: COUNT, remainingItems: COUNT - 100, returnedItems: 100, itemsPerPage: 100, currentPage: 1 },
      ...{ totalPages: COUNT / 100, hasNextPage: true, hasPreviousPage: false, nextCursor: expect.any(String) },
    })
  })

  it('are narrowed by what they are', async () => {
    const now = '2026-11-23T08:00:00.000Z'
    const upcoming = await list('status=upcoming&take=250')
    expect(upcoming.every(({ status, end }) => status === 'accepted' && end > now)).toBe(true)
    expect(upcoming.map(({ start }) => start)).toEqual(upcoming.map(({ start }) => start).sort())
    expect((await list('status=past'))[0]?.start).toBe('2026-11-23T07:00:00.000Z')
    const both = await list('status=cancelled,unconfirmed&take=20')
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set(['cancelled', 'pending']))
    expect(await list('status[]=cancelled&status[]=unconfirmed&take=20')).toEqual(both)
    expect(await list('status=recurring')).toEqual([])
  })

  it('are narrowed by who comes', async () => {
    expect(await titles('attendeeEmail=Person7@example.net&take=2')).toEqual(['Talk 19007', 'Talk 18007'])
    expect((await list('attendeeEmail=person7@example.net')).length).toBe(COUNT / 1000)
    expect((await list('attendeeEmail=person@example.net')).length).toBe(0)
    expect(await titles('attendeeName=ERSON 999&take=1')).toEqual(['Talk 19999'])
    expect(await list('attendeeName=%25&take=1')).toEqual([])
    expect(await titles('attendeeEmail=person7@example.net&attendeeName=Person%208')).toEqual([])
  })

  it('are narrowed by uid and event type', async () => {
    const [{ uid }] = (await api.get('/v2/bookings?take=1')).data
    expect(await titles(`bookingUid=${uid}`)).toEqual([`Talk ${COUNT}`])
    expect(await list(`bookingUid=${otherUid}`)).toEqual([])
    expect((await list(`eventTypeIds=${eventTypeId},999999&take=1`)).length).toBe(1)
    expect(await list('eventTypeId=999999')).toEqual([])
  })

  it('are narrowed by when they are, were made and changed', async () => {
    const bounds = 'afterStart=2026-11-24T09:00:00Z&beforeEnd=2026-11-24T11:30:00Z'
    expect((await list(bounds)).map(({ start }) => start.slice(11, 16))).toEqual(['11:00', '10:00', '09:00'])
    expect(await list('afterCreatedAt=2027-02-14T10:00:00%2B01:00')).toHaveLength(1)
    expect(await list('afterUpdatedAt=2027-02-14T08:00:00Z&beforeUpdatedAt=2027-02-14T08:30:00Z')).toHaveLength(1)
    expect(await list('beforeCreatedAt=2001-01-01T00:00:00Z')).toEqual([])
  })

  it.each([
    ['status=gone', 'status.0'],
    ['sortStart=up', 'sortStart'],
    ['take=0', 'take'],
    ['take=251', 'take'],
    ['skip=-1', 'skip'],
    ['afterStart=yesterday', 'afterStart'],
    ['eventTypeIds=1,x', 'eventTypeIds.1'],
    ['attendeeEmail=somebody', 'attendeeEmail'],
    ['cursor=x', 'cursor'],
    [`cursor=${Buffer.from('["start desc","2026",1]').toString('base64url')}`, 'cursor'],
    ['teamId=1', ''],
    ['hostId=1', ''],
  ])('are not listed for %s', async (query, path) => {
    const { status, body } = await api.get(`/v2/bookings?${query}`)
    expect([status, body.error.details.fields]).toMatchObject([400, [{ path }]])
  })

  it.each([
    ['sortStart=asc', 'start'],
    ['sortStart=desc', 'start'],
    ['sortEnd=asc', 'end'],
    ['sortCreated=desc', 'createdAt'],
    ['sortUpdatedAt=asc', 'updatedAt'],
    ['sortCreated=desc&sortStart=asc&status=past', 'start'],
  ] as const)('sorted by %s go on where a page ended, without gaps or repeats', async (query, key) => {
    const found: Listed[] = []
    let cursor: string | null = ''
    const narrow = `attendeeEmail=person8@example.net&take=6&${query}`
    let before = 0
    do {
      const { data, body }: { data: Listed[]; body: { pagination: Record<string, unknown> } } = await api.get(
        `/v2/bookings?${narrow}${cursor ? `&cursor=${cursor}` : ''}`,
      )
      const { totalItems, remainingItems, nextCursor, hasNextPage } = body.pagination
      found.push(...data)
      expect([Number(totalItems) - Number(remainingItems), hasNextPage]).toEqual([found.length, nextCursor !== null])
      before += data.length
      cursor = nextCursor as string | null
    } while (cursor)
    const direction = query.startsWith('sortCreated=desc&sortStart') || query.endsWith('asc') ? 1 : -1
    const values = found.map((one) => one[key])
    expect(values).toEqual([...values].sort().map((_, i, all) => all.at(direction === 1 ? i : -1 - i)))
    expect([before, new Set(values).size]).toEqual([found.length, found.length])
    const skipped = await list(`${narrow}&skip=6`)
    expect(skipped).toEqual(found.slice(6, 12))
  })

  it('keep their place in a list that others change', async () => {
    const first = await api.get('/v2/bookings?sortUpdatedAt=asc&take=3')
    const { nextCursor } = first.body.pagination
    const [{ uid }] = first.data
    await test.services.db
      .updateTable('bookings')
      .set({ updated_at: Temporal.Instant.from(LAST) })
      .where('uid', '=', uid)
      .execute()
    const next = await api.get(`/v2/bookings?sortUpdatedAt=asc&take=3&cursor=${nextCursor}`)
    expect(next.data.map(({ title }: Listed) => title)).toEqual(['Talk 4', 'Talk 5', 'Talk 6'])
    expect((await api.get(`/v2/bookings?sortStart=asc&cursor=${nextCursor}`)).status).toBe(400)
  })
})

describe('with many bookings', () => {
  const plain: Listing = {
    ...{ kinds: [], from: {}, until: {}, skip: 0, take: 100 },
    order: [{ by: 'start', direction: 'desc' }],
  }
  const plan = (listing: Partial<Listing>) =>
    planOf(test.database, (db) => pageOfBookings({ db, clock: test.clock }, scope, { ...plain, ...listing }))

  it.each([
    ['start', 'bookings_host'],
    ['end', 'bookings_end'],
    ['created', 'bookings_made'],
    ['updated', 'bookings_changed'],
  ] as const)('a page by %s is three statements, and read from its index', async (by, index) => {
    const after = { values: ['2026-01-01T00:00:00Z'], id: 1 }
    const found = await plan({ order: [{ by, direction: 'asc' }], after, kinds: ['past', 'upcoming'] })
    expect(found.statements).toBe(3)
    expect(found.indexes).toContain(index)
  })

  it('somebody’s are found by their address', async () => {
    expect((await plan({ email: 'person7@example.net' })).indexes).toContain('attendees_email')
  })
})
