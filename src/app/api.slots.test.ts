import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createBooking } from '#features/bookings/creation/commands.ts'
import { createBookingSchema } from '#features/bookings/schema.ts'
import { parseInput } from '#platform/input.ts'
import { type ApiClient, apiClient, insertApiKey } from '#test/api.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestEventType, type TestHost } from '#test/offers.ts'

/** Tuesday 24 November 2026: 9 to 17 in Berlin, which is 8 to 16 in UTC. */
const DAY = '2026-11-24'

let test: TestContext
let host: TestHost
let anybody: ApiClient
let asHost: ApiClient

beforeAll(async () => {
  test = await testContext()
  anybody = apiClient(test)
})
afterAll(() => test.close())
beforeEach(async () => {
  test.clock.set('2026-11-23T08:00:00Z')
  host = await insertHost(test.services.db)
  asHost = apiClient(test, await insertApiKey(test, host.id))
})

const offer = (settings: TestEventType = {}, { id }: TestHost = host) =>
  insertEventType(test.services.db, id, { durations: [60], ...settings })

function book(start: string, more: object = {}, to: TestHost = host) {
  const booking = parseInput(createBookingSchema, {
    ...{ start, name: 'Bo', email: 'bo@example.net', timeZone: 'UTC', ...more },
  })
  return createBooking(test.visitor, { offer: { username: to.username, slug: 'talk' }, booking, locale: 'en' })
}

const query = (values: Record<string, string | number>) =>
  new URLSearchParams(Object.entries(values).map(([name, value]) => [name, String(value)])).toString()
const ask = (values: Record<string, string | number>, client = anybody) =>
  client.get(`/v2/slots?${query({ start: DAY, end: DAY, ...values })}`)
const startsOf = (data: Record<string, { start: string }[]>) =>
  Object.values(data).flatMap((slots) => slots.map(({ start }) => new Date(start).toISOString()))
const hours = (...list: number[]) => list.map((hour) => `${DAY}T${String(hour).padStart(2, '0')}:00:00.000Z`)

describe('slots', () => {
  it('are found under a username that was given up', async () => {
    await offer()
    const former = host.username
    const { db } = test.services
    const until = test.clock.now().add({ hours: 24 })
    await db.insertInto('held_usernames').values({ username: former, user_id: host.id, until }).execute()
    await db
      .updateTable('users')
      .set({ username: `${former}-new` })
      .where('id', '=', host.id)
      .execute()
    const { status, data } = await ask({ username: former.toUpperCase(), eventTypeSlug: 'talk' })
    expect([status, startsOf(data).length]).toEqual([200, 8])
    await db.updateTable('held_usernames').set({ until: test.clock.now() }).where('username', '=', former).execute()
    expect((await ask({ username: former, eventTypeSlug: 'talk' })).code).toBe('event_type_not_found')
  })

  it('are found by id, and by address in any case', async () => {
    const eventTypeId = await offer()
    const byId = await ask({ eventTypeId })
    expect([byId.status, startsOf(byId.data)]).toEqual([200, hours(8, 9, 10, 11, 12, 13, 14, 15)])
    expect(byId.data[DAY][0]).toEqual({ start: `${DAY}T08:00:00.000Z` })
    const address = { username: host.username.toUpperCase(), eventTypeSlug: 'Talk' }
    expect((await ask(address)).data).toEqual(byId.data)
    expect((await ask({ ...address, eventTypeId })).data).toEqual(byId.data)
    expect((await ask({ eventTypeId, username: 'somebody' })).code).toBe('event_type_not_found')
  })

  it('are those that several hosts have together', async () => {
    const other = await insertHost(test.services.db, { weekly: [{ days: [2], start: 840, end: 1200 }] })
    await test.services.db
      .updateTable('users')
      .set({ group_links: true })
      .where('id', 'in', [host.id, other.id])
      .execute()
    const usernames = `${host.username},${other.username}`
    const { data } = await ask({ usernames, format: 'range' })
    expect(startsOf(data)[0]).toBe(`${DAY}T13:00:00.000Z`)
    expect(data[DAY]).toHaveLength(6)
    expect(data[DAY][0].end).toBe(`${DAY}T13:30:00.000Z`)
    expect((await ask({ usernames, duration: 120 })).data[DAY]).toHaveLength(1)
    expect((await ask({ usernames, username: other.username })).status).toBe(200)
    expect((await ask({ usernames: `${host.username},nobody` })).code).toBe('event_type_not_found')
  })

  it('are grouped by the days of a zone and written in it, with their ends if wished', async () => {
    await offer()
    const asked = { username: host.username, eventTypeSlug: 'talk', timeZone: 'Pacific/Auckland', format: 'range' }
    const { data } = await ask({ ...asked, end: '2026-11-25' })
    expect(Object.keys(data)).toEqual([DAY, '2026-11-25'])
    // 13 hours ahead: Tuesday in Auckland begins on Monday at noon in Berlin.
    expect(data[DAY][0]).toEqual({ start: `${DAY}T00:00:00.000+13:00`, end: `${DAY}T01:00:00.000+13:00` })
    expect(startsOf(data)[0]).toBe('2026-11-23T11:00:00.000Z')
    expect(data[DAY].at(-1).start).toBe(`${DAY}T23:00:00.000+13:00`)
  })

  it('are those from one instant until another, days without any left out', async () => {
    const eventTypeId = await offer()
    const between = (start: string, end: string) => ask({ eventTypeId, start, end })
    expect(startsOf((await between(`${DAY}T09:00:00Z`, `${DAY}T12:00:00+01:00`)).data)).toEqual(hours(9, 10))
    expect(startsOf((await between(`${DAY}T09:00:00`, `${DAY}T10:00`)).data)).toEqual(hours(9))
    // Saturday and Sunday.
    expect((await between('2026-11-28', '2026-11-29')).data).toEqual({})
    expect(Object.keys((await between('2026-11-28', '2026-11-30')).data)).toEqual(['2026-11-30'])
    expect((await between('2020-01-01', '2020-02-01')).data).toEqual({})
    // No farther ahead than times can be booked, and no nearer.
    expect(Object.keys((await between('2199-01-01', '2199-01-02')).data)).toEqual(['2199-01-01', '2199-01-02'])
    expect((await between('9999-12-01T00:00:00Z', '9999-12-31T23:59:59Z')).status).toBe(200)
  })

  it('have one of the lengths there are', async () => {
    const eventTypeId = await offer({ durations: [60, 120] })
    expect((await ask({ eventTypeId })).data[DAY]).toHaveLength(8)
    expect((await ask({ eventTypeId, duration: 120, format: 'range' })).data[DAY][0].end).toBe(`${DAY}T10:00:00.000Z`)
    const refused = await ask({ eventTypeId, duration: 30 })
    expect([refused.status, refused.code]).toEqual([400, 'duration_not_offered'])
  })

  it('are not those that are booked, except for whom it is', async () => {
    const eventTypeId = await offer({ durations: [60, 120] })
    const { uid } = await book(`${DAY}T10:00:00Z`, { duration: 120 })
    expect(startsOf((await ask({ eventTypeId })).data)).toEqual(hours(8, 9, 12, 13, 14, 15))
    const moving = { eventTypeId, bookingUidToReschedule: uid, format: 'range' }
    const { data } = await ask(moving)
    // As long as it is now, which only from eight to two hours before the end is possible.
    expect(data[DAY][0]).toEqual({ start: `${DAY}T08:00:00.000Z`, end: `${DAY}T10:00:00.000Z` })
    expect(startsOf(data)).toContain(`${DAY}T10:00:00.000Z`)
    expect(startsOf((await ask({ ...moving, duration: 60 })).data)).toEqual(hours(8, 9, 10, 11, 12, 13, 14, 15))
    const elsewhere = await offer({ slug: 'other' })
    expect((await ask({ ...moving, eventTypeId: elsewhere })).code).toBe('booking_not_found')
    expect((await ask({ ...moving, bookingUidToReschedule: 'none' })).status).toBe(404)
  })

  it('are every one to be booked, and nothing else is', async () => {
    const eventTypeId = await offer({ bufferBefore: 15, bufferAfter: 15, durations: [30] })
    await book(`${DAY}T10:00:00Z`)
    const listed = startsOf((await ask({ eventTypeId })).data)
    expect(listed).not.toContain(`${DAY}T10:30:00.000Z`)
    await expect(book(`${DAY}T10:30:00Z`)).rejects.toMatchObject({ code: 'slot_taken' })
    await expect(book(listed[3] as string)).resolves.toMatchObject({ status: 'accepted' })
    expect(startsOf((await ask({ eventTypeId })).data)).not.toContain(listed[3])
  })

  it('of shared starts say how full they are, and their host which booking it is', async () => {
    const seats = { count: 4, showAttendees: false, showFree: true, maxPerBooking: 3 }
    const eventTypeId = await offer({ options: { seats } })
    await book(`${DAY}T09:00:00Z`, { quantity: 3 })
    const { data } = await ask({ eventTypeId })
    const begun = { start: `${DAY}T09:00:00.000Z`, seatsBooked: 3, seatsRemaining: 1, seatsTotal: 4 }
    expect(data[DAY].slice(0, 2)).toEqual([{ ...begun, start: hours(8)[0], seatsBooked: 0, seatsRemaining: 4 }, begun])
    const row = await test.services.db
      .selectFrom('bookings')
      .where('host_id', '=', host.id)
      .select('uid')
      .executeTakeFirstOrThrow()
    expect((await ask({ eventTypeId }, asHost)).data[DAY][1]).toEqual({ ...begun, bookingUid: row.uid })
    const only = apiClient(test, await insertApiKey(test, host.id, ['EVENT_TYPE_READ']))
    expect((await ask({ eventTypeId }, only)).data).toEqual(data)
    const other = await insertHost(test.services.db)
    const stranger = apiClient(test, await insertApiKey(test, other.id))
    expect((await ask({ eventTypeId }, stranger)).data).toEqual(data)
  })

  it('of shared starts keep to themselves how full they are, where the host does', async () => {
    const seats = { count: 4, showAttendees: false, showFree: false, maxPerBooking: 3 }
    const eventTypeId = await offer({ options: { seats } })
    expect((await ask({ eventTypeId })).data[DAY][0]).toEqual({ start: hours(8)[0] })
    expect((await ask({ eventTypeId }, asHost)).data[DAY][0].seatsTotal).toBe(4)
  })

  it('lead nowhere where there are no teams', async () => {
    const eventTypeId = await offer()
    for (const name of ['teamSlug', 'organizationSlug']) {
      const reply = await ask({ eventTypeId, [name]: 'acme' })
      expect([reply.status, reply.code]).toEqual([404, 'event_type_not_found'])
    }
    expect((await ask({ eventTypeId: 2 ** 40 })).code).toBe('event_type_not_found')
  })

  it.each([
    [{}, 'eventTypeId', 'field_required'],
    [{ username: 'ada' }, 'eventTypeSlug', 'field_required'],
    [{ eventTypeSlug: 'talk' }, 'username', 'field_required'],
    [{ usernames: 'ada' }, 'usernames', 'field_too_few'],
    [{ eventTypeId: 1, usernames: 'ada,bob' }, 'usernames', 'field_invalid'],
    [{ eventTypeId: 'x' }, 'eventTypeId', 'field_invalid'],
    [{ eventTypeId: 1, start: 'soon' }, 'start', 'not_an_instant'],
    [{ eventTypeId: 1, start: '2026-02-30' }, 'start', 'not_a_date'],
    [{ eventTypeId: 1, start: '2026-02-30T08:00:00Z' }, 'start', 'not_an_instant'],
    [{ eventTypeId: 1, start: '2026-11-25' }, 'end', 'span_ends_before_start'],
    [{ eventTypeId: 1, start: `${DAY}T09:00:00Z`, end: `${DAY}T09:00:00Z` }, 'end', 'span_ends_before_start'],
    [{ eventTypeId: 1, end: '2027-11-26' }, 'end', 'span_too_long'],
    [{ eventTypeId: 1, timeZone: 'Mars/Base' }, 'timeZone', 'unknown_time_zone'],
    [{ eventTypeId: 1, format: 'iso' }, 'format', 'field_invalid'],
    [{ eventTypeId: 1, duration: 0 }, 'duration', 'field_too_small'],
    [{ eventTypeId: 1, startTime: DAY }, '', 'field_unknown'],
  ])('refuse %j', async (values, path, code) => {
    const reply = await ask(values as Record<string, string>)
    expect([reply.status, reply.code]).toEqual([400, 'invalid_input'])
    expect(reply.body.error.details.fields[0]).toMatchObject({ path, code })
  })

  it('may be asked for a year, with a whole leap year and a clock set back in it', async () => {
    const eventTypeId = await offer()
    test.clock.set('2027-12-01T08:00:00Z')
    const year = { eventTypeId, start: '2028-01-01', end: '2028-12-31', timeZone: 'Europe/Berlin' }
    const { data } = await ask(year)
    expect(Object.keys(data)).toHaveLength(260)
    const [month] = [(await ask({ ...year, start: '2028-03-01', end: '2028-03-31' })).data]
    for (const date of Object.keys(month)) expect(data[date]).toEqual(month[date])
  })

  it.each([
    ['europe/berlin', '+01:00'],
    ['Asia/Calcutta', '+05:30'],
    ['US/Pacific', '-08:00'],
    ['Europe/London', '+00:00'],
    ['Etc/UTC', '+00:00'],
    ['utc', 'Z'],
  ])('are written as clocks in %s show them', async (timeZone, offset) => {
    const eventTypeId = await offer()
    const { status, data } = await ask({ eventTypeId, timeZone, end: '2026-11-25' })
    const all = Object.values(data as Record<string, { start: string }[]>).flat()
    expect([status, all.length > 0, all.every(({ start }) => start.endsWith(offset))]).toEqual([200, true, true])
  })

  it('take a fixed number of statements, whatever is booked', async () => {
    const seats = { count: 3, showAttendees: false, showFree: true, maxPerBooking: 3 }
    const eventTypeId = await offer({ options: { seats } })
    const { uid } = await book(`${DAY}T08:00:00Z`)
    for (let hour = 9; hour < 16; hour++) await book(`${DAY}T${String(hour).padStart(2, '0')}:00:00Z`)
    const { count } = test.database
    const counted = async (values: Record<string, string | number>, client?: ApiClient) => {
      const before = count.statements
      expect((await ask({ eventTypeId, end: '2026-12-24', ...values }, client)).status).toBe(200)
      return count.statements - before
    }
    await counted({}, asHost)
    expect(await counted({})).toBe(2)
    expect(await counted({ bookingUidToReschedule: uid })).toBe(3)
    expect(await counted({ bookingUidToReschedule: uid }, asHost)).toBe(4)
  })
})

describe('slots as they were asked for before', () => {
  const older = (values: Record<string, string | number>) => anybody.get(`/v2/slots/available?${query(values)}`)
  const span = { startTime: `${DAY}T00:00:00.000Z`, endTime: `${DAY}T23:59:59.000Z` }

  it('have the older shape', async () => {
    const eventTypeId = await offer()
    await book(`${DAY}T10:00:00Z`)
    const reply = await older({ ...span, eventTypeId, timeZone: 'Europe/Berlin' })
    const times = [9, 10, 12, 13, 14, 15, 16].map((hour) => ({
      time: `${DAY}T${String(hour).padStart(2, '0')}:00:00.000+01:00`,
    }))
    expect(reply.body).toEqual({ status: 'success', data: { slots: { [DAY]: times } } })
    const address = { usernameList: host.username, eventTypeSlug: 'talk' }
    const ranges = await older({ ...span, ...address, slotFormat: 'range' })
    expect(ranges.data.slots[DAY][0]).toEqual({ startTime: `${DAY}T08:00:00.000Z`, endTime: `${DAY}T09:00:00.000Z` })
  })

  it('call fields by their older names when they are wrong', async () => {
    const reply = await older({ startTime: DAY, endTime: '2026-11-20', eventTypeId: 1 })
    expect(reply.body.error.details.fields).toMatchObject([{ path: 'endTime', code: 'span_ends_before_start' }])
    const missing = await older({ ...span, eventTypeSlug: 'talk' })
    expect(missing.body.error.details.fields).toMatchObject([{ path: 'usernameList', code: 'field_required' }])
  })
})

describe('why there is no slot', () => {
  const why = (values: Record<string, string | number>, client = anybody) =>
    client.get(`/v2/slots/explanation?${query(values)}`)

  it('is told in a word, with the nearest that are free', async () => {
    const eventTypeId = await offer()
    await book(`${DAY}T10:00:00Z`)
    const taken = await why({ eventTypeId, start: `${DAY}T10:00:00Z` })
    expect([taken.status, taken.data]).toEqual([
      200,
      { offered: false, reasons: [{ code: 'taken' }], alternatives: hours(8, 9, 11, 12, 13, 14).sort() },
    ])
    const codes = async (start: string) => (await why({ eventTypeId, start })).data.reasons
    expect(await codes(`${DAY}T20:00:00Z`)).toEqual([{ code: 'closed' }])
    expect(await codes(`${DAY}T08:10:00Z`)).toEqual([{ code: 'start' }])
    expect((await why({ eventTypeId, start: `${DAY}T09:00:00Z` })).data).toEqual({
      ...{ offered: true, reasons: [], alternatives: [] },
    })
  })

  it('is told of whole days', async () => {
    const eventTypeId = await offer({ durations: [480] })
    expect((await why({ eventTypeId, start: DAY })).data).toEqual({ offered: true, reasons: [], alternatives: [] })
    await book(`${DAY}T08:00:00Z`)
    expect((await why({ eventTypeId, start: DAY })).data.reasons).toEqual([{ code: 'taken' }])
    expect((await why({ eventTypeId, start: '2026-11-28' })).data.reasons).toEqual([{ code: 'closed' }])
    expect((await why({ eventTypeId, start: '2026-11-20' })).data.reasons).toEqual([{ code: 'past' }])
    expect((await why({ eventTypeId, start: DAY }, asHost)).data.reasons).toMatchObject([{ code: 'booking' }])
  })

  it('is told in full to a key of the host that reads bookings, and to no other', async () => {
    const eventTypeId = await offer()
    const { uid } = await book(`${DAY}T10:00:00Z`)
    const asked = { eventTypeId, start: `${DAY}T10:00:00Z` }
    const { data } = await why(asked, asHost)
    const [start, end] = [`${DAY}T10:00:00.000Z`, `${DAY}T11:00:00.000Z`]
    expect(data.reasons).toEqual([
      {
        ...{ code: 'booking', host: host.username },
        details: expect.objectContaining({ start, end, bookingUid: uid, bookingTitle: expect.any(String) }),
      },
    ])
    const other = await insertHost(test.services.db)
    for (const key of [await insertApiKey(test, other.id), await insertApiKey(test, host.id, ['EVENT_TYPE_READ'])]) {
      const reply = await why(asked, apiClient(test, key))
      expect(reply.data.reasons).toEqual([{ code: 'taken' }])
      expect(JSON.stringify(reply.body)).not.toContain(uid)
    }
  })

  it.each(['0001-01-01T00:00:00Z', '9999-12-31T23:59:00Z', `${DAY}T08:00:30.500Z`])(
    'has an answer for %s too',
    async (start) => {
      const eventTypeId = await offer()
      for (const client of [anybody, asHost]) {
        const reply = await why({ eventTypeId, start }, client)
        expect([reply.status, reply.data?.offered]).toEqual([200, false])
      }
    },
  )

  it('of several hosts is told in a word to each of them', async () => {
    const other = await insertHost(test.services.db)
    await test.services.db
      .updateTable('users')
      .set({ group_links: true })
      .where('id', 'in', [host.id, other.id])
      .execute()
    await offer({}, other)
    await book(`${DAY}T10:00:00Z`, {}, other)
    const asked = { usernames: `${host.username},${other.username}`, start: `${DAY}T10:00:00Z` }
    expect((await why(asked, asHost)).data.reasons).toEqual([{ code: 'taken' }])
  })
})
