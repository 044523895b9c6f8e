import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseInput } from '#platform/input.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { createBooking } from '../creation/commands.ts'
import { bookingByUid } from '../queries.ts'
import { createBookingSchema } from '../schema.ts'
import { broughtBy } from './schema.ts'

let context: TestContext
let single: number
let shared: number
let series: number

beforeAll(async () => {
  context = await testContext()
  const { db } = context.services
  const host = await insertHost(db)
  single = await insertEventType(db, host.id)
  const seats = { count: 5, showAttendees: false, showFree: true, maxPerBooking: 2 }
  shared = await insertEventType(db, host.id, { slug: 'class', options: { seats } })
  const recurrence = { frequency: 'weekly', interval: 1, count: 3 } as const
  series = await insertEventType(db, host.id, { slug: 'course', options: { recurrence } })
})
afterAll(() => context.close())

const brought = { metadata: { order: '17', 'crm id': 'x' }, tracking: { utm_source: 'newsletter' } }

async function book(eventTypeId: number, start: string, more: object = {}, dryRun = false) {
  const who = { name: 'Bo', email: 'bo@example.net', guests: [] as string[], timeZone: 'UTC' }
  const booking = parseInput(createBookingSchema, { start, ...who, ...more })
  return createBooking(context.visitor, { offer: { eventTypeId }, booking, locale: 'en', dryRun })
}

async function attendeesOf(uid: string) {
  return (await bookingByUid(context.visitor, uid))?.attendees ?? []
}

describe('what is brought along', () => {
  it('stays with the booker, and guests have none', async () => {
    const { uid } = await book(single, '2026-11-24T09:00:00Z', { ...brought, guests: ['cy@example.net'] })
    const [booker, guest] = await attendeesOf(uid)
    expect(booker).toMatchObject(brought)
    expect(guest).toMatchObject({ kind: 'guest', metadata: {}, tracking: {} })
  })

  it('is of each seat its own', async () => {
    const start = '2026-11-24T11:00:00Z'
    const one = await book(shared, start, brought)
    const two = await book(shared, start, { email: 'cy@example.net', metadata: { order: '18' } })
    const order = async (uid: string) => (await attendeesOf(uid)).map(({ metadata }) => metadata.order)
    expect([await order(one.uid), await order(two.uid)]).toEqual([['17'], ['18']])
  })

  it('is with every booking of a series', async () => {
    const occurrences = ['2026-11-24T13:00:00Z', '2026-12-01T13:00:00Z']
    await book(series, occurrences[0] ?? '', { ...brought, occurrences })
    const rows = await context.services.db
      .selectFrom('attendees as a')
      .innerJoin('bookings as b', 'b.id', 'a.booking_id')
      .where('b.event_type_id', '=', series)
      .select(['a.metadata', 'a.tracking'])
      .execute()
    expect(rows).toEqual([brought, brought])
  })

  it.each([
    { metadata: { ['k'.repeat(41)]: '' } },
    { metadata: { '': 'x' } },
    { metadata: { k: 'v'.repeat(501) } },
    { metadata: { k: 1 } },
    { metadata: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, ''])) },
    { tracking: { utm_source: 'x'.repeat(201) } },
    { tracking: { referrer: 'x' } },
  ])('is refused beyond its bounds: %j', async (more) => {
    expect(await refusal(book(single, '2026-11-25T09:00:00Z', more))).toMatch(/^invalid_input/)
  })
})

describe('an address', () => {
  it('brings metadata and campaigns along', () => {
    const query = new URLSearchParams('metadata[order]=17&metadata[a b]=x&utm_source= news &utm_medium=mail&name=Bo')
    expect(broughtBy(query)).toEqual({
      metadata: { order: '17', 'a b': 'x' },
      tracking: { utm_source: 'news', utm_medium: 'mail' },
    })
  })

  it('is not refused for what cannot be kept', () => {
    const many = Array.from({ length: 60 }, (_, i): [string, string] => [`metadata[k${i}]`, 'v'])
    const query: [string, string][] = [
      ['metadata[]', 'x'],
      ['metadata[a][b]', 'x'],
      ['metadata[__proto__]', 'x'],
      [`metadata[long]`, 'x'.repeat(501)],
      ['utm_source', 'a\r\nb'],
      ['utm_other', 'x'],
      ...many,
    ]
    const { metadata, tracking } = broughtBy(query)
    expect(Object.keys(metadata)).toHaveLength(50)
    expect(metadata).not.toHaveProperty('long')
    expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype)
    expect(tracking).toEqual({})
  })
})

describe('a dry run', () => {
  const count = async () => {
    const { db } = context.services
    const tables = ['bookings', 'attendees', 'claims', 'events'] as const
    const rows = tables.map((table) =>
      db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow(),
    )
    return (await Promise.all(rows)).map(({ n }) => n)
  }

  it('says that it would work and leaves nothing behind', async () => {
    const before = await count()
    expect(await refusal(book(single, '2026-11-26T09:00:00Z', {}, true))).toBe('dry_run_passed')
    expect(await count()).toEqual(before)
    expect(await refusal(book(single, '2026-11-26T09:00:00Z'))).toBe('done')
  })

  it('says why it would not', async () => {
    expect(await refusal(book(single, '2026-11-26T03:00:00Z', {}, true))).toBe('slot_not_offered')
  })
})
