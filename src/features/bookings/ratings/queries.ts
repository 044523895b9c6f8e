import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Db } from '#platform/db/connect.ts'
import { optionsOf } from '../../event-types/types.ts'
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

/** How long after it was due somebody may still be asked for a rating. */
export const ASK_WITHIN_HOURS = 48

/** Somebody who is to be asked for a rating. */
export interface Unrated {
  bookingId: number
  attendeeId: number
}

/**
 * One statement: bookers, of seats each, whose meeting is as long over as its event type wants, and of whom nothing says that they did
 * not come, or have rated. `topic` is that of the deliveries that asked them before.
 */
export async function unrated(
  db: Db,
  { now, topic, most }: { now: Temporal.Instant; topic: string; most: number },
): Promise<Unrated[]> {
  const { rows } = await sql<Unrated>`
    select b.id as "bookingId", a.id as "attendeeId"
    from (
      select id, (options ->> 'ratingMail')::int * interval '1 minute' as pause from event_types
      where options ->> 'ratingMail' is not null) e
    join bookings b on b.event_type_id = e.id
      and b.starts_at > ${now}::timestamptz - e.pause - ${ASK_WITHIN_HOURS + 24} * interval '1 hour'
      and b.ends_at > ${now}::timestamptz - e.pause - ${ASK_WITHIN_HOURS} * interval '1 hour'
      and b.ends_at <= ${now}::timestamptz - e.pause
    join attendees a on a.booking_id = b.id
    where b.status = 'accepted' and not b.host_no_show and a.kind = 'booker' and a.email <> '' and not a.no_show
      and a.cancelled_at is null and (b.seats is null or a.seat_uid is not null)
      and not exists (select from booking_ratings r where r.attendee_id = a.id)
      and not exists (select from deliveries d where d.subject = 'booking:' || b.id and d.topic = ${topic}
        and d.target = 'attendee:' || a.id)
    order by b.ends_at, a.id limit ${most}
  `.execute(db)
  return rows
}

/** Somebody who is asked for a rating, and about what. Instants are epoch milliseconds. */
export interface RatingRequest {
  /** Of the booking, or of their seat. */
  uid: string
  name: string
  email: string
  locale: string
  timeZone: string
  title: string
  host: string
  brandColor: string | null
  start: number
  end: number
  /** When they were to be asked. */
  due: number
  /** It took place, and they were there as far as anybody said. */
  attended: boolean
  rated: boolean
}

/** Null when the booking is gone, or nobody is asked after it (any more). */
export async function ratingRequest(db: Db, attendeeId: number): Promise<RatingRequest | null> {
  const row = await db
    .selectFrom('attendees as a')
    .innerJoin('bookings as b', 'b.id', 'a.booking_id')
    .innerJoin('users as h', 'h.id', 'b.host_id')
    .innerJoin('event_types as e', 'e.id', 'b.event_type_id')
    .leftJoin('booking_ratings as r', 'r.attendee_id', 'a.id')
    .where('a.id', '=', attendeeId)
    .where('a.email', '!=', '')
    .select(['a.seat_uid', 'a.name', 'a.email', 'a.locale', 'a.time_zone', 'a.no_show', 'a.cancelled_at', 'r.stars'])
    .select(['b.uid', 'b.title', 'b.status', 'b.host_no_show', 'b.starts_at', 'b.ends_at'])
    .select(['h.name as host', 'h.brand_color', 'e.options'])
    .executeTakeFirst()
  const pause = row && optionsOf(row.options).ratingMail
  if (!row || pause === null || pause === undefined) return null
  const { name, email, locale, title, host } = row
  const end = row.ends_at.epochMilliseconds
  return {
    ...{ uid: row.seat_uid ?? row.uid, name, email, locale, title, host },
    ...{ timeZone: row.time_zone, brandColor: row.brand_color },
    ...{ start: row.starts_at.epochMilliseconds, end, due: end + pause * 60_000 },
    attended: row.status === 'accepted' && !row.host_no_show && !row.no_show && row.cancelled_at === null,
    rated: row.stars !== null,
  }
}
