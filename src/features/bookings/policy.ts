import type { Actor } from '#platform/actor.ts'
import { bookingError } from './errors.ts'

/** In whose name somebody acts on a booking: whoever holds its uid and is not one of its hosts acts for the attendee. */
export function partyOf(actor: Actor, hostIds: number | readonly number[]): 'host' | 'attendee' {
  return actor.kind === 'user' && [hostIds].flat().includes(actor.userId) ? 'host' : 'attendee'
}

/** Confirming, rejecting and asking for another time are the host's alone. @throws own_bookings_only */
export function requireHost(actor: Actor, hostIds: number | readonly number[]): void {
  if (partyOf(actor, hostIds) !== 'host') throw bookingError('own_bookings_only')
}
