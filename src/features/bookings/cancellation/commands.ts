import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { releaseClaims } from '../../availability/commands.ts'
import { optionsOf } from '../../event-types/types.ts'
import { bookingError } from '../errors.ts'
import { anotherTimeRequested, bookingCancelled } from '../events.ts'
import { partyOf, requireHost } from '../policy.ts'
import { type Choice, lockBooking, lockWholeBooking, presentOf, requireAllowed, writeVersion } from '../rows.ts'
import { mayBeCancelledBy, mayRequestAnotherTime } from '../rules.ts'
import { cancelSeat } from '../seats/commands.ts'
import { cancelLater } from '../series/commands.ts'

/**
 * Either party cancels; the time is free again. A host says why. Where seats are shared, the uid of a seat cancels that seat only.
 * @throws booking_not_found, reason_required, already_…
 */
export async function cancelBooking(ctx: Ctx, choice: Choice & { reason: string; following?: boolean }): Promise<void> {
  const { uid, reason, sequence: seen, following = false } = choice
  await transaction(ctx.db, async (tx) => {
    const booking = await lockBooking(tx, ctx, uid)
    const by = partyOf(ctx.actor, booking.host_ids)
    const now = ctx.clock.now().epochMilliseconds
    requireAllowed(mayBeCancelledBy(by, presentOf(booking), now, optionsOf(booking.options ?? {}), seen))
    if (by === 'host' && reason === '') throw bookingError('reason_required')
    const { seat } = booking
    if (seat) return cancelSeat(tx, ctx, { ...booking, seat }, { by, reason })
    await releaseClaims(tx, booking.id)
    const sequence = await writeVersion(tx, ctx, booking, { status: 'cancelled', reason, cancelled_by: by })
    await emit(tx, ctx, bookingCancelled, { bookingId: booking.id, sequence, by })
    if (following) await cancelLater(tx, ctx, booking, { by, reason })
  })
}

/**
 * The host gives the time back and asks the booker to choose another.
 * @throws booking_not_found, own_bookings_only, not_with_seats, already_…
 */
export async function requestAnotherTime(ctx: Ctx, choice: Choice & { reason: string }): Promise<void> {
  const { uid, reason, sequence: seen } = choice
  await transaction(ctx.db, async (tx) => {
    const booking = await lockWholeBooking(tx, ctx, uid)
    requireHost(ctx.actor, booking.host_ids)
    if (booking.seats !== null) throw bookingError('not_with_seats')
    requireAllowed(mayRequestAnotherTime(presentOf(booking), ctx.clock.now().epochMilliseconds, seen))
    await releaseClaims(tx, booking.id)
    const change = { status: 'cancelled', reason, cancelled_by: 'host', reschedule_requested: true } as const
    const sequence = await writeVersion(tx, ctx, booking, change)
    await emit(tx, ctx, anotherTimeRequested, { bookingId: booking.id, sequence })
  })
}
