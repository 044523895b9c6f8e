export const FEED_KINDS = ['bookings', 'free_busy'] as const
/** Entries of all bookings, or nothing but when somebody is busy. */
export type FeedKind = (typeof FEED_KINDS)[number]

/** What the address of a feed ends in. */
export const FEED_ENDINGS: Record<FeedKind, string> = { bookings: 'ics', free_busy: 'ifb' }

/** A feed as its owner sees it. */
export interface OwnFeed {
  kind: FeedKind
  /** Null when it was sealed with a secret that this installation no longer has. */
  address: string | null
  /** Entries tell what a booking is about and who comes. */
  details: boolean
  /** Epoch ms. */
  createdAt: number
}

/** Time somebody is not free, epoch ms. */
export interface BusyTime {
  start: number
  end: number
  kind: 'BUSY' | 'BUSY-TENTATIVE' | 'BUSY-UNAVAILABLE'
}
