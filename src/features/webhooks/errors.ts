import { errorTable } from '#platform/errors.ts'

export const webhookError = errorTable({
  webhook_not_found: 'not_found',
  too_many_webhooks: 'conflict',
  /** It was taken back already, or too long ago. */
  nothing_to_restore: 'gone',
  delivery_not_replayable: 'conflict',
})
