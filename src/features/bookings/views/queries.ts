import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'

/** A host's own search in their bookings. */
export interface BookingView {
  id: number
  name: string
  tab: string
  /** As the address has it. */
  query: string
}

/** By name. There are never many (`MOST_VIEWS`). */
export async function listViews(db: Db, { userId }: UserScope): Promise<BookingView[]> {
  return db
    .selectFrom('booking_views')
    .where('user_id', '=', userId)
    .select(['id', 'name', 'tab', 'query'])
    .orderBy('name')
    .orderBy('id')
    .execute()
}
