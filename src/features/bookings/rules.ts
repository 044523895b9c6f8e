import { type BookingStatus, HOST_ACTS, type HostAct } from './types.ts'

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

/**
 * Only what still stands and is not over can be acted on, and only by who knows how it stands: `seen` is the version that was looked
 * at, absent when nobody looked.
 */
function standing({ status, end, sequence }: Present, now: number, seen: number | undefined): Decision {
  if (status === 'cancelled') return no('already_cancelled')
  if (status === 'rejected') return no('already_rejected')
  if (end <= now) return no('already_over')
  if (seen !== undefined && seen !== sequence) return no('already_moved')
  return yes
}

export function mayCancel(booking: Present, now: number, seen?: number): Decision {
  return standing(booking, now, seen)
}

/** Confirm and reject answer a request; there is nothing to answer once it was. */
export function mayAnswer(booking: Present, now: number, seen?: number): Decision {
  return booking.status === 'accepted' && booking.end > now ? no('already_confirmed') : standing(booking, now, seen)
}

/** A booking whose host asked for another time may be moved although cancelled. */
export function mayReschedule(booking: Present, now: number, seen?: number): Decision {
  if (booking.status === 'cancelled' && booking.rescheduleRequested) return yes
  return standing(booking, now, seen)
}

export function mayRequestAnotherTime(booking: Present, now: number, seen?: number): Decision {
  return standing(booking, now, seen)
}

/** What its host can do with a booking now, in the order in which it is offered. */
export function openActs(booking: Present & { offered: boolean }, now: number): HostAct[] {
  const allowed: Record<HostAct, boolean> = {
    confirm: mayAnswer(booking, now).ok,
    reject: mayAnswer(booking, now).ok,
    // Without its event type there are no slots to move it to.
    reschedule: booking.offered && mayReschedule(booking, now).ok,
    'request-time': booking.offered && mayRequestAnotherTime(booking, now).ok,
    // A request is rejected rather than cancelled.
    cancel: booking.status === 'accepted' && mayCancel(booking, now).ok,
  }
  return HOST_ACTS.filter((act) => allowed[act])
}
