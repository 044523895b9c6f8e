import { isAddressOf } from '#features/accounts/verified-emails/queries.ts'
import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { type UserScope, userScope } from '#platform/scope.ts'
import { moveToTrash, putBack, takeFromTrash } from '#platform/trash.ts'
import { bookingError } from '../errors.ts'
import { blockChanged } from '../events.ts'
import { type Blocked, blockKeySchema, newBlockSchema, restoreBlockSchema } from './schema.ts'

/** Shuts an address or a domain out of one's pages; what is booked stays. @throws invalid_input, cannot_block_yourself */
export async function addBlock(ctx: Ctx, input: unknown): Promise<Blocked & { id: number }> {
  const scope = userScope(ctx)
  const { value: blocked } = parseInput(newBlockSchema, input)
  return transaction(ctx.db, async (tx) => ({ ...blocked, id: await blockWithin(tx, ctx, scope, blocked) }))
}

/** The same as a part of something larger. Who is shut out already stays so. @throws cannot_block_yourself */
export async function blockWithin(tx: Tx, ctx: Ctx, { userId }: UserScope, blocked: Blocked): Promise<number> {
  if (blocked.kind === 'email' && (await isAddressOf(tx, [userId], blocked.value)))
    throw bookingError('cannot_block_yourself')
  const made = await tx
    .insertInto('booker_blocks')
    .values({ ...blocked, user_id: userId, created_at: ctx.clock.now() })
    .onConflict((conflict) => conflict.columns(['user_id', 'kind', 'value']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (made) {
    await emit(tx, ctx, blockChanged, { blockId: made.id, change: 'added' as const })
    return made.id
  }
  const { id } = await tx
    .selectFrom('booker_blocks')
    .where('user_id', '=', userId)
    .where('kind', '=', blocked.kind)
    .where('value', '=', blocked.value)
    .select('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Lets them in again. @returns the key that takes it back. @throws block_not_found */
export async function removeBlock(ctx: Ctx, input: unknown): Promise<{ key: string }> {
  const scope = userScope(ctx)
  const { id } = parseInput(blockKeySchema, input)
  return transaction(ctx.db, async (tx) => {
    const key = await moveToTrash(tx, scope, { source: 'booker_blocks', id, now: ctx.clock.now() })
    if (key === null) throw bookingError('block_not_found')
    await emit(tx, ctx, blockChanged, { blockId: id, change: 'deleted' as const })
    return { key }
  })
}

/** @throws nothing_to_restore */
export async function restoreBlock(ctx: Ctx, input: unknown): Promise<void> {
  const scope = userScope(ctx)
  const { key } = parseInput(restoreBlockSchema, input)
  await transaction(ctx.db, async (tx) => {
    const trashed = await takeFromTrash(tx, scope, { source: 'booker_blocks', key })
    if (!trashed) throw bookingError('nothing_to_restore')
    const { id, kind, value } = trashed.content
    const present = await tx
      .selectFrom('booker_blocks')
      .where('user_id', '=', scope.userId)
      .where('kind', '=', kind as Blocked['kind'])
      .where('value', '=', String(value))
      .select('id')
      .executeTakeFirst()
    // Shut out anew meanwhile: that is what was wished.
    if (present) return
    await putBack(tx, 'booker_blocks', trashed.content)
    await emit(tx, ctx, blockChanged, { blockId: Number(id), change: 'restored' as const })
  })
}
