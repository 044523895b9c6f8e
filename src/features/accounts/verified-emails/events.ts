import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

export const emailVerified = defineEvent({
  name: 'account.email_verified',
  version: 1,
  payload: z.object({ userId: z.number().int(), verifiedEmailId: z.number().int() }),
  subject: ({ userId }) => `user:${userId}`,
  owner: ({ userId }) => userId,
})
/** Event types that used it have the address of the account again. */
export const emailRemoved = defineEvent({
  name: 'account.email_removed',
  version: 1,
  payload: z.object({ userId: z.number().int(), verifiedEmailId: z.number().int() }),
  subject: ({ userId }) => `user:${userId}`,
  owner: ({ userId }) => userId,
})
