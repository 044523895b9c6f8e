import { z } from 'zod'
import type { Ctx } from '#platform/ctx.ts'
import { type Carrier, type Delivery, MAIL_NOT_CONFIGURED, type Verdict } from '#platform/deliveries.ts'
import { MailFailure, type OutgoingMail } from '#platform/mail/transport.ts'
import { bookingById, bookingsOfSeries } from '../bookings/queries.ts'
import { seatOf, seatView } from '../bookings/seats/queries.ts'
import type { Attendee, Booking } from '../bookings/types.ts'
import { composeMail, type Letter } from './mail.ts'
import { bookingIdOf, inCalendarsBefore, seriesIdOf } from './queries.ts'
import { isSeatTopic, isTopic, recipientAt, seatIdOf, TOPICS } from './rules.ts'
import type { Change, Recipient, Topic } from './types.ts'

/** Sends the mail a delivery stands for, unless the booking has moved on since it was planned. */
export const bookingMailCarrier: Carrier = {
  kind: 'mail',
  topics: TOPICS,
  async carry(delivery, ctx) {
    if (!ctx.mail.configured) return { state: 'blocked', reason: MAIL_NOT_CONFIGURED }
    if (delivery.topic === 'series.created') return carrySeries(delivery, ctx)
    const booking = await bookingById(ctx.db, bookingIdOf(delivery.subject))
    if (!booking) return { state: 'skipped', reason: 'booking_gone' }
    const { topic } = delivery
    if (!isTopic(topic)) throw new Error(`no mails are written about ${topic}`)
    const seat = isSeatTopic(topic) ? (seatOf(booking, seatIdOf(delivery.target)) ?? null) : undefined
    if (seat === null) return { state: 'skipped', reason: 'recipient_gone' }
    const present = seat?.seat ?? booking
    const over = seat !== undefined && booking.status === 'cancelled'
    if (over || present.sequence > delivery.version) return { state: 'skipped', reason: 'superseded' }
    if (booking.end.epochMilliseconds <= ctx.clock.now().epochMilliseconds) {
      return { state: 'skipped', reason: 'already_over' }
    }
    const recipient = recipientAt(booking, delivery.target)
    if (!recipient) return { state: 'skipped', reason: 'recipient_gone' }
    return send(ctx, delivery, { ...seenBy(booking, recipient, seat), recipient, topic })
  },
}

/** One mail about everything that was booked together and still stands; what changed meanwhile is told of by itself. */
async function carrySeries(delivery: Delivery, ctx: Ctx): Promise<Verdict> {
  const all = await bookingsOfSeries(ctx.db, seriesIdOf(delivery.subject))
  const now = ctx.clock.now().epochMilliseconds
  const standing = all.filter(({ status, end }) => isStanding(status) && end.epochMilliseconds > now)
  const [first] = all
  const booking = standing[0]
  if (!first) return { state: 'skipped', reason: 'booking_gone' }
  if (!booking) return { state: 'skipped', reason: 'superseded' }
  const recipient = recipientAt(first, delivery.target)
  if (!recipient) return { state: 'skipped', reason: 'recipient_gone' }
  const entries = standing.filter(({ status }) => status === 'accepted')
  const dates = standing.map(({ start, end, status }) => ({
    ...{ start: start.epochMilliseconds, end: end.epochMilliseconds },
    pending: status === 'pending',
  }))
  const change = { topic: 'series.created' as const, by: null, former: null, inCalendars: false, dates }
  const asks = standing.some(({ status, sequence }) => status === 'pending' && sequence === delivery.version)
  const question = asks ? { of: 'series' as const, id: seriesIdOf(delivery.subject), sequence: delivery.version } : null
  return deliver(ctx, { id: delivery.id, at: delivery.createdAt, change, booking, entries, recipient, question })
}

function isStanding(status: Booking['status']): boolean {
  return status === 'pending' || status === 'accepted'
}

/** The booking as the mail tells of it, and as the calendar of its reader is to have it. */
function seenBy(
  booking: Booking,
  { role, target }: Recipient,
  seat: Attendee | undefined,
): Pick<Letter, 'booking' | 'entries'> {
  const own = role === 'host' ? undefined : seatOf(booking, seatIdOf(target))
  if (own) return { booking: seatView(booking, own), entries: [seatView(booking, own)] }
  const others = booking.attendees.filter(({ id }) => id !== seat?.id)
  // The host is told of the one, and the calendar has them all.
  return { booking: seat ? { ...booking, attendees: [seat, ...others] } : booking, entries: [booking] }
}

type Told = Pick<Letter, 'booking' | 'entries' | 'recipient'> & { topic: Topic }

async function send(ctx: Ctx, delivery: Delivery, { topic, ...told }: Told): Promise<Verdict> {
  const change = await changeOf(ctx, delivery, topic, told.booking)
  const { id, sequence, status } = told.booking
  const question = status === 'pending' ? { of: 'booking' as const, id, sequence } : null
  return deliver(ctx, { id: delivery.id, at: delivery.createdAt, change, question, ...told })
}

async function deliver(ctx: Ctx, letter: Letter): Promise<Verdict> {
  return handOver(ctx, composeMail(letter, ctx.config))
}

/** Gives a mail to the server. */
export async function handOver(ctx: Ctx, mail: OutgoingMail): Promise<Verdict> {
  try {
    await ctx.mail.send(mail)
    return { state: 'delivered' }
  } catch (failure) {
    if (!(failure instanceof MailFailure)) throw failure
    const { code: reason, detail, permanent } = failure
    return { state: permanent ? 'failed' : 'retry', reason, detail }
  }
}

/** What the events of bookings say beyond the booking's version, where they do. */
const particulars = z.object({
  by: z.enum(['host', 'attendee']).nullable().catch(null),
  fromStart: z.number().nullable().catch(null),
  fromEnd: z.number().nullable().catch(null),
})

async function changeOf(ctx: Ctx, { eventId, version }: Delivery, topic: Topic, booking: Booking): Promise<Change> {
  const event = await ctx.db.selectFrom('events').where('id', '=', eventId).select('payload').executeTakeFirstOrThrow()
  const { by, fromStart, fromEnd } = particulars.parse(event.payload)
  const former = fromStart === null || fromEnd === null ? null : { start: fromStart, end: fromEnd }
  return { topic, by, former, inCalendars: await inCalendarsBefore(ctx.db, booking, version), dates: null }
}
