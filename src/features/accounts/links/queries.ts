import { sql } from 'kysely'
import { deriveKey, hashToken, sign } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { LinkKind } from './types.ts'

/** How deliveries name a link. */
export const LINK_SUBJECT = 'account-link:'

/** 256 bits that follow from an id and the instance's secret, so that what opens an account is stored nowhere. */
export function tokenOf({ config }: Pick<Ctx, 'config'>, id: string): string {
  return sign(deriveKey(config.secret, 'account-links'), id)
}

/** Whoever has closed their account does not get back in while it waits for its end. */
export const isOpen = sql<boolean>`not exists (select from account_deletions d where d.user_id = users.id)`

/** A link with what its mail needs. Null when it has expired, was used or replaced, or when nobody has the address. */
export async function accountLink(ctx: Ctx, id: string) {
  const row = await ctx.db
    .selectFrom('account_links as l')
    .innerJoin('users', 'users.id', 'l.user_id')
    .where('l.id', '=', id)
    .where('l.expires_at', '>', ctx.clock.now())
    .where(isOpen)
    .select(['l.kind', 'l.email', 'l.locale', 'l.expires_at as expiresAt'])
    .select(['users.name', 'users.email as present', 'users.time_zone as timeZone'])
    // Who has the address already is not told that others want it.
    .select(sql<boolean>`exists (select from users o where lower(o.email) = l.email and o.id != users.id)`.as('taken'))
    .executeTakeFirst()
  return row ? { ...row, token: tokenOf(ctx, id) } : null
}

/** Whose a link is, without using it up. Null when it leads nowhere (any more). */
export async function linkBehind({ db, clock }: Pick<Ctx, 'db' | 'clock'>, kind: LinkKind, token: string) {
  const row = await db
    .selectFrom('account_links as l')
    .innerJoin('users', 'users.id', 'l.user_id')
    .where('l.token_hash', '=', hashToken(token))
    .where('l.kind', '=', kind)
    .where('l.expires_at', '>', clock.now())
    .where(isOpen)
    .select(['users.id as userId', 'l.email', 'users.email as present', 'users.username'])
    .executeTakeFirst()
  return row ?? null
}
