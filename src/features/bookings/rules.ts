import type { BookingStatus } from './types.ts'

interface Present {
  status: BookingStatus
  /** Epoch milliseconds. */
  end: number
  sequence: number
  rescheduleRequested: boolean
}

export type Refusal = 'already_cancelled' | 'already_rejected' | 'already_confirmed' | 'already_moved' | 'already_over'

export type Decision = { ok: true } | { ok: false; reason: Refusal }

const yes: Decision = { ok: true }
const no = (reason: Refusal): Decision => ({ ok: false, reason })

/** Only what still stands and is not over can be acted on. */
function standing({ status, end }: Present, now: number): Decision {
  if (status === 'cancelled') return no('already_cancelled')
  if (status === 'rejected') return no('already_rejected')
  if (end <= now) return no('already_over')
  return yes
}

export function mayCancel(booking: Present, now: number): Decision {
  return standing(booking, now)
}

/** Confirm and reject answer a request; there is nothing to answer once it was. */
export function mayAnswer(booking: Present, now: number): Decision {
  const stands = standing(booking, now)
  return stands.ok && booking.status === 'accepted' ? no('already_confirmed') : stands
}

/** `seen` is the version the one who moves it was looking at. A booking whose host asked for another time may be moved although cancelled. */
export function mayReschedule(booking: Present, now: number, seen: number | undefined): Decision {
  if (seen !== undefined && seen !== booking.sequence && booking.status !== 'cancelled') return no('already_moved')
  if (booking.status === 'cancelled' && booking.rescheduleRequested) return yes
  return standing(booking, now)
}

export function mayRequestAnotherTime(booking: Present, now: number): Decision {
  return standing(booking, now)
}
