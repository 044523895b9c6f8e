import { Secret, TOTP } from 'otpauth'

/** As every authenticator app takes it: SHA-1, six digits, 30 seconds (RFC 6238, RFC 4226). */
const PARAMETERS = { algorithm: 'SHA1', digits: 6, period: 30 } as const
/** Spans before and after the present one that count as well: clocks of phones are not exact, and typing takes time (§5.2). */
const WINDOW = 1

/** 160 random bits, in base 32. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32
}

/** What the QR code of an account holds. */
export function totpUri({ secret, account, issuer }: { secret: string; account: string; issuer: string }): string {
  return new TOTP({ ...PARAMETERS, secret: Secret.fromBase32(secret), label: account, issuer }).toString()
}

/**
 * The span of 30 seconds that a code belongs to; null when it is of none near `now` (epoch ms). The caller sees to it that no span counts
 * twice.
 */
export function totpStep(secret: string, code: string, now: number): number | null {
  // Other digits than these are longer in bytes, which the comparison does not take.
  if (!/^[0-9]{6}$/.test(code)) return null
  const totp = new TOTP({ ...PARAMETERS, secret: Secret.fromBase32(secret) })
  const delta = totp.validate({ token: code, timestamp: now, window: WINDOW })
  return delta === null ? null : TOTP.counter({ period: PARAMETERS.period, timestamp: now }) + delta
}

/** The code of the moment (epoch ms). */
export function totpCode(secret: string, now: number): string {
  return new TOTP({ ...PARAMETERS, secret: Secret.fromBase32(secret) }).generate({ timestamp: now })
}
