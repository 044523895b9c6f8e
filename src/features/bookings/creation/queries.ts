import { sql } from 'kysely'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import { type BlockFound, blocksAgainst } from '../blocks/queries.ts'
import { blocksOf } from '../blocks/schema.ts'

/** What is known of the mail addresses that are to be in a booking. */
export interface Standing {
  /** What shuts out who books; null: nothing does. */
  block: BlockFound | null
  /** Those whose owner lets nobody else use them unproven; those of whoever acts are not among them. */
  guarded: string[]
}

/**
 * One statement. Guarded are the proven addresses of accounts that wish it, with and without a `+tag`.
 * @param emails of who books, then of the guests
 */
export async function standingOf(
  db: Db,
  { actor }: Ctx,
  hostIds: readonly number[],
  emails: readonly [string, ...string[]],
): Promise<Standing> {
  const spelled = emails.flatMap((email) => blocksOf(email).emails.map((spelling) => ({ email, spelling })))
  const actorId = actor.kind === 'user' ? actor.userId : null
  const { rows } = await sql<Standing>`
    select (select to_json(b) from (${blocksAgainst(db, hostIds, emails[0])}) b) as block, array(
      select s.email from jsonb_to_recordset(${JSON.stringify(spelled)}::jsonb) as s(email text, spelling text)
      join lateral (
        select u.id, u.email_guarded from users u where lower(u.email) = s.spelling and u.email_proven_at is not null
        union all
        select u.id, u.email_guarded from verified_emails v join users u on u.id = v.user_id where v.email = s.spelling
      ) owner on true
      group by s.email
      having bool_or(owner.email_guarded) and not bool_or(owner.id is not distinct from ${actorId}::bigint)
    ) as guarded
  `.execute(db)
  return rows[0] ?? { block: null, guarded: [] }
}
