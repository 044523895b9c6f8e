import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { cancelBooking } from '../cancellation/commands.ts'
import { createBooking } from '../creation/commands.ts'
import { addNote, deleteNote, restoreNote } from '../notes/commands.ts'
import { bookingByUid, bookingHistory } from '../queries.ts'
import { rateBooking } from '../ratings/commands.ts'
import { ownRating } from '../ratings/queries.ts'
import { createBookingSchema } from '../schema.ts'
import type { Booking } from '../types.ts'
import { markNoShow } from './commands.ts'
import { aftercareOf } from './queries.ts'

let context: TestContext
let host: Ctx
let other: Ctx
let booking: Booking

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())

/** Monday 23 November 2026, 10:00 to 10:30 in Berlin, with one guest. */
beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  const { db } = context.services
  const [one, two] = [await insertHost(db), await insertHost(db)]
  host = context.as({ kind: 'user', userId: one.id, role: 'owner', via: 'session' })
  other = context.as({ kind: 'user', userId: two.id, role: 'owner', via: 'session' })
  await insertEventType(db, one.id)
  const input = {
    ...{ start: '2026-11-23T09:00:00Z', name: 'Bo', email: 'bo@example.net', timeZone: 'Europe/Berlin' },
    guests: ['cy@example.net'],
  }
  const { uid } = await createBooking(context.visitor, {
    offer: { username: one.username, slug: 'talk' },
    booking: parseInput(createBookingSchema, input),
    locale: 'en',
  })
  const made = await bookingByUid(host, uid)
  if (!made) throw new Error('nothing was booked')
  booking = made
})

const known = (ctx: Ctx) => aftercareOf(context.services.db, userScope(ctx), booking.id)
const happened = async () => (await bookingHistory(context.services.db, booking)).map(({ name }) => name).slice(1)

describe('who did not come', () => {
  it('is known once it has begun, of host and attendees, and can be taken back', async () => {
    const [booker, guest] = booking.attendees
    const mark = (attendeeId: number | null | undefined, noShow: boolean) =>
      markNoShow(host, booking.uid, { attendeeId, noShow })
    expect(await refusal(mark(guest?.id, true))).toBe('not_yet_begun')
    context.clock.set('2026-11-23T09:00:00Z')
    await mark(guest?.id, true)
    await mark(guest?.id, true)
    await mark(booker?.id, true)
    await mark(booker?.id, false)
    await mark(null, true)
    expect(await known(host)).toMatchObject({ hostNoShow: true, noShows: [guest?.id] })
    expect(await happened()).toEqual(Array(4).fill('booking.no_show_marked'))
  })

  it('is for the host to say, of those who were to come', async () => {
    context.clock.set('2026-11-24T09:00:00Z')
    const absent = { attendeeId: booking.attendees[0]?.id, noShow: true }
    expect(await refusal(markNoShow(other, booking.uid, absent))).toBe('own_bookings_only')
    expect(await refusal(markNoShow(context.visitor, booking.uid, absent))).toBe('own_bookings_only')
    const stranger = { attendeeId: (booking.attendees[1]?.id ?? 0) + 1, noShow: true }
    expect(await refusal(markNoShow(host, booking.uid, stranger))).toBe('booking_not_found')
    expect(await known(other)).toMatchObject({ noShows: [], notes: [] })
  })

  it('means nothing where a meeting was cancelled', async () => {
    await cancelBooking(context.visitor, { uid: booking.uid, reason: '' })
    context.clock.set('2026-11-24T09:00:00Z')
    expect(await refusal(markNoShow(host, booking.uid, { attendeeId: null, noShow: true }))).toBe('not_accepted')
  })
})

describe('internal notes', () => {
  it('have an author and a time, and a deletion can be taken back', async () => {
    const { id } = await addNote(host, booking.uid, { text: ' Wants\r\na quote ' })
    const note = { id, text: 'Wants\na quote', own: true, at: '2026-11-23T08:00:00+00:00' }
    expect((await known(host)).notes).toEqual([expect.objectContaining(note)])
    const { key } = await deleteNote(host, { id })
    expect((await known(host)).notes).toEqual([])
    await restoreNote(host, { key })
    expect((await known(host)).notes).toEqual([expect.objectContaining(note)])
    expect(await happened()).toEqual(Array(3).fill('booking.note_changed'))
  })

  it('are the host’s alone', async () => {
    const { id } = await addNote(host, booking.uid, { text: 'Mine' })
    expect(await refusal(addNote(other, booking.uid, { text: 'Yours' }))).toBe('own_bookings_only')
    expect(await refusal(addNote(context.visitor, booking.uid, { text: 'Yours' }))).toBe('sign_in_required')
    expect(await refusal(deleteNote(other, { id }))).toBe('note_not_found')
    const { key } = await deleteNote(host, { id })
    expect(await refusal(restoreNote(other, { key }))).toBe('nothing_to_restore')
    expect(await refusal(addNote(host, booking.uid, { text: ' ' }))).toBe('invalid_input/text:field_required')
    expect((await known(other)).notes).toEqual([])
  })
})

describe('a rating', () => {
  const rate = (ctx: Ctx, input: object) => refusal(rateBooking(ctx, booking.uid, input))

  it('is given once, after the end, by who booked', async () => {
    context.clock.set('2026-11-23T09:29:00Z')
    expect(await rate(context.visitor, { stars: 5 })).toBe('not_yet_over')
    context.clock.set('2026-11-23T09:30:00Z')
    expect(await rate(host, { stars: 5 })).toBe('booking_not_found')
    for (const stars of [0, 6, 2.5, Number.NaN, '5']) {
      expect(await rate(context.visitor, { stars })).toMatch(/^invalid_input\/stars/)
    }
    expect(await ownRating(context.services.db, booking.uid)).toBeNull()
    const tries = Array.from({ length: 10 }, () => rate(context.visitor, { stars: 4, comment: 'Clear and kind' }))
    expect((await Promise.all(tries)).sort()).toEqual([...Array(9).fill('already_rated'), 'done'])
    expect(await ownRating(context.services.db, booking.uid)).toBe(4)
    expect((await known(host)).ratings).toMatchObject([{ name: 'Bo', stars: 4, comment: 'Clear and kind' }])
    expect(await happened()).toEqual(['booking.rated'])
  })

  it('is not given where nothing took place', async () => {
    await cancelBooking(context.visitor, { uid: booking.uid, reason: '' })
    context.clock.set('2026-11-24T09:00:00Z')
    expect(await rate(context.visitor, { stars: 1 })).toBe('not_accepted')
  })
})
