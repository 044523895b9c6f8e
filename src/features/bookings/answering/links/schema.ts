import { z } from 'zod'
import { rejectSchema } from '../../schema.ts'

export const answerSchema = z.discriminatedUnion('answer', [
  z.strictObject({ answer: z.literal('confirm') }),
  z.strictObject({ answer: z.literal('reject'), reason: rejectSchema.shape.reason }),
])
