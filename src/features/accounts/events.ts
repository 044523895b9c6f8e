import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

const payload = z.object({ userId: z.number().int() })
const subject = ({ userId }: { userId: number }) => `user:${userId}`
const owner = ({ userId }: { userId: number }) => userId

/** By signing up, by the set-up link, or by whoever runs the installation. */
export const accountCreated = defineEvent({ name: 'account.created', version: 1, payload, subject, owner })
export const profileChanged = defineEvent({ name: 'account.profile_changed', version: 1, payload, subject, owner })
export const appearanceChanged = defineEvent({
  name: 'account.appearance_changed',
  version: 1,
  payload,
  subject,
  owner,
})
/** Every other device was signed out with it. */
export const passwordChanged = defineEvent({ name: 'account.password_changed', version: 1, payload, subject, owner })
/** The installation got its owner; the set-up link is spent. */
export const instanceSetUp = defineEvent({ name: 'instance.set_up', version: 1, payload, subject, owner })
