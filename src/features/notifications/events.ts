import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

/** Somebody had a mail tried again. */
export const mailReplayed = defineEvent({
  name: 'mail.replayed',
  version: 1,
  payload: z.object({ deliveryId: z.uuid() }),
  subject: ({ deliveryId }) => `delivery:${deliveryId}`,
  owner: 'actor',
})
