import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { takenError } from '../commands.ts'
import { profileChanged } from '../events.ts'
import { updateAccount } from '../settings/commands.ts'
import { startStepPassed } from '../settings/events.ts'
import type { StartStep } from '../types.ts'
import { reached } from './rules.ts'
import { introduction } from './schema.ts'

/**
 * Who somebody is: what a page needs at the least.
 * @throws username_taken, invalid_input
 */
export async function introduce(ctx: Ctx, input: unknown): Promise<void> {
  const { name, username, timeZone } = parseInput(introduction, input)
  try {
    await updateAccount(ctx, profileChanged, { name, username, time_zone: timeZone })
  } catch (error) {
    throw takenError(error) ?? error
  }
}

/** The step is done or left out; `null`: so is everything that would come. Going back and doing one again loses nothing. */
export async function passStep(ctx: Ctx, step: StartStep | null): Promise<void> {
  const { userId } = userScope(ctx)
  await transaction(ctx.db, async (tx) => {
    const { at } = await tx
      .selectFrom('users')
      .select('getting_started as at')
      .where('id', '=', userId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    const next = step === null ? null : reached(at, step)
    if (next === at) return
    await tx
      .updateTable('users')
      .set({ getting_started: next, updated_at: ctx.clock.now() })
      .where('id', '=', userId)
      .execute()
    await emit(tx, ctx, startStepPassed, { userId })
  })
}
