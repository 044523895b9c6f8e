import { z } from 'zod'
import { multiLine } from '#platform/fields.ts'

export const newNoteSchema = z.strictObject({
  text: multiLine(5000).refine((text) => text !== '', { params: { code: 'field_required' } }),
})
export const noteKeySchema = z.strictObject({ id: z.number().int().positive() })
export const restoreNoteSchema = z.strictObject({ key: z.uuid({ error: 'nothing_to_restore' }) })
