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
  colorDark: string | null
  /** Name of the booker; empty where nobody is left. */
  who: string
}

/** No month of half-hour meetings around the clock has more. */
const MOST = 2000

/** One statement: what of a host's bookings, and of those they host with others, stands and lies within the span, in order of time. */
export async function bookingsBetween(
  db: Db,
  { userId }: UserScope,
  from: Temporal.Instant,
  until: Temporal.Instant,
): Promise<CalendarEntry[]> {
  const within = sql`status in ('accepted', 'pending')
    and starts_at > ${from}::timestamptz - interval '25 hours' and starts_at < ${until} and ends_at > ${from}`
  const { rows } = await sql<CalendarEntry>`
    select b.uid, b.title, b.status, b.starts_at as start, b.ends_at as "end",
      (select e.color from event_types e where e.id = b.event_type_id) as color,
      (select e.options->>'colorDark' from event_types e where e.id = b.event_type_id) as "colorDark",
      coalesce((select a.name from attendees a where a.booking_id = b.id and a.kind = 'booker' order by a.id limit 1), '') as who
    from (
      select * from bookings where host_id = ${userId} and ${within}
      union all select s.* from co_hosts c join bookings s on s.id = c.booking_id where c.host_id = ${userId} and ${within}
    ) b
    order by b.starts_at, b.id limit ${MOST}
  `.execute(db)
  return rows
}
