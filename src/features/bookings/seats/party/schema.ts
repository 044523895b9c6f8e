import { z } from 'zod'

export const partySchema = z.strictObject({
  /** How many come now, the booker included. */
  quantity: z.number().int().min(1).max(1000),
  /** The version of the seat that the page showed. */
  sequence: z.number().int().min(0).optional(),
})
