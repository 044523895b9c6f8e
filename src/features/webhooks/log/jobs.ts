import { sql } from 'kysely'
import type { Ctx } from '#platform/ctx.ts'
import type { PeriodicWork } from '#platform/periodic.ts'

import { ATTEMPT_DAYS } from './rules.ts'

const BATCH = 1000

/** Forgets what was sent some weeks ago. */
export const webhookLogSweep: PeriodicWork = { name: 'webhooks.log', everySeconds: 3600, run: forgetOldDeliveries }

export async function forgetOldDeliveries({ db, clock }: Ctx, signal?: AbortSignal): Promise<void> {
  const before = clock.now().subtract({ hours: 24 * ATTEMPT_DAYS })
  for (let gone = BATCH; gone === BATCH && !signal?.aborted; ) {
    const { numAffectedRows } = await sql`
      delete from webhook_attempts where id in (
        select id from webhook_attempts where created_at < ${before}::timestamptz limit ${BATCH})`.execute(db)
    gone = Number(numAffectedRows ?? 0)
  }
  for (let gone = BATCH; gone === BATCH && !signal?.aborted; ) {
    const { numAffectedRows } = await sql`
      delete from deliveries where id in (
        select id from deliveries where kind = 'webhook' and created_at < ${before}::timestamptz
          and state in ('delivered', 'skipped', 'failed') limit ${BATCH})`.execute(db)
    gone = Number(numAffectedRows ?? 0)
  }
}
