import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { bookingError } from '../errors.ts'
import { bookingRated } from '../events.ts'
import { partyOf } from '../policy.ts'
import { type Locked, lockBooking } from '../rows.ts'
import { ratingSchema } from './schema.ts'

const RATING_LIMIT = { name: 'rating', attempts: 20, seconds: 60 }

/**
 * Whoever booked says how the meeting was, once, when it is over. Hosts do not rate themselves.
 * @throws invalid_input, booking_not_found, not_accepted, not_yet_over, already_rated, rate_limited
 */
export async function rateBooking(ctx: Ctx, uid: string, input: unknown): Promise<void> {
  await ctx.rateLimiter.consume(RATING_LIMIT, ctx.clientAddress)
  const { stars, comment } = parseInput(ratingSchema, input)
  await transaction(ctx.db, async (tx) => {
    const booking = await lockBooking(tx, ctx, uid)
    if (partyOf(ctx.actor, booking.host_id) === 'host') throw bookingError('booking_not_found')
    if (booking.status !== 'accepted' || booking.seat?.cancelled) throw bookingError('not_accepted')
    const now = ctx.clock.now()
    if (booking.ends_at.epochMilliseconds > now.epochMilliseconds) throw bookingError('not_yet_over')
    const row = { attendee_id: await raterOf(tx, booking), booking_id: booking.id, stars, comment, created_at: now }
    const inserted = await tx
      .insertInto('booking_ratings')
      .values(row)
      .onConflict((conflict) => conflict.column('attendee_id').doNothing())
      .returning('attendee_id')
      .executeTakeFirst()
    if (!inserted) throw bookingError('already_rated')
    await emit(tx, ctx, bookingRated, { bookingId: booking.id })
  })
}

/** The one the uid was given to. */
async function raterOf(tx: Tx, { id, seat }: Locked): Promise<number> {
  if (seat) return seat.id
  const booker = await tx
    .selectFrom('attendees')
    .where('booking_id', '=', id)
    .where('kind', '=', 'booker')
    .select('id')
    .orderBy('id')
    .executeTakeFirst()
  if (!booker) throw bookingError('booking_not_found')
  return booker.id
}
