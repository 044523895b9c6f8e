import { z } from 'zod'
import { hashToken, randomToken, uuidv7 } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { accountError } from '../errors.ts'
import { authorizeOwnSecurity } from '../policy.ts'
import { keptUserAgent, SESSION_DAYS } from './rules.ts'

/**
 * Signs somebody in on this device, always under a token nobody has seen before, and forgets their sessions that ran out.
 * @returns the token; only its hash is stored.
 */
export async function startSession(ctx: Ctx, userId: number): Promise<string> {
  const token = randomToken()
  const now = ctx.clock.now()
  await transaction(ctx.db, async (tx) => {
    await tx.deleteFrom('sessions').where('user_id', '=', userId).where('expires_at', '<=', now).execute()
    await tx
      .insertInto('sessions')
      .values({
        id: uuidv7(),
        user_id: userId,
        token_hash: hashToken(token),
        created_at: now,
        last_used_at: now,
        expires_at: now.add({ hours: SESSION_DAYS * 24 }),
        user_agent: keptUserAgent(ctx.userAgent),
        address: ctx.clientAddress,
      })
      .execute()
  })
  return token
}

/** Writes down that it was used just now, from where, and lets it live on from here. */
export async function touchSession(ctx: Ctx, id: string): Promise<void> {
  const now = ctx.clock.now()
  await ctx.db
    .updateTable('sessions')
    .set({
      last_used_at: now,
      expires_at: now.add({ hours: SESSION_DAYS * 24 }),
      user_agent: keptUserAgent(ctx.userAgent),
      address: ctx.clientAddress,
    })
    .where('id', '=', id)
    .execute()
}

/** Signs this device out. Nothing happens when it was not signed in. */
export async function endSession({ db }: Pick<Ctx, 'db'>, token: string): Promise<void> {
  await db.deleteFrom('sessions').where('token_hash', '=', hashToken(token)).execute()
}

/**
 * Signs another device of the same person out.
 * @throws session_not_found
 */
export async function revokeSession(ctx: Ctx, id: string): Promise<void> {
  const { userId } = authorizeOwnSecurity(ctx.actor)
  if (!z.uuid().safeParse(id).success) throw accountError('session_not_found')
  const { numDeletedRows } = await ctx.db
    .deleteFrom('sessions')
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  if (numDeletedRows === 0n) throw accountError('session_not_found')
}

/** Signs every device out but the one with the session `currentId`. Returns how many there were. */
export async function revokeOtherSessions(ctx: Ctx, currentId: string): Promise<number> {
  const { userId } = authorizeOwnSecurity(ctx.actor)
  return endOtherSessions(ctx.db, userId, currentId)
}

/** In the transaction of what made them doubtful, such as a new password. */
export async function endOtherSessions(db: Db | Tx, userId: number, currentId: string): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('sessions')
    .where('user_id', '=', userId)
    .where('id', '!=', currentId)
    .executeTakeFirst()
  return Number(numDeletedRows)
}
