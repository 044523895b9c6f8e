import { z } from 'zod'
import { mailAddress, mailCodeText, multiLine, singleLine, timeZoneName } from '#platform/fields.ts'
import { metadata } from '#platform/metadata.ts'
import { rawAnswers } from './answers/schema.ts'
import { tracking } from './metadata/schema.ts'
import { companions } from './seats/party/schema.ts'

export const phoneNumber = z
  .string()
  .trim()
  .regex(/^\+?[\d\s().\-/]{5,30}$/)

const reasonText = multiLine(2000)

/** An instant with an offset (RFC 3339), as epoch milliseconds. */
export const startInstant = z.iso
  .datetime({ offset: true, error: 'not_an_instant' })
  .transform((text) => Date.parse(text))
  .refine((ms) => Number.isInteger(ms / 60_000), { params: { code: 'not_a_whole_minute' } })

/** No event type repeats more often. */
const MOST_OCCURRENCES = 60

/** A long fixed guest list is a mail cannon. */
export const MOST_GUESTS = 20

/** What a visitor sends to book. */
export const createBookingSchema = z.strictObject({
  start: startInstant,
  /** Minutes; absent = the event type's default. */
  duration: z.number().int().min(1).max(1440).optional(),
  name: singleLine(200),
  email: mailAddress,
  guests: z.array(mailAddress).max(MOST_GUESTS).default([]),
  /** Starts of the series that are booked together, at most those its event type allows from `start` on; none: only `start`. */
  occurrences: z.array(startInstant).max(MOST_OCCURRENCES).default([]),
  /** How many people come; each takes a seat. */
  quantity: z.number().int().min(1).max(1000).default(1),
  /** Who comes along, as far as they are named. */
  companions: companions.default([]),
  notes: multiLine(5000).default(''),
  timeZone: timeZoneName,
  /** Which of the event type's locations, counted from 0. */
  location: z.number().int().min(0).max(50).default(0),
  /** For a location where the host calls. */
  phone: phoneNumber.optional(),
  /** For a location that is where the booker says. */
  place: singleLine(300).optional(),
  /** By the keys of the event type's questions. */
  answers: rawAnswers.default({}),
  /** What was mailed to prove the address, where the event type wants that. */
  code: mailCodeText.optional(),
  metadata: metadata.default({}),
  tracking: tracking.default({}),
})
export type CreateBooking = z.infer<typeof createBookingSchema>

/** The same with first and last name apart, as forms ask for them where the event type says so. */
export const splitNameSchema = createBookingSchema
  .omit({ name: true })
  .extend({ firstName: singleLine(100), lastName: singleLine(99) })
  .transform(({ firstName, lastName, ...booking }) => ({ ...booking, name: `${firstName} ${lastName}` }))

/** The version the page showed; a newer one means that somebody else changed it since. */
const seenSequence = z.number().int().min(0).optional()

/** Whatever still waits of the series it belongs to. */
const wholeSeries = z.boolean().default(false)

export const confirmSchema = z.strictObject({ sequence: seenSequence, series: wholeSeries })
const withReason = z.strictObject({ reason: reasonText.default(''), sequence: seenSequence })
export const cancelSchema = withReason.extend({
  /** And what comes after it in its series. */
  following: z.boolean().default(false),
})
export const rejectSchema = withReason.extend({ series: wholeSeries })
export const requestTimeSchema = withReason

export const rescheduleSchema = z.strictObject({
  start: startInstant,
  /** Of who moves it, for offers that are restricted by it; absent: that of the offer. */
  timeZone: timeZoneName.optional(),
  /** Minutes; absent = as long as it is now. */
  duration: z.number().int().min(1).max(1440).optional(),
  reason: reasonText.default(''),
  sequence: seenSequence,
  /** By the keys of the questions that are asked when an attendee moves a booking. */
  answers: rawAnswers.optional(),
})
export type RescheduleBooking = z.infer<typeof rescheduleSchema>

/** A key the client makes for one request (draft-ietf-httpapi-idempotency-key-header): printable ASCII. */
export const idempotencyKey = z.string().regex(/^[\x21-\x7e]{1,255}$/)
