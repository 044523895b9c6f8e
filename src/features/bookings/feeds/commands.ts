import { encrypt, hashToken, randomToken } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { feedError } from './errors.ts'
import { calendarFeedChanged } from './events.ts'
import { feedScope } from './policy.ts'
import { sealingKey } from './queries.ts'
import { feedContent, feedKey } from './schema.ts'

/** One that is on stays as it is, address and all. @throws invalid_input */
export async function turnOnFeed(ctx: Ctx, input: unknown): Promise<void> {
  const { userId } = feedScope(ctx)
  const { kind } = parseInput(feedKey, input)
  await transaction(ctx.db, async (tx) => {
    const made = await tx
      .insertInto('calendar_feeds')
      .values({ user_id: userId, kind, ...freshToken(ctx), created_at: ctx.clock.now() })
      .onConflict((conflict) => conflict.columns(['user_id', 'kind']).doNothing())
      .returning('id')
      .executeTakeFirst()
    if (made) await emit(tx, ctx, calendarFeedChanged, { feedId: made.id, change: 'turned_on' as const })
  })
}

/** Gives it another address; the one before stops at once. @throws invalid_input, feed_not_found */
export async function replaceFeedAddress(ctx: Ctx, input: unknown): Promise<void> {
  const { userId } = feedScope(ctx)
  const { kind } = parseInput(feedKey, input)
  await transaction(ctx.db, async (tx) => {
    const row = await tx
      .updateTable('calendar_feeds')
      .set({ ...freshToken(ctx), created_at: ctx.clock.now() })
      .where('user_id', '=', userId)
      .where('kind', '=', kind)
      .returning('id')
      .executeTakeFirst()
    await tell(tx, ctx, row, 'address_replaced')
  })
}

/** Whether entries tell what bookings are about and who comes. @throws invalid_input, feed_not_found */
export async function changeFeedContent(ctx: Ctx, input: unknown): Promise<void> {
  const { userId } = feedScope(ctx)
  const { kind, details } = parseInput(feedContent, input)
  await transaction(ctx.db, async (tx) => {
    const row = await tx
      .updateTable('calendar_feeds')
      .set({ details })
      .where('user_id', '=', userId)
      .where('kind', '=', kind)
      .returning('id')
      .executeTakeFirst()
    await tell(tx, ctx, row, 'content_changed')
  })
}

/** Its address stops at once, and for ever. @throws invalid_input, feed_not_found */
export async function turnOffFeed(ctx: Ctx, input: unknown): Promise<void> {
  const { userId } = feedScope(ctx)
  const { kind } = parseInput(feedKey, input)
  await transaction(ctx.db, async (tx) => {
    const row = await tx
      .deleteFrom('calendar_feeds')
      .where('user_id', '=', userId)
      .where('kind', '=', kind)
      .returning('id')
      .executeTakeFirst()
    await tell(tx, ctx, row, 'turned_off')
  })
}

type Change = Parameters<(typeof calendarFeedChanged)['subject']>[0]['change']

async function tell(tx: Tx, ctx: Ctx, row: { id: number } | undefined, change: Change): Promise<void> {
  if (!row) throw feedError('feed_not_found')
  await emit(tx, ctx, calendarFeedChanged, { feedId: row.id, change })
}

function freshToken({ config }: Pick<Ctx, 'config'>): { token_hash: Buffer; sealed_token: string } {
  const token = randomToken()
  return { token_hash: hashToken(token), sealed_token: encrypt(sealingKey(config), token) }
}
