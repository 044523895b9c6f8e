import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

const payload = z.object({ userId: z.number().int() })
const subject = ({ userId }: { userId: number }) => `user:${userId}`
const owner = ({ userId }: { userId: number }) => userId

/** Nobody signs in any more, the pages are gone, and what was to come is called off. */
export const accountDeletionRequested = defineEvent({
  name: 'account.deletion_requested',
  version: 1,
  payload,
  subject,
  owner,
})
/** Nothing of it is left. */
export const accountDeleted = defineEvent({ name: 'account.deleted', version: 1, payload, subject, owner })
