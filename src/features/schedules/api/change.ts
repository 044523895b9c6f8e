import type { z } from 'zod'
import type { Ctx } from '#platform/ctx.ts'
import { inWireNames } from '#platform/http/api/refusal.ts'
import { userScope } from '#platform/scope.ts'
import { setDefaultSchedule, updateSchedule } from '../commands.ts'
import { findSchedule } from '../queries.ts'
import { overridesOf, presentedSchedule, weeklyOf } from './present.ts'
import type { scheduleChange, WireSchedule } from './schema.ts'

export async function shownSchedule(ctx: Ctx, id: number): Promise<WireSchedule> {
  const scope = userScope(ctx)
  return presentedSchedule(await findSchedule(ctx.db, scope, id), scope.userId)
}

/** In the caller's transaction: what is named over what is there. */
export async function changedSchedule(
  ctx: Ctx,
  id: number,
  change: z.output<typeof scheduleChange>,
): Promise<WireSchedule> {
  const present = await findSchedule(ctx.db, userScope(ctx), id)
  const { name, timeZone, isDefault, availability, overrides } = change
  const wanted = {
    ...{ id, version: present.version, name: name ?? present.name, timeZone: timeZone ?? present.timeZone },
    weekly: availability ? weeklyOf(availability) : present.weekly,
    overrides: overrides ? overridesOf(overrides) : present.overrides,
  }
  await inWireNames({ weekly: 'availability' }, updateSchedule(ctx, wanted))
  if (isDefault) await setDefaultSchedule(ctx, { id })
  return shownSchedule(ctx, id)
}
