import { z } from 'zod'

/** Shapes of 2024-04-15, as descriptions of the interface that were published in 2024 have them. */

const formerLocation = z.object({ type: z.string(), link: z.string().optional() })

export const formerEventType = z
  .object({
    id: z.number().int(),
    length: z.number().int(),
    slug: z.string(),
    title: z.string(),
    description: z.string().nullable(),
    locations: z.array(formerLocation).nullable(),
  })
  .meta({ id: 'EventType20240415' })

export const formerOne = z.object({ eventType: formerEventType }).meta({ id: 'OneEventType20240415' })

export const formerList = z
  .object({ eventTypeGroups: z.array(z.object({ eventTypes: z.array(formerEventType) })) })
  .meta({ id: 'EventTypes20240415' })

export const formerDeleted = z
  .object({ id: z.number().int(), length: z.number().int(), slug: z.string(), title: z.string() })
  .meta({ id: 'DeletedEventType20240415' })

export type FormerLocation = z.input<typeof formerLocation>
export type FormerEventType = z.input<typeof formerEventType>
