import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { bookingError } from '../errors.ts'
import { noShowMarked } from '../events.ts'
import { requireHost } from '../policy.ts'
import { lockWholeBooking } from '../rows.ts'
import { noShowSchema } from './schema.ts'

/**
 * The host says that somebody, or they themselves, did not come, or takes that back. Nobody is told.
 * @throws invalid_input, booking_not_found, own_bookings_only, not_accepted, not_yet_begun
 */
export async function markNoShow(ctx: Ctx, uid: string, input: unknown): Promise<void> {
  const { attendeeId, noShow } = parseInput(noShowSchema, input)
  await transaction(ctx.db, async (tx) => {
    const booking = await lockWholeBooking(tx, ctx, uid)
    requireHost(ctx.actor, booking.host_ids)
    if (booking.status !== 'accepted') throw bookingError('not_accepted')
    if (booking.starts_at.epochMilliseconds > ctx.clock.now().epochMilliseconds) throw bookingError('not_yet_begun')
    if (await write(tx, booking.id, attendeeId, noShow)) {
      await emit(tx, ctx, noShowMarked, { bookingId: booking.id, attendeeId, noShow })
    }
  })
}

/** False when it was so already. @throws booking_not_found for somebody who has nothing to do with it */
async function write(tx: Tx, bookingId: number, attendeeId: number | null, noShow: boolean): Promise<boolean> {
  if (attendeeId === null) {
    const { numUpdatedRows } = await tx
      .updateTable('bookings')
      .set({ host_no_show: noShow })
      .where('id', '=', bookingId)
      .where('host_no_show', '!=', noShow)
      .executeTakeFirstOrThrow()
    return numUpdatedRows > 0n
  }
  const attendee = await tx
    .selectFrom('attendees')
    .where('id', '=', attendeeId)
    .where('booking_id', '=', bookingId)
    .select('no_show')
    .executeTakeFirst()
  if (!attendee) throw bookingError('booking_not_found')
  if (attendee.no_show === noShow) return false
  await tx.updateTable('attendees').set({ no_show: noShow }).where('id', '=', attendeeId).execute()
  return true
}
