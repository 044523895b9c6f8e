import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

const payload = z.object({ userId: z.number().int() })
const subject = ({ userId }: { userId: number }) => `user:${userId}`
const owner = ({ userId }: { userId: number }) => userId

/** Every other device was signed out with it. */
export const secondFactorEnabled = defineEvent({
  name: 'account.second_factor_enabled',
  version: 1,
  payload,
  subject,
  owner,
})
export const secondFactorDisabled = defineEvent({
  name: 'account.second_factor_disabled',
  version: 1,
  payload,
  subject,
  owner,
})
export const backupCodesRenewed = defineEvent({
  name: 'account.backup_codes_renewed',
  version: 1,
  payload,
  subject,
  owner,
})
/** Somebody signed in with a code of the list, which is spent. */
export const backupCodeUsed = defineEvent({ name: 'account.backup_code_used', version: 1, payload, subject, owner })
