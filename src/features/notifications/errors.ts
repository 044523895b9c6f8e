import { errorTable } from '#platform/errors.ts'

export const notificationError = errorTable({
  /** There is no such mail of this booking, or it is not waiting or failed any more. */
  delivery_not_replayable: 'conflict',
})
