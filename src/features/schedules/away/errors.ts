import { errorTable } from '#platform/errors.ts'

export const absenceError = errorTable({
  absence_not_found: 'not_found',
  too_many_absences: 'conflict',
  /** Somebody saved it since it was read. */
  changed_elsewhere: 'conflict',
  /** It was taken back already, or too long ago. */
  nothing_to_restore: 'gone',
})
