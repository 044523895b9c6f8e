import type { Db } from '#platform/db/connect.ts'
import { type Delivery, deliveriesOfSubject, troubledDeliveries } from '#platform/deliveries.ts'
import type { InstanceScope, UserScope } from '#platform/scope.ts'
import { bookingById, ownBooking } from '../bookings/queries.ts'
import type { Booking } from '../bookings/types.ts'
import { isInCalendars, recipientAt } from './rules.ts'

/** How deliveries and events name a booking. */
export function subjectOf(bookingId: number): string {
  return `booking:${bookingId}`
}

/** The other way round. */
export function bookingIdOf(subject: string): number {
  return Number(subject.split(':')[1])
}

/** Whether calendars have the booking from before the given version. */
export async function inCalendarsBefore(db: Db, bookingId: number, version: number): Promise<boolean> {
  const rows = await db
    .selectFrom('events')
    .where('subject', '=', subjectOf(bookingId))
    .select(['name', 'payload'])
    .orderBy('position')
    .execute()
  const earlier = rows.filter(({ payload }) => (payload as { sequence: number }).sequence < version)
  return isInCalendars(earlier.map(({ name }) => name))
}

/** A mail of a booking and how far it is, for its host. */
export interface BookingDelivery extends Pick<Delivery, 'id' | 'topic' | 'state' | 'reason' | 'detail' | 'attempts'> {
  recipient: { name: string; email: string } | null
  /** RFC 3339. */
  createdAt: string
  nextAt: string | null
  deliveredAt: string | null
  replayable: boolean
}

/** Every mail of a host's own booking, oldest first. Empty when the booking is not theirs. */
export async function deliveriesOf(db: Db, scope: UserScope, uid: string): Promise<BookingDelivery[]> {
  const booking = await ownBooking(db, scope, uid)
  if (!booking) return []
  const deliveries = await deliveriesOfSubject(db, subjectOf(booking.id))
  return deliveries.map((delivery) => present(delivery, booking))
}

function present(delivery: Delivery, booking: Booking | null): BookingDelivery {
  const { id, topic, state, reason, detail, attempts, createdAt, nextAt, deliveredAt } = delivery
  const recipient = booking && recipientAt(booking, delivery.target)
  return {
    ...{ id, topic, state, reason, detail, attempts },
    recipient: recipient && { name: recipient.name, email: recipient.email },
    createdAt: createdAt.toString(),
    nextAt: state === 'waiting' ? (nextAt?.toString() ?? null) : null,
    deliveredAt: deliveredAt?.toString() ?? null,
    replayable: state === 'failed' || (state === 'waiting' && attempts > 0),
  }
}

/** A mail of the installation that is in trouble, for those who run it. */
export interface TroubledMail extends BookingDelivery {
  /** What it tells of; null when that is gone. */
  title: string | null
}

const MOST_SHOWN = 50

/** Failed mails and those that wait, of all hosts. */
export async function troubledMails(db: Db, scope: InstanceScope): Promise<TroubledMail[]> {
  const deliveries = await troubledDeliveries(db, scope, MOST_SHOWN)
  return Promise.all(
    deliveries.map(async (delivery) => {
      const booking = await bookingById(db, bookingIdOf(delivery.subject))
      return { ...present(delivery, booking), title: booking?.title ?? null }
    }),
  )
}
