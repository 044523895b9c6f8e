import type { PeriodicWork } from '#platform/periodic.ts'

const SWEEP_SECONDS = 3600

/** What somebody typed who is blocked is kept no longer than it is shown. */
export const decoySweep: PeriodicWork = {
  name: 'decoys.sweep',
  everySeconds: SWEEP_SECONDS,
  async run({ db, clock }) {
    await db.deleteFrom('decoys').where('expires_at', '<=', clock.now()).execute()
  },
}
