import { z } from 'zod'
import { calendarDate, timeZoneName } from '#platform/fields.ts'
import { instantText } from '#platform/http/api/fields.ts'

const calendar = z.strictObject({ credentialId: z.string().max(20), externalId: z.string().max(500) })

export const busyQuery = z.strictObject({
  timeZone: timeZoneName
    .optional()
    .meta({ description: 'Of the dates; absent: that of the account.', examples: ['Europe/Berlin'] }),
  loggedInUsersTz: timeZoneName.optional().meta({ description: 'Another name of `timeZone`.' }),
  dateFrom: calendarDate.optional().meta({ description: 'Absent: today.', examples: ['2026-11-23'] }),
  dateTo: calendarDate
    .optional()
    .meta({ description: 'Included; absent: `dateFrom`. At most 366 days.', examples: ['2026-11-27'] }),
  credentialId: calendar.shape.credentialId
    .optional()
    .meta({ description: 'Of a connected calendar; absent: the account itself.' }),
  externalId: calendar.shape.externalId.optional(),
  calendarsToLoad: z.record(z.string(), calendar.partial()).optional(),
})

export type BusyQuery = z.output<typeof busyQuery>

export const busyTime = z
  .object({
    start: instantText,
    end: instantText,
    source: z.enum(['booking', 'away', 'holiday']).nullable(),
  })
  .meta({ id: 'BusyTime' })

/** Calendars of other services cannot be connected yet, and so there are none. */
export const calendars = z
  .object({ connectedCalendars: z.array(z.unknown()).max(0), destinationCalendar: z.null() })
  .meta({ id: 'ConnectedCalendars', examples: [{ connectedCalendars: [], destinationCalendar: null }] })
