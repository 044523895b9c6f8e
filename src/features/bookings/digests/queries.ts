import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Db } from '#platform/db/connect.ts'

/** A month of a host in numbers. Hosting with others counts. */
export interface MonthNumbers {
  /** Booked in it, for whenever; what was only asked for and declined is not. */
  booked: number
  /** Took place in it. */
  met: number
  /** Called off in it. */
  cancelled: number
  /** Confirmed for the month after. */
  ahead: number
  /** The first that is still to come. Epoch milliseconds. */
  next: { title: string; start: number; end: number } | null
}

interface Span {
  from: Temporal.Instant
  to: Temporal.Instant
  /** End of the month after. */
  following: Temporal.Instant
  now: Temporal.Instant
}

/** One statement. */
export async function monthNumbers(db: Db, userId: number, { from, to, following, now }: Span): Promise<MonthNumbers> {
  const [since, until, end, present] = [from, to, following, now].map((at) => sql`${at}::timestamptz`)
  const { rows } = await sql<{
    booked: number
    met: number
    cancelled: number
    ahead: number
    next: { title: string; start: number; end: number } | null
  }>`
    with own as (
      select b.* from bookings b where b.host_id = ${userId}
      union all
      select b.* from bookings b join co_hosts c on c.booking_id = b.id where c.host_id = ${userId} and b.host_id != ${userId}
    )
    select
      (select count(*)::int from own where created_at >= ${since} and created_at < ${until} and status != 'rejected') as booked,
      (select count(*)::int from own where status = 'accepted' and starts_at >= ${since} and starts_at < ${until}) as met,
      (select count(distinct b.id)::int from own b join events e on e.subject = 'booking:' || b.id
        where e.name = 'booking.cancelled' and e.occurred_at >= ${since} and e.occurred_at < ${until}) as cancelled,
      (select count(*)::int from own where status = 'accepted' and starts_at >= ${until} and starts_at < ${end}) as ahead,
      (select json_build_object('title', title, 'start', extract(epoch from starts_at) * 1000,
          'end', extract(epoch from ends_at) * 1000)
        from own where status = 'accepted' and starts_at > ${present} order by starts_at, id limit 1) as next
  `.execute(db)
  const [row] = rows
  if (!row) throw new Error('a select without from gave no row')
  return row
}
