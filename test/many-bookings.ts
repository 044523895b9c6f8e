import { sql } from 'kysely'
import type { Db } from '#platform/db/connect.ts'

/**
 * Bookings of a host, half an hour each, one an hour up to `until` (RFC 3339), so that the last tenth is still to come for who looks a
 * tenth before the end. Each 50th is cancelled, each 100th not answered. Every booker comes back after 1,000 others.
 */
export async function insertManyBookings(
  db: Db,
  { hostId, eventTypeId, count, until }: { hostId: number; eventTypeId: number | null; count: number; until: string },
): Promise<void> {
  await sql`
    with made as (
      insert into bookings (uid, event_type_id, host_id, status, title, starts_at, ends_at, time_zone, created_at, updated_at)
      select 'seed-' || ${hostId}::text || lpad(n::text, 22, '0'), ${eventTypeId}, ${hostId},
        case when n % 50 = 0 then 'cancelled' when n % 100 = 1 then 'pending' else 'accepted' end,
        'Talk ' || n, at, at + interval '30 minutes', 'Europe/Berlin', at, at
      from generate_series(1, ${count}::int) n, lateral (select ${until}::timestamptz - (${count}::int - n) * interval '1 hour' as at) t
      returning id, host_id, title)
    insert into attendees (booking_id, host_id, kind, name, email, time_zone, locale)
    select id, host_id, 'booker', 'Person ' || k, 'person' || k || '@example.net', 'Europe/Berlin', 'en'
    from made, lateral (select substr(title, 6)::int % 1000 as k) x
  `.execute(db)
  await sql`analyze bookings, attendees`.execute(db)
}
