import { isoInstant } from '#platform/http/api/fields.ts'
import { linkPath, linkStateOf } from '../rules.ts'
import type { PrivateLink } from '../types.ts'
import type { WireLink } from './schema.ts'

interface Place {
  token: string
  slug: string
  origin: string
  /** Epoch milliseconds. */
  now: number
}

export function presentedLink(link: PrivateLink, { token, slug, origin, now }: Place): WireLink {
  return {
    linkId: token,
    eventTypeId: link.eventTypeId,
    isExpired: linkStateOf(link, now) !== 'open',
    bookingUrl: origin + linkPath(token, slug),
    ...(link.expiresAt !== null && { expiresAt: isoInstant(link.expiresAt) }),
    ...(link.mostUses !== null && { maxUsageCount: link.mostUses }),
    usageCount: link.uses,
  }
}
