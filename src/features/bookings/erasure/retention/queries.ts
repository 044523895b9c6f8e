import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'

/** Days after which a host's attendees are forgotten; null: never. */
export async function retentionOf(db: Db, { userId }: UserScope): Promise<number | null> {
  const row = await db.selectFrom('retention').where('user_id', '=', userId).select('days').executeTakeFirst()
  return row?.days ?? null
}
