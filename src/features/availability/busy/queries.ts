import { sql } from 'kysely'
import type { Span } from '#engine/types.ts'
import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'
import { awayTime } from './rules.ts'
import type { BusyTime, DaysAway, TripZone } from './types.ts'

/**
 * One statement: when a host has bookings, hosted alone or with others, and is away, as far as it touches the span; in order of time.
 * What is kept for a visitor for some minutes is not among it.
 */
export async function busyTimes(db: Db, { userId }: UserScope, span: Span): Promise<BusyTime[]> {
  const [from, until] = [sql`to_timestamp(${span.start / 1000})`, sql`to_timestamp(${span.end / 1000})`]
  // Local dates differ from those of UTC by less than two days in any zone.
  const near = (first: string, last: string) =>
    sql`${sql.raw(first)} < (${until})::date + 2 and ${sql.raw(last)} > (${from})::date - 2`
  const { rows } = await sql<Row>`
    select coalesce(s.time_zone, u.time_zone) as home,
      (select json_agg(json_build_object('start', (extract(epoch from b.starts_at) * 1000)::int8,
          'end', (extract(epoch from b.ends_at) * 1000)::int8))
        from claims c join bookings b on b.id = c.booking_id
        where c.host_id = u.id and c.blocked && tstzrange(${from}, ${until})) as bookings,
      (select json_agg(json_build_object('source', 'away', 'firstDate', first_date, 'lastDate', last_date,
          'fromMinute', from_minute, 'toMinute', to_minute))
        from absences where user_id = u.id and ${near('first_date', 'last_date')}) as absences,
      (select json_agg(json_build_object('source', 'holiday', 'firstDate', h->>'start', 'lastDate', h->>'end',
          'fromMinute', h->'fromMinute', 'toMinute', h->'toMinute'))
        from jsonb_array_elements(a.holidays) h where ${near("(h->>'start')::date", "(h->>'end')::date")}) as holidays,
      (select json_agg(json_build_object('firstDate', first_date, 'lastDate', last_date, 'timeZone', time_zone) order by first_date)
        from trips where user_id = u.id and s.id = u.default_schedule_id) as trips
    from users u left join schedules s on s.id = u.default_schedule_id left join host_availability a on a.user_id = u.id
    where u.id = ${userId}
  `.execute(db)
  const [row] = rows
  if (!row) return []
  const bookings = (row.bookings ?? []).map((one) => ({ ...one, source: 'booking' as const }))
  const away = [...(row.absences ?? []), ...(row.holidays ?? [])].map((days) =>
    awayTime(days, row.home, row.trips ?? []),
  )
  return [...bookings, ...away]
    .filter(({ start, end }) => start < span.end && end > span.start)
    .sort((a, b) => a.start - b.start || a.end - b.end)
}

interface Row {
  home: string
  bookings: { start: number; end: number }[] | null
  absences: DaysAway[] | null
  holidays: DaysAway[] | null
  trips: TripZone[] | null
}
