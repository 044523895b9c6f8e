import { z } from 'zod'
import { idInBody } from '#platform/http/api/fields.ts'
import { weekday } from '#platform/http/api/hours.ts'
import { LOCALES } from '#platform/i18n/locale.ts'

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
    weekStart: weekday,
    timeZone: z.string(),
    locale: z.string(),
    organizationId: z.number().int().nullable(),
    metadata: z.record(z.string(), z.string()),
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
          metadata: {},
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
    weekStart: weekday,
    defaultScheduleId: idInBody,
    avatarUrl: z
      .string()
      .nullable()
      .meta({ description: 'Where the picture is fetched from, once; up to 1 MB. `null` removes it.' }),
    metadata: z.record(z.string(), z.string()).meta({
      description: 'Instead of what was kept: at most 50 names of up to 40 characters, with values of up to 500.',
    }),
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
