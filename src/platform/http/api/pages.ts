import { z } from 'zod'
import { invalidInput } from '../../errors.ts'
import { queryInteger } from './fields.ts'

const MOST_PER_PAGE = 250

/** Which part of a list is asked for. `cursor` stays fast however deep it leads; `skip` does not. */
export function pageQuery(usual: number = MOST_PER_PAGE, most: number = MOST_PER_PAGE) {
  return {
    skip: queryInteger(0, 1_000_000).default(0),
    take: queryInteger(1, most).default(usual),
    cursor: z.string().max(500).optional().meta({ description: '`nextCursor` of the page before; instead of `skip`.' }),
  }
}

export const pagination = z
  .object({
    totalItems: z.number().int(),
    remainingItems: z.number().int(),
    returnedItems: z.number().int(),
    itemsPerPage: z.number().int(),
    currentPage: z.number().int(),
    totalPages: z.number().int(),
    hasNextPage: z.boolean(),
    hasPreviousPage: z.boolean(),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'Pagination' })

export type Pagination = z.output<typeof pagination>

interface PageFacts {
  /** Of the whole list. */
  total: number
  /** On this page. */
  returned: number
  /** How many come before it. */
  skip: number
  take: number
  /** What the next page begins after; null: this was the last. */
  next?: readonly (string | number)[] | null
}

export function paginationOf({ total, returned, skip, take, next = null }: PageFacts): Pagination {
  const remaining = Math.max(0, total - skip - returned)
  return {
    totalItems: total,
    remainingItems: remaining,
    returnedItems: returned,
    itemsPerPage: take,
    currentPage: Math.floor(skip / take) + 1,
    totalPages: Math.ceil(total / take),
    hasNextPage: remaining > 0,
    hasPreviousPage: skip > 0,
    nextCursor: next && Buffer.from(JSON.stringify(next)).toString('base64url'),
  }
}

/**
 * What a cursor stands for.
 * @param shape of the values that `next` had
 * @throws invalid_input
 */
export function openCursor<T>(cursor: string, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error
    throw invalidInput([{ path: 'cursor', code: 'field_invalid', message: 'not a cursor' }])
  }
}
