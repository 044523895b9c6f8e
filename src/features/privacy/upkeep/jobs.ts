import type { Ctx } from '#platform/ctx.ts'
import { forgetAnswersBefore } from '#platform/deliveries.ts'
import { forgetMailsBefore } from '#platform/mail/catcher.ts'
import { catchesMails } from '#platform/mail/transport.ts'
import type { PeriodicWork } from '#platform/periodic.ts'
import { emptyTrash } from '#platform/trash.ts'
import { KEPT_DAYS } from './rules.ts'

const SWEEP_SECONDS = 3600

/** Forgets what nobody needs any more, whoever's it is, so that what the page of privacy says is true. */
export const privacyUpkeep: PeriodicWork = {
  name: 'privacy.upkeep',
  everySeconds: SWEEP_SECONDS,
  run: forgetWhatIsOld,
}

export async function forgetWhatIsOld({ db, clock, config }: Ctx): Promise<void> {
  const now = clock.now()
  await emptyTrash(db, now)
  await db.deleteFrom('sessions').where('expires_at', '<=', now).execute()
  await forgetAnswersBefore(db, now.subtract({ hours: 24 * KEPT_DAYS.answers }))
  if (catchesMails(config)) await forgetMailsBefore(config.dataDir, now.subtract({ hours: 24 * KEPT_DAYS.mails }))
}
