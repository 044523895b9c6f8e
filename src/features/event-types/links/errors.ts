import { errorTable } from '#platform/errors.ts'

export const linkError = errorTable({
  link_not_found: 'not_found',
  event_type_not_found: 'not_found',
  link_expired: 'gone',
  /** It was booked over as often as it allows. */
  link_used_up: 'gone',
  /** Its host took it back. */
  link_revoked: 'gone',
  /** It was made for another mail address. */
  link_for_another: 'invalid',
  too_many_links: 'conflict',
  duration_not_offered: 'invalid',
})
