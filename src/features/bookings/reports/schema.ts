import { z } from 'zod'
import { multiLine } from '#platform/fields.ts'

export const REPORT_REASONS = ['spam', 'unknown_person', 'other'] as const
export const REPORT_BLOCKS = ['nothing', 'email', 'domain'] as const

export const reportSchema = z.strictObject({
  reason: z.enum(REPORT_REASONS),
  note: multiLine(2000).default(''),
  /** What is shut out with it. */
  block: z.enum(REPORT_BLOCKS).default('nothing'),
})
