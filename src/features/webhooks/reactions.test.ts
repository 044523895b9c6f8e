import { describe, expect, it } from 'vitest'
import { emit } from '#platform/events.ts'
import { userScope } from '#platform/scope.ts'
import { insertEventType } from '#test/offers.ts'
import { ELEVEN, triggersOf, until, useWebhooks } from '#test/webhooks.ts'
import { markNoShow } from '../bookings/aftercare/commands.ts'
import { confirmBooking, rejectBooking } from '../bookings/answering/commands.ts'
import { cancelBooking } from '../bookings/cancellation/commands.ts'
import { erasureDone } from '../bookings/erasure/events.ts'
import { rescheduleBooking } from '../bookings/rescheduling/commands.ts'
import { deleteEventType } from '../event-types/commands.ts'
import { createAbsence } from '../schedules/away/commands.ts'
import { listDeliveries } from './log/queries.ts'
import { listWebhooks } from './queries.ts'

const { at, offer, asHost, make, book, bookingOf, calls, told, settled, sweep } = useWebhooks()

describe('what is told of', () => {
  it('is every step of a booking, in order', async () => {
    await offer({ requiresConfirmation: true })
    await make()
    const { bookingId, uid } = await bookingOf(book())
    await confirmBooking(asHost(), { uid })
    await rescheduleBooking(asHost(), { uid, start: Date.parse(ELEVEN), reason: 'Train is late' })
    await cancelBooking(asHost(), { uid, reason: 'Ill' })
    await calls(5)
    const order = triggersOf(at.receiver.calls)
    expect(order[0]).toBe('BOOKING_REQUESTED')
    expect(order.slice(1, 3).sort()).toEqual(['BOOKING_CONFIRMED', 'BOOKING_CREATED'])
    expect(order.slice(3)).toEqual(['BOOKING_RESCHEDULED', 'BOOKING_CANCELLED'])
    const [asked, , , moved, cancelled] = at.receiver.calls.map(({ json }) => json.payload)
    // The first was sent when the booking may have moved already: it tells of the time it was then.
    expect(asked).toMatchObject({ startTime: '2026-11-23T09:00:00.000Z', status: 'PENDING' })
    expect(moved).toMatchObject({
      ...{ startTime: '2026-11-23T10:00:00.000Z', endTime: '2026-11-23T10:30:00.000Z', rescheduleUid: uid },
      ...{ rescheduleStartTime: '2026-11-23T09:00:00.000Z', rescheduleEndTime: '2026-11-23T09:30:00.000Z' },
      rescheduledBy: `${at.host.username}@example.org`,
    })
    expect(cancelled).toMatchObject({ cancellationReason: 'Ill', status: 'CANCELLED', uid, bookingId })
  })

  it('is a rejection, with its reason', async () => {
    await offer({ requiresConfirmation: true })
    await make({ triggers: ['BOOKING_REJECTED'] })
    const { uid } = await bookingOf(book())
    await rejectBooking(asHost(), { uid, reason: 'Not my subject' })
    expect((await calls(1))[0]?.json).toMatchObject({
      triggerEvent: 'BOOKING_REJECTED',
      payload: { rejectionReason: 'Not my subject', status: 'REJECTED' },
    })
  })

  it('is who did not come, each time it is said', async () => {
    await make({ triggers: ['BOOKING_NO_SHOW_UPDATED'] })
    const { uid } = await bookingOf(book())
    at.context.clock.set(ELEVEN)
    const { id } = await at.context.services.db
      .selectFrom('attendees')
      .select('id')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    for (const noShow of [true, false, true]) await markNoShow(asHost(), uid, { attendeeId: id, noShow })
    const all = await calls(3)
    const said = all.map(({ json }) => (json.payload.attendees as { noShow: boolean }[])[0])
    expect(said).toEqual([true, false, true].map((noShow) => ({ email: 'bo@example.net', noShow })))
    expect(all[0]?.json.payload).toMatchObject({ bookingUid: uid })
  })

  it('is an absence', async () => {
    await make({ triggers: ['OOO_CREATED'] })
    await createAbsence(asHost(), {
      firstDate: '2026-12-24',
      lastDate: '2026-12-26',
      reason: 'vacation',
      note: 'Skiing',
    })
    expect((await calls(1))[0]?.json.payload.oooEntry).toMatchObject({
      ...{ start: '2026-12-23T23:00:00.000Z', end: '2026-12-26T22:59:59.999Z', notes: 'Skiing' },
      user: { id: at.host.id, username: at.host.username },
    })
    await createAbsence(asHost(), {
      ...{ firstDate: '2026-12-01', lastDate: '2026-12-01', reason: 'unspecified', fromMinute: 540, toMinute: 765 },
    })
    expect((await calls(2))[1]?.json.payload.oooEntry).toMatchObject({
      ...{ start: '2026-12-01T08:00:00.000Z', end: '2026-12-01T11:45:00.000Z' },
    })
  })

  it('is only what is listened to, for the event type that is meant', async () => {
    const other = await insertEventType(at.context.services.db, at.host.id, { slug: 'other' })
    await make({ eventTypeId: other, triggers: ['BOOKING_CREATED'] })
    await make({ triggers: ['BOOKING_CANCELLED'] })
    await make({ active: false })
    const { id } = await make({ eventTypeId: at.eventTypeId, triggers: ['BOOKING_CREATED'] })
    const { bookingId, uid } = await bookingOf(book())
    await settled(bookingId, 1)
    await cancelBooking(asHost(), { uid, reason: 'Ill' })
    const all = await settled(bookingId, 2)
    expect(all.map(({ topic }) => topic)).toEqual(['BOOKING_CREATED', 'BOOKING_CANCELLED'])
    expect(all[0]?.target).toBe(String(id))
    expect(
      (await listWebhooks(at.context.services.db, userScope(asHost()), { eventTypeId: at.eventTypeId })).webhooks,
    ).toHaveLength(1)
    await deleteEventType(asHost(), { id: other })
    const page = await listWebhooks(at.context.services.db, userScope(asHost()))
    expect(page.webhooks.find((one) => one.eventTypeId === other)).toMatchObject({ eventTypeTitle: null })
  })

  it('is nothing that happened before there was a webhook', async () => {
    const { bookingId, uid } = await bookingOf(book())
    at.context.clock.add({ minutes: 5 })
    await make()
    await cancelBooking(asHost(), { uid, reason: 'Ill' })
    expect((await settled(bookingId, 1)).map(({ topic }) => topic)).toEqual(['BOOKING_CANCELLED'])
  })

  it('skips whom the host forgot, and forgets what was sent', async () => {
    const { id } = await make({ triggers: ['BOOKING_CREATED', 'BOOKING_CANCELLED'] })
    at.receiver.answer = (_call, response) => response.writeHead(500).end('no')
    const { bookingId } = await bookingOf(book())
    await calls(1)
    await until('the failure', async () => (await told(bookingId))[0]?.reason === 'webhook_refused')
    await at.context.services.db.updateTable('attendees').set({ email: '', name: '' }).execute()
    at.context.clock.add({ minutes: 1 })
    await sweep()
    expect(await told(bookingId)).toMatchObject([{ state: 'skipped', reason: 'attendee_forgotten' }])
    const log = async () =>
      (await listDeliveries(at.context.services.db, userScope(asHost()), { webhookId: id })).deliveries
    expect((await log())[0]?.tries).toHaveLength(1)
    const erased = { erasureId: '018f0000-0000-7000-8000-000000000000', userId: at.host.id }
    await at.context.services.db.transaction().execute((tx) => emit(tx, asHost(), erasureDone, erased))
    await until('the log is empty', async () => (await log())[0]?.tries.length === 0)
  })
})
