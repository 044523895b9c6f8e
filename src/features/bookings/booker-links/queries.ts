import { sql } from 'kysely'
import { deriveKey, hashToken, sign } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import { optionsOf } from '../../event-types/types.ts'
import { mayBeCancelledBy, mayBeMovedBy, type Present } from '../rules.ts'
import type { BookingStatus } from '../types.ts'

/** How deliveries name a link. */
export const LINK_SUBJECT = 'booker-link:'

/** 256 bits that follow from an id and the instance's secret, so that what opens the page is stored nowhere. */
export function tokenOf({ config }: Pick<Ctx, 'config'>, id: string): string {
  return sign(deriveKey(config.secret, 'booker-links'), id)
}

/** A link with what its mail needs. Null when it has expired. */
export async function bookerLink(ctx: Ctx, id: string) {
  const row = await ctx.db
    .selectFrom('booker_links as l')
    .where('l.id', '=', id)
    .where('l.expires_at', '>', ctx.clock.now())
    .select((eb) => [
      'l.email',
      'l.locale',
      'l.expires_at as expiresAt',
      eb
        .selectFrom('attendees as a')
        .whereRef('a.email', '=', 'l.email')
        .where('a.kind', '=', 'booker')
        .select('a.time_zone')
        .orderBy('a.booking_id', 'desc')
        .limit(1)
        .as('timeZone'),
    ])
    .executeTakeFirst()
  return row ? { ...row, token: tokenOf(ctx, id) } : null
}

/** Whose bookings a token opens, and until when. Null when it opens nothing (any more). */
export async function bookerBehind({ db, clock }: Ctx, token: string) {
  const row = await db
    .selectFrom('booker_links')
    .where('token_hash', '=', hashToken(token))
    .where('expires_at', '>', clock.now())
    .select(['email', 'expires_at as expiresAt'])
    .executeTakeFirst()
  return row ?? null
}

/** Where a page of the list begins: after this row, in the list's order. */
export interface OwnCursor {
  start: string
  id: number
}

/** A booking as its booker sees it in a list. Instants are epoch milliseconds. */
export interface OwnEntry {
  /** Address of the booking, or of their seat in it. */
  uid: string
  title: string
  host: string
  status: BookingStatus
  start: number
  end: number
  timeZone: string
  movable: boolean
  cancellable: boolean
}

const PAGE = 25

/** One statement: what was booked with an address, of any host; what is ahead soonest first, the rest latest first. */
export async function bookingsOfBooker(
  { db, clock }: Pick<Ctx, 'db' | 'clock'>,
  email: string,
  { ahead, after }: { ahead: boolean; after: OwnCursor | null },
): Promise<{ entries: OwnEntry[]; next: OwnCursor | null }> {
  const now = clock.now()
  const rows = await select(db)
    .where('a.email', '=', email)
    .where('b.ends_at', ahead ? '>' : '<=', now)
    .$if(after !== null, (query) => {
      const position = sql`(${after?.start}::timestamptz, ${after?.id}::int8)`
      return query.where(
        ahead ? sql<boolean>`(b.starts_at, a.id) > ${position}` : sql<boolean>`(b.starts_at, a.id) < ${position}`,
      )
    })
    .orderBy('b.starts_at', ahead ? 'asc' : 'desc')
    .orderBy('a.id', ahead ? 'asc' : 'desc')
    .limit(PAGE + 1)
    .execute()
  const page = rows.slice(0, PAGE)
  const last = page.at(-1)
  const next = rows.length > PAGE && last ? { start: last.starts_at.toString(), id: last.id } : null
  return { entries: page.map((row) => entryOf(row, now.epochMilliseconds)), next }
}

function select(db: Db) {
  return (
    db
      .selectFrom('attendees as a')
      .innerJoin('bookings as b', 'b.id', 'a.booking_id')
      .innerJoin('users as h', 'h.id', 'b.host_id')
      .leftJoin('event_types as e', 'e.id', 'b.event_type_id')
      .where('a.kind', '=', 'booker')
      // Who left a shared booking for another time has their seat there.
      .where((eb) => eb.or([eb('b.seats', 'is', null), eb('a.seat_uid', 'is not', null)]))
      .select((eb) => [
        'a.id',
        'a.seat_uid',
        'a.cancelled_at',
        'a.sequence as seat_sequence',
        'a.time_zone',
        'b.uid',
        'b.title',
        'b.status',
        'b.starts_at',
        'b.ends_at',
        'b.sequence',
        'b.reschedule_requested',
        'h.name as host',
        'e.id as event_type_id',
        sql<object | null>`e.options - 'questions'`.as('options'),
        eb.exists(eb.selectFrom('co_hosts as c').whereRef('c.booking_id', '=', 'b.id').select('c.host_id')).as('group'),
      ])
  )
}

function entryOf(
  row: Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>,
  now: number,
): OwnEntry {
  const [start, end] = [row.starts_at.epochMilliseconds, row.ends_at.epochMilliseconds]
  const status = row.cancelled_at === null ? row.status : 'cancelled'
  const present: Present = {
    ...{ status, start, end, rescheduleRequested: row.reschedule_requested },
    sequence: row.seat_uid === null ? row.sequence : row.seat_sequence,
  }
  const terms = optionsOf(row.options ?? {})
  const offered = row.event_type_id !== null || Boolean(row.group)
  return {
    ...{ uid: row.seat_uid ?? row.uid, title: row.title, host: row.host, status, start, end, timeZone: row.time_zone },
    movable: offered && mayBeMovedBy('attendee', present, now, terms).ok,
    cancellable: mayBeCancelledBy('attendee', present, now, terms).ok,
  }
}
