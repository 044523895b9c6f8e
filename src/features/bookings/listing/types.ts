import type { Temporal } from 'temporal-polyfill'

/** Kinds of bookings that can be asked for; one may be of several. */
export const LISTED = ['upcoming', 'recurring', 'past', 'cancelled', 'unconfirmed'] as const
export type Listed = (typeof LISTED)[number]

export const ORDERS = ['start', 'end', 'created', 'updated'] as const

/** First by this, then by the next. */
export interface OrderBy {
  by: (typeof ORDERS)[number]
  direction: 'asc' | 'desc'
}

/** What a page begins after: the instants (RFC 3339) that the list is in order of, and the id. */
export interface ListingCursor {
  values: readonly string[]
  id: number
}

export interface Listing {
  /** Any of them; none: all. */
  kinds: readonly Listed[]
  /** Somebody with this address, canonical. */
  email?: string | undefined
  /** Somebody whose name has this in it. */
  name?: string | undefined
  /** Of the booking, or of a seat in it. */
  uid?: string | undefined
  /** Any of them; absent: all. */
  eventTypeIds?: readonly number[] | undefined
  /** Bounds count as within. */
  from: Partial<Record<OrderBy['by'], Temporal.Instant | undefined>>
  until: Partial<Record<OrderBy['by'], Temporal.Instant | undefined>>
  order: readonly OrderBy[]
  skip: number
  take: number
  after?: ListingCursor | undefined
}
