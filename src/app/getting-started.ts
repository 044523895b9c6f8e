import { replaceAvatar } from '#features/accounts/avatars/commands.ts'
import { introduce, passStep } from '#features/accounts/getting-started/commands.ts'
import type { Account } from '#features/accounts/types.ts'
import { createEventType } from '#features/event-types/commands.ts'
import type { NewEventType } from '#features/event-types/schema.ts'
import { createSchedule, updateSchedule } from '#features/schedules/commands.ts'
import { findSchedule, listSchedules } from '#features/schedules/queries.ts'
import type { ScheduleChange } from '#features/schedules/schema.ts'
import type { OwnSchedule } from '#features/schedules/types.ts'
import type { Ctx } from '#platform/ctx.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import { userScope } from '#platform/scope.ts'

/**
 * Who somebody is, with a picture if they chose one. Hours that were meant in the zone they had before go with them.
 * @throws username_taken, invalid_input, avatar_too_large, avatar_not_an_image
 */
export async function startWithProfile(
  ctx: Ctx,
  { timeZone }: Account,
  { avatar, ...fields }: Record<string, unknown>,
): Promise<void> {
  if (avatar instanceof File && avatar.size > 0) await replaceAvatar(ctx, avatar)
  await introduce(ctx, fields)
  const hours = await firstSchedule(ctx)
  const wanted = String(fields.timeZone)
  if (hours && hours.timeZone === timeZone && wanted !== timeZone) await saveHours(ctx, hours, { timeZone: wanted })
  await passStep(ctx, 'profile')
}

/** When somebody has time in a usual week, in their zone. @throws invalid_input naming `weekly.<day>.<range>` */
export async function startWithHours(ctx: Ctx, { timeZone }: Account, weekly: ScheduleChange['weekly']): Promise<void> {
  const hours = (await firstSchedule(ctx)) ?? (await makeSchedule(ctx, timeZone))
  await saveHours(ctx, hours, { timeZone, weekly })
  await passStep(ctx, 'hours')
}

/** What can be booked first. @throws invalid_input */
export async function startWithEventType(ctx: Ctx, input: NewEventType): Promise<void> {
  await createEventType(ctx, input)
  await passStep(ctx, 'event-type')
}

/** The default one; null when there is none any more. */
export async function firstSchedule(ctx: Ctx): Promise<OwnSchedule | null> {
  const [first] = await listSchedules(ctx.db, userScope(ctx))
  return first ?? null
}

async function makeSchedule(ctx: Ctx, timeZone: string): Promise<OwnSchedule> {
  const name = translatorFor(ctx.locale)('schedules.default_name')
  const { id } = await createSchedule(ctx, { name, timeZone })
  return findSchedule(ctx.db, userScope(ctx), id)
}

async function saveHours(
  ctx: Ctx,
  { id, version, name, timeZone, weekly, overrides }: OwnSchedule,
  change: Partial<ScheduleChange>,
): Promise<void> {
  await updateSchedule(ctx, { id, version, name, timeZone, weekly, overrides, ...change })
}
