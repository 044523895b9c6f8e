import { occurrences } from '#engine/recurrence.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import { areOffered } from '../../availability/starts/queries.ts'
import type { Own } from '../../availability/taken/queries.ts'
import type { Offer } from '../../availability/types.ts'
import type { BookingStatus } from '../types.ts'

/** Epoch ms of everything a series may have that begins at `start`: the same time of day, whatever clocks do. */
export function occurrencesFrom({ eventType, hours }: Offer, start: number): number[] {
  return eventType.recurrence ? Array.from(occurrences(eventType.recurrence, start, hours.timeZone)) : [start]
}

/** One possible occurrence, for the booker to choose. */
export interface OfferedOccurrence {
  /** Epoch ms. */
  start: number
  free: boolean
}

/** The occurrences of a series that would begin at `start`, and which of them can be had; one statement. */
export async function offeredOccurrences(
  ctx: Ctx,
  offer: Offer,
  { start, duration, own }: { start: number; duration: number; own: Own },
): Promise<OfferedOccurrence[]> {
  const starts = occurrencesFrom(offer, start)
  const free = await areOffered(ctx.db, ctx, offer, duration, starts, own)
  return starts.map((one, i) => ({ start: one, free: free[i] === true }))
}

/** One booking of a series, among the others. */
export interface Occurrence {
  uid: string
  id: number
  /** Epoch ms. */
  start: number
  status: BookingStatus
}

/** What belongs to a series, in the order in which it was booked. Who holds one of its uids holds all of them. */
export async function occurrencesOf(db: Db, seriesId: number): Promise<Occurrence[]> {
  const rows = await db
    .selectFrom('bookings')
    .where('series_id', '=', seriesId)
    .select(['id', 'uid', 'starts_at', 'status'])
    .orderBy('occurrence')
    .execute()
  return rows.map(({ id, uid, starts_at, status }) => ({ id, uid, status, start: starts_at.epochMilliseconds }))
}
