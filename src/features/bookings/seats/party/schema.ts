import { z } from 'zod'
import { singleLine } from '#platform/fields.ts'
import { MOST_COMPANIONS } from './rules.ts'

/** Those of a party who are named, the booker left out. */
export const companions = z.array(z.strictObject({ name: singleLine(200) })).max(MOST_COMPANIONS)

export const partySchema = z.strictObject({
  /** How many come now, the booker included. */
  quantity: z.number().int().min(1).max(1000),
  /** Positions in the list of companions, of those who stay away. */
  away: z
    .array(z.number().int().min(0))
    .max(MOST_COMPANIONS)
    .transform((positions) => [...new Set(positions)])
    .default([]),
  /** The version of the seat that the page showed. */
  sequence: z.number().int().min(0).optional(),
})
