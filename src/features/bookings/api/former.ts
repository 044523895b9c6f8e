import { z } from 'zod'
import { idInBody, instant, instantText, queryInteger } from '#platform/http/api/fields.ts'
import { LISTED } from '../listing/types.ts'
import { bookedEventType } from './schema.ts'

/** Shapes of 2024-04-15, as descriptions of the interface that were published in 2024 have them. */

const answer = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])

const responses = z
  .object({
    name: z.string(),
    email: z.string(),
    guests: z.array(z.string()).optional(),
    location: z
      .strictObject({ value: z.string(), optionValue: z.string().optional() })
      .optional()
      .meta({ description: 'A kind of place in `value`, and in `optionValue` what is left to the booker.' }),
    notes: z.string().optional(),
  })
  .catchall(answer)
  .meta({ description: 'With the answers to questions, by their `slug`.' })

const newBooking = {
  start: instant,
  end: instant.optional(),
  eventTypeId: idInBody.optional(),
  eventTypeSlug: z.string().optional(),
  user: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  timeZone: z.string(),
  language: z.string().optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  responses,
  orgSlug: z.string().nullable().optional(),
  /** Of what is not for here, only what says nothing. */
  hasHashedBookingLink: z.literal(false).optional(),
  hashedLink: z.literal('').nullable().optional(),
  locationUrl: z.literal('').nullable().optional(),
  /** Chosen by us. */
  bookingUid: z.string().optional(),
  recurringEventId: z.string().optional(),
}

export const formerNewBooking = z.strictObject({
  ...newBooking,
  rescheduleUid: z.string().optional(),
  seatReferenceUid: z.string().optional(),
})
export type FormerNewBooking = z.output<typeof formerNewBooking>

const MOST_AT_ONCE = 250

export const formerNewSeries = z
  .array(z.strictObject(newBooking).meta({ id: 'NewBooking20240415' }))
  .min(1)
  .max(MOST_AT_ONCE)
  .meta({
    id: 'NewSeries20240415',
    examples: [
      ['23', '30'].map((day) => ({
        ...{
          start: `2026-11-${day}T08:00:00Z`,
          eventTypeId: 12,
          timeZone: 'Europe/Rome',
          language: 'en',
          metadata: {},
        },
        responses: { name: 'Alex Doe', email: 'alex@example.com' },
      })),
    ],
  })

/** Which one is in the path. */
export const formerCancellation = z.strictObject({
  id: idInBody.optional(),
  uid: z.string().optional(),
  allRemainingBookings: z.boolean().optional(),
  cancellationReason: z.string().optional(),
  seatReferenceUid: z.string().optional(),
})

export const formerQuery = z.strictObject({
  cursor: queryInteger(0, 1_000_000).optional(),
  limit: queryInteger(1, 250).optional(),
  filters: z.strictObject({ status: z.enum(LISTED).optional() }).optional(),
})

const status = z.enum(['ACCEPTED', 'PENDING', 'CANCELLED', 'REJECTED'])
const none = z.array(z.unknown()).max(0)

const common = {
  id: z.number().int(),
  uid: z.string(),
  title: z.string(),
  userPrimaryEmail: z.string().nullable(),
  description: z.string().nullable(),
  customInputs: z.object({}),
  startTime: instantText,
  endTime: instantText,
  attendees: z.array(
    z.object({
      ...{ email: z.string(), name: z.string(), timeZone: z.string(), locale: z.string() },
      bookingId: z.number().int(),
    }),
  ),
  metadata: z.record(z.string(), z.string()),
  recurringEventId: z.string().nullable().meta({ description: 'Uid of the series.' }),
  location: z.string().nullable(),
  eventType: bookedEventType.nullable(),
  status,
  user: z.object({ id: z.number().int(), name: z.string(), email: z.string() }).nullable(),
  seatsReferences: z.array(z.object({ referenceUid: z.string() })),
}

export const formerBooking = z
  .object({
    ...common,
    smsReminderNumber: z.null(),
    eventTypeId: z.number().int().nullable(),
    responses: z.record(z.string(), z.unknown()),
    cancellationReason: z.string().nullable(),
    rejectionReason: z.string().nullable(),
  })
  .meta({ id: 'Booking20240415' })

export const formerOneOrSeries = z.union([formerBooking, z.array(formerBooking)])

export const formerBookings = z
  .object({
    bookings: z.array(
      z.object({ ...common, paid: z.literal(false), payment: none, references: none, isRecorded: z.literal(false) }),
    ),
    recurringInfo: none,
    nextCursor: z.number().int().nullable(),
  })
  .meta({ id: 'Bookings20240415' })

export type FormerBooking = z.input<typeof formerBooking>
export type FormerBookings = z.input<typeof formerBookings>
