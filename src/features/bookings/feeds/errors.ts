import { errorTable } from '#platform/errors.ts'

export const feedError = errorTable({
  /** It is off, or its address was replaced. */
  feed_not_found: 'not_found',
  /** The end of what is asked about lies before its start. */
  span_backwards: 'invalid',
  /** `details.max` */
  span_too_long: 'invalid',
})
