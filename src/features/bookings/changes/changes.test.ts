import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { parseInput } from '#platform/input.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { cancelBooking } from '../cancellation/commands.ts'
import { createBooking } from '../creation/commands.ts'
import { bookingByUid, bookingHistory } from '../queries.ts'
import { createBookingSchema, MOST_GUESTS } from '../schema.ts'
import { addGuests, changeLocation } from './commands.ts'

let context: TestContext
let host: Ctx
let other: Ctx
let uid: string

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())

beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  const { db } = context.services
  const [one, two] = [await insertHost(db), await insertHost(db)]
  host = context.as({ kind: 'user', userId: one.id, role: 'owner', via: 'session' })
  other = context.as({ kind: 'user', userId: two.id, role: 'owner', via: 'session' })
  await insertEventType(db, one.id)
  await insertEventType(db, one.id, { slug: 'ask', requiresConfirmation: true })
  uid = await book(one.username, 'talk', '2026-11-23T09:00:00Z')
})

async function book(username: string, slug: string, start: string): Promise<string> {
  const input = { start, name: 'Bo', email: 'bo@example.net', timeZone: 'Asia/Tokyo' }
  const booking = parseInput(createBookingSchema, input)
  return (await createBooking(context.visitor, { offer: { username, slug }, booking, locale: 'de' })).uid
}

async function present() {
  const booking = await bookingByUid(host, uid)
  if (!booking) throw new Error('the booking is gone')
  return booking
}

const last = async () => (await bookingHistory(context.services.db, await present())).at(-1)?.name

describe('guests who are added later', () => {
  it('come to the others, once each, and read as who booked', async () => {
    await addGuests(host, uid, { guests: ['Cy@Example.net', 'cy@example.net', 'di@example.net'] })
    const { attendees, sequence } = await present()
    expect(sequence).toBe(0)
    expect(attendees.map(({ kind, name, email, timeZone, locale }) => [kind, name, email, timeZone, locale])).toEqual([
      ['booker', 'Bo', 'bo@example.net', 'Asia/Tokyo', 'de'],
      ['guest', 'cy', 'cy@example.net', 'Asia/Tokyo', 'de'],
      ['guest', 'di', 'di@example.net', 'Asia/Tokyo', 'de'],
    ])
    expect(await last()).toBe('booking.guests_added')
  })

  it('have a name, a zone and a language of their own where they are known', async () => {
    const cy = { email: 'cy@example.net', name: 'Cy Young', timeZone: 'America/Lima', locale: 'en' }
    const ids = await addGuests(host, uid, { guests: [cy, { email: 'di@example.net' }] })
    const { attendees } = await present()
    expect(attendees.slice(1)).toMatchObject([
      { id: ids[0], ...cy },
      { id: ids[1], name: 'di', timeZone: 'Asia/Tokyo', locale: 'de' },
    ])
    expect(await refusal(addGuests(host, uid, { guests: [{ ...cy, timeZone: 'Mars' }] }))).toBe(
      'invalid_input/guests.0.timeZone:unknown_time_zone',
    )
  })

  it('are not more than a booking can have, and nobody twice', async () => {
    expect(await refusal(addGuests(host, uid, { guests: ['bo@example.net'] }))).toBe('guest_already_invited')
    expect(await refusal(addGuests(host, uid, { guests: [] }))).toBe('invalid_input/guests:field_too_few')
    expect(await refusal(addGuests(host, uid, { guests: ['nobody'] }))).toBe(
      'invalid_input/guests.0.email:email_invalid',
    )
    const many = Array.from({ length: MOST_GUESTS }, (_, n) => `guest${n}@example.net`)
    await addGuests(host, uid, { guests: many })
    expect(await refusal(addGuests(host, uid, { guests: ['one@example.net'] }))).toBe('too_many_guests')
    expect((await present()).attendees.length).toBe(1 + MOST_GUESTS)
  })

  it('stay within the limit when several are added at once', async () => {
    const tries = Array.from({ length: 8 }, (_, n) =>
      refusal(addGuests(host, uid, { guests: [1, 2, 3, 4, 5].map((k) => `g${n}-${k}@example.net`) })),
    )
    const outcomes = await Promise.all(tries)
    expect(outcomes.sort()).toEqual([...Array(4).fill('done'), ...Array(4).fill('too_many_guests')])
  })
})

describe('another place', () => {
  it('is a new version of the booking', async () => {
    await changeLocation(host, uid, { kind: 'video', text: 'https://meet.example.org/x', sequence: 0 })
    const url = { kind: 'link', url: 'https://meet.example.org/x', label: '', video: true }
    expect(await present()).toMatchObject({ location: url, sequence: 1, status: 'accepted' })
    expect(await last()).toBe('booking.location_changed')
    await changeLocation(host, uid, { kind: 'attendee_phone', text: '+49 30 1234567' })
    expect(await present()).toMatchObject({
      location: { kind: 'attendee_phone', phone: '+49 30 1234567' },
      sequence: 2,
    })
    expect(await refusal(changeLocation(host, uid, { kind: 'in_person', text: 'Here', sequence: 1 }))).toBe(
      'already_moved',
    )
  })

  it('is what its kind takes', async () => {
    const refused: [string, string, string][] = [
      ['video', 'http://meet.example.org', 'text:link_not_https'],
      ['link', 'javascript:alert(1)', 'text:link_not_https'],
      ['host_phone', 'call me', 'text:phone_invalid'],
      ['in_person', ' ', 'text:field_required'],
      ['moon', 'Mare Tranquillitatis', 'kind:field_invalid'],
    ]
    for (const [kind, text, problem] of refused) {
      expect(await refusal(changeLocation(host, uid, { kind, text }))).toBe(`invalid_input/${problem}`)
    }
  })
})

it('only the host changes a booking, and only while it stands', async () => {
  const guests = { guests: ['cy@example.net'] }
  const place = { kind: 'in_person', text: 'Here' }
  for (const stranger of [other, context.visitor]) {
    expect(await refusal(addGuests(stranger, uid, guests))).toBe('own_bookings_only')
    expect(await refusal(changeLocation(stranger, uid, place))).toBe('own_bookings_only')
  }
  const asked = await book((await present()).host.username, 'ask', '2026-11-23T10:00:00Z')
  expect(await refusal(addGuests(host, asked, guests))).toBe('not_accepted')
  expect(await refusal(changeLocation(host, asked, place))).toBe('not_accepted')
  await cancelBooking(context.visitor, { uid: asked, reason: '' })
  expect(await refusal(addGuests(host, asked, guests))).toBe('already_cancelled')
  context.clock.set('2026-11-24T08:00:00Z')
  expect(await refusal(changeLocation(host, uid, place))).toBe('already_over')
})
