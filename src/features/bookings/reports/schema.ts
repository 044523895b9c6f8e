import { z } from 'zod'
import { multiLine } from '#platform/fields.ts'

export const reportSchema = z.strictObject({
  reason: z.enum(['spam', 'unknown_person', 'other']),
  note: multiLine(2000).default(''),
  /** What is shut out with it. */
  block: z.enum(['nothing', 'email', 'domain']).default('nothing'),
})
