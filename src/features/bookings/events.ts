import { sql } from 'kysely'
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
/** The host's, whoever acts: visitors do not know who that is. */
const owner = ({ bookingId }: { bookingId: number }) =>
  sql<number | null>`(select host_id from bookings where id = ${bookingId})`

/** A visitor asked for a time that the host must confirm. */
export const bookingRequested = defineEvent({
  name: 'booking.requested',
  version: 1,
  payload: bookingVersion,
  subject,
  owner,
})
/** The host booked for somebody: whether those who come are told, and what of the offer was set aside for it. */
const onBehalf = z.object({ mails: z.boolean(), setAside: z.string().nullable() }).optional()
export type MadeOnBehalf = z.infer<typeof onBehalf>

const created = bookingVersion.extend({ onBehalf })
/** Booked and accepted at once. */
export const bookingCreated = defineEvent({ name: 'booking.created', version: 1, payload: created, subject, owner })
/** The host accepted a requested one. */
export const bookingConfirmed = defineEvent({
  name: 'booking.confirmed',
  version: 1,
  payload: bookingVersion,
  subject,
  owner,
})
export const bookingRejected = defineEvent({
  name: 'booking.rejected',
  version: 1,
  payload: bookingVersion,
  subject,
  owner,
})
/** Moved and accepted. */
export const bookingRescheduled = defineEvent({
  name: 'booking.rescheduled',
  version: 1,
  payload: moved,
  subject,
  owner,
})
/** Moved by the attendee to a time that the host must confirm. */
export const bookingMoveRequested = defineEvent({
  name: 'booking.move_requested',
  version: 1,
  payload: moved,
  subject,
  owner,
})
export const bookingCancelled = defineEvent({
  name: 'booking.cancelled',
  version: 1,
  payload: cancelled,
  subject,
  owner,
})
/** The host gave the time back and asked the booker to choose another. */
export const anotherTimeRequested = defineEvent({
  name: 'booking.another_time_requested',
  version: 1,
  payload: bookingVersion,
  subject,
  owner,
})

/** Several bookings made together, of which each goes its own way from here on. */
export const seriesCreated = defineEvent({
  name: 'series.created',
  version: 1,
  payload: z.object({
    seriesId: z.number().int(),
    bookingIds: z.array(z.number().int()),
    /** Of each of them. */
    sequence: z.number().int(),
    /** Of those, what waits for the host. */
    pendingIds: z.array(z.number().int()),
    onBehalf,
  }),
  subject: ({ seriesId }) => `series:${seriesId}`,
  owner: ({ seriesId }) => sql<number | null>`(select host_id from series where id = ${seriesId})`,
})

const seat = z.object({
  bookingId: z.number().int(),
  attendeeId: z.number().int(),
  /** Of the seat, not of the booking. */
  sequence: z.number().int(),
})
/** Somebody took a seat in a booking that others share, or began one. */
export const seatTaken = defineEvent({
  name: 'booking.seat_taken',
  version: 1,
  payload: seat.extend({ onBehalf }),
  subject,
  owner,
})
/** One seat was given back or taken away; the others stay. */
export const seatCancelled = defineEvent({
  name: 'booking.seat_cancelled',
  version: 1,
  payload: seat.extend({ by: z.enum(['host', 'attendee']) }),
  subject,
  owner,
})
/** Fewer come with one seat than were booked. */
export const partyReduced = defineEvent({
  name: 'booking.party_reduced',
  version: 1,
  payload: seat.extend({ from: z.number().int(), to: z.number().int(), by: z.enum(['host', 'attendee']) }),
  subject,
  owner,
})
/** One seat came here from another booking of the event type. */
export const seatMoved = defineEvent({
  name: 'booking.seat_moved',
  version: 1,
  payload: seat.extend({
    fromBookingId: z.number().int(),
    fromStart: z.number(),
    fromEnd: z.number(),
    by: z.enum(['host', 'attendee']),
  }),
  subject,
  owner,
})
/** The other end of it: one seat went to another booking. */
export const seatLeft = defineEvent({
  name: 'booking.seat_left',
  version: 1,
  payload: z.object({
    bookingId: z.number().int(),
    attendeeId: z.number().int(),
    toBookingId: z.number().int(),
    by: z.enum(['host', 'attendee']),
  }),
  subject,
  owner,
})

const noShow = z.object({
  bookingId: z.number().int(),
  /** Null: the host. */
  attendeeId: z.number().int().nullable(),
  noShow: z.boolean(),
})
/** The host says who did not come, or takes that back. */
export const noShowMarked = defineEvent({ name: 'booking.no_show_marked', version: 1, payload: noShow, subject, owner })

const ofBooking = z.object({ bookingId: z.number().int() })
/** The booker rated the meeting. */
export const bookingRated = defineEvent({ name: 'booking.rated', version: 1, payload: ofBooking, subject, owner })

const note = ofBooking.extend({ noteId: z.number().int(), change: z.enum(['added', 'deleted', 'restored']) })
/** The host's own notes, which attendees do not see. */
export const noteChanged = defineEvent({ name: 'booking.note_changed', version: 1, payload: note, subject, owner })

/** A text for notes that a host keeps. */
export const presetChanged = defineEvent({
  name: 'note_preset.changed',
  version: 1,
  payload: z.object({
    presetId: z.number().int(),
    change: z.enum(['added', 'changed', 'deleted', 'restored']),
  }),
  subject: ({ presetId }) => `note-preset:${presetId}`,
  owner: 'actor',
})

const reported = ofBooking.extend({ reason: z.enum(['spam', 'unknown_person', 'other']) })
/** The host says that this should not have been booked. */
export const bookingReported = defineEvent({ name: 'booking.reported', version: 1, payload: reported, subject, owner })

/** A list of bookings that a host keeps: what it is narrowed to and how it is laid out. */
export const viewChanged = defineEvent({
  name: 'booking_view.changed',
  version: 1,
  payload: z.object({
    viewId: z.number().int(),
    change: z.enum(['saved', 'renamed', 'updated', 'preferred', 'deleted', 'restored']),
  }),
  subject: ({ viewId }) => `booking-view:${viewId}`,
  owner: 'actor',
})

/** A host shut somebody out, or let them in again. */
export const blockChanged = defineEvent({
  name: 'booker_block.changed',
  version: 1,
  payload: z.object({ blockId: z.number().int(), change: z.enum(['added', 'deleted', 'restored', 'answer_changed']) }),
  subject: ({ blockId }) => `booker-block:${blockId}`,
  owner: 'actor',
})

/** Tags or notes of a contact. */
export const contactUpdated = defineEvent({
  name: 'contact.updated',
  version: 1,
  payload: z.object({ contactId: z.number().int() }),
  subject: ({ contactId }) => `contact:${contactId}`,
  owner: 'actor',
})

/** Two contacts became one, or are two again. */
export const contactMerged = defineEvent({
  name: 'contact.merged',
  version: 1,
  payload: z.object({
    /** Whose address leads to the other. */
    contactId: z.number().int(),
    intoId: z.number().int(),
    change: z.enum(['merged', 'separated']),
  }),
  subject: ({ intoId }) => `contact:${intoId}`,
  owner: 'actor',
})

const guestsAdded = bookingVersion.extend({ attendeeIds: z.array(z.number().int()) })
/** The host added guests; only they are told. */
export const bookingGuestsAdded = defineEvent({
  name: 'booking.guests_added',
  version: 1,
  payload: guestsAdded,
  subject,
  owner,
})
export const bookingLocationChanged = defineEvent({
  name: 'booking.location_changed',
  version: 1,
  payload: bookingVersion,
  subject,
  owner,
})
