import { type RawBuilder, sql } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'
import type { OfferKey } from '../availability/queries.ts'
import { organizerEmail } from '../event-types/queries.ts'
import { optionsOf } from '../event-types/types.ts'
import type { Answer } from './answers/types.ts'
import { comesAfter, orderColumn, sortedBy } from './arrangement/queries.ts'
import { isAhead, SORTS, type Sort, usualSort } from './arrangement/schema.ts'
import { FEW, type LookedUp, lookUp, matching } from './filters/queries.ts'
import { type BookingFilters, queryOf } from './filters/schema.ts'
import { partyOf } from './policy.ts'
import { bookingIdBy } from './rows.ts'
import { seatView } from './seats/queries.ts'
import type { Attendee, Booking, BookingHost, BookingLocation, BookingTab } from './types.ts'

const coHosts = sql<BookingHost[] | null>`(
  select json_agg(json_build_object('id', h.id, 'name', h.name, 'username', h.username, 'email', h.email,
    'timeZone', h.time_zone, 'locale', h.locale, 'hourCycle', h.hour_cycle, 'avatarEtag', h.avatar_etag,
    'brandColor', h.brand_color, 'brandColorDark', h.brand_color_dark, 'theme', h.page_theme, 'hideBranding', h.hide_branding) order by c.position)
  from co_hosts c join users h on h.id = c.host_id where c.booking_id = b.id)`.as('co_hosts')

interface SeriesCounts {
  count: number
  later: number
  waiting: number[]
}

/** How many a series has, how many of those after this one still stand, and when the others that wait end. */
const seriesCounts = sql<SeriesCounts | null>`(
  select json_build_object('count', count(*), 'later', count(*) filter (
    where s.occurrence > b.occurrence and s.status in ('pending', 'accepted')),
    'waiting', coalesce(json_agg((extract(epoch from s.ends_at) * 1000)::int8) filter (
      where s.id <> b.id and s.status = 'pending'), '[]'))
  from bookings s where s.series_id = b.series_id having count(*) > 0)`.as('series_counts')

function selectBookings(db: Db) {
  return db
    .selectFrom('bookings as b')
    .innerJoin('users as u', 'u.id', 'b.host_id')
    .leftJoin('event_types as e', 'e.id', 'b.event_type_id')
    .select((eb) => [
      'b.id',
      'b.uid',
      'b.status',
      'b.title',
      'b.starts_at',
      'b.ends_at',
      'b.time_zone',
      'b.location',
      'b.notes',
      'b.sequence',
      'b.reason',
      'b.cancelled_by',
      'b.reschedule_requested',
      'b.created_at',
      'b.host_id',
      'b.seats',
      'b.seats_taken',
      'b.series_id',
      'b.occurrence',
      seriesCounts,
      coHosts,
      'u.name as host_name',
      'u.username',
      organizerEmail.as('host_email'),
      'u.time_zone as host_zone',
      'u.locale as host_locale',
      'u.hour_cycle',
      'u.avatar_etag',
      'u.brand_color',
      'u.brand_color_dark',
      'u.page_theme',
      'u.hide_branding',
      'e.id as event_type_id',
      'e.slug',
      'e.title as event_title',
      'e.color',
      // Questions are long, and the answers are with the attendees.
      sql<object | null>`e.options - 'questions'`.as('options'),
      jsonArrayFrom(
        eb
          .selectFrom('attendees as a')
          .whereRef('a.booking_id', '=', 'b.id')
          .select([
            'a.id',
            'a.kind',
            'a.name',
            'a.email',
            'a.time_zone as timeZone',
            'a.locale',
            'a.answers',
            'a.metadata',
            'a.tracking',
            'a.quantity',
            'a.companions',
          ])
          .select(['a.seat_uid as seatUid', 'a.sequence', 'a.notes', 'a.cancelled_by as cancelledBy', 'a.reason'])
          .orderBy('a.id'),
      ).as('attendees'),
    ])
}

type Row = Awaited<ReturnType<ReturnType<typeof selectBookings>['executeTakeFirstOrThrow']>>

function bookingOf(row: Row): Booking {
  return {
    id: row.id,
    uid: row.uid,
    status: row.status,
    title: row.title,
    start: row.starts_at,
    end: row.ends_at,
    timeZone: row.time_zone,
    location: row.location as BookingLocation | null,
    notes: row.notes,
    sequence: row.sequence,
    reason: row.reason,
    cancelledBy: row.cancelled_by,
    rescheduleRequested: row.reschedule_requested,
    createdAt: row.created_at,
    eventType: row.event_type_id === null ? null : eventTypeOf(row.event_type_id, row),
    host: {
      id: row.host_id,
      name: row.host_name,
      username: row.username,
      email: row.host_email,
      timeZone: row.host_zone,
      locale: row.host_locale,
      hourCycle: row.hour_cycle,
      avatarEtag: row.avatar_etag,
      brandColor: row.brand_color,
      brandColorDark: row.brand_color_dark,
      theme: row.page_theme,
      hideBranding: row.hide_branding,
    },
    coHosts: row.co_hosts ?? [],
    ...seatsOf(row),
    series: row.series_id === null || row.series_counts === null ? null : seriesPlace(row, row.series_counts),
  }
}

function seriesPlace({ series_id, occurrence }: Row, counts: SeriesCounts): Booking['series'] {
  return { id: series_id ?? 0, occurrence: occurrence ?? 0, ...counts }
}

/** Who comes, and who would have: those who gave their seat back. */
function seatsOf({
  attendees,
  seats,
  seats_taken,
  options,
}: Row): Pick<Booking, 'attendees' | 'seats' | 'left' | 'others'> {
  const showAttendees = optionsOf(options ?? {}).seats?.showAttendees ?? false
  return {
    attendees: attendees.filter(({ cancelledBy }) => cancelledBy === null).map(attendeeOf),
    left: attendees.filter(({ cancelledBy }) => cancelledBy !== null).map(attendeeOf),
    seats: seats === null ? null : { count: seats, taken: seats_taken, showAttendees },
    others: null,
  }
}

function attendeeOf({
  seatUid: uid,
  sequence,
  notes,
  cancelledBy,
  reason,
  answers,
  ...rest
}: Row['attendees'][number]): Attendee {
  const cancelled = cancelledBy && { cancelledBy, reason }
  return { ...rest, answers: answers as Answer[], seat: uid === null ? null : { uid, sequence, notes, cancelled } }
}

function eventTypeOf(id: number, { slug, event_title, color, options }: Row): Booking['eventType'] {
  const { cancelling, rescheduling, language, mails, replyTo, ...all } = optionsOf(options ?? {})
  const { hideNotes, privateEntry, hideHostEmail, colorDark } = all
  return {
    ...{ id, slug: slug ?? '', title: event_title ?? '', color, cancelling, rescheduling, language, mails, replyTo },
    ...{ hideNotes, privateEntry, hideHostEmail, colorDark },
  }
}

/** Everybody whose time a booking takes. */
export function hostIdsOf({ host, coHosts }: Pick<Booking, 'host' | 'coHosts'>): number[] {
  return [host.id, ...coHosts.map(({ id }) => id)]
}

/** What a booking was made from: its event type, or the link of a group; null when that is gone. */
export function offerKeyBehind({ eventType, host, coHosts, start, end }: Booking): OfferKey | null {
  if (eventType) return { eventTypeId: eventType.id }
  if (coHosts.length === 0) return null
  const minutes = (end.epochMilliseconds - start.epochMilliseconds) / 60_000
  return { group: [host, ...coHosts].map(({ username }) => username), minutes }
}

/** Its address. */
export function offerPathOf(booking: Booking): string | null {
  if (booking.eventType) return `/${booking.host.username}/${booking.eventType.slug}`
  const key = offerKeyBehind(booking)
  return key && 'group' in key ? `/${key.group.join('+')}/${key.minutes}` : null
}

/**
 * For whoever holds the uid, which only its parties were given. That of a seat shows the seat; where there are seats, the booking's own
 * is its host's. Null when there is none.
 */
export async function bookingByUid({ db, actor }: Pick<Ctx, 'db' | 'actor'>, uid: string): Promise<Booking | null> {
  const row = await selectBookings(db).where('b.id', '=', bookingIdBy(uid)).executeTakeFirst()
  if (!row) return null
  const booking = bookingOf(row)
  if (booking.uid === uid) return booking.seats && partyOf(actor, hostIdsOf(booking)) !== 'host' ? null : booking
  const attendee = [...booking.attendees, ...booking.left].find(({ seat }) => seat?.uid === uid)
  return attendee ? seatView(booking, attendee) : null
}

/** For jobs and reactions, which know bookings by id. */
export async function bookingById(db: Db, id: number): Promise<Booking | null> {
  const row = await selectBookings(db).where('b.id', '=', id).executeTakeFirst()
  return row ? bookingOf(row) : null
}

/** These, and of each of these series the first: one statement, for jobs and for those who run the installation. */
export async function bookingsBehind(
  db: Db,
  { ids, seriesIds }: { ids: readonly number[]; seriesIds: readonly number[] },
): Promise<Booking[]> {
  const first = sql`select distinct on (f.series_id) f.id from bookings f where f.series_id = any(${[...seriesIds]}::int8[])
    order by f.series_id, f.occurrence`
  const rows = await selectBookings(db)
    .where(sql<boolean>`b.id in (select unnest(${[...ids]}::int8[]) union all (${first}))`)
    .execute()
  return rows.map(bookingOf)
}

/** Everything a series was booked with, in its order. */
export async function bookingsOfSeries(db: Db, seriesId: number): Promise<Booking[]> {
  const rows = await selectBookings(db).where('b.series_id', '=', seriesId).orderBy('b.occurrence').execute()
  return rows.map(bookingOf)
}

/** In the order of the ids; those that are gone are left out. */
export async function bookingsInOrder(db: Db, ids: readonly number[]): Promise<Booking[]> {
  if (ids.length === 0) return []
  const rows = await selectBookings(db).where('b.id', 'in', ids).execute()
  const found = new Map(rows.map((row) => [row.id, bookingOf(row)]))
  return ids.flatMap((id) => found.get(id) ?? [])
}

/** The host's, or one they host with others. */
function isHostedBy({ userId }: UserScope) {
  return sql<boolean>`(b.host_id = ${userId} or exists (
    select from co_hosts c where c.booking_id = b.id and c.host_id = ${userId}))`
}

/** A host's own booking. Null when there is none, or it is somebody else's. */
export async function ownBooking(db: Db, scope: UserScope, uid: string): Promise<Booking | null> {
  const row = await selectBookings(db).where('b.uid', '=', uid).where(isHostedBy(scope)).executeTakeFirst()
  return row ? bookingOf(row) : null
}

/** Those of some bookings that are the host's, or hosted with others; soonest first. */
export async function ownBookings(db: Db, scope: UserScope, uids: readonly string[]): Promise<Booking[]> {
  if (uids.length === 0) return []
  const rows = await selectBookings(db)
    .where('b.uid', 'in', uids)
    .where(isHostedBy(scope))
    .orderBy('b.starts_at')
    .orderBy('b.id')
    .execute()
  return rows.map(bookingOf)
}

/** Where a page of a list begins: after this row, in the list's order. */
export interface BookingCursor {
  /** The instant the list is in order of (RFC 3339). */
  at: string
  id: number
}

export interface BookingPage {
  bookings: Booking[]
  next: BookingCursor | null
}

const PAGE = 25

export interface BookingSearch {
  tab: BookingTab
  now: { toString(): string }
  after?: BookingCursor
  /** Dates in them are meant in the zone. */
  narrowed?: { filters: BookingFilters; timeZone: string }
  /** Absent: the usual one of the list. */
  sort?: Sort
  /** Rows of a page. */
  size?: number
}

/** One statement: a page of a host's bookings, and of those they host with others. */
export async function listBookings(db: Db, scope: UserScope, search: BookingSearch): Promise<BookingPage> {
  const { size = PAGE } = search
  const wanted = wantedBy(search)
  const rows = await pageOf(db, scope, wanted)
  const bookings = rows.slice(0, size).map(bookingOf)
  const last = bookings.at(-1)
  const at = wanted.order.by === 'start' ? last?.start : last?.createdAt
  return { bookings, next: rows.length > size && last ? { at: String(at), id: last.id } : null }
}

/** Which bookings `b` a page has, and one more that tells of a next page: for statements that read less of them, or more. */
export function idsOfPage(scope: UserScope, search: BookingSearch): IdsInOrder {
  return idsOf(scope, wantedBy(search))
}

/** Conditions on bookings `b`. */
interface Conditions {
  words?: readonly string[]
  /** What an index of the list gives. */
  within: RawBuilder<unknown>
  /** The rest, with what is known of the words; null where they are looked for in each booking. */
  fits: Fits
}

interface Wanted extends Conditions {
  order: ListOrder
  size: number
  /** Absent: what the order begins with is in the list. */
  way?: Way
}

type Fits = (words: LookedUp | null) => RawBuilder<unknown>
type ListOrder = (typeof SORTS)[Sort]

/**
 * How an order is come by that the list has no index for. What is ahead is all read: no host has time for so much that this would be
 * slow. Anything else that narrows the list is weighed by this condition: little is read whole, and much fills a page on a short walk.
 */
type Way = 'all' | { weighedBy: RawBuilder<unknown> }

function wantedBy({ tab, now, after, narrowed, sort = usualSort(tab), size = PAGE }: BookingSearch): Wanted {
  const order = SORTS[sort]
  const further = after ? comesAfter([order], { values: [after.at], id: after.id }) : sql`true`
  const within = sql`${inTab(tab, now.toString())} and ${further}`
  const others = narrowed && { ...narrowed, filters: { ...narrowed.filters, words: [] } }
  const isNarrow = tab === 'cancelled' || (others !== undefined && queryOf(others.filters) !== '')
  const hasIndex = order.by === 'start' && (tab !== 'recurring' || order.direction === 'asc')
  return {
    words: narrowed?.filters.words ?? [],
    within,
    fits: (words) => found(narrowed, words),
    ...{ order, size: size + 1 },
    ...(hasIndex || (!isAhead(tab) && !isNarrow)
      ? {}
      : { way: isAhead(tab) ? 'all' : { weighedBy: sql`${within} and ${found(others, null)}` } }),
  }
}

interface IdsInOrder {
  ids: RawBuilder<number>
  order: ListOrder
}

/** Both kinds are walked over their own index, as far as the page goes, before anything else of them is read. */
function idsOf(scope: UserScope, { order, size, ...wanted }: Wanted): IdsInOrder {
  const sorted = sortedBy([order])
  const { known, each } = sources(scope, wanted, { sorted, size })
  const ids = sql<number>`(${known} select b.id from (
    ${sql.join(
      each.map((source) => sql`(${source} order by ${sorted} limit ${size})`),
      sql` union all `,
    )}) b order by ${sorted} limit ${size})`
  return { ids, order }
}

async function pageOf(db: Db, scope: UserScope, wanted: Wanted): Promise<Row[]> {
  const { ids, order } = idsOf(scope, wanted)
  return selectBookings(db)
    .where('b.id', 'in', ids)
    .orderBy(orderColumn(order.by), order.direction)
    .orderBy('b.id', order.direction)
    .execute()
}

/** So many bookings are looked at before a word is looked up: with every tenth of them, they fill a page. */
const FIRST = 300

/** When they promise a page within `LIKELY`, further ones are looked at instead; up to here, as they need not be like the first. */
const REACH = 1800
const LIKELY = 1300

interface Page {
  sorted: RawBuilder<unknown>
  size: number
}

/**
 * Where a host's bookings come from: their own, all or those that have a rare word, and what they host with others. With words and a page
 * of a list that has an index, the first bookings tell how frequent what is sought is, and mostly the page is full with them.
 */
function sources(scope: UserScope, { words = [], within, fits, way }: Conditions & Pick<Wanted, 'way'>, page?: Page) {
  const { userId } = scope
  const hasWords = words.length > 0
  const first = page && hasWords && !way ? firstOf(scope, { within, fits }, page) : null
  const lookedUp = lookUp(scope, words, first ? sql<boolean>`not ${first.isFull}` : sql`true`)
  const { isRare, rareIds } = lookedUp
  const known = [...(first ? [first.known] : []), ...(hasWords ? [lookedUp.known] : [])]
  const own = sql`select b.id, b.starts_at, b.created_at from bookings b where b.host_id = ${userId} and ${within}`
  const shared = sql`select b.id, b.starts_at, b.created_at from co_hosts c join bookings b on b.id = c.booking_id
    where c.host_id = ${userId} and ${within} and ${fits(null)}`
  // As an array, so that rows are fetched by it whatever the planner takes for its length.
  const among = (ids: RawBuilder<unknown>) => sql`b.id = any(array(${ids}))`
  const fetched = sql`${own} and ${isRare} and ${among(rareIds)} and ${fits(lookedUp)}`
  const walked = sql`${own} and ${fits(null)}`
  const unlessRare = hasWords ? sql`not ${isRare} and not ${first?.isFull ?? sql`false`}` : sql`true`
  const each = [...(hasWords ? [fetched] : []), ...(first ? [first.rows] : []), shared]
  // Without `offset 0` it would be walked in its order, past everything that is over.
  if (way === 'all')
    return { known: beginning(known), each: [sql`select * from (${walked} and ${unlessRare} offset 0) b`, ...each] }
  if (!way) return { known: beginning(known), each: [sql`${walked} and ${unlessRare}`, ...each] }
  const few = sql`few (id) as materialized (
    select b.id from bookings b where b.host_id = ${userId} and ${unlessRare} and ${way.weighedBy} limit ${FEW + 1})`
  const isFew = sql`(select count(*) <= ${FEW} from few)`
  return {
    known: beginning([...known, few]),
    each: [
      sql`${walked} and ${unlessRare} and not ${isFew}`,
      sql`${own} and ${unlessRare} and ${isFew} and ${among(sql`select id from few`)} and ${fits(null)}`,
      ...each,
    ],
  }
}

function beginning(known: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return known.length === 0 ? sql`` : sql`with ${sql.join(known)}`
}

/** Those of a host's first bookings that fit, up to a page, and whether it is full with them. */
function firstOf({ userId }: UserScope, { within, fits }: Conditions, { sorted, size }: Page) {
  const some = (from: number, to: number, most: RawBuilder<unknown>) => sql`
    select id, starts_at, created_at from (
      select b.* from bookings b where b.host_id = ${userId} and ${within} order by ${sorted} offset ${from} limit ${to - from}) b
    where ${fits(null)} order by ${sorted} limit ${most}`
  const count = sql`(select count(*) from first)`
  const isPromising = sql`${count} between ${Math.ceil((size * FIRST) / LIKELY)} and ${size - 1}`
  const isFull = sql<boolean>`(${count} + (select count(*) from further) = ${size})`
  return {
    isFull,
    known: sql`first as materialized (${some(0, FIRST, sql`${size}`)}),
      further as materialized (${some(FIRST, REACH, sql`case when ${isPromising} then ${size} - ${count} else 0 end`)})`,
    rows: sql`select * from (table first union all table further) b where ${isFull}`,
  }
}

function found(narrowed: BookingSearch['narrowed'], words: LookedUp | null) {
  return narrowed ? sql`${matching(narrowed.filters, narrowed.timeZone, words)}` : sql`true`
}

/** A form asks at most fifty questions; whoever rewords them often gets columns for the latest. */
const MOST_LABELS = 200

/** One statement: what was asked in the bookings of a search, each wording once, those of the latest bookings first. */
export async function labelsAsked(
  db: Db,
  scope: UserScope,
  { tab, now, narrowed }: Pick<BookingSearch, 'tab' | 'now' | 'narrowed'>,
): Promise<string[]> {
  const words = narrowed?.filters.words ?? []
  const { known, each } = sources(scope, {
    words,
    within: inTab(tab, now.toString()),
    fits: (known) => found(narrowed, known),
  })
  const { rows } = await sql<{ label: string }>`
    ${known} select x.answer ->> 'label' as label
    from (${sql.join(each, sql` union all `)}) b
    join attendees a on a.booking_id = b.id
    cross join lateral jsonb_array_elements(a.answers || jsonb_path_query_array(a.companions, '$[*].answers[*]'))
      with ordinality x(answer, n)
    group by 1 order by max(b.starts_at) desc, min(x.n), 1 limit ${MOST_LABELS}
  `.execute(db)
  return rows.map(({ label }) => label)
}

/** One statement: what takes place from an instant on, what has begun by then included, soonest first. */
export async function agendaFrom(
  db: Db,
  scope: UserScope,
  from: { toString(): string },
  most: number,
): Promise<Booking[]> {
  const within = inTab('upcoming', from.toString())
  return (await pageOf(db, scope, { within, fits: () => sql`true`, order: SORTS.soonest, size: most })).map(bookingOf)
}

/**
 * Statuses are written out, since the partial indexes are found by them; and nothing lasts longer than a day, so that a list of what
 * is ahead does not begin with everything that ever was.
 */
export function inTab(tab: BookingTab, now: string) {
  const at = sql`${now}::timestamptz`
  const ahead = sql`b.ends_at > ${at} and b.starts_at > ${at} - interval '25 hours'`
  switch (tab) {
    case 'upcoming':
      return sql<boolean>`(b.status = 'accepted' and ${ahead})`
    case 'unconfirmed':
      return sql<boolean>`(b.status = 'pending' and ${ahead})`
    case 'recurring':
      // A series is there once, by its next date.
      return sql<boolean>`(b.series_id is not null and b.status in ('accepted', 'pending') and ${ahead} and not exists (
        select from bookings e where e.series_id = b.series_id and e.status in ('accepted', 'pending') and e.ends_at > ${at}
          and (e.starts_at, e.id) < (b.starts_at, b.id)))`
    case 'past':
      return sql<boolean>`(b.status in ('accepted', 'pending') and b.ends_at <= ${at} and b.starts_at < ${at})`
    case 'cancelled':
      return sql<boolean>`(b.status in ('cancelled', 'rejected'))`
    case 'all':
      return sql<boolean>`true`
  }
}

/** How many bookings of the host, and of those they host with others, wait for an answer. */
export async function countUnconfirmed(db: Db, { userId }: UserScope, now: { toString(): string }): Promise<number> {
  const waits = sql`b.status = 'pending' and b.ends_at > ${now.toString()}::timestamptz`
  const { rows } = await sql<{ count: number }>`
    select (select count(*) from bookings b where b.host_id = ${userId} and ${waits})
      + (select count(*) from co_hosts c join bookings b on b.id = c.booking_id
        where c.host_id = ${userId} and ${waits}) as count
  `.execute(db)
  return rows[0]?.count ?? 0
}

/** What happened to a booking, oldest first. */
export interface HistoryEntry {
  name: string
  /** RFC 3339. */
  at: string
  by: 'host' | 'attendee' | 'system'
  fromStart: number | null
}

/** What events tell of a booking: itself, and the series it was made in. */
export function subjectsOf({ id, series }: Pick<Booking, 'id' | 'series'>): string[] {
  return [`booking:${id}`, ...(series ? [`series:${series.id}`] : [])]
}

/** The history of a booking from the outbox; of a seat, only what concerns it. */
export async function bookingHistory(
  db: Db,
  booking: Pick<Booking, 'id' | 'host' | 'coHosts' | 'others' | 'attendees' | 'series'>,
): Promise<HistoryEntry[]> {
  const rows = await db
    .selectFrom('events')
    .where('subject', 'in', subjectsOf(booking))
    .select(['name', 'payload', 'actor', 'occurred_at'])
    .orderBy('position')
    .execute()
  const own = booking.others && booking.attendees[0]?.id
  const told = rows.filter(({ payload }) => {
    const { attendeeId = own } = payload as { attendeeId?: number }
    return own === null || attendeeId === own
  })
  const hostIds = hostIdsOf(booking)
  return told.map((row) => {
    const actor = row.actor as { kind: string; id?: number }
    const { fromStart } = row.payload as { fromStart?: number }
    return {
      name: row.name,
      at: row.occurred_at.toString(),
      by: actor.kind === 'system' ? 'system' : hostIds.includes(actor.id ?? 0) ? 'host' : 'attendee',
      fromStart: fromStart ?? null,
    }
  })
}

/** Titles of bookings that somebody hosts, by id, with the uid their pages go by. */
export async function bookingTitles(
  db: Db,
  scope: UserScope,
  ids: readonly number[],
): Promise<ReadonlyMap<number, { uid: string; title: string }>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('bookings as b')
    .select(['b.id', 'b.uid', 'b.title'])
    .where(isHostedBy(scope))
    .where('b.id', 'in', ids)
    .execute()
  return new Map(rows.map(({ id, uid, title }) => [id, { uid, title }]))
}
