import { describe, expect, it } from 'vitest'
import { LATER, question, START, useBookingsApi } from '#test/bookings-api.ts'

const { at, offer, book } = useBookingsApi()

describe('a series', () => {
  const weekly = { options: { recurrence: { frequency: 'weekly', interval: 1, count: 4 } } } as const

  it('is booked as long as it may be, or shorter, and read by its own uid', async () => {
    const id = await offer(weekly)
    const { data } = await book(id, { recurrenceCount: 3, metadata: { order: '19' } })
    expect(data.map((one: { start: string }) => one.start)).toEqual([
      ...['2026-11-24T09:00:00.000Z', '2026-12-01T09:00:00.000Z', '2026-12-08T09:00:00.000Z'],
    ])
    const [{ recurringBookingUid }] = data
    expect(new Set(data.map((one: { recurringBookingUid: string }) => one.recurringBookingUid)).size).toBe(1)
    expect((await at.visitor.get(`/v2/bookings/${recurringBookingUid}`)).data).toEqual(data)
    expect((await at.visitor.get(`/v2/bookings/${data[1].uid}`)).data).toEqual(data[1])
    expect((await at.api.get(`/v2/bookings/${data[2].uid}`)).data.metadata).toEqual({ order: '19' })
    expect((await book(id, { start: LATER })).data).toHaveLength(4)
  })

  it('cannot be longer, nor lie where something is taken', async () => {
    const id = await offer(weekly)
    const long = await book(id, { recurrenceCount: 5 })
    expect(long.body.error.details.fields).toMatchObject([{ path: 'recurrenceCount', code: 'field_too_large' }])
    await book(id, { start: '2026-12-01T09:00:00Z', recurrenceCount: 1 })
    const clash = await book(id, { recurrenceCount: 3 })
    expect([clash.status, clash.code, clash.body.error.details]).toEqual([
      ...[409, 'occurrence_taken'],
      { n: 2, starts: ['2026-12-01T09:00:00.000Z'] },
    ])
  })

  it('is cancelled from one of its bookings on', async () => {
    const { data } = await book(await offer(weekly))
    const gone = await at.visitor.post(`/v2/bookings/${data[1].uid}/cancel`, { cancelSubsequentBookings: true })
    expect(gone.data.map(({ uid, status }: { uid: string; status: string }) => [uid, status])).toEqual(
      data.slice(1).map(({ uid }: { uid: string }) => [uid, 'cancelled']),
    )
    expect((await at.visitor.get(`/v2/bookings/${data[0].uid}`)).data.status).toBe('accepted')
  })
})

describe('the uid of a series', () => {
  it('cancels whatever is still to come', async () => {
    const recurrence = { frequency: 'weekly', interval: 1, count: 3 } as const
    const { data } = await book(await offer({ options: { recurrence } }))
    at.context.clock.set('2026-11-25T08:00:00Z')
    const path = `/v2/bookings/${data[0].recurringBookingUid}/cancel`
    const gone = await at.api.post(path, { cancellationReason: 'Ill' })
    expect(gone.data.map(({ status }: { status: string }) => status)).toEqual(['accepted', 'cancelled', 'cancelled'])
    expect((await at.api.post(path, { cancellationReason: 'Ill' })).code).toBe('already_over')
    expect((await at.visitor.post('/v2/bookings/nobody-knows-this/cancel')).code).toBe('booking_not_found')
    const long = await at.api.post(path, { cancellationReason: 'x'.repeat(2001) })
    expect(long.body.error.details.fields).toMatchObject([{ path: 'cancellationReason', code: 'field_too_long' }])
  })
})

describe('seats', () => {
  const shared = { options: { seats: { count: 3, showAttendees: false, showFree: true, maxPerBooking: 1 } } }
  const SAM = { name: 'Sam Roe', email: 'sam@example.com', timeZone: 'UTC' }

  it('are of each who has one, and all of them the host’s', async () => {
    const id = await offer(shared)
    const one = (await book(id, { metadata: { order: '1' } })).data
    const two = (await book(id, { attendee: SAM })).data
    expect([one.uid, one.id]).toEqual([one.seatUid, two.id])
    const own = await at.visitor.get(`/v2/bookings/by-seat/${one.seatUid}`)
    expect(own.data).toMatchObject({ attendees: [{ email: 'alex@example.com', seatUid: one.seatUid, metadata: {} }] })
    expect(JSON.stringify(own.data)).not.toContain('sam@')
    const whole = (await at.api.get(`/v2/bookings/by-seat/${one.seatUid}`)).data
    expect(whole.attendees).toMatchObject([
      { seatUid: one.seatUid, metadata: { order: '1' }, bookingFieldsResponses: { name: 'Alex Doe' } },
      { seatUid: two.seatUid, metadata: {} },
    ])
    expect((await at.api.get(`/v2/bookings/${whole.uid}`)).data).toEqual(whole)
    expect((await at.visitor.get(`/v2/bookings/${whole.uid}`)).code).toBe('booking_not_found')
    expect((await at.visitor.get(`/v2/bookings/by-seat/${whole.uid}`)).code).toBe('booking_not_found')
  })

  it('name who comes along to the host and to their attendee alone', async () => {
    const id = await offer(shared)
    const [one, two] = [(await book(id)).data, (await book(id, { attendee: SAM })).data]
    expect(one.attendees[0].companions).toEqual([])
    const companions = [{ name: 'Cy Doe' }]
    await at.context.services.db
      .updateTable('attendees')
      .set({ quantity: 2, companions: JSON.stringify(companions) })
      .where('seat_uid', '=', one.seatUid)
      .execute()
    const { data } = await at.api.get(`/v2/bookings/by-seat/${one.seatUid}`)
    expect(data.attendees).toMatchObject([{ companions }, { companions: [] }])
    expect((await at.visitor.get(`/v2/bookings/by-seat/${one.seatUid}`)).data.attendees).toMatchObject([{ companions }])
    expect(JSON.stringify((await at.visitor.get(`/v2/bookings/by-seat/${two.seatUid}`)).data)).not.toContain('Cy Doe')
  })

  it('are taken for who is named, with what each person is asked', async () => {
    const each = { eachPerson: true, required: true, type: 'radio', options: ['Fish', 'Soup'] }
    const questions = [question('meal', each), question('only', {})] as never
    const seats = { ...shared.options.seats, count: 6, maxPerBooking: 3 }
    const id = await offer({ options: { seats, questions } })
    const meal = (what: unknown) => ({ bookingFieldsResponses: { meal: what } })
    const companions = [
      { name: 'Cy', ...meal('Soup') },
      { name: 'Di', ...meal('Fish') },
    ]
    const made = await book(id, { ...meal('Fish'), companions })
    expect(made.status).toBe(201)
    expect(made.data.attendees).toMatchObject([{ companions, bookingFieldsResponses: { meal: 'Fish' } }])
    const [seat] = (await at.api.get(`/v2/bookings/by-seat/${made.data.seatUid}`)).data.attendees
    expect(seat.companions).toEqual(companions)
    const refused = async (more: object, client = at.visitor) => {
      const { status, code, body } = await book(id, { ...meal('Fish'), attendee: SAM, ...more }, client)
      return [status, code, ...(body.error.details.fields ?? []).map(({ path }: { path: string }) => path)]
    }
    expect(await refused({ companions: [{ name: 'Cy' }, { name: ' ' }] })).toEqual([
      ...[400, 'invalid_input', 'companions.1.name'],
    ])
    expect(await refused({ companions: [{ name: 'Cy' }] })).toEqual([
      ...[400, 'invalid_input', 'companions.0.bookingFieldsResponses.meal'],
    ])
    const unknown = { name: 'Cy', bookingFieldsResponses: { meal: 'Soup', only: 'x' } }
    expect(await refused({ companions: [unknown] })).toEqual([
      ...[400, 'invalid_input', 'companions.0.bookingFieldsResponses.only'],
    ])
    expect((await refused({ companions: [...companions, ...companions] }))[1]).toBe('party_too_large')
    expect((await book(await offer(), { companions })).code).toBe('party_too_large')

    const own = await book(id, { ...meal('Soup'), companions: [companions[0]], attendee: SAM, onBehalf: {} }, at.api)
    const sam = own.data.attendees.find(({ email }: { email: string }) => email === SAM.email)
    expect(sam).toMatchObject({ companions: [companions[0]], bookingFieldsResponses: { meal: 'Soup' } })
    const rest = { bookingFieldsResponses: { only: 'x' }, start: LATER, onBehalf: {} }
    expect(await refused(rest, at.api)).toEqual([400, 'invalid_input', 'bookingFieldsResponses.only'])
  })

  it('are given back one by one', async () => {
    const id = await offer(shared)
    const [one, two] = [(await book(id)).data, (await book(id, { attendee: SAM })).data]
    const elsewhere = (await book(id, { start: LATER })).data
    const { uid } = (await at.api.get(`/v2/bookings/by-seat/${one.seatUid}`)).data
    const wrong = await at.visitor.post(`/v2/bookings/${uid}/cancel`, { seatUid: elsewhere.seatUid })
    expect([wrong.status, wrong.code]).toEqual([404, 'booking_not_found'])
    const gone = await at.visitor.post(`/v2/bookings/${uid}/cancel`, { seatUid: one.seatUid })
    expect(gone.data).toMatchObject({ status: 'cancelled', uid: one.seatUid })
    const { data } = await at.api.get(`/v2/bookings/${uid}`)
    expect(data).toMatchObject({ status: 'accepted', attendees: [{ seatUid: two.seatUid }] })
  })

  it('move one by one', async () => {
    const id = await offer(shared)
    const [one, two] = [(await book(id)).data, (await book(id, { attendee: SAM })).data]
    const moved = await at.visitor.post(`/v2/bookings/${one.uid}/reschedule`, { start: LATER, seatUid: one.seatUid })
    expect(moved.data).toMatchObject({ start: LATER, seatUid: one.seatUid, attendees: [{ email: 'alex@example.com' }] })
    expect((await at.visitor.get(`/v2/bookings/${two.uid}`)).data.start).toBe(START)
    const back = await at.api.post(`/v2/bookings/${moved.data.uid}/reschedule`, { start: START, seatUid: one.seatUid })
    expect(back.data).toMatchObject({ seatUid: one.seatUid, start: START })
    expect(back.data.attendees).toHaveLength(2)
  })

  it('are taken on behalf of somebody, too', async () => {
    const id = await offer(shared)
    await book(id)
    const made = await book(id, { attendee: SAM, metadata: { order: '2' }, onBehalf: { mails: false } }, at.api)
    expect([made.status, made.data.attendees.length]).toEqual([201, 2])
    expect(made.data.attendees[1]).toMatchObject({ seatUid: made.data.seatUid, metadata: { order: '2' } })
  })
})
