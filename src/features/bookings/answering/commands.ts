import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { releaseClaims } from '../../availability/commands.ts'
import { bookingConfirmed, bookingRejected } from '../events.ts'
import { requireHost } from '../policy.ts'
import { type Choice, lockWholeBooking, presentOf, requireAllowed, writeVersion } from '../rows.ts'
import { mayAnswer } from '../rules.ts'

/** The host accepts a request. Its time has been claimed since it was made. @throws booking_not_found, own_bookings_only, already_… */
export async function confirmBooking(ctx: Ctx, { uid, sequence: seen }: Choice): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    const booking = await lockWholeBooking(tx, ctx, uid)
    requireHost(ctx.actor, booking.host_ids)
    requireAllowed(mayAnswer(presentOf(booking), ctx.clock.now().epochMilliseconds, seen))
    const sequence = await writeVersion(tx, ctx, booking, { status: 'accepted', reason: '' })
    await emit(tx, ctx, bookingConfirmed, { bookingId: booking.id, sequence })
  })
}

/** The host declines a request; its time is free again. @throws booking_not_found, own_bookings_only, already_… */
export async function rejectBooking(ctx: Ctx, choice: Choice & { reason: string }): Promise<void> {
  const { uid, reason, sequence: seen } = choice
  await transaction(ctx.db, async (tx) => {
    const booking = await lockWholeBooking(tx, ctx, uid)
    requireHost(ctx.actor, booking.host_ids)
    requireAllowed(mayAnswer(presentOf(booking), ctx.clock.now().epochMilliseconds, seen))
    await releaseClaims(tx, booking.id)
    const sequence = await writeVersion(tx, ctx, booking, { status: 'rejected', reason })
    await emit(tx, ctx, bookingRejected, { bookingId: booking.id, sequence })
  })
}
