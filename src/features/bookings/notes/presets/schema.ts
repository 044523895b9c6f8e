import { z } from 'zod'
import { multiLine } from '#platform/fields.ts'

export const newPresetSchema = z.strictObject({
  text: multiLine(500).pipe(z.string().min(1)),
  /** What bookers are told when a booking is called off for it. */
  reason: multiLine(2000).default(''),
})

export const presetSchema = newPresetSchema.extend({ id: z.number().int().positive() })
export const presetKeySchema = z.strictObject({ id: z.number().int().positive() })
export const restorePresetSchema = z.strictObject({ key: z.uuid() })
