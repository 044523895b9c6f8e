import { z } from 'zod'
import { idInBody } from '#platform/http/api/fields.ts'
import { LOCALES } from '#platform/i18n/locale.ts'

export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const

export const me = z
  .object({
    id: z.number().int(),
    username: z.string(),
    email: z.string(),
    name: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    bio: z.string().nullable(),
    timeFormat: z.union([z.literal(12), z.literal(24)]),
    defaultScheduleId: z.number().int().nullable(),
    weekStart: z.enum(WEEKDAYS),
    timeZone: z.string(),
    locale: z.string(),
    organizationId: z.number().int().nullable(),
  })
  .meta({
    id: 'Me',
    examples: [
      {
        ...{
          id: 7,
          username: 'ada',
          email: 'ada@example.org',
          name: 'Ada',
          avatarUrl: null,
          bio: null,
          timeFormat: 24,
        },
        ...{
          defaultScheduleId: 12,
          weekStart: 'Monday',
          timeZone: 'Europe/Berlin',
          locale: 'en',
          organizationId: null,
        },
      },
    ],
  })

/** Only what is named changes; the command judges the values. */
export const meChange = z
  .strictObject({
    name: z.string(),
    bio: z.string(),
    timeZone: z.string(),
    locale: z.enum(LOCALES),
    timeFormat: z.union([z.literal(12), z.literal(24)]),
    weekStart: z.enum(WEEKDAYS),
    defaultScheduleId: idInBody,
  })
  .partial()
  .meta({ id: 'MeChange', examples: [{ name: 'Ada', timeFormat: 24, weekStart: 'Monday' }] })

export const keyRefresh = z
  .strictObject({
    apiKeyDaysValid: z.number().int().min(1).max(3650).default(30),
    apiKeyNeverExpires: z.boolean().default(false),
  })
  .meta({ id: 'ApiKeyRefresh', examples: [{ apiKeyDaysValid: 60 }] })

export const freshKey = z.object({ apiKey: z.string() }).meta({ id: 'FreshApiKey', examples: [{ apiKey: 'sun_…' }] })
