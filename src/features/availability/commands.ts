import { sql } from 'kysely'
import type { Span } from '#engine/types.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Tx } from '#platform/db/transaction.ts'
import { availabilityError } from './errors.ts'
import { isStartOffered, NOTHING_TAKEN, reachOf, type Taken } from './offer.ts'
import { loadOffer, type OfferKey } from './queries.ts'
import type { Sitting } from './sittings/types.ts'
import { nearestStarts } from './starts/queries.ts'
import { type Own, takenTimes } from './taken/queries.ts'
import type { Offer } from './types.ts'

const MINUTE = 60_000

/** Who claims: exactly one of them. */
export type Claimant = { bookingId: number } | { holdId: number } | { sittingId: number }

/**
 * Takes time from hosts, or nothing at all: false when any of them has an overlapping claim. Hosts are claimed in the order of their
 * ids, and a conflict makes the younger transaction step back instead of waiting in a knot (docs/adr/0002-database.md).
 */
export async function claimTime(
  tx: Tx,
  hostIds: readonly number[],
  blocked: Span,
  claimant: Claimant,
): Promise<boolean> {
  const bookingId = 'bookingId' in claimant ? claimant.bookingId : null
  const holdId = 'holdId' in claimant ? claimant.holdId : null
  const sittingId = 'sittingId' in claimant ? claimant.sittingId : null
  const { rows } = await sql`
    insert into claims (host_id, booking_id, hold_id, sitting_id, blocked)
    select h, ${bookingId}::int8, ${holdId}::int8, ${sittingId}::int8, tstzrange(to_timestamp(${blocked.start / 1000}), to_timestamp(${blocked.end / 1000}))
    from unnest(${[...hostIds]}::int8[]) h order by h
    on conflict do nothing returning host_id
  `.execute(tx)
  return rows.length === hostIds.length
}

/** A booking that takes time from a host. */
export interface Claim {
  hostId: number
  bookingId: number
  blocked: Span
}

/** Takes many times at once, in the order that keeps rivals out of a knot. @returns the bookings whose time somebody has */
export async function claimEach(tx: Tx, claims: readonly Claim[]): Promise<number[]> {
  const { rows } = await sql<{ booking_id: number }>`
    insert into claims (host_id, booking_id, blocked)
    select h, b, tstzrange(to_timestamp(s / 1000), to_timestamp(e / 1000))
    from unnest(
      ${claims.map(({ hostId }) => hostId)}::int8[], ${claims.map(({ bookingId }) => bookingId)}::int8[],
      ${claims.map(({ blocked }) => blocked.start)}::float8[], ${claims.map(({ blocked }) => blocked.end)}::float8[]
    ) x(h, b, s, e) order by h, s
    on conflict do nothing returning booking_id
  `.execute(tx)
  const made = new Map<number, number>()
  for (const { booking_id } of rows) made.set(booking_id, (made.get(booking_id) ?? 0) + 1)
  const wanted = new Map<number, number>()
  for (const { bookingId } of claims) wanted.set(bookingId, (wanted.get(bookingId) ?? 0) + 1)
  return [...wanted].filter(([id, count]) => made.get(id) !== count).map(([id]) => id)
}

/** Gives the time of a booking back: to who holds seats in it, if anybody does. The caller has the booking locked. */
export async function releaseClaims(tx: Tx, bookingId: number): Promise<void> {
  await sql`
    with sitting as (
      select s.id from bookings b join sittings s
        on s.event_type_id = b.event_type_id and s.starts_at = b.starts_at and s.ends_at = b.ends_at
      where b.id = ${bookingId} and b.seats is not null and exists (select from holds where sitting_id = s.id)
    ),
    left_to_it as (
      update claims set booking_id = null, sitting_id = (select id from sitting)
      where booking_id = ${bookingId} and exists (select from sitting)
    )
    delete from claims where booking_id = ${bookingId} and not exists (select from sitting)
  `.execute(tx)
}

/** Before claims of these hosts are moved: two moves that cross would otherwise wait for each other. */
export async function lockHosts(tx: Tx, hostIds: readonly number[]): Promise<void> {
  await sql`
    select pg_advisory_xact_lock(hashtextextended('host:' || h, 0)) from (select h from unnest(${[...hostIds]}::int8[]) h order by h) x
  `.execute(tx)
}

/**
 * Removes what only seems to be in the way: holds that have expired, and the visitor's own. What seats of `sitting` are held for claims
 * its time no longer: a booking is about to, for all who sit there.
 */
export async function clearHolds(
  tx: Tx,
  hostId: number | readonly number[],
  blocked: Span | readonly Span[],
  now: number,
  own: Own,
  sitting?: Sitting,
): Promise<void> {
  const hostIds = [hostId].flat()
  const spans = [blocked].flat()
  const inTheWay = sql<boolean>`exists (
    select from unnest(${spans.map(({ start }) => start)}::float8[], ${spans.map(({ end }) => end)}::float8[]) x(s, e)
    where c.blocked && tstzrange(to_timestamp(s / 1000), to_timestamp(e / 1000)))`
  const { rows } = await sql<{ seated: boolean }>`
    with gone as (
      delete from holds h using claims c
      where c.hold_id = h.id and c.host_id = any(${hostIds}::int8[])
        and (h.token_hash = ${own.holdTokenHash ?? null} or (h.expires_at <= to_timestamp(${now / 1000}) and ${inTheWay}))
    ),
    left_seats as (delete from holds where token_hash = ${own.holdTokenHash ?? null} and sitting_id is not null)
    select exists (
      select from claims c where c.host_id = any(${hostIds}::int8[]) and c.sitting_id is not null and ${inTheWay}) as seated
  `.execute(tx)
  if (!rows[0]?.seated) return
  // Nobody sits down meanwhile.
  await lockHosts(tx, hostIds)
  await sql`
    with empty as (
      delete from sittings s using claims c
      where c.sitting_id = s.id and c.host_id = any(${hostIds}::int8[]) and ${inTheWay}
        and not exists (select from holds h where h.sitting_id = s.id and h.expires_at > to_timestamp(${now / 1000}))
    )
    delete from claims c using sittings s
    where c.sitting_id = s.id and s.event_type_id = ${sitting?.eventTypeId ?? null}
      and s.starts_at = to_timestamp(${(sitting?.start ?? 0) / 1000}) and s.ends_at = to_timestamp(${(sitting?.end ?? 0) / 1000})
  `.execute(tx)
}

/** The time a meeting takes from its host: buffers included. */
export function blockedSpan(offer: Offer, start: number, duration: number): Span {
  const { bufferBefore, bufferAfter } = offer.eventType
  return { start: start - bufferBefore * MINUTE, end: start + (duration + bufferAfter) * MINUTE }
}

/**
 * The check before a start is given away: the function that listed it, on the facts of this transaction.
 * @returns whether there are holds that count no longer and whose claims must go first
 * @throws slot_not_offered when the start never was one, slot_taken when somebody has it.
 */
export async function requireOffered(
  tx: Tx,
  ctx: Ctx,
  offer: Offer,
  start: number,
  duration: number,
  own: Own,
): Promise<{ spentHolds: boolean }> {
  if (!offer.eventType.durations.includes(duration)) throw availabilityError('duration_not_offered', { duration })
  const now = ctx.clock.now().epochMilliseconds
  const span = { start, end: start + duration * MINUTE }
  const taken = await takenTimes(tx, offer, reachOf(offer, duration, span, now), now, own)
  if (isOfferedTo(offer, duration, taken, now, start)) return { spentHolds: taken.spentHolds ?? false }
  throw availabilityError(
    isStartOffered(offer, duration, { ...NOTHING_TAKEN, visitorTimeZone: own.timeZone }, now, start)
      ? 'slot_taken'
      : 'slot_not_offered',
  )
}

/** A start of which the visitor holds a seat stays theirs, on the grid or not, as if they sat there. */
function isOfferedTo(offer: Offer, duration: number, taken: Taken, now: number, start: number): boolean {
  if (isStartOffered(offer, duration, taken, now, start)) return true
  const { ownSeats } = taken
  if (ownSeats?.start !== start) return false
  return isStartOffered(offer, duration, { ...taken, bookings: [...taken.bookings, ownSeats] }, now, start)
}

/** Adds the nearest free starts to a refusal, for the page to offer. */
export async function withAlternatives<T>(
  ctx: Ctx,
  key: OfferKey,
  duration: number | undefined,
  start: number,
  own: Own,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const code = (error as { code?: unknown }).code
    if (code !== 'slot_taken' && code !== 'slot_not_offered') throw error
    const offer = await loadOffer(ctx.db, key)
    const length = duration ?? offer?.eventType.durations[0]
    const alternatives = offer && length ? await nearestStarts(ctx, offer, length, start, 6, own) : []
    throw availabilityError(code, { alternatives }, error)
  }
}
