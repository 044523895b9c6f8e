import { z } from 'zod'
import { multiLine, singleLine } from '#platform/fields.ts'

const MOST_TAGS = 20

export const contactSchema = z.strictObject({
  /** As typed, with commas between. */
  tags: z
    .string()
    .max(2000)
    .transform((text) => [...new Set(text.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== ''))
    .pipe(z.array(singleLine(50)).max(MOST_TAGS)),
  notes: multiLine(10_000),
})
