import { z } from 'zod'

export const LEAST_DAYS = 30
export const MOST_DAYS = 3650

/** Empty: for ever. */
export const retentionSchema = z.strictObject({
  days: z.union([z.literal('').transform(() => null), z.coerce.number().int().min(LEAST_DAYS).max(MOST_DAYS)]),
})
