import { describe, expect, it } from 'vitest'
import { ELEVEN, triggersOf, useWebhooks } from '#test/webhooks.ts'
import { cancelBooking } from '../../bookings/cancellation/commands.ts'
import { rescheduleBooking } from '../../bookings/rescheduling/commands.ts'
import type { Trigger } from '../types.ts'
import { tellTimes } from './jobs.ts'

const { at, asHost, make, book, bookingOf, calls, told, settled } = useWebhooks()

describe('meetings', () => {
  const tell = () => tellTimes(at.context.as({ kind: 'system' }))
  const timed: Trigger[] = ['MEETING_STARTED', 'MEETING_ENDED']

  it('are told of when they begin and when they are over, once', async () => {
    await make({ triggers: timed })
    await book()
    at.context.clock.set('2026-11-23T08:59:59Z')
    await tell()
    expect(at.receiver.calls).toEqual([])
    at.context.clock.set('2026-11-23T09:00:01Z')
    await Promise.all(Array.from({ length: 10 }, tell))
    await calls(1)
    at.context.clock.set('2026-11-23T09:45:00Z')
    await Promise.all(Array.from({ length: 10 }, tell))
    await calls(2)
    await tell()
    expect(triggersOf(at.receiver.calls)).toEqual(timed)
  })

  it('are told of when no worker ran meanwhile, in order', async () => {
    await make({ triggers: timed })
    const { bookingId } = await bookingOf(book())
    at.context.clock.set('2026-11-23T20:00:00Z')
    await tell()
    await settled(bookingId, 2)
    expect(triggersOf(at.receiver.calls)).toEqual(timed)
  })

  it('follow the booking when it moves, and are dropped when it is cancelled', async () => {
    await make({ triggers: timed })
    const { uid } = await bookingOf(book())
    await rescheduleBooking(asHost(), { uid, start: Date.parse(ELEVEN), reason: 'Later' })
    const second = await bookingOf(book({ start: '2026-11-23T11:00:00Z', email: 'cy@example.net' }))
    await cancelBooking(asHost(), { uid: second.uid, reason: 'Ill' })
    at.context.clock.set('2026-11-23T09:31:00Z')
    await tell()
    expect(await told(second.bookingId)).toEqual([])
    at.context.clock.set('2026-11-23T12:00:00Z')
    await tell()
    await calls(2)
    expect(at.receiver.calls.map(({ json }) => json.payload.startTime)).toEqual(
      Array(2).fill('2026-11-23T10:00:00.000Z'),
    )
    expect(await told(second.bookingId)).toEqual([])
  })

  it('that began before somebody listened are not told of', async () => {
    const { bookingId } = await bookingOf(book())
    at.context.clock.set('2026-11-23T09:10:00Z')
    await make({ triggers: timed })
    at.context.clock.set('2026-11-23T10:00:00Z')
    await tell()
    expect((await settled(bookingId, 1)).map(({ topic }) => topic)).toEqual(['MEETING_ENDED'])
  })
})
