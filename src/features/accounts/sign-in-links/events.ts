import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

/** Somebody opened a mailed link instead of typing the password. Whether they got in depends on what else the account asks for. */
export const signInLinkUsed = defineEvent({
  name: 'account.sign_in_link_used',
  version: 1,
  payload: z.object({ userId: z.number().int() }),
  subject: ({ userId }) => `user:${userId}`,
  owner: ({ userId }) => userId,
})
