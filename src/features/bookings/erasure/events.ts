import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

const erasure = z.object({ erasureId: z.uuid(), userId: z.number().int() })
const subject = ({ erasureId }: { erasureId: string }) => `erasure:${erasureId}`
const owner = ({ userId }: { userId: number }) => userId

/** A host, or their timer, wants attendees forgotten. */
export const erasureRequested = defineEvent({ name: 'erasure.requested', version: 1, payload: erasure, subject, owner })
/** They are. */
export const erasureDone = defineEvent({ name: 'erasure.done', version: 1, payload: erasure, subject, owner })

export const retentionChanged = defineEvent({
  name: 'retention.changed',
  version: 1,
  /** Null: attendees are kept. */
  payload: z.object({ userId: z.number().int(), days: z.number().int().nullable() }),
  subject: ({ userId }) => `user:${userId}`,
  owner,
})
