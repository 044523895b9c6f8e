import type { Db } from '#platform/db/connect.ts'
import { bookingIdBy } from '../rows.ts'

/** The stars that whoever holds the uid gave, be it the booker or one who has a seat; null before they did. */
export async function ownRating(db: Db, uid: string): Promise<number | null> {
  const row = await db
    .selectFrom('booking_ratings as r')
    .innerJoin('attendees as a', 'a.id', 'r.attendee_id')
    .where('r.booking_id', '=', bookingIdBy(uid))
    .where((eb) =>
      eb.or([eb('a.seat_uid', '=', uid), eb.and([eb('a.seat_uid', 'is', null), eb('a.kind', '=', 'booker')])]),
    )
    .select('r.stars')
    .executeTakeFirst()
  return row?.stars ?? null
}
