import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { blockWithin } from '../blocks/commands.ts'
import { bookingError } from '../errors.ts'
import { bookingReported } from '../events.ts'
import { requireOrganizer } from '../policy.ts'
import { lockWholeBooking } from '../rows.ts'
import { reportSchema } from './schema.ts'

/**
 * The host says that this should not have been booked, and may shut its booker out with it. The booking stays as it is, and nobody is
 * told.
 * @throws invalid_input, booking_not_found, own_bookings_only, already_reported, cannot_block_yourself
 */
export async function reportBooking(ctx: Ctx, uid: string, input: unknown): Promise<void> {
  const scope = userScope(ctx)
  const { reason, note, block } = parseInput(reportSchema, input)
  await transaction(ctx.db, async (tx) => {
    const booking = await lockWholeBooking(tx, ctx, uid)
    requireOrganizer(ctx.actor, booking.host_id)
    const row = { booking_id: booking.id, user_id: scope.userId, reason, note, created_at: ctx.clock.now() }
    const made = await tx
      .insertInto('booking_reports')
      .values(row)
      .onConflict((conflict) => conflict.column('booking_id').doNothing())
      .returning('booking_id')
      .executeTakeFirst()
    if (!made) throw bookingError('already_reported')
    await emit(tx, ctx, bookingReported, { bookingId: booking.id, reason })
    if (block === 'nothing') return
    const email = await bookerMail(tx, booking.id)
    const value = block === 'email' ? email : email.slice(email.lastIndexOf('@') + 1)
    await blockWithin(tx, ctx, scope, { kind: block, value })
  })
}

async function bookerMail(tx: Tx, bookingId: number): Promise<string> {
  const booker = await tx
    .selectFrom('attendees')
    .where('booking_id', '=', bookingId)
    .where('kind', '=', 'booker')
    .select('email')
    .orderBy('id')
    .executeTakeFirst()
  if (!booker) throw bookingError('booking_not_found')
  return booker.email
}
