import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

const payload = z.object({ keyId: z.uuid(), userId: z.number().int() })
const subject = ({ keyId }: { keyId: string }) => `api-key:${keyId}`
const owner = ({ userId }: { userId: number }) => userId

export const apiKeyCreated = defineEvent({ name: 'api_key.created', version: 1, payload, subject, owner })
export const apiKeyRevoked = defineEvent({ name: 'api_key.revoked', version: 1, payload, subject, owner })
/** It has another secret now. */
export const apiKeyRotated = defineEvent({ name: 'api_key.rotated', version: 1, payload, subject, owner })
