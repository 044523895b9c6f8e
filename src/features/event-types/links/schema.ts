import { z } from 'zod'
import { mailAddress, singleLine } from '#platform/fields.ts'
import { LONGEST_LABEL, MOST_STARTS, MOST_USES } from './rules.ts'

const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)

/** An instant with an offset (RFC 3339), as epoch milliseconds. */
const instant = z.iso.datetime({ offset: true, error: 'not_an_instant' }).transform((text) => Date.parse(text))

const line = (max: number) => z.union([z.literal(''), singleLine(max)]).default('')

export const newPrivateLink = z.strictObject({
  eventTypeId: id,
  label: line(LONGEST_LABEL),
  /** Both or none. */
  person: z
    .strictObject({ name: singleLine(200), email: mailAddress })
    .nullable()
    .default(null),
  expiresAt: instant.nullable().default(null),
  mostUses: z.number().int().min(1).max(MOST_USES).nullable().default(1),
  /** A one-off offer: these starts and no others. */
  starts: z
    .array(instant)
    .min(1)
    .max(MOST_STARTS)
    .transform((all) => [...new Set(all)].sort((a, b) => a - b))
    .nullable()
    .default(null),
  /** Minutes; goes with `starts`. */
  duration: z.number().int().min(1).max(1440).nullable().default(null),
})

/** Only what is named changes. */
export const privateLinkChange = z.strictObject({
  eventTypeId: id,
  id,
  expiresAt: instant.nullable().optional(),
  mostUses: z.number().int().min(1).max(MOST_USES).nullable().optional(),
})

export const privateLinkKey = z.strictObject({ eventTypeId: id, id })

/** What the page of times sends. Instants are epoch milliseconds of this millennium. */
export const oneOffOffer = z.strictObject({
  starts: z.array(z.number().int().min(0).max(64_000_000_000_000)).min(1).max(MOST_STARTS),
  duration: z.number().int(),
  /** After how many days it ends. */
  days: z.number().int().min(1).max(365).nullable(),
  mostUses: z.number().int().min(1).max(MOST_USES),
})

export type NewPrivateLink = z.input<typeof newPrivateLink>
export type PrivateLinkKey = z.input<typeof privateLinkKey>
export type PrivateLinkChange = z.input<typeof privateLinkChange>
