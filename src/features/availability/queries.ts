import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Db } from '#platform/db/connect.ts'
import { statement } from '#platform/db/statement.ts'
import type { Tables } from '#platform/db/tables.ts'
import type { UserScope } from '#platform/scope.ts'
import { presentUsernames } from '../accounts/usernames/queries.ts'
import { EVENT_TYPE_COLUMNS, eventTypeOf } from '../event-types/queries.ts'
import { DEFAULT_OPTIONS, type Location, NO_EVENT_TYPE } from '../event-types/types.ts'
import type { PublicAbsence } from '../schedules/away/types.ts'
import { limitsOf } from '../schedules/limits/types.ts'
import type { Trip } from '../schedules/travel/types.ts'
import type { DateOverride, ScheduleLayer, WeeklyHours } from '../schedules/types.ts'
import type { Offer } from './types.ts'

/** Who is offering is looked up by address or by id; both are indexed. */
export type OfferKey =
  | { username: string; slug: string }
  | { eventTypeId: number; only?: Offer['only'] }
  /** A group link: names of hosts, and how long. */
  | { group: readonly string[]; minutes: number }

/** Hours of a host who deleted every schedule. */
const FALLBACK_WEEKLY: WeeklyHours[] = [{ days: [1, 2, 3, 4, 5], start: 540, end: 1020 }]

/** The latest ones; a host has no more that are not over (schedules/away/commands.ts). */
const ABSENCES = sql<PublicAbsence[] | null>`(
  select json_agg(json_build_object('firstDate', x.first_date, 'lastDate', x.last_date, 'fromMinute', x.from_minute, 'toMinute', x.to_minute,
    'reason', case when x.public then x.reason else 'unspecified' end, 'ownReason', case when x.public then x.own_reason else '' end,
    'note', case when x.public then x.note else '' end, 'redirect', case
      when x.redirect_url is not null then json_build_object('kind', 'url', 'url', x.redirect_url)
      when r.id is not null then json_build_object('kind', 'host', 'username', r.username, 'name', r.name) end) order by x.first_date)
  from (select * from absences where user_id = u.id order by last_date desc, id desc limit 200) x
  left join users r on r.id = x.redirect_user_id)`

const TRIPS = sql<TripRow[] | null>`(
  select json_agg(json_build_object('firstDate', first_date, 'lastDate', last_date, 'timeZone', time_zone) order by first_date)
  from trips where user_id = u.id)`
type TripRow = Pick<Trip, 'firstDate' | 'lastDate' | 'timeZone'>

/** Where a host is, read once however many event types there are; `offset 0` keeps it from being read for each of them. */
const WHEREABOUTS = sql<{ absences: PublicAbsence[] | null; trips: TripRow[] | null }>`(
  select ${ABSENCES} as absences, ${TRIPS} as trips offset 0)`.as('w')

/** One statement: the event type, its host, the schedule in force and all else that decides. Null when there is none at this address. */
export async function loadOffer(db: Db, key: OfferKey): Promise<Offer | null> {
  if ('group' in key) return loadGroup(db, key)
  const [row] = 'eventTypeId' in key ? await offerById(db, key) : await offerAtAddress(db, key)
  return row ? offerOf(row, row, ('only' in key && key.only) || null) : null
}

export interface FoundOffer {
  offer: Offer
  /** By the usernames of today. */
  key: OfferKey
  /** Those usernames, joined by `+`, where it was asked for under former ones. */
  movedTo?: string
}

/** As `loadOffer`; usernames that were given up lately lead to their owners, which costs two statements more. */
export async function findOffer(db: Db, key: OfferKey, now: Temporal.Instant): Promise<FoundOffer | null> {
  const offer = await loadOffer(db, key)
  if (offer) return { offer, key }
  if ('eventTypeId' in key) return null
  const movedTo = await presentUsernames(db, 'group' in key ? key.group.join('+') : key.username, now)
  if (movedTo === null) return null
  const present = 'group' in key ? { ...key, group: movedTo.split('+') } : { ...key, username: movedTo }
  const moved = await loadOffer(db, present)
  return moved && { offer: moved, key: present, movedTo }
}

/** One statement: everything a host shows on their page, in their order. What is the host's comes with the first alone. */
export async function loadOwnOffers(db: Db, { userId }: UserScope): Promise<Offer[]> {
  const rows = await selectOffers(db, sql<boolean>`row_number() over (order by e.position, e.id) = 1`)
    .where('e.user_id', '=', userId)
    .where('e.hidden', '=', false)
    .orderBy('e.position')
    .orderBy('e.id')
    .execute()
  const [first] = rows
  return first ? rows.map((row) => offerOf(row, first, null)) : []
}

/** @param withHost whether a row carries what all event types of a host have in common, which may be long */
function selectOffers(db: Db, withHost = sql<boolean>`true`) {
  return db
    .selectFrom('event_types as e')
    .innerJoin('users as u', 'u.id', 'e.user_id')
    .leftJoinLateral(WHEREABOUTS, (join) => join.onTrue())
    .leftJoin('schedules as s', (join) =>
      join.on('s.id', '=', sql<number>`coalesce(e.schedule_id, u.default_schedule_id)`),
    )
    .leftJoin('host_availability as a', 'a.user_id', 'u.id')
    .leftJoin('schedules as m', (join) =>
      join
        .on('m.id', '=', sql<number>`(e.options -> 'restriction' ->> 'scheduleId')::int8`)
        .onRef('m.user_id', '=', 'u.id'),
    )
    .select(EVENT_TYPE_COLUMNS)
    .select([
      'u.username',
      'u.name',
      'u.bio',
      'u.avatar_etag',
      'u.locale',
      'u.hour_cycle',
      'u.week_start',
      'u.page_theme',
      'u.brand_color',
      'u.brand_color_dark',
      'u.hide_branding',
      'u.search_indexed',
      'u.time_zone as user_zone',
      's.time_zone as schedule_zone',
      's.weekly',
      's.overrides',
      's.layers',
      'a.limits as host_limits',
      'm.time_zone as mask_zone',
      'm.weekly as mask_weekly',
      'm.overrides as mask_overrides',
      'm.layers as mask_layers',
      sql<boolean>`s.id is not null and s.id = u.default_schedule_id`.as('is_default'),
      sql<Tables['host_availability']['holidays'] | null>`case when ${withHost} then a.holidays end`.as('holidays'),
      sql<PublicAbsence[] | null>`case when ${withHost} then w.absences end`.as('absences'),
      sql<TripRow[] | null>`case when ${withHost} then w.trips end`.as('trips'),
      sql<string>`concat_ws('/', e.updated_at, s.id, s.updated_at, u.updated_at, u.default_schedule_id, a.updated_at, m.id, m.updated_at)`.as(
        'version',
      ),
    ])
}

type Row = Awaited<ReturnType<ReturnType<typeof selectOffers>['executeTakeFirstOrThrow']>>

const offerById = statement<Row, { eventTypeId: number }>((db, value) =>
  selectOffers(db).where('e.id', '=', value('eventTypeId')),
)

const offerAtAddress = statement<Row, { username: string; slug: string }>((db, value) =>
  selectOffers(db).where('u.username', '=', value('username')).where('e.slug', '=', value('slug')),
)

function offerOf(row: Row, host: Pick<Row, 'holidays' | 'absences' | 'trips'>, only: Offer['only']): Offer {
  const eventType = eventTypeOf(row)
  return {
    eventType: {
      ...eventType,
      // One length, where the starts were chosen by hand for it.
      durations: only?.duration ? [only.duration] : eventType.durations,
    },
    host: {
      id: row.user_id,
      username: row.username,
      name: row.name,
      bio: row.bio,
      avatarEtag: row.avatar_etag,
      locale: row.locale,
      hourCycle: row.hour_cycle,
      weekStart: row.week_start,
      theme: row.page_theme,
      brandColor: row.brand_color,
      brandColorDark: row.brand_color_dark,
      hideBranding: row.hide_branding,
      searchIndexed: row.search_indexed,
    },
    hours: {
      timeZone: row.schedule_zone ?? row.user_zone,
      weekly: row.weekly ?? FALLBACK_WEEKLY,
      overrides: (row.overrides ?? []) as DateOverride[],
      layers: (row.layers ?? []) as ScheduleLayer[],
    },
    // They move the hours of the default schedule only.
    trips: row.is_default ? (host.trips ?? []) : [],
    absences: host.absences ?? [],
    holidays: host.holidays ?? [],
    hostLimits: limitsOf(row.host_limits),
    // A restriction whose schedule is gone lets nothing through: more than was meant must never be offered.
    restriction:
      eventType.restriction === null
        ? null
        : {
            timeZone: eventType.restriction.visitorZone ? 'visitor' : (row.mask_zone ?? row.user_zone),
            weekly: row.mask_weekly ?? [],
            overrides: (row.mask_overrides ?? []) as DateOverride[],
            layers: (row.mask_layers ?? []) as ScheduleLayer[],
          },
    version: row.version,
    only,
    coHosts: [],
  }
}

/** Where to find an offer again. */
export function offerKeyOf({ eventType, host, coHosts, only }: Offer): OfferKey {
  if (coHosts.length === 0) return { eventTypeId: eventType.id, only }
  return {
    group: [host, ...coHosts.map((one) => one.host)].map((one) => one.username),
    minutes: eventType.durations[0] ?? 0,
  }
}

/** A group is small, or nothing would ever be free. */
const MOST_IN_GROUP = 10
const USUAL_NOTICE = 120

/**
 * One statement: what several hosts offer together. Each has the hours of their default schedule; notice and buffers are the largest
 * that any of them has for meetings of this length. Null when one of them is not there or does not want it.
 */
async function loadGroup(
  db: Db,
  { group, minutes }: { group: readonly string[]; minutes: number },
): Promise<Offer | null> {
  const names = [...new Set(group)]
  const fits = names.length === group.length && names.length >= 2 && names.length <= MOST_IN_GROUP
  if (!fits || !Number.isInteger(minutes) || minutes < 1 || minutes > 1440) return null
  const rows = await db
    .selectFrom('users as u')
    .leftJoin('schedules as s', 's.id', 'u.default_schedule_id')
    .leftJoin('host_availability as a', 'a.user_id', 'u.id')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('event_types as e')
          .whereRef('e.user_id', '=', 'u.id')
          .where('e.hidden', '=', false)
          .where(sql<boolean>`${minutes} = any(e.durations)`)
          .select([
            'e.notice',
            'e.buffer_before',
            'e.buffer_after',
            'e.locations',
            'e.requires_confirmation',
            'e.updated_at',
          ])
          .orderBy('e.position')
          .orderBy('e.id')
          .limit(1)
          .as('e'),
      (join) => join.onTrue(),
    )
    .where('u.username', 'in', names)
    .where('u.group_links', '=', true)
    .select([
      ...([
        'u.id',
        'u.username',
        'u.name',
        'u.bio',
        'u.avatar_etag',
        'u.locale',
        'u.hour_cycle',
        'u.week_start',
      ] as const),
      ...(['u.page_theme', 'u.brand_color', 'u.brand_color_dark', 'u.hide_branding', 'u.search_indexed'] as const),
      ...(['u.time_zone as user_zone', 's.time_zone as schedule_zone'] as const),
      ...(['s.weekly', 's.overrides', 's.layers', 'a.limits as host_limits', 'a.holidays', 'e.notice'] as const),
      ...(['e.buffer_before', 'e.buffer_after', 'e.locations', 'e.requires_confirmation'] as const),
      ABSENCES.as('absences'),
      sql<TripRow[] | null>`case when s.id is not null then ${TRIPS} end`.as('trips'),
      sql<string>`concat_ws('/', e.updated_at, s.id, s.updated_at, u.updated_at, a.updated_at)`.as('version'),
    ])
    .execute()
  const ordered = names.flatMap((name) => rows.find(({ username }) => username === name) ?? [])
  const [first] = ordered
  if (!first || ordered.length !== names.length) return null
  const members = ordered.map((row) => ({
    host: {
      ...{ id: row.id, username: row.username, name: row.name, bio: row.bio, avatarEtag: row.avatar_etag },
      ...{ locale: row.locale, hourCycle: row.hour_cycle, weekStart: row.week_start, theme: row.page_theme },
      ...{ brandColor: row.brand_color, brandColorDark: row.brand_color_dark },
      ...{ hideBranding: row.hide_branding, searchIndexed: row.search_indexed },
    },
    hours: {
      timeZone: row.schedule_zone ?? row.user_zone,
      weekly: row.weekly ?? FALLBACK_WEEKLY,
      overrides: (row.overrides ?? []) as DateOverride[],
      layers: (row.layers ?? []) as ScheduleLayer[],
    },
    trips: row.trips ?? [],
    absences: row.absences ?? [],
    holidays: row.holidays ?? [],
    hostLimits: limitsOf(row.host_limits),
  }))
  const [lead, ...coHosts] = members
  if (!lead) return null
  const most = (of: 'notice' | 'buffer_before' | 'buffer_after', usual: number) =>
    Math.max(...ordered.map((row) => row[of] ?? usual))
  return {
    ...lead,
    coHosts,
    eventType: {
      ...DEFAULT_OPTIONS,
      ...{ id: NO_EVENT_TYPE, userId: first.id, slug: String(minutes), description: '', durations: [minutes] },
      title: members.map(({ host }) => host.name).join(' & '),
      // The link says who meets, not where; the first host's way of meeting is as good as any.
      locations: (first.locations ?? []) as Location[],
      ...{ scheduleId: null, slotInterval: null, slotOffset: 0, window: null, color: null, position: 0, hidden: true },
      notice: most('notice', USUAL_NOTICE),
      bufferBefore: most('buffer_before', 0),
      bufferAfter: most('buffer_after', 0),
      requiresConfirmation: ordered.some((row) => row.requires_confirmation === true),
    },
    restriction: null,
    only: null,
    version: ordered.map(({ version }) => version).join(),
  }
}
