import type { Booking } from '../../bookings/types.ts'
import type { Trigger } from '../types.ts'

/** What is sent, unless a template says otherwise. */
export interface Body {
  triggerEvent: Trigger | 'PING'
  /** RFC 3339: when it happened, not when it was sent. */
  createdAt: string
  payload: Record<string, unknown>
}

/** A booking as it was at the moment that is told of, and what happened then. */
export interface Told {
  booking: Booking
  /** Epoch milliseconds, as they were then. */
  start: number
  end: number
  /** Before it was moved. */
  former: { start: number; end: number } | null
  by: 'host' | 'attendee' | null
  /** Id of the attendee whose seat it is about; null: the booking as a whole. */
  attendeeId: number | null
  /** In the words of who did it; empty when there were none, or others have been said since. */
  reason: string
  eventType: EventTypeFacts | null
  iCalUid: string
  /** RFC 5545 SEQUENCE that it had then. */
  sequence: number
}

export interface EventTypeFacts {
  description: string
  requiresConfirmation: boolean
  /** Where the booking belongs to one that several share. */
  seats: number | null
}

/** An absence of a host. Instants are RFC 3339, dates YYYY-MM-DD in the host's zone, both included. */
export interface AbsenceFacts {
  id: number
  firstDate: string
  lastDate: string
  /** Minutes of the first and the last day; null: all of it. */
  fromMinute: number | null
  toMinute: number | null
  reason: string
  note: string
  createdAt: string
  updatedAt: string
  user: { id: number; name: string; username: string; email: string; timeZone: string }
  redirect: { id: number; name: string; username: string; email: string } | null
}
