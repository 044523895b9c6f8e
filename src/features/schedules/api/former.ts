import { z } from 'zod'
import { instantText } from '#platform/http/api/fields.ts'

/** Shapes of 2024-04-15, as descriptions of the interface that were published in 2024 have them. Days are numbers from Sunday, 0. */

const minute = z.number().int().meta({ description: 'Of the day.' })

/** Of replies. Hours are those of the schedule's zone, written as if of 1970-01-01 in UTC; overrides have their own date. */
const formerRange = z.object({ userId: z.number().int(), start: instantText, end: instantText })
const formerAvailability = z
  .object({
    id: z.number().int().meta({ description: 'Its place in the list.' }),
    userId: z.number().int(),
    days: z.array(z.number().int()),
    startTime: instantText,
    endTime: instantText,
    date: instantText.nullable().meta({ description: 'Of an override; it has no days.' }),
    scheduleId: z.number().int(),
  })
  .meta({ id: 'Availability20240415' })

export const formerSchedule = z
  .object({
    id: z.number().int(),
    name: z.string(),
    isManaged: z.literal(false),
    workingHours: z.array(z.object({ days: z.array(z.number().int()), startTime: minute, endTime: minute })),
    schedule: z.array(formerAvailability),
    availability: z.array(z.array(formerRange)).meta({ description: 'One list for each weekday, Sunday first.' }),
    timeZone: z.string(),
    dateOverrides: z.array(z.object({ ranges: z.array(formerRange) })).meta({ description: 'One for each date.' }),
    isDefault: z.boolean(),
    readOnly: z.literal(false),
  })
  .meta({ id: 'Schedule20240415' })

export const formerScheduleChanged = z
  .object({
    schedule: z.object({
      id: z.number().int(),
      userId: z.number().int(),
      name: z.string(),
      timeZone: z.string(),
      availability: z.array(formerAvailability),
    }),
    isDefault: z.boolean(),
    timeZone: z.string(),
  })
  .meta({ id: 'ChangedSchedule20240415' })

/** A clock, or an instant whose clock in UTC is meant. The day counts where a date is wanted, and seconds never. */
const moment = z
  .string()
  .regex(/^(\d{4}-\d\d-\d\dT)?([01]\d|2[0-3]):[0-5]\d(:\d\d(\.\d+)?)?(Z|[+-]00:00)?$|^24:00$/)
  .transform((text) => {
    const [, date, clock = ''] = /^(?:(.{10})T)?(.{5})/.exec(text) ?? []
    return { date, clock }
  })
const dated = moment.refine(({ date }) => date !== undefined, { params: { code: 'not_an_instant' } })

const days = z.array(z.number().int().min(0).max(6)).min(1)
const hours = z.strictObject({ userId: z.unknown().optional(), start: moment, end: moment })
const datedHours = z.strictObject({ userId: z.unknown().optional(), start: dated, end: dated })

function rangesIn(given: unknown): unknown {
  return typeof given === 'object' && given !== null && 'ranges' in given ? given.ranges : undefined
}

const common = { name: z.string(), timeZone: z.string(), isDefault: z.boolean() }

export const formerNewSchedule = z.strictObject({
  ...common,
  availabilities: z.array(z.strictObject({ days, startTime: moment, endTime: moment })).optional(),
})

export const formerScheduleChange = z
  .strictObject({
    ...common,
    schedule: z.array(z.array(hours)).max(7),
    /** As lists of hours, or as replies have them. */
    dateOverrides: z.array(z.preprocess((given) => rangesIn(given) ?? given, z.array(datedHours))),
  })
  .partial()

export type FormerMoment = z.output<typeof moment>
export type FormerSchedule = z.input<typeof formerSchedule>
export type FormerScheduleChanged = z.input<typeof formerScheduleChanged>
