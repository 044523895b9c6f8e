import { hashToken } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Hold } from '../types.ts'

/** What is kept under a token, which only who asked for it was given. Null when there is nothing (any more). */
export async function holdByToken({ db, clock }: Pick<Ctx, 'db' | 'clock'>, token: string): Promise<Hold | null> {
  const row = await db
    .selectFrom('holds')
    .where('token_hash', '=', hashToken(token))
    .where('expires_at', '>', clock.now())
    .select(['event_type_id', 'starts_at', 'ends_at', 'expires_at', 'minutes'])
    .executeTakeFirst()
  if (!row) return null
  return {
    ...{ token, eventTypeId: row.event_type_id, minutes: row.minutes },
    start: row.starts_at.epochMilliseconds,
    end: row.ends_at.epochMilliseconds,
    expiresAt: row.expires_at.epochMilliseconds,
  }
}
