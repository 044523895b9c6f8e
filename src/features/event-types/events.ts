import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

const payload = z.object({ eventTypeId: z.number().int() })
const subject = ({ eventTypeId }: { eventTypeId: number }) => `event-type:${eventTypeId}`

export const eventTypeCreated = defineEvent({
  name: 'event_type.created',
  version: 1,
  payload,
  subject,
  owner: 'actor',
})
/** Any of its settings, its visibility or its place in the list. */
export const eventTypeUpdated = defineEvent({
  name: 'event_type.updated',
  version: 1,
  payload,
  subject,
  owner: 'actor',
})
export const eventTypeDeleted = defineEvent({
  name: 'event_type.deleted',
  version: 1,
  payload,
  subject,
  owner: 'actor',
})
/** Its owner took the deletion back. */
export const eventTypeRestored = defineEvent({
  name: 'event_type.restored',
  version: 1,
  payload,
  subject,
  owner: 'actor',
})
