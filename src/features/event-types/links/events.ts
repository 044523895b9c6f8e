import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

const payload = z.object({ eventTypeId: z.number().int(), linkId: z.number().int() })
const subject = ({ eventTypeId }: { eventTypeId: number }) => `event-type:${eventTypeId}`

export const privateLinkCreated = defineEvent({
  name: 'private_link.created',
  version: 1,
  payload,
  subject,
  owner: 'actor',
})
/** Its end or its number of uses. */
export const privateLinkUpdated = defineEvent({
  name: 'private_link.updated',
  version: 1,
  payload,
  subject,
  owner: 'actor',
})
export const privateLinkRevoked = defineEvent({
  name: 'private_link.revoked',
  version: 1,
  payload,
  subject,
  owner: 'actor',
})
