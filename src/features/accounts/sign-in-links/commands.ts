import { type Ctx, inPerson } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { accountError } from '../errors.ts'
import { issueLink, mailLink, spendLink } from '../links/commands.ts'
import { tokenOf } from '../links/queries.ts'
import { LIMITS } from '../rules.ts'
import { startSession } from '../sessions/commands.ts'
import { signInLinkUsed } from './events.ts'
import { signInWish } from './schema.ts'

/**
 * Mails a link that signs in. The answer, the work and the time it takes are the same whether or not anybody has the address: that is
 * found out when the mail is written, and then there is none.
 * @throws invalid_input, sign_in_links_off, mail_unavailable, rate_limited
 */
export async function askForSignInLink(ctx: Ctx, input: unknown): Promise<void> {
  requireOffered(ctx)
  const { email } = parseInput(signInWish, input)
  if (!ctx.mail.configured) throw accountError('mail_unavailable')
  await ctx.rateLimiter.consume(LIMITS.signInLinkByClient, ctx.clientAddress)
  await ctx.rateLimiter.consume(LIMITS.signInLinkByMail, email)
  await transaction(ctx.db, (tx) => mailLink(tx, ctx, { kind: 'sign_in_link', userId: null, email }))
}

/** Where it goes on, and the token that is taken there. */
export type LinkedSignIn = { next: 'in' | 'second_step' | 'new_password'; token: string }

/**
 * The first step of signing in, by a mailed link. It stands for the password alone: a second step is asked for as ever. Where the address
 * was never proven, anybody could have made the account in the name of whoever reads that mailbox, so they choose a password first, which
 * ends every session and key from then.
 * @throws account_link_invalid, sign_in_links_off, rate_limited
 */
export async function signInByLink(ctx: Ctx, token: string): Promise<LinkedSignIn> {
  requireOffered(ctx)
  await ctx.rateLimiter.consume(LIMITS.linkByClient, ctx.clientAddress)
  const { next, userId, linkId } = await transaction(ctx.db, (tx) => spend(tx, ctx, token))
  return next === 'in' ? { next, token: await startSession(ctx, userId) } : { next, token: tokenOf(ctx, linkId) }
}

async function spend(tx: Tx, ctx: Ctx, token: string) {
  const { userId, email } = await spendLink(tx, ctx, ['sign_in_link'], token)
  const account = await tx
    .selectFrom('users')
    .leftJoin('second_factors as f', 'f.user_id', 'users.id')
    .where('users.id', '=', userId)
    .select(['users.email', 'users.email_proven_at', 'f.user_id as factor'])
    .executeTakeFirstOrThrow()
  if (account.email.toLowerCase() !== email) throw accountError('account_link_invalid')
  await emit(tx, inPerson(ctx, userId), signInLinkUsed, { userId })
  const onward = async (kind: 'password_reset' | 'second_step') => issueLink(tx, ctx, { kind, userId, email })
  if (account.email_proven_at === null)
    return { next: 'new_password' as const, userId, linkId: await onward('password_reset') }
  if (account.factor !== null) return { next: 'second_step' as const, userId, linkId: await onward('second_step') }
  return { next: 'in' as const, userId, linkId: '' }
}

function requireOffered({ config }: Ctx): void {
  if (!config.signInLinks) throw accountError('sign_in_links_off')
}
