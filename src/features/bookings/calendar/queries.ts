import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'

/** A booking as a calendar shows it. */
export interface CalendarEntry {
  uid: string
  title: string
  status: 'accepted' | 'pending'
  start: Temporal.Instant
  end: Temporal.Instant
  /** Of its event type. */
  color: string | null
  /** Name of the booker; empty where nobody is left. */
  who: string
}

/** No month of half-hour meetings around the clock has more. */
const MOST = 2000

/** One statement: what of a host's bookings stands and lies within the span, in order of time. */
export async function bookingsBetween(
  db: Db,
  { userId }: UserScope,
  from: Temporal.Instant,
  until: Temporal.Instant,
): Promise<CalendarEntry[]> {
  const { rows } = await sql<CalendarEntry>`
    select b.uid, b.title, b.status, b.starts_at as start, b.ends_at as "end", e.color,
      coalesce((select a.name from attendees a where a.booking_id = b.id and a.kind = 'booker' order by a.id limit 1), '') as who
    from bookings b left join event_types e on e.id = b.event_type_id
    where b.host_id = ${userId} and b.status in ('accepted', 'pending')
      and b.starts_at > ${from}::timestamptz - interval '25 hours' and b.starts_at < ${until} and b.ends_at > ${from}
    order by b.starts_at, b.id limit ${MOST}
  `.execute(db)
  return rows
}
