import { uuidv7 } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { planDeliveries } from '#platform/deliveries.ts'
import { parseInput } from '#platform/input.ts'
import { CODE_MINUTES, codeOf, isSameCode, MOST_TRIES } from '#platform/mail/codes.ts'
import { userScope } from '#platform/scope.ts'
import { accountError } from '../errors.ts'
import { emitFromHere } from '../origins/commands.ts'
import { emailVerified } from './events.ts'
import { PROOF_SUBJECT } from './queries.ts'
import { emailProof, emailToProve } from './schema.ts'
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
