import type { Actor } from '#platform/actor.ts'
import { bookingError } from './errors.ts'

/** In whose name somebody acts on a booking: whoever holds its uid and is not one of its hosts acts for the attendee. */
export function partyOf(actor: Actor, hostIds: number | readonly number[]): 'host' | 'attendee' {
  return actor.kind === 'user' && [hostIds].flat().includes(actor.userId) ? 'host' : 'attendee'
}

/**
 * All whose time a booking takes may read it, answer and call it off, ask for another time, say who did not come and write notes.
 * @throws own_bookings_only
 */
export function requireHost(actor: Actor, hostIds: number | readonly number[]): void {
  if (partyOf(actor, hostIds) !== 'host') throw bookingError('own_bookings_only')
}

/**
 * Guests, place and reports are for the one host whose contacts its attendees are: others who host with them are not asked.
 * @throws own_bookings_only
 */
export function requireOrganizer(actor: Actor, hostId: number): void {
  requireHost(actor, hostId)
}
