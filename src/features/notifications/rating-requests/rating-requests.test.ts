import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { parseInput } from '#platform/input.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { deliveriesOfTopic, keptMail } from '#test/mails.ts'
import { insertEventType, insertHost, type TestEventType, type TestHost } from '#test/offers.ts'
import { markNoShow } from '../../bookings/aftercare/commands.ts'
import { cancelBooking } from '../../bookings/cancellation/commands.ts'
import { createBooking } from '../../bookings/creation/commands.ts'
import { bookingByUid } from '../../bookings/queries.ts'
import { rateBooking } from '../../bookings/ratings/commands.ts'
import { createBookingSchema } from '../../bookings/schema.ts'
import { ratingRequestCarrier, ratingRequestTimer } from './jobs.ts'

const { mail, sent } = keptMail()
let context: TestContext
let host: TestHost
let asHost: Ctx

beforeAll(async () => {
  context = await testContext({ mail })
})
afterAll(() => context.close())
beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  sent.length = 0
  host = await insertHost(context.services.db)
  asHost = context.as({ kind: 'user', userId: host.id, role: 'owner', via: 'session' })
})

/** Monday 23 November 2026, 10:00 to 10:30 in Berlin; asked for two hours after the end. */
async function book(
  options: TestEventType['options'] = { ratingMail: 120 },
  more: object = {},
  locale: 'en' | 'de' = 'en',
) {
  const slug = `talk${++count}`
  await insertEventType(context.services.db, host.id, { slug, options })
  return bookAt(slug, more, locale)
}
let count = 0

async function bookAt(slug: string, more: object = {}, locale: 'en' | 'de' = 'en') {
  const input = {
    start: '2026-11-23T09:00:00Z',
    name: 'Bo',
    email: 'bo@example.net',
    timeZone: 'Europe/Berlin',
    ...more,
  }
  const { uid } = await createBooking(context.visitor, {
    offer: { username: host.username, slug },
    booking: parseInput(createBookingSchema, input),
    locale,
  })
  return { uid, slug, booking: await bookingByUid(asHost, uid) }
}

const look = () => ratingRequestTimer.run(context.visitor, new AbortController().signal)

const planned = () => deliveriesOfTopic(context.services.db, 'booking.rating_request', host.id)

async function carry() {
  const [delivery] = await planned()
  if (!delivery) throw new Error('nothing was planned')
  return ratingRequestCarrier.carry(delivery, context.visitor)
}

describe('a mail that asks for a rating', () => {
  it('is planned once, when the time has come, whoever looks', async () => {
    await book()
    context.clock.set('2026-11-23T11:29:59Z')
    await look()
    expect(await planned()).toEqual([])
    context.clock.set('2026-11-23T11:30:00Z')
    await Promise.all(Array.from({ length: 50 }, look))
    await look()
    expect(await planned()).toHaveLength(1)
  })

  it('is not sent where nobody wished it', async () => {
    await book({})
    context.clock.set('2026-11-23T12:00:00Z')
    await look()
    expect(await planned()).toEqual([])
  })

  it('leads to the form, in the words of who booked', async () => {
    const { uid } = await book({ ratingMail: 0 }, { timeZone: 'America/New_York' }, 'de')
    context.clock.set('2026-11-23T09:30:00Z')
    await look()
    expect(await carry()).toEqual({ state: 'delivered' })
    const [letter] = sent
    expect([letter?.to.address, letter?.subject]).toEqual([
      'bo@example.net',
      expect.stringMatching(/^Wie war es\? A talk mit Host/),
    ])
    expect(letter?.text).toContain(`https://book.example.org/booking/${uid}#rate`)
    expect(letter?.text).toContain('04:00')
  })

  it('goes to each seat, and not to guests', async () => {
    const seats = { count: 5, maxPerBooking: 1, showAttendees: false, showFree: true }
    const { slug } = await book({ ratingMail: 120, seats })
    await bookAt(slug, { email: 'cy@example.net' })
    await book({ ratingMail: 120 }, { start: '2026-11-23T10:00:00Z', guests: ['guest@example.net'] })
    context.clock.set('2026-11-23T13:00:00Z')
    await look()
    expect(await planned()).toHaveLength(3)
  })

  it('is not planned for what was cancelled, missed or rated', async () => {
    const cancelled = await book()
    await cancelBooking(context.visitor, { uid: cancelled.uid, reason: '' })
    const missed = await book(undefined, { start: '2026-11-23T09:30:00Z' })
    const absent = await book(undefined, { start: '2026-11-23T10:00:00Z' })
    const rated = await book(undefined, { start: '2026-11-23T10:30:00Z' })
    context.clock.set('2026-11-23T13:30:00Z')
    await markNoShow(asHost, missed.uid, { attendeeId: missed.booking?.attendees[0]?.id, noShow: true })
    await markNoShow(asHost, absent.uid, { attendeeId: null, noShow: true })
    await rateBooking(context.visitor, rated.uid, { stars: 5 })
    await look()
    expect(await planned()).toEqual([])
  })

  it('is skipped when something became of it meanwhile, or it is too late', async () => {
    const { uid, booking } = await book()
    context.clock.set('2026-11-23T11:30:00Z')
    await look()
    const mark = (noShow: boolean) => markNoShow(asHost, uid, { attendeeId: booking?.attendees[0]?.id, noShow })
    await mark(true)
    expect(await carry()).toEqual({ state: 'skipped', reason: 'not_attended' })
    await mark(false)
    context.clock.set('2026-11-25T11:30:01Z')
    expect(await carry()).toEqual({ state: 'skipped', reason: 'too_late' })
    context.clock.set('2026-11-25T11:30:00Z')
    await rateBooking(context.visitor, uid, { stars: 4 })
    expect(await carry()).toEqual({ state: 'skipped', reason: 'already_rated' })
    expect(sent).toEqual([])
  })

  it('does not look back at what was over long before', async () => {
    await book()
    context.clock.set('2026-11-25T11:30:01Z')
    await look()
    expect(await planned()).toEqual([])
  })
})
