import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { parseInput } from '#platform/input.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { placeOf } from '../entries/types.ts'
import { bookOnBehalf } from '../on-behalf/commands.ts'
import { bookingByUid } from '../queries.ts'
import { createBookingSchema } from '../schema.ts'
import { createBooking } from './commands.ts'

let context: TestContext
let host: TestHost
let asHost: Ctx

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())

const LOCATIONS = [
  { kind: 'attendee_address', label: 'I visit you' },
  { kind: 'attendee_text' },
  { kind: 'in_person', address: 'Secret Lane 7', label: 'Our office', shown: 'after_booking' },
]

beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  host = await insertHost(context.services.db)
  asHost = context.as({ kind: 'user', userId: host.id, role: 'owner', via: 'session' })
  await insertEventType(context.services.db, host.id, { locations: LOCATIONS })
})

function book(more: object) {
  const booking = parseInput(createBookingSchema, {
    ...{ start: '2026-11-23T09:00:00Z', name: 'Bo', email: 'bo@example.net', timeZone: 'Asia/Tokyo' },
    ...more,
  })
  return createBooking(context.visitor, { offer: { username: host.username, slug: 'talk' }, booking, locale: 'en' })
}

async function locationOf(uid: string) {
  const booking = await bookingByUid(asHost, uid)
  if (!booking) throw new Error('the booking is gone')
  return booking.location
}

describe('a place that the booker names', () => {
  it('is what they say, and calendars have it', async () => {
    const location = await locationOf((await book({ location: 0, place: '  Elm Street 3, Springfield ' })).uid)
    expect(location).toEqual({
      kind: 'attendee_address',
      label: 'I visit you',
      place: 'Elm Street 3, Springfield',
    })
    expect(placeOf(location)).toBe('Elm Street 3, Springfield')
  })

  it('must be named', async () => {
    expect(await refusal(book({ location: 1 }))).toBe('place_required')
    await expect(async () => book({ location: 1, place: '  ' })).rejects.toMatchObject({ code: 'invalid_input' })
    await expect(async () => book({ location: 1, place: 'x'.repeat(301) })).rejects.toMatchObject({
      code: 'invalid_input',
    })
  })

  it('is named by the host who books for somebody', async () => {
    const [{ id }] = (await context.services.db
      .selectFrom('event_types')
      .select('id')
      .where('user_id', '=', host.id)
      .execute()) as [{ id: number }]
    const wish = {
      ...{ eventTypeId: id, start: '2026-11-23T09:00:00Z', duration: 30, name: 'Bo', email: 'bo@example.net' },
      ...{ timeZone: 'Asia/Tokyo', locale: 'en', mails: false },
    }
    expect(await refusal(bookOnBehalf(asHost, { ...wish, place: '' }))).toBe('place_required')
    const { uid } = await bookOnBehalf(asHost, { ...wish, place: 'Elm Street 3' })
    expect(await locationOf(uid)).toMatchObject({ kind: 'attendee_address', place: 'Elm Street 3' })
  })
})

it('who booked learns a place that the page does not show', async () => {
  const location = await locationOf((await book({ location: 2 })).uid)
  expect(location).toEqual({ kind: 'in_person', address: 'Secret Lane 7', label: 'Our office' })
})
