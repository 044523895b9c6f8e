import { sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import { randomUid } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Tx } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { blockedSpan, claimEach, clearHolds } from '../../availability/commands.ts'
import { areOffered } from '../../availability/starts/queries.ts'
import type { Own } from '../../availability/taken/queries.ts'
import type { Offer } from '../../availability/types.ts'
import { bookingError } from '../errors.ts'
import { bookingCancelled, type MadeOnBehalf, seriesCreated } from '../events.ts'
import type { Locked } from '../rows.ts'
import { needsConfirmation, type Party } from '../rules.ts'
import type { CreateBooking } from '../schema.ts'
import { occurrencesFrom } from './queries.ts'

const MINUTE = 60_000

/**
 * The starts that are booked, in order: those of the series that the booker chose, or the one start.
 * @throws not_recurring, not_an_occurrence
 */
export function chosenStarts(offer: Offer, { start, occurrences }: CreateBooking): number[] {
  if (occurrences.length === 0) return [start]
  if (offer.eventType.recurrence === null) throw bookingError('not_recurring')
  const possible = new Set(occurrencesFrom(offer, start))
  if (occurrences.some((one) => !possible.has(one))) throw bookingError('not_an_occurrence')
  return [...new Set(occurrences)].sort((a, b) => a - b)
}

/** All of them are free, those before each counted in. @throws occurrence_taken, which names those that are not */
export async function requireEachOffered(
  tx: Tx,
  ctx: Ctx,
  offer: Offer,
  starts: readonly number[],
  duration: number,
  own: Own,
): Promise<void> {
  const offered = await areOffered(tx, ctx, offer, duration, starts, own)
  requireNone(
    starts,
    starts.filter((_, i) => !offered[i]),
  )
}

function requireNone(starts: readonly number[], taken: readonly number[]): void {
  const [first] = taken
  if (first !== undefined) throw bookingError('occurrence_taken', { n: starts.indexOf(first) + 1, starts: taken })
}

interface Repetition {
  bookingId: number
  starts: readonly number[]
  duration: number
  own: Own
  onBehalf?: MadeOnBehalf
}

/**
 * Makes a booking that was just written the first of a series and repeats it at the other starts: all of them or none. Three
 * statements and the fact, however many there are.
 * @throws occurrence_taken when somebody was faster
 */
export async function repeatBooking(
  tx: Tx,
  ctx: Ctx,
  offer: Offer,
  { bookingId, starts, duration, own, onBehalf }: Repetition,
): Promise<void> {
  const now = ctx.clock.now()
  const rest = starts.slice(1).map((start, i) => ({
    uid: randomUid(),
    status: needsConfirmation(offer.eventType, start, now.epochMilliseconds) ? 'pending' : 'accepted',
    starts_at: Temporal.Instant.fromEpochMilliseconds(start).toString(),
    ends_at: Temporal.Instant.fromEpochMilliseconds(start + duration * MINUTE).toString(),
    occurrence: i + 2,
  }))
  const { rows } = await sql<{ id: number; series_id: number; status: 'pending' | 'accepted' }>`
    with new_series as (insert into series (host_id, created_at) values (${offer.host.id}, ${now}) returning id),
    first as (
      update bookings set series_id = (select id from new_series), occurrence = 1 where id = ${bookingId} returning *
    ),
    rest as (
      insert into bookings (uid, event_type_id, host_id, status, title, starts_at, ends_at, time_zone, buffer_before,
        buffer_after, location, notes, series_id, occurrence, created_at, updated_at)
      select r.uid, f.event_type_id, f.host_id, r.status, f.title, r.starts_at, r.ends_at, f.time_zone, f.buffer_before,
        f.buffer_after, f.location, f.notes, f.series_id, r.occurrence, f.created_at, f.updated_at
      from first f, jsonb_to_recordset(${JSON.stringify(rest)}::jsonb)
        r(uid text, status text, starts_at timestamptz, ends_at timestamptz, occurrence int)
      returning id, series_id, occurrence, status
    ),
    people as (
      insert into attendees (booking_id, host_id, kind, name, email, time_zone, locale, answers, metadata, tracking)
      select r.id, a.host_id, a.kind, a.name, a.email, a.time_zone, a.locale, a.answers, a.metadata, a.tracking
      from rest r, attendees a where a.booking_id = ${bookingId} order by r.id, a.id
    )
    select id, series_id, occurrence, status from first
    union all select id, series_id, occurrence, status from rest order by occurrence
  `.execute(tx)
  const spans = starts.map((start) => blockedSpan(offer, start, duration))
  await clearHolds(tx, offer.host.id, spans, now.epochMilliseconds, own)
  const claims = rows.map(({ id }, i) => ({
    hostId: offer.host.id,
    bookingId: id,
    blocked: spans[i] as (typeof spans)[0],
  }))
  const refused = new Set(await claimEach(tx, claims))
  requireNone(
    starts,
    starts.filter((_, i) => refused.has(rows[i]?.id as number)),
  )
  const seriesId = rows[0]?.series_id as number
  const pendingIds = rows.filter(({ status }) => status === 'pending').map(({ id }) => id)
  const bookingIds = rows.map(({ id }) => id)
  const made = { seriesId, bookingIds, pendingIds, sequence: 0, ...(onBehalf && { onBehalf }) }
  await emit(tx, ctx, seriesCreated, made)
}

/** Cancels what is left of a series after one of its bookings; each is told of by itself. */
export async function cancelLater(
  tx: Tx,
  ctx: Ctx,
  { series_id, occurrence }: Locked,
  { by, reason }: { by: Party; reason: string },
): Promise<void> {
  const now = ctx.clock.now()
  const later = await tx
    .selectFrom('bookings')
    .where('series_id', '=', series_id)
    .where('occurrence', '>', occurrence)
    .where('status', 'in', ['pending', 'accepted'])
    .where('ends_at', '>', now)
    .select('id')
    .orderBy('id')
    .forUpdate()
    .execute()
  if (later.length === 0) return
  const ids = later.map(({ id }) => id)
  await tx.deleteFrom('claims').where('booking_id', 'in', ids).execute()
  const rows = await tx
    .updateTable('bookings')
    .set({ status: 'cancelled', reason, cancelled_by: by, sequence: sql`sequence + 1`, updated_at: now })
    .where('id', 'in', ids)
    .returning(['id', 'sequence'])
    .execute()
  for (const { id, sequence } of rows) await emit(tx, ctx, bookingCancelled, { bookingId: id, sequence, by })
}
