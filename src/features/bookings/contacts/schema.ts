import { z } from 'zod'
import { mailAddress, multiLine, singleLine } from '#platform/fields.ts'

export const MOST_TAGS = 20
export const LONGEST_NOTES = 10_000

export const contactSchema = z.strictObject({
  /** As typed, with commas between. */
  tags: z
    .string()
    .max(2000)
    .transform((text) => [...new Set(text.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== ''))
    .pipe(z.array(singleLine(50)).max(MOST_TAGS)),
  notes: multiLine(LONGEST_NOTES),
})

export const mergeSchema = z.strictObject({ email: mailAddress })
