import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { deriveKey, sign } from '../crypto.ts'
import type { Ctx } from '../ctx.ts'
import { AppError } from '../errors.ts'

const MINUTES = 10
const PURPOSE = 'tool-confirmations'

/** What somebody agrees to. */
export interface Agreement {
  tool: string
  keyId: string
  /** What the tool was called with. */
  args: unknown
  /** Of what it changes, as it was shown. */
  version: number
}

/** A token by which exactly this may be done within ten minutes. Nothing is kept: it carries what it says, signed. */
export function confirmationFor(ctx: Ctx, agreement: Agreement): { token: string; expiresAt: number } {
  const expiresAt = ctx.clock.now().epochMilliseconds + MINUTES * 60_000
  return { token: tokenOf(ctx, agreement, expiresAt), expiresAt }
}

const TOKEN = /^(\d{1,16})\.(\d{1,10})\.[\w-]{43}$/

/**
 * @returns the version that was agreed to be changed
 * @throws confirmation_invalid when it was given for something else or is over
 */
export function confirmedVersion(ctx: Ctx, agreement: Omit<Agreement, 'version'>, token: string): number {
  const [, expires, seen] = TOKEN.exec(token) ?? []
  const [expiresAt, version] = [Number(expires), Number(seen)]
  const stillHolds = expiresAt >= ctx.clock.now().epochMilliseconds
  if (!stillHolds || !isSame(token, tokenOf(ctx, { ...agreement, version }, expiresAt))) {
    throw new AppError('confirmation_invalid', 'conflict')
  }
  return version
}

function tokenOf({ config }: Ctx, { tool, keyId, args, version }: Agreement, expiresAt: number): string {
  const said = JSON.stringify([tool, keyId, sorted(args), version, expiresAt])
  return `${expiresAt}.${version}.${sign(deriveKey(config.secret, PURPOSE), said)}`
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}

/** The same for the same arguments, in whatever order they came. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, part]) => [name, sorted(part)])
}

export const confirmField = z
  .string()
  .max(200)
  .optional()
  .describe(
    'Absent at first: nothing is done then, and the answer says what would be, with the token that belongs here.',
  )
