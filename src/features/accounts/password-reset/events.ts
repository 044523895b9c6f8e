import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

/** A new password without the old one: by a mailed link, or by whoever runs the installation. Every device was signed out with it. */
export const passwordReset = defineEvent({
  name: 'account.password_reset',
  version: 1,
  payload: z.object({ userId: z.number().int() }),
  subject: ({ userId }) => `user:${userId}`,
  owner: ({ userId }) => userId,
})
