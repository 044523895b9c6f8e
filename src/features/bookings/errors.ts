import { errorTable } from '#platform/errors.ts'

export const bookingError = errorTable({
  /** The start is not offered (any more); `details.alternatives` are the nearest that are, epoch ms. */
  slot_taken: 'conflict',
  slot_not_offered: 'conflict',
  event_type_not_found: 'not_found',
  booking_not_found: 'not_found',
  duration_not_offered: 'invalid',
  location_not_offered: 'invalid',
  phone_required: 'invalid',
  already_cancelled: 'conflict',
  already_rejected: 'conflict',
  already_confirmed: 'conflict',
  /** Someone moved it since the page was opened. */
  already_moved: 'conflict',
  already_over: 'conflict',
  same_time: 'conflict',
  reason_required: 'invalid',
  own_bookings_only: 'forbidden',
  cancelling_not_offered: 'forbidden',
  rescheduling_not_offered: 'forbidden',
  /** `details.noticeMinutes` */
  too_late_to_reschedule: 'conflict',
  guests_not_offered: 'invalid',
  /** An answer to a question that is not asked (any more). */
  questions_changed: 'invalid',
  /** This mail address has as many bookings ahead as the event type allows: `details.max`. */
  booker_limit_reached: 'conflict',
})
