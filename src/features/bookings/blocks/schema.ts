import { z } from 'zod'
import { canonicalMailAddress } from '#platform/fields.ts'

export type BlockKind = 'email' | 'domain'

/** A mail address, or a domain with all below it. */
export interface Blocked {
  kind: BlockKind
  value: string
}

/** `name@example.org`, `example.org` and `@example.org`, in the spelling in which bookers' addresses are kept. */
const blockedValue = z.string().transform((text, check): Blocked => {
  const typed = text.trim()
  const email = typed.startsWith('@') ? null : canonicalMailAddress(typed)
  if (email !== null) return { kind: 'email', value: email }
  const domain = canonicalMailAddress(`x@${typed.replace(/^@/, '')}`)?.slice(2)
  // A name without a dot would be a whole top-level domain.
  if (domain?.includes('.')) return { kind: 'domain', value: domain }
  check.addIssue({ code: 'custom', params: { code: typed === '' ? 'field_required' : 'not_a_mail_or_domain' } })
  return z.NEVER
})

/** What who is blocked gets for an answer: a neutral refusal, or the page of a booking that does not exist. */
export const BLOCK_ANSWERS = ['refuse', 'decoy'] as const
export type BlockAnswer = (typeof BLOCK_ANSWERS)[number]
const answer = z.enum(BLOCK_ANSWERS)

export const newBlockSchema = z.strictObject({ value: blockedValue, answer: answer.optional() })
export const blockAnswerSchema = z.strictObject({ id: z.number().int().positive(), answer })
export const blockKeySchema = z.strictObject({ id: z.number().int().positive() })
export const restoreBlockSchema = z.strictObject({ key: z.uuid({ error: 'nothing_to_restore' }) })

/** What a block of this booker may be written as: the address, with and without its `+tag`, and its domain and those above it. */
export function blocksOf(email: string): { emails: string[]; domains: string[] } {
  const at = email.lastIndexOf('@')
  const [local, domain] = [email.slice(0, at), email.slice(at + 1)]
  const labels = domain.split('.')
  return {
    emails: [...new Set([email, `${local.replace(/\+.*$/, '')}@${domain}`])],
    domains: labels.map((_, i) => labels.slice(i).join('.')).filter((one) => one.includes('.')),
  }
}
