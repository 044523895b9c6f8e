import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

/** `stopped`: by itself, because nothing could be delivered. */
const CHANGES = ['created', 'updated', 'deleted', 'restored', 'secret_rotated', 'redelivered', 'stopped'] as const

export const webhookChanged = defineEvent({
  name: 'webhook.changed',
  version: 1,
  payload: z.object({ webhookId: z.number().int(), userId: z.number().int(), change: z.enum(CHANGES) }),
  subject: ({ webhookId }) => `webhook:${webhookId}`,
  owner: ({ userId }) => userId,
})
