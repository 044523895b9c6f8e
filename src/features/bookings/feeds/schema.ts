import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { FEED_KINDS } from './types.ts'

export const feedKey = z.strictObject({ kind: z.enum(FEED_KINDS) })

/** Forms send a box that is ticked as `true`, and another not at all. */
export const feedContent = feedKey.extend({ details: z.stringbool().default(false) })

/** An instant with its offset, or a date, which begins in UTC. */
const moment = z.string().transform((text, check) => {
  const wanted = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text
  try {
    const at = Temporal.Instant.from(wanted.slice(0, 40)).epochMilliseconds
    if (at >= Date.UTC(1970, 0) && at < Date.UTC(2200, 0)) return at
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  check.addIssue({ code: 'custom', params: { code: 'not_a_date' } })
  return z.NEVER
})

/** What is asked about, epoch ms. */
export const spanQuery = z.object({ start: moment.optional(), end: moment.optional() })
