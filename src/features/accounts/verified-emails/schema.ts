import { z } from 'zod'
import { mailAddress } from '#platform/fields.ts'
import { mailCodeText } from '#platform/mail/codes.ts'

export const emailToProve = z.strictObject({ email: mailAddress })
export const emailProof = z.strictObject({ email: mailAddress, code: mailCodeText })
