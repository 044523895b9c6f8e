import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createBooking } from '#features/bookings/creation/commands.ts'
import { createBookingSchema } from '#features/bookings/schema.ts'
import { parseInput } from '#platform/input.ts'
import { type ApiClient, apiClient, insertApiKey } from '#test/api.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'

const PATH = '/v2/slots/reservations'
/** Tuesday 24 November 2026; 9 in Berlin is 8 in UTC. */
const at = (hour: number) => `2026-11-24T${String(hour).padStart(2, '0')}:00:00.000Z`

let test: TestContext
let host: TestHost
let eventTypeId: number
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
  eventTypeId = await insertEventType(test.services.db, host.id, { durations: [60] })
  asHost = apiClient(test, await insertApiKey(test, host.id))
})

const wish = (hour: number, more: object = {}) => ({ eventTypeId, slotStart: at(hour), ...more })
const reserve = (hour: number, more: object = {}, client = anybody) => client.post(PATH, wish(hour, more))

function book(hour: number, holdToken?: string) {
  const booking = parseInput(createBookingSchema, {
    ...{ start: at(hour), name: 'Bo', email: 'bo@example.net', timeZone: 'UTC' },
  })
  return createBooking(test.visitor, { offer: { eventTypeId }, booking, locale: 'en', ...(holdToken && { holdToken }) })
}

async function isFree(hour: number, more: Record<string, string> = {}): Promise<boolean> {
  const asked = new URLSearchParams({ eventTypeId: String(eventTypeId), start: at(hour), end: at(hour + 1), ...more })
  const { data } = await anybody.get(`/v2/slots?${asked}`)
  return Object.values(data as Record<string, { start: string }[]>)
    .flat()
    .some(({ start }) => start === at(hour))
}

describe('a slot that is kept', () => {
  it('is kept for five minutes, and can be looked at and given up', async () => {
    const made = await reserve(9)
    expect([made.status, made.data]).toEqual([
      201,
      {
        ...{ eventTypeId, slotStart: at(9), slotEnd: at(10), slotDuration: 60, reservationDuration: 5 },
        ...{ reservationUid: expect.any(String), reservationUntil: '2026-11-23T08:05:00.000Z' },
      },
    ])
    expect(made.data.reservationUid.length).toBeGreaterThanOrEqual(22)
    const path = `${PATH}/${made.data.reservationUid}`
    expect((await anybody.get(path)).data).toEqual(made.data)
    expect(await isFree(9)).toBe(false)
    const gone = await anybody.delete(path)
    expect([gone.status, gone.body]).toEqual([200, { status: 'success' }])
    expect(await isFree(9)).toBe(true)
    for (const again of [await anybody.get(path), await anybody.delete(path), await anybody.patch(path, {})]) {
      expect([again.status, again.code]).toEqual([404, 'hold_not_found'])
    }
  })

  it('is kept from everybody but who has its uid', async () => {
    const { data } = await reserve(9)
    await expect(book(9)).rejects.toMatchObject({ code: 'slot_taken' })
    await expect(book(9, 'another')).rejects.toMatchObject({ code: 'slot_taken' })
    await expect(book(9, data.reservationUid)).resolves.toMatchObject({ status: 'accepted' })
    expect((await anybody.get(`${PATH}/${data.reservationUid}`)).code).toBe('hold_not_found')
    expect(await isFree(9)).toBe(false)
  })

  it('is booked over the API with its uid, and by nobody without', async () => {
    const { data } = await reserve(9)
    const attendee = { name: 'Bo', email: 'bo@example.net', timeZone: 'UTC' }
    const order = { eventTypeId, start: at(9), attendee }
    const refused = await anybody.post('/v2/bookings', order)
    expect([refused.status, refused.code, refused.body.error.details.alternatives]).toEqual([
      ...[409, 'slot_taken', [8, 10, 11, 12, 13, 14].map(at)],
    ])
    const made = await anybody.post('/v2/bookings', { ...order, reservationUid: data.reservationUid })
    expect([made.status, made.data.start, made.data.end]).toEqual([201, at(9), at(10)])
    expect(await claimCount(host.id)).toBe(1)
  })

  it('is listed as free to who has its uid', async () => {
    const { reservationUid } = (await reserve(9)).data
    expect([await isFree(9), await isFree(9, { reservationUid }), await isFree(9, { reservationUid: 'x' })]).toEqual([
      ...[false, true, false],
    ])
  })

  it('is refused with the nearest that are free when somebody has it', async () => {
    await reserve(9)
    const refused = await reserve(9)
    expect([refused.status, refused.code]).toEqual([409, 'slot_taken'])
    expect(refused.body.error.details).toEqual({ alternatives: [8, 10, 11, 12, 13, 14].map(at) })
    const never = await anybody.post(PATH, wish(9, { slotStart: '2026-11-24T20:00:00Z' }))
    expect([never.status, never.code, never.body.error.details.alternatives.length]).toEqual([
      ...[409, 'slot_not_offered', 6],
    ])
  })

  it('is free again the moment its time is over', async () => {
    const { data } = await reserve(9)
    test.clock.add({ minutes: 4, seconds: 59 })
    expect((await reserve(9)).code).toBe('slot_taken')
    test.clock.add({ seconds: 1 })
    const path = `${PATH}/${data.reservationUid}`
    expect([await isFree(9), (await anybody.get(path)).code]).toEqual([true, 'hold_not_found'])
    expect((await anybody.patch(path, {})).code).toBe('hold_not_found')
    expect((await reserve(9)).status).toBe(201)
    expect((await anybody.delete(path)).status).toBe(404)
    expect(await isFree(9)).toBe(false)
  })

  it('is kept longer by nobody but a key of the host', async () => {
    const more = { reservationDuration: 90 }
    const other = await insertHost(test.services.db)
    for (const client of [anybody, apiClient(test, await insertApiKey(test, other.id))]) {
      const refused = await reserve(9, more, client)
      expect([refused.status, refused.code]).toEqual([403, 'hold_length_not_yours'])
    }
    const reading = apiClient(test, await insertApiKey(test, host.id, ['BOOKING_READ']))
    expect((await reserve(9, more, reading)).code).toBe('scope_missing')
    const { data } = await reserve(9, more, asHost)
    expect([data.reservationDuration, data.reservationUntil]).toEqual([90, '2026-11-23T09:30:00.000Z'])
    test.clock.add({ minutes: 89 })
    expect(await isFree(9)).toBe(false)
    expect((await anybody.patch(`${PATH}/${data.reservationUid}`, more)).code).toBe('hold_length_not_yours')
    test.clock.add({ minutes: 1 })
    expect(await isFree(9)).toBe(true)
  })

  it('is exchanged for another one under the same uid, or stays when that is refused', async () => {
    await reserve(11)
    const { data } = await reserve(9)
    const path = `${PATH}/${data.reservationUid}`
    test.clock.add({ minutes: 3 })
    const refused = await anybody.patch(path, { slotStart: at(11) })
    expect([refused.code, refused.body.error.details.alternatives]).toEqual([
      'slot_taken',
      [8, 9, 10, 12, 13, 14].map(at),
    ])
    expect((await anybody.get(path)).data).toEqual(data)
    const moved = await anybody.patch(path, { slotStart: at(10) })
    const until = '2026-11-23T08:08:00.000Z'
    expect(moved.data).toEqual({ ...data, slotStart: at(10), slotEnd: at(11), reservationUntil: until })
    expect([await isFree(9), await isFree(10)]).toEqual([true, false])
    expect((await anybody.get(path)).data).toEqual(moved.data)
    // Anew from now.
    test.clock.add({ minutes: 1 })
    expect((await anybody.patch(path, {})).data).toMatchObject({
      slotStart: at(10),
      reservationUntil: '2026-11-23T08:09:00.000Z',
    })
    const longer = await asHost.patch(path, { reservationDuration: 30 })
    expect(longer.data.reservationUntil).toBe('2026-11-23T08:34:00.000Z')
  })

  it('is exchanged for one of another host, too', async () => {
    const other = await insertHost(test.services.db)
    const otherType = await insertEventType(test.services.db, other.id, { durations: [30] })
    const { data } = await reserve(9)
    const moved = await anybody.patch(`${PATH}/${data.reservationUid}`, { eventTypeId: otherType })
    expect(moved.data).toMatchObject({ eventTypeId: otherType, slotStart: at(9), slotDuration: 30 })
    expect(await isFree(9)).toBe(true)
    await expect(book(9)).resolves.toMatchObject({ status: 'accepted' })
  })

  it('has one of the lengths there are', async () => {
    eventTypeId = await insertEventType(test.services.db, host.id, { slug: 'more', durations: [30, 60] })
    expect((await reserve(9)).data.slotDuration).toBe(30)
    expect((await reserve(10, { slotDuration: 60 })).data.slotEnd).toBe(at(11))
    const refused = await reserve(12, { slotDuration: 45 })
    expect([refused.status, refused.code]).toEqual([400, 'duration_not_offered'])
  })

  it('keeps what its booking would take, with buffers', async () => {
    eventTypeId = await insertEventType(test.services.db, host.id, { slug: 'wide', durations: [60], bufferAfter: 15 })
    await reserve(9)
    expect([await isFree(8), await isFree(10), await isFree(11)]).toEqual([false, false, true])
  })

  it('keeps one of several seats, which slots count', async () => {
    const seats = { count: 2, showAttendees: false, showFree: true, maxPerBooking: 1 }
    const shared = await insertEventType(test.services.db, host.id, {
      slug: 'class',
      durations: [60],
      options: { seats },
    })
    const seatsAt = async (hour: number, more = '') => {
      const found = await anybody.get(`/v2/slots?eventTypeId=${shared}&start=2026-11-24&end=2026-11-24${more}`)
      const all = found.data['2026-11-24'] as { start: string; seatsBooked: number; seatsRemaining: number }[]
      const slot = all.find(({ start }) => Date.parse(start) === Date.parse(at(hour)))
      return slot ? [slot.seatsBooked, slot.seatsRemaining] : null
    }
    const first = await anybody.post(PATH, wish(9, { eventTypeId: shared }))
    expect(first.status).toBe(201)
    expect(await seatsAt(9)).toEqual([1, 1])
    expect(await seatsAt(9, `&reservationUid=${first.data.reservationUid}`)).toEqual([0, 2])
    // A time of its own becomes a seat, and the other way round.
    const { data } = await reserve(11)
    const path = `${PATH}/${data.reservationUid}`
    const moved = await anybody.patch(path, { eventTypeId: shared, slotStart: at(9) })
    expect([moved.status, moved.data.eventTypeId]).toEqual([200, shared])
    expect(await seatsAt(9)).toBeNull()
    expect(await isFree(11)).toBe(true)
    const full = await anybody.post(PATH, wish(9, { eventTypeId: shared }))
    expect([full.status, full.code]).toEqual([409, 'slot_taken'])
    expect((await anybody.get(path)).data).toEqual(moved.data)
    expect((await anybody.patch(path, { eventTypeId, slotStart: at(12) })).status).toBe(200)
    expect(await seatsAt(9)).toEqual([1, 1])
    expect((await anybody.delete(`${PATH}/${first.data.reservationUid}`)).status).toBe(200)
    expect(await seatsAt(9)).toEqual([0, 2])
    expect(await isFree(9)).toBe(true)
  })

  it.each([
    [{ eventTypeId: undefined }, 'eventTypeId', 'field_required'],
    [{ eventTypeId: 'x' }, 'eventTypeId', 'field_invalid'],
    [{ slotStart: '2026-11-24' }, 'slotStart', 'field_invalid'],
    [{ slotDuration: 0 }, 'slotDuration', 'field_too_small'],
    [{ reservationDuration: 1441 }, 'reservationDuration', 'field_too_large'],
    [{ reservationDuration: 2.5 }, 'reservationDuration', 'field_invalid'],
    [{ reservedBy: 'me' }, '', 'field_unknown'],
  ])('is refused with %j', async (more, path, code) => {
    const reply = await reserve(9, more)
    expect([reply.status, reply.code]).toEqual([400, 'invalid_input'])
    expect(reply.body.error.details.fields[0]).toMatchObject({ path, code })
  })

  it('is of an event type that exists', async () => {
    expect((await reserve(9, { eventTypeId: 2 ** 40 })).code).toBe('event_type_not_found')
  })
})

describe('rivals', () => {
  it('of one slot: one of fifty has it, with and without a key of their own for the request', async () => {
    const ask = (i: number) =>
      anybody.post(PATH, wish(9), i % 2 ? { 'idempotency-key': `rival-${eventTypeId}-${i}` } : {})
    const all = await Promise.all(Array.from({ length: 50 }, (_, i) => ask(i)))
    expect(all.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(all.filter(({ code }) => code === 'slot_taken')).toHaveLength(49)
    expect(await holdCount()).toBe(1)
  })

  it('with the same key for the request are answered alike', async () => {
    const ask = () => anybody.post(PATH, wish(9), { 'idempotency-key': `same-${eventTypeId}` })
    const all = await Promise.all(Array.from({ length: 50 }, ask))
    expect(new Set(all.map(({ data }) => data.reservationUid)).size).toBe(1)
    expect(await holdCount()).toBe(1)
  })

  it('of one slot, all of whom move there: one of twenty has it, and the others what they had', async () => {
    const weekly = [{ days: [1, 2, 3, 4, 5], start: 0, end: 1440 }]
    const open = await insertHost(test.services.db, { weekly, timeZone: 'UTC' })
    eventTypeId = await insertEventType(test.services.db, open.id, { durations: [60] })
    const made = await Promise.all(Array.from({ length: 20 }, (_, hour) => reserve(hour)))
    expect(made.map(({ status }) => status)).toEqual(made.map(() => 201))
    const all = await Promise.all(
      made.map(({ data }) => anybody.patch(`${PATH}/${data.reservationUid}`, { slotStart: at(22) })),
    )
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1)
    const after = await Promise.all(made.map(({ data }) => anybody.get(`${PATH}/${data.reservationUid}`)))
    const starts = after.map(({ data }) => data.slotStart)
    expect(starts.filter((start) => start === at(22))).toHaveLength(1)
    expect(starts.every((start, hour) => start === at(22) || start === at(hour))).toBe(true)
    expect(await claimCount(open.id)).toBe(20)
  })

  it('who move one and the same: it ends at one of the starts, and takes no other', async () => {
    const { data } = await reserve(9)
    const path = `${PATH}/${data.reservationUid}`
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, i) => anybody.patch(path, { slotStart: at(8 + (i % 8)) })),
    )
    expect(all.map(({ status }) => status)).toEqual(all.map(() => 200))
    const { slotStart } = (await anybody.get(path)).data
    const free = await Promise.all(Array.from({ length: 8 }, (_, i) => isFree(8 + i)))
    expect(free).toEqual(free.map((_, i) => at(8 + i) !== slotStart))
    expect(await claimCount(host.id)).toBe(1)
  })
})

async function holdCount(): Promise<number> {
  const query = test.services.db.selectFrom('holds').where('event_type_id', '=', eventTypeId)
  return (await query.select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n
}

async function claimCount(hostId: number): Promise<number> {
  const query = test.services.db.selectFrom('claims').where('host_id', '=', hostId)
  return (await query.select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n
}
