import { z } from 'zod'
import { mailAddress } from '#platform/fields.ts'

export const askForLinkSchema = z.strictObject({ email: mailAddress })
