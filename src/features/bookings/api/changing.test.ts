import { describe, expect, it } from 'vitest'
import { LATER, START, useBookingsApi } from '#test/bookings-api.ts'

const { at, offer, book, events } = useBookingsApi()

describe('a booking that moves', () => {
  it('keeps its uid, and says who moved it and why', async () => {
    const { data } = await book(await offer())
    const path = `/v2/bookings/${data.uid}/reschedule`
    const moved = await at.visitor.post(path, { start: LATER, reschedulingReason: 'A cold' })
    expect([moved.status, moved.data]).toMatchObject([
      201,
      {
        ...{ uid: data.uid, id: data.id, start: LATER, status: 'accepted', reschedulingReason: 'A cold' },
        rescheduledByEmail: 'alex@example.com',
      },
    ])
    expect((await at.visitor.post(path, { start: LATER })).code).toBe('same_time')
    const again = await at.api.post(path, { start: START, rescheduledBy: `${at.host.username}@example.org` })
    expect(again.data).toMatchObject({ start: START, rescheduledByEmail: `${at.host.username}@example.org` })
    expect(await events(data.id)).toEqual(['booking.created', 'booking.rescheduled', 'booking.rescheduled'])
  })

  it('as its host, under whichever of their addresses', async () => {
    const row = { user_id: at.host.id, email: 'office@example.net', verified_at: at.context.clock.now() }
    const verified = at.context.services.db.insertInto('verified_emails').values(row).returning('id')
    const { id: organizerEmailId } = await verified.executeTakeFirstOrThrow()
    const { data } = await book(await offer({ options: { organizerEmailId } }))
    const path = `/v2/bookings/${data.uid}/reschedule`
    for (const [start, rescheduledBy] of [
      [LATER, 'Office@example.net'],
      [START, `${at.host.username}@example.org`],
    ]) {
      const { status, data: moved } = await at.api.post(path, { start, rescheduledBy })
      expect([status, moved.status, moved.rescheduledByEmail]).toEqual([201, 'accepted', row.email])
    }
    expect((await at.visitor.post(path, { start: LATER, rescheduledBy: row.email })).code).toBe('own_bookings_only')
  })

  it('in the name of its attendee has to be confirmed again', async () => {
    const { data } = await book(await offer({ requiresConfirmation: true }))
    await at.api.post(`/v2/bookings/${data.uid}/confirm`)
    const path = `/v2/bookings/${data.uid}/reschedule`
    expect((await at.api.post(path, { start: LATER, rescheduledBy: 'ALEX@example.com' })).data.status).toBe('pending')
    expect((await at.api.post(path, { start: START })).data.status).toBe('accepted')
    expect((await at.visitor.post(path, { start: LATER })).data.status).toBe('pending')
    const posing = await at.visitor.post(path, { start: START, rescheduledBy: `${at.host.username}@example.org` })
    expect([posing.status, posing.code]).toEqual([403, 'own_bookings_only'])
    const stranger = await at.api.post(path, { start: START, rescheduledBy: 'eve@example.com' })
    expect(stranger.body.error.details.fields).toMatchObject([{ path: 'rescheduledBy', code: 'not_an_attendee' }])
  })

  it('goes to one place, whoever is faster', async () => {
    const id = await offer()
    const [one, two] = [await book(id), await book(id, { start: LATER })]
    const free = '2026-11-24T13:00:00.000Z'
    const replies = await Promise.all(
      [one, two].map(({ data }) => at.visitor.post(`/v2/bookings/${data.uid}/reschedule`, { start: free })),
    )
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409])
    const refused = replies.find(({ status }) => status === 409)
    expect([refused?.code, refused?.body.error.details.alternatives[0]]).toEqual(['slot_taken', expect.any(String)])
  })

  it.each([
    [{}, 'start', 'field_required'],
    [{ start: START, reschedulingReason: 'x'.repeat(2001) }, 'reschedulingReason', 'field_too_long'],
    [{ start: START, lengthInMinutes: 0 }, 'lengthInMinutes', 'field_too_small'],
    [{ start: START, bookingFieldsResponses: { x: 'y' } }, 'bookingFieldsResponses.x', 'question_unknown'],
  ])('is refused with %j', async (body, path, code) => {
    const { data } = await book(await offer())
    const reply = await at.visitor.post(`/v2/bookings/${data.uid}/reschedule`, body)
    expect([reply.status, reply.body.error.details.fields]).toMatchObject([400, [{ path, code }]])
  })
})

describe('cancelling', () => {
  it('is for both sides, and a host says why', async () => {
    const id = await offer()
    const [one, two] = [(await book(id)).data, (await book(id, { start: LATER })).data]
    const gone = await at.visitor.post(`/v2/bookings/${one.uid}/cancel`, { cancellationReason: 'A cold' })
    expect([gone.status, gone.data]).toMatchObject([
      200,
      { status: 'cancelled', cancellationReason: 'A cold', cancelledByEmail: 'alex@example.com' },
    ])
    expect((await at.visitor.post(`/v2/bookings/${one.uid}/cancel`)).code).toBe('already_cancelled')
    expect((await at.api.post(`/v2/bookings/${two.uid}/cancel`)).code).toBe('reason_required')
    const { data } = await at.api.post(`/v2/bookings/${two.uid}/cancel`, { cancellationReason: 'Ill' })
    expect(data.cancelledByEmail).toBe(`${at.host.username}@example.org`)
    expect((await at.visitor.get(`/v2/bookings/${two.uid}`)).data.cancelledByEmail).toBeUndefined()
    expect((await book(id)).status).toBe(201)
  })

  it('keeps to what the event type lets attendees do', async () => {
    const { data } = await book(await offer({ options: { cancelling: false } }))
    const reply = await at.other.post(`/v2/bookings/${data.uid}/cancel`)
    expect([reply.status, reply.code]).toEqual([403, 'cancelling_not_offered'])
  })
})
