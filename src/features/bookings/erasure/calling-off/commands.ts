import type { Ctx } from '#platform/ctx.ts'
import type { Tx } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { releaseClaims } from '../../../availability/commands.ts'
import { bookingCancelled } from '../../events.ts'
import { lockBooking, presentOf, writeVersion } from '../../rows.ts'
import { mayCancel } from '../../rules.ts'
import { cancelSeat } from '../../seats/commands.ts'

/**
 * Calls bookings, or seats in them, off in the host's name, as parts of something larger; who was faster has done it already.
 * @param wanted by uid
 * @returns subjects of the deliveries that will tell of it
 */
export async function callOff(
  tx: Tx,
  ctx: Ctx,
  wanted: readonly { uid: string }[],
  { hostId, reason }: { hostId: number; reason: string },
): Promise<string[]> {
  const now = ctx.clock.now().epochMilliseconds
  const subjects = new Set<string>()
  for (const { uid } of wanted) {
    const booking = await lockBooking(
      tx,
      { actor: { kind: 'user', userId: hostId, role: 'member', via: 'session' } },
      uid,
    )
    const { seat } = booking
    if (!mayCancel(presentOf(booking), now).ok) continue
    subjects.add(`booking:${booking.id}`)
    if (seat) {
      await cancelSeat(tx, ctx, { ...booking, seat }, { by: 'host', reason })
      continue
    }
    await releaseClaims(tx, booking.id)
    const sequence = await writeVersion(tx, ctx, booking, {
      status: 'cancelled',
      reason,
      cancelled_by: 'host' as const,
    })
    await emit(tx, ctx, bookingCancelled, { bookingId: booking.id, sequence, by: 'host' as const })
  }
  return [...subjects]
}
