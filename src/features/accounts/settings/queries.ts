import type { Db } from '#platform/db/connect.ts'
import type { Metadata } from '#platform/metadata.ts'
import type { UserScope } from '#platform/scope.ts'

/** What programs keep with an account. */
export async function ownMetadata({ userId }: UserScope, db: Db): Promise<Metadata> {
  const row = await db.selectFrom('users').select('metadata').where('id', '=', userId).executeTakeFirstOrThrow()
  return row.metadata
}
