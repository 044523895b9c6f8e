import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'

/** A list of bookings that a host keeps. */
export interface BookingView {
  id: number
  name: string
  tab: string
  /** As the address has it. */
  query: string
  /** Bookings open with it. */
  isDefault: boolean
}

/** By name. There are never many (`MOST_VIEWS`). */
export async function listViews(db: Db, { userId }: UserScope): Promise<BookingView[]> {
  return db
    .selectFrom('booking_views')
    .where('user_id', '=', userId)
    .select(['id', 'name', 'tab', 'query', 'is_default as isDefault'])
    .orderBy('name')
    .orderBy('id')
    .execute()
}

/** What a host's bookings open with; null: as usual. */
export async function defaultView(db: Db, { userId }: UserScope): Promise<BookingView | null> {
  const view = await db
    .selectFrom('booking_views')
    .where('user_id', '=', userId)
    .where('is_default', '=', true)
    .select(['id', 'name', 'tab', 'query', 'is_default as isDefault'])
    .executeTakeFirst()
  return view ?? null
}
