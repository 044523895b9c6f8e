import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

const payload = z.object({ sessionId: z.uuid(), userId: z.number().int() })
const subject = ({ sessionId }: { sessionId: string }) => `session:${sessionId}`
const owner = ({ userId }: { userId: number }) => userId

export const sessionStarted = defineEvent({ name: 'session.started', version: 1, payload, subject, owner })
/** Somebody tried to sign in and could not: with a wrong password, or with a mail address that nobody has. */
export const sessionRefused = defineEvent({
  name: 'session.refused',
  version: 1,
  payload: z.object({ attemptId: z.uuid(), userId: z.number().int().nullable() }),
  subject: ({ attemptId }) => `session:${attemptId}`,
  owner: ({ userId }) => userId,
})
/** Signed out on the device itself, or by signing in there again. */
export const sessionEnded = defineEvent({ name: 'session.ended', version: 1, payload, subject, owner })
/** Signed out from another device. */
export const sessionRevoked = defineEvent({ name: 'session.revoked', version: 1, payload, subject, owner })
/** Every device but one was signed out at once. */
export const otherSessionsRevoked = defineEvent({
  name: 'session.others_revoked',
  version: 1,
  payload: z.object({ userId: z.number().int(), count: z.number().int() }),
  subject: ({ userId }) => `user:${userId}`,
  owner,
})
