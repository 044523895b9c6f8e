import { Temporal } from 'temporal-polyfill'
import { hashToken, randomToken } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { NO_EVENT_TYPE } from '../../event-types/types.ts'
import { blockedSpan, claimTime, clearHolds, lockHosts, requireOffered, withAlternatives } from '../commands.ts'
import { availabilityError } from '../errors.ts'
import { loadOffer, type OfferKey } from '../queries.ts'
import { sitDown } from '../sittings/commands.ts'
import type { Own } from '../taken/queries.ts'
import { hostIdsOf, type Offer, type PlacedHold } from '../types.ts'
import { USUAL_MINUTES } from './types.ts'

const MINUTE = 60_000
const HOLD_LIMIT = { name: 'hold', attempts: 40, seconds: 60 }

/** What somebody wants kept. */
export interface HoldWish {
  offer: OfferKey
  /** Epoch milliseconds. */
  start: number
  /** Minutes; absent: the first of the offer. */
  duration?: number | undefined
  /** Seats, where they are shared; absent: one. */
  quantity?: number | undefined
  /** For how long, which is the host's to say; absent: as long as a form takes. */
  minutes?: number | undefined
  /** Of the visitor, for offers that are restricted by it. */
  timeZone?: string | undefined
}

/**
 * Keeps a start for who asked, of every host whose time it takes, or seats of it where they are shared. A hold made earlier under
 * `previousToken` is given up.
 * @throws slot_taken and slot_not_offered with `alternatives`, duration_not_offered, event_type_not_found, party_too_large,
 *   not_enough_seats, hold_length_not_yours, rate_limited
 */
export async function placeHold(
  ctx: Ctx,
  { previousToken, ...wish }: HoldWish & { previousToken?: string | undefined },
): Promise<PlacedHold> {
  await ctx.rateLimiter.consume(HOLD_LIMIT, ctx.clientAddress)
  const { offer: key, start, duration, timeZone } = wish
  const own: Own = { timeZone, ...(previousToken ? { holdTokenHash: hashToken(previousToken) } : {}) }
  const token = randomToken()
  return withAlternatives(ctx, key, duration, start, own, () =>
    transaction(ctx.db, async (tx) => {
      const kept = await keepable(tx, ctx, wish, own)
      await clearHolds(tx, kept.hostIds, kept.blocked, kept.now, own)
      const seats = await seatsOf(tx, kept, own)
      const row = { ...kept.row, ...seats.kept, token_hash: hashToken(token) }
      const { id } = await tx.insertInto('holds').values(row).returning('id').executeTakeFirstOrThrow()
      await claimOwn(tx, kept, id)
      return holdOf(token, kept.row, seats.free)
    }),
  )
}

/**
 * Another start under the same token, kept anew from now. When it is refused, what was kept before still is.
 * @throws hold_not_found, and what `placeHold` throws
 */
export async function moveHold(ctx: Ctx, token: string, wish: HoldWish): Promise<PlacedHold> {
  await ctx.rateLimiter.consume(HOLD_LIMIT, ctx.clientAddress)
  const own: Own = { timeZone: wish.timeZone, holdTokenHash: hashToken(token) }
  return withAlternatives(ctx, wish.offer, wish.duration, wish.start, own, () =>
    transaction(ctx.db, async (tx) => {
      const kept = await keepable(tx, ctx, wish, own)
      const present = await tx
        .selectFrom('holds')
        .where('token_hash', '=', hashToken(token))
        .where('expires_at', '>', ctx.clock.now())
        .select('id')
        .forUpdate()
        .executeTakeFirst()
      if (!present) throw availabilityError('hold_not_found')
      await tx.deleteFrom('claims').where('hold_id', '=', present.id).execute()
      await tx.updateTable('holds').set({ sitting_id: null }).where('id', '=', present.id).execute()
      await clearHolds(tx, kept.hostIds, kept.blocked, kept.now, {})
      const seats = await seatsOf(tx, kept, own)
      const row = { ...kept.row, ...seats.kept }
      await tx.updateTable('holds').set(row).where('id', '=', present.id).execute()
      await claimOwn(tx, kept, present.id)
      return holdOf(token, kept.row, seats.free)
    }),
  )
}

/** What a hold would be, whose time it takes, and how many seats. */
async function keepable(tx: Tx, ctx: Ctx, { offer: key, start, duration, minutes, quantity = 1 }: HoldWish, own: Own) {
  const offer = await loadOffer(tx, key)
  if (!offer) throw availabilityError('event_type_not_found')
  if (minutes !== undefined && !isHost(ctx, offer)) throw availabilityError('hold_length_not_yours')
  const max = offer.eventType.seats?.maxPerBooking ?? 1
  if (quantity > max) throw availabilityError('party_too_large', { max })
  const length = duration ?? (offer.eventType.durations[0] as number)
  const hostIds = hostIdsOf(offer)
  if (offer.eventType.seats) await lockHosts(tx, hostIds)
  await requireOffered(tx, ctx, offer, start, length, own)
  const now = ctx.clock.now()
  const kept = minutes ?? USUAL_MINUTES
  const row = {
    event_type_id: offer.eventType.id === NO_EVENT_TYPE ? null : offer.eventType.id,
    starts_at: Temporal.Instant.fromEpochMilliseconds(start),
    ends_at: Temporal.Instant.fromEpochMilliseconds(start + length * MINUTE),
    expires_at: now.add({ minutes: kept }),
    minutes: kept,
  }
  return { row, offer, hostIds, quantity, blocked: blockedSpan(offer, start, length), now: now.epochMilliseconds }
}

type Kept = Awaited<ReturnType<typeof keepable>>

/** Where seats are shared, those that are kept, and how many are free. */
async function seatsOf(tx: Tx, { row, offer, quantity, blocked, now }: Kept, own: Own) {
  if (!offer.eventType.seats) return { kept: { quantity: 1 }, free: null }
  const span = { start: row.starts_at.epochMilliseconds, end: row.ends_at.epochMilliseconds }
  const sitting = { eventTypeId: offer.eventType.id, ...span }
  const { id, free } = await sitDown(tx, offer, { sitting, quantity, blocked }, now, own)
  return { kept: { quantity, sitting_id: id }, free }
}

/** Where they are not, all of the time. @throws slot_taken */
async function claimOwn(tx: Tx, { offer, hostIds, blocked }: Kept, holdId: number): Promise<void> {
  if (offer.eventType.seats || (await claimTime(tx, hostIds, blocked, { holdId }))) return
  throw availabilityError('slot_taken')
}

function isHost({ actor }: Ctx, offer: Offer): boolean {
  return actor.kind === 'user' && hostIdsOf(offer).includes(actor.userId)
}

function holdOf(token: string, row: Kept['row'], seatsFree: number | null): PlacedHold {
  return {
    ...{ token, eventTypeId: row.event_type_id, minutes: row.minutes, seatsFree },
    start: row.starts_at.epochMilliseconds,
    end: row.ends_at.epochMilliseconds,
    expiresAt: row.expires_at.epochMilliseconds,
  }
}

/** Gives a hold up. @returns whether it still stood; for a page that is left it makes no difference */
export async function releaseHold(ctx: Ctx, token: string): Promise<boolean> {
  const gone = await ctx.db
    .deleteFrom('holds')
    .where('token_hash', '=', hashToken(token))
    .returning('expires_at')
    .executeTakeFirst()
  return gone !== undefined && Temporal.Instant.compare(gone.expires_at, ctx.clock.now()) > 0
}
