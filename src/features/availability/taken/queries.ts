import { sql } from 'kysely'
import type { Span } from '#engine/types.ts'
import type { Db } from '#platform/db/connect.ts'
import { statement } from '#platform/db/statement.ts'
import type { UserScope } from '#platform/scope.ts'
import type { Taken, TakenBooking } from '../offer.ts'
import { hostIdsOf, type Offer } from '../types.ts'

const MINUTE = 60_000

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
  return takenOf(await claimsOf(db, hostIdsOf(offer), span, now, own), offer, own)
}

/** The same for several offers of one host, still in one statement; each may be looked at within a shorter span. */
export async function takenFromHost(
  db: Db,
  { userId }: UserScope,
  span: Span,
  now: number,
): Promise<(offer: Offer, within: Span) => Taken> {
  const claims = await claimsOf(db, [userId], span, now, {})
  return (offer, within) => {
    const near = claims.filter((claim) => overlaps(claim, within))
    return takenOf(near, offer, {})
  }
}

/** As the statement has it: with buffers, which are minutes; a hold has them in it. */
function overlaps([start, end, before, after]: Claimed, span: Span): boolean {
  return start - (before ?? 0) * MINUTE < span.end && end + (before === null ? 0 : after) * MINUTE > span.start
}

async function claimsOf(db: Db, hostIds: number[], span: Span, now: number, own: Own): Promise<Claimed[]> {
  const [row] = await selectClaims(db, {
    hostIds,
    ...{ from: span.start / 1000, until: span.end / 1000, now: now / 1000 },
    ...{ bookingId: own.bookingId ?? null, holdTokenHash: own.holdTokenHash ?? null },
  })
  return row?.claims ?? []
}

interface Asked {
  hostIds: number[]
  /** Epoch seconds. */
  from: number
  until: number
  now: number
  bookingId: number | null
  holdTokenHash: Buffer | null
}

const selectClaims = statement<{ claims: Claimed[] | null }, Asked>((_db, value) => {
  // One row of JSON: the driver spends longer on five hundred rows than the database and the engine together.
  // Host by host, since the index of claims cannot look for several at once and would be read for everybody; claim by claim, since a
  // busy month is otherwise found by reading all bookings there are. `offset 0` keeps the planner from thinking otherwise.
  const at = sql`to_timestamp(${value('now')})`
  const mine = sql`h.token_hash is not distinct from ${value('holdTokenHash')}::bytea`
  const ofSitting = sql`(
    select json_build_array(s.event_type_id, (extract(epoch from s.starts_at) * 1000)::int8, (extract(epoch from s.ends_at) * 1000)::int8,
      coalesce(sum(h.quantity) filter (where h.expires_at > ${at} and not ${mine}), 0),
      coalesce(bool_or(h.expires_at > ${at} and ${mine}), false))
    from sittings s left join holds h on h.sitting_id = s.id
    where s.id = c.sitting_id or (c.sitting_id is null and s.event_type_id = b.event_type_id and s.starts_at = b.starts_at
      and s.ends_at = b.ends_at)
    group by s.id)`
  return sql`
    select json_agg(json_build_array(
      (extract(epoch from coalesce(b.starts_at, lower(c.blocked))) * 1000)::int8,
      (extract(epoch from coalesce(b.ends_at, upper(c.blocked))) * 1000)::int8,
      b.buffer_before, b.buffer_after, b.status, b.event_type_id,
      case when b.seats is not null then b.seats_taken end, c.host_id,
      h.id is not null and (h.expires_at <= ${at} or h.token_hash = ${value('holdTokenHash')}),
      case when b.seats is not null then b.uid end,
      case when c.sitting_id is not null or b.seats is not null then ${ofSitting} end,
      case when b.seats is not null then b.id end)) as claims
    from unnest(${value('hostIds')}::int8[]) host(id)
    cross join lateral (
      select * from claims where host_id = host.id and blocked && tstzrange(to_timestamp(${value('from')}), to_timestamp(${value('until')}))
      offset 0) c
    left join lateral (select * from bookings where id = c.booking_id offset 0) b on true
    left join holds h on h.id = c.hold_id
    where c.booking_id is null or c.booking_id is distinct from ${value('bookingId')} or b.seats is not null
  `
})

function takenOf(claims: readonly Claimed[], offer: Offer, own: Own): Taken {
  const { eventType } = offer
  const taken: Taken & { bookings: TakenBooking[]; holds: [number, number, number][] } = {
    bookings: [],
    holds: [],
    visitorTimeZone: own.timeZone,
    spentHolds: false,
  }
  for (const claim of claims) {
    const [start, end, bufferBeforeMinutes, bufferAfterMinutes, status, eventTypeId, seatsTaken, hostId, spent, uid] =
      claim
    const [sitting, bookingId] = [claim[10], claim[11]]
    if (spent) taken.spentHolds = true
    else if (bufferBeforeMinutes === null) {
      if (sitting) takeSitting(taken, offer, own, sitting, { start, end, hostId })
      else taken.holds.push([start, end, hostId])
    } else if (bookingId !== null && bookingId === own.bookingId) {
      const blocked = { start: start - bufferBeforeMinutes * MINUTE, end: end + bufferAfterMinutes * MINUTE, hostId }
      if (sitting) takeSitting(taken, offer, own, sitting, blocked)
    } else
      taken.bookings.push({
        hostId,
        start,
        end,
        bufferBeforeMinutes,
        bufferAfterMinutes,
        sameEvent: eventTypeId === eventType.id,
        status,
        seatsTaken: own.whole || seatsTaken === null ? undefined : seatsTaken + (sitting?.[3] ?? 0),
        uid: uid ?? undefined,
      })
  }
  return taken
}

/**
 * A start where nobody has booked and seats are held. For the same event type it is as one that others have begun to fill, except that
 * no limit counts it; for all else, and when nothing is left of it, it is a hold.
 */
function takeSitting(
  taken: Taken & { bookings: TakenBooking[]; holds: [number, number, number][] },
  { eventType }: Offer,
  own: Own,
  [eventTypeId, start, end, held, mine]: Held,
  blocked: Span & { hostId: number },
): void {
  const sameEvent = eventTypeId === eventType.id && !own.whole
  const booking = {
    hostId: blocked.hostId,
    start,
    end,
    bufferBeforeMinutes: (start - blocked.start) / MINUTE,
    bufferAfterMinutes: (blocked.end - end) / MINUTE,
    sameEvent: true,
    status: 'pending' as const,
    seatsTaken: held,
  }
  if (held === 0) {
    taken.spentHolds = true
    if (mine && sameEvent) taken.ownSeats = booking
  } else if (sameEvent && held < (eventType.seats?.count ?? 0)) taken.bookings.push(booking)
  else taken.holds.push([blocked.start, blocked.end, blocked.hostId])
}

/** What stands behind a claim; without a buffer before it is a hold. */
type Claimed = [
  start: number,
  end: number,
  bufferBefore: number | null,
  bufferAfter: number,
  status: 'accepted' | 'pending',
  eventTypeId: number | null,
  seatsTaken: number | null,
  hostId: number,
  /** A hold that counts no longer. */
  spent: boolean | null,
  /** Of a booking that several share. */
  uid: string | null,
  sitting: Held | null,
  /** Of a booking that several share. */
  bookingId: number | null,
]

/** A start of which seats are held. */
type Held = [eventTypeId: number, start: number, end: number, byOthers: number, mine: boolean]

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
