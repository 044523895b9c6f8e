import { z } from 'zod'
import { idInPath, instantText, uidInPath } from '#platform/http/api/fields.ts'
import { pageQuery } from '#platform/http/api/pages.ts'

/** One of them, or both: whichever comes first ends the link. */
export const linkTerms = z
  .strictObject({ expiresAt: z.string().nullable(), maxUsageCount: z.number().int().nullable() })
  .partial()
  .meta({
    id: 'PrivateLinkTerms',
    description: 'A link without terms is for one booking.',
    examples: [{ maxUsageCount: 10 }],
  })

export const privateLink = z
  .object({
    linkId: z.string(),
    eventTypeId: z.number().int(),
    isExpired: z
      .boolean()
      .meta({ description: 'Nobody can book over it: its end has come, or it was used as often as it may.' }),
    bookingUrl: z.string(),
    expiresAt: instantText.optional(),
    maxUsageCount: z.number().int().optional(),
    usageCount: z.number().int(),
  })
  .meta({
    id: 'PrivateLink',
    examples: [
      {
        ...{ linkId: 'o7ybnJVjV3nUnNxh6hB1dZkS', eventTypeId: 12, isExpired: false, maxUsageCount: 10, usageCount: 3 },
        bookingUrl: 'https://book.example.org/d/o7ybnJVjV3nUnNxh6hB1dZkS/consultation',
      },
    ],
  })

export const deletedLink = z.object({ linkId: z.string(), message: z.string() }).meta({ id: 'DeletedPrivateLink' })

export const linksParams = z.strictObject({ eventTypeId: idInPath })
export const linksQuery = z.strictObject(pageQuery())
export const cursorShape = z.tuple([z.number().int()])
export const linkParams = z.strictObject({ eventTypeId: idInPath, linkId: uidInPath })

export type WireLink = z.input<typeof privateLink>
