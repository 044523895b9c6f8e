import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

/** The host limited bookings over all event types otherwise. */
export const hostLimitsChanged = defineEvent({
  name: 'host_limits.changed',
  version: 1,
  payload: z.object({ userId: z.number().int() }),
  subject: ({ userId }) => `user:${userId}`,
  owner: ({ userId }) => userId,
})
