import { afterAll, beforeAll, expect, it } from 'vitest'
import { createBooking } from '#features/bookings/creation/commands.ts'
import { bookingByUid } from '#features/bookings/queries.ts'
import { createBookingSchema } from '#features/bookings/schema.ts'
import type { Booking } from '#features/bookings/types.ts'
import { parseInput } from '#platform/input.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { onwardAddress } from './onward.server.ts'

let test: TestContext
beforeAll(async () => {
  test = await testContext()
})
afterAll(() => test.close())

async function booked(): Promise<Booking> {
  const host = await insertHost(test.database.db)
  await insertEventType(test.database.db, host.id, {
    title: 'A & B',
    locations: [{ kind: 'in_person', address: 'Main St 1' }],
  })
  const booking = parseInput(createBookingSchema, {
    start: '2026-11-24T08:00:00Z',
    ...{ name: 'Bo van Li', email: 'bo@example.net', guests: ['ann@example.net'], timeZone: 'America/New_York' },
  })
  const { uid } = await createBooking(test.visitor, {
    offer: { username: host.username, slug: 'talk' },
    booking,
    locale: 'en',
  })
  return (await bookingByUid(test.visitor, uid)) as Booking
}

it('leads to the address as it is unless facts are to come along', async () => {
  const url = 'https://example.org/thanks?a=1'
  expect(onwardAddress({ url, forward: false }, await booked(), new URLSearchParams({ utm_source: 'x' }))).toBe(url)
})

it('says what was booked under the names that pages know, and lets nobody forge them', async () => {
  const booking = await booked()
  const brought = new URLSearchParams({ utm_source: 'x', uid: 'forged', email: 'evil@example.net' })
  const address = onwardAddress({ url: 'https://example.org/thanks?a=1#b', forward: true }, booking, brought)
  const { origin, pathname, hash, searchParams } = new URL(address)
  expect([origin, pathname, hash]).toEqual(['https://example.org', '/thanks', '#b'])
  expect(Object.fromEntries(searchParams)).toEqual({
    a: '1',
    utm_source: 'x',
    uid: booking.uid,
    title: 'A & B',
    startTime: '2026-11-24T08:00:00Z',
    endTime: '2026-11-24T08:30:00Z',
    attendeeStartTime: '2026-11-24T03:00:00-05:00',
    hostStartTime: '2026-11-24T09:00:00+01:00',
    location: 'Main St 1',
    ...{ attendeeName: 'Bo van Li', attendeeFirstName: 'Bo', attendeeLastName: 'van Li', email: 'bo@example.net' },
    guestEmails: 'ann@example.net',
    hostName: booking.host.name,
    eventTypeSlug: 'talk',
    status: 'accepted',
  })
})
