import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'

/** How answers write an instant: as the clocks of a zone show it, with the offset. */
export const localTime = z.string().meta({ format: 'date-time' })

/** @param at epoch milliseconds */
export function zonedText(at: number, timeZone: string): string {
  const moment = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone)
  return moment.toString({ timeZoneName: 'never', smallestUnit: 'second' })
}
