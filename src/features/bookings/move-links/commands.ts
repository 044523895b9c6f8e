import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { planDeliveries } from '#platform/deliveries.ts'
import { loadOffer, type OfferKey } from '../../availability/queries.ts'
import { bookingError } from '../errors.ts'
import { bookingsAhead } from './queries.ts'

/** How deliveries call a mail with links to move what is booked. */
export const MOVE_LINKS_TOPIC = 'booking.move_links'

const SENT_TO_ADDRESS = { name: 'move-links-sent', attempts: 3, seconds: 3600 }
const ASKED_BY_CLIENT = { name: 'move-links-asked', attempts: 20, seconds: 900 }

/**
 * Mails who has as many bookings as the event type allows the links to move them: to the address that booked, in the language and zone
 * of the booking. Whoever asks, and whatever there is, the answer and the limits are the same.
 * @throws event_type_not_found, rescheduling_not_offered, mail_codes_unavailable, rate_limited
 */
export async function sendMoveLinks(
  ctx: Ctx,
  { offer: key, email }: { offer: OfferKey; email: string },
): Promise<void> {
  if (!ctx.mail.configured) throw bookingError('mail_codes_unavailable')
  const offer = await loadOffer(ctx.db, key)
  if (!offer) throw bookingError('event_type_not_found')
  const { id: eventTypeId, bookerLimit } = offer.eventType
  if (!bookerLimit?.offerMove) throw bookingError('rescheduling_not_offered')
  await ctx.rateLimiter.consume(ASKED_BY_CLIENT, ctx.clientAddress)
  await ctx.rateLimiter.consume(SENT_TO_ADDRESS, `${eventTypeId}/${email}`)
  await transaction(ctx.db, async (tx) => {
    const [first] = await bookingsAhead(tx, ctx, { eventTypeId, email })
    if (!first) return
    const planned = { eventId: null, kind: 'mail', topic: MOVE_LINKS_TOPIC } as const
    const target = `attendee:${first.attendeeId}`
    // Asked for twice within a second is asked for once.
    const version = Math.floor(ctx.clock.now().epochMilliseconds / 1000)
    await planDeliveries(tx, ctx, [{ ...planned, subject: `booking:${first.id}`, target, version }])
  })
}
