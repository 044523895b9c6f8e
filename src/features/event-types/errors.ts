import { errorTable } from '#platform/errors.ts'

export const eventTypeError = errorTable({
  event_type_not_found: 'not_found',
  /** Another event type of the host is at this address. */
  slug_taken: 'conflict',
  /** The chosen schedule is not one of the host's. */
  schedule_not_found: 'not_found',
  /** Somebody saved it since it was read: overwriting silently would lose that. */
  changed_elsewhere: 'conflict',
  too_many_event_types: 'conflict',
  /** It was taken back already, or too long ago. */
  nothing_to_restore: 'gone',
})
