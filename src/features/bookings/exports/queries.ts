import { sql } from 'kysely'
import { BYTE_ORDER_MARK, csvRecord } from '#platform/csv.ts'
import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'
import type { Answer } from '../answers/types.ts'
import { placeOf } from '../entries/types.ts'
import { TRACKING } from '../metadata/schema.ts'
import { type BookingCursor, type BookingSearch, labelsAsked, listBookings } from '../queries.ts'
import type { Booking } from '../types.ts'

const AT_ONCE = 500

/**
 * Names of the columns are for programs and stay what they are; those of answers follow, named by the question as it was asked.
 * Instants are RFC 3339 in UTC.
 */
const COLUMNS = [
  ...['uid', 'status', 'title', 'event_type', 'start', 'end', 'minutes', 'time_zone'],
  ...['booker_name', 'booker_email', 'booker_time_zone', 'guests', 'location', 'notes'],
  ...['reason', 'cancelled_by', 'host_no_show', 'attendee_no_shows', 'rating', 'rating_comment', 'created_at'],
  ...[...TRACKING, 'metadata'],
]

/**
 * A search as CSV (RFC 4180), piece by piece, in the order of its list: one statement, and two for each 500 bookings, and never more of
 * them in memory.
 * @param mark begin with a byte order mark
 */
export async function* exportBookings(
  db: Db,
  scope: UserScope,
  search: Omit<BookingSearch, 'after' | 'size'>,
  mark: boolean,
): AsyncGenerator<string> {
  const labels = await labelsAsked(db, scope, search)
  yield (mark ? BYTE_ORDER_MARK : '') + csvRecord([...COLUMNS, ...labels])
  let after: BookingCursor | undefined
  do {
    const { bookings, next } = await listBookings(db, scope, { ...search, after, size: AT_ONCE })
    const outcomes = await outcomesOf(db, scope, bookings)
    if (bookings.length > 0)
      yield bookings
        .map((one) => csvRecord([...cellsOf(one, outcomes.get(one.id)), ...answersOf(one, labels)]))
        .join('')
    after = next ?? undefined
  } while (after)
}

interface Outcome {
  id: number
  host_no_show: boolean
  /** Several where there are seats. */
  stars: number[]
  comments: string[]
  no_shows: string[]
}

/** How meetings went, by id of the booking. */
async function outcomesOf(
  db: Db,
  { userId }: UserScope,
  bookings: readonly Booking[],
): Promise<ReadonlyMap<number, Outcome>> {
  const { rows } = await sql<Outcome>`
    select b.id, b.host_no_show,
      array(select r.stars from booking_ratings r where r.booking_id = b.id order by r.attendee_id) as stars,
      array(select r.comment from booking_ratings r where r.booking_id = b.id and r.comment <> '' order by r.attendee_id) as comments,
      array(select a.email from attendees a where a.booking_id = b.id and a.no_show order by a.id) as no_shows
    from bookings b
    where b.id = any(${bookings.map(({ id }) => id)}::int8[]) and (b.host_id = ${userId}
      or exists (select from co_hosts c where c.booking_id = b.id and c.host_id = ${userId}))
  `.execute(db)
  return new Map(rows.map((row) => [row.id, row]))
}

function cellsOf(booking: Booking, outcome: Outcome | undefined): (string | number)[] {
  const booker = booking.attendees.find(({ kind }) => kind === 'booker')
  const guests = booking.attendees.filter(({ kind }) => kind === 'guest').map(({ email }) => email)
  return [
    ...[booking.uid, booking.status, booking.title, booking.eventType?.title ?? ''],
    ...[booking.start.toString(), booking.end.toString()],
    (booking.end.epochMilliseconds - booking.start.epochMilliseconds) / 60_000,
    booking.timeZone,
    ...[booker?.name ?? '', booker?.email ?? '', booker?.timeZone ?? '', guests.join(' ')],
    ...[booking.location ? placeOf(booking.location) : '', booking.notes, booking.reason, booking.cancelledBy ?? ''],
    ...[outcome?.host_no_show ? 'yes' : '', outcome?.no_shows.join(' ') ?? ''],
    ...[outcome?.stars.join(' ') ?? '', outcome?.comments.join('\n') ?? '', booking.createdAt.toString()],
    ...TRACKING.map((name) => booker?.tracking[name] ?? ''),
    booker && Object.keys(booker.metadata).length > 0 ? JSON.stringify(booker.metadata) : '',
  ]
}

/** What was answered to each question, one line for each entry; those who share a booking one after the other. */
function answersOf({ attendees }: Booking, labels: readonly string[]): string[] {
  const answers = attendees.flatMap((one) => one.answers)
  return labels.map((label) =>
    answers
      .filter((answer) => answer.label === label)
      .map(entryOf)
      .join('\n'),
  )
}

/** Numbers with a point and dates as they are in ISO 8601, whoever reads it. */
function entryOf({ value }: Answer): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return Array.isArray(value) ? value.join('\n') : String(value)
}
