import type { Selectable } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import { decrypt, deriveKey, hashToken } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import type { Tables } from '#platform/db/tables.ts'
import type { UserScope } from '#platform/scope.ts'
import type { OwnPrivateLink, PrivateLink } from './types.ts'

/** The link a token opens, whatever its state: null when there is none. */
export async function linkByToken(db: Db, token: string): Promise<PrivateLink | null> {
  const row = await db
    .selectFrom('private_links')
    .selectAll()
    .where('token_hash', '=', hashToken(token))
    .executeTakeFirst()
  return row ? linkOf(row) : null
}

export interface LinkPage {
  links: OwnPrivateLink[]
  /** Id after which the next page begins; null: this was the last. */
  next: number | null
}

const PAGE = 20

interface LinkSelection {
  eventTypeId: number
  after?: number
  skip?: number
  take?: number
  /** Without those that were taken back. */
  kept?: boolean
}

/** Links of a host's own event type, the newest first. */
export async function listPrivateLinks(
  { db, config }: Pick<Ctx, 'db' | 'config'>,
  { userId }: UserScope,
  { eventTypeId, after, skip = 0, take = PAGE, kept = false }: LinkSelection,
): Promise<LinkPage> {
  let query = db
    .selectFrom('private_links as l')
    .innerJoin('event_types as e', 'e.id', 'l.event_type_id')
    .selectAll('l')
    .where('e.user_id', '=', userId)
    .where('l.event_type_id', '=', eventTypeId)
  if (after !== undefined) query = query.where('l.id', '<', after)
  if (kept) query = query.where('l.revoked_at', 'is', null)
  const rows = await query
    .orderBy('l.id', 'desc')
    .offset(skip)
    .limit(take + 1)
    .execute()
  const key = sealingKey(config)
  const links = rows.slice(0, take).map((row) => ({
    ...linkOf(row),
    createdAt: row.created_at.epochMilliseconds,
    token: opened(key, row.sealed_token),
  }))
  return { links, next: rows.length > take ? (links.at(-1)?.id ?? null) : null }
}

/** How many links of a host's own event type were not taken back, and how many of them are as new as `after` or newer. */
export async function countKeptLinks(
  db: Db,
  { userId }: UserScope,
  { eventTypeId, after = Number.MAX_SAFE_INTEGER }: { eventTypeId: number; after?: number },
): Promise<{ total: number; passed: number }> {
  const { total, passed } = await db
    .selectFrom('private_links as l')
    .innerJoin('event_types as e', 'e.id', 'l.event_type_id')
    .where('e.user_id', '=', userId)
    .where('l.event_type_id', '=', eventTypeId)
    .where('l.revoked_at', 'is', null)
    .select(({ fn }) => [
      fn.countAll<number>().as('total'),
      fn.countAll<number>().filterWhere('l.id', '>=', after).as('passed'),
    ])
    .executeTakeFirstOrThrow()
  return { total: Number(total), passed: Number(passed) }
}

/** A private link that ends soon. */
export interface EndingLink {
  eventTypeId: number
  /** Of the event type. */
  title: string
  label: string
  /** Epoch milliseconds. */
  expiresAt: number
}

const MOST_ENDING = 3

/** One statement: links of a host that can still be booked over and end before `until`, the first ones. */
export async function endingLinks(
  db: Db,
  { userId }: UserScope,
  now: Temporal.Instant,
  until: Temporal.Instant,
): Promise<EndingLink[]> {
  const rows = await db
    .selectFrom('private_links as l')
    .innerJoin('event_types as e', 'e.id', 'l.event_type_id')
    .where('e.user_id', '=', userId)
    .where('l.revoked_at', 'is', null)
    .where('l.expires_at', '>', now)
    .where('l.expires_at', '<=', until)
    .where((eb) => eb.or([eb('l.most_uses', 'is', null), eb('l.uses', '<', eb.ref('l.most_uses'))]))
    .select(['e.id as eventTypeId', 'e.title', 'l.label', 'l.expires_at'])
    .orderBy('l.expires_at')
    .orderBy('l.id')
    .limit(MOST_ENDING)
    .execute()
  return rows.map(({ expires_at, ...row }) => ({ ...row, expiresAt: expires_at?.epochMilliseconds ?? 0 }))
}

/** What tokens are sealed with. */
export function sealingKey({ secret }: Pick<Ctx['config'], 'secret'>): Buffer {
  return deriveKey(secret, 'private-links')
}

function opened(key: Buffer, sealed: string): string | null {
  try {
    return decrypt(key, sealed)
  } catch {
    // Sealed with another secret, as after a backup was restored elsewhere: the page says that it cannot be shown.
    return null
  }
}

export function linkOf(row: Selectable<Tables['private_links']>): PrivateLink {
  return {
    id: row.id,
    eventTypeId: row.event_type_id,
    label: row.label,
    person: row.person_email === '' ? null : { name: row.person_name, email: row.person_email },
    starts: row.starts,
    duration: row.duration,
    expiresAt: row.expires_at?.epochMilliseconds ?? null,
    mostUses: row.most_uses,
    uses: row.uses,
    revokedAt: row.revoked_at?.epochMilliseconds ?? null,
  }
}
