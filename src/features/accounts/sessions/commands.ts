import { sql } from 'kysely'
import { z } from 'zod'
import { hashToken, randomToken, uuidv7 } from '#platform/crypto.ts'
import { type Ctx, inPerson } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { accountError } from '../errors.ts'
import { keepOrigin } from '../origins/commands.ts'
import { authorizeOwnSecurity } from '../policy.ts'
import { sessionTimeOutChanged } from '../settings/events.ts'
import { otherSessionsRevoked, sessionEnded, sessionRefused, sessionRevoked, sessionStarted } from './events.ts'
import { keptUserAgent, sessionMinutes } from './rules.ts'
import { sessionTimeOut } from './schema.ts'
import type { ActiveSession } from './types.ts'

/**
 * Signs somebody in on this device, always under a token nobody has seen before, and forgets their sessions that ran out.
 * @returns the token; only its hash is stored.
 */
export async function startSession(ctx: Ctx, userId: number): Promise<string> {
  const token = randomToken()
  const sessionId = uuidv7()
  const now = ctx.clock.now()
  await transaction(ctx.db, async (tx) => {
    await tx.deleteFrom('sessions').where('user_id', '=', userId).where('expires_at', '<=', now).execute()
    await tx
      .insertInto('sessions')
      .values({
        id: sessionId,
        user_id: userId,
        token_hash: hashToken(token),
        created_at: now,
        last_used_at: now,
        expires_at: sql`${now}::timestamptz + coalesce(
          (select session_minutes from users where id = ${userId}), ${sessionMinutes(null)}::int) * interval '1 minute'`,
        user_agent: keptUserAgent(ctx.userAgent),
        address: ctx.clientAddress,
      })
      .execute()
    await keepOrigin(tx, ctx, sessionId)
    await emit(tx, inPerson(ctx, userId), sessionStarted, { sessionId, userId })
  })
  return token
}

/** Writes down that somebody could not sign in. @param userId null where nobody has the mail address */
export async function noteRefusal(ctx: Ctx, userId: number | null): Promise<void> {
  const attemptId = uuidv7()
  await transaction(ctx.db, async (tx) => {
    await keepOrigin(tx, ctx, attemptId)
    await emit(tx, ctx, sessionRefused, { attemptId, userId })
  })
}

/** Writes down that it was used just now, from where, and lets it live on from here. */
export async function touchSession(ctx: Ctx, { id, account }: Pick<ActiveSession, 'id' | 'account'>): Promise<void> {
  const now = ctx.clock.now()
  await ctx.db
    .updateTable('sessions')
    .set({
      last_used_at: now,
      expires_at: now.add({ minutes: sessionMinutes(account.sessionMinutes) }),
      user_agent: keptUserAgent(ctx.userAgent),
      address: ctx.clientAddress,
    })
    .where('id', '=', id)
    .execute()
}

/** Signs this device out. Nothing happens when it was not signed in. */
export async function endSession(ctx: Ctx, token: string): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    const ended = await tx
      .deleteFrom('sessions')
      .where('token_hash', '=', hashToken(token))
      .returning(['id', 'user_id'])
      .executeTakeFirst()
    if (!ended) return
    const { id: sessionId, user_id: userId } = ended
    await emit(tx, inPerson(ctx, userId), sessionEnded, { sessionId, userId })
  })
}

/**
 * Signs another device of the same person out.
 * @throws session_not_found
 */
export async function revokeSession(ctx: Ctx, id: string): Promise<void> {
  const { userId } = authorizeOwnSecurity(ctx.actor)
  if (!z.uuid().safeParse(id).success) throw accountError('session_not_found')
  await transaction(ctx.db, async (tx) => {
    const { numDeletedRows } = await tx
      .deleteFrom('sessions')
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .executeTakeFirst()
    if (numDeletedRows === 0n) throw accountError('session_not_found')
    await emit(tx, ctx, sessionRevoked, { sessionId: id, userId })
  })
}

/** Signs every device out but the one with the session `currentId`. Returns how many there were. */
export async function revokeOtherSessions(ctx: Ctx, currentId: string): Promise<number> {
  const { userId } = authorizeOwnSecurity(ctx.actor)
  return transaction(ctx.db, async (tx) => {
    const count = await endOtherSessions(tx, userId, currentId)
    if (count > 0) await emit(tx, ctx, otherSessionsRevoked, { userId, count })
    return count
  })
}

/** In the transaction of what made them doubtful, such as a new password. */
export async function endOtherSessions(tx: Tx, userId: number, currentId: string): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('sessions')
    .where('user_id', '=', userId)
    .where('id', '!=', currentId)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/**
 * After how long without use sessions end, from now on and for those that are open: one that has rested longer ends at once, except the
 * one this is asked for in.
 * @throws invalid_input, sign_in_required, needs_session
 */
export async function updateSessionTimeOut(ctx: Ctx, input: unknown, currentId: string): Promise<void> {
  const { userId } = authorizeOwnSecurity(ctx.actor)
  const { minutes } = parseInput(sessionTimeOut, input)
  const now = ctx.clock.now()
  await transaction(ctx.db, async (tx) => {
    await tx.updateTable('users').set({ session_minutes: minutes, updated_at: now }).where('id', '=', userId).execute()
    const span = sql`make_interval(mins => ${sessionMinutes(minutes)}::int)`
    await tx
      .updateTable('sessions')
      .set({
        expires_at: sql`case when id = ${currentId}::uuid then ${now}::timestamptz else last_used_at end + ${span}`,
      })
      .where('user_id', '=', userId)
      .where('expires_at', '>', now)
      .execute()
    await emit(tx, ctx, sessionTimeOutChanged, { userId })
  })
}
