import { sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import type { Span } from '#engine/types.ts'
import type { Tx } from '#platform/db/transaction.ts'
import { claimTime } from '../commands.ts'
import { availabilityError } from '../errors.ts'
import type { Own } from '../taken/queries.ts'
import type { Offer } from '../types.ts'
import { seatsHeld } from './queries.ts'
import type { Sitting } from './types.ts'

/** Seats that somebody wants kept, and the time they are in, buffers included. */
export interface SeatWish {
  sitting: Sitting
  quantity: number
  blocked: Span
}

/**
 * Makes room for a hold of some seats of a start: in the booking that others began there, or beside the holds of others, or alone. The
 * caller holds the lock of the host, so that no two count the same seat as free.
 * @returns the sitting that the hold belongs to, and how many seats are free to who asks, these included
 * @throws slot_taken, not_enough_seats with `free`
 */
export async function sitDown(
  tx: Tx,
  { eventType, host }: Offer,
  { sitting, quantity, blocked }: SeatWish,
  now: number,
  own: Own,
): Promise<{ id: number; free: number }> {
  const { eventTypeId, start, end } = sitting
  const span = { event_type_id: eventTypeId, starts_at: instantOf(start), ends_at: instantOf(end) }
  // Locked, so that who gives the last seat back sees the hold and leaves the time to it.
  const begun = await tx
    .selectFrom('bookings')
    .where('event_type_id', '=', eventTypeId)
    .where('starts_at', '=', span.starts_at)
    .where('ends_at', '=', span.ends_at)
    .where('status', '=', 'accepted')
    .where('seats', 'is not', null)
    .select('seats_taken')
    .forUpdate()
    .executeTakeFirst()
  await sweep(tx, eventTypeId, now)
  const { id, claimed, held } = await tx
    .insertInto('sittings')
    .values(span)
    .onConflict((on) => on.columns(['event_type_id', 'starts_at', 'ends_at']).doUpdateSet(span))
    .returning([
      'id',
      sql<boolean>`exists (select from claims where sitting_id = sittings.id)`.as('claimed'),
      seatsHeld(sitting, now, own).as('held'),
    ])
    .executeTakeFirstOrThrow()
  const free = (eventType.seats?.count ?? 0) - (begun?.seats_taken ?? 0) - held
  if (free <= 0) throw availabilityError('slot_taken')
  if (free < quantity) throw availabilityError('not_enough_seats', { free })
  const hasTime = begun !== undefined || claimed || (await claimTime(tx, [host.id], blocked, { sittingId: id }))
  if (!hasTime) throw availabilityError('slot_taken')
  return { id, free }
}

/** What is over is in nobody's way and would stay for ever. */
async function sweep(tx: Tx, eventTypeId: number, now: number): Promise<void> {
  const at = sql`to_timestamp(${now / 1000})`
  await sql`
    with past as (delete from sittings where event_type_id = ${eventTypeId} and ends_at <= ${at})
    delete from holds h using sittings s
    where h.sitting_id = s.id and s.event_type_id = ${eventTypeId} and s.ends_at > ${at} and h.expires_at <= ${at}
  `.execute(tx)
}

function instantOf(time: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(time)
}
