import { sql } from 'kysely'
import { z } from 'zod'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import { transaction } from '#platform/db/transaction.ts'
import { type PlannedDelivery, planDeliveries } from '#platform/deliveries.ts'
import { type Reaction, reaction } from '#platform/events.ts'
import { erasureDone } from '../bookings/erasure/events.ts'
import { bookingById, hostIdsOf, subjectsOf } from '../bookings/queries.ts'
import type { Booking } from '../bookings/types.ts'
import { subscribers } from './queries.ts'
import { TOLD } from './rules.ts'
import type { Trigger } from './types.ts'

/** Every event that a webhook can be told of becomes one delivery per webhook that listens. */
export const webhookReactions: readonly Reaction[] = [
  ...Object.keys(TOLD).map((event) => ({
    ...{ name: 'webhooks', event },
    run: ({ eventId }: { eventId: string }, ctx: Ctx) => planTold(ctx, eventId),
  })),
  reaction(erasureDone, 'webhooks', ({ payload: { userId } }, ctx) => forgetTold(ctx.db, userId)),
]

/** What was sent about people who are forgotten goes too: it names them. */
async function forgetTold(db: Db, userId: number): Promise<void> {
  await sql`
    delete from webhook_attempts where delivery_id in (
      select d.id from bookings b join deliveries d on d.subject = 'booking:' || b.id and d.kind = 'webhook'
      where b.host_id = ${userId} and exists (select from attendees a where a.booking_id = b.id and a.email = ''))`.execute(
    db,
  )
}

/** Earlier events are looked at this far back. What was held up for longer is planned by its own reaction, late and out of order. */
const LOOK_BACK = { hours: 1 }

interface Happened {
  id: string
  name: string
  position: number
  payload: object
  occurred_at: Parameters<typeof subscribers>[1]['at']
}

/**
 * Plans what is to be told of an event, and of those before it: reactions run side by side, and the one to a later event may be first.
 * What is planned already is not planned again.
 */
async function planTold(ctx: Ctx, eventId: string): Promise<void> {
  const event = await ctx.db
    .selectFrom('events')
    .where('id', '=', eventId)
    .select(['id', 'name', 'position', 'payload', 'occurred_at', 'subject'])
    .executeTakeFirstOrThrow()
  if (event.name === 'absence.created') return planAbsence(ctx, event)
  for (const bookingId of bookingsIn(event.payload)) {
    const booking = await bookingById(ctx.db, bookingId)
    if (!booking) continue
    const planned: PlannedDelivery[] = []
    for (const earlier of await eventsUntil(ctx.db, booking, event))
      planned.push(...(await plansFor(ctx.db, booking, earlier)))
    await transaction(ctx.db, (tx) => planDeliveries(tx, ctx, planned))
  }
}

const aboutBookings = z.object({
  bookingId: z.number().optional(),
  bookingIds: z.array(z.number()).default([]),
  pendingIds: z.array(z.number()).default([]),
})

function bookingsIn(payload: object): number[] {
  const { bookingId, bookingIds } = aboutBookings.parse(payload)
  return bookingId === undefined ? bookingIds : [bookingId]
}

async function eventsUntil(db: Db, booking: Booking, { position, occurred_at }: Happened): Promise<Happened[]> {
  return db
    .selectFrom('events')
    .where('subject', 'in', subjectsOf(booking))
    .where('name', 'in', Object.keys(TOLD))
    .where('position', '<=', position)
    .where((eb) => eb.or([eb('position', '=', position), eb('occurred_at', '>=', occurred_at.subtract(LOOK_BACK))]))
    .orderBy('position')
    .select(['id', 'name', 'position', 'payload', 'occurred_at'])
    .execute()
}

async function plansFor(db: Db, booking: Booking, event: Happened): Promise<PlannedDelivery[]> {
  const listening = await subscribers(db, {
    hostIds: hostIdsOf(booking),
    eventTypeId: booking.eventType?.id ?? null,
    triggers: triggersOf(booking, event),
    at: event.occurred_at,
  })
  return plansOf(`booking:${booking.id}`, event, listening)
}

function triggersOf(booking: Booking, { name, payload }: Happened): readonly Trigger[] {
  const waits = aboutBookings.parse(payload).pendingIds.includes(booking.id)
  return waits ? ['BOOKING_REQUESTED'] : (TOLD[name] ?? [])
}

async function planAbsence(ctx: Ctx, event: Happened): Promise<void> {
  const { absenceId, userId } = z.object({ absenceId: z.number(), userId: z.number() }).parse(event.payload)
  const wanted = { hostIds: [userId], eventTypeId: null, triggers: TOLD[event.name] ?? [], at: event.occurred_at }
  const planned = plansOf(`absence:${absenceId}`, event, await subscribers(ctx.db, wanted))
  await transaction(ctx.db, (tx) => planDeliveries(tx, ctx, planned))
}

function plansOf(
  subject: string,
  { id: eventId, position: version }: Happened,
  listening: Awaited<ReturnType<typeof subscribers>>,
): PlannedDelivery[] {
  return listening.flatMap(({ webhookId, triggers }) =>
    triggers.map((topic) => ({
      ...{ eventId, subject, kind: 'webhook' as const, topic, target: String(webhookId), version },
    })),
  )
}
