import type { PeriodicWork } from '#platform/periodic.ts'

const SWEEP_SECONDS = 3600

/** Mail addresses of those who began to book and did not go on are not kept. */
export const mailCodeSweep: PeriodicWork = {
  name: 'mail-codes.sweep',
  everySeconds: SWEEP_SECONDS,
  async run({ db, clock }) {
    await db.deleteFrom('mail_codes').where('expires_at', '<=', clock.now()).execute()
  },
}
