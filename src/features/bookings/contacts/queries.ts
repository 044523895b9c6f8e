import { type RawBuilder, sql } from 'kysely'
import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'
import { bookingError } from '../errors.ts'
import { hasWord, lookUpEach, spellsWord } from '../filters/queries.ts'
import type { BookingStatus } from '../types.ts'

/** Somebody who booked or came along, by mail address. All of it is read from the bookings, but tags and notes. */
export interface Contact {
  /** Id of the first attendee with this address, so that no address of a page holds one. */
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
  /** Rows of a page. */
  size?: number
}

const PAGE = 50
const MOST_WORDS = 8

/** So many people are looked at, by each of their names, before a word is looked up. */
const FIRST = 700

/** While they promise a page within `LIKELY`, further ones are looked at instead; up to here, as they need not be like the first. */
const REACH = 3000
const LIKELY = 2500

/**
 * Rows of a word that are looked up before all addresses are walked: who comes back has many. A word that is frequent and yet not found
 * among the first stands together somewhere, as addresses do that begin alike, and the walk there may be long.
 */
const FEW = 14_000

/** One statement: a page of contacts in the order of their addresses, which an index holds. */
export async function listContacts(
  db: Db,
  { userId }: UserScope,
  { words, tag, after, size = PAGE }: ContactSearch,
): Promise<{ contacts: Contact[]; next: string | null }> {
  const typed = words.split(/\s+/).filter((word) => word !== '')
  const sought = [
    ...(tag === '' ? [] : [soughtTag(userId, tag)]),
    ...typed.slice(0, MOST_WORDS).map((word) => soughtWord(userId, word)),
  ]
  const fits = sql.join([sql`true`, ...sought.map(({ onTheWalk }) => onTheWalk)], sql` and `)
  const isOne = sql`a.email not in (select m.email from contacts m where m.user_id = ${userId} and m.merged_into is not null)`
  const first = tag === '' ? firstPeople(userId, { after, size, hit: sql`(${isOne} and ${fits})` }) : null
  const isDone = first?.isDone ?? sql<boolean>`false`
  const { known, isRare, rareIds } = lookUpEach(sought, { id: sql`a.email`, few: FEW, asked: sql`not ${isDone}` })
  const among = (narrowed: RawBuilder<unknown>) => sql`
    select a.email from attendees a where a.host_id = ${userId} and ${isOne}
      -- Those who were forgotten have none.
      and a.email > ${after ?? ''} and ${narrowed} and ${fits}
    group by a.email order by a.email limit ${size + 1}`
  const found =
    sought.length === 0
      ? sql`with page as (${among(sql`true`)})`
      : sql`with recursive ${first ? sql`${first.known},` : sql``} ${known}, page as (
        ${first ? sql`${first.rows} union all` : sql``}
        (${among(sql`not ${isDone} and not ${isRare}`)})
        union all (${among(sql`${isRare} and a.email = any(array(${rareIds}))`)}))`
  const { rows } = await sql<Contact & { lastAt: { toString(): string } }>`
    ${found}
    select l.id, p.email, l.name, l.bookings, l."noShows", l.starts_at as "lastAt", coalesce(c.tags, '{}') as tags
    from page p
    left join contacts c on c.user_id = ${userId} and c.email = p.email
    cross join lateral (
      select min(a.id) filter (where a.email = p.email) as id, count(distinct a.booking_id) as bookings,
        count(*) filter (where a.no_show) as "noShows", max(b.starts_at) as starts_at,
        (array_agg(a.name order by b.starts_at desc, a.id desc))[1] as name
      from (
        select * from attendees o where o.host_id = ${userId} and o.email = p.email
        union all select o.* from contacts m join attendees o on o.host_id = ${userId} and o.email = m.email
        where m.merged_into = c.id) a
      join bookings b on b.id = a.booking_id) l
    order by p.email
  `.execute(db)
  const contacts = rows.slice(0, size).map((row) => ({ ...row, lastAt: row.lastAt.toString() }))
  return { contacts, next: rows.length > size ? (contacts.at(-1)?.email ?? null) : null }
}

/**
 * Those of the first people who are sought, and whether more need be looked at. From one name of an address to the next is a step in the
 * index, however often they came; it goes on as long as it promises a page.
 * @param hit whether attendee `a` is sought
 */
function firstPeople(
  userId: number,
  { after, size, hit }: { after: string | null; size: number; hit: RawBuilder<unknown> },
) {
  const next = (beyond: RawBuilder<unknown>, known: RawBuilder<unknown>) => sql`
    select a.email, a.name, (${known} or ${hit}) as hit from attendees a where a.host_id = ${userId} and ${beyond}
    order by a.email, a.name limit 1`
  return {
    known: sql`walk (email, name, hit, found, steps) as (
        select n.*, n.hit::int, 1 from (${next(sql`a.email > ${after ?? ''}`, sql`false`)}) n
        union all
        select n.*, w.found + (n.hit and not (w.hit and n.email = w.email))::int, w.steps + 1
        from walk w cross join lateral (
          ${next(sql`(a.email, a.name) > (w.email, w.name)`, sql`w.hit and a.email = w.email`)}) n
        where w.found <= ${size} and w.steps < ${REACH}
          and (w.steps < ${FIRST} or w.found * ${LIKELY} >= w.steps * ${size + 1})),
      first (email) as materialized (select distinct email from walk where hit order by email limit ${size + 1})`,
    // A page is full, or there is nobody further on.
    isDone: sql<boolean>`((select count(*) from first) > ${size} or (select count(*) from walk) < ${FIRST})`,
    rows: sql`select email from first where (select count(*) from first) > ${size} or (select count(*) from walk) < ${FIRST}`,
  }
}

/** By name and address; what is known by another address counts as well: those are few, so each is looked at (`offset 0`). */
function soughtWord(userId: number, word: string) {
  const byOther = sql`
    select p.email from contacts m join contacts p on p.id = m.merged_into
    where m.user_id = ${userId} and (${spellsWord(word, 'm.email')} or exists (
      select from attendees n where n.host_id = ${userId} and n.email = m.email and ${spellsWord(word, 'n.name')} offset 0))`
  return {
    found: sql`
      (select w.email from attendees w
        where w.host_id = ${userId} and ${hasWord(word, 'w.name', 'w.email')}) union all ${byOther}`,
    onTheWalk: sql<boolean>`(${spellsWord(word, 'a.name', 'a.email')} or a.email in (${byOther}))`,
  }
}

function soughtTag(userId: number, tag: string) {
  const tagged = sql`
    select t.email from contacts t where t.user_id = ${userId} and t.tags @> array[${tag}]::text[] and t.merged_into is null`
  return { found: tagged, onTheWalk: sql<boolean>`a.email in (${tagged})` }
}

export interface TagCount {
  tag: string
  count: number
}

const MOST_TAGS_SHOWN = 30

/** The tags of a host's contacts, the most frequent first. */
export async function listTags(db: Db, { userId }: UserScope): Promise<TagCount[]> {
  const { rows } = await sql<TagCount>`
    select tag, count(*) as count from contacts c, unnest(c.tags) tag
    where c.user_id = ${userId} and c.tags <> '{}' and c.merged_into is null group by tag order by count desc, tag limit ${MOST_TAGS_SHOWN}
  `.execute(db)
  return rows
}

export interface ContactDetail extends Omit<Contact, 'lastAt'> {
  firstAt: string
  notes: string
  /** Other addresses of theirs. */
  others: string[]
  /** Addresses that belong to the same name and may be the same person. */
  namesakes: string[]
}

const MOST_NAMESAKES = 5

/** One statement; the id of any of their addresses will do. @throws contact_not_found for an attendee of somebody else */
export async function contactById(db: Db, { userId }: UserScope, id: number): Promise<ContactDetail> {
  // Namesakes are found by the name first (`offset 0`): whoever looks for five addresses in their order walks past all there are.
  const { rows } = await sql<ContactDetail & { firstAt: { toString(): string } }>`
    with own as (
      select coalesce(p.id, c.id) as contact_id, coalesce(p.email, w.email) as email
      from attendees w left join contacts c on c.user_id = ${userId} and c.email = w.email
      left join contacts p on p.id = c.merged_into
      where w.id = ${id} and w.host_id = ${userId} and w.email <> ''),
    others as (select array(
      select m.email from contacts m join own on m.merged_into = own.contact_id order by m.email) as emails),
    known as (select own.email || others.emails as emails from own, others),
    latest as (
      select a.name from known, attendees a join bookings b on b.id = a.booking_id
      where a.host_id = ${userId} and a.email = any(known.emails) order by b.starts_at desc, a.id desc limit 1)
    select min(a.id) filter (where a.email = own.email) as id, own.email, latest.name, count(distinct a.booking_id) as bookings,
      count(*) filter (where a.no_show) as "noShows", min(b.starts_at) as "firstAt",
      coalesce(c.tags, '{}') as tags, coalesce(c.notes, '') as notes, others.emails as others,
      array(select distinct n.email from (
        select email from attendees where host_id = ${userId} and email <> all(known.emails)
          and name ilike replace(replace(replace(latest.name, '\\', '\\\\'), '%', '\\%'), '_', '\\_') offset 0) n
        order by n.email limit ${MOST_NAMESAKES}) as namesakes
    from own cross join others cross join known cross join latest
    join attendees a on a.host_id = ${userId} and a.email = any(known.emails)
    join bookings b on b.id = a.booking_id
    left join contacts c on c.id = own.contact_id
    group by own.email, latest.name, others.emails, known.emails, c.tags, c.notes
  `.execute(db)
  const [row] = rows
  if (!row) throw bookingError('contact_not_found')
  return { ...row, firstAt: row.firstAt.toString() }
}

/** Every address of theirs. */
export function addressesOf({ email, others }: Pick<ContactDetail, 'email' | 'others'>): string[] {
  return [email, ...others]
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
  emails: readonly string[],
  after: { start: string; id: number } | null,
): Promise<{ attendances: Attendance[]; next: { start: string; id: number } | null }> {
  const from = after === null ? sql`true` : sql`(b.starts_at, a.id) < (${after.start}::timestamptz, ${after.id}::int8)`
  const { rows } = await sql<Attendance & { startsAt: { toString(): string } }>`
    select b.uid, b.title, b.status, b.starts_at as "startsAt", a.no_show as "noShow", a.id as "attendeeId"
    from attendees a join bookings b on b.id = a.booking_id
    where a.host_id = ${userId} and a.email = any(${[...emails]}::text[]) and ${from}
    order by b.starts_at desc, a.id desc limit ${HISTORY_PAGE + 1}
  `.execute(db)
  const attendances = rows.slice(0, HISTORY_PAGE).map((row) => ({ ...row, startsAt: row.startsAt.toString() }))
  const last = attendances.at(-1)
  const next = rows.length > HISTORY_PAGE && last ? { start: last.startsAt, id: last.attendeeId } : null
  return { attendances, next }
}

/** Everything that is known of one contact, for whoever asks what that is. */
export async function exportContact(db: Db, scope: UserScope, id: number) {
  const contact = await contactById(db, scope, id)
  const { rows } = await sql<object>`
    select b.uid, b.title, b.status, b.starts_at as "startsAt", b.ends_at as "endsAt", b.location, b.reason, b.created_at as "bookedAt",
      a.kind, a.name, a.email, a.time_zone as "timeZone", a.locale as language, a.quantity, a.companions, a.answers,
      concat_ws(e'\\n', nullif(b.notes, ''), nullif(a.notes, '')) as notes, a.no_show as "noShow",
      (select json_build_object('stars', r.stars, 'comment', r.comment, 'at', r.created_at)
        from booking_ratings r where r.attendee_id = a.id) as rating,
      (select coalesce(json_agg(json_build_object('name', f.name, 'size', octet_length(f.bytes)) order by f.id), '[]')
        from booking_files f where f.booking_id = b.id and a.kind = 'booker') as files
    from attendees a join bookings b on b.id = a.booking_id
    where a.host_id = ${scope.userId} and a.email = any(${addressesOf(contact)}::text[])
    order by b.starts_at, a.id
  `.execute(db)
  const { name, tags, notes } = contact
  return { name, addresses: addressesOf(contact), tags, notes, bookings: rows }
}
