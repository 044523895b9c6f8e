import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import { hashToken, uuidv7 } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Tx } from '#platform/db/transaction.ts'
import { planDeliveries } from '#platform/deliveries.ts'
import { accountError, fieldError } from '../errors.ts'
import { LINK_SUBJECT, tokenOf } from './queries.ts'
import { LINK_MINUTES } from './rules.ts'
import type { LinkKind } from './types.ts'

interface NewLink {
  kind: LinkKind
  /** Null: of whoever has the address, if anybody. */
  userId: number | null
  email: string
}

/**
 * Makes a link and the mail that brings it, in the caller's transaction.
 * @param eventId of what the mail tells of, if anything
 */
export async function mailLink(tx: Tx, ctx: Ctx, link: NewLink, eventId: string | null = null): Promise<void> {
  const id = await issueLink(tx, ctx, link)
  await planDeliveries(tx, ctx, [
    { eventId, subject: LINK_SUBJECT + id, kind: 'mail', topic: 'account_link', target: 'account', version: 0 },
  ])
}

/** Makes a link that is handed over at once. @returns the id that its token follows from */
export async function issueLink(tx: Tx, ctx: Ctx, { kind, userId, email }: NewLink): Promise<string> {
  const id = uuidv7()
  const now = ctx.clock.now()
  await tx
    .insertInto('account_links')
    .values({
      ...{ id, kind, email, locale: ctx.locale, token_hash: hashToken(tokenOf(ctx, id)) },
      user_id: userId ?? sql<number | null>`(select id from users where lower(email) = ${email})`,
      ...{ created_at: now, expires_at: now.add({ minutes: LINK_MINUTES[kind] }) },
    })
    .execute()
  return id
}

/**
 * Uses a link up: of several at once, one gets it.
 * @throws account_link_invalid
 */
export async function spendLink<K extends LinkKind>(
  tx: Tx,
  { clock }: Pick<Ctx, 'clock'>,
  kinds: readonly K[],
  token: string,
): Promise<{ kind: K; userId: number; email: string; createdAt: Temporal.Instant }> {
  const spent = await tx
    .deleteFrom('account_links')
    .where('token_hash', '=', hashToken(token))
    .where('kind', 'in', kinds)
    .where('expires_at', '>', clock.now())
    .where((eb) => eb('user_id', 'not in', eb.selectFrom('account_deletions').select('account_deletions.user_id')))
    .returning(['kind', 'user_id', 'email', 'created_at'])
    .executeTakeFirst()
  if (!spent || spent.user_id === null) throw accountError('account_link_invalid')
  return { kind: spent.kind as K, userId: spent.user_id, email: spent.email, createdAt: spent.created_at }
}

/** Whatever was under way ends when what protects the account changes; only the way back to a former address stays. */
export async function endLinks(tx: Tx, userId: number): Promise<void> {
  await tx.deleteFrom('account_links').where('user_id', '=', userId).where('kind', '!=', 'address_return').execute()
}

/**
 * As long as somebody may take their former address back, nobody else can have it. To be asked once it is written: who wrote it before
 * has committed by then.
 * @throws email_taken
 */
export async function requireUnreserved(
  tx: Tx,
  { clock }: Pick<Ctx, 'clock'>,
  email: string,
  userId: number,
): Promise<void> {
  const reserved = await tx
    .selectFrom('account_links')
    .where('kind', '=', 'address_return')
    .where('email', '=', email)
    .where('user_id', '!=', userId)
    .where('expires_at', '>', clock.now())
    .select('id')
    .executeTakeFirst()
  if (reserved) throw fieldError('email_taken', 'email')
}
