import { sql } from 'kysely'
import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { optionsOf } from '../../../event-types/types.ts'
import { bookingError } from '../../errors.ts'
import { partyReduced } from '../../events.ts'
import { partyOf } from '../../policy.ts'
import { lockBooking, presentOf, requireAllowed } from '../../rows.ts'
import { mayBeCancelledBy } from '../../rules.ts'
import { whoComes } from './rules.ts'
import { partySchema } from './schema.ts'

/**
 * Fewer come than were booked: whoever may give a seat back may give some of it back, and say who stays away. They are free at once; who
 * comes and the host are told.
 * @param uid of the seat
 * @throws invalid_input, booking_not_found, party_not_smaller, away_too_many, already_…, cancelling_not_offered
 */
export async function reduceParty(ctx: Ctx, uid: string, input: unknown): Promise<void> {
  const { quantity, away, sequence: seen } = parseInput(partySchema, input)
  await transaction(ctx.db, async (tx) => {
    const booking = await lockBooking(tx, ctx, uid)
    const { seat } = booking
    if (!seat) throw bookingError('booking_not_found')
    const by = partyOf(ctx.actor, booking.host_ids)
    const now = ctx.clock.now()
    const terms = optionsOf(booking.options ?? {})
    requireAllowed(mayBeCancelledBy(by, presentOf(booking), now.epochMilliseconds, terms, seen))
    if (quantity >= seat.quantity) throw bookingError('party_not_smaller', { now: seat.quantity })
    const free = seat.quantity - quantity
    if (away.length > free) throw bookingError('away_too_many', { n: free })
    if (away.some((at) => at >= seat.companions.length)) throw bookingError('already_moved')
    const sequence = seat.sequence + 1
    const companions = JSON.stringify(whoComes(seat.companions, away, quantity))
    await tx.updateTable('attendees').set({ quantity, companions, sequence }).where('id', '=', seat.id).execute()
    await tx
      .updateTable('bookings')
      .set({ seats_taken: sql`seats_taken - ${free}`, updated_at: now })
      .where('id', '=', booking.id)
      .execute()
    const change = { from: seat.quantity, to: quantity, by }
    await emit(tx, ctx, partyReduced, { bookingId: booking.id, attendeeId: seat.id, sequence, ...change })
  })
}
