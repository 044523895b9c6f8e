import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import type { Tx } from '#platform/db/transaction.ts'

/** One mail names no more. */
const MOST_NAMED = 20

/** A booking that its booker may still want to move. Instants are epoch milliseconds. */
export interface BookingAhead {
  id: number
  uid: string
  attendeeId: number
  title: string
  start: number
  end: number
}

/** The bookings of an event type that count against the limit of a mail address, soonest first. */
export async function bookingsAhead(
  db: Db | Tx,
  { clock }: Pick<Ctx, 'clock'>,
  { eventTypeId, email }: { eventTypeId: number; email: string },
): Promise<BookingAhead[]> {
  const rows = await db
    .selectFrom('bookings as b')
    .innerJoin('attendees as a', 'a.booking_id', 'b.id')
    .where('b.event_type_id', '=', eventTypeId)
    .where('b.status', 'in', ['pending', 'accepted'])
    .where('b.ends_at', '>', clock.now())
    .where('a.kind', '=', 'booker')
    .where('a.email', '=', email)
    .select(['b.id', 'b.uid', 'b.title', 'b.starts_at', 'b.ends_at', 'a.id as attendeeId'])
    .orderBy('b.starts_at')
    .limit(MOST_NAMED)
    .execute()
  return rows.map(({ starts_at, ends_at, ...row }) => ({
    ...row,
    start: starts_at.epochMilliseconds,
    end: ends_at.epochMilliseconds,
  }))
}

/** What the mail to an attendee with their links needs. Null when they have nothing ahead any more. */
export async function moveLinks(ctx: Ctx, attendeeId: number) {
  const row = await ctx.db
    .selectFrom('attendees as a')
    .innerJoin('bookings as b', 'b.id', 'a.booking_id')
    .innerJoin('event_types as e', 'e.id', 'b.event_type_id')
    .innerJoin('users as u', 'u.id', 'e.user_id')
    .where('a.id', '=', attendeeId)
    .select(['a.name', 'a.email', 'a.time_zone as timeZone', 'a.locale', 'e.id as eventTypeId', 'e.title'])
    .select(['u.name as host', 'u.brand_color as brandColor'])
    .executeTakeFirst()
  if (!row) return null
  const bookings = await bookingsAhead(ctx.db, ctx, row)
  return bookings.length > 0 ? { ...row, bookings } : null
}
