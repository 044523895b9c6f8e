import type { Ctx } from '#platform/ctx.ts'
import { CODE_MINUTES, codeOf } from '#platform/mail/codes.ts'

/** How deliveries name a code. */
export const CODE_SUBJECT = 'mail-code:'

/** A code with what its mail needs. Null when it has expired, was used, or a newer one was sent. */
export async function mailCode(ctx: Ctx, id: string) {
  const row = await ctx.db
    .selectFrom('mail_codes as c')
    .innerJoin('event_types as e', 'e.id', 'c.event_type_id')
    .innerJoin('users as u', 'u.id', 'e.user_id')
    .where('c.id', '=', id)
    .where('c.expires_at', '>', ctx.clock.now())
    .select(['c.email', 'c.locale', 'e.title', 'u.name as host', 'u.brand_color as brandColor'])
    .executeTakeFirst()
  return row ? { ...row, code: codeOf(ctx, id), minutes: CODE_MINUTES } : null
}
