import { sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import type { Explanation } from '#engine/explain.ts'
import type { Span } from '#engine/types.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'
import { type BookingWindow, DEFAULT_OPTIONS, type Location, NO_EVENT_TYPE, optionsOf } from '../event-types/types.ts'
import type { PublicAbsence } from '../schedules/away/types.ts'
import { limitsOf } from '../schedules/limits/types.ts'
import type { Trip } from '../schedules/travel/types.ts'
import type { DateOverride, ScheduleLayer, WeeklyHours } from '../schedules/types.ts'
import { availabilityError } from './errors.ts'
import { areStartsOffered, explainOf, reachOf, startsWithin, type Taken, type TakenBooking } from './offer.ts'
import { pictureOf } from './picture.ts'
import { type BookingNear, type DayPicture, hostIdsOf, type Offer } from './types.ts'

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
  select json_agg(json_build_object('firstDate', x.first_date, 'lastDate', x.last_date,
    'reason', case when x.public then x.reason else 'unspecified' end, 'ownReason', case when x.public then x.own_reason else '' end,
    'note', case when x.public then x.note else '' end, 'redirect', case
      when x.redirect_url is not null then json_build_object('kind', 'url', 'url', x.redirect_url)
      when r.id is not null then json_build_object('kind', 'host', 'username', r.username, 'name', r.name) end) order by x.first_date)
  from (select * from absences where user_id = u.id order by last_date desc, id desc limit 200) x
  left join users r on r.id = x.redirect_user_id)`

const TRIPS = sql<Pick<Trip, 'firstDate' | 'lastDate' | 'timeZone'>[] | null>`(
  select json_agg(json_build_object('firstDate', first_date, 'lastDate', last_date, 'timeZone', time_zone) order by first_date)
  from trips where user_id = u.id and s.id = u.default_schedule_id)`

/** One statement: the event type, its host, the schedule in force and all else that decides. Null when there is none at this address. */
export async function loadOffer(db: Db, key: OfferKey): Promise<Offer | null> {
  if ('group' in key) return loadGroup(db, key)
  const row = await db
    .selectFrom('event_types as e')
    .innerJoin('users as u', 'u.id', 'e.user_id')
    .leftJoin('schedules as s', (join) =>
      join.on('s.id', '=', sql<number>`coalesce(e.schedule_id, u.default_schedule_id)`),
    )
    .leftJoin('host_availability as a', 'a.user_id', 'u.id')
    .leftJoin('schedules as m', (join) =>
      join
        .on('m.id', '=', sql<number>`(e.options -> 'restriction' ->> 'scheduleId')::int8`)
        .onRef('m.user_id', '=', 'u.id'),
    )
    .where((eb) =>
      'eventTypeId' in key
        ? eb('e.id', '=', key.eventTypeId)
        : eb.and([eb('u.username', '=', key.username), eb('e.slug', '=', key.slug)]),
    )
    .select([
      'e.id',
      'e.user_id',
      'e.slug',
      'e.title',
      'e.description',
      'e.durations',
      'e.locations',
      'e.schedule_id',
      'e.buffer_before',
      'e.buffer_after',
      'e.notice',
      'e.slot_interval',
      'e.slot_offset',
      'e.booking_window',
      'e.requires_confirmation',
      'e.hidden',
      'e.color',
      'e.position',
      'e.options',
      'u.username',
      'u.name',
      'u.bio',
      'u.avatar_etag',
      'u.locale',
      'u.hour_cycle',
      'u.week_start',
      'u.theme',
      'u.brand_color',
      'u.time_zone as user_zone',
      's.time_zone as schedule_zone',
      's.weekly',
      's.overrides',
      's.layers',
      'a.limits as host_limits',
      'a.holidays',
      'm.time_zone as mask_zone',
      'm.weekly as mask_weekly',
      'm.overrides as mask_overrides',
      'm.layers as mask_layers',
      ABSENCES.as('absences'),
      TRIPS.as('trips'),
      sql<string>`concat_ws('/', e.updated_at, s.id, s.updated_at, u.updated_at, u.default_schedule_id, a.updated_at, m.id, m.updated_at)`.as(
        'version',
      ),
    ])
    .executeTakeFirst()
  if (!row) return null
  const only = ('only' in key && key.only) || null
  const options = optionsOf(row.options)
  return {
    eventType: {
      id: row.id,
      userId: row.user_id,
      slug: row.slug,
      title: row.title,
      description: row.description,
      // One length, where the starts were chosen by hand for it.
      durations: only?.duration ? [only.duration] : row.durations,
      locations: row.locations as Location[],
      scheduleId: row.schedule_id,
      bufferBefore: row.buffer_before,
      bufferAfter: row.buffer_after,
      notice: row.notice,
      slotInterval: row.slot_interval,
      slotOffset: row.slot_offset,
      window: row.booking_window as BookingWindow,
      requiresConfirmation: row.requires_confirmation,
      hidden: row.hidden,
      color: row.color,
      position: row.position,
      ...options,
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
      theme: row.theme,
      brandColor: row.brand_color,
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
    // A restriction whose schedule is gone lets nothing through: more than was meant must never be offered.
    restriction:
      options.restriction === null
        ? null
        : {
            timeZone: options.restriction.visitorZone ? 'visitor' : (row.mask_zone ?? row.user_zone),
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
      ...(['u.theme', 'u.brand_color', 'u.time_zone as user_zone', 's.time_zone as schedule_zone'] as const),
      ...(['s.weekly', 's.overrides', 's.layers', 'a.limits as host_limits', 'a.holidays', 'e.notice'] as const),
      ...(['e.buffer_before', 'e.buffer_after', 'e.locations', 'e.requires_confirmation'] as const),
      ABSENCES.as('absences'),
      TRIPS.as('trips'),
      sql<string>`concat_ws('/', e.updated_at, s.id, s.updated_at, u.updated_at, a.updated_at)`.as('version'),
    ])
    .execute()
  const ordered = names.flatMap((name) => rows.find(({ username }) => username === name) ?? [])
  const [first] = ordered
  if (!first || ordered.length !== names.length) return null
  const members = ordered.map((row) => ({
    host: {
      ...{ id: row.id, username: row.username, name: row.name, bio: row.bio, avatarEtag: row.avatar_etag },
      ...{ locale: row.locale, hourCycle: row.hour_cycle, weekStart: row.week_start, theme: row.theme },
      brandColor: row.brand_color,
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

/** Who asks: the booking being moved and the visitor's own hold do not count as taken. */
export interface Own {
  bookingId?: number
  holdTokenHash?: Buffer
  /** A booking is moved with all who share it: it cannot join others. */
  whole?: boolean
  /** The visitor's, where an offer is restricted by it. */
  timeZone?: string
}

/**
 * One statement: what is taken from the host of an offer within the span. Bookings carry their buffers apart, so that the engine
 * adds those of both neighbours exactly as the exclusion constraint has it; holds count until they expire.
 */
export async function takenTimes(db: Db, offer: Offer, span: Span, now: number, own: Own = {}): Promise<Taken> {
  // One row of JSON: the driver spends longer on five hundred rows than the database and the engine together.
  const { rows } = await sql<{ claims: Claimed[] | null }>`
    select json_agg(json_build_array(
      (extract(epoch from coalesce(b.starts_at, lower(c.blocked))) * 1000)::int8,
      (extract(epoch from coalesce(b.ends_at, upper(c.blocked))) * 1000)::int8,
      b.buffer_before, b.buffer_after, b.status, b.event_type_id = ${offer.eventType.id},
      case when b.seats is not null then b.seats_taken end, c.host_id,
      h.id is not null and (h.expires_at <= to_timestamp(${now / 1000}) or h.token_hash = ${own.holdTokenHash ?? null}))) as claims
    from claims c left join bookings b on b.id = c.booking_id left join holds h on h.id = c.hold_id
    where c.host_id = any(${hostIdsOf(offer)}::int8[]) and c.blocked && tstzrange(to_timestamp(${span.start / 1000}), to_timestamp(${span.end / 1000}))
      and (c.booking_id is null or c.booking_id is distinct from ${own.bookingId ?? null})
  `.execute(db)
  const taken = {
    bookings: [] as TakenBooking[],
    holds: [] as [number, number, number][],
    visitorTimeZone: own.timeZone,
    spentHolds: false,
  }
  for (const claim of rows[0]?.claims ?? []) {
    const [start, end, bufferBeforeMinutes, bufferAfterMinutes, status, sameEvent, seatsTaken, hostId, spent] = claim
    if (spent) taken.spentHolds = true
    else if (bufferBeforeMinutes === null) taken.holds.push([start, end, hostId])
    else
      taken.bookings.push({
        hostId,
        start,
        end,
        bufferBeforeMinutes,
        bufferAfterMinutes,
        sameEvent: sameEvent === true,
        status,
        seatsTaken: own.whole ? undefined : (seatsTaken ?? undefined),
      })
  }
  return taken
}

/** What stands behind a claim; without a buffer before it is a hold. */
type Claimed = [
  start: number,
  end: number,
  bufferBefore: number | null,
  bufferAfter: number,
  status: 'accepted' | 'pending',
  sameEvent: boolean | null,
  seatsTaken: number | null,
  hostId: number,
  /** A hold that counts no longer. */
  spent: boolean | null,
]

/** The starts offered within the span, with one statement whatever its length. */
export async function listStarts(ctx: Ctx, offer: Offer, duration: number, span: Span, own?: Own): Promise<number[]> {
  return (await listSeats(ctx, offer, duration, span, own)).starts
}

export interface OfferedSeats {
  starts: number[]
  /** Of starts that others have begun to fill: seats that are left. */
  left: Map<number, number>
}

/** The same, and how full the starts are. */
export async function listSeats(
  ctx: Ctx,
  offer: Offer,
  duration: number,
  span: Span,
  own?: Own,
): Promise<OfferedSeats> {
  if (!offer.eventType.durations.includes(duration)) throw availabilityError('duration_not_offered', { duration })
  const now = ctx.clock.now().epochMilliseconds
  const taken = await takenTimes(ctx.db, offer, reachOf(offer, duration, span, now), now, own)
  const starts = startsWithin(offer, duration, taken, now, span)
  const { seats } = offer.eventType
  const begun = seats ? taken.bookings.filter(({ sameEvent, seatsTaken }) => sameEvent && seatsTaken !== undefined) : []
  const offered = new Set(begun.length > 0 ? starts : [])
  const open = begun.filter(({ start }) => offered.has(start))
  return { starts, left: new Map(open.map(({ start, seatsTaken = 0 }) => [start, (seats?.count ?? 0) - seatsTaken])) }
}

/** Which of these starts (rising) are offered to who takes them all; one statement. */
export async function areOffered(
  db: Db,
  { clock }: Pick<Ctx, 'clock'>,
  offer: Offer,
  duration: number,
  starts: readonly number[],
  own?: Own,
): Promise<boolean[]> {
  if (!offer.eventType.durations.includes(duration)) throw availabilityError('duration_not_offered', { duration })
  const now = clock.now().epochMilliseconds
  const span = { start: starts[0] ?? now, end: (starts.at(-1) ?? now) + duration * 60_000 }
  const taken = await takenTimes(db, offer, reachOf(offer, duration, span, now), now, own)
  return areStartsOffered(offer, duration, taken, now, starts)
}

/** Farther ahead nothing is computed, whatever the booking window says. */
const HORIZON = { years: 3 } as const

/** The first start after `after` (epoch ms), looking a year ahead in one statement; null when there is none. */
export async function nextStart(
  ctx: Ctx,
  offer: Offer,
  duration: number,
  after: number,
  own?: Own,
): Promise<number | null> {
  const year = 366 * 86_400_000
  const starts = await listStarts(ctx, offer, duration, { start: after, end: after + year }, own)
  return starts[0] ?? null
}

/** The starts nearest to a wanted one, before and after, in order of time. */
export async function nearestStarts(
  ctx: Ctx,
  offer: Offer,
  duration: number,
  wanted: number,
  most = 6,
  own?: Own,
): Promise<number[]> {
  const week = 7 * 86_400_000
  const starts = await listStarts(ctx, offer, duration, { start: wanted - week, end: wanted + 4 * week }, own)
  return starts
    .sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))
    .slice(0, most)
    .sort((a, b) => a - b)
}

/**
 * What a month (YYYY-MM, in the zone of the offer) really has, day by day, with one statement. Months beyond the horizon have none.
 * @throws duration_not_offered
 */
export async function monthPicture(ctx: Ctx, offer: Offer, duration: number, month: string): Promise<DayPicture[]> {
  if (!offer.eventType.durations.includes(duration)) throw availabilityError('duration_not_offered', { duration })
  const { timeZone } = offer.hours
  const first = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 })
  const today = ctx.clock.now().toZonedDateTimeISO(timeZone).toPlainDate()
  if (Temporal.PlainDate.compare(first, today.add(HORIZON)) > 0) return []
  const dates = Array.from({ length: first.daysInMonth }, (_, i) => first.add({ days: i }))
  const days = dates.map((date) => ({
    date: date.toString(),
    start: startOfDay(date, timeZone),
    end: startOfDay(date.add({ days: 1 }), timeZone),
  }))
  const now = ctx.clock.now().epochMilliseconds
  // `explain` looks a day around the start it is asked about.
  const span = { start: (days[0]?.start ?? 0) - DAY, end: (days.at(-1)?.end ?? 0) + DAY }
  const taken = await takenTimes(ctx.db, offer, reachOf(offer, duration, span, now), now)
  return pictureOf(offer, duration, taken, now, days)
}

const DAY = 86_400_000

/** An answer to "why is there no slot?", with the bookings it names. */
export interface StartExplained {
  explanation: Explanation
  bookings: BookingNear[]
}

/**
 * Why the host's own offer has or has not a slot at an instant (epoch ms): two statements.
 * @throws event_type_not_found for offers of others, duration_not_offered
 */
export async function explainStart(
  ctx: Ctx,
  { userId }: UserScope,
  offer: Offer,
  duration: number,
  start: number,
): Promise<StartExplained> {
  if (offer.host.id !== userId) throw availabilityError('event_type_not_found')
  if (!offer.eventType.durations.includes(duration)) throw availabilityError('duration_not_offered', { duration })
  const now = ctx.clock.now().epochMilliseconds
  const around = { start: start - 2 * DAY, end: start + 2 * DAY }
  const taken = await takenTimes(ctx.db, offer, reachOf(offer, duration, around, now), now)
  const explanation = explainOf(offer, duration, taken, now, start)
  const named = explanation.hosts.flatMap(({ reasons }) =>
    reasons.filter((reason) => reason.code === 'booking' || reason.code === 'buffer').map((reason) => reason.start),
  )
  return { explanation, bookings: await bookingsAt(ctx.db, offer.host.id, named) }
}

async function bookingsAt(db: Db, hostId: number, starts: readonly number[]): Promise<BookingNear[]> {
  if (starts.length === 0) return []
  const rows = await db
    .selectFrom('claims as c')
    .innerJoin('bookings as b', 'b.id', 'c.booking_id')
    .where('c.host_id', '=', hostId)
    .where(
      'b.starts_at',
      'in',
      starts.map((start) => Temporal.Instant.fromEpochMilliseconds(start)),
    )
    .select(['b.uid', 'b.title', 'b.starts_at', 'b.ends_at'])
    .orderBy('b.starts_at')
    .execute()
  return rows.map(({ uid, title, starts_at, ends_at }) => ({
    ...{ uid, title },
    start: starts_at.epochMilliseconds,
    end: ends_at.epochMilliseconds,
  }))
}

/**
 * How many bookings of the host stand within each of some periods of whole days in a zone, both dates included: one statement.
 * Periods without any are left out.
 */
export async function bookingsWithin(
  db: Db,
  { userId }: UserScope,
  timeZone: string,
  periods: readonly { key: string; first: string; last: string }[],
): Promise<Record<string, number>> {
  const { rows } = await sql<{ key: string; count: number }>`
    select p.key, count(distinct c.booking_id) as count
    from unnest(${periods.map(({ key }) => key)}::text[], ${periods.map(({ first }) => first)}::date[],
      ${periods.map(({ last }) => last)}::date[]) p(key, first, last)
    join claims c on c.host_id = ${userId} and c.booking_id is not null and c.blocked && tstzrange(
      p.first::timestamp at time zone ${timeZone}::text, (p.last + 1)::timestamp at time zone ${timeZone}::text)
    group by p.key
  `.execute(db)
  return Object.fromEntries(rows.map(({ key, count }) => [key, count]))
}

function startOfDay(date: Temporal.PlainDate, timeZone: string): number {
  return date.toZonedDateTime(timeZone).epochMilliseconds
}
