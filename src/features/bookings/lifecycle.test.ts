import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '#platform/actor.ts'
import { hashToken } from '#platform/crypto.ts'
import { isAppError } from '#platform/errors.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestEventType, type TestHost } from '#test/offers.ts'
import { placeHold } from '../availability/holds/commands.ts'
import { loadOffer } from '../availability/queries.ts'
import { listStarts } from '../availability/starts/queries.ts'
import { confirmBooking, rejectBooking } from './answering/commands.ts'
import { cancelBooking, requestAnotherTime } from './cancellation/commands.ts'
import { createBooking } from './creation/commands.ts'
import { bookingByUid, bookingHistory, listBookings } from './queries.ts'
import { rescheduleBooking } from './rescheduling/commands.ts'
import { createBookingSchema } from './schema.ts'

let context: TestContext
let host: TestHost
let asHost: Actor

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())

beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  host = await insertHost(context.services.db)
  asHost = { kind: 'user', userId: host.id, role: 'owner', via: 'session' }
})

const offer = (settings: TestEventType = {}) => insertEventType(context.services.db, host.id, settings)

function request(slug: string, start: string, more: object = {}) {
  const booking = parseInput(createBookingSchema, {
    start,
    name: 'Bo Visitor',
    email: 'bo@example.net',
    timeZone: 'America/New_York',
    ...more,
  })
  return { offer: { username: host.username, slug }, booking, locale: 'en' as const }
}

/** Monday 23 November 2026, 10:00 in Berlin. */
const TEN = '2026-11-23T09:00:00Z'

async function refusal(work: Promise<unknown>): Promise<{ code: string; details: Record<string, unknown> }> {
  try {
    await work
  } catch (error) {
    if (isAppError(error)) return { code: error.code, details: error.details }
    throw error
  }
  throw new Error('was not refused')
}

async function claims() {
  return context.services.db.selectFrom('claims').where('host_id', '=', host.id).selectAll().execute()
}

async function eventNames(): Promise<string[]> {
  const { db } = context.services
  const own = await db.selectFrom('bookings').where('host_id', '=', host.id).select('id').execute()
  if (own.length === 0) return []
  const subjects = own.map(({ id }) => `booking:${id}`)
  const rows = await db
    .selectFrom('events')
    .where('subject', 'in', subjects)
    .select('name')
    .orderBy('position')
    .execute()
  return rows.map((row) => row.name)
}

describe('createBooking', () => {
  it('writes the booking, its people, its claim and its event together', async () => {
    await offer({ locations: [{ kind: 'attendee_phone' }], bufferAfter: 15 })
    const made = await createBooking(
      context.visitor,
      request('talk', TEN, { guests: ['ann@example.net'], phone: '+49 30 1234567', notes: 'Hello' }),
    )
    expect(made).toMatchObject({ status: 'accepted', replayed: false })
    expect(made.uid).toMatch(/^[\w-]{24}$/)
    const booking = await bookingByUid(context.visitor, made.uid)
    expect(booking).toMatchObject({
      title: 'A talk',
      timeZone: 'Europe/Berlin',
      sequence: 0,
      location: { kind: 'attendee_phone', phone: '+49 30 1234567' },
      attendees: [
        { kind: 'booker', name: 'Bo Visitor', timeZone: 'America/New_York' },
        { kind: 'guest', name: 'ann', email: 'ann@example.net' },
      ],
    })
    expect((await claims()).map((claim) => claim.blocked)).toEqual([
      '["2026-11-23 09:00:00+00","2026-11-23 09:45:00+00")',
    ])
    expect(await eventNames()).toEqual(['booking.created'])
  })

  it('refuses what is not offered and writes nothing', async () => {
    await offer({ notice: 60 })
    const refused: [string, string][] = [
      ['2026-11-23T07:00:00Z', 'slot_not_offered'], // in the past
      ['2026-11-23T08:30:00Z', 'slot_not_offered'], // within the notice
      ['2026-11-23T09:10:00Z', 'slot_not_offered'], // off the grid
      ['2026-11-28T09:00:00Z', 'slot_not_offered'], // Saturday
      ['2026-11-23T16:00:00Z', 'slot_not_offered'], // closing time
    ]
    for (const [start, code] of refused) {
      expect([start, (await refusal(createBooking(context.visitor, request('talk', start)))).code]).toEqual([
        start,
        code,
      ])
    }
    const wrongLength = request('talk', TEN, { duration: 45 })
    expect((await refusal(createBooking(context.visitor, wrongLength))).code).toBe('duration_not_offered')
    expect((await refusal(createBooking(context.visitor, request('nothing', TEN)))).code).toBe('event_type_not_found')
    expect(await claims()).toEqual([])
    expect(await eventNames()).toEqual([])
  })

  it('names the nearest free starts when somebody was faster', async () => {
    await offer()
    await createBooking(context.visitor, request('talk', TEN))
    const { code, details } = await refusal(createBooking(context.visitor, request('talk', TEN)))
    expect(code).toBe('slot_taken')
    expect(details.alternatives).toEqual(
      ['08:00', '08:30', '09:30', '10:00', '10:30', '11:00'].map((time) => Date.parse(`2026-11-23T${time}:00Z`)),
    )
  })

  it('adds the buffers of neighbours, as the constraint does', async () => {
    await offer({ bufferBefore: 10, bufferAfter: 20, slotInterval: 10 })
    await createBooking(context.visitor, request('talk', TEN))
    expect((await refusal(createBooking(context.visitor, request('talk', '2026-11-23T09:50:00Z')))).code).toBe(
      'slot_taken',
    )
    await createBooking(context.visitor, request('talk', '2026-11-23T10:00:00Z'))
  })

  it('answers a repeated request as the first time, and refuses the key for another one', async () => {
    await offer()
    const once = { ...request('talk', TEN), idempotencyKey: 'key-1' }
    const first = await createBooking(context.visitor, once)
    expect(await createBooking(context.visitor, once)).toEqual({ ...first, replayed: true })
    const other = { ...request('talk', '2026-11-23T10:00:00Z'), idempotencyKey: 'key-1' }
    expect((await refusal(createBooking(context.visitor, other))).code).toBe('idempotency_key_reused')
    expect(await claims()).toHaveLength(1)
  })

  it('keeps to its number of statements', async () => {
    await offer()
    await createBooking(context.visitor, { ...request('talk', TEN), idempotencyKey: 'warm' })
    const { count } = context.database
    const before = count.statements
    await createBooking(context.visitor, { ...request('talk', '2026-11-23T10:00:00Z'), idempotencyKey: 'k' })
    expect(count.statements - before).toBeLessThanOrEqual(12)
  })

  it('lists slots with two statements, however many bookings there are', async () => {
    await offer()
    const { count } = context.database
    const before = count.statements
    const found = await loadOffer(context.services.db, { username: host.username, slug: 'talk' })
    if (!found) throw new Error('no offer')
    const span = { start: Date.parse('2026-11-01T00:00:00Z'), end: Date.parse('2026-12-01T00:00:00Z') }
    const starts = await listStarts(context.visitor, found, 30, span)
    expect(starts.length).toBe(6 * 16)
    expect(count.statements - before).toBe(2)
  })
})

describe('holds', () => {
  it('keep the time for their visitor only, until they expire', async () => {
    const eventTypeId = await offer()
    const key = { eventTypeId }
    const hold = await placeHold(context.visitor, { offer: key, start: Date.parse(TEN), duration: 30 })
    expect((await refusal(createBooking(context.visitor, request('talk', TEN)))).code).toBe('slot_taken')
    await createBooking(context.visitor, { ...request('talk', TEN), holdToken: hold?.token })
    expect(await claims()).toHaveLength(1)

    const later = Date.parse('2026-11-23T10:00:00Z')
    await placeHold(context.visitor, { offer: key, start: later, duration: 30 })
    context.clock.add({ minutes: 5 })
    await createBooking(context.visitor, request('talk', '2026-11-23T10:00:00Z'))
  })

  it('take the time off everybody else’s list, and off the alternatives', async () => {
    const key = { eventTypeId: await offer() }
    const hold = await placeHold(context.visitor, { offer: key, start: Date.parse(TEN), duration: 30 })
    const found = await loadOffer(context.services.db, key)
    if (!found) throw new Error('no offer')
    const span = { start: Date.parse('2026-11-23T00:00:00Z'), end: Date.parse('2026-11-24T00:00:00Z') }
    expect(await listStarts(context.visitor, found, 30, span)).not.toContain(Date.parse(TEN))
    const own = { holdTokenHash: hashToken(hold?.token ?? '') }
    expect(await listStarts(context.visitor, found, 30, span, own)).toContain(Date.parse(TEN))
    const { details } = await refusal(createBooking(context.visitor, request('talk', TEN)))
    expect(details.alternatives).not.toContain(Date.parse(TEN))
  })

  it('move with the visitor', async () => {
    const key = { eventTypeId: await offer() }
    const first = await placeHold(context.visitor, { offer: key, start: Date.parse(TEN), duration: 30 })
    const start = Date.parse('2026-11-23T11:00:00Z')
    await placeHold(context.visitor, { offer: key, start, duration: 30, previousToken: first?.token })
    await createBooking(context.visitor, request('talk', TEN))
    expect(await claims()).toHaveLength(2)
  })
})

describe('the life of a booking', () => {
  async function booked(settings: TestEventType = {}, start = TEN) {
    await offer(settings)
    return createBooking(context.visitor, request('talk', start))
  }

  it('is requested, confirmed and then not confirmed or rejected again', async () => {
    const { uid, status } = await booked({ requiresConfirmation: true })
    expect(status).toBe('pending')
    await confirmBooking(context.as(asHost), { uid })
    expect((await refusal(confirmBooking(context.as(asHost), { uid }))).code).toBe('already_confirmed')
    expect((await refusal(rejectBooking(context.as(asHost), { uid, reason: '' }))).code).toBe('already_confirmed')
    expect(await eventNames()).toEqual(['booking.requested', 'booking.confirmed'])
    expect((await bookingByUid(context.visitor, uid))?.sequence).toBe(1)
  })

  it('frees the time when rejected or cancelled, and cannot be acted on any more', async () => {
    const { uid } = await booked({ requiresConfirmation: true })
    await rejectBooking(context.as(asHost), { uid, reason: 'Away' })
    expect(await claims()).toEqual([])
    expect((await refusal(cancelBooking(context.visitor, { uid, reason: '' }))).code).toBe('already_rejected')

    const second = await createBooking(context.visitor, request('talk', TEN))
    await cancelBooking(context.visitor, { uid: second.uid, reason: 'Ill' })
    expect(await claims()).toEqual([])
    const gone = { uid: second.uid, reason: '' }
    expect((await refusal(cancelBooking(context.visitor, gone))).code).toBe('already_cancelled')
    expect((await refusal(confirmBooking(context.as(asHost), gone))).code).toBe('already_cancelled')
    const move = rescheduleBooking(context.visitor, { ...gone, start: Date.parse(TEN) })
    expect((await refusal(move)).code).toBe('already_cancelled')
  })

  it('is not answered or cancelled by who has not seen its latest move', async () => {
    const { uid } = await booked({ requiresConfirmation: true })
    await rescheduleBooking(context.visitor, { uid, start: Date.parse('2026-11-24T09:00:00Z'), reason: '' })
    const stale = { uid, reason: 'Away', sequence: 0 }
    for (const act of [confirmBooking, rejectBooking, cancelBooking, requestAnotherTime]) {
      expect((await refusal(act(context.as(asHost), stale))).code).toBe('already_moved')
    }
    await confirmBooking(context.as(asHost), { uid, sequence: 1 })
    expect((await refusal(confirmBooking(context.as(asHost), { uid, sequence: 1 }))).code).toBe('already_confirmed')
  })

  it('can be confirmed by nobody but its host', async () => {
    const { uid } = await booked({ requiresConfirmation: true })
    const other = await insertHost(context.services.db)
    const stranger: Actor = { kind: 'user', userId: other.id, role: 'owner', via: 'session' }
    for (const ctx of [context.visitor, context.as(stranger)]) {
      expect((await refusal(confirmBooking(ctx, { uid }))).code).toBe('own_bookings_only')
      expect((await refusal(rejectBooking(ctx, { uid, reason: '' }))).code).toBe('own_bookings_only')
      expect((await refusal(requestAnotherTime(ctx, { uid, reason: '' }))).code).toBe('own_bookings_only')
    }
  })

  it('moves its claim, keeps its uid and raises the sequence', async () => {
    const { uid } = await booked()
    const start = Date.parse('2026-11-24T09:00:00Z')
    await rescheduleBooking(context.visitor, { uid, start, reason: 'Train', sequence: 0 })
    expect((await claims()).map((claim) => claim.blocked)).toEqual([
      '["2026-11-24 09:00:00+00","2026-11-24 09:30:00+00")',
    ])
    expect(await bookingByUid(context.visitor, uid)).toMatchObject({
      uid,
      sequence: 1,
      reason: 'Train',
      status: 'accepted',
    })
    const stale = rescheduleBooking(context.visitor, { uid, start: Date.parse(TEN), reason: '', sequence: 0 })
    expect((await refusal(stale)).code).toBe('already_moved')
    const same = rescheduleBooking(context.visitor, { uid, start, reason: '', sequence: 1 })
    expect((await refusal(same)).code).toBe('same_time')
  })

  it('may move onto a time that only its own claim blocks', async () => {
    const { uid } = await booked({ slotInterval: 10 })
    await rescheduleBooking(context.visitor, { uid, start: Date.parse('2026-11-23T09:10:00Z'), reason: '' })
    expect(await claims()).toHaveLength(1)
  })

  it('asks the host again when the attendee moves what needs confirmation', async () => {
    const { uid } = await booked({ requiresConfirmation: true })
    await confirmBooking(context.as(asHost), { uid })
    const moved = await rescheduleBooking(context.visitor, {
      uid,
      start: Date.parse('2026-11-24T09:00:00Z'),
      reason: '',
    })
    expect(moved.status).toBe('pending')
    await confirmBooking(context.as(asHost), { uid })
    const byHost = await rescheduleBooking(context.as(asHost), { uid, start: Date.parse(TEN), reason: '' })
    expect(byHost.status).toBe('accepted')
  })

  it('is over when it is over', async () => {
    const { uid } = await booked()
    context.clock.set('2026-11-23T09:30:00Z')
    expect((await refusal(cancelBooking(context.visitor, { uid, reason: '' }))).code).toBe('already_over')
    const move = rescheduleBooking(context.visitor, { uid, start: Date.parse('2026-11-24T09:00:00Z'), reason: '' })
    expect((await refusal(move)).code).toBe('already_over')
  })

  it('comes back at another time when the host asked for one', async () => {
    const { uid } = await booked()
    await requestAnotherTime(context.as(asHost), { uid, reason: 'Clash' })
    expect(await claims()).toEqual([])
    expect((await refusal(cancelBooking(context.visitor, { uid, reason: '' }))).code).toBe('already_cancelled')
    await rescheduleBooking(context.visitor, { uid, start: Date.parse('2026-11-24T09:00:00Z'), reason: '' })
    expect(await bookingByUid(context.visitor, uid)).toMatchObject({
      status: 'accepted',
      sequence: 2,
      rescheduleRequested: false,
      cancelledBy: null,
    })
    const move = rescheduleBooking(context.visitor, { uid, start: Date.parse(TEN), reason: '', sequence: 1 })
    expect((await refusal(move)).code).toBe('already_moved')
  })

  it('wants a reason from a host who cancels', async () => {
    const { uid } = await booked()
    expect((await refusal(cancelBooking(context.as(asHost), { uid, reason: '' }))).code).toBe('reason_required')
    await cancelBooking(context.as(asHost), { uid, reason: 'Ill' })
    expect(await bookingByUid(context.visitor, uid)).toMatchObject({ cancelledBy: 'host', reason: 'Ill' })
  })

  it('tells its history and stands in the right list', async () => {
    const { uid } = await booked()
    await rescheduleBooking(context.as(asHost), { uid, start: Date.parse('2026-11-24T09:00:00Z'), reason: '' })
    const booking = await bookingByUid(context.visitor, uid)
    if (!booking) throw new Error('no booking')
    expect((await bookingHistory(context.services.db, booking)).map(({ name, by }) => [name, by])).toEqual([
      ['booking.created', 'attendee'],
      ['booking.rescheduled', 'host'],
    ])
    const scope = userScope(context.as(asHost))
    const now = context.clock.now()
    const inTab = async (tab: 'upcoming' | 'past' | 'cancelled' | 'unconfirmed') =>
      (await listBookings(context.services.db, scope, { tab, now })).bookings.length
    expect([
      await inTab('upcoming'),
      await inTab('past'),
      await inTab('cancelled'),
      await inTab('unconfirmed'),
    ]).toEqual([1, 0, 0, 0])
  })
})

describe('the terms of an event type', () => {
  const options = (more: TestEventType['options']) => offer({ options: more })

  it('limit bookings and minutes per period, for everyone', async () => {
    await options({ limits: { bookings: { day: 1, week: 2 }, minutes: {} } })
    await createBooking(context.visitor, request('talk', TEN))
    const sameDay = request('talk', '2026-11-23T12:00:00Z')
    expect((await refusal(createBooking(context.visitor, sameDay))).code).toBe('slot_taken')
    await createBooking(context.visitor, request('talk', '2026-11-24T09:00:00Z'))
    const sameWeek = request('talk', '2026-11-26T09:00:00Z')
    expect((await refusal(createBooking(context.visitor, sameWeek))).code).toBe('slot_taken')
    await createBooking(context.visitor, request('talk', '2026-11-30T09:00:00Z'))
  })

  it('count what was moved in its new period only', async () => {
    await options({ limits: { bookings: {}, minutes: { day: 45 } } })
    const { uid } = await createBooking(context.visitor, request('talk', TEN))
    const other = request('talk', '2026-11-23T12:00:00Z')
    expect((await refusal(createBooking(context.visitor, other))).code).toBe('slot_taken')
    await rescheduleBooking(context.visitor, { uid, start: Date.parse('2026-11-24T09:00:00Z'), reason: '' })
    await createBooking(context.visitor, other)
  })

  it('limit what one mail address has ahead', async () => {
    await options({ bookerLimit: { active: 1, offerMove: true } })
    const { uid } = await createBooking(context.visitor, request('talk', TEN))
    const again = request('talk', '2026-11-24T09:00:00Z', { email: 'BO@example.net' })
    expect(await refusal(createBooking(context.visitor, again))).toMatchObject({
      code: 'booker_limit_reached',
      details: { max: 1, offerMove: true },
    })
    await createBooking(context.visitor, request('talk', '2026-11-24T09:00:00Z', { email: 'cy@example.net' }))
    await cancelBooking(context.visitor, { uid, reason: '' })
    await createBooking(context.visitor, request('talk', '2026-11-24T10:00:00Z'))
  })

  it.each([
    ['of a day', { limits: { bookings: { day: 3 }, minutes: {} } }, 3],
    ['of each of two bookers', { bookerLimit: { active: 2, offerMove: false } }, 4],
  ])('keep the limit %s when fifty book at once', async (_, limited, booked) => {
    await options(limited)
    const runs = Array.from({ length: 50 }, (__, i) => {
      const start = new Date(Date.parse('2026-11-24T08:00:00Z') + (i % 16) * 1_800_000).toISOString()
      return createBooking(context.visitor, request('talk', start, { email: `b${i % 2}@example.net` }))
    })
    const settled = await Promise.allSettled(runs)
    expect(settled.filter((one) => one.status === 'fulfilled')).toHaveLength(booked)
    expect(await claims()).toHaveLength(booked)
  })

  it('ask for confirmation only when the start is near', async () => {
    await offer({ requiresConfirmation: true, options: { confirmWithin: 24 * 60 } })
    expect((await createBooking(context.visitor, request('talk', TEN))).status).toBe('pending')
    expect((await createBooking(context.visitor, request('talk', '2026-11-25T09:00:00Z'))).status).toBe('accepted')
  })

  it('bind the booker, not the host', async () => {
    const rescheduling = { allowed: true, notice: 120, past: false, cancelled: false }
    await options({ cancelling: false, rescheduling })
    const { uid } = await createBooking(context.visitor, request('talk', TEN))
    const start = Date.parse('2026-11-24T09:00:00Z')
    expect((await refusal(cancelBooking(context.visitor, { uid, reason: '' }))).code).toBe('cancelling_not_offered')
    const move = { uid, start, reason: '' }
    expect((await refusal(rescheduleBooking(context.visitor, move))).code).toBe('too_late_to_reschedule')
    await rescheduleBooking(context.as(asHost), move)
    await rescheduleBooking(context.visitor, { ...move, start: Date.parse('2026-11-25T09:00:00Z') })
    await cancelBooking(context.as(asHost), { uid, reason: 'Ill' })
  })

  it('may let what was cancelled or is over be moved', async () => {
    await options({ rescheduling: { allowed: true, notice: 0, past: true, cancelled: true } })
    const { uid } = await createBooking(context.visitor, request('talk', TEN))
    await cancelBooking(context.visitor, { uid, reason: '' })
    await rescheduleBooking(context.visitor, { uid, start: Date.parse('2026-11-23T10:00:00Z'), reason: '' })
    context.clock.set('2026-11-23T12:00:00Z')
    await rescheduleBooking(context.visitor, { uid, start: Date.parse('2026-11-24T10:00:00Z'), reason: '' })
    expect(await claims()).toHaveLength(1)
  })

  it('name the booking by the template and refuse guests', async () => {
    await options({ titleTemplate: '{Event} with {booker first name} ({duration} min, {nothing})', guests: false })
    const { uid } = await createBooking(context.visitor, request('talk', TEN))
    expect((await bookingByUid(context.visitor, uid))?.title).toBe('A talk with Bo (30 min, {nothing})')
    const guests = request('talk', '2026-11-23T12:00:00Z', { guests: ['a@example.net'] })
    expect((await refusal(createBooking(context.visitor, guests))).code).toBe('guests_not_offered')
  })

  it('pack the day or offer its first slot only', async () => {
    await options({ onlyFirstSlotPerDay: true })
    const found = await loadOffer(context.services.db, { username: host.username, slug: 'talk' })
    if (!found) throw new Error('no offer')
    const span = { start: Date.parse('2026-11-24T00:00:00Z'), end: Date.parse('2026-11-26T00:00:00Z') }
    const starts = await listStarts(context.visitor, found, 30, span)
    expect(starts.map((start) => new Date(start).toISOString())).toEqual([
      '2026-11-24T08:00:00.000Z',
      '2026-11-25T08:00:00.000Z',
    ])
  })
})
