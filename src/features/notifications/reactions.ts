import { transaction } from '#platform/db/transaction.ts'
import { planDeliveries } from '#platform/deliveries.ts'
import { type EventDefinition, type Reaction, reaction } from '#platform/events.ts'
import {
  anotherTimeRequested,
  bookingCancelled,
  bookingConfirmed,
  bookingCreated,
  bookingGuestsAdded,
  bookingLocationChanged,
  bookingMoveRequested,
  bookingRejected,
  bookingRequested,
  bookingRescheduled,
  type MadeOnBehalf,
  partyReduced,
  seatCancelled,
  seatMoved,
  seatTaken,
  seriesCreated,
} from '../bookings/events.ts'
import { bookingById, bookingsOfSeries } from '../bookings/queries.ts'
import { inCalendarsBefore, subjectOf, subjectOfSeries } from './queries.ts'
import { isTopic, recipientsAdded, recipientsOf, recipientsOfSeat, thoseTold } from './rules.ts'
import type { Topic } from './types.ts'

/** Every change of a booking becomes one delivery per person who is to know. */
export const notificationReactions: readonly Reaction[] = [
  notifyOf(bookingRequested),
  unlessOnBehalf(bookingCreated, notifyOf(bookingCreated)),
  notifyOf(bookingConfirmed),
  notifyOf(bookingRejected),
  notifyOf(bookingRescheduled),
  notifyOf(bookingMoveRequested),
  notifyOf(bookingCancelled),
  notifyOf(anotherTimeRequested),
  notifyOf(bookingLocationChanged),
  notifyAdded(),
  unlessOnBehalf(seatTaken, notifyOfSeat(seatTaken)),
  notifyOfSeat(seatCancelled),
  notifyOfSeat(seatMoved),
  notifyOfSeat(partyReduced),
  reaction(seriesCreated, 'notify', async ({ eventId, payload: { seriesId, sequence: version, onBehalf } }, ctx) => {
    if (onBehalf?.mails === false) return
    const bookings = await bookingsOfSeries(ctx.db, seriesId)
    const [first] = bookings
    if (!first) return
    const certain = bookings.some(({ status }) => status === 'accepted')
    const topic = 'series.created'
    const everybody = recipientsOf(first, { topic, inCalendars: false })
    const told = thoseTold(everybody, first, topic).filter(({ role }) => certain || role !== 'guest')
    const subject = subjectOfSeries(seriesId)
    const planned = told.map(({ target }) => ({
      ...{ eventId, subject, kind: 'mail' as const, topic, target, version },
    }))
    await transaction(ctx.db, (tx) => planDeliveries(tx, ctx, planned))
  }),
]

/** What a host booked for somebody without mails is told to nobody. */
function unlessOnBehalf<P extends { onBehalf?: MadeOnBehalf }>(event: EventDefinition<P>, told: Reaction): Reaction {
  return reaction(event, told.name, async (fact, ctx) => {
    if (fact.payload.onBehalf?.mails !== false) await told.run(fact, ctx)
  })
}

/** Guests who were added later hear of the booking as it is. */
function notifyAdded(): Reaction {
  const topic = topicOf(bookingGuestsAdded)
  return reaction(bookingGuestsAdded, 'notify', async ({ eventId, payload }, ctx) => {
    const booking = await bookingById(ctx.db, payload.bookingId)
    if (!booking) return
    const subject = subjectOf(booking.id)
    const planned = thoseTold(recipientsAdded(booking, payload.attendeeIds), booking, topic).map(({ target }) => ({
      ...{ eventId, subject, kind: 'mail' as const, topic, target, version: payload.sequence },
    }))
    await transaction(ctx.db, (tx) => planDeliveries(tx, ctx, planned))
  })
}

/** What happens to one seat concerns its attendee and the host. */
function notifyOfSeat<P extends { bookingId: number; attendeeId: number; sequence: number }>(
  event: EventDefinition<P>,
): Reaction {
  const topic = topicOf(event)
  return reaction(event, 'notify', async ({ eventId, payload: { bookingId, attendeeId, sequence: version } }, ctx) => {
    const booking = await bookingById(ctx.db, bookingId)
    if (!booking) return
    const subject = subjectOf(bookingId)
    const planned = thoseTold(recipientsOfSeat(booking, attendeeId), booking, topic).map(({ target }) => ({
      ...{ eventId, subject, kind: 'mail' as const, topic, target, version },
    }))
    await transaction(ctx.db, (tx) => planDeliveries(tx, ctx, planned))
  })
}

function notifyOf<P extends { bookingId: number; sequence: number }>(event: EventDefinition<P>): Reaction {
  const topic = topicOf(event)
  return reaction(event, 'notify', async ({ eventId, payload: { bookingId, sequence: version } }, ctx) => {
    const booking = await bookingById(ctx.db, bookingId)
    if (!booking) return
    const inCalendars = await inCalendarsBefore(ctx.db, booking, version)
    const subject = subjectOf(bookingId)
    const planned = thoseTold(recipientsOf(booking, { topic, inCalendars }), booking, topic).map(({ target }) => ({
      ...{ eventId, subject, kind: 'mail' as const, topic, target, version },
    }))
    await transaction(ctx.db, (tx) => planDeliveries(tx, ctx, planned))
  })
}

function topicOf({ name }: { name: string }): Topic {
  if (!isTopic(name)) throw new Error(`no mails are written about ${name}`)
  return name
}
