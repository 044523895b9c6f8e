import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'

/** A meeting that somebody was not happy with. */
export interface LowRating {
  uid: string
  title: string
  name: string
  stars: number
}

/** A host's bookings in numbers. */
export interface Overview {
  /** There has been one, whatever became of it. */
  any: boolean
  /** Requests without an answer, that are still ahead. */
  waiting: number
  /** Of the period: what takes place, how long that is, and what was called off. */
  meetings: number
  minutes: number
  calledOff: number
  /** Of the last days, the newest first. */
  lowRatings: LowRating[]
}

const MOST_STARS = 2
const MOST_RATINGS = 3

/** One statement. The period is half-open, by when the bookings begin. */
export async function overviewOf(
  db: Db,
  { userId }: UserScope,
  now: Temporal.Instant,
  period: { from: Temporal.Instant; until: Temporal.Instant },
): Promise<Overview> {
  const begins = sql`starts_at >= ${period.from} and starts_at < ${period.until}`
  // Statuses are written out, since the partial indexes are found by them.
  const { rows } = await sql<Omit<Overview, 'meetings' | 'minutes'> & { held: { meetings: number; minutes: number } }>`
    select (select id from bookings where host_id = ${userId} order by starts_at, id limit 1) is not null as any,
      (select count(*) from bookings where host_id = ${userId} and status = 'pending' and ends_at > ${now}
        and starts_at > ${now}::timestamptz - interval '25 hours') as waiting,
      (select json_build_object('meetings', count(*), 'minutes', coalesce(sum(extract(epoch from ends_at - starts_at) / 60), 0)::int)
        from bookings where host_id = ${userId} and status = 'accepted' and ${begins}) as held,
      (select count(*) from bookings where host_id = ${userId} and status in ('cancelled', 'rejected') and ${begins}) as "calledOff",
      coalesce((select json_agg(json_build_object('uid', l.uid, 'title', l.title, 'name', l.name, 'stars', l.stars)) from (
        select b.uid, b.title, a.name, r.stars from bookings b
        join booking_ratings r on r.booking_id = b.id join attendees a on a.id = r.attendee_id
        where b.host_id = ${userId} and b.starts_at > ${now}::timestamptz - interval '30 days' and b.starts_at < ${now}
          and r.stars <= ${MOST_STARS} and r.created_at > ${now}::timestamptz - interval '7 days'
        order by r.created_at desc, a.id limit ${MOST_RATINGS}) l), '[]') as "lowRatings"
  `.execute(db)
  const [row] = rows
  if (!row) throw new Error('a statement without a table gives a row')
  const { held, ...counts } = row
  return { ...counts, ...held }
}
