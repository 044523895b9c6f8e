import type { Booking, BookingHost } from '../../types.ts'

/** What a mail asks its reader to answer: a request, or all that wait of a series, as they stood when it was written. */
export interface Question {
  of: 'booking' | 'series'
  id: number
  /** SEQUENCE of what is asked about: a later one has a mail of its own. */
  sequence: number
}

/** A link that answers a question without signing in. It speaks for one host, and only as long as nothing else happened. */
export interface AnswerLink extends Question {
  hostId: number
  /** Epoch seconds; it ends with the start of what is asked about anyway. */
  until: number
}

export const CLOSINGS = [
  'confirmed',
  'rejected',
  'cancelled',
  'called_off',
  'another_time',
  'moved',
  'over',
  'expired',
] as const
/** Why there is nothing to answer any more: `cancelled` by the booker, `called_off` by a host. */
export type Closing = (typeof CLOSINGS)[number]

/** What a link is about, as it stands now. */
export interface Asked {
  link: AnswerLink
  host: BookingHost
  /** The request, or the dates of a series that were asked for. */
  bookings: Booking[]
  /** Those of them that the link can answer; none: it is spent. */
  open: Booking[]
  /** Of the first, when the link is spent. */
  closing: Closing
}
