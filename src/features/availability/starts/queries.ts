import type { Span } from '#engine/types.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import { availabilityError } from '../errors.ts'
import { areStartsOffered, reachOf, startsWithin } from '../offer.ts'
import { type Own, takenTimes } from '../taken/queries.ts'
import type { Offer } from '../types.ts'

/** The starts offered within the span, with one statement whatever its length. */
export async function listStarts(ctx: Ctx, offer: Offer, duration: number, span: Span, own?: Own): Promise<number[]> {
  return (await listSeats(ctx, offer, duration, span, own)).starts
}

export interface OfferedSeats {
  starts: number[]
  /** Of starts that others have begun to fill: seats that are left. */
  left: Map<number, number>
  /** Of the same starts: the booking that they share, which is its host's to know. */
  uids: Map<number, string>
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
  return {
    starts,
    left: new Map(open.map(({ start, seatsTaken = 0 }) => [start, (seats?.count ?? 0) - seatsTaken])),
    uids: new Map(open.flatMap(({ start, uid }) => (uid === undefined ? [] : [[start, uid]]))),
  }
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
