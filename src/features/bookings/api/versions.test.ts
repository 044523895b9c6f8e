import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ApiClient, apiClient, insertApiKey } from '#test/api.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestEventType, type TestHost } from '#test/offers.ts'

let test: TestContext
let host: TestHost
let api: ApiClient
let visitor: ApiClient

beforeAll(async () => {
  test = await testContext()
})
afterAll(() => test.close())
beforeEach(async () => {
  test.clock.set('2026-11-23T08:00:00Z')
  host = await insertHost(test.services.db)
  api = apiClient(test, await insertApiKey(test, host.id))
  visitor = apiClient(test)
})

const FORMER = { 'cal-api-version': '2024-04-15' }
const START = '2026-11-24T09:00:00.000Z'
const LATER = '2026-11-24T11:00:00.000Z'
const ALEX = { name: 'Alex Doe', email: 'alex@example.com' }
const WEEKLY = { options: { recurrence: { frequency: 'weekly' as const, interval: 1, count: 4 } } }

let slugs = 0
const offer = (settings: TestEventType = {}) =>
  insertEventType(test.services.db, host.id, { slug: `talk-${++slugs}`, ...settings })
const wish = (eventTypeId: number, more: object = {}) => ({
  ...{ start: START, eventTypeId, timeZone: 'Europe/Rome', language: 'en', metadata: {}, responses: ALEX, ...more },
})
const book = (eventTypeId: number, more: object = {}, client = visitor, headers = {}) =>
  client.post('/v2/bookings', wish(eventTypeId, more), { ...FORMER, ...headers })
const fieldsOf = ({ body }: { body: { error: { details: { fields: unknown[] } } } }) => body.error.details.fields

describe('bookings of 2024-04-15', () => {
  it('are made and read as rows of then', async () => {
    const eventTypeId = await offer({ locations: [{ kind: 'attendee_phone' }, { kind: 'attendee_text' }] })
    const responses = {
      ...{ ...ALEX, notes: 'About the roof', guests: ['sam@example.com'] },
      location: { value: 'attendeeDefined', optionValue: 'The café' },
    }
    const more = { responses, end: '2026-11-24T09:30:00Z', metadata: { order: '17' }, hashedLink: null, user: ['kim'] }
    const made = await book(eventTypeId, more, api)
    expect([made.status, made.headers.get('cal-api-version')]).toEqual([201, '2024-04-15'])
    const { id, uid } = made.data
    const email = `${host.username}@example.org`
    const attendee = { timeZone: 'Europe/Rome', locale: 'en', bookingId: id }
    expect(made.data).toEqual({
      ...{ id: expect.any(Number), uid: expect.any(String), title: expect.any(String), status: 'ACCEPTED' },
      ...{ startTime: START, endTime: '2026-11-24T09:30:00.000Z', location: 'The café', description: 'About the roof' },
      ...{ eventTypeId, eventType: { id: eventTypeId, slug: `talk-${slugs}` }, metadata: { order: '17' } },
      ...{ userPrimaryEmail: email, user: { id: host.id, name: expect.any(String), email } },
      attendees: [
        { ...attendee, ...ALEX },
        { ...attendee, email: 'sam@example.com', name: expect.any(String) },
      ],
      responses: { ...ALEX, notes: 'About the roof', guests: ['sam@example.com'] },
      ...{ cancellationReason: null, rejectionReason: null, recurringEventId: null, smsReminderNumber: null },
      ...{ customInputs: {}, seatsReferences: [] },
    })
    expect((await api.get(`/v2/bookings/${uid}`, FORMER)).data).toEqual(made.data)
    expect((await api.get(`/v2/bookings/${uid}`)).data).toMatchObject({ status: 'accepted', start: START })
  })

  it('answer who names no version, and hide from visitors what they hide today', async () => {
    const { uid } = (await book(await offer())).data
    const seen = await visitor.get(`/v2/bookings/${uid}`, { 'cal-api-version': undefined })
    expect([seen.data.status, seen.headers.get('cal-api-version-default')]).toEqual(['ACCEPTED', '2024-04-15'])
    expect([seen.data.user.email, seen.data.userPrimaryEmail, seen.data.metadata]).toEqual(['', null, {}])
    const dated = await visitor.get(`/v2/bookings/${uid}`, { 'cal-api-version': '2024-08-13' })
    expect([dated.data.status, dated.headers.get('cal-api-version')]).toEqual(['accepted', '2024-08-13'])
  })

  it('are listed by pages that a number leads to', async () => {
    const eventTypeId = await offer()
    const { uid: first } = (await book(eventTypeId)).data
    const { uid: second } = (await book(eventTypeId, { start: LATER })).data
    const page = await api.get('/v2/bookings?filters[status]=upcoming&limit=1', FORMER)
    expect(page.data).toMatchObject({
      bookings: [{ uid: first, status: 'ACCEPTED' }],
      recurringInfo: [],
      nextCursor: 1,
    })
    const next = await api.get('/v2/bookings?filters[status]=upcoming&limit=1&cursor=1', FORMER)
    expect(next.data).toMatchObject({ bookings: [{ uid: second, paid: false, references: [] }], nextCursor: null })
    expect((await api.get('/v2/bookings?filters[status]=past', FORMER)).data.bookings).toEqual([])
    const none = await api.get('/v2/bookings', { 'cal-api-version': undefined })
    expect(none.data.bookings).toHaveLength(2)
  })

  it('move when they are booked again by rescheduleUid', async () => {
    const eventTypeId = await offer()
    const { uid, id } = (await book(eventTypeId)).data
    const responses = { ...ALEX, rescheduleReason: 'A cold' }
    const moved = await book(eventTypeId, { start: LATER, rescheduleUid: uid, responses })
    expect([moved.status, moved.data]).toMatchObject([201, { id, uid, startTime: LATER }])
    expect((await api.get(`/v2/bookings/${uid}`)).data).toMatchObject({ start: LATER, reschedulingReason: 'A cold' })
    expect((await book(eventTypeId, { rescheduleUid: 'nothing' })).code).toBe('booking_not_found')
    const key = await insertApiKey(test, host.id, ['BOOKING_READ'])
    const refused = await book(eventTypeId, { rescheduleUid: uid }, apiClient(test, key))
    expect([refused.status, refused.code]).toEqual([403, 'scope_missing'])
  })

  it('are cancelled by uid, and by id with a key of the host', async () => {
    const eventTypeId = await offer()
    const [first, second] = [(await book(eventTypeId)).data, (await book(eventTypeId, { start: LATER })).data]
    const byUid = await visitor.post(`/v2/bookings/${first.uid}/cancel`, { cancellationReason: 'A cold' }, FORMER)
    expect(byUid.data).toMatchObject({ status: 'CANCELLED', cancellationReason: 'A cold', rejectionReason: null })
    const path = `/v2/bookings/${second.id}/cancel`
    const reason = { id: second.id, cancellationReason: 'A cold' }
    const stranger = apiClient(test, await insertApiKey(test, (await insertHost(test.services.db)).id))
    for (const client of [visitor, stranger]) {
      expect((await client.post(path, reason, FORMER)).code).toBe('booking_not_found')
    }
    expect((await api.post(path, reason, FORMER)).data).toMatchObject({ uid: second.uid, status: 'CANCELLED' })
  })

  it('say why they were declined where that was said', async () => {
    const { uid } = (await book(await offer({ requiresConfirmation: true }))).data
    await api.post(`/v2/bookings/${uid}/decline`, { reason: 'No time' }, FORMER)
    const { data } = await api.get(`/v2/bookings/${uid}`, FORMER)
    expect(data).toMatchObject({ status: 'REJECTED', rejectionReason: 'No time', cancellationReason: null })
  })

  it('name the seat, which is given back by it', async () => {
    const eventTypeId = await offer({
      options: { seats: { count: 3, showAttendees: false, showFree: true, maxPerBooking: 1 } },
    })
    const made = await book(eventTypeId)
    const [{ referenceUid: seatReferenceUid }] = made.data.seatsReferences
    const { uid } = (await api.get('/v2/bookings', FORMER)).data.bookings[0]
    const gone = await visitor.post(`/v2/bookings/${uid}/cancel`, { seatReferenceUid }, FORMER)
    expect([gone.status, gone.data.status]).toEqual([200, 'CANCELLED'])
    const no = await visitor.post(`/v2/bookings/${uid}/cancel`, { seatReferenceUid: 'nothing' }, FORMER)
    expect(no.code).toBe('booking_not_found')
  })

  it('are made once under a key of the client’s', async () => {
    const eventTypeId = await offer()
    const all = await Promise.all(
      Array.from({ length: 50 }, () => book(eventTypeId, {}, api, { 'idempotency-key': 'a' })),
    )
    expect(new Set(all.map(({ data }) => data?.uid)).size).toBe(1)
    expect((await api.get('/v2/bookings')).body.pagination.totalItems).toBe(1)
  })

  it.each<[change: object, path: string, code: string]>([
    [{ start: 'tomorrow' }, 'start', 'field_invalid'],
    [{ responses: { name: 'Alex Doe' } }, 'responses.email', 'field_required'],
    [{ responses: { ...ALEX, email: 'alex' } }, 'responses.email', 'email_invalid'],
    [{ responses: { ...ALEX, name: ' ' } }, 'responses.name', 'field_required'],
    [{ responses: { ...ALEX, colour: 'red' } }, 'responses.colour', 'question_unknown'],
    [{ responses: { ...ALEX, location: { value: 'moon' } } }, 'responses.location.value', 'field_invalid'],
    [{ timeZone: 'Mars/Base' }, 'timeZone', 'unknown_time_zone'],
    [{ metadata: { order: 17 } }, 'metadata.order', 'field_invalid'],
    [{ hashedLink: 'abc' }, 'hashedLink', 'field_invalid'],
    [{ locationUrl: 'https://example.com' }, 'locationUrl', 'field_invalid'],
    [{ attendee: ALEX }, '', 'field_unknown'],
  ])('refuse %j', async (change, path, code) => {
    const reply = await book(await offer(), change)
    expect([reply.status, reply.code]).toEqual([400, 'invalid_input'])
    expect(fieldsOf(reply)).toContainEqual(expect.objectContaining({ path, code }))
  })

  it.each([
    ['status=upcoming', ''],
    ['filters[status]=gone', 'filters.status'],
    ['cursor=x', 'cursor'],
  ])('refuse a list by %s', async (query, path) => {
    const reply = await api.get(`/v2/bookings?${query}`, FORMER)
    expect([reply.status, reply.code]).toEqual([400, 'invalid_input'])
    expect(fieldsOf(reply)).toMatchObject([{ path }])
  })
})

describe('series of 2024-04-15', () => {
  const dates = ['2026-11-24', '2026-12-01', '2026-12-08'].map((date) => `${date}T09:00:00.000Z`)
  const wishes = (eventTypeId: number, starts = dates) =>
    starts.map((start) => wish(eventTypeId, { start, recurringEventId: 'chosen-by-the-client' }))
  const ask = (body: unknown, headers = {}) => api.post('/v2/bookings/recurring', body, { ...FORMER, ...headers })

  it('are booked date by date, and cancelled from one on', async () => {
    const made = await ask(wishes(await offer(WEEKLY)))
    expect([made.status, made.data.map(({ startTime }: { startTime: string }) => startTime)]).toEqual([201, dates])
    const [first, second] = made.data
    expect(first).toMatchObject({ status: 'ACCEPTED', recurringEventId: expect.any(String), responses: ALEX })
    expect((await api.get(`/v2/bookings/${first.recurringEventId}`, FORMER)).data).toEqual(made.data)
    const rest = { allRemainingBookings: true, cancellationReason: 'A cold' }
    const gone = await api.post(`/v2/bookings/${second.uid}/cancel`, rest, FORMER)
    expect(gone.data.map(({ status }: { status: string }) => status)).toEqual(['CANCELLED', 'CANCELLED'])
    expect((await api.get(`/v2/bookings/${first.uid}`, FORMER)).data.status).toBe('ACCEPTED')
  })

  it('are one booking where one is asked for', async () => {
    const eventTypeId = await offer(WEEKLY)
    const made = await book(eventTypeId)
    expect([made.status, made.data]).toMatchObject([201, { startTime: START, status: 'ACCEPTED' }])
    expect((await api.get('/v2/bookings')).body.pagination.totalItems).toBe(1)
  })

  it('are booked whole or not at all, and once', async () => {
    const eventTypeId = await offer(WEEKLY)
    await book(eventTypeId, { start: dates[2] })
    expect((await ask(wishes(eventTypeId))).code).toBe('occurrence_taken')
    expect((await api.get('/v2/bookings')).body.pagination.totalItems).toBe(1)
    const two = wishes(eventTypeId, dates.slice(0, 2))
    const all = await Promise.all(Array.from({ length: 50 }, () => ask(two, { 'idempotency-key': 'a' })))
    expect(new Set(all.map(({ data }) => data?.[0].uid)).size).toBe(1)
    expect((await api.get('/v2/bookings')).body.pagination.totalItems).toBe(3)
  })

  it('refuse dates that are not of the series, more than it has, and different bookings', async () => {
    const eventTypeId = await offer(WEEKLY)
    const other = await ask(wishes(eventTypeId, [START, LATER]))
    expect(fieldsOf(other)).toMatchObject([{ path: '1.start', code: 'not_an_occurrence' }])
    const many = await ask(wishes(eventTypeId, Array(5).fill(START)))
    expect(fieldsOf(many)).toMatchObject([{ path: '', code: 'field_too_large' }])
    const [one, two] = wishes(eventTypeId)
    expect(fieldsOf(await ask([one, { ...two, timeZone: 'UTC' }]))).toMatchObject([
      { path: '1', code: 'field_invalid' },
    ])
    expect(fieldsOf(await ask([{ ...one, responses: {} }]))).toMatchObject([
      { path: '0.responses.name', code: 'field_required' },
      { path: '0.responses.email', code: 'field_required' },
    ])
    expect(fieldsOf(await ask([{ ...one, timeZone: 'Mars/Base' }]))).toMatchObject([{ path: '0.timeZone' }])
    expect((await ask(wishes(await offer()))).code).toBe('not_recurring')
    expect((await ask([])).code).toBe('invalid_input')
  })
})
