import { z } from 'zod'
import { multiLine } from '#platform/fields.ts'

export const ratingSchema = z.strictObject({
  stars: z.number().int().min(1).max(5),
  comment: multiLine(2000).default(''),
})
