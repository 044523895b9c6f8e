import type { Locale } from '#platform/i18n/locale.ts'

/** What a mail is about: the name of the event it tells of. */
export type Topic =
  | 'booking.requested'
  | 'booking.created'
  | 'booking.confirmed'
  | 'booking.rejected'
  | 'booking.rescheduled'
  | 'booking.move_requested'
  | 'booking.cancelled'
  | 'booking.another_time_requested'
  | 'booking.guests_added'
  | 'booking.location_changed'
  | SeatTopic
  /** Several bookings at once. */
  | 'series.created'

/** What happened to one of several who share a booking. */
export type SeatTopic = 'booking.seat_taken' | 'booking.seat_cancelled' | 'booking.seat_moved' | 'booking.party_reduced'

/** What somebody is to a booking. Only host and booker may change it, so only they get links that do. */
export type Role = 'host' | 'booker' | 'guest'

/** Somebody who is told, and how they read: language, zone and clock. */
export interface Recipient {
  /**
   * `host:<user id>` or `attendee:<attendee id>`, as delivery rows name them: no personal data. A host hears of each seat:
   * `host:<user id>/<attendee id>`.
   */
  target: string
  role: Role
  name: string
  email: string
  timeZone: string
  locale: Locale
  /** Undefined: as is usual in the language. */
  hourCycle: 'h12' | 'h23' | undefined
}

/** One change of a booking, as far as its mails tell of it. */
export interface Change {
  topic: Topic
  /** Who did it, where it is not clear from the topic. */
  by: 'host' | 'attendee' | null
  /** The time it had before. Epoch milliseconds. */
  former: { start: number; end: number } | null
  /** The calendars of the attendees have this booking from an earlier invitation. */
  inCalendars: boolean
  /** Of a series: all that was booked and still stands. Null where one booking is told of. */
  dates: { start: number; end: number; pending: boolean }[] | null
}
