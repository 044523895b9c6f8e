import { hashToken } from '#platform/crypto.ts'
import type { Services } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'
import { ACCOUNT_COLUMNS, accountOf } from '../queries.ts'
import type { Account } from '../types.ts'
import type { ApiKeyEntry } from './types.ts'

/** The newest first. Keys that ran out are listed too, so that their owner sees why a program stopped. */
export async function listApiKeys({ userId }: UserScope, db: Db): Promise<ApiKeyEntry[]> {
  const rows = await db
    .selectFrom('api_keys')
    .select(['id', 'label', 'prefix', 'created_at', 'last_used_at', 'expires_at', 'scopes'])
    .where('user_id', '=', userId)
    .orderBy('created_at', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    label: row.label,
    prefix: row.prefix,
    createdAt: row.created_at.epochMilliseconds,
    lastUsedAt: row.last_used_at?.epochMilliseconds ?? null,
    expiresAt: row.expires_at?.epochMilliseconds ?? null,
    scopes: row.scopes,
  }))
}

/** Its last use is written down at most this often. */
const TOUCH_MINUTES = 5

/** Whose key it is, in one statement; null for one that was revoked, ran out or never was. `stale`: its use should be written down. */
export async function accountByApiKey(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  key: string,
): Promise<{ keyId: string; scopes: string[] | null; account: Account; stale: boolean } | null> {
  if (!/^sun_[\w-]{43}$/.test(key)) return null
  const row = await db
    .selectFrom('api_keys')
    .innerJoin('users', 'users.id', 'api_keys.user_id')
    .where('api_keys.key_hash', '=', hashToken(key))
    .where((eb) => eb.or([eb('api_keys.expires_at', 'is', null), eb('api_keys.expires_at', '>', clock.now())]))
    .select(ACCOUNT_COLUMNS)
    .select(['api_keys.id as key_id', 'api_keys.last_used_at', 'api_keys.scopes'])
    .executeTakeFirst()
  if (!row) return null
  const age = clock.now().epochMilliseconds - (row.last_used_at?.epochMilliseconds ?? 0)
  return { keyId: row.key_id, scopes: row.scopes, account: accountOf(row), stale: age >= TOUCH_MINUTES * 60_000 }
}

/** What one's own keys are for, by id; those that were revoked are missing. */
export async function apiKeyLabels(
  db: Db,
  { userId }: UserScope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('api_keys')
    .select(['id', 'label'])
    .where('user_id', '=', userId)
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map(({ id, label }) => [id, label]))
}
