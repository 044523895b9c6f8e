import { transaction } from '#platform/db/transaction.ts'
import { planDeliveries } from '#platform/deliveries.ts'
import { type EventDefinition, type Reaction, reaction } from '#platform/events.ts'
import { apiKeyCreated } from '../../accounts/api-keys/events.ts'
import { passwordChanged } from '../../accounts/events.ts'
import { passwordReset } from '../../accounts/password-reset/events.ts'
import {
  backupCodesRenewed,
  backupCodeUsed,
  secondFactorDisabled,
  secondFactorEnabled,
} from '../../accounts/second-factor/events.ts'
import { emailVerified } from '../../accounts/verified-emails/events.ts'
import { SAFETY_SUBJECT, SAFETY_TOPIC } from './types.ts'

/** Whoever has an account hears of what opens it, in case it was not them. A changed address is told with the way back to it. */
export const safetyReactions: readonly Reaction[] = [
  tell(passwordChanged),
  tell(passwordReset),
  tell(secondFactorEnabled),
  tell(secondFactorDisabled),
  tell(backupCodesRenewed),
  tell(backupCodeUsed),
  tell(apiKeyCreated),
  tell(emailVerified),
]

function tell<P extends object>(event: EventDefinition<P>): Reaction {
  return reaction(event, 'tell', async ({ eventId }, ctx) => {
    const mail = { eventId, subject: SAFETY_SUBJECT + eventId, kind: 'mail', topic: SAFETY_TOPIC } as const
    await transaction(ctx.db, (tx) => planDeliveries(tx, ctx, [{ ...mail, target: 'account', version: 0 }]))
  })
}
