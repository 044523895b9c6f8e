import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

const payload = z.object({ userId: z.number().int() })
const subject = ({ userId }: { userId: number }) => `user:${userId}`
const owner = ({ userId }: { userId: number }) => userId

/** Nothing has changed yet: a link was mailed to the address that is wanted. */
export const addressChangeAsked = defineEvent({
  name: 'account.address_change_asked',
  version: 1,
  payload,
  subject,
  owner,
})
/** Every other device was signed out with it. */
export const addressChanged = defineEvent({ name: 'account.address_changed', version: 1, payload, subject, owner })
/** Somebody opened a link that was mailed to the address of the account. */
export const addressProven = defineEvent({ name: 'account.address_proven', version: 1, payload, subject, owner })
/** Whoever reads the former address took the account back: nobody is signed in, and the password is void. */
export const addressReturned = defineEvent({ name: 'account.address_returned', version: 1, payload, subject, owner })
