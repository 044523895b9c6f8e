import type { PeriodicWork } from '#platform/periodic.ts'

const SWEEP_SECONDS = 3600

/** Mail addresses of those who asked for their bookings are kept no longer than their links hold. */
export const bookerLinkSweep: PeriodicWork = {
  name: 'booker-links.sweep',
  everySeconds: SWEEP_SECONDS,
  async run({ db, clock }) {
    await db.deleteFrom('booker_links').where('expires_at', '<=', clock.now()).execute()
  },
}
