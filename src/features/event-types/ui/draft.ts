import type { Locale } from '#platform/i18n/locale.ts'
import { PERIODS } from '../rules.ts'
import {
  type BookingWindow,
  type EventType,
  type EventTypeOptions,
  isShownToAll,
  type Location,
  type PeriodLimits,
  placeText,
  type Shown,
  VISITORS_ZONE,
} from '../types.ts'

/** A location while it is being edited: switching its kind keeps what was typed. */
export interface LocationDraft {
  kind: LocationKind
  /** Address, number or link. */
  text: string
  label: string
  shown: Shown
}

export const LOCATION_KINDS = [
  ...(['video', 'link', 'attendee_phone', 'host_phone', 'in_person', 'attendee_address', 'attendee_text'] as const),
] as const
export type LocationKind = (typeof LOCATION_KINDS)[number]
/** Kinds of which the host has nothing to say beforehand. */
export type AskedKind = 'attendee_phone' | 'attendee_address' | 'attendee_text'

export function isAsked(kind: LocationKind): kind is AskedKind {
  return kind === 'attendee_phone' || kind === 'attendee_address' || kind === 'attendee_text'
}

export const LOCATION_ICONS = {
  video: 'video',
  link: 'link',
  attendee_phone: 'phone',
  host_phone: 'phone',
  in_person: 'pin',
  attendee_address: 'pin',
  attendee_text: 'pin',
} as const satisfies Record<LocationKind, string>

/** Every choice of the booking window keeps its values while another is looked at. */
export interface WindowDraft {
  type: 'none' | 'rolling' | 'rollingWindow' | 'fixed'
  days: number | null
  calendarDays: boolean
  startDate: string
  endDate: string
}

export type Period = (typeof PERIODS)[number]
/** Null: not limited. */
export type PeriodsDraft = Record<Period, number | null>

export const FREQUENCIES = ['daily', 'weekly', 'monthly', 'yearly'] as const
export const ZONE_LOCKS = ['zone', 'visitor'] as const
export const CONFIRMATIONS = ['never', 'always', 'within'] as const

/** What can be switched off keeps its values while it is off. */
export interface OptionsDraft
  extends Pick<
    EventTypeOptions,
    | ('onlyFirstSlotPerDay' | 'optimizedSlots' | 'cancelling' | 'guests' | 'titleTemplate' | 'layouts')
    | ('confirmFreeMail' | 'accountRequired' | 'botCheck' | 'colorDark')
    | ('organizerEmailId' | 'mails' | 'hideNotes' | 'privateEntry' | 'hideHostEmail')
  > {
  replyTo: { on: boolean; address: string }
  limits: { bookings: PeriodsDraft; minutes: PeriodsDraft }
  recurrence: { on: boolean; frequency: (typeof FREQUENCIES)[number]; interval: number | null; count: number | null }
  seats: { on: boolean; count: number | null; maxPerBooking: number | null; showFree: boolean; showAttendees: boolean }
  bookerLimit: { on: boolean; active: number | null; offerMove: boolean }
  /** `scheduleId` null: none. */
  restriction: { scheduleId: number | null; visitorZone: boolean }
  confirmation: (typeof CONFIRMATIONS)[number]
  confirmWithin: number | null
  rescheduling: Omit<EventTypeOptions['rescheduling'], 'notice'> & { notice: number | null }
  redirect: { on: boolean; url: string; forward: boolean }
  ratingMail: { on: boolean; minutes: number | null }
  timeZoneLock: { on: boolean; whose: (typeof ZONE_LOCKS)[number]; timeZone: string }
  language: Locale | null
}

/** The settings of an event type while they are edited; a number is null while its field is empty. */
export interface Draft extends OptionsDraft {
  title: string
  slug: string
  description: string
  durations: (number | null)[]
  locations: LocationDraft[]
  scheduleId: number | null
  bufferBefore: number | null
  bufferAfter: number | null
  notice: number | null
  slotInterval: number | null
  slotOffset: number | null
  window: WindowDraft
  hidden: boolean
  color: string | null
}

const WINDOW: WindowDraft = { type: 'none', days: 30, calendarDays: true, startDate: '', endDate: '' }

/** `timeZone` is what the page is locked to when somebody switches that on. */
export function draftOf(eventType: EventType, timeZone: string): Draft {
  const { title, slug, description, durations, scheduleId, bufferBefore, bufferAfter, notice } = eventType
  const { slotInterval, slotOffset, hidden, color, locations, window } = eventType
  return {
    ...{ title, slug, description, scheduleId, bufferBefore, bufferAfter, notice, slotInterval, slotOffset },
    ...{ hidden, color },
    durations: [...durations],
    locations: locations.map(locationDraftOf),
    window: { ...WINDOW, ...(window ?? {}) },
    ...optionsDraftOf(eventType, timeZone),
  }
}

const DAY = 1440

function optionsDraftOf(eventType: EventType, timeZone: string): OptionsDraft {
  const { onlyFirstSlotPerDay, optimizedSlots, cancelling, guests, titleTemplate, language } = eventType
  const { limits, bookerLimit, confirmWithin, requiresConfirmation, rescheduling, redirect, timeZoneLock } = eventType
  const { seats, restriction, recurrence, ratingMail, mails, hideNotes, privateEntry, hideHostEmail, replyTo } =
    eventType
  return {
    ...{
      confirmFreeMail: eventType.confirmFreeMail,
      accountRequired: eventType.accountRequired,
      botCheck: eventType.botCheck,
    },
    ...{ colorDark: eventType.colorDark, mails: { ...mails }, hideNotes, privateEntry, hideHostEmail },
    organizerEmailId: eventType.organizerEmailId,
    replyTo: { on: replyTo !== null, address: replyTo ?? '' },
    ...{ onlyFirstSlotPerDay, optimizedSlots, cancelling, guests, titleTemplate, language },
    layouts: { ...eventType.layouts },
    limits: { bookings: periodsOf(limits.bookings), minutes: periodsOf(limits.minutes) },
    recurrence: { frequency: 'weekly', interval: 1, count: 10, ...recurrence, on: recurrence !== null },
    seats: { count: 10, maxPerBooking: 1, showFree: true, showAttendees: false, ...seats, on: seats !== null },
    bookerLimit: { active: 1, offerMove: true, ...bookerLimit, on: bookerLimit !== null },
    restriction: { scheduleId: null, visitorZone: false, ...restriction },
    confirmation: requiresConfirmation ? (confirmWithin === null ? 'always' : 'within') : 'never',
    confirmWithin: confirmWithin ?? DAY,
    rescheduling: { ...rescheduling },
    redirect: { url: '', forward: false, ...redirect, on: redirect !== null },
    ratingMail: { on: ratingMail !== null, minutes: ratingMail ?? 60 },
    timeZoneLock: lockDraftOf(timeZoneLock, timeZone),
  }
}

function lockDraftOf(lock: EventTypeOptions['timeZoneLock'], timeZone: string): OptionsDraft['timeZoneLock'] {
  return lock === VISITORS_ZONE
    ? { on: true, whose: 'visitor', timeZone }
    : { on: lock !== null, whose: 'zone', timeZone: lock ?? timeZone }
}

function periodsOf(limits: PeriodLimits): PeriodsDraft {
  return { day: limits.day ?? null, week: limits.week ?? null, month: limits.month ?? null, year: limits.year ?? null }
}

export function locationDraftOf(location: Location): LocationDraft {
  return {
    kind: location.kind === 'link' && location.video ? 'video' : location.kind,
    text: placeText(location),
    label: location.label ?? '',
    shown: isShownToAll(location) ? 'always' : 'after_booking',
  }
}

/** One more, of a kind; see `isShownToAll`. */
export function newLocation(kind: LocationKind, text = ''): LocationDraft {
  return { kind, text, label: '', shown: kind === 'in_person' ? 'always' : 'after_booking' }
}

/** The location as the command takes it. */
export function locationOf({ kind, text, label, shown }: LocationDraft): Location {
  switch (kind) {
    case 'in_person':
      return { kind, address: text, label, shown }
    case 'attendee_address':
    case 'attendee_text':
    case 'attendee_phone':
      return { kind, label }
    case 'host_phone':
      return { kind, phone: text, label, shown }
    case 'video':
    case 'link':
      return { kind: 'link', url: text, label, video: kind === 'video', shown }
  }
}

/** Where the schema names a problem of a location's text. */
export const TEXT_PATH = {
  video: 'url',
  link: 'url',
  attendee_phone: 'kind',
  host_phone: 'phone',
  in_person: 'address',
  attendee_address: 'kind',
  attendee_text: 'kind',
} as const satisfies Record<LocationKind, string>

/** The settings as the command takes them; what is empty is left to it to refuse. */
export function settingsOf({ confirmation, ...draft }: Draft) {
  const { limits, bookerLimit, confirmWithin, redirect, timeZoneLock, ratingMail } = draft
  const { on: seated, ...seats } = draft.seats
  const { on: recurring, ...recurrence } = draft.recurrence
  return {
    ...draft,
    locations: draft.locations.map(locationOf),
    window: windowOf(draft.window),
    limits: { bookings: limitsOf(limits.bookings), minutes: limitsOf(limits.minutes) },
    bookerLimit: bookerLimit.on ? { active: bookerLimit.active, offerMove: bookerLimit.offerMove } : null,
    seats: seated ? seats : null,
    recurrence: recurring ? recurrence : null,
    restriction: draft.restriction.scheduleId === null ? null : draft.restriction,
    requiresConfirmation: confirmation !== 'never',
    confirmFreeMail: confirmation !== 'never' && draft.confirmFreeMail,
    // An empty field is no threshold; 0 is refused where the field stands.
    confirmWithin: confirmation === 'within' ? (confirmWithin ?? 0) : null,
    redirect: redirect.on ? { url: redirect.url, forward: redirect.forward } : null,
    ratingMail: ratingMail.on ? (ratingMail.minutes ?? 0) : null,
    replyTo: draft.replyTo.on ? draft.replyTo.address : null,
    timeZoneLock: timeZoneLock.on ? (timeZoneLock.whose === 'visitor' ? VISITORS_ZONE : timeZoneLock.timeZone) : null,
  }
}

function limitsOf(draft: PeriodsDraft): PeriodLimits {
  return Object.fromEntries(PERIODS.flatMap((period) => (draft[period] === null ? [] : [[period, draft[period]]])))
}

function windowOf({ type, days, calendarDays, startDate, endDate }: WindowDraft): BookingWindow {
  if (type === 'none') return null
  if (type === 'fixed') return { type, startDate, endDate }
  return { type, days: days as number, calendarDays }
}
