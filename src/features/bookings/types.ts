import type { Temporal } from 'temporal-polyfill'
import type { Metadata } from '#platform/metadata.ts'
import type { EventTypeOptions } from '../event-types/types.ts'
import type { Answer } from './answers/types.ts'
import type { Tracking } from './metadata/schema.ts'
import type { Companion } from './seats/party/types.ts'

export type { Layout } from '../event-types/types.ts'

export type BookingStatus = 'pending' | 'accepted' | 'rejected' | 'cancelled'

export const BOOKING_TABS = ['upcoming', 'unconfirmed', 'recurring', 'past', 'cancelled', 'all'] as const
/** A list of a host's bookings. */
export type BookingTab = (typeof BOOKING_TABS)[number]

export const HOST_ACTS = ['confirm', 'reject', 'reschedule', 'request-time', 'cancel'] as const
/** What a host does with a booking. */
export type HostAct = (typeof HOST_ACTS)[number]

/** Where one booking takes place: a location of the event type, completed by what the booker gave. */
export type BookingLocation =
  | { kind: 'in_person'; address: string; label?: string }
  /** In the words of who booked, which may be anything. */
  | { kind: 'attendee_address'; place: string; label?: string }
  | { kind: 'attendee_text'; place: string; label?: string }
  | { kind: 'attendee_phone'; phone: string; label?: string }
  | { kind: 'host_phone'; phone: string; label?: string }
  | { kind: 'link'; url: string; label: string; video: boolean }

/** What a host keeps out of the calendars of others. */
export type EntryTerms = Pick<EventTypeOptions, 'hideNotes' | 'privateEntry' | 'hideHostEmail'>

export interface Attendee {
  id: number
  kind: 'booker' | 'guest'
  name: string
  email: string
  /** IANA name; the attendee's mails are written in it. */
  timeZone: string
  locale: string
  /** To the questions of the event type, in their order. */
  answers: Answer[]
  /** What the booking was made with; empty for guests. */
  metadata: Metadata
  tracking: Tracking
  /** People they come as, themselves included. */
  quantity: number
  /** Those of them who are named, the attendee left out. */
  companions: Companion[]
  /** Where several share a booking; null otherwise. */
  seat: Seat | null
}

/** What one of several who share a booking has to themselves. */
export interface Seat {
  /** Address of the seat and the key to it. */
  uid: string
  /** RFC 5545 SEQUENCE of its own calendar entry. */
  sequence: number
  notes: string
  /** It was given back or taken away. */
  cancelled: { cancelledBy: 'host' | 'attendee'; reason: string } | null
}

export interface BookingHost {
  id: number
  name: string
  username: string
  email: string
  timeZone: string
  locale: string
  hourCycle: 'h12' | 'h23'
  avatarEtag: string | null
  brandColor: string | null
  brandColorDark: string | null
  /** Of their pages. */
  theme: 'system' | 'light' | 'dark'
  /** Those pages do not name the product. */
  hideBranding: boolean
}

/** Everything about one booking, for its host, for mails and jobs. Pages for others pick from it. */
export interface Booking {
  id: number
  uid: string
  status: BookingStatus
  title: string
  start: Temporal.Instant
  end: Temporal.Instant
  /** The zone the offer was made in. */
  timeZone: string
  location: BookingLocation | null
  notes: string
  /** RFC 5545 SEQUENCE. */
  sequence: number
  /** Why it was rejected, cancelled or moved, in the words of who did it. */
  reason: string
  cancelledBy: 'host' | 'attendee' | null
  /** The host asked for another time: cancelled, but its booker may still move it. */
  rescheduleRequested: boolean
  createdAt: Temporal.Instant
  /** Null when it was deleted since. */
  eventType:
    | ({ id: number; slug: string; title: string; color: string | null } & Pick<
        EventTypeOptions,
        'cancelling' | 'rescheduling' | 'language' | keyof EntryTerms | 'mails' | 'replyTo' | 'colorDark'
      >)
    | null
  host: BookingHost
  /** Whose time it takes as well, booked over a group link. */
  coHosts: BookingHost[]
  attendees: Attendee[]
  /** How many seats there are and are taken; null: one booker has it all. */
  seats: { count: number; taken: number; showAttendees: boolean } | null
  /** Of a series: its place, how many were booked, how many after it still stand, and when those others end that wait (epoch ms). */
  series: { id: number; occurrence: number; count: number; later: number; waiting: number[] } | null
  /** Who gave their seat back. */
  left: Attendee[]
  /** Set when this is one seat as its attendee sees it: names of the others, as far as they are shown. */
  others: string[] | null
}
