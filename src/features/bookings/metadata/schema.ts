import { z } from 'zod'
import { singleLine } from '#platform/fields.ts'
import { type Metadata, MOST_METADATA, metadata } from '#platform/metadata.ts'

/** The parameters of campaigns, by the names that analytics tools gave them. */
export const TRACKING = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'] as const

const LONGEST_TRACKING = 200
const campaign = singleLine(LONGEST_TRACKING).optional()

/** Where a booker came from. */
export const tracking = z.strictObject({
  utm_source: campaign,
  utm_medium: campaign,
  utm_campaign: campaign,
  utm_term: campaign,
  utm_content: campaign,
} satisfies Record<(typeof TRACKING)[number], unknown>)
export type Tracking = z.output<typeof tracking>

const NAME = /^metadata\[([^[\]]+)\]$/

/** What an address brings along as `metadata[name]` and `utm_…`. Nobody typed it: what cannot be kept is left out, not refused. */
export function broughtBy(query: Iterable<[string, string]>): { metadata: Metadata; tracking: Tracking } {
  const brought = { metadata: new Map<string, string>(), tracking: new Map<string, string>() }
  for (const [name, value] of query) {
    const key = NAME.exec(name)?.[1]
    if (key !== undefined && brought.metadata.size < MOST_METADATA && metadata.safeParse({ [key]: value }).success)
      brought.metadata.set(key, value)
    if (tracking.safeParse({ [name]: value }).success) brought.tracking.set(name, value.trim())
  }
  return {
    metadata: Object.fromEntries(brought.metadata),
    tracking: tracking.parse(Object.fromEntries(brought.tracking)),
  }
}
