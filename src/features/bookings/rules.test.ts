import { describe, expect, it } from 'vitest'
import { mayAnswer, mayCancel, mayReschedule, openActs } from './rules.ts'
import type { BookingStatus } from './types.ts'

const NOW = 1000
const booking = (status: BookingStatus, more: object = {}) => ({
  status,
  start: 1500,
  end: 2000,
  sequence: 3,
  rescheduleRequested: false,
  offered: true,
  shared: false,
  ...more,
})

describe('what may be done with a booking', () => {
  it('is refused for the reason that explains most', () => {
    expect(mayAnswer(booking('accepted'), NOW, 2)).toEqual({ ok: false, reason: 'already_confirmed' })
    expect(mayAnswer(booking('pending'), NOW, 2)).toEqual({ ok: false, reason: 'already_moved' })
    expect(mayCancel(booking('cancelled'), NOW, 2)).toEqual({ ok: false, reason: 'already_cancelled' })
    expect(mayCancel(booking('rejected'), NOW, 2)).toEqual({ ok: false, reason: 'already_rejected' })
    expect(mayReschedule(booking('accepted', { end: NOW }), NOW, 2)).toEqual({ ok: false, reason: 'already_over' })
    expect(mayReschedule(booking('cancelled', { rescheduleRequested: true }), NOW, 2)).toEqual({ ok: true })
  })

  it('is offered to the host only where it would be allowed', () => {
    expect(openActs(booking('pending'), NOW)).toEqual(['confirm', 'reject', 'reschedule', 'request-time'])
    expect(openActs(booking('accepted'), NOW)).toEqual(['reschedule', 'request-time', 'cancel'])
    expect(openActs(booking('accepted', { offered: false }), NOW)).toEqual(['cancel'])
    expect(openActs(booking('cancelled'), NOW)).toEqual([])
    expect(openActs(booking('cancelled', { rescheduleRequested: true }), NOW)).toEqual(['reschedule'])
    expect(openActs(booking('rejected'), NOW)).toEqual([])
    expect(openActs(booking('accepted', { end: NOW }), NOW)).toEqual([])
  })
})
