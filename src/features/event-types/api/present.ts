import type { EventTypeHost } from '../queries.ts'
import { type BookingWindow, type EventType, isShownToAll, type Location, type PeriodLimits } from '../types.ts'
import { presentedFields } from './fields.ts'
import { OWN_FOR_VISITORS, presentedOwn } from './own.ts'
import type { WireEventType } from './schema.ts'

/** As its owner sees it. */
export function presentedEventType(eventType: EventType, host: EventTypeHost, origin: string): WireEventType {
  const { id, title, slug, description, durations, limits, bookerLimit, window, rescheduling, redirect } = eventType
  const { seats, recurrence, color, titleTemplate } = eventType
  return {
    ...{ id, ownerId: host.id, title, slug, description },
    lengthInMinutes: durations[0] ?? 0,
    lengthInMinutesOptions: durations,
    locations: eventType.locations.map(presentedLocation),
    bookingFields: presentedFields(eventType),
    disableGuests: !eventType.guests,
    slotInterval: eventType.slotInterval,
    minimumBookingNotice: eventType.notice,
    beforeEventBuffer: eventType.bufferBefore,
    afterEventBuffer: eventType.bufferAfter,
    recurrence: recurrence && {
      interval: recurrence.interval,
      occurrences: recurrence.count,
      frequency: recurrence.frequency,
    },
    ...{ metadata: {}, price: 0, currency: 'usd', isInstantEvent: false },
    bookingRequiresAuthentication: eventType.accountRequired,
    lockTimeZoneToggleOnBookingPage: eventType.timeZoneLock !== null,
    seatsPerTimeSlot: seats?.count ?? null,
    seatsShowAvailabilityCount: seats?.showFree ?? null,
    forwardParamsSuccessRedirect: redirect?.forward ?? null,
    successRedirectUrl: redirect?.url ?? null,
    scheduleId: eventType.scheduleId,
    bookingLimitsCount: presentedLimits(limits.bookings),
    bookingLimitsDuration: presentedLimits(limits.minutes),
    bookerActiveBookingsLimit: bookerLimit
      ? { maximumActiveBookings: bookerLimit.active, offerReschedule: bookerLimit.offerMove }
      : undefined,
    onlyShowFirstAvailableSlot: eventType.onlyFirstSlotPerDay,
    bookingWindow: presentedWindow(window),
    offsetStart: eventType.slotOffset,
    bookerLayouts: { defaultLayout: eventType.layouts.default, enabledLayouts: eventType.layouts.enabled },
    confirmationPolicy: presentedConfirmation(eventType),
    requiresBookerEmailVerification: eventType.verifyEmail,
    color: color === null ? undefined : { lightThemeHex: color, darkThemeHex: eventType.colorDark ?? color },
    seats: seats
      ? {
          seatsPerTimeSlot: seats.count,
          showAttendeeInfo: seats.showAttendees,
          showAvailabilityCount: seats.showFree,
          maximumPerBooking: seats.maxPerBooking,
        }
      : undefined,
    customName: titleTemplate === '' ? undefined : withWireNames(titleTemplate),
    hidden: eventType.hidden,
    disableCancelling: eventType.cancelling ? undefined : { disabled: true },
    disableRescheduling: presentedRescheduling(rescheduling),
    interfaceLanguage: eventType.language,
    allowReschedulingPastBookings: rescheduling.past,
    allowReschedulingCancelledBookings: rescheduling.cancelled,
    showOptimizedSlots: eventType.optimizedSlots,
    ...{ hideCalendarNotes: eventType.hideNotes, hideCalendarEventDetails: eventType.privateEntry },
    ...{ hideOrganizerEmail: eventType.hideHostEmail, useDestinationCalendarEmail: false },
    emailSettings: {
      disableEmailsToAttendees: eventType.mails.attendees === 'none',
      disableEmailsToHosts: eventType.mails.host === 'none',
    },
    ...presentedOwn(eventType),
    users: [presentedHost(host, origin)],
    bookingUrl: `${origin}/${host.username}/${slug}`,
  }
}

/** As everybody sees it: what its page shows to who books, and nothing of how the host arranges it. */
export function presentedToVisitors(eventType: EventType, host: EventTypeHost, origin: string): WireEventType {
  const { questions } = eventType
  return {
    ...presentedEventType(
      { ...eventType, questions: questions.filter(({ hidden }) => !hidden), scheduleId: null, redirect: null },
      host,
      origin,
    ),
    ...OWN_FOR_VISITORS,
    locations: eventType.locations.map(locationForVisitors),
    ...{ bookingLimitsCount: undefined, bookingLimitsDuration: undefined, bookerActiveBookingsLimit: undefined },
    ...{ customName: undefined, emailSettings: undefined, beforeEventBuffer: 0, afterEventBuffer: 0 },
  }
}

function presentedHost({ id, name, username, avatarEtag, brandColor, brandColorDark }: EventTypeHost, origin: string) {
  return {
    ...{ id, name, username, brandColor, darkBrandColor: brandColorDark ?? brandColor },
    avatarUrl: avatarEtag && `${origin}/avatar/${username}?v=${avatarEtag}`,
  }
}

function presentedLocation(location: Location): WireEventType['locations'][number] {
  const named = { public: isShownToAll(location), ...labelOf(location) }
  switch (location.kind) {
    case 'in_person':
      return { type: 'address', address: location.address, ...named }
    case 'host_phone':
      return { type: 'phone', phone: location.phone, ...named }
    case 'link':
      return { type: 'link', link: location.url, ...named, ...(location.video && { video: true }) }
    case 'attendee_phone':
      return { type: 'attendeePhone', ...labelOf(location) }
    case 'attendee_address':
      return { type: 'attendeeAddress', ...labelOf(location) }
    case 'attendee_text':
      return { type: 'attendeeDefined', ...labelOf(location) }
  }
}

function labelOf({ label }: Location): { label?: string } {
  return label ? { label } : {}
}

/** A place that only who booked learns is but of a kind. */
function locationForVisitors(location: Location): WireEventType['locations'][number] {
  const shown = presentedLocation(location)
  if (isShownToAll(location) || !('public' in shown)) return shown
  return { type: shown.type, public: false, ...labelOf(location) }
}

function presentedLimits(limits: PeriodLimits): PeriodLimits | undefined {
  return Object.keys(limits).length > 0 ? limits : undefined
}

function presentedWindow(window: BookingWindow): WireEventType['bookingWindow'] {
  if (window === null) return undefined
  if (window.type === 'fixed') return { type: 'range', value: [window.startDate, window.endDate] }
  const type = window.calendarDays ? 'calendarDays' : 'businessDays'
  return { type, value: window.days, rolling: window.type === 'rollingWindow' }
}

function presentedConfirmation({
  requiresConfirmation,
  confirmWithin,
}: Pick<EventType, 'requiresConfirmation' | 'confirmWithin'>): WireEventType['confirmationPolicy'] {
  if (!requiresConfirmation) return undefined
  const blockUnconfirmedBookingsInBooker = true
  return confirmWithin === null
    ? { type: 'always', blockUnconfirmedBookingsInBooker }
    : {
        type: 'time',
        noticeThreshold: { unit: 'minutes', count: confirmWithin },
        blockUnconfirmedBookingsInBooker,
      }
}

function presentedRescheduling({ allowed, notice }: EventType['rescheduling']): WireEventType['disableRescheduling'] {
  if (!allowed) return { disabled: true }
  return notice > 0 ? { disabled: false, minutesBefore: notice } : undefined
}

/** Names in a title template, ours and those of the wire. */
const NAMES: readonly (readonly [ours: string, wire: string])[] = [
  ['event', 'Event type title'],
  ['host', 'Organiser'],
  ['host first name', 'Organiser first name'],
  ['booker', 'Scheduler'],
  ['booker first name', 'Scheduler first name'],
  ['booker last name', 'Scheduler last name'],
  ['location', 'Location'],
  ['duration', 'Event duration'],
]

function withWireNames(template: string): string {
  return renamed(template, new Map(NAMES))
}

export function withOurNames(template: string): string {
  return renamed(template, new Map(NAMES.map(([ours, wire]) => [wire.toLowerCase(), ours])))
}

function renamed(template: string, names: ReadonlyMap<string, string>): string {
  return template.replaceAll(/\{([^{}]*)\}/g, (all, name: string) => {
    const other = names.get(name.toLowerCase())
    return other === undefined ? all : `{${other}}`
  })
}
