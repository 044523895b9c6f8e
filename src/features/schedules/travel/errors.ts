import { errorTable } from '#platform/errors.ts'

export const tripError = errorTable({
  trip_not_found: 'not_found',
  /** One can only be at one place: `details` has the dates of the other trip. */
  trips_overlap: 'conflict',
  too_many_trips: 'conflict',
  /** Somebody saved it since it was read. */
  changed_elsewhere: 'conflict',
  /** It was taken back already, or too long ago. */
  nothing_to_restore: 'gone',
})
