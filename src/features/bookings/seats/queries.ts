import type { Own } from '../../availability/taken/queries.ts'
import type { Attendee, Booking } from '../types.ts'

/**
 * A booking as one of those who share it sees it: their seat, with its own address, version and entry in their calendar, and nothing
 * of the others but, where the event type says so, their names.
 */
export function seatView(booking: Booking, attendee: Attendee): Booking {
  const { seat } = attendee
  if (!seat) throw new Error('an attendee without a seat')
  const others = booking.seats?.showAttendees ? booking.attendees.filter(({ id }) => id !== attendee.id) : []
  return {
    ...booking,
    uid: seat.uid,
    sequence: seat.sequence,
    notes: seat.notes,
    ...(seat.cancelled && { status: 'cancelled', ...seat.cancelled, rescheduleRequested: false }),
    attendees: [attendee],
    left: [],
    others: others.map(({ name }) => name),
  }
}

/** The seat with this id in a booking, given back or not. */
export function seatOf(booking: Booking, attendeeId: number): Attendee | undefined {
  return [...booking.attendees, ...booking.left].find(({ id, seat }) => id === attendeeId && seat !== null)
}

/** What does not count as taken for who moves it: all of a booking, or the seat of who is alone in one. */
export function ownTime({ id, others, seats, attendees }: Booking): Own {
  if (!seats) return { bookingId: id }
  if (others === null) return { bookingId: id, whole: true }
  return seats.taken > (attendees[0]?.quantity ?? 1) ? {} : { bookingId: id }
}
