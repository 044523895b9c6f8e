import { createQueryId, type KyselyPlugin } from 'kysely'
import { describe, expect, it } from 'vitest'
import { type ApiClient, type ApiReply, apiClient, insertApiKey } from '#test/api.ts'
import { ALEX, LATER, question, START, useBookingsApi } from '#test/bookings-api.ts'
import { insertHost } from '#test/offers.ts'

const { at, offer, book, events } = useBookingsApi()

describe('booking over the API', () => {
  it('makes what the page makes, and shows its host all of it', async () => {
    const questions = [question('colour', {}), question('source', { hidden: true })] as never
    const id = await offer({
      slug: 'roof',
      locations: [{ kind: 'in_person', address: 'Main Street 1' }],
      options: { questions },
    })
    const made = await book(id, {
      ...{ guests: ['Sam@Example.com'], metadata: { order: '17' } },
      bookingFieldsResponses: { colour: 'red', source: 'mail', notes: 'About the roof' },
    })
    expect(made.status).toBe(201)
    const { data } = await at.api.get(`/v2/bookings/${made.data.uid}`)
    const address = (email: string) => ({ email, displayEmail: email, timeZone: 'Europe/Rome', language: 'de' })
    expect(data).toEqual({
      ...{ id: expect.any(Number), uid: made.data.uid, title: 'A talk', description: 'About the roof' },
      ...{ status: 'accepted', start: START, end: '2026-11-24T09:30:00.000Z', duration: 30, eventTypeId: id },
      ...{ eventType: { id, slug: 'roof' }, location: 'Main Street 1', absentHost: false },
      ...{ createdAt: '2026-11-23T08:00:00.000Z', updatedAt: '2026-11-23T08:00:00.000Z', metadata: { order: '17' } },
      icsUid: expect.stringMatching(/^[\w-]{24}@book\.example\.org$/),
      hosts: [
        {
          ...{ id: at.host.id, username: at.host.username, name: expect.any(String), timeZone: 'Europe/Berlin' },
          ...{ email: `${at.host.username}@example.org`, displayEmail: `${at.host.username}@example.org` },
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
    for (const client of [at.visitor, at.other]) {
      const { status, data } = await client.get(`/v2/bookings/${made.data.uid}`)
      expect([status, data]).toEqual([200, made.data])
      expect(data).toMatchObject({ metadata: {}, hosts: [{ email: '', displayEmail: '' }] })
      expect(data.bookingFieldsResponses).toEqual({ name: 'Alex Doe', email: 'alex@example.com' })
      expect(JSON.stringify(data)).not.toContain(`${at.host.username}@`)
    }
    expect((await at.visitor.get('/v2/bookings/nobody-knows-this')).code).toBe('booking_not_found')
  })

  it('finds the event type by its address, in any case', async () => {
    await offer({ slug: 'named' })
    const named = { eventTypeId: undefined, eventTypeSlug: 'named', username: at.host.username.toUpperCase() }
    expect((await book(0, named)).status).toBe(201)
    expect((await book(0, { ...named, eventTypeSlug: 'nothing' })).code).toBe('event_type_not_found')
    expect((await book(0, { ...named, username: undefined, teamSlug: 'team' })).code).toBe('event_type_not_found')
  })

  it('finds the event type under a username that was given up, alone and among others', async () => {
    await offer({ slug: 'named' })
    const { db } = at.context.services
    const second = await insertHost(db)
    const former = at.host.username
    const until = at.context.clock.now().add({ hours: 24 })
    await db.insertInto('held_usernames').values({ username: former, user_id: at.host.id, until }).execute()
    await db
      .updateTable('users')
      .set({ username: `${former}-new` })
      .where('id', '=', at.host.id)
      .execute()
    await db.updateTable('users').set({ group_links: true }).where('id', 'in', [at.host.id, second.id]).execute()
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
    const second = await insertHost(at.context.services.db)
    await at.context.services.db
      .updateTable('users')
      .set({ group_links: true })
      .where('id', 'in', [at.host.id, second.id])
      .execute()
    const usernames = [at.host.username, second.username]
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
    expect((await at.other.post(`${path}/confirm`)).code).toBe('booking_not_found')
    expect((await at.api.post(`${path}/confirm`)).data).toMatchObject({ status: 'accepted', uid: made.data.uid })
    expect((await at.api.post(`${path}/confirm`)).code).toBe('already_confirmed')
    expect(await events(made.data.id)).toEqual(['booking.requested', 'booking.confirmed'])
  })

  it('is declined with a reason', async () => {
    const made = await book(await offer({ requiresConfirmation: true }))
    const path = `/v2/bookings/${made.data.uid}/decline`
    expect((await at.other.post(path, { reason: 'No' })).status).toBe(404)
    expect((await at.api.post(path, { reason: 'No time' })).data).toMatchObject({
      ...{ status: 'rejected', cancellationReason: 'No time' },
    })
    expect((await at.api.post(path)).code).toBe('already_rejected')
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
    const counted = { services: { ...at.context.services, db: at.context.services.db.withPlugin(count) } }
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
    const reader = apiClient(at.context, await insertApiKey(at.context, at.host.id, ['BOOKING_READ']))
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
      Array.from({ length: 50 }, () => book(id, {}, at.visitor, { 'idempotency-key': 'same' })),
    )
    expect(new Set(all.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1)
    expect(all[0]?.status).toBe(201)
    expect((await at.api.get('/v2/bookings')).body.pagination.totalItems).toBe(1)
  })
})

describe('a reservation', () => {
  it('keeps the time for who books with it', async () => {
    const eventTypeId = await offer()
    const kept = await at.visitor.post('/v2/slots/reservations', { eventTypeId, slotStart: START })
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
    expect((await book(id, night, at.api)).code).toBe('slot_not_offered')
    const refused = await book(id, { ...night, onBehalf: {} }, at.api)
    expect([refused.code, refused.body.error.details.why]).toEqual(['outside_offer', 'slot_not_offered'])
    expect((await book(id, { ...night, onBehalf: { anyway: true } }, at.api)).code).toBe('reason_required')
    const made = await book(id, { ...night, onBehalf: { anyway: true, reason: 'An old friend' } }, at.api)
    expect([made.status, made.data]).toMatchObject([201, { start: night.start, metadata: { order: '18' } }])
    expect((await book(id, { ...night, onBehalf: { anyway: true, reason: 'Again' } }, at.api)).code).toBe('slot_taken')
  })

  it('at their own event types only', async () => {
    const reply = await book(await offer(), { onBehalf: { anyway: true, reason: 'Mine' } }, at.other)
    expect([reply.status, reply.code]).toEqual([404, 'event_type_not_found'])
  })

  it('at the first place', async () => {
    const id = await offer({ locations: [{ kind: 'attendee_address' }, { kind: 'attendee_phone' }] })
    expect((await book(id, { onBehalf: {} }, at.api)).code).toBe('place_required')
    const location = { type: 'attendeeAddress', address: 'Their Street 3' }
    expect((await book(id, { location, onBehalf: {} }, at.api)).data.location).toBe('Their Street 3')
    const phone = { type: 'attendeePhone', phone: '+49 30 123456' }
    expect((await book(id, { start: LATER, location: phone, onBehalf: {} }, at.api)).code).toBe('location_not_offered')
  })

  it('without what there is no place for', async () => {
    const reply = await book(await offer(), { guests: ['sam@example.com'], onBehalf: {} }, at.api)
    expect(reply.body.error.details.fields).toMatchObject([{ path: 'guests', code: 'field_unknown' }])
  })
})
