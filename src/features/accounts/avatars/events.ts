import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

const payload = z.object({ userId: z.number().int() })
const subject = ({ userId }: { userId: number }) => `user:${userId}`
const owner = ({ userId }: { userId: number }) => userId

export const avatarReplaced = defineEvent({ name: 'avatar.replaced', version: 1, payload, subject, owner })
export const avatarRemoved = defineEvent({ name: 'avatar.removed', version: 1, payload, subject, owner })
