import type { Db } from '#platform/db/connect.ts'
import type { Tx } from '#platform/db/transaction.ts'
import type { UserScope } from '#platform/scope.ts'
import type { EventTypeOptions } from '../types.ts'

/** What a host's new event types begin with; null: what the product has. */
export async function defaultLayouts(db: Db | Tx, { userId }: UserScope): Promise<EventTypeOptions['layouts'] | null> {
  const { layouts } = await db
    .selectFrom('users')
    .select('default_layouts as layouts')
    .where('id', '=', userId)
    .executeTakeFirstOrThrow()
  return layouts as EventTypeOptions['layouts'] | null
}
