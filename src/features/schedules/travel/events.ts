import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

const payload = z.object({ tripId: z.number().int(), userId: z.number().int() })
const subject = ({ tripId }: { tripId: number }) => `trip:${tripId}`
const owner = ({ userId }: { userId: number }) => userId

export const tripCreated = defineEvent({ name: 'trip.created', version: 1, payload, subject, owner })
export const tripUpdated = defineEvent({ name: 'trip.updated', version: 1, payload, subject, owner })
export const tripDeleted = defineEvent({ name: 'trip.deleted', version: 1, payload, subject, owner })
/** Its owner took the deletion back. */
export const tripRestored = defineEvent({ name: 'trip.restored', version: 1, payload, subject, owner })
