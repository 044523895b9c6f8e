import type { PeriodicWork } from '#platform/periodic.ts'

const SWEEP_SECONDS = 3600

/** Mail addresses of those who asked for a link are kept no longer than it holds. */
export const accountLinkSweep: PeriodicWork = {
  name: 'account-links.sweep',
  everySeconds: SWEEP_SECONDS,
  async run({ db, clock }) {
    await db.deleteFrom('account_links').where('expires_at', '<=', clock.now()).execute()
  },
}
