import { type Ctx, inPerson } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { requireOwnPassword, takenError } from '../commands.ts'
import { accountError, fieldError } from '../errors.ts'
import { endLinks, issueLink, mailLink, requireUnreserved, spendLink } from '../links/commands.ts'
import { tokenOf } from '../links/queries.ts'
import { emitFromHere } from '../origins/commands.ts'
import { authorizeOwnSecurity } from '../policy.ts'
import { LIMITS } from '../rules.ts'
import { endOtherSessions } from '../sessions/commands.ts'
import { removeEmailsSince } from '../verified-emails/commands.ts'
import { addressChangeAsked, addressChanged, addressProven, addressReturned } from './events.ts'
import { addressChange } from './schema.ts'

/**
 * Mails a link to the address that somebody wants to have. Whether another account has it is not said here: to such an address no mail
 * is sent.
 * @throws invalid_input, current_password_wrong, email_unchanged, mail_unavailable, rate_limited, needs_session
 */
export async function askForAddressChange(ctx: Ctx, input: unknown): Promise<void> {
  authorizeOwnSecurity(ctx.actor)
  const { email, password } = parseInput(addressChange, input)
  const { userId, email: present } = await requireOwnPassword(ctx, password, 'password')
  if (email === present) throw fieldError('email_unchanged', 'email')
  await requireMail(ctx, userId, email)
  await transaction(ctx.db, async (tx) => {
    await tx.deleteFrom('account_links').where('user_id', '=', userId).where('kind', '=', 'address_change').execute()
    await mailLink(tx, ctx, { kind: 'address_change', userId, email })
    await emit(tx, ctx, addressChangeAsked, { userId })
  })
  await ctx.rateLimiter.reset(LIMITS.passwordChange, String(userId))
}

/** Mails a link by which the present address is proven; nothing when it is. @throws mail_unavailable, rate_limited, needs_session */
export async function askForAddressProof(ctx: Ctx): Promise<void> {
  const { userId } = authorizeOwnSecurity(ctx.actor)
  const { email, email_proven_at } = await ctx.db
    .selectFrom('users')
    .where('id', '=', userId)
    .select(['email', 'email_proven_at'])
    .executeTakeFirstOrThrow()
  if (email_proven_at !== null) return
  await requireMail(ctx, userId, email)
  await transaction(ctx.db, (tx) => mailProof(tx, ctx, userId, email))
}

/** In the transaction that makes an account, or of who asks for another link. */
export async function mailProof(tx: Tx, ctx: Ctx, userId: number, email: string): Promise<void> {
  await tx.deleteFrom('account_links').where('user_id', '=', userId).where('kind', '=', 'address_proof').execute()
  await mailLink(tx, ctx, { kind: 'address_proof', userId, email })
}

async function requireMail({ mail, rateLimiter }: Ctx, userId: number, email: string): Promise<void> {
  if (!mail.configured) throw accountError('mail_unavailable')
  await rateLimiter.consume(LIMITS.addressByUser, String(userId))
  await rateLimiter.consume(LIMITS.addressByMail, email)
}

/**
 * Makes the address of a mailed link that of the account, or proves the one it has. Only who is signed in to the account can: a mail to
 * an address with a slip in it lets no stranger in. A changed address signs other devices out, ends other links, and is told to the
 * former address with a way back.
 * @returns what it did
 * @throws account_link_invalid, email_taken, rate_limited, needs_session
 */
export async function confirmAddress(
  ctx: Ctx,
  token: string,
  currentSessionId: string,
): Promise<'address_change' | 'address_proof'> {
  const { userId } = authorizeOwnSecurity(ctx.actor)
  await ctx.rateLimiter.consume(LIMITS.linkByClient, ctx.clientAddress)
  try {
    return await transaction(ctx.db, async (tx) => {
      const link = await spendLink(tx, ctx, ['address_change', 'address_proof'], token)
      const { email: present } = await lockAccount(tx, userId)
      if (link.userId !== userId) throw accountError('account_link_invalid')
      if (link.kind === 'address_proof') {
        if (link.email !== present) throw accountError('account_link_invalid')
        await writeAddress(tx, ctx, userId, present)
        await emit(tx, ctx, addressProven, { userId })
        return 'address_proof'
      }
      await writeAddress(tx, ctx, userId, link.email)
      await requireUnreserved(tx, ctx, link.email, userId)
      await endOtherSessions(tx, userId, currentSessionId)
      await endLinks(tx, userId)
      const eventId = await emitFromHere(tx, ctx, addressChanged, { userId })
      await mailLink(tx, ctx, { kind: 'address_return', userId, email: present }, eventId)
      return 'address_change'
    })
  } catch (error) {
    throw takenError(error) ?? error
  }
}

/**
 * "This was not me": gives the account back to its former address. Whoever changed it knew the password, so that is void, with every
 * session, key and link made since, and a new one is to be chosen at once.
 * @returns the token by which it is chosen
 * @throws account_link_invalid, email_taken, rate_limited
 */
export async function returnAddress(ctx: Ctx, token: string): Promise<string> {
  await ctx.rateLimiter.consume(LIMITS.linkByClient, ctx.clientAddress)
  try {
    return await transaction(ctx.db, async (tx) => {
      const { userId, email, createdAt } = await spendLink(tx, ctx, ['address_return'], token)
      await lockAccount(tx, userId)
      await writeAddress(tx, ctx, userId, email)
      await tx.updateTable('users').set({ password_hash: null }).where('id', '=', userId).execute()
      await tx.deleteFrom('sessions').where('user_id', '=', userId).execute()
      await tx.deleteFrom('api_keys').where('user_id', '=', userId).execute()
      await endLinks(tx, userId)
      // Ways back to addresses that came later were made by whoever took the account; one to an earlier address stays.
      await tx.deleteFrom('account_links').where('user_id', '=', userId).where('created_at', '>=', createdAt).execute()
      // Nor are further addresses theirs any more, where mails about bookings could go.
      await removeEmailsSince(tx, inPerson(ctx, userId), userId, createdAt)
      await emit(tx, inPerson(ctx, userId), addressReturned, { userId })
      return tokenOf(ctx, await issueLink(tx, ctx, { kind: 'password_reset', userId, email }))
    })
  } catch (error) {
    throw takenError(error) ?? error
  }
}

function lockAccount(tx: Tx, userId: number): Promise<{ email: string }> {
  return tx.selectFrom('users').where('id', '=', userId).select('email').forUpdate().executeTakeFirstOrThrow()
}

/** Whoever opened a link that went to an address reads its mails. */
async function writeAddress(tx: Tx, { clock }: Ctx, userId: number, email: string): Promise<void> {
  const now = clock.now()
  await tx.updateTable('users').set({ email, email_proven_at: now, updated_at: now }).where('id', '=', userId).execute()
}
