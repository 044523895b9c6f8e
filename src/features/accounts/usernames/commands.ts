import type { Ctx } from '#platform/ctx.ts'
import type { Tx } from '#platform/db/transaction.ts'

/** So long nobody else gets a username that was given up, and its addresses lead to whoever had it. */
export const HELD_DAYS = 90
/** Of one account, the latest; nobody collects names. */
export const MOST_HELD = 5

/** Keeps the username of an account for it that is about to take `next`, in the caller's transaction. */
export async function holdFormerUsername(
  tx: Tx,
  { clock }: Pick<Ctx, 'clock'>,
  { userId, next }: { userId: number; next: string },
): Promise<void> {
  const { username } = await tx
    .selectFrom('users')
    .where('id', '=', userId)
    .select('username')
    .forUpdate()
    .executeTakeFirstOrThrow()
  if (username === next) return
  const until = clock.now().add({ hours: 24 * HELD_DAYS })
  await tx.deleteFrom('held_usernames').where('user_id', '=', userId).where('username', '=', next).execute()
  await tx.insertInto('held_usernames').values({ username, until, user_id: userId }).execute()
  const latest = tx.selectFrom('held_usernames').where('user_id', '=', userId).select('username')
  await tx
    .deleteFrom('held_usernames')
    .where('user_id', '=', userId)
    .where('username', 'not in', latest.orderBy('until', 'desc').orderBy('username').limit(MOST_HELD))
    .execute()
}
