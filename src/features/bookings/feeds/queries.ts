import { sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import { decrypt, deriveKey, hashToken } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import { isLocale, type Locale } from '#platform/i18n/locale.ts'
import type { UserScope } from '#platform/scope.ts'
import { organizerEmail } from '../../event-types/queries.ts'
import { optionsOf } from '../../event-types/types.ts'
import type { EntrySource } from '../entries/types.ts'
import type { Attendee } from '../types.ts'
import { feedSpan } from './rules.ts'
import { type BusyTime, FEED_ENDINGS, type FeedKind, type OwnFeed } from './types.ts'

/** The feeds that are on. */
export async function listFeeds({ userId }: UserScope, { db, config }: Pick<Ctx, 'db' | 'config'>): Promise<OwnFeed[]> {
  const rows = await db.selectFrom('calendar_feeds').selectAll().where('user_id', '=', userId).orderBy('kind').execute()
  const key = sealingKey(config)
  return rows.map(({ kind, sealed_token, details, created_at }) => {
    const token = opened(key, sealed_token)
    const address = token && new URL(`/feeds/${token}.${FEED_ENDINGS[kind]}`, config.url).href
    return { kind, address, details, createdAt: created_at.epochMilliseconds }
  })
}

/** A feed that somebody has the address of. Whoever holds it reads for its owner, and only what the feed tells. */
export interface OpenFeed {
  id: number
  userId: number
  details: boolean
  owner: { name: string; email: string; locale: Locale; timeZone: string }
}

/** One statement, whatever the token is like. Null when it leads nowhere. */
export async function feedByToken(db: Db, kind: FeedKind, token: string): Promise<OpenFeed | null> {
  const row = await db
    .selectFrom('calendar_feeds as f')
    .innerJoin('users as u', 'u.id', 'f.user_id')
    .where('f.token_hash', '=', hashToken(token))
    .where('f.kind', '=', kind)
    .select(['f.id', 'f.user_id', 'f.details', 'u.name', 'u.email', 'u.locale', 'u.time_zone'])
    .executeTakeFirst()
  if (!row) return null
  const { id, user_id, details, name, email, locale, time_zone } = row
  const owner = { name, email, locale: isLocale(locale) ? locale : 'en', timeZone: time_zone } as const
  return { id, userId: user_id, details, owner }
}

/** Far more than anybody can attend in the time a feed covers; beyond it the oldest are left out. */
const MOST_ENTRIES = 20_000

/** A booking as far as a feed tells of it. */
export type FeedBooking = Omit<EntrySource, 'attendees'> & {
  attendees: Pick<Attendee, 'kind' | 'name' | 'email' | 'answers' | 'companions'>[]
  updatedAt: Temporal.Instant
}

/** One statement: what stands of the bookings of a feed's owner, hosted alone or with others, in order of time. */
export async function bookingsOfFeed(db: Db, { userId }: OpenFeed, now: Temporal.Instant): Promise<FeedBooking[]> {
  const { from, until } = feedSpan(now.epochMilliseconds)
  const { rows } = await sql<FeedRow>`
    select b.uid, b.status, b.title, b.starts_at as start, b.ends_at as "end", b.sequence, b.location, b.notes, b.seats,
      b.updated_at as "updatedAt", u.name as host_name, ${organizerEmail} as host_email,
      exists (select from co_hosts c where c.booking_id = b.id) as grouped, p.attendees, e.options
    from (${standing(userId, from, until)}) b
    join users u on u.id = b.host_id
    left join event_types e on e.id = b.event_type_id
    left join lateral (
      select json_agg(json_build_object('kind', a.kind, 'name', a.name, 'email', a.email, 'answers', a.answers,
        'companions', a.companions) order by a.id) as attendees
      from attendees a where a.booking_id = b.id and a.cancelled_by is null) p on true
    order by b.starts_at desc, b.id desc limit ${MOST_ENTRIES}
  `.execute(db)
  return rows.reverse().map(({ host_name, host_email, grouped, attendees, seats, options, ...row }) => ({
    ...row,
    eventType: optionsOf(options ?? {}),
    host: { name: host_name, email: host_email },
    coHosts: grouped ? [{}] : [],
    attendees: attendees ?? [],
    seats: seats === null ? null : { count: seats, taken: 0, showAttendees: false },
  }))
}

type FeedRow = Pick<
  FeedBooking,
  'uid' | 'status' | 'title' | 'start' | 'end' | 'sequence' | 'location' | 'notes' | 'updatedAt'
> & {
  host_name: string
  host_email: string
  grouped: boolean
  seats: number | null
  options: object | null
  attendees: FeedBooking['attendees'] | null
}

/** One statement: when a feed's owner has bookings, and is away for days or hours of their zone, or has a holiday. */
export async function busyTimesOfFeed(
  db: Db,
  { userId, owner }: OpenFeed,
  { from, until }: { from: number; until: number },
): Promise<BusyTime[]> {
  const zone = owner.timeZone
  // Wall times: on a day that changes its clocks, an hour of the day is not so long after midnight.
  const begins = sql`((first_date::timestamp + make_interval(mins => coalesce(from_minute, 0))) at time zone ${zone})`
  const ends = sql`((last_date::timestamp + make_interval(mins => coalesce(to_minute, 1440))) at time zone ${zone})`
  const dawn = sql`(("start"::timestamp + make_interval(mins => coalesce("fromMinute", 0))) at time zone ${zone})`
  const dusk = sql`(("end"::timestamp + make_interval(mins => coalesce("toMinute", 1440))) at time zone ${zone})`
  const { rows } = await sql<{ start: Temporal.Instant; end: Temporal.Instant; kind: BusyTime['kind'] }>`
    select b.starts_at as start, b.ends_at as "end",
      case b.status when 'accepted' then 'BUSY' else 'BUSY-TENTATIVE' end as kind
    from (${standing(userId, from, until)}) b
    union all
    select ${begins}, ${ends}, 'BUSY-UNAVAILABLE'
    from absences where user_id = ${userId} and ${begins} < ${at(until)} and ${ends} > ${at(from)}
    union all
    select ${dawn}, ${dusk}, 'BUSY-UNAVAILABLE'
    from host_availability a, jsonb_to_recordset(a.holidays) as h("start" date, "end" date, "fromMinute" int, "toMinute" int)
    where a.user_id = ${userId} and ${dawn} < ${at(until)} and ${dusk} > ${at(from)}
  `.execute(db)
  return rows.map(({ start, end, kind }) => ({ start: start.epochMilliseconds, end: end.epochMilliseconds, kind }))
}

/**
 * What stands of somebody's bookings, hosted alone or with others. Nothing lasts longer than a day, so what touches a span begins at
 * most that long before it.
 */
function standing(userId: number, from: number, until: number) {
  const within = sql`b.starts_at > ${at(from)} - interval '25 hours' and b.starts_at < ${at(until)} and b.ends_at > ${at(from)}
    and b.status in ('accepted', 'pending')`
  return sql`
    select b.* from bookings b where b.host_id = ${userId} and ${within}
    union all
    select b.* from co_hosts c join bookings b on b.id = c.booking_id
      where c.host_id = ${userId} and b.host_id <> ${userId} and ${within}`
}

function at(ms: number) {
  return sql`${Temporal.Instant.fromEpochMilliseconds(ms)}::timestamptz`
}

/** What tokens are sealed with. */
export function sealingKey({ secret }: Pick<Ctx['config'], 'secret'>): Buffer {
  return deriveKey(secret, 'calendar-feeds')
}

function opened(key: Buffer, sealed: string): string | null {
  try {
    return decrypt(key, sealed)
  } catch {
    // Sealed with another secret, as after a backup was restored elsewhere: the page says that it cannot be shown.
    return null
  }
}
