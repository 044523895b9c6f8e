import { errorTable } from '#platform/errors.ts'

export const erasureError = errorTable({
  /** Bookings still to come would be left without anybody: `details.n`. */
  erasure_has_bookings_ahead: 'conflict',
  nothing_to_erase: 'not_found',
  /** A date that is not past: those who are still coming cannot be meant. */
  erasure_date_not_past: 'invalid',
  /** The one before is still under way. */
  erasure_under_way: 'conflict',
})
