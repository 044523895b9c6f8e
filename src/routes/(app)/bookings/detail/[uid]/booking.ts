import { bookingError } from '#features/bookings/errors.ts'
import { ownBooking } from '#features/bookings/queries.ts'
import type { Booking } from '#features/bookings/types.ts'
import type { Ctx } from '#platform/ctx.ts'
import { userScope } from '#platform/scope.ts'

/** @throws booking_not_found, also for somebody else's */
export async function requireOwnBooking(ctx: Ctx, uid: string): Promise<Booking> {
  const booking = await ownBooking(ctx.db, userScope(ctx), uid)
  if (!booking) throw bookingError('booking_not_found')
  return booking
}
