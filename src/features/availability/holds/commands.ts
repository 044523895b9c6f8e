import { Temporal } from 'temporal-polyfill'
import { hashToken, randomToken } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { NO_EVENT_TYPE } from '../../event-types/types.ts'
import { blockedSpan, claimTime, clearHolds, requireOffered, withAlternatives } from '../commands.ts'
import { availabilityError } from '../errors.ts'
import { loadOffer, type OfferKey } from '../queries.ts'
import type { Own } from '../taken/queries.ts'
import { type Hold, hostIdsOf, type Offer } from '../types.ts'
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
  /** For how long, which is the host's to say; absent: as long as a form takes. */
  minutes?: number | undefined
  /** Of the visitor, for offers that are restricted by it. */
  timeZone?: string | undefined
}

/**
 * Keeps a start for who asked, of every host whose time it takes. A hold made earlier under `previousToken` is given up. Where seats
 * are shared nothing is kept, since it would be kept from everybody: then the answer is null.
 * @throws slot_taken and slot_not_offered with `alternatives`, duration_not_offered, event_type_not_found, hold_length_not_yours, rate_limited
 */
export async function placeHold(
  ctx: Ctx,
  { previousToken, ...wish }: HoldWish & { previousToken?: string | undefined },
): Promise<Hold | null> {
  await ctx.rateLimiter.consume(HOLD_LIMIT, ctx.clientAddress)
  const { offer: key, start, duration, timeZone } = wish
  const own: Own = { timeZone, ...(previousToken ? { holdTokenHash: hashToken(previousToken) } : {}) }
  const token = randomToken()
  return withAlternatives(ctx, key, duration, start, own, () =>
    transaction(ctx.db, async (tx) => {
      const kept = await keepable(tx, ctx, wish, own)
      if (kept === null) return null
      await clearHolds(tx, kept.hostIds, kept.blocked, kept.now, own)
      const { id } = await tx
        .insertInto('holds')
        .values({ ...kept.row, token_hash: hashToken(token) })
        .returning('id')
        .executeTakeFirstOrThrow()
      if (!(await claimTime(tx, kept.hostIds, kept.blocked, { holdId: id }))) throw availabilityError('slot_taken')
      return holdOf(token, kept.row)
    }),
  )
}

/**
 * Another start under the same token, kept anew from now. When it is refused, what was kept before still is.
 * @throws hold_not_found, seats_not_held, and what `placeHold` throws
 */
export async function moveHold(ctx: Ctx, token: string, wish: HoldWish): Promise<Hold> {
  await ctx.rateLimiter.consume(HOLD_LIMIT, ctx.clientAddress)
  const own: Own = { timeZone: wish.timeZone, holdTokenHash: hashToken(token) }
  return withAlternatives(ctx, wish.offer, wish.duration, wish.start, own, () =>
    transaction(ctx.db, async (tx) => {
      const present = await tx
        .selectFrom('holds')
        .where('token_hash', '=', hashToken(token))
        .where('expires_at', '>', ctx.clock.now())
        .select('id')
        .forUpdate()
        .executeTakeFirst()
      if (!present) throw availabilityError('hold_not_found')
      const kept = await keepable(tx, ctx, wish, own)
      if (kept === null) throw availabilityError('seats_not_held')
      await tx.deleteFrom('claims').where('hold_id', '=', present.id).execute()
      await clearHolds(tx, kept.hostIds, kept.blocked, kept.now, {})
      await tx.updateTable('holds').set(kept.row).where('id', '=', present.id).execute()
      const claimed = await claimTime(tx, kept.hostIds, kept.blocked, { holdId: present.id })
      if (!claimed) throw availabilityError('slot_taken')
      return holdOf(token, kept.row)
    }),
  )
}

/** What a hold would be and whose time it takes; null where seats are shared. */
async function keepable(tx: Tx, ctx: Ctx, { offer: key, start, duration, minutes }: HoldWish, own: Own) {
  const offer = await loadOffer(tx, key)
  if (!offer) throw availabilityError('event_type_not_found')
  if (minutes !== undefined && !isHost(ctx, offer)) throw availabilityError('hold_length_not_yours')
  const length = duration ?? (offer.eventType.durations[0] as number)
  await requireOffered(tx, ctx, offer, start, length, own)
  if (offer.eventType.seats) return null
  const now = ctx.clock.now()
  const kept = minutes ?? USUAL_MINUTES
  const row = {
    event_type_id: offer.eventType.id === NO_EVENT_TYPE ? null : offer.eventType.id,
    starts_at: Temporal.Instant.fromEpochMilliseconds(start),
    ends_at: Temporal.Instant.fromEpochMilliseconds(start + length * MINUTE),
    expires_at: now.add({ minutes: kept }),
    minutes: kept,
  }
  const hostIds = hostIdsOf(offer)
  return { row, hostIds, blocked: blockedSpan(offer, start, length), now: now.epochMilliseconds }
}

function isHost({ actor }: Ctx, offer: Offer): boolean {
  return actor.kind === 'user' && hostIdsOf(offer).includes(actor.userId)
}

function holdOf(token: string, row: NonNullable<Awaited<ReturnType<typeof keepable>>>['row']): Hold {
  return {
    ...{ token, eventTypeId: row.event_type_id, minutes: row.minutes },
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
