import { errorTable } from '#platform/errors.ts'

export const scheduleError = errorTable({
  schedule_not_found: 'not_found',
  /** Without any schedule nothing could be offered. */
  last_schedule: 'conflict',
  /** Event types (`details.titles`) may only be booked within its hours. */
  schedule_restricts: 'conflict',
  /** Somebody saved it since it was read: overwriting silently would lose that. */
  changed_elsewhere: 'conflict',
  too_many_schedules: 'conflict',
  /** It was taken back already, or too long ago. */
  nothing_to_restore: 'gone',
})
