import { z } from 'zod'
import { mailAddress, mailCodeText } from '#platform/fields.ts'

export const emailToProve = z.strictObject({ email: mailAddress })
export const emailProof = z.strictObject({ email: mailAddress, code: mailCodeText })
