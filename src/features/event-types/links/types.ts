/** A link that opens an event type to whoever was given it. Instants are epoch milliseconds, durations minutes. */
export interface PrivateLink {
  id: number
  eventTypeId: number
  label: string
  /** Who it was made for: only they can book over it. */
  person: { name: string; email: string } | null
  /** Only these starts can be booked, in order; null: all that are offered. */
  starts: number[] | null
  /** How long those starts are; null: as the event type has it. */
  duration: number | null
  expiresAt: number | null
  /** Null: any number of bookings. */
  mostUses: number | null
  /** Bookings that were made over it; one that is cancelled counts all the same. */
  uses: number
  revokedAt: number | null
}

/** As its host sees it. */
export interface OwnPrivateLink extends PrivateLink {
  createdAt: number
  /** Null when the secret of the instance has changed since: the link works, but cannot be shown again. */
  token: string | null
}
