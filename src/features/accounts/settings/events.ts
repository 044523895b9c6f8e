import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

const payload = z.object({ userId: z.number().int() })
const subject = ({ userId }: { userId: number }) => `user:${userId}`
const owner = ({ userId }: { userId: number }) => userId

/** Language, zone, clock or first day of the week. */
export const generalChanged = defineEvent({ name: 'account.general_changed', version: 1, payload, subject, owner })
/** Who finds the host without having been given a link. */
export const visibilityChanged = defineEvent({
  name: 'account.visibility_changed',
  version: 1,
  payload,
  subject,
  owner,
})
/** Whether others prove the account's addresses before they book with them. */
export const emailGuardChanged = defineEvent({
  name: 'account.email_guard_changed',
  version: 1,
  payload,
  subject,
  owner,
})
/** What single keys do. */
export const keyboardChanged = defineEvent({ name: 'account.keyboard_changed', version: 1, payload, subject, owner })
/** How booking pages of event types to come show their times. */
export const layoutsChanged = defineEvent({ name: 'account.layouts_changed', version: 1, payload, subject, owner })
/** What programs keep with the account. */
export const metadataChanged = defineEvent({ name: 'account.metadata_changed', version: 1, payload, subject, owner })
/** Whether a mail tells of each month that is over. */
export const digestChanged = defineEvent({ name: 'account.digest_changed', version: 1, payload, subject, owner })
/** Whether a mail tells that visitors found no time. */
export const emptySearchMailsChanged = defineEvent({
  name: 'account.empty_search_mails_changed',
  version: 1,
  payload,
  subject,
  owner,
})
/** After how long without use sessions end. */
export const sessionTimeOutChanged = defineEvent({
  name: 'account.session_time_out_changed',
  version: 1,
  payload,
  subject,
  owner,
})
/** A step on the way to a page that can be booked was done or left out. */
export const startStepPassed = defineEvent({ name: 'account.start_step_passed', version: 1, payload, subject, owner })
