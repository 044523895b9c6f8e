import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { type UserScope, userScope } from '#platform/scope.ts'
import { moveToTrash, putBack, takeFromTrash } from '#platform/trash.ts'
import { askedList, listQuery } from '../arrangement/schema.ts'
import { bookingError } from '../errors.ts'
import { viewChanged } from '../events.ts'
import { BOOKING_TABS, type BookingTab } from '../types.ts'
import { defaultView } from './queries.ts'
import {
  changedViewSchema,
  newViewSchema,
  preferredViewSchema,
  restoreKeySchema,
  viewKeySchema,
  viewNameSchema,
} from './schema.ts'

/** They are all shown above the list. */
const MOST_VIEWS = 30

/** Keeps a list under a name. @throws invalid_input, too_many_views */
export async function saveView(ctx: Ctx, input: unknown): Promise<{ id: number }> {
  const scope = userScope(ctx)
  const { name, ...view } = parseInput(newViewSchema, input)
  return transaction(ctx.db, async (tx) => {
    await requireRoom(tx, scope)
    const { id } = await tx
      .insertInto('booking_views')
      .values({
        user_id: scope.userId,
        name,
        ...spelled(view),
        created_at: ctx.clock.now(),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await emit(tx, ctx, viewChanged, { viewId: id, change: 'saved' as const })
    return { id }
  })
}

/** @throws invalid_input, view_not_found */
export async function renameView(ctx: Ctx, input: unknown): Promise<void> {
  const { userId } = userScope(ctx)
  const { id, name } = parseInput(viewNameSchema, input)
  await transaction(ctx.db, async (tx) => {
    const row = await tx
      .updateTable('booking_views')
      .set({ name })
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .returning('id')
      .executeTakeFirst()
    if (!row) throw bookingError('view_not_found')
    await emit(tx, ctx, viewChanged, { viewId: id, change: 'renamed' as const })
  })
}

/** Keeps another list under its name. @throws invalid_input, view_not_found */
export async function updateView(ctx: Ctx, input: unknown): Promise<void> {
  const { userId } = userScope(ctx)
  const { id, ...view } = parseInput(changedViewSchema, input)
  await transaction(ctx.db, async (tx) => {
    const row = await tx
      .updateTable('booking_views')
      .set(spelled(view))
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .returning('id')
      .executeTakeFirst()
    if (!row) throw bookingError('view_not_found')
    await emit(tx, ctx, viewChanged, { viewId: id, change: 'updated' as const })
  })
}

/** Lets bookings open with a view, instead of another if there was one, or as usual again. @throws invalid_input, view_not_found */
export async function preferView(ctx: Ctx, input: unknown): Promise<void> {
  const scope = userScope(ctx)
  const { id, preferred } = parseInput(preferredViewSchema, input)
  await transaction(ctx.db, async (tx) => {
    await lockViews(tx, scope)
    const own = tx.updateTable('booking_views').where('user_id', '=', scope.userId)
    if (preferred) await own.set({ is_default: false }).where('is_default', '=', true).where('id', '!=', id).execute()
    const row = await own.set({ is_default: preferred }).where('id', '=', id).returning('id').executeTakeFirst()
    if (!row) throw bookingError('view_not_found')
    await emit(tx, ctx, viewChanged, { viewId: id, change: 'preferred' as const })
  })
}

/** @returns the key that takes it back. @throws view_not_found */
export async function deleteView(ctx: Ctx, input: unknown): Promise<{ key: string }> {
  const scope = userScope(ctx)
  const { id } = parseInput(viewKeySchema, input)
  return transaction(ctx.db, async (tx) => {
    const key = await moveToTrash(tx, scope, { source: 'booking_views', id, now: ctx.clock.now() })
    if (key === null) throw bookingError('view_not_found')
    await emit(tx, ctx, viewChanged, { viewId: id, change: 'deleted' as const })
    return { key }
  })
}

/** @throws nothing_to_restore, too_many_views */
export async function restoreView(ctx: Ctx, input: unknown): Promise<void> {
  const scope = userScope(ctx)
  const { key } = parseInput(restoreKeySchema, input)
  await transaction(ctx.db, async (tx) => {
    await requireRoom(tx, scope)
    const trashed = await takeFromTrash(tx, scope, { source: 'booking_views', key })
    if (!trashed) throw bookingError('nothing_to_restore')
    const { content } = trashed
    // Meanwhile bookings may open with another.
    const isDefault = content.is_default === true && (await defaultView(tx, scope)) === null
    await putBack(tx, 'booking_views', { ...content, is_default: isDefault })
    await emit(tx, ctx, viewChanged, { viewId: Number(trashed.content.id), change: 'restored' as const })
  })
}

/** As the address of the list has it, in one spelling. */
function spelled({ tab: name, query }: { tab: string; query: string }): { tab: BookingTab; query: string } {
  const tab = BOOKING_TABS.find((known) => known === name) ?? 'all'
  return { tab, query: listQuery(askedList(new URLSearchParams(query), tab)) }
}

/** One after the other: two at once must not both be the last, or the one that bookings open with. */
async function lockViews(tx: Tx, { userId }: UserScope): Promise<void> {
  await tx.selectFrom('users').select('id').where('id', '=', userId).forUpdate().executeTakeFirstOrThrow()
}

/** @throws too_many_views */
async function requireRoom(tx: Tx, scope: UserScope): Promise<void> {
  await lockViews(tx, scope)
  const { userId } = scope
  const { count } = await tx
    .selectFrom('booking_views')
    .where('user_id', '=', userId)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  if (count >= MOST_VIEWS) throw bookingError('too_many_views', { max: MOST_VIEWS })
}
