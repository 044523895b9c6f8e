import { z } from 'zod'
import { idInBody, idInPath } from '#platform/http/api/fields.ts'
import { pageQuery } from '#platform/http/api/pages.ts'
import { LOCALES } from '#platform/i18n/locale.ts'
import { MOST_EVENT_TYPES } from '../rules.ts'
import { LAYOUTS } from '../types.ts'
import { defaultField, field } from './fields.ts'
import { disabled, ownReadable, ownWritable } from './own.ts'

/** Everybody sees these words for a place. Where they are not sent, they stay. */
const label = z.string().optional()

const address = z.strictObject({ type: z.literal('address'), address: z.string(), public: z.boolean(), label })
const link = z.strictObject({
  type: z.literal('link'),
  link: z.string(),
  public: z.boolean(),
  label,
  video: z.boolean().optional(),
})
const phone = z.strictObject({ type: z.literal('phone'), phone: z.string(), public: z.boolean(), label })
const asked = [
  z.strictObject({ type: z.literal('attendeePhone'), label }),
  z.strictObject({ type: z.literal('attendeeAddress'), label }),
  z.strictObject({ type: z.literal('attendeeDefined'), label }),
] as const

const location = z.discriminatedUnion('type', [address, link, phone, ...asked]).meta({
  id: 'NewEventTypeLocation',
  description: 'With `public`, everybody sees the place; otherwise only who booked.',
})

const presentedLocation = z
  .discriminatedUnion('type', [
    address.partial({ address: true }),
    link.partial({ link: true }),
    phone.partial({ phone: true }),
    ...asked,
  ])
  .meta({
    id: 'EventTypeLocation',
    description: 'Others than the host are not told a place that is not `public`.',
  })

const perPeriod = z
  .strictObject({
    day: z.number().int().optional(),
    week: z.number().int().optional(),
    month: z.number().int().optional(),
    year: z.number().int().optional(),
  })
  .meta({ id: 'BookingLimits' })

const bookerLimit = z
  .strictObject({ maximumActiveBookings: z.number().int(), offerReschedule: z.boolean().optional() })
  .meta({ id: 'ActiveBookingsLimit' })

const bookingWindow = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('businessDays'), value: z.number().int(), rolling: z.boolean().default(false) }),
    z.strictObject({ type: z.literal('calendarDays'), value: z.number().int(), rolling: z.boolean().default(false) }),
    z.strictObject({ type: z.literal('range'), value: z.tuple([z.string(), z.string()]) }),
  ])
  .meta({
    description: 'With `rolling`, until `value` days that have a free time; otherwise until `value` days from today.',
  })

const layout = z.enum(LAYOUTS).meta({ id: 'BookerLayout' })
const layouts = z.strictObject({ defaultLayout: layout, enabledLayouts: z.array(layout) }).meta({ id: 'BookerLayouts' })

const confirmation = z
  .strictObject({
    type: z.enum(['always', 'time']),
    noticeThreshold: z.strictObject({ unit: z.enum(['minutes', 'hours', 'days']), count: z.number().int() }).optional(),
    blockUnconfirmedBookingsInBooker: z.boolean().optional(),
  })
  .meta({
    id: 'ConfirmationPolicy',
    description: 'What waits for confirmation always takes its time: two bookings can never overlap.',
  })

const recurrence = z
  .strictObject({
    interval: z.number().int(),
    occurrences: z.number().int(),
    frequency: z.enum(['daily', 'weekly', 'monthly', 'yearly']),
  })
  .meta({ id: 'Recurrence' })

const seats = z
  .strictObject({
    seatsPerTimeSlot: z.number().int(),
    showAttendeeInfo: z.boolean(),
    showAvailabilityCount: z.boolean(),
    maximumPerBooking: z.number().int().optional().meta({ description: 'Seats that one booker may take.' }),
  })
  .meta({ id: 'Seats' })

const color = z
  .strictObject({ lightThemeHex: z.string(), darkThemeHex: z.string() })
  .meta({ id: 'EventTypeColor', description: 'Pages move a colour as far as it takes to be seen.' })

const emailSettings = z
  .strictObject({ disableEmailsToAttendees: z.boolean(), disableEmailsToHosts: z.boolean() })
  .meta({
    id: 'EmailSettings',
    description: 'All mails about bookings, cancellations included. Mails that prove an address are always sent.',
  })

const disableCancelling = z.strictObject({ disabled: z.boolean().optional() }).meta({ id: 'DisableCancelling' })
const disableRescheduling = z
  .strictObject({ disabled: z.boolean().optional(), minutesBefore: z.number().int().nullable().optional() })
  .meta({ id: 'DisableRescheduling' })

/** Read as they are written, and described in this order. */
const basics = {
  lengthInMinutes: z.number().int(),
  lengthInMinutesOptions: z.array(z.number().int()),
  title: z.string(),
  slug: z.string(),
  description: z.string(),
}
const formAndTimes = {
  bookingFields: z.array(z.union([field, defaultField])),
  disableGuests: z.boolean(),
  slotInterval: z.number().int().nullable(),
  minimumBookingNotice: z.number().int(),
  beforeEventBuffer: z.number().int(),
  afterEventBuffer: z.number().int(),
}

/** Settings as they can be sent. The command judges values; what we have no such thing for is an unknown field, or only `false`. */
const writable = z
  .strictObject({
    ...basics,
    locations: z.array(location),
    ...formAndTimes,
    scheduleId: idInBody.nullable(),
    bookingLimitsCount: z.union([disabled, perPeriod]),
    bookingLimitsDuration: z.union([disabled, perPeriod]),
    bookerActiveBookingsLimit: z.union([disabled, bookerLimit]),
    onlyShowFirstAvailableSlot: z.boolean(),
    bookingWindow: z.union([disabled, bookingWindow.meta({ id: 'NewBookingWindow' })]),
    offsetStart: z.number().int(),
    bookerLayouts: layouts,
    confirmationPolicy: z.union([disabled, confirmation]),
    recurrence: z.union([disabled, recurrence]),
    requiresBookerEmailVerification: z.boolean(),
    lockTimeZoneToggleOnBookingPage: z.boolean(),
    color,
    seats: z.union([disabled, seats]),
    customName: z.string(),
    successRedirectUrl: z.string().nullable(),
    forwardParamsSuccessRedirect: z.boolean().nullable(),
    hidden: z.boolean(),
    disableCancelling,
    disableRescheduling,
    interfaceLanguage: z.enum(['', ...LOCALES]).nullable(),
    allowReschedulingPastBookings: z.boolean(),
    allowReschedulingCancelledBookings: z.boolean(),
    showOptimizedSlots: z.boolean(),
    bookingRequiresAuthentication: z.boolean(),
    hideCalendarNotes: z.boolean(),
    hideCalendarEventDetails: z.boolean(),
    hideOrganizerEmail: z.boolean(),
    emailSettings: emailSettings.partial().meta({ id: 'EmailSettingsChange' }),
    useDestinationCalendarEmail: z.literal(false),
    ...ownWritable,
  })
  .partial()

export const newEventType = writable.required({ lengthInMinutes: true, title: true, slug: true }).meta({
  id: 'NewEventType',
  examples: [{ title: 'Consultation', slug: 'consultation', lengthInMinutes: 30, lengthInMinutesOptions: [30, 60] }],
})

export const eventTypeChange = writable.meta({
  id: 'EventTypeChange',
  description: 'Only what is named changes. `{ "disabled": true }` takes a setting back.',
  examples: [{ title: 'Consultation by phone', locations: [{ type: 'attendeePhone' }] }],
})

export type WireChange = z.output<typeof eventTypeChange>

const eventTypeHost = z
  .object({
    id: z.number().int(),
    name: z.string().nullable(),
    username: z.string(),
    avatarUrl: z.string().nullable(),
    brandColor: z.string().nullable(),
    darkBrandColor: z.string().nullable(),
  })
  .meta({ id: 'EventTypeHost' })

/** Of a setting that is not in force, there is nothing. */
export const eventType = z
  .object({
    id: z.number().int(),
    ownerId: z.number().int(),
    ...basics,
    locations: z.array(presentedLocation),
    ...formAndTimes,
    recurrence: recurrence.nullable(),
    metadata: z.record(z.string(), z.unknown()),
    price: z.number(),
    currency: z.string(),
    lockTimeZoneToggleOnBookingPage: z.boolean(),
    seatsPerTimeSlot: z.number().int().nullable(),
    seatsShowAvailabilityCount: z.boolean().nullable(),
    forwardParamsSuccessRedirect: z.boolean().nullable(),
    successRedirectUrl: z.string().nullable(),
    isInstantEvent: z.boolean(),
    scheduleId: z.number().int().nullable(),
    bookingLimitsCount: perPeriod.optional(),
    bookingLimitsDuration: perPeriod.optional(),
    bookerActiveBookingsLimit: bookerLimit.optional(),
    onlyShowFirstAvailableSlot: z.boolean(),
    bookingWindow: bookingWindow.meta({ id: 'BookingWindow' }).optional(),
    offsetStart: z.number().int(),
    bookerLayouts: layouts,
    confirmationPolicy: confirmation.optional(),
    requiresBookerEmailVerification: z.boolean(),
    color: color.optional(),
    seats: seats.optional(),
    customName: z.string().optional(),
    hidden: z.boolean(),
    bookingRequiresAuthentication: z.boolean(),
    disableCancelling: disableCancelling.optional(),
    disableRescheduling: disableRescheduling.optional(),
    interfaceLanguage: z.string().nullable(),
    allowReschedulingPastBookings: z.boolean(),
    allowReschedulingCancelledBookings: z.boolean(),
    showOptimizedSlots: z.boolean(),
    hideCalendarNotes: z.boolean(),
    hideCalendarEventDetails: z.boolean(),
    hideOrganizerEmail: z.boolean(),
    useDestinationCalendarEmail: z.boolean(),
    emailSettings: emailSettings.optional(),
    users: z.array(eventTypeHost),
    bookingUrl: z.string(),
    ...z.object(ownReadable).partial().shape,
  })
  .meta({ id: 'EventType' })

export const deletedEventType = z
  .object({ id: z.number().int(), lengthInMinutes: z.number().int(), title: z.string(), slug: z.string() })
  .meta({ id: 'DeletedEventType' })

export const eventTypeParams = z.strictObject({ eventTypeId: idInPath })

export const eventTypeQuery = z.strictObject({
  username: z.string().max(100).optional().meta({ description: 'Whose public event types; absent: those of the key.' }),
  eventSlug: z.string().max(200).optional().meta({ description: 'The one with this slug; with `username`.' }),
  sortCreatedAt: z.enum(['asc', 'desc']).optional().meta({ description: 'Absent: in the order of the host.' }),
  // Clients that know no pages are to see all there can be.
  ...pageQuery(MOST_EVENT_TYPES, MOST_EVENT_TYPES),
})

export type EventTypeQuery = z.output<typeof eventTypeQuery>

export type WireEventType = z.input<typeof eventType>
