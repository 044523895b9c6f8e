import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { replayDelivery } from '#platform/deliveries.ts'
import { emit } from '#platform/events.ts'
import { instanceScope, userScope } from '#platform/scope.ts'
import { bookingError } from '../bookings/errors.ts'
import { ownBooking, subjectsOf } from '../bookings/queries.ts'
import { notificationError } from './errors.ts'
import { mailReplayed } from './events.ts'

/**
 * A host has a mail of their own booking tried again at once.
 * @throws sign_in_required, booking_not_found, delivery_not_replayable
 */
export async function replayMail(ctx: Ctx, { uid, deliveryId }: { uid: string; deliveryId: string }): Promise<void> {
  const booking = await ownBooking(ctx.db, userScope(ctx), uid)
  if (!booking) throw bookingError('booking_not_found')
  await transaction(ctx.db, async (tx) => {
    for (const subject of subjectsOf(booking)) {
      if (await replayDelivery(tx, ctx, { id: deliveryId, subject })) return emit(tx, ctx, mailReplayed, { deliveryId })
    }
    throw notificationError('delivery_not_replayable')
  })
}

/**
 * Whoever runs the installation has any mail tried again at once.
 * @throws sign_in_required, operators_only, delivery_not_replayable
 */
export async function replayAnyMail(ctx: Ctx, deliveryId: string): Promise<void> {
  const scope = instanceScope(ctx)
  await transaction(ctx.db, async (tx) => {
    if (!(await replayDelivery(tx, ctx, { id: deliveryId, scope }))) throw notificationError('delivery_not_replayable')
    await emit(tx, ctx, mailReplayed, { deliveryId })
  })
}
