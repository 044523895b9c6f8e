import { z } from 'zod'
import { mailAddress } from '#platform/fields.ts'

export const signInWish = z.strictObject({ email: mailAddress })
