import type { Actor } from '#platform/actor.ts'
import { bookingError } from './errors.ts'

/** In whose name somebody acts on a booking: whoever holds its uid and is not its host acts for the attendee. */
export function partyOf(actor: Actor, hostId: number): 'host' | 'attendee' {
  return actor.kind === 'user' && actor.userId === hostId ? 'host' : 'attendee'
}

/** Confirming, rejecting and asking for another time are the host's alone. @throws own_bookings_only */
export function requireHost(actor: Actor, hostId: number): void {
  if (partyOf(actor, hostId) !== 'host') throw bookingError('own_bookings_only')
}
