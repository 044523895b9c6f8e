import { invalidInput } from '#platform/errors.ts'
import { TITLE_KEY } from '../questions/types.ts'
import { DEFAULT_OPTIONS, type EventType, type Location, type MailLevel, placeText } from '../types.ts'
import { defaultFields, isDefaultField, questionOf, titleQuestionOf, type WireDefaultField } from './fields.ts'
import { OWN_NAMES, ownSettings } from './own.ts'
import { withOurNames } from './present.ts'
import type { WireChange } from './schema.ts'

/** What settings on the wire are over: those of an event type that is there, or of a new one. */
export type Present = Pick<
  EventType,
  | ('durations' | 'limits' | 'rescheduling' | 'redirect' | 'seats' | 'questions' | 'locations' | 'guests' | 'mails')
  | 'timeZoneLock'
>

export const UNSET: Present = { ...DEFAULT_OPTIONS, durations: [], locations: [] }

/**
 * Settings of the wire as commands take them; only those that are named.
 * @param timeZone to which a page is bound that is to have one and has none
 */
export function settingsOf(change: WireChange, present: Present, timeZone: string) {
  const own = ownSettings(change, present)
  const named = {
    ...own,
    ...{ title: change.title, slug: change.slug, description: change.description, hidden: change.hidden },
    ...{ slotInterval: change.slotInterval, notice: change.minimumBookingNotice, slotOffset: change.offsetStart },
    ...{ bufferBefore: change.beforeEventBuffer, bufferAfter: change.afterEventBuffer, scheduleId: change.scheduleId },
    ...{ onlyFirstSlotPerDay: change.onlyShowFirstAvailableSlot, optimizedSlots: change.showOptimizedSlots },
    verifyEmail: change.requiresBookerEmailVerification,
    ...{ hideNotes: change.hideCalendarNotes, privateEntry: change.hideCalendarEventDetails },
    ...{ hideHostEmail: change.hideOrganizerEmail, mails: own.mails ?? mailsOf(change.emailSettings, present) },
    ...{ color: change.color?.lightThemeHex, colorDark: change.color?.darkThemeHex },
    accountRequired: change.bookingRequiresAuthentication,
    titleTemplate: change.customName === undefined ? undefined : withOurNames(change.customName),
    cancelling: change.disableCancelling && !change.disableCancelling.disabled,
    language: change.interfaceLanguage === undefined ? undefined : change.interfaceLanguage || null,
    timeZoneLock: lockOf(change, present.timeZoneLock ?? timeZone),
    layouts: change.bookerLayouts && {
      default: change.bookerLayouts.defaultLayout,
      enabled: change.bookerLayouts.enabledLayouts,
    },
    ...{
      durations: durationsOf(change, present),
      locations: change.locations?.map((one) => locationOf(one, present.locations)),
    },
    ...{ window: windowOf(change.bookingWindow), bookerLimit: bookerLimitOf(change.bookerActiveBookingsLimit) },
    ...{ recurrence: recurrenceOf(change.recurrence), redirect: redirectOf(change, present) },
    ...{ limits: limitsOf(change, present), rescheduling: reschedulingOf(change, present) },
    ...{ seats: seatsOf(change.seats, present), ...confirmationOf(change.confirmationPolicy) },
    ...formOf(change, present),
  }
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)) as Named<typeof named>
}

type Named<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Where commands name a setting otherwise than the wire does. */
export const WIRE_NAMES: Readonly<Record<string, string>> = {
  durations: 'lengthInMinutesOptions',
  'durations.0': 'lengthInMinutes',
  questions: 'bookingFields',
  guests: 'disableGuests',
  notice: 'minimumBookingNotice',
  bufferBefore: 'beforeEventBuffer',
  bufferAfter: 'afterEventBuffer',
  slotOffset: 'offsetStart',
  'limits.bookings': 'bookingLimitsCount',
  'limits.minutes': 'bookingLimitsDuration',
  bookerLimit: 'bookerActiveBookingsLimit',
  window: 'bookingWindow',
  layouts: 'bookerLayouts',
  requiresConfirmation: 'confirmationPolicy',
  confirmWithin: 'confirmationPolicy.noticeThreshold',
  verifyEmail: 'requiresBookerEmailVerification',
  titleTemplate: 'customName',
  redirect: 'successRedirectUrl',
  cancelling: 'disableCancelling',
  mails: 'emailSettings',
  hideNotes: 'hideCalendarNotes',
  privateEntry: 'hideCalendarEventDetails',
  hideHostEmail: 'hideOrganizerEmail',
  rescheduling: 'disableRescheduling',
  language: 'interfaceLanguage',
  color: 'color.lightThemeHex',
  colorDark: 'color.darkThemeHex',
  accountRequired: 'bookingRequiresAuthentication',
  ...OWN_NAMES,
}

function durationsOf({ lengthInMinutes, lengthInMinutesOptions }: WireChange, { durations }: Present) {
  if (lengthInMinutes === undefined && lengthInMinutesOptions === undefined) return undefined
  const first = lengthInMinutes ?? durations[0]
  const options = lengthInMinutesOptions ?? durations
  return first === undefined ? options : [first, ...options.filter((one) => one !== first)]
}

/** What other products have no word for stays as it was where it is not named: the host's own name of the place, and that a link is a video call. */
function locationOf(location: NonNullable<WireChange['locations']>[number], present: readonly Location[]): Location {
  const before = present.find((one) => KINDS[location.type] === one.kind && isSamePlace(one, location))
  const label = location.label ?? before?.label ?? ''
  const shown = 'public' in location && !location.public ? ('after_booking' as const) : ('always' as const)
  switch (location.type) {
    case 'address':
      return { kind: 'in_person', address: location.address, label, shown }
    case 'phone':
      return { kind: 'host_phone', phone: location.phone, label, shown }
    case 'link':
      return {
        kind: 'link',
        url: location.link,
        label,
        video: location.video ?? (before?.kind === 'link' && before.video),
        shown,
      }
    case 'attendeePhone':
    case 'attendeeAddress':
    case 'attendeeDefined':
      return { kind: KINDS[location.type], label }
  }
}

const KINDS = {
  ...({ address: 'in_person', phone: 'host_phone', link: 'link', attendeePhone: 'attendee_phone' } as const),
  ...({ attendeeAddress: 'attendee_address', attendeeDefined: 'attendee_text' } as const),
}

function isSamePlace(present: Location, location: NonNullable<WireChange['locations']>[number]): boolean {
  const text = 'address' in location ? location.address : 'phone' in location ? location.phone : ''
  return placeText(present) === ('link' in location ? location.link : text)
}

/** Where only the confirmation is switched off, it stays so. */
function mailsOf(settings: WireChange['emailSettings'], { mails }: Present) {
  if (settings === undefined) return undefined
  const level = (off: boolean | undefined, before: MailLevel): MailLevel => {
    if (off === undefined) return before
    return off ? 'none' : before === 'none' ? 'all' : before
  }
  return {
    host: level(settings.disableEmailsToHosts, mails.host),
    attendees: level(settings.disableEmailsToAttendees, mails.attendees),
  }
}

function lockOf(
  { lockedTimeZone, lockTimeZoneToggleOnBookingPage: locked }: WireChange,
  timeZone: string,
): string | null | undefined {
  if (lockedTimeZone !== undefined || locked === undefined) return lockedTimeZone
  return locked ? timeZone : null
}

function windowOf(window: WireChange['bookingWindow']) {
  if (window === undefined) return undefined
  if (!('type' in window)) return null
  if (window.type === 'range') return { type: 'fixed' as const, startDate: window.value[0], endDate: window.value[1] }
  const type = window.rolling ? ('rollingWindow' as const) : ('rolling' as const)
  return { type, days: window.value, calendarDays: window.type === 'calendarDays' }
}

function bookerLimitOf(limit: WireChange['bookerActiveBookingsLimit']) {
  if (limit === undefined) return undefined
  if ('disabled' in limit) return null
  return { active: limit.maximumActiveBookings, offerMove: limit.offerReschedule ?? false }
}

function recurrenceOf(recurrence: WireChange['recurrence']) {
  if (recurrence === undefined) return undefined
  if ('disabled' in recurrence) return null
  return { frequency: recurrence.frequency, interval: recurrence.interval, count: recurrence.occurrences }
}

function redirectOf({ successRedirectUrl, forwardParamsSuccessRedirect }: WireChange, { redirect }: Present) {
  if (successRedirectUrl === undefined && forwardParamsSuccessRedirect === undefined) return undefined
  const url = successRedirectUrl === undefined ? redirect?.url : successRedirectUrl
  return url ? { url, forward: forwardParamsSuccessRedirect ?? redirect?.forward ?? true } : null
}

function limitsOf({ bookingLimitsCount, bookingLimitsDuration }: WireChange, { limits }: Present) {
  if (bookingLimitsCount === undefined && bookingLimitsDuration === undefined) return undefined
  return {
    bookings: bookingLimitsCount === undefined ? limits.bookings : periodsOf(bookingLimitsCount),
    minutes: bookingLimitsDuration === undefined ? limits.minutes : periodsOf(bookingLimitsDuration),
  }
}

function periodsOf(limits: NonNullable<WireChange['bookingLimitsCount']>) {
  return 'disabled' in limits ? {} : limits
}

function reschedulingOf(change: WireChange, { rescheduling }: Present) {
  const { disableRescheduling, allowReschedulingPastBookings: past, allowReschedulingCancelledBookings } = change
  if ([disableRescheduling, past, allowReschedulingCancelledBookings].every((one) => one === undefined))
    return undefined
  return {
    allowed: disableRescheduling ? !disableRescheduling.disabled : rescheduling.allowed,
    notice: disableRescheduling ? (disableRescheduling.minutesBefore ?? 0) : rescheduling.notice,
    past: past ?? rescheduling.past,
    cancelled: allowReschedulingCancelledBookings ?? rescheduling.cancelled,
  }
}

function seatsOf(seats: WireChange['seats'], { seats: present }: Present) {
  if (seats === undefined) return undefined
  if ('disabled' in seats) return null
  return {
    count: seats.seatsPerTimeSlot,
    showAttendees: seats.showAttendeeInfo,
    showFree: seats.showAvailabilityCount,
    maxPerBooking: seats.maximumPerBooking ?? Math.min(present?.maxPerBooking ?? 1, seats.seatsPerTimeSlot),
  }
}

const MINUTES = { minutes: 1, hours: 60, days: 1440 }

function confirmationOf(policy: WireChange['confirmationPolicy']) {
  if (policy === undefined) return {}
  if ('disabled' in policy) return { requiresConfirmation: false, confirmWithin: null }
  if (policy.type === 'always') return { requiresConfirmation: true, confirmWithin: null }
  const { noticeThreshold } = policy
  if (!noticeThreshold) throw problem('confirmationPolicy.noticeThreshold', 'field_required')
  return { requiresConfirmation: true, confirmWithin: noticeThreshold.count * MINUTES[noticeThreshold.unit] }
}

/** Questions, and whether guests are asked for. Fields that every form has are taken as they are, and not otherwise, but for the title. */
function formOf({ bookingFields, disableGuests, locations }: WireChange, present: Present) {
  const guests = disableGuests === undefined ? undefined : !disableGuests
  if (!bookingFields) return { guests }
  const places = locations?.map((one) => locationOf(one, present.locations)) ?? present.locations
  const hidesGuests = bookingFields.find((one) => isDefaultField(one) && one.slug === 'guests')?.hidden
  const wanted = guests ?? (hidesGuests === undefined ? present.guests : !hidesGuests)
  const fixed = defaultFields({ guests: wanted, locations: places })
  const asksTitle = present.questions.some(({ key }) => key === TITLE_KEY)
  const own = bookingFields.flatMap((one, index) => {
    if (!isDefaultField(one)) return [questionOf(one, present.questions)]
    const isTitle = one.slug === TITLE_KEY && ['text', 'title', undefined].includes(one.type)
    if (isTitle && (asksTitle || !isAsItIs(one, fixed))) return [titleQuestionOf(one, present.questions)]
    if (!isAsItIs(one, fixed)) throw problem(`bookingFields.${index}`, 'booking_field_fixed')
    return []
  })
  return { guests: wanted, questions: own }
}

function isAsItIs(one: WireDefaultField, fixed: readonly WireDefaultField[]): boolean {
  const same = fixed.find(({ slug }) => slug === one.slug)
  if (!same) return one.slug === 'location'
  return Object.entries(one).every(([name, value]) => value === same[name as keyof WireDefaultField])
}

function problem(path: string, code: string) {
  return invalidInput([{ path, code, message: code }])
}
