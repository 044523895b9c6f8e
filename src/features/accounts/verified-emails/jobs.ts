import type { PeriodicWork } from '#platform/periodic.ts'

const SWEEP_SECONDS = 3600

/** Addresses that nobody proved are not kept. */
export const emailProofSweep: PeriodicWork = {
  name: 'email-proofs.sweep',
  everySeconds: SWEEP_SECONDS,
  async run({ db, clock }) {
    await db.deleteFrom('email_proofs').where('expires_at', '<=', clock.now()).execute()
  },
}
