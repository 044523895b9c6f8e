import { z } from 'zod'
import { HALVES, HOLIDAY_SETS } from './types.ts'

const code = z.string().regex(/^[A-Za-z0-9-]{1,10}$/)

export const holidayChoice = z.strictObject({
  country: code.nullable(),
  region: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,10}(\.[A-Za-z0-9-]{1,10})?$/)
    .nullable(),
  /** Rules of holidays that are switched off; what the country does not have is dropped. */
  off: z.array(z.string().max(300)).max(200),
  sets: z
    .array(z.enum(HOLIDAY_SETS))
    .max(HOLIDAY_SETS.length)
    .transform((sets) => HOLIDAY_SETS.filter((set) => sets.includes(set)))
    .default([]),
  /** By rule; what is not among the holidays, and not off, is dropped. */
  halves: z
    .record(z.string().max(300), z.enum(HALVES))
    .refine((halves) => Object.keys(halves).length <= 200)
    .default({}),
})

export type HolidayChoiceInput = z.input<typeof holidayChoice>
