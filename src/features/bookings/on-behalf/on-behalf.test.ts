import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { questionList } from '../../event-types/questions/schema.ts'
import { aftercareOf } from '../aftercare/queries.ts'
import { bookingByUid, bookingHistory } from '../queries.ts'
import { bookOnBehalf } from './commands.ts'

let context: TestContext
let host: Ctx
let other: Ctx
let eventTypeId: number

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())
beforeEach(async () => {
  const { db } = context.services
  const [one, two] = [await insertHost(db), await insertHost(db)]
  host = context.as({ kind: 'user', userId: one.id, role: 'owner', via: 'session' })
  other = context.as({ kind: 'user', userId: two.id, role: 'owner', via: 'session' })
  eventTypeId = await insertEventType(db, one.id, {
    ...{ requiresConfirmation: true, bufferAfter: 15, notice: 60 },
    options: { limits: { bookings: { day: 1 }, minutes: {} } },
  })
})

const wish = (more: object = {}) => ({
  ...{ eventTypeId, start: '2026-11-23T10:00:00Z', duration: 30, name: 'Bo', email: 'bo@example.net' },
  ...{ timeZone: 'Asia/Tokyo', locale: 'en', notes: '', mails: true, ...more },
})
const outside = { start: '2026-11-22T23:00:00+00:00', anyway: true, reason: 'She called' }
const saturday = { start: '2026-11-28T22:00:00Z', anyway: true, reason: 'She called' }

async function facts(uid: string) {
  const booking = await bookingByUid(host, uid)
  if (!booking) throw new Error('nothing was booked')
  const { db } = context.services
  const events = await db
    .selectFrom('events')
    .where('subject', '=', `booking:${booking.id}`)
    .select(['name', 'payload'])
    .orderBy('position')
    .execute()
  const { notes } = await aftercareOf(db, userScope(host), booking.id)
  const [entry] = await bookingHistory(db, booking)
  return { booking, events, by: entry?.by, notes: notes.map(({ text }) => text) }
}

const claims = () =>
  context.services.db.selectFrom('claims').where('host_id', '=', userScope(host).userId).select('blocked').execute()

describe('a host who books for somebody', () => {
  it('needs no confirmation, and it is known who did it', async () => {
    const { uid } = await bookOnBehalf(host, wish())
    const { booking, events, by, notes } = await facts(uid)
    expect(booking).toMatchObject({ status: 'accepted', attendees: [{ name: 'Bo', timeZone: 'Asia/Tokyo' }] })
    expect(events[0]).toMatchObject({ name: 'booking.created', payload: { onBehalf: { mails: true, setAside: null } } })
    expect([by, notes]).toEqual(['host', []])
    expect((await claims())[0]?.blocked).toBe('["2026-11-23 10:00:00+00","2026-11-23 10:45:00+00")')
  })

  it('is warned outside of the offer, and sets that aside with a reason', async () => {
    expect(await refusal(bookOnBehalf(host, wish({ ...saturday, anyway: false })))).toBe('outside_offer')
    expect(await refusal(bookOnBehalf(host, wish({ ...saturday, reason: ' ' })))).toBe('reason_required')
    expect(await claims()).toEqual([])
    const { uid } = await bookOnBehalf(host, wish({ ...saturday, duration: 100 }))
    const { events, notes } = await facts(uid)
    expect(events[0]?.payload).toMatchObject({ onBehalf: { setAside: 'duration_not_offered' } })
    expect(notes).toEqual(['She called'])
  })

  it('is warned of limits, notice and the grid in the same way', async () => {
    await bookOnBehalf(host, wish())
    const second = wish({ start: '2026-11-23T12:00:00Z' })
    expect(await refusal(bookOnBehalf(host, second))).toBe('outside_offer')
    expect(await refusal(bookOnBehalf(host, { ...second, anyway: true, reason: 'Urgent' }))).toBe('done')
    expect(await refusal(bookOnBehalf(host, wish({ start: '2026-11-23T08:30:00Z' })))).toBe('outside_offer')
    expect(await refusal(bookOnBehalf(host, wish({ start: '2026-11-24T10:07:00Z' })))).toBe('outside_offer')
  })

  it('never gets a time twice, not even in a race', async () => {
    const tries = Array.from({ length: 10 }, () => refusal(bookOnBehalf(host, wish(saturday))))
    const outcomes = (await Promise.all(tries)).sort()
    expect(outcomes).toEqual(['done', ...Array(9).fill('slot_taken')])
    expect((await claims()).length).toBe(1)
    const touching = { ...saturday, start: '2026-11-28T22:40:00Z' }
    expect(await refusal(bookOnBehalf(host, wish(touching)))).toBe('slot_taken')
  })

  it('does not book what is over, or what is another’s', async () => {
    expect(await refusal(bookOnBehalf(host, wish(outside)))).toBe('already_over')
    expect(await refusal(bookOnBehalf(other, wish()))).toBe('event_type_not_found')
    expect(await refusal(bookOnBehalf(context.visitor, wish()))).toBe('sign_in_required')
    expect(await refusal(bookOnBehalf(host, wish({ duration: Number.NaN })))).toBe(
      'invalid_input/duration:field_invalid',
    )
    expect(await claims()).toEqual([])
  })
})

describe('a host who books a seat for somebody', () => {
  const seats = { count: 4, maxPerBooking: 2, showAttendees: false, showFree: true }
  const eventsOf = async (names: string[]) =>
    (
      await context.services.db
        .selectFrom('events')
        .where('name', 'in', names)
        .select(['name', 'payload'])
        .orderBy('position')
        .execute()
    )
      .filter(({ payload }) => (payload as { onBehalf?: object }).onBehalf !== undefined)
      .slice(-names.length)
  let seated: number
  beforeEach(async () => {
    const { userId } = userScope(host)
    seated = await insertEventType(context.services.db, userId, { slug: 'class', options: { seats } })
  })

  it('begins a booking, and joins the one that is there', async () => {
    const first = await bookOnBehalf(host, wish({ eventTypeId: seated, quantity: 2, mails: false }))
    const second = await bookOnBehalf(host, wish({ eventTypeId: seated, email: 'cy@example.net', mails: false }))
    expect(second.uid).toBe(first.uid)
    const { booking } = await facts(first.uid)
    expect(booking.seats).toMatchObject({ taken: 3, count: 4 })
    expect(booking.attendees.map(({ email, quantity }) => [email, quantity])).toEqual([
      ['bo@example.net', 2],
      ['cy@example.net', 1],
    ])
    expect(await claims()).toHaveLength(1)
    expect(await eventsOf(['booking.seat_taken'])).toMatchObject([{ payload: { onBehalf: { mails: false } } }])
  })

  it('is not bound by how many one booker may bring, but by how many seats there are', async () => {
    expect(await refusal(bookOnBehalf(host, wish({ eventTypeId: seated, quantity: 5 })))).toBe('party_too_large')
    await bookOnBehalf(host, wish({ eventTypeId: seated, quantity: 3 }))
    expect(await refusal(bookOnBehalf(host, wish({ eventTypeId: seated, quantity: 2 })))).toBe('not_enough_seats')
    await bookOnBehalf(host, wish({ eventTypeId: seated }))
    expect(await refusal(bookOnBehalf(host, wish({ eventTypeId: seated, anyway: true, reason: 'One more' })))).toBe(
      'slot_taken',
    )
    expect(await refusal(bookOnBehalf(host, wish({ quantity: 2 })))).toBe('party_too_large')
  })

  it('names who comes along, and answers for each what each person is asked', async () => {
    const questions = parseInput(questionList, [
      { key: 'terms', type: 'policy', label: 'I agree', text: 'Be kind' },
      { key: 'new', type: 'boolean', label: 'New here?', required: true },
      { key: 'meal', type: 'text', label: 'Meal', required: true, eachPerson: true },
      { ...{ key: 'age', type: 'number', label: 'Age', eachPerson: true }, showWhen: { key: 'new', is: 'set' } },
      { ...{ key: 'spice', type: 'text', label: 'Spice', eachPerson: true }, showWhen: { key: 'meal', is: 'set' } },
    ])
    const dinner = await insertEventType(context.services.db, userScope(host).userId, {
      ...{ slug: 'dinner', options: { seats, questions } },
    })
    const party = { eventTypeId: dinner, quantity: 3, mails: false }
    const companions = [{ name: 'Cy', answers: { meal: 'Soup', age: '7', spice: 'Salt' } }, { name: 'Di' }]
    const { uid } = await bookOnBehalf(host, wish({ ...party, companions, answers: { spice: 'Pepper', meal: '' } }))
    const [seat] = (await facts(uid)).booking.attendees
    expect(seat?.answers).toEqual([])
    expect(seat?.companions.map(({ name, answers = [] }) => [name, ...answers.map(({ value }) => value)])).toEqual([
      ['Cy', 'Soup', 7, 'Salt'],
      ['Di'],
    ])
    const more = (named: object) => refusal(bookOnBehalf(host, wish({ ...party, quantity: 1, ...named })))
    expect(await more({ companions })).toBe('companions_too_many')
    expect(await more({ answers: { new: true } })).toBe('questions_changed/answers.new:question_unknown')
    expect(await more({ quantity: 2, companions: [{ name: 'Ed', answers: { age: 'old' } }] })).toBe(
      'invalid_input/companions.0.answers.age:not_a_number',
    )
    expect((await facts(uid)).booking.seats).toMatchObject({ taken: 3 })
  })

  it('never gives more seats away than there are, when fifty are taken at once', async () => {
    const tries = Array.from({ length: 50 }, (_, n) =>
      refusal(
        bookOnBehalf(
          host,
          wish({ eventTypeId: seated, email: `v${n}@example.net`, mails: false, anyway: true, reason: 'x' }),
        ),
      ),
    )
    const answers = await Promise.all(tries)
    expect(answers.filter((one) => one === 'done')).toHaveLength(4)
    expect(await claims()).toHaveLength(1)
  })
})

describe('a host who books a series for somebody', () => {
  const recurrence = { frequency: 'weekly', interval: 1, count: 6 } as const
  let recurring: number
  beforeEach(async () => {
    const { userId } = userScope(host)
    recurring = await insertEventType(context.services.db, userId, {
      ...{ slug: 'weekly', requiresConfirmation: true, options: { recurrence } },
    })
  })

  it('books all its dates, confirmed, or none', async () => {
    const { uid } = await bookOnBehalf(host, wish({ eventTypeId: recurring, dates: 4, mails: false }))
    const { booking } = await facts(uid)
    expect([booking.status, booking.series?.count, booking.series?.waiting]).toEqual(['accepted', 4, []])
    expect(await claims()).toHaveLength(4)
    const { payload } = await context.services.db
      .selectFrom('events')
      .where('subject', '=', `series:${booking.series?.id}`)
      .select('payload')
      .executeTakeFirstOrThrow()
    expect(payload).toMatchObject({ onBehalf: { mails: false, setAside: null } })
    const later = {
      eventTypeId: recurring,
      start: '2026-12-14T10:00:00Z',
      dates: 2,
      anyway: true,
      reason: 'She called',
    }
    expect(await refusal(bookOnBehalf(host, wish(later)))).toBe('occurrence_taken')
    expect(await claims()).toHaveLength(4)
  })

  it('sets aside what is outside of the offer for all of them', async () => {
    const early = { eventTypeId: recurring, start: '2026-11-24T05:00:00Z', dates: 2 }
    expect(await refusal(bookOnBehalf(host, wish(early)))).toBe('outside_offer')
    const { uid } = await bookOnBehalf(host, wish({ ...early, anyway: true, reason: 'Early bird' }))
    const { booking, notes } = await facts(uid)
    expect([booking.series?.count, notes]).toEqual([2, ['Early bird']])
  })

  it('has no more dates than the event type allows, and none where it has no series', async () => {
    expect(await refusal(bookOnBehalf(host, wish({ eventTypeId: recurring, dates: 7 })))).toBe('not_an_occurrence')
    expect(await refusal(bookOnBehalf(host, wish({ dates: 2 })))).toBe('not_recurring')
  })
})
