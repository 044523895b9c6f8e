import { errorTable } from '#platform/errors.ts'

export const availabilityError = errorTable({
  event_type_not_found: 'not_found',
  duration_not_offered: 'invalid',
  unknown_time_zone: 'invalid',
  /** Someone else was faster; `details.alternatives` are the nearest starts that are free, epoch ms. */
  slot_taken: 'conflict',
  /** Never was a start of this offer: outside the hours, off the grid, in the past, too soon or too far ahead. */
  slot_not_offered: 'conflict',
  /** Given up, expired, booked, or never was. */
  hold_not_found: 'not_found',
  /** Whose time it is decides for how long it may be kept. */
  hold_length_not_yours: 'forbidden',
  /** `details.max` is how many one booking may be for. */
  party_too_large: 'invalid',
  /** Some are left, though not so many; `details.free` says how many. */
  not_enough_seats: 'conflict',
  /** Calendars of other services cannot be connected yet. */
  calendar_not_found: 'not_found',
})
