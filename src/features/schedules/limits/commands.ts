import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { touchAvailability } from '../commands.ts'
import { hostLimitsChanged } from './events.ts'
import { type HostLimitsInput, hostLimits } from './schema.ts'

/** Limits the bookings of the host over all event types. Those that stand stay. @throws invalid_input */
export async function setHostLimits(ctx: Ctx, input: HostLimitsInput): Promise<void> {
  const scope = userScope(ctx)
  const limits = parseInput(hostLimits, input)
  await transaction(ctx.db, async (tx) => {
    await touchAvailability(tx, ctx, scope)
    await tx
      .updateTable('host_availability')
      .set({ limits: JSON.stringify(limits) })
      .where('user_id', '=', scope.userId)
      .execute()
    await emit(tx, ctx, hostLimitsChanged, { userId: scope.userId })
  })
}
