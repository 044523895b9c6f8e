import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { retentionChanged } from '../events.ts'
import { retentionSchema } from './schema.ts'

/** From now on attendees are forgotten so many days after their last booking ended, or never. @throws invalid_input */
export async function setRetention(ctx: Ctx, input: unknown): Promise<number | null> {
  const { userId } = userScope(ctx)
  const { days } = parseInput(retentionSchema, input)
  await transaction(ctx.db, async (tx) => {
    if (days === null) await tx.deleteFrom('retention').where('user_id', '=', userId).execute()
    else {
      const kept = { days, updated_at: ctx.clock.now() }
      await tx
        .insertInto('retention')
        .values({ user_id: userId, ...kept })
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet(kept))
        .execute()
    }
    await emit(tx, ctx, retentionChanged, { userId, days })
  })
  return days
}
