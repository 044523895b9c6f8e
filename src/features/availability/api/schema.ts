import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { calendarDate, timeZoneName } from '#platform/fields.ts'
import { queryId, queryInteger, queryList } from '#platform/http/api/fields.ts'

/** A whole day, in a zone that is told elsewhere, or an instant. */
export type When = { date: string } | { at: number }

const DATE = /^\d{4}-\d\d-\d\d$/
/** RFC 3339; without an offset it is UTC. */
const DATE_TIME = z.iso.datetime({ offset: true, local: true, error: 'not_an_instant' })

const when = z
  .string()
  .transform((text, check): When => {
    const result = DATE.test(text) ? calendarDate.safeParse(text) : DATE_TIME.safeParse(text)
    if (result.success) return DATE.test(text) ? { date: text } : { at: instantOf(text) }
    check.addIssue({ code: 'custom', params: { code: DATE.test(text) ? 'not_a_date' : 'not_an_instant' } })
    return z.NEVER
  })
  .meta({ type: 'string', examples: ['2026-11-24'] })

function instantOf(text: string): number {
  return Temporal.Instant.from(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`).epochMilliseconds
}

const describedWhen = (description: string) => when.meta({ type: 'string', examples: ['2026-11-24'], description })

const duration = queryInteger(1, 1440)
  .optional()
  .meta({ description: 'Minutes, where there is a choice. Of several hosts without an event type: 30.' })

/** Whose times: an event type by its id or by its address, or several hosts. */
const address = {
  eventTypeId: queryId.optional(),
  eventTypeSlug: z.string().max(200).optional().meta({ description: 'With `username`.' }),
  username: z.string().max(200).optional(),
  usernames: queryList(z.string().min(1).max(200))
    .optional()
    .meta({ description: 'Two or more hosts who meet: times that all of them have.' }),
  teamSlug: z.string().max(200).optional().meta({ description: 'There are no teams yet: leads nowhere.' }),
  organizationSlug: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'There are no organizations yet: leads nowhere.' }),
  duration,
}

export const slotsQuery = z.strictObject({
  ...address,
  start: describedWhen(
    'A date in `timeZone`, which counts from its beginning, or an instant; without an offset it is UTC.',
  ),
  end: describedWhen('A date in `timeZone`, which counts to its end, or an instant. At most 366 days after `start`.'),
  timeZone: timeZoneName.optional().meta({
    description: 'Days are those of this zone, and times are written in it: UTC without.',
    examples: ['Europe/Rome'],
  }),
  format: z.enum(['time', 'range']).default('time'),
  bookingUidToReschedule: z.string().max(100).optional().meta({ description: 'Its own time counts as free.' }),
  reservationUid: z.string().max(100).optional().meta({ description: 'What it keeps counts as free for who has it.' }),
})

/** How the same was asked for before. */
export const availableQuery = z.strictObject({
  eventTypeId: address.eventTypeId,
  eventTypeSlug: z.string().max(200).optional().meta({ description: 'With one name in `usernameList`.' }),
  usernameList: queryList(z.string().min(1).max(200)).optional(),
  orgSlug: address.organizationSlug,
  duration,
  startTime: describedWhen('As `start` of `/v2/slots`.'),
  endTime: describedWhen('As `end` of `/v2/slots`.'),
  timeZone: slotsQuery.shape.timeZone,
  slotFormat: z.enum(['time', 'range']).default('time'),
  rescheduleUid: slotsQuery.shape.bookingUidToReschedule,
})

export const explanationQuery = z.strictObject({
  ...address,
  start: describedWhen('An instant, or a whole day in `timeZone`.'),
  timeZone: slotsQuery.shape.timeZone,
})

export type SlotsQuery = z.output<typeof slotsQuery>
export type Address = Pick<SlotsQuery, keyof typeof address>

const localInstant = z.string().meta({ format: 'date-time', examples: ['2026-11-24T09:00:00.000+01:00'] })
const seatCount = z.number().int().optional()

const slot = z
  .object({
    start: localInstant,
    end: localInstant.optional().meta({ description: 'With `format=range`.' }),
    seatsBooked: seatCount.meta({
      description: 'Of event types with seats, where visitors may see how many are free; its host always may.',
    }),
    seatsRemaining: seatCount,
    seatsTotal: seatCount,
    bookingUid: z
      .string()
      .optional()
      .meta({ description: 'The booking that those who sit there share, for a key of its host that reads bookings.' }),
  })
  .meta({ id: 'Slot' })

const day = z.string().meta({ examples: ['2026-11-24'] })

export const slotsByDate = z.record(day, z.array(slot)).meta({
  id: 'SlotsByDate',
  description: 'By date. Days without slots do not occur.',
  examples: [{ '2026-11-24': [{ start: '2026-11-24T09:00:00.000+01:00' }] }],
})

export const availableSlots = z
  .object({
    slots: z.record(
      day,
      z.array(
        z.object({
          time: localInstant.optional(),
          startTime: localInstant.optional(),
          endTime: localInstant.optional(),
          attendees: seatCount,
          bookingUid: z.string().optional(),
        }),
      ),
    ),
  })
  .meta({ id: 'AvailableSlots' })

export type WireSlot = z.input<typeof slot>
export type WireSlots = z.input<typeof slotsByDate>
export type WireAvailable = z.input<typeof availableSlots>

const reason = z
  .object({
    code: z.string().meta({ examples: ['taken'] }),
    host: z.string().nullable().optional().meta({ description: 'Username, where it is about one of the hosts.' }),
    details: z.record(z.string(), z.unknown()).optional().meta({ description: 'What the host may know of it.' }),
  })
  .meta({ id: 'SlotReason' })

export const explanation = z
  .object({
    offered: z.boolean().meta({ description: 'Of a day: whether it has any slot.' }),
    reasons: z
      .array(reason)
      .meta({ description: 'Why not; the weightiest first. May be empty where nothing may be told.' }),
    alternatives: z.array(z.string().meta({ format: 'date-time' })).meta({ description: 'The nearest free starts.' }),
  })
  .meta({ id: 'SlotExplanation' })

export type WireExplanation = z.input<typeof explanation>
