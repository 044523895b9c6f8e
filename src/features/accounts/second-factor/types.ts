import type { QrCode } from '#platform/qr.ts'

/** The second step of an account; where it has none, null. */
export interface SecondFactor {
  /** Epoch milliseconds. */
  since: number
  backupCodes: number
}

/** What an authenticator app is given. */
export interface SecondFactorSetUp {
  /** In base 32, for who cannot scan. */
  secret: string
  qr: QrCode
  /** Comes back with the first code. Opens for this account alone, and for a while. */
  sealed: string
}
