import { hashToken } from '#platform/crypto.ts'
import type { Services } from '#platform/ctx.ts'
import type { UserScope } from '#platform/scope.ts'
import { ACCOUNT_COLUMNS, accountOf } from '../queries.ts'
import { deviceOf, isStale } from './rules.ts'
import type { ActiveSession, SessionEntry } from './types.ts'

type Reading = Pick<Services, 'db' | 'clock'>

/** The session a cookie stands for, with its account, in one statement; null when it ended or never was. */
export async function sessionByToken({ db, clock }: Reading, token: string): Promise<ActiveSession | null> {
  if (!/^[\w-]{43}$/.test(token)) return null
  const now = clock.now()
  const row = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .where('sessions.token_hash', '=', hashToken(token))
    .where('sessions.expires_at', '>', now)
    .select(ACCOUNT_COLUMNS)
    .select(['sessions.id as session_id', 'sessions.last_used_at'])
    .executeTakeFirst()
  if (!row) return null
  const age = now.epochMilliseconds - row.last_used_at.epochMilliseconds
  return { id: row.session_id, account: accountOf(row), stale: isStale(age, row.session_minutes) }
}

/** Where somebody is signed in, the latest use first. */
export async function listSessions(
  { userId }: UserScope,
  { db, clock }: Reading,
  currentId: string,
): Promise<SessionEntry[]> {
  const rows = await db
    .selectFrom('sessions')
    .select(['id', 'user_agent', 'address', 'created_at', 'last_used_at'])
    .where('user_id', '=', userId)
    .where('expires_at', '>', clock.now())
    .orderBy('last_used_at', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    ...deviceOf(row.user_agent),
    address: row.address,
    createdAt: row.created_at.epochMilliseconds,
    lastUsedAt: row.last_used_at.epochMilliseconds,
    current: row.id === currentId,
  }))
}
