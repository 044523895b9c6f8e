import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'
import { type HostLimits, limitsOf } from './types.ts'

export async function findHostLimits(db: Db, { userId }: UserScope): Promise<HostLimits> {
  const row = await db.selectFrom('host_availability').where('user_id', '=', userId).select('limits').executeTakeFirst()
  return limitsOf(row?.limits ?? null)
}
