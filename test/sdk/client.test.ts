import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { insertApiKey } from '#test/api.ts'
import { insertManyBookings } from '#test/many-bookings.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { type Booking, createSundial, firstOf, RefusedError, type Sundial } from '../../sdk/src/index.ts'
import { type ApiServer, startApi } from './server.ts'

let server: ApiServer
let host: TestHost
let mine: Sundial
let visitor: Sundial

beforeAll(async () => {
  server = await startApi()
})
afterAll(() => server.close())
beforeEach(async () => {
  server.test.clock.set('2026-11-23T08:00:00Z')
  host = await insertHost(server.test.services.db)
  mine = createSundial({ url: server.url, key: await insertApiKey(server.test, host.id) })
  visitor = createSundial({ url: `${server.url}/` })
})

const alex = { name: 'Alex Doe', email: 'alex@example.com', timeZone: 'Europe/Rome' }
const refusal = (call: PromiseLike<unknown>): Promise<RefusedError> =>
  Promise.resolve(call).then(
    () => expect.fail('it was not refused'),
    (error) => {
      expect(error).toBeInstanceOf(RefusedError)
      return error
    },
  )

describe('a visitor', () => {
  it('finds a slot, keeps it, books, moves and cancels', async () => {
    const eventTypeId = await insertEventType(server.test.services.db, host.id)
    const span = { eventTypeId, start: '2026-11-24', end: '2026-11-25', timeZone: 'Europe/Berlin' }
    const days = await visitor.getAvailableSlots(span)
    expect(Object.keys(days)).toEqual(['2026-11-24', '2026-11-25'])
    const [first, second] = days['2026-11-24'] ?? []
    if (!first || !second) throw new Error('no slots')

    const { reservationUid } = await visitor.reserveSlot({ eventTypeId, slotStart: first.start })
    expect((await visitor.getAvailableSlots(span))['2026-11-24']).not.toContainEqual(first)
    const taken = await refusal(visitor.createBooking({ eventTypeId, start: first.start, attendee: alex }))
    expect([taken.status, taken.code, taken.alternatives[0]]).toEqual([
      ...[409, 'slot_taken', new Date(second.start).toISOString()],
    ])

    const booked = firstOf(
      await visitor.createBooking({ eventTypeId, start: first.start, attendee: alex, reservationUid }),
    )
    expect(booked).toMatchObject({ status: 'accepted', duration: 30, eventTypeId })
    const later = (await visitor.getAvailableSlots({ ...span, bookingUidToReschedule: booked.uid }))['2026-11-25']?.[0]
    const moved = firstOf(await visitor.rescheduleBooking(booked.uid, { start: later?.start ?? '' }))
    expect([moved.uid, moved.start]).toEqual([booked.uid, new Date(later?.start ?? '').toISOString()])
    const cancelled = firstOf(await visitor.cancelBooking(booked.uid, { cancellationReason: 'Ill' }))
    expect(cancelled).toMatchObject({ status: 'cancelled', cancellationReason: 'Ill' })
    expect((await refusal(visitor.cancelBooking(booked.uid, {}))).status).toBe(409)
  })

  it('may do what needs a key only with one', async () => {
    const { status, code, message, requestId } = await refusal(visitor.getMe())
    expect({ status, code, message, requestId }).toMatchObject({ status: 401, code: 'api_key_required' })
    expect(message).toMatch(/ /)
    expect(requestId).toMatch(/^[\w-]{36}$/)
  })
})

describe('a host', () => {
  it('reads and changes their profile', async () => {
    expect((await mine.updateMe({ name: 'Ada', metadata: { team: 'blue' } })).name).toBe('Ada')
    expect(await mine.getMe()).toMatchObject({ id: host.id, name: 'Ada', metadata: { team: 'blue' } })
  })

  it('makes, reads, changes and deletes event types', async () => {
    const made = await mine.createEventType({ title: 'Advice', slug: 'advice', lengthInMinutes: 45 })
    expect(await mine.getEventType(made.id)).toEqual(made)
    expect(await mine.updateEventType(made.id, { title: 'Good advice' })).toMatchObject({ title: 'Good advice' })
    const { data } = await mine.getEventTypes({ username: host.username })
    expect(data.map(({ slug }) => slug)).toEqual(['advice'])
    expect(await mine.deleteEventType(made.id)).toMatchObject({ id: made.id })
    expect((await refusal(mine.getEventType(made.id))).code).toBe('event_type_not_found')
  })

  it('makes, reads, changes and deletes schedules', async () => {
    const availability = [{ days: ['Monday' as const], startTime: '10:00', endTime: '12:00' }]
    const made = await mine.createSchedule({
      name: 'Mornings',
      timeZone: 'Europe/Rome',
      isDefault: false,
      availability,
    })
    expect(made.availability).toEqual(availability)
    expect(await mine.updateSchedule(made.id, { name: 'Early' })).toMatchObject({ id: made.id, name: 'Early' })
    expect((await mine.getSchedules()).map(({ name }) => name)).toContain('Early')
    expect((await mine.getDefaultSchedule())?.id).toBe(host.scheduleId)
    expect(await mine.deleteSchedule(made.id)).toBeUndefined()
    expect((await refusal(mine.getSchedule(made.id))).status).toBe(404)
  })

  it('makes, reads, changes and deletes webhooks, of everything and of one event type', async () => {
    const wanted = { active: true, subscriberUrl: 'https://example.org/hook', triggers: ['BOOKING_CREATED' as const] }
    const made = await mine.createWebhook(wanted)
    expect((await mine.updateWebhook(made.id, { active: false })).active).toBe(false)
    expect((await mine.getWebhooks({ take: 1 })).map(({ id }) => id)).toEqual([made.id])
    const eventTypeId = await insertEventType(server.test.services.db, host.id)
    const own = await mine.createEventTypeWebhook(eventTypeId, wanted)
    expect(await mine.getEventTypeWebhook(eventTypeId, own.id)).toMatchObject({ id: own.id, eventTypeId })
    await mine.deleteWebhook(made.id)
    expect((await refusal(mine.getWebhook(made.id))).code).toBe('webhook_not_found')
  })

  it('sees nothing of others', async () => {
    const other = await insertHost(server.test.services.db)
    const eventTypeId = await insertEventType(server.test.services.db, other.id)
    expect((await refusal(mine.updateEventType(eventTypeId, { title: 'Mine' }))).code).toBe('event_type_not_found')
    expect((await refusal(mine.getSchedule(other.scheduleId))).status).toBe(404)
  })
})

describe('what is refused', () => {
  it('names each problem of a request', async () => {
    const eventTypeId = await insertEventType(server.test.services.db, host.id)
    const wrong = { eventTypeId, start: 'tomorrow', attendee: { ...alex, name: 7 as never } }
    const { code, fields } = await refusal(visitor.createBooking(wrong))
    expect(code).toBe('invalid_input')
    expect(fields.map(({ path }) => path).sort()).toEqual(['attendee.name', 'start'])
    expect(fields.every(({ message }) => message.length > 0)).toBe(true)
  })

  it('is what a key is not for', async () => {
    const key = await insertApiKey(server.test, host.id, ['BOOKING_READ'])
    const reader = createSundial({ url: server.url, key })
    expect((await reader.getBookings()).data).toEqual([])
    const { status, code, details } = await refusal(reader.getMe())
    expect([status, code, details.scope]).toEqual([403, 'scope_missing', 'PROFILE_READ'])
  })

  it('is a part of an address that would lead elsewhere', async () => {
    expect(() => mine.getBooking('..')).toThrow(TypeError)
    expect(() => mine.getBooking(undefined as never)).toThrow(TypeError)
    expect((await refusal(mine.getBooking('../me?a=1#b'))).status).toBe(404)
  })
})

describe('a list', () => {
  beforeEach(() =>
    insertManyBookings(server.test.services.db, {
      ...{ hostId: host.id, eventTypeId: null, count: 1000, until: '2026-11-20T12:00:00Z' },
    }),
  )

  it('is run through page by page, each of it once and in order', async () => {
    const starts: string[] = []
    const uids = new Set<string>()
    for await (const booking of mine.getBookings({ sortStart: 'asc', take: 150 })) {
      starts.push(booking.start)
      uids.add(booking.uid)
    }
    expect([starts.length, uids.size]).toEqual([1000, 1000])
    expect(starts).toEqual(starts.toSorted())
  })

  it('can be had by the page, and left in the middle', async () => {
    const { data, pagination } = await mine.getBookings({ take: 100, skip: 50 })
    expect([data.length, pagination.totalItems, pagination.hasNextPage]).toEqual([100, 1000, true])
    let seen = 0
    for await (const _ of mine.getBookings({ take: 10 })) if (++seen === 25) break
    expect(seen).toBe(25)
  })

  it('begins where `skip` says and goes on from there', async () => {
    const rest: unknown[] = []
    for await (const booking of mine.getBookings({ skip: 700, take: 200 })) rest.push(booking)
    expect(rest).toHaveLength(300)
  })

  it('takes several values of a filter', async () => {
    const { data } = await mine.getBookings({ status: ['cancelled', 'past'], take: 250 })
    expect([...new Set(data.map(({ status }) => status))].sort()).toEqual(['accepted', 'cancelled', 'pending'])
    const { data: none } = await mine.getBookings({ attendeeName: 'Person 1,Person 2' })
    expect(none).toEqual([])
  })
})

describe('many at once', () => {
  it('book one slot once', async () => {
    const eventTypeId = await insertEventType(server.test.services.db, host.id)
    const start = '2026-11-24T09:00:00Z'
    const tries = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) =>
        mine.createBooking({ eventTypeId, start, attendee: { ...alex, email: `p${index}@example.com` } }),
      ),
    )
    const codes = tries.map((one) => (one.status === 'fulfilled' ? 'booked' : one.reason.code)).sort()
    expect(codes).toEqual(['booked', ...Array(49).fill('slot_taken')])
  })

  it('do the same thing once under one name', async () => {
    const eventTypeId = await insertEventType(server.test.services.db, host.id)
    const wanted = { eventTypeId, start: '2026-11-24T09:00:00Z', attendee: alex }
    const made = await Promise.all(
      Array.from({ length: 20 }, () => mine.createBooking(wanted, { idempotencyKey: 'order-17' })),
    )
    expect(new Set(made.map((one) => (one as Booking).uid)).size).toBe(1)
    const other = { ...wanted, start: '2026-11-24T10:00:00Z' }
    expect((await refusal(mine.createBooking(other, { idempotencyKey: 'order-17' }))).code).toBe(
      'idempotency_key_reused',
    )
  })
})
