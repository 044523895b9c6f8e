import type { Booking } from '../types.ts'

/**
 * What of a booking that was taken back is shown to who is blocked: what they gave themselves, and what the page of the event type
 * tells everybody. Who else comes, where to go and the address of the host they do not learn; and there is nothing to be moved or
 * cancelled, as with event types that offer neither.
 * @param placeKnown everybody is told the place, or the booker said it
 */
export function asDecoy(booking: Booking, placeKnown: boolean): Booking {
  const { host, eventType } = booking
  return {
    ...booking,
    location: placeKnown ? booking.location : null,
    host: { ...host, email: '' },
    left: [],
    others: booking.others && [],
    seats: booking.seats && { ...booking.seats, showAttendees: false },
    eventType: eventType && {
      ...eventType,
      ...{ cancelling: false, hideHostEmail: true, replyTo: null },
      rescheduling: { ...eventType.rescheduling, allowed: false, past: false, cancelled: false },
    },
  }
}
