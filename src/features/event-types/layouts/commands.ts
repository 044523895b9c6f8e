import { updateAccount } from '#features/accounts/settings/commands.ts'
import { layoutsChanged } from '#features/accounts/settings/events.ts'
import type { Ctx } from '#platform/ctx.ts'
import { parseInput } from '#platform/input.ts'
import { layouts } from '../schema.ts'

/**
 * How the booking pages of event types to come show their times; those that are there keep what they have.
 * @throws invalid_input
 */
export async function updateDefaultLayouts(ctx: Ctx, input: unknown): Promise<void> {
  const wanted = parseInput(layouts, input)
  await updateAccount(ctx, layoutsChanged, { default_layouts: JSON.stringify(wanted) })
}
