import { z } from 'zod'
import { multiLine } from '#platform/fields.ts'

export const accountDeletionSchema = z.strictObject({
  /** Typed once more, so that nobody leaves by a slip. */
  username: z.string().max(200),
  password: z.string().min(1),
  /** For those whose bookings are called off. */
  reason: multiLine(1000).default(''),
})
