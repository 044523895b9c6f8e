import { sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import { hashToken } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import {
  blockedSpan,
  claimTime,
  clearHolds,
  lockHosts,
  releaseClaims,
  requireOffered,
  withAlternatives,
} from '../../availability/commands.ts'
import { loadOffer, type OfferKey } from '../../availability/queries.ts'
import type { Own } from '../../availability/taken/queries.ts'
import { hostIdsOf, type Offer } from '../../availability/types.ts'
import { questionsWhen } from '../../event-types/questions/types.ts'
import { takeAnswers } from '../answers/commands.ts'
import type { RawAnswers } from '../answers/schema.ts'
import { BOOKING_LIMIT, type Booked } from '../creation/commands.ts'
import { bookingError } from '../errors.ts'
import { bookingMoveRequested, bookingRescheduled } from '../events.ts'
import { offeredTo } from '../free-mail/rules.ts'
import { partyOf } from '../policy.ts'
import { bookingIdBy, type Locked, lockBooking, presentOf, requireAllowed, writeVersion } from '../rows.ts'
import { mayBeMovedBy, needsConfirmation } from '../rules.ts'
import type { RescheduleBooking } from '../schema.ts'
import { isAlone, moveSeat } from '../seats/commands.ts'
import type { BookingStatus } from '../types.ts'

const MINUTE = 60_000

export interface Move extends RescheduleBooking {
  uid: string
  holdToken?: string
}

/**
 * Moves a booking: same commitment, next version. The claim moves in the same transaction, so the booking never holds two times nor
 * none. What an attendee moves must be confirmed again where the event type asks for it.
 * @throws booking_not_found, already_…, same_time, slot_taken or slot_not_offered with `alternatives`, event_type_not_found,
 *   invalid_input and questions_changed for answers
 */
export async function rescheduleBooking(ctx: Ctx, move: Move): Promise<Booked> {
  await ctx.rateLimiter.consume(BOOKING_LIMIT, ctx.clientAddress)
  const present = await ctx.db
    .selectFrom('bookings')
    .where('id', '=', bookingIdBy(move.uid))
    .select(['id', 'uid', 'host_id', 'event_type_id', 'starts_at', 'ends_at'])
    .executeTakeFirst()
  if (!present) throw bookingError('booking_not_found')
  const duration = move.duration ?? minutesOf(present)
  const key = await offerBehind(ctx.db, present, duration)
  if (key === null) throw bookingError('event_type_not_found')
  const whole = present.uid === move.uid
  const own: Own = {
    bookingId: present.id,
    whole,
    timeZone: move.timeZone,
    ...(move.holdToken ? { holdTokenHash: hashToken(move.holdToken) } : {}),
  }
  const run = () =>
    transaction(ctx.db, async (tx) => {
      const offer = await loadOffer(tx, key)
      if (!offer) throw bookingError('event_type_not_found')
      await lockHosts(tx, hostIdsOf(offer))
      const booking = await lockBooking(tx, ctx, move.uid)
      const now = ctx.clock.now().epochMilliseconds
      const by = partyOf(ctx.actor, booking.host_ids)
      requireAllowed(mayBeMovedBy(by, presentOf(booking), now, offer.eventType, move.sequence))
      if (by === 'attendee') await answerAnew(tx, ctx, booking, offer, move.answers ?? {})
      const { seat } = booking
      const mine = seat && !isAlone(booking) ? { holdTokenHash: own.holdTokenHash, timeZone: own.timeZone } : own
      const to = seat && (await moveSeat(tx, ctx, { ...booking, seat }, offer, { ...move, duration, by, own: mine }))
      if (to) return { id: to, uid: move.uid, status: 'accepted' as const, replayed: false }
      return moveWithin(tx, ctx, booking, offer, { ...move, duration }, own)
    })
  return withAlternatives(ctx, key, duration, move.start, own, run)
}

/** What is asked when a booking is moved: its answers take the place of those from an earlier time. A host is asked nothing. */
async function answerAnew(tx: Tx, ctx: Ctx, booking: Locked, { eventType }: Offer, raw: RawAnswers): Promise<void> {
  const questions = questionsWhen(eventType.questions, true)
  if (questions.length === 0 && Object.keys(raw).length === 0) return
  const answers = await takeAnswers(tx, ctx, questions, raw, [])
  const keys = questions.map(({ key }) => key)
  await sql`
    update attendees a set answers = ${JSON.stringify(answers)}::jsonb || coalesce((
      select jsonb_agg(x order by n) from jsonb_array_elements(a.answers) with ordinality e(x, n)
      where x ->> 'key' <> all(${keys}::text[])), '[]')
    where a.booking_id = ${booking.id} and a.kind = 'booker'
      and (${booking.seat?.id ?? null}::int8 is null or a.id = ${booking.seat?.id ?? null}::int8)
  `.execute(tx)
}

/** What a booking was made from, to be moved within it: its event type, or the link of a group. */
async function offerBehind(
  db: Db,
  { id, event_type_id }: { id: number; event_type_id: number | null },
  minutes: number,
): Promise<OfferKey | null> {
  if (event_type_id !== null) return { eventTypeId: event_type_id }
  const rows = await db
    .selectFrom('bookings as b')
    .innerJoin('users as h', 'h.id', 'b.host_id')
    .innerJoin('co_hosts as c', 'c.booking_id', 'b.id')
    .innerJoin('users as u', 'u.id', 'c.host_id')
    .where('b.id', '=', id)
    .select(['h.username as first', 'u.username as other'])
    .orderBy('c.position')
    .execute()
  const [row] = rows
  return row ? { group: [row.first, ...rows.map(({ other }) => other)], minutes } : null
}

async function moveWithin(
  tx: Tx,
  ctx: Ctx,
  booking: Locked,
  offer: Offer,
  { start, duration, reason }: Move & { duration: number },
  own: Own,
): Promise<Booked> {
  const fromStart = booking.starts_at.epochMilliseconds
  const fromEnd = booking.ends_at.epochMilliseconds
  const end = start + duration * MINUTE
  if (booking.status !== 'cancelled' && start === fromStart && end === fromEnd) throw bookingError('same_time')
  await requireOffered(tx, ctx, offer, start, duration, own)

  const blocked = blockedSpan(offer, start, duration)
  await releaseClaims(tx, booking.id)
  // Who moves alone has been found room beside those who hold seats there; all together take a start that nobody has.
  const sitting = booking.seat ? { eventTypeId: offer.eventType.id, start, end } : undefined
  await clearHolds(tx, booking.host_ids, blocked, ctx.clock.now().epochMilliseconds, own, sitting)
  if (!(await claimTime(tx, booking.host_ids, blocked, { bookingId: booking.id }))) throw bookingError('slot_taken')

  const by = partyOf(ctx.actor, booking.host_ids)
  const asksAgain = by === 'attendee' && (await needsAnotherAnswer(tx, ctx, offer, { id: booking.id, start }))
  const status: BookingStatus = asksAgain ? 'pending' : 'accepted'
  const sequence = await writeVersion(tx, ctx, booking, {
    status,
    reason,
    cancelled_by: null,
    reschedule_requested: false,
    buffer_before: offer.eventType.bufferBefore,
    buffer_after: offer.eventType.bufferAfter,
    starts_at: Temporal.Instant.fromEpochMilliseconds(start),
    ends_at: Temporal.Instant.fromEpochMilliseconds(end),
  })
  const event = asksAgain ? bookingMoveRequested : bookingRescheduled
  await emit(tx, ctx, event, { bookingId: booking.id, sequence, fromStart, fromEnd, by })
  return { id: booking.id, uid: booking.seat?.uid ?? booking.uid, status, replayed: false }
}

/** The host is asked anew, as if it were booked now by who booked it. */
async function needsAnotherAnswer(tx: Tx, ctx: Ctx, offer: Offer, { id, start }: { id: number; start: number }) {
  const { email } = (await tx
    .selectFrom('attendees')
    .select('email')
    .where('booking_id', '=', id)
    .where('kind', '=', 'booker')
    .orderBy('id')
    .executeTakeFirst()) ?? { email: '' }
  return needsConfirmation(offeredTo(offer, email).eventType, start, ctx.clock.now().epochMilliseconds)
}

function minutesOf({ starts_at, ends_at }: { starts_at: Temporal.Instant; ends_at: Temporal.Instant }): number {
  return (ends_at.epochMilliseconds - starts_at.epochMilliseconds) / MINUTE
}
