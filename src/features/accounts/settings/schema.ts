import { z } from 'zod'
import { timeZoneName } from '#platform/fields.ts'
import { LOCALES } from '#platform/i18n/locale.ts'

/** A box that is not ticked is not sent. */
export const ticked = z
  .literal('on')
  .optional()
  .transform((value) => value === 'on')

/** How a person reads times and words. */
export const general = z.strictObject({
  timeZone: timeZoneName,
  locale: z.enum(LOCALES),
  hourCycle: z.enum(['h12', 'h23']),
  weekStart: z.enum(['0', '1', '2', '3', '4', '5', '6']).transform(Number),
})

/** Who finds a host without having been given a link. */
export const visibility = z.strictObject({ searchIndexed: ticked, groupLinks: ticked })
