import { sql } from 'kysely'
import type { Ctx } from '#platform/ctx.ts'
import { CODE_MINUTES, codeOf } from '#platform/mail/codes.ts'

/** How deliveries name a code. */
export const CODE_SUBJECT = 'mail-code:'

/** A code with what its mail needs. Null when it has expired, was used, or a newer one was sent. */
export async function mailCode(ctx: Ctx, id: string) {
  const row = await ctx.db
    .selectFrom('mail_codes as c')
    .leftJoin('event_types as e', 'e.id', 'c.event_type_id')
    .innerJoin('users as u', (join) => join.on('u.id', '=', sql<number>`coalesce(e.user_id, c.host_id)`))
    .where('c.id', '=', id)
    .where('c.expires_at', '>', ctx.clock.now())
    .select(['c.email', 'c.locale', 'u.name as host', 'u.brand_color as brandColor'])
    .select(sql<string>`coalesce(e.title, c.title)`.as('title'))
    .executeTakeFirst()
  return row ? { ...row, code: codeOf(ctx, id), minutes: CODE_MINUTES } : null
}
