import { sql } from 'kysely'
import { BYTE_ORDER_MARK, csvRecord } from '#platform/csv.ts'
import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'
import type { AnswerValue } from '../answers/types.ts'
import { sortedBy } from '../arrangement/queries.ts'
import { placeOf } from '../entries/types.ts'
import { TRACKING } from '../metadata/schema.ts'
import { type BookingSearch, idsOfPage, labelsAsked } from '../queries.ts'
import type { Companion } from '../seats/party/types.ts'
import type { BookingLocation } from '../types.ts'

const AT_ONCE = 500

/**
 * Names of the columns are for programs and stay what they are; those of answers follow, named by the question as it was asked.
 * Instants are RFC 3339 in UTC.
 */
const COLUMNS = [
  ...['uid', 'status', 'title', 'event_type', 'start', 'end', 'minutes', 'time_zone'],
  ...['booker_name', 'booker_email', 'booker_time_zone', 'guests', 'location', 'notes'],
  ...['reason', 'cancelled_by', 'host_no_show', 'attendee_no_shows', 'rating', 'rating_comment', 'created_at'],
  ...[...TRACKING, 'metadata', 'companions'],
]

type Search = Omit<BookingSearch, 'after' | 'size'>

/**
 * A search as CSV (RFC 4180), piece by piece, in the order of its list: one statement, and one for each 500 bookings, and never more of
 * them in memory.
 * @param mark begin with a byte order mark
 */
export async function* exportBookings(db: Db, scope: UserScope, search: Search, mark: boolean): AsyncGenerator<string> {
  const labels = await labelsAsked(db, scope, search)
  yield (mark ? BYTE_ORDER_MARK : '') + csvRecord([...COLUMNS, ...labels])
  for await (const rows of pagesOf(db, scope, search)) yield rows.map((row) => recordOf(row, labels)).join('')
}

/** What the columns are made of, as texts where they are no more than that. */
interface Row {
  id: number
  uid: string
  status: string
  title: string
  event_type: string
  starts: string
  ends: string
  minutes: number
  time_zone: string
  booker_name: string
  booker_email: string
  booker_time_zone: string
  guests: string
  location: BookingLocation | null
  notes: string
  reason: string
  cancelled_by: string
  host_no_show: string
  no_shows: string
  stars: string
  comments: string
  created: string
  tracking: Partial<Record<(typeof TRACKING)[number], string>> | null
  metadata: object | null
  companions: Companion[] | null
  answers: AnswersGiven | null
}

type AnswersGiven = [label: string, value: AnswerValue][]

/**
 * Pages that have rows. Nothing is read but what is written: bookings as the product knows them are ten times as much, and 100,000 of them
 * are garbage faster than it is collected. Several people have ratings and answers where there are seats.
 */
async function* pagesOf(db: Db, scope: UserScope, search: Search): AsyncGenerator<Row[]> {
  for (let after: BookingSearch['after']; ; ) {
    const { ids, order } = idsOfPage(scope, { ...search, ...(after && { after }), size: AT_ONCE })
    const { rows }: { rows: Row[] } = await sql<Row>`
      select b.id, b.uid, b.status, b.title, coalesce(e.title, '') as event_type,
        ${utc('b.starts_at')} as starts, ${utc('b.ends_at')} as ends,
        (extract(epoch from b.ends_at - b.starts_at) / 60)::float8 as minutes, b.time_zone,
        coalesce(p.name, '') as booker_name, coalesce(p.email, '') as booker_email,
        coalesce(p.time_zone, '') as booker_time_zone, coalesce(t.guests, '') as guests, b.location, b.notes, b.reason,
        coalesce(b.cancelled_by, '') as cancelled_by, case when b.host_no_show then 'yes' else '' end as host_no_show,
        coalesce(t.no_shows, '') as no_shows, coalesce(r.stars, '') as stars, coalesce(r.comments, '') as comments,
        ${utc('b.created_at')} as created, nullif(p.tracking, '{}') as tracking, nullif(p.metadata, '{}') as metadata,
        (select json_agg(c.companion order by a.id, c.n)
          from attendees a, jsonb_array_elements(a.companions) with ordinality c(companion, n)
          where a.booking_id = b.id and a.cancelled_by is null) as companions,
        (select json_agg(json_build_array(x.answer -> 'label', x.answer -> 'value') order by a.id, x.n)
          from attendees a, jsonb_array_elements(a.answers) with ordinality x(answer, n)
          where a.booking_id = b.id and a.cancelled_by is null) as answers
      from bookings b
      left join event_types e on e.id = b.event_type_id
      left join lateral (
        select a.name, a.email, a.time_zone, a.tracking, a.metadata from attendees a
        where a.booking_id = b.id and a.kind = 'booker' and a.cancelled_by is null order by a.id limit 1) p on true
      left join lateral (
        select string_agg(a.email, ' ' order by a.id) filter (where a.kind = 'guest' and a.cancelled_by is null) as guests,
          string_agg(a.email, ' ' order by a.id) filter (where a.no_show) as no_shows
        from attendees a where a.booking_id = b.id) t on true
      left join lateral (
        select string_agg(r.stars::text, ' ' order by r.attendee_id) as stars,
          string_agg(r.comment, chr(10) order by r.attendee_id) filter (where r.comment <> '') as comments
        from booking_ratings r where r.booking_id = b.id) r on true
      where b.id in ${ids} order by ${sortedBy([order])}
    `.execute(db)
    const page = rows.slice(0, AT_ONCE)
    if (page.length > 0) yield page
    const last = page.at(-1)
    if (rows.length <= AT_ONCE || !last) return
    after = { at: order.by === 'start' ? last.starts : last.created, id: last.id }
  }
}

/** An instant as RFC 3339; connections are in UTC. */
function utc(column: string) {
  return sql`replace(to_json(${sql.ref(column)}) #>> '{}', '+00:00', 'Z')`
}

function recordOf(row: Row, labels: readonly string[]): string {
  return csvRecord([
    ...[row.uid, row.status, row.title, row.event_type, row.starts, row.ends, row.minutes, row.time_zone],
    ...[row.booker_name, row.booker_email, row.booker_time_zone, row.guests],
    ...[row.location ? placeOf(row.location) : '', row.notes, row.reason, row.cancelled_by, row.host_no_show],
    ...[row.no_shows, row.stars, row.comments, row.created],
    ...TRACKING.map((name) => row.tracking?.[name] ?? ''),
    row.metadata ? JSON.stringify(row.metadata) : '',
    (row.companions ?? []).map(({ name }) => name).join('\n'),
    ...labels.map((label) => entriesOf(row, label)),
  ])
}

/** What was answered to a question, one line for each entry; those who share a booking one after the other, those who come along with their names. */
function entriesOf({ answers, companions }: Pick<Row, 'answers' | 'companions'>, label: string): string {
  const own = (answers ?? []).filter(([asked]) => asked === label).map(([, value]) => entryOf(value))
  const theirs = (companions ?? []).flatMap(({ name, answers: given = [] }) =>
    given.filter((one) => one.label === label).map(({ value }) => `${name}: ${entryOf(value)}`),
  )
  return [...own, ...theirs].join('\n')
}

/** Numbers with a point and dates as they are in ISO 8601, whoever reads it. */
function entryOf(value: AnswerValue): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return Array.isArray(value) ? value.join('\n') : String(value)
}
