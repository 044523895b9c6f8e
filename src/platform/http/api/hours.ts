import { z } from 'zod'

export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const

export const weekday = z.enum(WEEKDAYS).meta({ id: 'Weekday' })

/** 24:00 is the end of the day. */
export const clock = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/)
  .meta({ examples: ['09:00'] })

export const weeklyHours = z
  .strictObject({ days: z.array(weekday).min(1), startTime: clock, endTime: clock })
  .meta({ id: 'WeeklyHours' })
