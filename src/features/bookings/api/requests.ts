import { z } from 'zod'
import { idInBody, idInPath, instant, queryId, queryList, uidInPath } from '#platform/http/api/fields.ts'
import { pageQuery } from '#platform/http/api/pages.ts'
import { LISTED } from '../listing/types.ts'

/** Rules are those of the commands; here are only shapes. */
const language = z
  .string()
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
  .meta({ description: 'Of their mails: the nearest that there is, English otherwise.', examples: ['de'] })

const answers = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
  .meta({ description: 'By the `slug` of the question. `notes` is the field that every form has.' })

const reservationUid = z
  .string()
  .max(100)
  .meta({ description: 'Of the reservation that keeps the time, as `POST /slots/reservations` gave it.' })

const booker = z
  .strictObject({
    name: z.string(),
    email: z.string().optional(),
    timeZone: z.string(),
    phoneNumber: z.string().optional().meta({ description: 'Kept where the host calls.' }),
    language: language.optional(),
  })
  .meta({ id: 'Booker' })

const location = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('address') }),
    z.strictObject({ type: z.literal('link') }),
    z.strictObject({ type: z.literal('phone') }),
    z.strictObject({ type: z.literal('attendeePhone'), phone: z.string() }),
    z.strictObject({ type: z.literal('attendeeAddress'), address: z.string() }),
    z.strictObject({ type: z.literal('attendeeDefined'), location: z.string() }),
  ])
  .meta({
    id: 'ChosenLocation',
    description: 'The first of this kind among those of the event type; without one, the first of all.',
  })

export const newBooking = z
  .strictObject({
    start: instant,
    attendee: booker,
    eventTypeId: idInBody.optional(),
    eventTypeSlug: z.string().optional(),
    username: z.string().optional(),
    usernames: z
      .array(z.string())
      .min(2)
      .optional()
      .meta({ description: 'Hosts who all come, with `lengthInMinutes`; instead of an event type.' }),
    teamSlug: z.string().optional(),
    organizationSlug: z.string().optional(),
    guests: z.array(z.string()).optional().meta({ description: 'Mail addresses.' }),
    companions: z
      .array(
        z.strictObject({ name: z.string(), bookingFieldsResponses: answers.optional() }).meta({ id: 'NewCompanion' }),
      )
      .optional()
      .meta({
        description:
          'Who comes along where seats are shared and one booking may take several: each takes a seat too. Their `bookingFieldsResponses` are to what is asked of each person.',
      }),
    location: location.optional(),
    lengthInMinutes: z.number().int().optional(),
    bookingFieldsResponses: answers.optional(),
    metadata: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: 'At most 50 names of up to 40 characters, with values of up to 500.' }),
    recurrenceCount: z.number().int().min(1).optional().meta({
      description:
        'How many of a series, the first included; without it, as many as it may have. What does not repeat is 1.',
    }),
    emailVerificationCode: z.string().optional().meta({
      description:
        'What was mailed to the address, where the event type wants it proven or its owner does. The refusal `mail_code_required` says that it was mailed just now.',
    }),
    reservationUid: reservationUid.optional(),
    onBehalf: z
      .strictObject({
        anyway: z.boolean().optional().meta({ description: 'Also outside of hours, notice, window and limits.' }),
        reason: z.string().optional().meta({ description: 'Why; wanted with `anyway`. Only hosts read it.' }),
        mails: z.boolean().optional().meta({ description: 'Those who come are told; true without it.' }),
      })
      .optional()
      .meta({
        description:
          'The host books for somebody, with a key of theirs. What is taken stays taken. Guests and codes are not for it, of answers only those to what is asked of each person are, and of places only the first is.',
      }),
  })
  .meta({
    id: 'NewBooking',
    description: 'By `eventTypeId`, by `eventTypeSlug` and `username`, or with `usernames`.',
    examples: [
      {
        ...{ start: '2026-11-23T08:00:00Z', eventTypeId: 12, metadata: { order: '17' } },
        attendee: { name: 'Alex Doe', email: 'alex@example.com', timeZone: 'Europe/Rome', language: 'en' },
      },
    ],
  })
export type NewBooking = z.output<typeof newBooking>

export const move = z
  .strictObject({
    start: instant,
    seatUid: z.string().optional().meta({ description: 'Whose seat moves, where several share the booking.' }),
    rescheduledBy: z.string().optional().meta({
      description:
        'With a key of the host, the address of an attendee: the booking moves in their name, and may have to be confirmed again.',
    }),
    reschedulingReason: z.string().optional(),
    lengthInMinutes: z.number().int().optional(),
    bookingFieldsResponses: answers.optional().meta({ description: 'To what is asked of those who move a booking.' }),
    emailVerificationCode: z
      .string()
      .optional()
      .meta({ description: 'Not needed: whoever knows the uid has it from the mail.' }),
    reservationUid: reservationUid.optional(),
  })
  .meta({ id: 'BookingMove', examples: [{ start: '2026-11-24T08:00:00Z', reschedulingReason: 'A cold' }] })
export type Move = z.output<typeof move>

export const cancellation = z
  .strictObject({
    cancellationReason: z.string().optional().meta({ description: 'Hosts have to say one.' }),
    cancelSubsequentBookings: z
      .boolean()
      .optional()
      .meta({ description: 'And whatever comes after it in its series; the reply is all of those.' }),
    seatUid: z.string().optional().meta({ description: 'Only this seat, where several share the booking.' }),
  })
  .meta({ id: 'BookingCancellation', examples: [{ cancellationReason: 'A cold' }] })

export const decline = z
  .strictObject({ reason: z.string().optional() })
  .meta({ id: 'BookingDecline', examples: [{ reason: 'No time' }] })

export const absence = z
  .strictObject({
    host: z.boolean().optional(),
    attendees: z
      .array(z.strictObject({ email: z.string(), absent: z.boolean() }))
      .max(1000)
      .optional(),
  })
  .meta({
    id: 'BookingAbsence',
    examples: [{ host: true }, { attendees: [{ email: 'alex@example.com', absent: true }] }],
  })

export const reassignment = z
  .strictObject({ reason: z.string().optional() })
  .meta({ id: 'BookingReassignment', examples: [{ reason: 'A cold' }] })

const known = { name: z.string().optional(), timeZone: z.string().optional(), language: language.optional() }

export const newAttendee = z
  .strictObject({ ...known, email: z.string(), name: z.string(), timeZone: z.string() })
  .meta({ id: 'NewAttendee', examples: [{ name: 'Sam Roe', email: 'sam@example.com', timeZone: 'Europe/Rome' }] })

const newGuest = z.strictObject({ ...known, email: z.string() }).meta({ id: 'NewGuest' })

export const newGuests = z
  .strictObject({ guests: z.array(newGuest) })
  .meta({ id: 'NewGuests', examples: [{ guests: [{ email: 'sam@example.com', name: 'Sam Roe' }] }] })

export const locationChange = z
  .strictObject({
    location: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('address'), address: z.string() }),
      z.strictObject({ type: z.literal('attendeeAddress'), address: z.string() }),
      z.strictObject({ type: z.literal('attendeeDefined'), location: z.string() }),
      z.strictObject({ type: z.literal('attendeePhone'), phone: z.string() }),
      z.strictObject({ type: z.literal('phone'), phone: z.string() }),
      z.strictObject({ type: z.literal('link'), link: z.string() }),
    ]),
  })
  .meta({
    id: 'BookingLocationChange',
    examples: [{ location: { type: 'link', link: 'https://meet.example.com/abc' } }],
  })
export type WireLocation = z.output<typeof locationChange>['location']

const direction = z.enum(['asc', 'desc'])
const from = instant.optional()

export const bookingsQuery = z.strictObject({
  status: queryList(z.enum(LISTED)).optional().meta({ description: 'Any of them.' }),
  attendeeEmail: z.string().optional(),
  attendeeName: z.string().optional().meta({ description: 'A part of the name.' }),
  bookingUid: z.string().optional(),
  eventTypeIds: queryList(queryId).optional(),
  eventTypeId: queryId.optional(),
  ...{ afterStart: from, beforeEnd: from, afterCreatedAt: from, beforeCreatedAt: from },
  ...{ afterUpdatedAt: from, beforeUpdatedAt: from },
  sortStart: direction.optional(),
  sortEnd: direction.optional(),
  sortCreated: direction.optional(),
  sortUpdatedAt: direction.optional(),
  ...pageQuery(100),
})
export type BookingsQuery = z.output<typeof bookingsQuery>

export const bookingParams = z.strictObject({ bookingUid: uidInPath })
export const seatParams = z.strictObject({ seatUid: uidInPath })
export const attendeeParams = z.strictObject({ bookingUid: uidInPath, attendeeId: idInPath })
export const reassignParams = z.strictObject({ bookingUid: uidInPath, userId: idInPath })
export const referencesQuery = z.strictObject({
  type: z
    .enum(['google_calendar', 'office365_calendar', 'daily_video', 'google_video', 'office365_video', 'zoom_video'])
    .optional(),
})
