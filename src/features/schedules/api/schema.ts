import { z } from 'zod'
import { idInPath } from '#platform/http/api/fields.ts'
import { clock, weeklyHours } from '#platform/http/api/hours.ts'

const availability = z.array(weeklyHours).meta({ description: 'Hours of weekdays, in the zone of the schedule.' })

const dateOverride = z.strictObject({ date: z.string(), startTime: clock, endTime: clock }).meta({ id: 'DateOverride' })

const overrides = z.array(dateOverride).meta({
  description:
    'Hours of single dates, instead of those of their weekday. A date may come several times; from 00:00 to 00:00 it is unavailable.',
})

const writable = { name: z.string(), timeZone: z.string(), isDefault: z.boolean(), availability, overrides }

const example = {
  ...{ name: 'Office', timeZone: 'Europe/Rome', isDefault: false },
  availability: [{ days: ['Monday', 'Tuesday'], startTime: '09:00', endTime: '17:00' }],
  overrides: [{ date: '2026-12-24', startTime: '09:00', endTime: '12:00' }],
}

export const schedule = z.object({ id: z.number().int(), ownerId: z.number().int(), ...writable }).meta({
  id: 'Schedule',
  examples: [{ id: 12, ownerId: 7, ...example }],
})

export const newSchedule = z
  .strictObject(writable)
  .partial({ availability: true, overrides: true })
  .meta({
    id: 'NewSchedule',
    description: 'Without `availability`, Monday to Friday from 9 to 17.',
    examples: [example],
  })

export const scheduleChange = z
  .strictObject(writable)
  .partial()
  .meta({ id: 'ScheduleChange', description: 'Only what is named changes.', examples: [{ name: 'Mornings' }] })

export const scheduleParams = z.strictObject({ scheduleId: idInPath })

export type WireSchedule = z.input<typeof schedule>
