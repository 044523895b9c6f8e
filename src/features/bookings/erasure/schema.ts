import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { calendarDate, mailAddress, multiLine } from '#platform/fields.ts'

export const previewSchema = z.strictObject({ email: mailAddress })

export const eraseSchema = z.strictObject({
  email: mailAddress,
  /** Bookings to come: `refuse`, or call them off first. */
  ahead: z.enum(['refuse', 'cancel']).default('refuse'),
  /** For those whose bookings are called off. */
  reason: multiLine(1000).default(''),
  /** A box that is not ticked is not sent: then the address may book again. */
  keepBlock: z
    .literal('on')
    .optional()
    .transform((ticked) => ticked === 'on'),
})

/** Everybody whose last booking ended before the beginning of this day, in the zone of who asks. */
export const eraseBeforeSchema = z.strictObject({ date: calendarDate })

/** @throws RangeError for an unknown zone */
export function beginningOf(date: string, timeZone: string): Temporal.Instant {
  return Temporal.PlainDate.from(date).toZonedDateTime(timeZone).toInstant()
}
