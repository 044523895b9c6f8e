import { sql } from 'kysely'
import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { type UserScope, userScope } from '#platform/scope.ts'
import { moveToTrash, putBack, takeFromTrash } from '#platform/trash.ts'
import { bookingError } from '../../errors.ts'
import { presetChanged } from '../../events.ts'
import { newPresetSchema, presetKeySchema, presetSchema, restorePresetSchema } from './schema.ts'

/** They are all shown beside the form. */
const MOST_PRESETS = 30

/** @throws invalid_input, too_many_presets */
export async function addPreset(ctx: Ctx, input: unknown): Promise<{ id: number }> {
  const scope = userScope(ctx)
  const preset = parseInput(newPresetSchema, input)
  return transaction(ctx.db, async (tx) => {
    await requireRoom(tx, scope)
    const { id } = await tx
      .insertInto('note_presets')
      .values({ ...preset, user_id: scope.userId, created_at: ctx.clock.now() })
      .returning('id')
      .executeTakeFirstOrThrow()
    await emit(tx, ctx, presetChanged, { presetId: id, change: 'added' as const })
    return { id }
  })
}

/** @throws invalid_input, preset_not_found */
export async function changePreset(ctx: Ctx, input: unknown): Promise<void> {
  const { userId } = userScope(ctx)
  const { id, ...preset } = parseInput(presetSchema, input)
  await transaction(ctx.db, async (tx) => {
    const row = await tx
      .updateTable('note_presets')
      .set(preset)
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .returning('id')
      .executeTakeFirst()
    if (!row) throw bookingError('preset_not_found')
    await emit(tx, ctx, presetChanged, { presetId: id, change: 'changed' as const })
  })
}

/** @returns the key that takes it back. @throws invalid_input, preset_not_found */
export async function deletePreset(ctx: Ctx, input: unknown): Promise<{ key: string }> {
  const scope = userScope(ctx)
  const { id } = parseInput(presetKeySchema, input)
  return transaction(ctx.db, async (tx) => {
    const key = await moveToTrash(tx, scope, { source: 'note_presets', id, now: ctx.clock.now() })
    if (key === null) throw bookingError('preset_not_found')
    await emit(tx, ctx, presetChanged, { presetId: id, change: 'deleted' as const })
    return { key }
  })
}

/** @throws invalid_input, nothing_to_restore, too_many_presets */
export async function restorePreset(ctx: Ctx, input: unknown): Promise<void> {
  const scope = userScope(ctx)
  const { key } = parseInput(restorePresetSchema, input)
  await transaction(ctx.db, async (tx) => {
    const trashed = await takeFromTrash(tx, scope, { source: 'note_presets', key })
    if (!trashed) throw bookingError('nothing_to_restore')
    await requireRoom(tx, scope)
    await putBack(tx, 'note_presets', trashed.content)
    await emit(tx, ctx, presetChanged, { presetId: Number(trashed.content.id), change: 'restored' as const })
  })
}

/** Those who add at once wait for each other, or both would be the last that fits. */
async function requireRoom(tx: Tx, { userId }: UserScope): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('note-presets:' || ${userId}::int8, 0))`.execute(tx)
  const { count } = await tx
    .selectFrom('note_presets')
    .where('user_id', '=', userId)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  if (Number(count) >= MOST_PRESETS) throw bookingError('too_many_presets')
}
