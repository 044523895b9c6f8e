import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'
import type { Trip } from './types.ts'

/** All of them, which are few: the nearest first. */
export async function listTrips(db: Db, { userId }: UserScope): Promise<Trip[]> {
  const rows = await db
    .selectFrom('trips')
    .where('user_id', '=', userId)
    .select(['id', 'first_date', 'last_date', 'time_zone', 'updated_at'])
    .orderBy('first_date')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    firstDate: row.first_date,
    lastDate: row.last_date,
    timeZone: row.time_zone,
    version: row.updated_at.toString(),
  }))
}
