import { timingSafeEqual } from 'node:crypto'
import { deriveKey, sign } from '../crypto.ts'
import type { Ctx } from '../ctx.ts'

/** How long a mailed code holds, and how often it may be tried. */
export const CODE_MINUTES = 10
export const MOST_TRIES = 5

/** Six digits that follow from an id and the instance's secret (as in RFC 4226), so that no code is stored anywhere. */
export function codeOf({ config }: Pick<Ctx, 'config'>, id: string): string {
  const mac = Buffer.from(sign(deriveKey(config.secret, 'mail-codes'), id), 'base64url')
  return String(mac.readUInt32BE(0) % 1_000_000).padStart(6, '0')
}

/** In a time that tells nothing about how much of it is right. */
export function isSameCode(code: string, entered: string): boolean {
  return code.length === entered.length && timingSafeEqual(Buffer.from(code), Buffer.from(entered))
}
