import { type SqlBool, sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import type { Locale } from '#platform/i18n/locale.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import { parseInput } from '#platform/input.ts'
import { type UserScope, userScope } from '#platform/scope.ts'
import { moveToTrash, putBack, takeFromTrash } from '#platform/trash.ts'
import { scheduleError } from './errors.ts'
import { scheduleCreated, scheduleDeleted, scheduleMadeDefault, scheduleRestored, scheduleUpdated } from './events.ts'
import { freeName, hoursByDay, MOST_SCHEDULES, mayDelete, sortedOverrides, weeklyFromDays } from './rules.ts'
import {
  type NewSchedule,
  newSchedule,
  type RestoreKey,
  restoreKey,
  type ScheduleChange,
  type ScheduleKey,
  scheduleChange,
  scheduleKey,
} from './schema.ts'
import type { ScheduleUse, WeeklyHours } from './types.ts'

/** Monday to Friday, 9 to 17. */
const OFFICE_HOURS: WeeklyHours[] = [{ days: [1, 2, 3, 4, 5], start: 540, end: 1020 }]

/** The first schedule of a new account, in the transaction that creates the account. Returns its id. */
export async function createDefaultSchedule(
  tx: Tx,
  ctx: Ctx,
  { userId, timeZone, locale }: { userId: number; timeZone: string; locale: Locale },
): Promise<number> {
  const { id } = await tx
    .insertInto('schedules')
    .values({
      user_id: userId,
      name: translatorFor(locale)('schedules.default_name'),
      time_zone: timeZone,
      weekly: JSON.stringify(OFFICE_HOURS),
      overrides: '[]',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await tx.updateTable('users').set({ default_schedule_id: id }).where('id', '=', userId).execute()
  await emit(tx, ctx, scheduleCreated, { scheduleId: id })
  return id
}

/**
 * A schedule with office hours, to be edited. The first one of a host becomes the default.
 * @throws invalid_input, too_many_schedules
 */
export async function createSchedule(ctx: Ctx, input: NewSchedule): Promise<{ id: number }> {
  const scope = userScope(ctx)
  const { name, timeZone } = parseInput(newSchedule, input)
  return transaction(ctx.db, async (tx) => {
    const { schedules } = await lockOwn(tx, scope)
    const id = await insertSchedule(tx, ctx, scope, schedules.length, {
      name,
      time_zone: timeZone,
      weekly: JSON.stringify(OFFICE_HOURS),
      overrides: '[]',
    })
    if (schedules.length === 0) await setDefault(tx, scope, id)
    return { id }
  })
}

/**
 * Saves name, zone, weekly hours, overrides and layers at once. Returns the new version.
 * @throws invalid_input, schedule_not_found, changed_elsewhere
 */
export async function updateSchedule(ctx: Ctx, input: ScheduleChange): Promise<{ version: string }> {
  const scope = userScope(ctx)
  const { id, version, name, timeZone, weekly, overrides, layers } = parseInput(scheduleChange, input)
  return transaction(ctx.db, async (tx) => {
    const row = await tx
      .selectFrom('schedules')
      .select('updated_at')
      .where('id', '=', id)
      .where('user_id', '=', scope.userId)
      .forUpdate()
      .executeTakeFirst()
    if (!row) throw scheduleError('schedule_not_found')
    if (row.updated_at.toString() !== version) throw scheduleError('changed_elsewhere')
    const saved = await tx
      .updateTable('schedules')
      .set({
        name,
        time_zone: timeZone,
        weekly: JSON.stringify(merged(weekly)),
        overrides: JSON.stringify(sortedOverrides(overrides)),
        ...(layers && { layers: JSON.stringify(layers.map((layer) => ({ ...layer, weekly: merged(layer.weekly) }))) }),
        updated_at: nextVersion(ctx),
      })
      .where('id', '=', id)
      .returning('updated_at')
      .executeTakeFirstOrThrow()
    await emit(tx, ctx, scheduleUpdated, { scheduleId: id })
    return { version: saved.updated_at.toString() }
  })
}

function merged(weekly: readonly WeeklyHours[]): WeeklyHours[] {
  return weeklyFromDays(hoursByDay(weekly))
}

/** @throws schedule_not_found, too_many_schedules */
export async function duplicateSchedule(ctx: Ctx, input: ScheduleKey): Promise<{ id: number }> {
  const scope = userScope(ctx)
  const { id } = parseInput(scheduleKey, input)
  return transaction(ctx.db, async (tx) => {
    const { schedules } = await lockOwn(tx, scope)
    const names = schedules.map((schedule) => schedule.name)
    const source = await tx
      .selectFrom('schedules')
      .select(['name', 'time_zone', 'weekly', 'overrides', 'layers'])
      .where('id', '=', id)
      .where('user_id', '=', scope.userId)
      .executeTakeFirst()
    if (!source) throw scheduleError('schedule_not_found')
    const copy = await insertSchedule(tx, ctx, scope, schedules.length, {
      name: freeName(source.name, names),
      time_zone: source.time_zone,
      weekly: JSON.stringify(source.weekly),
      overrides: JSON.stringify(source.overrides),
      layers: JSON.stringify(source.layers),
    })
    return { id: copy }
  })
}

/** Event types without a schedule of their own use it from now on. @throws schedule_not_found */
export async function setDefaultSchedule(ctx: Ctx, input: ScheduleKey): Promise<void> {
  const scope = userScope(ctx)
  const { id } = parseInput(scheduleKey, input)
  await transaction(ctx.db, async (tx) => {
    const { schedules, defaultId } = await lockOwn(tx, scope)
    if (!schedules.some((schedule) => schedule.id === id)) throw scheduleError('schedule_not_found')
    if (defaultId === id) return
    await setDefault(tx, scope, id)
    await emit(tx, ctx, scheduleMadeDefault, { scheduleId: id })
  })
}

export interface DeletedSchedule {
  name: string
  /** Takes it back. */
  key: string
  /** Use the default schedule from now on. */
  affected: ScheduleUse[]
  /** The default from now on. */
  defaultName: string
}

/**
 * Event types that used it fall back to the default one; if it was the default, the oldest other one becomes that.
 * @throws schedule_not_found, last_schedule, schedule_restricts
 */
export async function deleteSchedule(ctx: Ctx, input: ScheduleKey): Promise<DeletedSchedule> {
  const scope = userScope(ctx)
  const { id } = parseInput(scheduleKey, input)
  return transaction(ctx.db, async (tx) => {
    const { schedules, defaultId } = await lockOwn(tx, scope)
    const target = schedules.find((schedule) => schedule.id === id)
    if (!target) throw scheduleError('schedule_not_found')
    const decision = mayDelete(schedules.length)
    if (!decision.ok) throw scheduleError(decision.reason)

    await requireUnrestricting(tx, scope, id)
    const wasDefault = defaultId === id
    const heir = schedules.find((schedule) => schedule.id !== id && (wasDefault || schedule.id === defaultId))
    if (wasDefault && heir) await setDefault(tx, scope, heir.id)
    const affected = await eventTypesOf(tx, scope, id, wasDefault)
    const links: Links = { wasDefault, eventTypeIds: affected.filter((use) => use.chosen).map((use) => use.id) }
    const key = await moveToTrash(tx, scope, { source: 'schedules', id, links, now: ctx.clock.now() })
    if (key === null) throw scheduleError('schedule_not_found')
    await emit(tx, ctx, scheduleDeleted, { scheduleId: id })
    return {
      key,
      name: target.name,
      affected: affected.map((use) => ({ id: use.id, title: use.title })),
      defaultName: heir?.name ?? '',
    }
  })
}

/**
 * Takes a deletion back: same id, default again if it was, and chosen again by the event types that had chosen it, unless they
 * chose another one meanwhile.
 * @throws nothing_to_restore, too_many_schedules
 */
export async function restoreSchedule(ctx: Ctx, input: RestoreKey): Promise<{ id: number }> {
  const scope = userScope(ctx)
  const { key } = parseInput(restoreKey, input)
  return transaction(ctx.db, async (tx) => {
    const { schedules } = await lockOwn(tx, scope)
    if (schedules.length >= MOST_SCHEDULES) throw scheduleError('too_many_schedules', { max: MOST_SCHEDULES })
    const trashed = await takeFromTrash(tx, scope, { source: 'schedules', key })
    if (!trashed) throw scheduleError('nothing_to_restore')
    await putBack(tx, 'schedules', trashed.content)
    const id = Number(trashed.content.id)
    const { wasDefault, eventTypeIds } = trashed.links as Links
    if (wasDefault) await setDefault(tx, scope, id)
    if (eventTypeIds.length > 0) {
      await tx
        .updateTable('event_types')
        .set({ schedule_id: id, updated_at: nextVersion(ctx) })
        .where('user_id', '=', scope.userId)
        .where('id', 'in', eventTypeIds)
        .where('schedule_id', 'is', null)
        .execute()
    }
    await emit(tx, ctx, scheduleRestored, { scheduleId: id })
    return { id }
  })
}

interface Links {
  wasDefault: boolean
  /** Had chosen it by name. */
  eventTypeIds: number[]
}

/** Changes to the set of one's schedules happen one after the other, so that the last and the default one stay what they are. */
async function lockOwn(tx: Tx, { userId }: UserScope) {
  const user = await tx
    .selectFrom('users')
    .select('default_schedule_id')
    .where('id', '=', userId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const schedules = await tx
    .selectFrom('schedules')
    .select(['id', 'name'])
    .where('user_id', '=', userId)
    .orderBy('id')
    .execute()
  return { schedules, defaultId: user.default_schedule_id }
}

async function insertSchedule(
  tx: Tx,
  ctx: Ctx,
  { userId }: UserScope,
  count: number,
  content: { name: string; time_zone: string; weekly: string; overrides: string; layers?: string },
): Promise<number> {
  if (count >= MOST_SCHEDULES) throw scheduleError('too_many_schedules', { max: MOST_SCHEDULES })
  const now = ctx.clock.now()
  const { id } = await tx
    .insertInto('schedules')
    .values({ user_id: userId, ...content, created_at: now, updated_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  await emit(tx, ctx, scheduleCreated, { scheduleId: id })
  return id
}

async function setDefault(tx: Tx, { userId }: UserScope, id: number): Promise<void> {
  await tx.updateTable('users').set({ default_schedule_id: id }).where('id', '=', userId).execute()
}

/** Without it an event type would be offered at more times than its host meant, or at none. @throws schedule_restricts */
async function requireUnrestricting(tx: Tx, { userId }: UserScope, scheduleId: number): Promise<void> {
  const restricted = await tx
    .selectFrom('event_types')
    .select('title')
    .where('user_id', '=', userId)
    .where(sql<SqlBool>`(options -> 'restriction' ->> 'scheduleId')::int8 = ${scheduleId}::int8`)
    .orderBy('position')
    .execute()
  if (restricted.length === 0) return
  throw scheduleError('schedule_restricts', { titles: restricted.map(({ title }) => title).join(', ') })
}

/** Event types that chose the schedule and, where it is the default, those that chose none. */
async function eventTypesOf(tx: Tx, { userId }: UserScope, scheduleId: number, isDefault: boolean) {
  return tx
    .selectFrom('event_types')
    .select(['id', 'title', sql<boolean>`schedule_id is not null`.as('chosen')])
    .where('user_id', '=', userId)
    .where((eb) =>
      isDefault
        ? eb.or([eb('schedule_id', '=', scheduleId), eb('schedule_id', 'is', null)])
        : eb('schedule_id', '=', scheduleId),
    )
    .orderBy('position')
    .orderBy('id')
    .execute()
}

/**
 * Says that something besides schedules has changed what a host offers, so that slots are worked out anew. The row it writes is locked
 * until the transaction ends: such changes of one host happen one after the other.
 */
export async function touchAvailability(tx: Tx, ctx: Pick<Ctx, 'clock'>, { userId }: UserScope): Promise<void> {
  const now = ctx.clock.now()
  await sql`
    insert into host_availability (user_id, updated_at) values (${userId}::int8, ${now}::timestamptz)
    on conflict (user_id) do update
    set updated_at = greatest(excluded.updated_at, host_availability.updated_at + interval '1 microsecond')
  `.execute(tx)
}

/** Later than any version before, even when the clock stands still or went back. */
export function nextVersion({ clock }: Pick<Ctx, 'clock'>) {
  return sql<Temporal.Instant>`greatest(${clock.now()}::timestamptz, updated_at + interval '1 microsecond')`
}
