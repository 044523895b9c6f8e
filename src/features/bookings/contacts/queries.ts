import { sql } from 'kysely'
import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'
import { bookingError } from '../errors.ts'
import type { BookingStatus } from '../types.ts'

/** Somebody who booked or came along, by mail address. All of it is read from the bookings, but tags and notes. */
export interface Contact {
  /** Id of an attendee with this address, so that no address of a page holds one. */
  id: number
  email: string
  /** As they last wrote it. */
  name: string
  bookings: number
  noShows: number
  /** When the latest of the bookings begins. RFC 3339. */
  lastAt: string
  tags: string[]
}

export interface ContactSearch {
  /** Parts of name or mail address, separated by spaces. */
  words: string
  tag: string
  /** The last address of the page before. */
  after: string | null
}

const PAGE = 50
const LEAST_INDEXED = 3

/** One statement: a page of contacts in the order of their addresses, which an index holds. */
export async function listContacts(
  db: Db,
  { userId }: UserScope,
  { words, tag, after }: ContactSearch,
): Promise<{ contacts: Contact[]; next: string | null }> {
  const narrowed = [
    ...(after === null ? [] : [sql`a.email > ${after}`]),
    ...(tag === ''
      ? []
      : [
          sql`a.email in (select t.email from contacts t where t.user_id = ${userId} and t.tags @> array[${tag}]::text[])`,
        ]),
    ...words
      .split(/\s+/)
      .filter((word) => word !== '')
      .slice(0, 8)
      .map((word) => hasWord(userId, word)),
  ].map((condition) => sql`and ${condition}`)
  const { rows } = await sql<Contact & { lastAt: { toString(): string } }>`
    with page as (
      select a.email from attendees a where a.host_id = ${userId} ${sql.join(narrowed, sql` `)}
      group by a.email order by a.email limit ${PAGE + 1})
    select l.id, p.email, l.name, s.bookings, s."noShows", l.starts_at as "lastAt", coalesce(c.tags, '{}') as tags
    from page p
    cross join lateral (
      select count(distinct a.booking_id) as bookings, count(*) filter (where a.no_show) as "noShows"
      from attendees a where a.host_id = ${userId} and a.email = p.email) s
    cross join lateral (
      select a.id, a.name, b.starts_at from attendees a join bookings b on b.id = a.booking_id
      where a.host_id = ${userId} and a.email = p.email order by b.starts_at desc, a.id desc limit 1) l
    left join contacts c on c.user_id = ${userId} and c.email = p.email
    order by p.email
  `.execute(db)
  const contacts = rows.slice(0, PAGE).map((row) => ({ ...row, lastAt: row.lastAt.toString() }))
  return { contacts, next: rows.length > PAGE ? (contacts.at(-1)?.email ?? null) : null }
}

/** So many are looked up before the addresses are walked instead (see filters/queries.ts). */
const FEW = 2000

/** A rare word is looked up in the index of words; a frequent or short one is found soon on the way through the addresses. */
function hasWord(userId: number, word: string) {
  const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`
  const onTheWalk = sql`(a.name ilike ${pattern} or a.email ilike ${pattern})`
  if ([...word].length < LEAST_INDEXED) return onTheWalk
  return sql`coalesce(a.email in (
    select case when count(*) over () <= ${FEW} then f.email end from (
      select w.email from attendees w
      where w.host_id = ${userId} and (w.name ilike ${pattern} or w.email ilike ${pattern}) limit ${FEW + 1}) f), ${onTheWalk})`
}

export interface ContactDetail extends Omit<Contact, 'lastAt'> {
  firstAt: string
  notes: string
}

/** One statement. @throws contact_not_found for an attendee of somebody else */
export async function contactById(db: Db, { userId }: UserScope, id: number): Promise<ContactDetail> {
  const { rows } = await sql<ContactDetail & { firstAt: { toString(): string } }>`
    select ${id}::int8 as id, w.email,
      (select a.name from attendees a join bookings b on b.id = a.booking_id
        where a.host_id = ${userId} and a.email = w.email order by b.starts_at desc, a.id desc limit 1) as name,
      count(distinct a.booking_id) as bookings, count(*) filter (where a.no_show) as "noShows", min(b.starts_at) as "firstAt",
      coalesce(c.tags, '{}') as tags, coalesce(c.notes, '') as notes
    from attendees w
    join attendees a on a.host_id = ${userId} and a.email = w.email
    join bookings b on b.id = a.booking_id
    left join contacts c on c.user_id = ${userId} and c.email = w.email
    where w.id = ${id} and w.host_id = ${userId}
    group by w.email, c.tags, c.notes
  `.execute(db)
  const [row] = rows
  if (!row) throw bookingError('contact_not_found')
  return { ...row, firstAt: row.firstAt.toString() }
}

export interface Attendance {
  uid: string
  title: string
  status: BookingStatus
  /** RFC 3339. */
  startsAt: string
  noShow: boolean
  attendeeId: number
}

const HISTORY_PAGE = 25

/** A page of the bookings somebody has to do with, latest first. */
export async function attendancesOf(
  db: Db,
  { userId }: UserScope,
  email: string,
  after: { start: string; id: number } | null,
): Promise<{ attendances: Attendance[]; next: { start: string; id: number } | null }> {
  const from = after === null ? sql`true` : sql`(b.starts_at, a.id) < (${after.start}::timestamptz, ${after.id}::int8)`
  const { rows } = await sql<Attendance & { startsAt: { toString(): string } }>`
    select b.uid, b.title, b.status, b.starts_at as "startsAt", a.no_show as "noShow", a.id as "attendeeId"
    from attendees a join bookings b on b.id = a.booking_id
    where a.host_id = ${userId} and a.email = ${email} and ${from}
    order by b.starts_at desc, a.id desc limit ${HISTORY_PAGE + 1}
  `.execute(db)
  const attendances = rows.slice(0, HISTORY_PAGE).map((row) => ({ ...row, startsAt: row.startsAt.toString() }))
  const last = attendances.at(-1)
  const next = rows.length > HISTORY_PAGE && last ? { start: last.startsAt, id: last.attendeeId } : null
  return { attendances, next }
}
