import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '#platform/ctx.ts'
import type { UserScope } from '#platform/scope.ts'
import { comesAfter, orderColumn, sortedBy } from '../arrangement/queries.ts'
import { bookingsInOrder, inTab } from '../queries.ts'
import { bookingIdBy } from '../rows.ts'
import type { Booking } from '../types.ts'
import type { Listed, Listing, ListingCursor } from './types.ts'

export interface ListedPage {
  bookings: Booking[]
  /** Of the whole list, and how many of them come before this page. */
  total: number
  before: number
  next: ListingCursor | null
}

/**
 * Three statements, however long the list is: a page of a host's bookings, and of those they host with others, in any order. With
 * `after` it begins where the index says; `skip` walks.
 */
export async function pageOfBookings(
  { db, clock }: Pick<Ctx, 'db' | 'clock'>,
  scope: UserScope,
  listing: Listing,
): Promise<ListedPage> {
  const now = clock.now().toString()
  const { order, skip, take, after } = listing
  const fits = (shared: boolean) => fitting(scope, listing, now, shared)
  const further = after ? comesAfter(order, after) : sql`true`
  const { rows: counts } = await sql<{ total: number; ahead: number }>`
    select count(*) as total, count(*) filter (where further) as ahead from (
      select ${further} as further from bookings b where b.host_id = ${scope.userId} and ${fits(false)}
      union all select ${further} from co_hosts c join bookings b on b.id = c.booking_id
        where c.host_id = ${scope.userId} and ${fits(true)}) b
  `.execute(db)
  const { total = 0, ahead = 0 } = counts[0] ?? {}
  const sorted = sortedBy(order)
  const reach = skip + take + 1
  const { rows } = await sql<{ id: number; values: string[] }>`
    select b.id, array[${sql.join(order.map(({ by }) => sql`to_json(${orderColumn(by)}) #>> '{}'`))}] as values from (
      (select ${SORTABLE} from bookings b where b.host_id = ${scope.userId} and ${fits(false)} and ${further}
        order by ${sorted} limit ${reach})
      union all (select ${SORTABLE} from co_hosts c join bookings b on b.id = c.booking_id
        where c.host_id = ${scope.userId} and ${fits(true)} and ${further} order by ${sorted} limit ${reach})) b
    order by ${sorted} limit ${take + 1} offset ${skip}
  `.execute(db)
  const shown = rows.slice(0, take)
  const last = shown.at(-1)
  return {
    bookings: await bookingsInOrder(
      db,
      shown.map(({ id }) => id),
    ),
    total,
    before: total - ahead + skip,
    next: rows.length > take && last ? { values: last.values, id: last.id } : null,
  }
}

const SORTABLE = sql`b.id, b.starts_at, b.ends_at, b.created_at, b.updated_at`

const PATTERN = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`

/** @param shared of those that are another's: their attendees are looked at one by one */
function fitting({ userId }: UserScope, listing: Listing, now: string, shared: boolean): RawBuilder<unknown> {
  const { kinds, email, name, uid, eventTypeIds, from, until } = listing
  const whose = shared ? sql`a.booking_id = b.id` : sql`a.host_id = ${userId}`
  const attended = (condition: RawBuilder<unknown>) =>
    sql`b.id in (select a.booking_id from attendees a where ${whose} and ${condition} and a.cancelled_at is null)`
  const bounds = (['start', 'end', 'created', 'updated'] as const).flatMap((by) => [
    ...(from[by] ? [sql`${orderColumn(by)} >= ${from[by].toString()}::timestamptz`] : []),
    ...(until[by] ? [sql`${orderColumn(by)} <= ${until[by].toString()}::timestamptz`] : []),
  ])
  const conditions = [
    sql`true`,
    ...(kinds.length > 0
      ? [
          sql`(${sql.join(
            kinds.map((kind) => ofKind(kind, now)),
            sql` or `,
          )})`,
        ]
      : []),
    ...(email === undefined ? [] : [attended(sql`a.email = ${email}`)]),
    ...(name === undefined ? [] : [attended(sql`a.name ilike ${PATTERN(name)}`)]),
    ...(uid === undefined ? [] : [sql`b.id = ${bookingIdBy(uid)}`]),
    ...(eventTypeIds === undefined ? [] : [sql`b.event_type_id = any(${[...eventTypeIds]}::int8[])`]),
    ...bounds,
  ]
  return sql.join(conditions, sql` and `)
}

function ofKind(kind: Listed, now: string): RawBuilder<unknown> {
  if (kind !== 'recurring') return inTab(kind, now)
  // Each date of it, and not only the next.
  return sql`(b.series_id is not null and (${inTab('upcoming', now)} or ${inTab('unconfirmed', now)}))`
}
