import { isAddressOf } from '#features/accounts/verified-emails/queries.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { type UserScope, userScope } from '#platform/scope.ts'
import { moveToTrash, putBack, takeFromTrash } from '#platform/trash.ts'
import { bookingError } from '../errors.ts'
import { blockChanged } from '../events.ts'
import type { BlockFound } from './queries.ts'
import {
  type BlockAnswer,
  type Blocked,
  blockAnswerSchema,
  blockKeySchema,
  newBlockSchema,
  restoreBlockSchema,
} from './schema.ts'

/** Shuts an address or a domain out of one's pages; what is booked stays. @throws invalid_input, cannot_block_yourself */
export async function addBlock(ctx: Ctx, input: unknown): Promise<Blocked & { id: number }> {
  const scope = userScope(ctx)
  const { value: blocked, answer } = parseInput(newBlockSchema, input)
  return transaction(ctx.db, async (tx) => {
    const id = await blockWithin(tx, ctx, scope, blocked, answer)
    // Who is shut out already is answered as was just wished.
    if (answer !== undefined) await answerWithin(tx, ctx, scope, { id, answer })
    return { ...blocked, id }
  })
}

/** Whether they are refused or made to believe that they have booked. @throws block_not_found */
export async function changeBlockAnswer(ctx: Ctx, input: unknown): Promise<void> {
  const scope = userScope(ctx)
  const wished = parseInput(blockAnswerSchema, input)
  await transaction(ctx.db, (tx) => answerWithin(tx, ctx, scope, wished))
}

async function answerWithin(
  tx: Tx,
  ctx: Ctx,
  { userId }: UserScope,
  { id, answer }: { id: number; answer: BlockAnswer },
): Promise<void> {
  const block = await tx
    .selectFrom('booker_blocks')
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .select('answer')
    .forUpdate()
    .executeTakeFirst()
  if (!block) throw bookingError('block_not_found')
  if (block.answer === answer) return
  await tx.updateTable('booker_blocks').set({ answer }).where('id', '=', id).execute()
  await emit(tx, ctx, blockChanged, { blockId: id, change: 'answer_changed' as const })
}

/**
 * Refuses with a sentence that is the same for everybody and names no reason: a person who was shut out by mistake, or with a whole
 * domain, would otherwise wait for a meeting that nobody knows of. Who is to believe that they have booked is for the host to say, and
 * for pages only. The attempt counts although the booking comes to nothing, so it is no part of its transaction.
 * @returns the block of whom is not refused but pretended to
 * @throws booking_refused
 */
export async function requireUnblocked(
  ctx: Ctx,
  block: BlockFound | null,
  { pretend, rehearsed }: { pretend: boolean; rehearsed: boolean },
): Promise<number | null> {
  if (!block) return null
  if (pretend && block.answer === 'decoy') return block.id
  if (!rehearsed) await countAttempt(ctx.apart, ctx, block.id)
  throw bookingError('booking_refused')
}

/** Somebody who is blocked tried to book. */
export async function countAttempt(db: Db | Tx, { clock }: Pick<Ctx, 'clock'>, blockId: number): Promise<void> {
  await db
    .updateTable('booker_blocks')
    .set((eb) => ({ attempts: eb('attempts', '+', 1), last_attempt_at: clock.now() }))
    .where('id', '=', blockId)
    .execute()
}

/** The same as a part of something larger. Who is shut out already stays so. @throws cannot_block_yourself */
export async function blockWithin(
  tx: Tx,
  ctx: Ctx,
  { userId }: UserScope,
  blocked: Blocked,
  answer: BlockAnswer = 'refuse',
): Promise<number> {
  if (blocked.kind === 'email' && (await isAddressOf(tx, [userId], blocked.value)))
    throw bookingError('cannot_block_yourself')
  const made = await tx
    .insertInto('booker_blocks')
    .values({ ...blocked, answer, user_id: userId, created_at: ctx.clock.now() })
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
