import { z } from 'zod'
import { instantText } from '#platform/http/api/fields.ts'

const person = {
  name: z.string(),
  email: z.string(),
  displayEmail: z.string(),
  timeZone: z.string(),
}

const host = z.object({ id: z.number().int(), ...person, username: z.string() }).meta({
  id: 'BookingHost',
  description: 'Mail addresses of hosts are for hosts: without a key of one they are empty.',
})

const answers = z.record(z.string(), z.unknown()).meta({
  description: 'By the `slug` of the question; `name`, `email` and `notes` are those that every form has.',
})
const metadata = z
  .record(z.string(), z.string())
  .meta({ description: 'What it was booked with; empty for those who do not host it.' })

const attendee = {
  ...person,
  language: z.string().meta({ description: 'Of their mails.', examples: ['en'] }),
  absent: z.boolean().meta({ description: 'Did not come, as the host says; false for those who do not host it.' }),
  phoneNumber: z.string().optional().meta({ description: 'Where the host calls.' }),
}

export const bookingAttendee = z.object({ id: z.number().int(), ...attendee }).meta({ id: 'BookingAttendee' })
export const oneBookingAttendee = z
  .object({ id: z.number().int(), bookingId: z.number().int(), ...attendee })
  .meta({ id: 'OneBookingAttendee' })

export const bookedEventType = z.object({ id: z.number().int(), slug: z.string() }).meta({ id: 'BookedEventType' })

const common = {
  id: z.number().int(),
  uid: z.string().meta({ description: 'Stays the same, however often the booking is moved.' }),
  title: z.string(),
  description: z.string().meta({ description: 'The notes of who booked.' }),
  hosts: z.array(host),
  status: z.enum(['accepted', 'pending', 'cancelled', 'rejected']).meta({ id: 'BookingStatus' }),
  cancellationReason: z.string().optional().meta({ description: 'Of what was cancelled or rejected.' }),
  cancelledByEmail: z.string().optional(),
  reschedulingReason: z.string().optional(),
  rescheduledByEmail: z.string().optional(),
  start: instantText,
  end: instantText,
  duration: z.number().int().meta({ description: 'Minutes.' }),
  eventTypeId: z.number().int().nullable(),
  eventType: bookedEventType
    .nullable()
    .meta({ description: 'Null where it was deleted, and over the link of a group.' }),
  meetingUrl: z.string().optional().meta({ deprecated: true, description: '`location`, where that is a link.' }),
  location: z.string().meta({ description: 'An address, a link or a number; empty without any.' }),
  absentHost: z.boolean(),
  createdAt: instantText,
  updatedAt: instantText,
  metadata,
  rating: z.number().optional().meta({ description: 'Stars, of several the mean.' }),
  icsUid: z.string().meta({ description: 'UID of its entry in calendars.' }),
}

const single = {
  ...common,
  attendees: z.array(z.object(attendee).meta({ id: 'Attendee' })),
  guests: z.array(z.string()),
  bookingFieldsResponses: answers,
}

const EXAMPLE = {
  ...{
    id: 4711,
    uid: 'o7ybnJVjV3nUnNxh6hB1dZkS',
    title: 'Consultation',
    description: 'About the roof',
    status: 'accepted',
  },
  hosts: [
    {
      ...{ id: 7, name: 'Kim Lee', email: 'kim@example.org', displayEmail: 'kim@example.org' },
      ...{ username: 'kim', timeZone: 'Europe/Rome' },
    },
  ],
  ...{ start: '2026-11-23T08:00:00.000Z', end: '2026-11-23T08:30:00.000Z', duration: 30 },
  ...{ eventTypeId: 12, eventType: { id: 12, slug: 'consultation' }, location: 'Main Street 1', absentHost: false },
  ...{ createdAt: '2026-11-20T10:00:00.000Z', updatedAt: '2026-11-20T10:00:00.000Z', metadata: { order: '17' } },
  icsUid: 'b0x5c2fJm1QkT7yWn3Zp8RsE@book.example.org',
  attendees: [
    {
      ...{ name: 'Alex Doe', email: 'alex@example.com', displayEmail: 'alex@example.com', timeZone: 'Europe/Rome' },
      ...{ language: 'en', absent: false },
    },
  ],
  guests: [],
  bookingFieldsResponses: { name: 'Alex Doe', email: 'alex@example.com', notes: 'About the roof' },
}

const booking = z.object(single).meta({ id: 'Booking', examples: [EXAMPLE] })

const recurringBooking = z
  .object({
    ...single,
    recurringBookingUid: z.string().meta({ description: 'Of the series; leads to all its bookings.' }),
  })
  .meta({ id: 'RecurringBooking' })

const seatUid = z.string().meta({ description: 'Of the seat: what its attendee acts with.' })
const companionAnswers = z
  .record(z.string(), z.unknown())
  .meta({ description: 'To what is asked of each person, by the `slug` of the question.' })
const companions = z
  .array(z.object({ name: z.string(), bookingFieldsResponses: companionAnswers }).meta({ id: 'Companion' }))
  .meta({ description: 'Who comes along with an attendee of several seats, as far as they are named.' })
const seatedAttendee = z
  .object({ ...attendee, seatUid, companions, bookingFieldsResponses: answers, metadata })
  .meta({ id: 'SeatedAttendee' })

export const seatedBooking = z
  .object({
    ...common,
    attendees: z.array(seatedAttendee),
    seatUid: seatUid.optional().meta({ description: 'Of the seat that was just booked or moved.' }),
  })
  .meta({
    id: 'SeatedBooking',
    description: 'Several share it. Hosts see all of it, and everybody else their own seat, whose uid stands for it.',
  })

export const oneBooking = z.union([booking, recurringBooking, seatedBooking]).meta({ id: 'AnyBooking' })
/** One booking, or all of the series that it is about. */
export const oneOrSeries = z.union([oneBooking, z.array(oneBooking)])

export type WireSeated = z.input<typeof seatedBooking>
export type WireBooking = z.input<typeof oneBooking>
export type WireAttendee = z.input<typeof oneBookingAttendee>

export const calendarLink = z.object({ label: z.string(), link: z.string() }).meta({ id: 'CalendarLink' })

export const bookingReference = z
  .object({
    id: z.number().int(),
    type: z.string(),
    eventUid: z.string(),
    destinationCalendarId: z.string().nullable(),
  })
  .meta({ id: 'BookingReference' })

export const recording = z
  .object({
    ...{ id: z.string(), roomName: z.string(), startTs: z.number(), status: z.string(), duration: z.number() },
    ...{ shareToken: z.string(), maxParticipants: z.number().optional() },
    ...{ downloadLink: z.string().nullable().optional(), error: z.string().nullable().optional() },
  })
  .meta({ id: 'Recording' })

export const videoSession = z
  .object({
    ...{ id: z.string(), room: z.string(), startTime: z.number(), duration: z.number(), ongoing: z.boolean() },
    maxParticipants: z.number(),
    participants: z.array(
      z.object({
        ...{ userId: z.string().nullable(), userName: z.string().nullable() },
        ...{ joinTime: z.number(), duration: z.number() },
      }),
    ),
  })
  .meta({ id: 'VideoSession' })
