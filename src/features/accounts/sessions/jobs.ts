import type { PeriodicWork } from '#platform/periodic.ts'
import { ORIGIN_DAYS } from './rules.ts'

const SWEEP_SECONDS = 3600

/** Forgets from where sign-ins were; that they were stays in the log. */
export const originSweep: PeriodicWork = {
  name: 'sign-ins.sweep',
  everySeconds: SWEEP_SECONDS,
  async run({ db, clock }) {
    const before = clock.now().subtract({ hours: 24 * ORIGIN_DAYS })
    await db.deleteFrom('sign_ins').where('created_at', '<', before).execute()
  },
}
