import { z } from 'zod'

export const noShowSchema = z.strictObject({
  /** Null: the host. */
  attendeeId: z.number().int().positive().nullable(),
  noShow: z.boolean(),
})
