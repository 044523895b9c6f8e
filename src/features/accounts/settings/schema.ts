import { z } from 'zod'
import { timeZoneName } from '#platform/fields.ts'
import { LOCALES } from '#platform/i18n/locale.ts'
import { metadata } from '#platform/metadata.ts'

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

/** How the product looks for oneself. */
export const ownTheme = z.strictObject({ theme: z.enum(['system', 'light', 'dark']) })

/** Whether single keys lead to pages. */
export const keyboard = z.strictObject({ shortcuts: ticked })

export const digest = z.strictObject({ monthlyDigest: ticked })

export const emptySearches = z.strictObject({ emptySearchMails: ticked })

/** Whether others prove the addresses of an account before they book with them. */
export const emailGuard = z.strictObject({ emailGuarded: ticked })

/** Who finds a host without having been given a link. */
export const visibility = z.strictObject({ searchIndexed: ticked, groupLinks: ticked })

/** What programs keep with an account. */
export const kept = z.strictObject({ metadata })
