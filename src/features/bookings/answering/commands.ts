import { sql } from 'kysely'
import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { releaseClaims } from '../../availability/commands.ts'
import { bookingConfirmed, bookingRejected } from '../events.ts'
import { requireHost } from '../policy.ts'
import { type Choice, type Locked, lockWholeBooking, presentOf, requireAllowed, writeVersion } from '../rows.ts'
import { mayAnswer } from '../rules.ts'

/** A request to be answered; with `series` everything that waits of the series it belongs to. */
interface Answer extends Choice {
  series?: boolean
  /** Of a series only what is ahead at `sequence`, as the mail that is answered told of it. */
  asTold?: boolean
}

/** The host accepts a request. Its time has been claimed since it was made. @throws booking_not_found, own_bookings_only, already_… */
export async function confirmBooking(ctx: Ctx, answer: Answer): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    for (const booking of await lockAsked(tx, ctx, answer)) {
      const sequence = await writeVersion(tx, ctx, booking, { status: 'accepted', reason: '' })
      await emit(tx, ctx, bookingConfirmed, { bookingId: booking.id, sequence })
    }
  })
}

/** The host declines a request; its time is free again. @throws booking_not_found, own_bookings_only, already_… */
export async function rejectBooking(ctx: Ctx, { reason, ...answer }: Answer & { reason: string }): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    for (const booking of await lockAsked(tx, ctx, answer)) {
      await releaseClaims(tx, booking.id)
      const sequence = await writeVersion(tx, ctx, booking, { status: 'rejected', reason })
      await emit(tx, ctx, bookingRejected, { bookingId: booking.id, sequence })
    }
  })
}

/**
 * What an answer is about. Of a series that is whatever still waits, the others are passed over; when nothing does, the answer is
 * refused as it would be for the one that was looked at.
 */
async function lockAsked(tx: Tx, ctx: Ctx, answer: Answer): Promise<Locked[]> {
  const { uid, sequence: seen, series = false } = answer
  const uids = series ? await lockWaiting(tx, ctx, answer) : []
  const booking = await lockWholeBooking(tx, ctx, uid)
  requireHost(ctx.actor, booking.host_ids)
  const decision = mayAnswer(presentOf(booking), ctx.clock.now().epochMilliseconds, seen)
  if (uids.length === 0 || uids.includes(uid)) requireAllowed(decision)
  if (uids.length === 0) return [booking]
  const asked: Locked[] = []
  for (const one of uids) asked.push(one === uid ? booking : await lockWholeBooking(tx, ctx, one))
  return asked
}

/** All of them in the order of their ids before any else, so that two answers do not wait for each other. */
async function lockWaiting(tx: Tx, { clock }: Ctx, { uid, sequence, asTold = false }: Answer): Promise<string[]> {
  const told = asTold ? sql`sequence = ${sequence ?? null} and starts_at > ${clock.now()}` : sql`true`
  const { rows } = await sql<{ uid: string }>`
    select uid from bookings
    where series_id = (select series_id from bookings where uid = ${uid}) and status = 'pending' and ends_at > ${clock.now()}
      and ${told}
    order by id for update
  `.execute(tx)
  return rows.map((row) => row.uid)
}
