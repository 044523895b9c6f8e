import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

/** A booking at one version; jobs compare `sequence` with the present one and let older news rest. */
const bookingVersion = z.object({ bookingId: z.number().int(), sequence: z.number().int() })

const moved = bookingVersion.extend({
  /** Epoch milliseconds. */
  fromStart: z.number(),
  fromEnd: z.number(),
  by: z.enum(['host', 'attendee']),
})
const cancelled = bookingVersion.extend({ by: z.enum(['host', 'attendee']) })

const subject = ({ bookingId }: { bookingId: number }) => `booking:${bookingId}`

/** A visitor asked for a time that the host must confirm. */
export const bookingRequested = defineEvent({ name: 'booking.requested', version: 1, payload: bookingVersion, subject })
/** Booked and accepted at once. */
export const bookingCreated = defineEvent({ name: 'booking.created', version: 1, payload: bookingVersion, subject })
/** The host accepted a requested one. */
export const bookingConfirmed = defineEvent({ name: 'booking.confirmed', version: 1, payload: bookingVersion, subject })
export const bookingRejected = defineEvent({ name: 'booking.rejected', version: 1, payload: bookingVersion, subject })
/** Moved and accepted. */
export const bookingRescheduled = defineEvent({ name: 'booking.rescheduled', version: 1, payload: moved, subject })
/** Moved by the attendee to a time that the host must confirm. */
export const bookingMoveRequested = defineEvent({ name: 'booking.move_requested', version: 1, payload: moved, subject })
export const bookingCancelled = defineEvent({ name: 'booking.cancelled', version: 1, payload: cancelled, subject })
/** The host gave the time back and asked the booker to choose another. */
export const anotherTimeRequested = defineEvent({
  name: 'booking.another_time_requested',
  version: 1,
  payload: bookingVersion,
  subject,
})
