import { sql } from 'kysely'
import { randomUid } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Tx } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import type { Metadata } from '#platform/metadata.ts'
import { blockedSpan, claimTime, clearHolds, releaseClaims, requireOffered } from '../../availability/commands.ts'
import { seatsHeld } from '../../availability/sittings/queries.ts'
import type { Own } from '../../availability/taken/queries.ts'
import type { Offer } from '../../availability/types.ts'
import { bookingError } from '../errors.ts'
import { bookingCancelled, type MadeOnBehalf, seatCancelled, seatLeft, seatMoved, seatTaken } from '../events.ts'
import type { Tracking } from '../metadata/schema.ts'
import { type Locked, type LockedSeat, writeVersion } from '../rows.ts'
import type { Party } from '../rules.ts'
import type { Companion } from './party/types.ts'

const MINUTE = 60_000

/** What a start is booked for. Instants are epoch milliseconds. */
interface Sitting {
  start: number
  end: number
  quantity: number
}

/** What somebody found who wanted seats. */
interface Seating {
  /** The booking they sit in now; null: nobody has booked this start, and there is room. */
  bookingId: number | null
  /** Others hold seats of it. */
  isHeld: boolean
}

/**
 * Takes seats in the booking that others began at this start, beside those that are held; the visitor's own hold is spent. The caller
 * holds the lock of the host, so that no two count the same seat as free.
 * @throws slot_taken, not_enough_seats with `free`
 */
export async function takeSeats(
  tx: Tx,
  ctx: Ctx,
  { eventType }: Offer,
  { start, end, quantity }: Sitting,
  own: Own,
): Promise<Seating> {
  const now = ctx.clock.now()
  const count = eventType.seats?.count ?? 0
  const sitting = { eventTypeId: eventType.id, start, end }
  const { rows } = await sql<{ id: number | null; taken: number | null; held: number }>`
    with spent as (delete from holds where token_hash = ${own.holdTokenHash ?? null}),
    held as (select ${seatsHeld(sitting, now.epochMilliseconds, own)} as n),
    begun as (
      select id, seats_taken from bookings where event_type_id = ${eventType.id} and starts_at = to_timestamp(${start / 1000})
        and ends_at = to_timestamp(${end / 1000}) and status = 'accepted' and seats is not null
    ),
    joined as (
      update bookings b set seats = ${count}, seats_taken = b.seats_taken + ${quantity}, updated_at = ${now} from held
      where b.id = (select id from begun) and b.status = 'accepted' and b.seats_taken + ${quantity} + held.n <= ${count}
      returning b.id
    )
    select (select id from joined) as id, (select seats_taken from begun) as taken, held.n as held from held
  `.execute(tx)
  const { id = null, taken = null, held = 0 } = rows[0] ?? {}
  const free = count - (taken ?? 0) - held
  if (id === null && free <= 0) throw bookingError('slot_taken')
  if (id === null && free < quantity) throw bookingError('not_enough_seats', { free })
  return { bookingId: id, isHeld: held > 0 }
}

/** Gives one seat back, or takes it from its attendee. The last one takes the booking along, and its time is free again. */
export async function cancelSeat(
  tx: Tx,
  ctx: Ctx,
  booking: Locked & { seat: LockedSeat },
  { by, reason }: { by: Party; reason: string },
): Promise<void> {
  const { seat } = booking
  if (seat.quantity === booking.seats_taken) {
    await releaseClaims(tx, booking.id)
    const sequence = await writeVersion(tx, ctx, booking, { status: 'cancelled', reason, cancelled_by: by })
    await emit(tx, ctx, bookingCancelled, { bookingId: booking.id, sequence, by })
    return
  }
  const sequence = seat.sequence + 1
  await tx
    .updateTable('attendees')
    .set({ cancelled_at: ctx.clock.now(), cancelled_by: by, reason, sequence })
    .where('id', '=', seat.id)
    .execute()
  await freeSeats(tx, ctx, booking)
  await emit(tx, ctx, seatCancelled, { bookingId: booking.id, attendeeId: seat.id, sequence, by })
}

async function freeSeats(tx: Tx, ctx: Ctx, booking: Locked & { seat: LockedSeat }): Promise<void> {
  await tx
    .updateTable('bookings')
    .set({ seats_taken: sql`seats_taken - ${booking.seat.quantity}`, updated_at: ctx.clock.now() })
    .where('id', '=', booking.id)
    .execute()
}

/** Whether nobody else sits in the booking. */
export function isAlone(booking: Locked): boolean {
  return booking.seat !== null && booking.seat.quantity === booking.seats_taken
}

interface SeatMove {
  start: number
  /** Minutes. */
  duration: number
  by: Party
  own: Own
}

/**
 * Moves one seat to another start, whoever sits there or not; the others stay where they are. The caller holds the lock of the host,
 * so that two that change places do not wait for each other.
 * @returns null when its attendee is alone and nobody sits there: then the booking itself can move
 */
export async function moveSeat(
  tx: Tx,
  ctx: Ctx,
  booking: Locked & { seat: LockedSeat },
  offer: Offer,
  { start, duration, by, own }: SeatMove,
): Promise<number | null> {
  const { seat } = booking
  const fromStart = booking.starts_at.epochMilliseconds
  const fromEnd = booking.ends_at.epochMilliseconds
  const sitting = { start, end: start + duration * MINUTE, quantity: seat.quantity }
  if (start === fromStart && sitting.end === fromEnd) throw bookingError('same_time')
  await requireOffered(tx, ctx, offer, start, duration, own)
  const { bookingId: joined } = await takeSeats(tx, ctx, offer, sitting, own)
  if (joined === null && isAlone(booking)) return null
  const bookingId = joined ?? (await openBeside(tx, ctx, booking, offer, sitting, own))
  await leave(tx, ctx, booking, by, bookingId)
  const sequence = seat.sequence + 1
  await tx.updateTable('attendees').set({ booking_id: bookingId, sequence }).where('id', '=', seat.id).execute()
  const move = { fromBookingId: booking.id, fromStart, fromEnd, by }
  await emit(tx, ctx, seatMoved, { bookingId, attendeeId: seat.id, sequence, ...move })
  return bookingId
}

/** A booking like the one that is left, at another start. */
async function openBeside(
  tx: Tx,
  ctx: Ctx,
  booking: Locked,
  offer: Offer,
  { start, end, quantity }: Sitting,
  own: Own,
): Promise<number> {
  const now = ctx.clock.now()
  const { eventType, host } = offer
  const { rows } = await sql<{ id: number }>`
    insert into bookings (uid, event_type_id, host_id, status, title, starts_at, ends_at, time_zone, buffer_before, buffer_after,
      location, seats, seats_taken, created_at, updated_at)
    select ${randomUid()}, event_type_id, host_id, 'accepted', title, to_timestamp(${start / 1000}), to_timestamp(${end / 1000}),
      time_zone, ${eventType.bufferBefore}, ${eventType.bufferAfter}, location, ${eventType.seats?.count ?? null}, ${quantity},
      ${now}, ${now}
    from bookings where id = ${booking.id} returning id
  `.execute(tx)
  const id = rows[0]?.id as number
  const blocked = blockedSpan(offer, start, (end - start) / MINUTE)
  await clearHolds(tx, host.id, blocked, now.epochMilliseconds, own, { eventTypeId: eventType.id, start, end })
  if (!(await claimTime(tx, [host.id], blocked, { bookingId: id }))) throw bookingError('slot_taken')
  return id
}

/** The booking without the seat that moves. When it was the only one, its row stays and says who was there. */
async function leave(
  tx: Tx,
  ctx: Ctx,
  booking: Locked & { seat: LockedSeat },
  by: Party,
  toBookingId: number,
): Promise<void> {
  if (!isAlone(booking)) {
    await freeSeats(tx, ctx, booking)
    await emit(tx, ctx, seatLeft, { bookingId: booking.id, attendeeId: booking.seat.id, toBookingId, by })
    return
  }
  await releaseClaims(tx, booking.id)
  await sql`
    insert into attendees (booking_id, kind, name, email, time_zone, locale, quantity)
    select booking_id, kind, name, email, time_zone, locale, quantity from attendees where id = ${booking.seat.id}
  `.execute(tx)
  const sequence = await writeVersion(tx, ctx, booking, { status: 'cancelled', reason: '', cancelled_by: by })
  await emit(tx, ctx, bookingCancelled, { bookingId: booking.id, sequence, by })
}

/** Somebody sits down in a booking that is there. */
export async function addSeat(
  tx: Tx,
  ctx: Ctx,
  bookingId: number,
  seat: {
    name: string
    email: string
    timeZone: string
    locale: string
    quantity: number
    companions: readonly Companion[]
    notes: string
    answers: readonly object[]
    metadata: Metadata
    tracking: Tracking
  },
  onBehalf?: MadeOnBehalf,
): Promise<string> {
  const uid = randomUid()
  const { timeZone, companions, answers, metadata, tracking, ...rest } = seat
  const { id } = await tx
    .insertInto('attendees')
    .values({
      ...rest,
      booking_id: bookingId,
      kind: 'booker',
      time_zone: timeZone,
      companions: JSON.stringify(companions),
      answers: JSON.stringify(answers),
      metadata: JSON.stringify(metadata),
      tracking: JSON.stringify(tracking),
      seat_uid: uid,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await emit(tx, ctx, seatTaken, { bookingId, attendeeId: id, sequence: 0, ...(onBehalf && { onBehalf }) })
  return uid
}
