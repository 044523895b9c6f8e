import { error, type RequestEvent } from '@sveltejs/kit'
import { loadOffer } from '#features/availability/queries.ts'
import type { Offer } from '#features/availability/types.ts'
import { partyOf } from '#features/bookings/policy.ts'
import { hostIdsOf, offerKeyBehind } from '#features/bookings/queries.ts'
import { mayBeMovedBy, presentOf } from '#features/bookings/rules.ts'
import { ownTime } from '#features/bookings/seats/queries.ts'
import type { Booking } from '#features/bookings/types.ts'
import { DEFAULT_OPTIONS } from '#features/event-types/types.ts'
import { bookingAt } from './booking.server.ts'
import { type Offered, ownHold } from './offered.server.ts'

export type Movable =
  | { booking: Booking; offered: Offered; refused: null }
  | { booking: Booking; offered: null; refused: string }

/** The booking and what it may be moved within, or why it may not be moved. @throws 404 */
export async function movableAt(event: RequestEvent, uid: string): Promise<Movable> {
  const { ctx } = event.locals
  const booking = await bookingAt(event, uid)
  const by = partyOf(ctx.actor, hostIdsOf(booking))
  const now = ctx.clock.now().epochMilliseconds
  const decision = mayBeMovedBy(by, presentOf(booking), now, booking.eventType ?? DEFAULT_OPTIONS)
  if (!decision.ok) return { booking, offered: null, refused: decision.reason }
  const key = offerKeyBehind(booking)
  const offer = key && (await loadOffer(ctx.db, key))
  if (!offer) return { booking, offered: null, refused: 'event_type_not_found' }
  const own = { ...ownTime(booking), ...ownHold(event.cookies) }
  return { booking, offered: { offer, own, seats: seatsMoved(booking, offer) }, refused: null }
}

/** For the island, which asks only from a page that could be moved. @throws 404, 409 */
export async function offeredTo(event: RequestEvent, uid: string): Promise<Offered> {
  const { offered, refused } = await movableAt(event, uid)
  if (!offered) error(409, refused)
  return offered
}

/** All of a party move, even if it is larger than a new one may be: then as many are held as that. */
function seatsMoved({ others, attendees }: Booking, { eventType }: Offer): number {
  const most = eventType.seats?.maxPerBooking ?? 1
  return others === null ? 1 : Math.min(attendees[0]?.quantity ?? 1, most)
}
