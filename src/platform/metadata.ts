import { z } from 'zod'

export const MOST_METADATA = 50
const LONGEST_KEY = 40
const LONGEST_VALUE = 500

/** Names and values that whoever links, books or calls the API wants to find again. They mean nothing to the product. */
export const metadata = z
  .record(z.string().min(1).max(LONGEST_KEY), z.string().max(LONGEST_VALUE))
  .refine((all) => Object.keys(all).length <= MOST_METADATA, { params: { code: 'field_too_many' } })
export type Metadata = z.output<typeof metadata>
