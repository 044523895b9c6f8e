import { z } from 'zod'

const code = z.string().regex(/^[A-Za-z0-9-]{1,10}$/)

export const holidayChoice = z.strictObject({
  country: code.nullable(),
  region: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,10}(\.[A-Za-z0-9-]{1,10})?$/)
    .nullable(),
  /** Rules of holidays that are switched off; what the country does not have is dropped. */
  off: z.array(z.string().max(300)).max(200),
})

export type HolidayChoiceInput = z.input<typeof holidayChoice>
