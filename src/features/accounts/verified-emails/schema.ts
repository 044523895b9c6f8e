import { z } from 'zod'
import { mailAddress, mailCodeText } from '#platform/fields.ts'

export const emailToProve = z.strictObject({ email: mailAddress })
export const verifiedEmailKey = z.strictObject({ id: z.number().int().positive().max(Number.MAX_SAFE_INTEGER) })
export const emailProof = z.strictObject({ email: mailAddress, code: mailCodeText })
