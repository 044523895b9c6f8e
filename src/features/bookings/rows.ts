import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Ctx } from '#platform/ctx.ts'
import type { Tx } from '#platform/db/transaction.ts'
import { bookingError } from './errors.ts'
import { partyOf } from './policy.ts'
import type { Decision, Present } from './rules.ts'
import type { Companion } from './seats/party/types.ts'
import type { BookingStatus } from './types.ts'

/** A seat, as its attendee's row has it. */
export interface LockedSeat {
  id: number
  uid: string
  quantity: number
  companions: Companion[]
  sequence: number
  cancelled: boolean
}

/** A booking that nobody else changes until the transaction ends. */
export interface Locked {
  id: number
  uid: string
  event_type_id: number | null
  host_id: number
  /** All whose time it takes, the host first. */
  host_ids: number[]
  status: BookingStatus
  starts_at: Temporal.Instant
  ends_at: Temporal.Instant
  sequence: number
  reschedule_requested: boolean
  /** Null: one booker has it all. */
  seats: number | null
  seats_taken: number
  series_id: number | null
  occurrence: number | null
  /** Of its event type; null when that was deleted. */
  options: object | null
  /** What the uid stands for when it is not the whole booking's. */
  seat: LockedSeat | null
}

/** The id of the booking that a uid stands for, be it the booking's own or that of a seat in it. */
export const bookingIdBy = (uid: string) =>
  sql<number>`(select id from bookings where uid = ${uid} union all select booking_id from attendees where seat_uid = ${uid} limit 1)`

/**
 * Reads a booking for change: rivals wait until this transaction ends and then see what it did. The uid of a seat stands for that
 * seat alone; where there are seats, the booking's own is its host's.
 * @throws booking_not_found, already_moved when the seat has left meanwhile
 */
export async function lockBooking(tx: Tx, { actor }: Pick<Ctx, 'actor'>, uid: string): Promise<Locked> {
  const row = await tx
    .selectFrom('bookings')
    .where('id', '=', bookingIdBy(uid))
    .select([
      'id',
      'uid',
      'event_type_id',
      'host_id',
      'status',
      'starts_at',
      'ends_at',
      'sequence',
      'reschedule_requested',
      'seats',
      'seats_taken',
      'series_id',
      'occurrence',
      (eb) =>
        eb
          .selectFrom('event_types as e')
          .whereRef('e.id', '=', 'bookings.event_type_id')
          .select('e.options')
          .as('options'),
      sql<number[]>`to_json(array[host_id] || array(
        select c.host_id from co_hosts c where c.booking_id = bookings.id order by c.position))`.as('host_ids'),
    ])
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw bookingError('booking_not_found')
  if (row.uid !== uid) return { ...row, seat: await seatIn(tx, row.id, uid) }
  if (row.seats !== null && partyOf(actor, row.host_ids) !== 'host') throw bookingError('booking_not_found')
  return { ...row, seat: null }
}

/** The same for what can only be done to a booking as a whole. @throws booking_not_found for the uid of a seat */
export async function lockWholeBooking(tx: Tx, ctx: Pick<Ctx, 'actor'>, uid: string): Promise<Locked> {
  const booking = await lockBooking(tx, ctx, uid)
  if (booking.seat) throw bookingError('booking_not_found')
  return booking
}

async function seatIn(tx: Tx, bookingId: number, uid: string): Promise<LockedSeat> {
  const row = await tx
    .selectFrom('attendees')
    .where('seat_uid', '=', uid)
    .where('booking_id', '=', bookingId)
    .select(['id', 'quantity', 'companions', 'sequence', 'cancelled_at'])
    .executeTakeFirst()
  if (!row) throw bookingError('already_moved')
  const { id, quantity, companions, sequence, cancelled_at } = row
  return { id, uid, quantity, companions, sequence, cancelled: cancelled_at !== null }
}

/** As the rules look at it: of a seat, how that stands. */
export function presentOf({ seat, ...booking }: Locked): Present {
  return {
    status: seat?.cancelled ? 'cancelled' : booking.status,
    start: booking.starts_at.epochMilliseconds,
    end: booking.ends_at.epochMilliseconds,
    sequence: seat?.sequence ?? booking.sequence,
    rescheduleRequested: booking.reschedule_requested,
  }
}

export function requireAllowed(decision: Decision): void {
  if (!decision.ok) throw bookingError(decision.reason)
}

interface Change {
  status: BookingStatus
  reason: string
  cancelled_by?: 'host' | 'attendee' | null
  reschedule_requested?: boolean
  starts_at?: Temporal.Instant
  ends_at?: Temporal.Instant
  buffer_before?: number
  buffer_after?: number
}

/** Writes the next version of a locked booking, and of every seat in it, and returns its SEQUENCE. */
export async function writeVersion(tx: Tx, ctx: Ctx, booking: Locked, change: Change): Promise<number> {
  const sequence = booking.sequence + 1
  await tx
    .updateTable('bookings')
    .set({ ...change, sequence, updated_at: ctx.clock.now() })
    .where('id', '=', booking.id)
    .execute()
  if (booking.seats !== null) {
    await tx
      .updateTable('attendees')
      .set({ sequence: sql`sequence + 1` })
      .where('booking_id', '=', booking.id)
      .where('cancelled_at', 'is', null)
      .execute()
  }
  return sequence
}

/** One booking, and the version of it that was looked at when there was one. */
export interface Choice {
  uid: string
  sequence?: number
}
