import type { Temporal } from 'temporal-polyfill'
import { uuidv7 } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { planDeliveries } from '#platform/deliveries.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { CODE_MINUTES, codeOf, isSameCode, MOST_TRIES } from '#platform/mail/codes.ts'
import { userScope } from '#platform/scope.ts'
import { accountError, fieldError } from '../errors.ts'
import { emitFromHere } from '../origins/commands.ts'
import { authorizeOwnSecurity } from '../policy.ts'
import { emailRemoved, emailVerified } from './events.ts'
import { isAddressOf, PROOF_SUBJECT } from './queries.ts'
import { emailProof, emailToProve, verifiedEmailKey } from './schema.ts'
import type { VerifiedEmail } from './types.ts'

const SENT_TO_ADDRESS = { name: 'email-proof-sent', attempts: 5, seconds: 900 }
const SENT_BY_ACCOUNT = { name: 'email-proof-asked', attempts: 10, seconds: 900 }
const SENT_BY_CLIENT = { name: 'email-proof-asked-from', attempts: 20, seconds: 900 }
const TRIED_BY_ACCOUNT = { name: 'email-proof-tried', attempts: 15, seconds: 900 }
const TRIED_BY_CLIENT = { name: 'email-proof-tried-from', attempts: 40, seconds: 900 }
export const MOST_VERIFIED_EMAILS = 100

/**
 * Mails a code to an address that is to be proven; a code before it holds no longer. Whoever asks learns nothing about the address: one
 * that is proven already gets no mail, and the same reply.
 * @throws invalid_input, mail_unavailable, rate_limited
 */
export async function requestEmailCode(ctx: Ctx, input: unknown): Promise<void> {
  const { userId } = userScope(ctx)
  const { email } = parseInput(emailToProve, input)
  if (!ctx.mail.configured) throw accountError('mail_unavailable')
  await ctx.rateLimiter.consume(SENT_TO_ADDRESS, email)
  await ctx.rateLimiter.consume(SENT_BY_ACCOUNT, String(userId))
  await ctx.rateLimiter.consume(SENT_BY_CLIENT, ctx.clientAddress)
  const now = ctx.clock.now()
  const fresh = { id: uuidv7(), attempts: 0, created_at: now, expires_at: now.add({ minutes: CODE_MINUTES }) }
  await transaction(ctx.db, async (tx) => {
    if (await isVerified(tx, userId, email)) return
    await tx
      .insertInto('email_proofs')
      .values({ ...fresh, user_id: userId, email })
      .onConflict((conflict) => conflict.columns(['user_id', 'email']).doUpdateSet(fresh))
      .execute()
    const subject = PROOF_SUBJECT + fresh.id
    await planDeliveries(tx, ctx, [
      { eventId: null, subject, kind: 'mail', topic: 'email_proof', target: 'address', version: 0 },
    ])
  })
}

/**
 * Proves an address with the code that was mailed to it. The try counts even when the code is wrong, so it is no part of any
 * transaction.
 * @throws invalid_input, mail_code_wrong, too_many_verified_emails, rate_limited
 */
export async function verifyEmail(ctx: Ctx, input: unknown): Promise<VerifiedEmail> {
  const { userId } = userScope(ctx)
  const { email, code } = parseInput(emailProof, input)
  await ctx.rateLimiter.consume(TRIED_BY_ACCOUNT, String(userId))
  await ctx.rateLimiter.consume(TRIED_BY_CLIENT, ctx.clientAddress)
  const tried = await ctx.apart
    .updateTable('email_proofs')
    .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
    .where('user_id', '=', userId)
    .where('email', '=', email)
    .where('expires_at', '>', ctx.clock.now())
    .where('attempts', '<', MOST_TRIES)
    .returning('id')
    .executeTakeFirst()
  if (!tried || !isSameCode(codeOf(ctx, tried.id), code)) throw accountError('mail_code_wrong')
  return transaction(ctx.db, async (tx) => {
    await requireRoom(tx, userId)
    const { numDeletedRows } = await tx.deleteFrom('email_proofs').where('id', '=', tried.id).executeTakeFirst()
    // Somebody was faster with the same code, which is used up.
    if (numDeletedRows === 0n) throw accountError('mail_code_wrong')
    const { id } = await tx
      .insertInto('verified_emails')
      .values({ user_id: userId, email, verified_at: ctx.clock.now() })
      // A code that was asked for while another one was used.
      .onConflict((conflict) => conflict.columns(['user_id', 'email']).doUpdateSet({ email }))
      .returning('id')
      .executeTakeFirstOrThrow()
    await emitFromHere(tx, ctx, emailVerified, { userId, verifiedEmailId: id })
    return { id, email }
  })
}

/**
 * The same for who looks at their own addresses: they are told which they have already.
 * @throws invalid_input, mail_unavailable, too_many_verified_emails, rate_limited, needs_session
 */
export async function addEmail(ctx: Ctx, input: unknown): Promise<{ email: string }> {
  const { userId } = authorizeOwnSecurity(ctx.actor)
  const { email } = parseInput(emailToProve, input)
  if (await isAddressOf(ctx.db, [userId], email)) throw fieldError('email_known', 'email')
  await transaction(ctx.db, (tx) => requireRoom(tx, userId))
  await requestEmailCode(ctx, { email })
  return { email }
}

/**
 * Takes an address from the account; event types that used it have that of the account again. A code that is under way to it is void.
 * @throws verified_email_not_found, needs_session
 */
export async function removeVerifiedEmail(ctx: Ctx, input: unknown): Promise<{ email: string }> {
  const { userId } = authorizeOwnSecurity(ctx.actor)
  const { id } = parseInput(verifiedEmailKey, input)
  return transaction(ctx.db, async (tx) => {
    const row = await tx
      .deleteFrom('verified_emails')
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .returning('email')
      .executeTakeFirst()
    if (!row) throw accountError('verified_email_not_found')
    await tx.deleteFrom('email_proofs').where('user_id', '=', userId).where('email', '=', row.email).execute()
    await emit(tx, ctx, emailRemoved, { userId, verifiedEmailId: id })
    return row
  })
}

/** Addresses that were proven since a moment, and those about to be: with the events, as a part of something larger. */
export async function removeEmailsSince(tx: Tx, ctx: Ctx, userId: number, since: Temporal.Instant): Promise<void> {
  await tx.deleteFrom('email_proofs').where('user_id', '=', userId).execute()
  const rows = await tx
    .deleteFrom('verified_emails')
    .where('user_id', '=', userId)
    .where('verified_at', '>=', since)
    .returning('id')
    .execute()
  for (const { id } of rows) await emit(tx, ctx, emailRemoved, { userId, verifiedEmailId: id })
}

async function isVerified(tx: Tx, userId: number, email: string): Promise<boolean> {
  const row = await tx
    .selectFrom('verified_emails')
    .where('user_id', '=', userId)
    .where('email', '=', email)
    .select('id')
    .executeTakeFirst()
  return row !== undefined
}

/** One after the other for each account, so that none gets past the bound. @throws too_many_verified_emails */
async function requireRoom(tx: Tx, userId: number): Promise<void> {
  await tx.selectFrom('users').where('id', '=', userId).select('id').forUpdate().execute()
  const { count } = await tx
    .selectFrom('verified_emails')
    .where('user_id', '=', userId)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  if (Number(count) >= MOST_VERIFIED_EMAILS) {
    throw accountError('too_many_verified_emails', { max: MOST_VERIFIED_EMAILS })
  }
}
