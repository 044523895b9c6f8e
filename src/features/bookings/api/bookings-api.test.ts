import { createQueryId, type KyselyPlugin } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ApiClient, type ApiReply, apiClient, insertApiKey } from '#test/api.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestEventType, type TestHost } from '#test/offers.ts'

let test: TestContext
let host: TestHost
let api: ApiClient
let visitor: ApiClient
let other: ApiClient

beforeAll(async () => {
  test = await testContext()
})
afterAll(() => test.close())
beforeEach(async () => {
  test.clock.set('2026-11-23T08:00:00Z')
  host = await insertHost(test.services.db)
  api = apiClient(test, await insertApiKey(test, host.id))
  visitor = apiClient(test)
  other = apiClient(test, await insertApiKey(test, (await insertHost(test.services.db)).id))
})

const ALEX = { name: 'Alex Doe', email: 'alex@example.com', timeZone: 'Europe/Rome', language: 'de-AT' }
const START = '2026-11-24T09:00:00.000Z'
const LATER = '2026-11-24T11:00:00.000Z'

let slugs = 0
const offer = (settings: TestEventType = {}) =>
  insertEventType(test.services.db, host.id, { slug: `talk-${++slugs}`, ...settings })

async function book(eventTypeId: number, more: object = {}, client = visitor, headers = {}): Promise<ApiReply> {
  return client.post('/v2/bookings', { start: START, eventTypeId, attendee: ALEX, ...more }, headers)
}

const question = (key: string, more: object) => ({
  ...{ key, type: 'text', label: key, help: '', placeholder: '', required: false, hidden: false, lockPrefilled: false },
  ...{ options: [], min: null, max: null, showWhen: null, text: '', ...more },
})

async function events(id: number): Promise<string[]> {
  const rows = await test.services.db
    .selectFrom('events')
    .where('subject', '=', `booking:${id}`)
    .select('name')
    .orderBy('position')
    .execute()
  return rows.map(({ name }) => name)
}

describe('booking over the API', () => {
  it('makes what the page makes, and shows its host all of it', async () => {
    const questions = [question('colour', {}), question('source', { hidden: true })] as never
    const id = await offer({ locations: [{ kind: 'in_person', address: 'Main Street 1' }], options: { questions } })
    const made = await book(id, {
      ...{ guests: ['Sam@Example.com'], metadata: { order: '17' } },
      bookingFieldsResponses: { colour: 'red', source: 'mail', notes: 'About the roof' },
    })
    expect(made.status).toBe(201)
    const { data } = await api.get(`/v2/bookings/${made.data.uid}`)
    const address = (email: string) => ({ email, displayEmail: email, timeZone: 'Europe/Rome', language: 'de' })
    expect(data).toEqual({
      ...{ id: expect.any(Number), uid: made.data.uid, title: 'A talk', description: 'About the roof' },
      ...{ status: 'accepted', start: START, end: '2026-11-24T09:30:00.000Z', duration: 30, eventTypeId: id },
      ...{ eventType: { id, slug: `talk-${slugs}` }, location: 'Main Street 1', absentHost: false },
      ...{ createdAt: '2026-11-23T08:00:00.000Z', updatedAt: '2026-11-23T08:00:00.000Z', metadata: { order: '17' } },
      icsUid: expect.stringMatching(/^[\w-]{24}@book\.example\.org$/),
      hosts: [
        {
          ...{ id: host.id, username: host.username, name: expect.any(String), timeZone: 'Europe/Berlin' },
          ...{ email: `${host.username}@example.org`, displayEmail: `${host.username}@example.org` },
        },
      ],
      attendees: [
        { name: 'Alex Doe', ...address('alex@example.com'), absent: false },
        { name: 'sam', ...address('sam@example.com'), absent: false },
      ],
      guests: ['sam@example.com'],
      bookingFieldsResponses: {
        ...{ name: 'Alex Doe', email: 'alex@example.com', notes: 'About the roof', colour: 'red', source: 'mail' },
      },
    })
    expect(await events(data.id)).toEqual(['booking.created'])
  })

  it('tells whoever knows the uid no more than its page', async () => {
    const id = await offer({ options: { questions: [question('source', { hidden: true })] as never } })
    const made = await book(id, { metadata: { order: '17' }, bookingFieldsResponses: { source: 'mail' } })
    for (const client of [visitor, other]) {
      const { status, data } = await client.get(`/v2/bookings/${made.data.uid}`)
      expect([status, data]).toEqual([200, made.data])
      expect(data).toMatchObject({ metadata: {}, hosts: [{ email: '', displayEmail: '' }] })
      expect(data.bookingFieldsResponses).toEqual({ name: 'Alex Doe', email: 'alex@example.com' })
      expect(JSON.stringify(data)).not.toContain(`${host.username}@`)
    }
    expect((await visitor.get('/v2/bookings/nobody-knows-this')).code).toBe('booking_not_found')
  })

  it('finds the event type by its address, in any case', async () => {
    await offer({ slug: 'named' })
    const named = { eventTypeId: undefined, eventTypeSlug: 'named', username: host.username.toUpperCase() }
    expect((await book(0, named)).status).toBe(201)
    expect((await book(0, { ...named, eventTypeSlug: 'nothing' })).code).toBe('event_type_not_found')
    expect((await book(0, { ...named, username: undefined, teamSlug: 'team' })).code).toBe('event_type_not_found')
  })

  it('finds the event type under a username that was given up, alone and among others', async () => {
    await offer({ slug: 'named' })
    const { db } = test.services
    const second = await insertHost(db)
    const former = host.username
    const until = test.clock.now().add({ hours: 24 })
    await db.insertInto('held_usernames').values({ username: former, user_id: host.id, until }).execute()
    await db
      .updateTable('users')
      .set({ username: `${former}-new` })
      .where('id', '=', host.id)
      .execute()
    await db.updateTable('users').set({ group_links: true }).where('id', 'in', [host.id, second.id]).execute()
    const named = { eventTypeId: undefined, eventTypeSlug: 'named', username: former }
    const made = await book(0, named)
    expect([made.status, made.data.hosts[0].username]).toEqual([201, `${former}-new`])
    const usernames = [former, second.username]
    const start = new Date(Date.parse(START) + 2 * 3_600_000).toISOString()
    const together = await book(0, { eventTypeId: undefined, usernames, lengthInMinutes: 30, start })
    expect(together.status).toBe(201)
    await db.deleteFrom('held_usernames').where('username', '=', former).execute()
    expect((await book(0, named)).code).toBe('event_type_not_found')
  })

  it('finds time for several hosts', async () => {
    const second = await insertHost(test.services.db)
    await test.services.db
      .updateTable('users')
      .set({ group_links: true })
      .where('id', 'in', [host.id, second.id])
      .execute()
    const usernames = [host.username, second.username]
    const made = await book(0, { eventTypeId: undefined, usernames, lengthInMinutes: 30 })
    expect([made.status, made.data.eventType]).toEqual([201, null])
    expect(made.data.hosts.map(({ username }: { username: string }) => username)).toEqual(usernames)
    expect((await book(0, { eventTypeId: undefined, usernames })).body.error.details.fields).toMatchObject([
      { path: 'lengthInMinutes', code: 'field_required' },
    ])
  })

  it('takes one of the places', async () => {
    const locations = [
      { kind: 'link', url: 'https://meet.example.org/ada', label: '', video: true },
      { kind: 'attendee_phone' },
    ]
    const id = await offer({ locations })
    const first = await book(id)
    expect(first.data).toMatchObject({
      ...{ location: 'https://meet.example.org/ada', meetingUrl: 'https://meet.example.org/ada' },
    })
    const called = await book(id, { start: LATER, location: { type: 'attendeePhone', phone: '+49 30 123456' } })
    expect(called.data).toMatchObject({ location: '+49 30 123456', attendees: [{ phoneNumber: '+49 30 123456' }] })
    expect((await book(id, { location: { type: 'phone' } })).code).toBe('location_not_offered')
    const bad = await book(id, { start: LATER, location: { type: 'attendeePhone', phone: 'call me' } })
    expect(bad.body.error.details.fields).toMatchObject([{ path: 'location.phone', code: 'field_invalid' }])
  })

  it('is where the booker says', async () => {
    const id = await offer({ locations: [{ kind: 'attendee_address' }, { kind: 'attendee_text' }] })
    const at = await book(id, { location: { type: 'attendeeAddress', address: 'Their Street 3' } })
    expect(at.data.location).toBe('Their Street 3')
    const said = await book(id, { start: LATER, location: { type: 'attendeeDefined', location: 'The café' } })
    expect(said.data.location).toBe('The café')
    expect((await book(id, { start: '2026-11-24T13:00:00Z' })).code).toBe('place_required')
    const empty = await book(id, { start: '2026-11-24T13:00:00Z', location: { type: 'attendeeAddress', address: ' ' } })
    expect(empty.body.error.details.fields).toMatchObject([{ path: 'location.address', code: 'field_required' }])
  })

  it('waits for the host where the event type says so', async () => {
    const made = await book(await offer({ requiresConfirmation: true }))
    expect(made.data.status).toBe('pending')
    const path = `/v2/bookings/${made.data.uid}`
    expect((await other.post(`${path}/confirm`)).code).toBe('booking_not_found')
    expect((await api.post(`${path}/confirm`)).data).toMatchObject({ status: 'accepted', uid: made.data.uid })
    expect((await api.post(`${path}/confirm`)).code).toBe('already_confirmed')
    expect(await events(made.data.id)).toEqual(['booking.requested', 'booking.confirmed'])
  })

  it('is declined with a reason', async () => {
    const made = await book(await offer({ requiresConfirmation: true }))
    const path = `/v2/bookings/${made.data.uid}/decline`
    expect((await other.post(path, { reason: 'No' })).status).toBe(404)
    expect((await api.post(path, { reason: 'No time' })).data).toMatchObject({
      ...{ status: 'rejected', cancellationReason: 'No time' },
    })
    expect((await api.post(path)).code).toBe('already_rejected')
  })

  it('needs no more statements for more', async () => {
    const id = await offer()
    let statements = 0
    const count: KyselyPlugin = {
      transformQuery({ node }) {
        if (createQueryId()) statements++
        return node
      },
      transformResult: async ({ result }) => result,
    }
    const counted = { services: { ...test.services, db: test.services.db.withPlugin(count) } }
    const guests = Array.from({ length: 10 }, (_, i) => `guest${i}@example.com`)
    const cost = async (work: (client: ApiClient) => Promise<ApiReply>) => {
      statements = 0
      const reply = await work(apiClient(counted))
      return [reply.data, statements] as const
    }
    const [one, few] = await cost((client) => book(id, {}, client))
    const [, many] = await cost((client) => book(id, { start: LATER, guests }, client))
    expect(many).toBe(few)
    expect((await cost((client) => client.get(`/v2/bookings/${one.uid}`)))[1]).toBe(2)
  })
})

describe('booking is refused', () => {
  it.each([
    [{ start: 'tomorrow' }, 'start', 'field_invalid'],
    [{ start: '2026-11-24T09:00:00' }, 'start', 'field_invalid'],
    [{ start: '2026-11-24T09:00:30Z' }, 'start', 'not_a_whole_minute'],
    [{ start: undefined }, 'start', 'field_required'],
    [{ attendee: { ...ALEX, email: undefined } }, 'attendee.email', 'field_required'],
    [{ attendee: { ...ALEX, email: 'alex' } }, 'attendee.email', 'email_invalid'],
    [{ attendee: { ...ALEX, name: '\u202e' } }, 'attendee.name', 'field_unreadable'],
    [{ attendee: { ...ALEX, timeZone: 'Mars/Base' } }, 'attendee.timeZone', 'unknown_time_zone'],
    [{ attendee: { ...ALEX, language: '../de' } }, 'attendee.language', 'field_invalid'],
    [{ attendee: { ...ALEX, userId: 1 } }, 'attendee', 'field_unknown'],
    [{ guests: ['sam'] }, 'guests.0', 'email_invalid'],
    [{ metadata: { ['k'.repeat(41)]: 'v' } }, `metadata.${'k'.repeat(41)}`, 'field_invalid'],
    [{ metadata: { k: 'v'.repeat(501) } }, 'metadata.k', 'field_too_long'],
    [
      { metadata: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, 'v'])) },
      'metadata',
      'field_too_many',
    ],
    [{ metadata: { k: 1 } }, 'metadata.k', 'field_invalid'],
    [{ bookingFieldsResponses: { nothing: 'x' } }, 'bookingFieldsResponses.nothing', 'question_unknown'],
    [{ bookingFieldsResponses: { notes: 5 } }, 'bookingFieldsResponses.notes', 'field_invalid'],
    [{ location: { type: 'integration', integration: 'zoom' } }, 'location.type', 'field_invalid'],
    [{ eventTypeId: undefined }, 'eventTypeId', 'field_required'],
    [{ eventTypeId: undefined, username: 'x' }, 'eventTypeSlug', 'field_required'],
    [{ eventTypeId: -1 }, 'eventTypeId', 'field_too_small'],
    [{ lengthInMinutes: 0 }, 'lengthInMinutes', 'field_too_small'],
    [{ hostId: 1 }, '', 'field_unknown'],
    [{ instant: true }, '', 'field_unknown'],
  ])('with %j', async (change, path, code) => {
    const reply = await book(await offer(), change)
    expect([reply.status, reply.code]).toEqual([400, 'invalid_input'])
    expect(reply.body.error.details.fields).toContainEqual(expect.objectContaining({ path, code }))
  })

  it.each([
    [{ lengthInMinutes: 45 }, 400, 'duration_not_offered'],
    [{ recurrenceCount: 2 }, 400, 'not_recurring'],
    [{ eventTypeId: 999_999_999 }, 404, 'event_type_not_found'],
    [{ onBehalf: {} }, 401, 'api_key_required'],
  ])('with %j: %i %s', async (change, status, code) => {
    const reply = await book(await offer(), change)
    expect([reply.status, reply.code]).toEqual([status, code])
  })

  it('with the nearest free starts', async () => {
    const id = await offer()
    const outside = await book(id, { start: '2026-11-24T03:00:00Z' })
    expect([outside.status, outside.code]).toEqual([409, 'slot_not_offered'])
    await book(id)
    const taken = await book(id)
    expect([taken.status, taken.code]).toEqual([409, 'slot_taken'])
    const { alternatives } = taken.body.error.details
    expect(alternatives).toEqual(expect.arrayContaining(['2026-11-24T08:30:00.000Z', '2026-11-24T09:30:00.000Z']))
    expect((await book(id, { start: alternatives[0] })).status).toBe(201)
  })

  it('to a key for something else', async () => {
    const reader = apiClient(test, await insertApiKey(test, host.id, ['BOOKING_READ']))
    expect((await book(await offer(), {}, reader)).code).toBe('scope_missing')
  })
})

describe('at once', () => {
  it('fifty want one slot, and one has it', async () => {
    const id = await offer()
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, i) => book(id, { attendee: { ...ALEX, email: `a${i}@example.com` } })),
    )
    const count = (status: number) => all.filter((one) => one.status === status).length
    expect([count(201), count(409)]).toEqual([1, 49])
    expect(new Set(all.filter(({ status }) => status === 409).map(({ code }) => code))).toEqual(new Set(['slot_taken']))
  })

  it('one sends fifty times and books once', async () => {
    const id = await offer()
    const all = await Promise.all(
      Array.from({ length: 50 }, () => book(id, {}, visitor, { 'idempotency-key': 'same' })),
    )
    expect(new Set(all.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1)
    expect(all[0]?.status).toBe(201)
    expect((await api.get('/v2/bookings')).body.pagination.totalItems).toBe(1)
  })
})

describe('a reservation', () => {
  it('keeps the time for who books with it', async () => {
    const eventTypeId = await offer()
    const kept = await visitor.post('/v2/slots/reservations', { eventTypeId, slotStart: START })
    const { reservationUid } = kept.data
    expect((await book(eventTypeId)).code).toBe('slot_taken')
    const all = await Promise.all(Array.from({ length: 10 }, () => book(eventTypeId, { reservationUid })))
    expect(all.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)])
  })
})

describe('a host books for somebody', () => {
  const night = { start: '2026-11-24T03:00:00.000Z', metadata: { order: '18' } }

  it('outside of hours only by saying so, and why', async () => {
    const id = await offer()
    expect((await book(id, night, api)).code).toBe('slot_not_offered')
    const refused = await book(id, { ...night, onBehalf: {} }, api)
    expect([refused.code, refused.body.error.details.why]).toEqual(['outside_offer', 'slot_not_offered'])
    expect((await book(id, { ...night, onBehalf: { anyway: true } }, api)).code).toBe('reason_required')
    const made = await book(id, { ...night, onBehalf: { anyway: true, reason: 'An old friend' } }, api)
    expect([made.status, made.data]).toMatchObject([201, { start: night.start, metadata: { order: '18' } }])
    expect((await book(id, { ...night, onBehalf: { anyway: true, reason: 'Again' } }, api)).code).toBe('slot_taken')
  })

  it('at their own event types only', async () => {
    const reply = await book(await offer(), { onBehalf: { anyway: true, reason: 'Mine' } }, other)
    expect([reply.status, reply.code]).toEqual([404, 'event_type_not_found'])
  })

  it('at the first place', async () => {
    const id = await offer({ locations: [{ kind: 'attendee_address' }, { kind: 'attendee_phone' }] })
    expect((await book(id, { onBehalf: {} }, api)).code).toBe('place_required')
    const location = { type: 'attendeeAddress', address: 'Their Street 3' }
    expect((await book(id, { location, onBehalf: {} }, api)).data.location).toBe('Their Street 3')
    const phone = { type: 'attendeePhone', phone: '+49 30 123456' }
    expect((await book(id, { start: LATER, location: phone, onBehalf: {} }, api)).code).toBe('location_not_offered')
  })

  it('without what there is no place for', async () => {
    const reply = await book(await offer(), { guests: ['sam@example.com'], onBehalf: {} }, api)
    expect(reply.body.error.details.fields).toMatchObject([{ path: 'guests', code: 'field_unknown' }])
  })
})

describe('a booking that moves', () => {
  it('keeps its uid, and says who moved it and why', async () => {
    const { data } = await book(await offer())
    const path = `/v2/bookings/${data.uid}/reschedule`
    const moved = await visitor.post(path, { start: LATER, reschedulingReason: 'A cold' })
    expect([moved.status, moved.data]).toMatchObject([
      201,
      {
        ...{ uid: data.uid, id: data.id, start: LATER, status: 'accepted', reschedulingReason: 'A cold' },
        rescheduledByEmail: 'alex@example.com',
      },
    ])
    expect((await visitor.post(path, { start: LATER })).code).toBe('same_time')
    const again = await api.post(path, { start: START, rescheduledBy: `${host.username}@example.org` })
    expect(again.data).toMatchObject({ start: START, rescheduledByEmail: `${host.username}@example.org` })
    expect(await events(data.id)).toEqual(['booking.created', 'booking.rescheduled', 'booking.rescheduled'])
  })

  it('as its host, under whichever of their addresses', async () => {
    const row = { user_id: host.id, email: 'office@example.net', verified_at: test.clock.now() }
    const verified = test.services.db.insertInto('verified_emails').values(row).returning('id')
    const { id: organizerEmailId } = await verified.executeTakeFirstOrThrow()
    const { data } = await book(await offer({ options: { organizerEmailId } }))
    const path = `/v2/bookings/${data.uid}/reschedule`
    for (const [start, rescheduledBy] of [
      [LATER, 'Office@example.net'],
      [START, `${host.username}@example.org`],
    ]) {
      const { status, data: moved } = await api.post(path, { start, rescheduledBy })
      expect([status, moved.status, moved.rescheduledByEmail]).toEqual([201, 'accepted', row.email])
    }
    expect((await visitor.post(path, { start: LATER, rescheduledBy: row.email })).code).toBe('own_bookings_only')
  })

  it('in the name of its attendee has to be confirmed again', async () => {
    const { data } = await book(await offer({ requiresConfirmation: true }))
    await api.post(`/v2/bookings/${data.uid}/confirm`)
    const path = `/v2/bookings/${data.uid}/reschedule`
    expect((await api.post(path, { start: LATER, rescheduledBy: 'ALEX@example.com' })).data.status).toBe('pending')
    expect((await api.post(path, { start: START })).data.status).toBe('accepted')
    expect((await visitor.post(path, { start: LATER })).data.status).toBe('pending')
    const posing = await visitor.post(path, { start: START, rescheduledBy: `${host.username}@example.org` })
    expect([posing.status, posing.code]).toEqual([403, 'own_bookings_only'])
    const stranger = await api.post(path, { start: START, rescheduledBy: 'eve@example.com' })
    expect(stranger.body.error.details.fields).toMatchObject([{ path: 'rescheduledBy', code: 'not_an_attendee' }])
  })

  it('goes to one place, whoever is faster', async () => {
    const id = await offer()
    const [one, two] = [await book(id), await book(id, { start: LATER })]
    const free = '2026-11-24T13:00:00.000Z'
    const replies = await Promise.all(
      [one, two].map(({ data }) => visitor.post(`/v2/bookings/${data.uid}/reschedule`, { start: free })),
    )
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409])
    const refused = replies.find(({ status }) => status === 409)
    expect([refused?.code, refused?.body.error.details.alternatives[0]]).toEqual(['slot_taken', expect.any(String)])
  })

  it.each([
    [{}, 'start', 'field_required'],
    [{ start: START, reschedulingReason: 'x'.repeat(2001) }, 'reschedulingReason', 'field_too_long'],
    [{ start: START, lengthInMinutes: 0 }, 'lengthInMinutes', 'field_too_small'],
    [{ start: START, bookingFieldsResponses: { x: 'y' } }, 'bookingFieldsResponses.x', 'question_unknown'],
  ])('is refused with %j', async (body, path, code) => {
    const { data } = await book(await offer())
    const reply = await visitor.post(`/v2/bookings/${data.uid}/reschedule`, body)
    expect([reply.status, reply.body.error.details.fields]).toMatchObject([400, [{ path, code }]])
  })
})

describe('cancelling', () => {
  it('is for both sides, and a host says why', async () => {
    const id = await offer()
    const [one, two] = [(await book(id)).data, (await book(id, { start: LATER })).data]
    const gone = await visitor.post(`/v2/bookings/${one.uid}/cancel`, { cancellationReason: 'A cold' })
    expect([gone.status, gone.data]).toMatchObject([
      200,
      { status: 'cancelled', cancellationReason: 'A cold', cancelledByEmail: 'alex@example.com' },
    ])
    expect((await visitor.post(`/v2/bookings/${one.uid}/cancel`)).code).toBe('already_cancelled')
    expect((await api.post(`/v2/bookings/${two.uid}/cancel`)).code).toBe('reason_required')
    const { data } = await api.post(`/v2/bookings/${two.uid}/cancel`, { cancellationReason: 'Ill' })
    expect(data.cancelledByEmail).toBe(`${host.username}@example.org`)
    expect((await visitor.get(`/v2/bookings/${two.uid}`)).data.cancelledByEmail).toBeUndefined()
    expect((await book(id)).status).toBe(201)
  })

  it('keeps to what the event type lets attendees do', async () => {
    const { data } = await book(await offer({ options: { cancelling: false } }))
    const reply = await other.post(`/v2/bookings/${data.uid}/cancel`)
    expect([reply.status, reply.code]).toEqual([403, 'cancelling_not_offered'])
  })
})

describe('a series', () => {
  const weekly = { options: { recurrence: { frequency: 'weekly', interval: 1, count: 4 } } } as const

  it('is booked as long as it may be, or shorter, and read by its own uid', async () => {
    const id = await offer(weekly)
    const { data } = await book(id, { recurrenceCount: 3, metadata: { order: '19' } })
    expect(data.map((one: { start: string }) => one.start)).toEqual([
      ...['2026-11-24T09:00:00.000Z', '2026-12-01T09:00:00.000Z', '2026-12-08T09:00:00.000Z'],
    ])
    const [{ recurringBookingUid }] = data
    expect(new Set(data.map((one: { recurringBookingUid: string }) => one.recurringBookingUid)).size).toBe(1)
    expect((await visitor.get(`/v2/bookings/${recurringBookingUid}`)).data).toEqual(data)
    expect((await visitor.get(`/v2/bookings/${data[1].uid}`)).data).toEqual(data[1])
    expect((await api.get(`/v2/bookings/${data[2].uid}`)).data.metadata).toEqual({ order: '19' })
    expect((await book(id, { start: LATER })).data).toHaveLength(4)
  })

  it('cannot be longer, nor lie where something is taken', async () => {
    const id = await offer(weekly)
    const long = await book(id, { recurrenceCount: 5 })
    expect(long.body.error.details.fields).toMatchObject([{ path: 'recurrenceCount', code: 'field_too_large' }])
    await book(id, { start: '2026-12-01T09:00:00Z', recurrenceCount: 1 })
    const clash = await book(id, { recurrenceCount: 3 })
    expect([clash.status, clash.code, clash.body.error.details]).toEqual([
      ...[409, 'occurrence_taken'],
      { n: 2, starts: ['2026-12-01T09:00:00.000Z'] },
    ])
  })

  it('is cancelled from one of its bookings on', async () => {
    const { data } = await book(await offer(weekly))
    const gone = await visitor.post(`/v2/bookings/${data[1].uid}/cancel`, { cancelSubsequentBookings: true })
    expect(gone.data.map(({ uid, status }: { uid: string; status: string }) => [uid, status])).toEqual(
      data.slice(1).map(({ uid }: { uid: string }) => [uid, 'cancelled']),
    )
    expect((await visitor.get(`/v2/bookings/${data[0].uid}`)).data.status).toBe('accepted')
  })
})

describe('the uid of a series', () => {
  it('cancels whatever is still to come', async () => {
    const recurrence = { frequency: 'weekly', interval: 1, count: 3 } as const
    const { data } = await book(await offer({ options: { recurrence } }))
    test.clock.set('2026-11-25T08:00:00Z')
    const path = `/v2/bookings/${data[0].recurringBookingUid}/cancel`
    const gone = await api.post(path, { cancellationReason: 'Ill' })
    expect(gone.data.map(({ status }: { status: string }) => status)).toEqual(['accepted', 'cancelled', 'cancelled'])
    expect((await api.post(path, { cancellationReason: 'Ill' })).code).toBe('already_over')
    expect((await visitor.post('/v2/bookings/nobody-knows-this/cancel')).code).toBe('booking_not_found')
    const long = await api.post(path, { cancellationReason: 'x'.repeat(2001) })
    expect(long.body.error.details.fields).toMatchObject([{ path: 'cancellationReason', code: 'field_too_long' }])
  })
})

describe('seats', () => {
  const shared = { options: { seats: { count: 3, showAttendees: false, showFree: true, maxPerBooking: 1 } } }
  const SAM = { name: 'Sam Roe', email: 'sam@example.com', timeZone: 'UTC' }

  it('are of each who has one, and all of them the host’s', async () => {
    const id = await offer(shared)
    const one = (await book(id, { metadata: { order: '1' } })).data
    const two = (await book(id, { attendee: SAM })).data
    expect([one.uid, one.id]).toEqual([one.seatUid, two.id])
    const own = await visitor.get(`/v2/bookings/by-seat/${one.seatUid}`)
    expect(own.data).toMatchObject({ attendees: [{ email: 'alex@example.com', seatUid: one.seatUid, metadata: {} }] })
    expect(JSON.stringify(own.data)).not.toContain('sam@')
    const whole = (await api.get(`/v2/bookings/by-seat/${one.seatUid}`)).data
    expect(whole.attendees).toMatchObject([
      { seatUid: one.seatUid, metadata: { order: '1' }, bookingFieldsResponses: { name: 'Alex Doe' } },
      { seatUid: two.seatUid, metadata: {} },
    ])
    expect((await api.get(`/v2/bookings/${whole.uid}`)).data).toEqual(whole)
    expect((await visitor.get(`/v2/bookings/${whole.uid}`)).code).toBe('booking_not_found')
    expect((await visitor.get(`/v2/bookings/by-seat/${whole.uid}`)).code).toBe('booking_not_found')
  })

  it('name who comes along to the host and to their attendee alone', async () => {
    const id = await offer(shared)
    const [one, two] = [(await book(id)).data, (await book(id, { attendee: SAM })).data]
    expect(one.attendees[0].companions).toEqual([])
    const companions = [{ name: 'Cy' }]
    await test.services.db
      .updateTable('attendees')
      .set({ quantity: 2, companions: JSON.stringify(companions) })
      .where('seat_uid', '=', one.seatUid)
      .execute()
    const { data } = await api.get(`/v2/bookings/by-seat/${one.seatUid}`)
    expect(data.attendees).toMatchObject([{ companions }, { companions: [] }])
    expect((await visitor.get(`/v2/bookings/by-seat/${one.seatUid}`)).data.attendees).toMatchObject([{ companions }])
    expect(JSON.stringify((await visitor.get(`/v2/bookings/by-seat/${two.seatUid}`)).data)).not.toContain('Cy')
  })

  it('are given back one by one', async () => {
    const id = await offer(shared)
    const [one, two] = [(await book(id)).data, (await book(id, { attendee: SAM })).data]
    const elsewhere = (await book(id, { start: LATER })).data
    const { uid } = (await api.get(`/v2/bookings/by-seat/${one.seatUid}`)).data
    const wrong = await visitor.post(`/v2/bookings/${uid}/cancel`, { seatUid: elsewhere.seatUid })
    expect([wrong.status, wrong.code]).toEqual([404, 'booking_not_found'])
    const gone = await visitor.post(`/v2/bookings/${uid}/cancel`, { seatUid: one.seatUid })
    expect(gone.data).toMatchObject({ status: 'cancelled', uid: one.seatUid })
    const { data } = await api.get(`/v2/bookings/${uid}`)
    expect(data).toMatchObject({ status: 'accepted', attendees: [{ seatUid: two.seatUid }] })
  })

  it('move one by one', async () => {
    const id = await offer(shared)
    const [one, two] = [(await book(id)).data, (await book(id, { attendee: SAM })).data]
    const moved = await visitor.post(`/v2/bookings/${one.uid}/reschedule`, { start: LATER, seatUid: one.seatUid })
    expect(moved.data).toMatchObject({ start: LATER, seatUid: one.seatUid, attendees: [{ email: 'alex@example.com' }] })
    expect((await visitor.get(`/v2/bookings/${two.uid}`)).data.start).toBe(START)
    const back = await api.post(`/v2/bookings/${moved.data.uid}/reschedule`, { start: START, seatUid: one.seatUid })
    expect(back.data).toMatchObject({ seatUid: one.seatUid, start: START })
    expect(back.data.attendees).toHaveLength(2)
  })

  it('are taken on behalf of somebody, too', async () => {
    const id = await offer(shared)
    await book(id)
    const made = await book(id, { attendee: SAM, metadata: { order: '2' }, onBehalf: { mails: false } }, api)
    expect([made.status, made.data.attendees.length]).toEqual([201, 2])
    expect(made.data.attendees[1]).toMatchObject({ seatUid: made.data.seatUid, metadata: { order: '2' } })
  })
})

describe('after the meeting', () => {
  it('the host says who did not come', async () => {
    const { data } = await book(await offer(), { guests: ['sam@example.com'] })
    const path = `/v2/bookings/${data.uid}/mark-absent`
    const absent = { host: true, attendees: [{ email: 'SAM@example.com', absent: true }] }
    expect((await api.post(path, absent)).code).toBe('not_yet_begun')
    test.clock.set('2026-11-24T10:00:00Z')
    expect((await other.post(path, absent)).status).toBe(404)
    const wrong = await api.post(path, {
      ...absent,
      attendees: [...absent.attendees, { email: 'x@y.org', absent: true }],
    })
    expect(wrong.body.error.details.fields).toMatchObject([{ path: 'attendees.1.email', code: 'not_an_attendee' }])
    expect((await api.get(`/v2/bookings/${data.uid}`)).data.absentHost).toBe(false)
    expect((await api.post(path, absent)).data).toMatchObject({
      ...{ absentHost: true, attendees: [{ absent: false }, { absent: true }] },
    })
    expect((await api.post(path, { host: false })).data).toMatchObject({
      ...{ absentHost: false, attendees: [{ absent: false }, { absent: true }] },
    })
    const seen = (await visitor.get(`/v2/bookings/${data.uid}`)).data
    expect(seen).toMatchObject({ absentHost: false, attendees: [{ absent: false }, { absent: false }] })
  })
})

describe('parts of a booking', () => {
  it('are who comes, and who else is invited', async () => {
    const { data } = await book(await offer())
    const path = `/v2/bookings/${data.uid}`
    const added = await api.post(`${path}/attendees`, {
      ...{ name: 'Sam Roe', email: 'Sam@example.com', timeZone: 'Asia/Tokyo', language: 'en-GB' },
    })
    expect([added.status, added.data]).toMatchObject([
      201,
      {
        ...{ bookingId: data.id, name: 'Sam Roe', email: 'sam@example.com', timeZone: 'Asia/Tokyo', language: 'en' },
        absent: false,
      },
    ])
    const invited = await api.post(`${path}/guests`, { guests: [{ email: 'pat@example.com' }] })
    expect(invited.data.guests).toEqual(['sam@example.com', 'pat@example.com'])
    expect(invited.data.attendees[2]).toMatchObject({ name: 'pat', timeZone: 'Europe/Rome', language: 'de' })
    const all = (await api.get(`${path}/attendees`)).data
    expect(all.map(({ email }: { email: string }) => email)).toEqual([
      ...['alex@example.com', 'sam@example.com', 'pat@example.com'],
    ])
    expect((await api.get(`${path}/attendees/${all[1].id}`)).data).toEqual(added.data)
    expect((await api.get(`${path}/attendees/${all[2].id + 1}`)).code).toBe('attendee_not_found')
    expect((await api.post(`${path}/guests`, { guests: [{ email: 'pat@example.com' }] })).code).toBe(
      'guest_already_invited',
    )
    const wrong = await api.post(`${path}/attendees`, { name: 'X', email: 'x', timeZone: 'UTC' })
    expect(wrong.body.error.details.fields).toMatchObject([{ path: 'email', code: 'email_invalid' }])
    const wrongGuest = await api.post(`${path}/guests`, { guests: [{ email: 'a@b.org', timeZone: 'Mars' }] })
    expect(wrongGuest.body.error.details.fields).toMatchObject([
      { path: 'guests.0.timeZone', code: 'unknown_time_zone' },
    ])
    expect(await events(data.id)).toEqual(['booking.created', 'booking.guests_added', 'booking.guests_added'])
  })

  it.each([
    [{ type: 'address', address: 'Side Street 2' }, 'Side Street 2', undefined],
    [{ type: 'attendeeAddress', address: 'Their place' }, 'Their place', undefined],
    [{ type: 'attendeeDefined', location: 'The café' }, 'The café', undefined],
    [{ type: 'phone', phone: '+49 30 123456' }, '+49 30 123456', undefined],
    [{ type: 'link', link: 'https://meet.example.com/a' }, 'https://meet.example.com/a', 'https://meet.example.com/a'],
  ])('are its place: %j', async (location, shown, meetingUrl) => {
    const { data } = await book(await offer())
    const path = `/v2/bookings/${data.uid}/location`
    expect((await other.patch(path, { location })).status).toBe(404)
    const { data: changed } = await api.patch(path, { location })
    expect([changed.location, changed.meetingUrl]).toEqual([shown, meetingUrl])
    expect(await events(data.id)).toEqual(['booking.created', 'booking.location_changed'])
  })

  it('are no place that is none', async () => {
    const { data } = await book(await offer())
    const path = `/v2/bookings/${data.uid}/location`
    const script = await api.patch(path, { location: { type: 'link', link: 'javascript:alert(1)' } })
    expect(script.body.error.details.fields).toMatchObject([{ path: 'location.link', code: 'link_not_https' }])
    expect((await api.patch(path, {})).status).toBe(400)
  })

  it('are links for calendars', async () => {
    const { data } = await book(await offer())
    const links = (await api.get(`/v2/bookings/${data.uid}/calendar-links`)).data
    expect(links.map(({ label }: { label: string }) => label)).toEqual([
      ...['Google Calendar', 'Microsoft Outlook', 'Microsoft Office', 'Download ICS'],
    ])
    expect(links[0].link).toContain('dates=20261124T090000Z%2F20261124T093000Z')
    expect(links[3].link).toBe(`https://book.example.org/booking/${data.uid}/calendar.ics`)
  })

  it.each(['references', 'recordings', 'transcripts', 'conferencing-sessions'])(
    'are %s, of which there are none',
    async (part) => {
      const { data } = await book(await offer())
      expect((await api.get(`/v2/bookings/${data.uid}/${part}`)).data).toEqual([])
      expect((await other.get(`/v2/bookings/${data.uid}/${part}`)).status).toBe(404)
    },
  )

  it('are no other host', async () => {
    const { data } = await book(await offer())
    for (const path of ['reassign', `reassign/${host.id}`]) {
      const reply = await api.post(`/v2/bookings/${data.uid}/${path}`)
      expect([reply.status, reply.code]).toEqual([400, 'nobody_to_reassign_to'])
      expect((await other.post(`/v2/bookings/${data.uid}/${path}`)).status).toBe(404)
    }
  })
})
