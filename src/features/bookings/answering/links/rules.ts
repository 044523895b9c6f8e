import { timingSafeEqual } from 'node:crypto'
import { sign } from '#platform/crypto.ts'
import type { Limit } from '#platform/rate-limit.ts'
import { mayAnswer, presentOf } from '../../rules.ts'
import type { Booking } from '../../types.ts'
import type { AnswerLink, Closing } from './types.ts'

/** Long enough for a holiday, short enough that an old mailbox opens little. */
export const LINK_DAYS = 30

export const ANSWERING = { name: 'answer-link-used', attempts: 60, seconds: 900 } satisfies Limit
/** Addresses that lead nowhere, by client. */
export const GUESSING = { name: 'answer-link-guessed', attempts: 60, seconds: 900 } satisfies Limit

const TOKEN = /^(([bs])\.([0-9a-z]{1,11})\.([0-9a-z]{1,11})\.([0-9a-z]{1,6})\.([0-9a-z]{1,8}))\.([\w-]{43})$/

/**
 * What opens a link: what it is about, and an HMAC of that and of the address it is mailed to. Nothing of it is stored, and it ends when
 * the host has another address.
 */
export function tokenFor(key: Buffer, { of, id, hostId, sequence, until }: AnswerLink, email: string): string {
  const text = [of === 'series' ? 's' : 'b', ...[id, hostId, sequence, until].map((n) => n.toString(36))].join('.')
  return `${text}.${signatureOf(key, text, email)}`
}

/** What a token says of itself, not yet believed; null for what is none. */
export function linkIn(token: string): AnswerLink | null {
  const parts = TOKEN.exec(token)
  if (!parts) return null
  const [id = 0, hostId = 0, sequence = 0, until = 0] = parts.slice(3, 7).map((part) => Number.parseInt(part, 36))
  // More than a row can have.
  if (id > Number.MAX_SAFE_INTEGER || hostId > Number.MAX_SAFE_INTEGER) return null
  return { of: parts[2] === 's' ? 'series' : 'booking', id, hostId, sequence, until }
}

/** Whether this instance made the token, for this address. */
export function isSigned(key: Buffer, token: string, email: string): boolean {
  const at = token.lastIndexOf('.')
  const [given, made] = [token.slice(at + 1), signatureOf(key, token.slice(0, at), email)].map((text) =>
    Buffer.from(text),
  ) as [Buffer, Buffer]
  return given.length === made.length && timingSafeEqual(given, made)
}

function signatureOf(key: Buffer, text: string, email: string): string {
  return sign(key, `${text} ${email.toLowerCase()}`)
}

/** Why a link cannot answer this request any more; null when it can. @param now epoch milliseconds */
export function closingOf(booking: Booking, { sequence, until }: AnswerLink, now: number): Closing | null {
  const decision = mayAnswer(presentOf(booking), now, sequence)
  if (decision.ok) return booking.start.epochMilliseconds <= now || until * 1000 <= now ? 'expired' : null
  switch (decision.reason) {
    case 'already_confirmed':
      return 'confirmed'
    case 'already_rejected':
      return 'rejected'
    case 'already_cancelled':
      if (booking.rescheduleRequested) return 'another_time'
      return booking.cancelledBy === 'host' ? 'called_off' : 'cancelled'
    case 'already_moved':
      return 'moved'
    default:
      return 'over'
  }
}
