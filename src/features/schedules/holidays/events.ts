import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

/** The host chose other holidays as days off. */
export const holidaysChanged = defineEvent({
  name: 'holidays.changed',
  version: 1,
  payload: z.object({ userId: z.number().int() }),
  subject: ({ userId }) => `user:${userId}`,
  owner: ({ userId }) => userId,
})
