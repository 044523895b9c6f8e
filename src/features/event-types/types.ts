import type { Locale } from '#platform/i18n/locale.ts'

import type { Question } from './questions/types.ts'

/** Who learns a place: everybody who looks at the page, or only who booked. */
export const SHOWN = ['always', 'after_booking'] as const
export type Shown = (typeof SHOWN)[number]

/** Where a meeting takes place. `label` are the host's own words for it, which everybody sees. */
export type Location =
  | { kind: 'in_person'; address: string; label?: string; shown?: Shown }
  /** Where the booker is or wants to meet: they leave an address. */
  | { kind: 'attendee_address'; label?: string }
  /** Whatever the booker says. */
  | { kind: 'attendee_text'; label?: string }
  /** The host calls; the booker leaves a number. */
  | { kind: 'attendee_phone'; label?: string }
  /** The booker calls this number. */
  | { kind: 'host_phone'; phone: string; label?: string; shown?: Shown }
  /** A page to meet at; `video` says that it is a video call. */
  | { kind: 'link'; url: string; label: string; video: boolean; shown?: Shown }

/** Where nothing else was said, addresses are for everybody, numbers and links for who booked. */
export function isShownToAll(location: Location): boolean {
  if (!('shown' in location) || location.shown === undefined) return location.kind === 'in_person'
  return location.shown === 'always'
}

/** What there is to know of a place beside its kind and its name; empty where the booker says it. */
export function placeText(location: Location): string {
  if (location.kind === 'in_person') return location.address
  if (location.kind === 'host_phone') return location.phone
  return location.kind === 'link' ? location.url : ''
}

/** How far ahead one may book; null = without limit. Dates are in the event zone, both included. */
export type BookingWindow =
  /** Until the end of today + `days`. */
  | { type: 'rolling'; days: number; calendarDays: boolean }
  /** Until `days` days that have a slot. */
  | { type: 'rollingWindow'; days: number; calendarDays: boolean }
  | { type: 'fixed'; startDate: string; endDate: string }
  | null

/** A month with the times of one day, a week with all of its times, or a list of days. */
/** Instead of the name of a zone: whichever the visitor's browser is in. */
export const VISITORS_ZONE = 'visitor'

export const LAYOUTS = ['month', 'week', 'column'] as const
export type Layout = (typeof LAYOUTS)[number]

/** The most per calendar period of the event zone, weeks from Sunday; what is absent is not limited. */
export interface PeriodLimits {
  day?: number
  week?: number
  month?: number
  year?: number
}

/** Hours of the week in which the host would rather meet, minutes of the local day. They offer nothing by themselves. */
export interface PreferredHours {
  /** 0 = Sunday; read in the zone of the schedule in force. */
  weekly: { days: number[]; start: number; end: number }[]
  /** `mark`: those times carry a mark; `first`: of a day that has some, the others show when they are asked for. */
  show: 'mark' | 'first'
}

/** Which mails about bookings somebody gets: all, all but the first one that says that it is booked, or none. */
export const MAIL_LEVELS = ['all', 'changes', 'none'] as const
export type MailLevel = (typeof MAIL_LEVELS)[number]

/** What most event types leave as it is. Lengths are minutes. */
export interface EventTypeOptions {
  /** Accepted bookings, and minutes of them. */
  limits: { bookings: PeriodLimits; minutes: PeriodLimits }
  /** Bookings ahead that one mail address may have; with `offerMove` it is shown them and may move one instead. */
  bookerLimit: { active: number; offerMove: boolean } | null
  onlyFirstSlotPerDay: boolean
  /** Slots must lie within the hours of this schedule too; with `visitorZone` as the clock of who books shows them. */
  restriction: { scheduleId: number; visitorZone: boolean } | null
  /** Null: one time is as good as another. */
  preferred: PreferredHours | null
  /** Pack slots around busy times instead of keeping to round times. */
  optimizedSlots: boolean
  /** Confirmation is asked for only when the start is nearer than this; null: always. */
  confirmWithin: number | null
  /** Only who books from an address of a mail service that is free to all is asked to wait. */
  confirmFreeMail: boolean
  /** Only who is signed in to this instance books. */
  accountRequired: boolean
  /** Who books without an account is asked once more when it looks as if a program did. */
  botCheck: boolean
  /** `#rrggbb` where pages are dark; null: as where they are light. */
  colorDark: string | null
  /** What a booker may do afterwards; the host always may. */
  cancelling: boolean
  rescheduling: {
    allowed: boolean
    /** Not later than this long before the start. */
    notice: number
    /** Also what is over, or was cancelled. */
    past: boolean
    cancelled: boolean
  }
  /** Whether the booker may bring guests. */
  guests: boolean
  /** Mails that prove an address are sent all the same. */
  mails: { host: MailLevel; attendees: MailLevel }
  /** Calendar entries have neither answers nor notes. */
  hideNotes: boolean
  /** Calendars show the entry to nobody but its owner, under a title that says nothing. */
  privateEntry: boolean
  /** Attendees are told the instance's mail address instead. */
  hideHostEmail: boolean
  /** The verified address that stands for the host's in calendars and mails; null, or one that is gone: that of the account. */
  organizerEmailId: number | null
  /** Where answers of attendees go; null: to the host. */
  replyTo: string | null
  /** Title of a booking, with `{event}` `{host}` `{host first name}` `{booker}` `{booker first name}` `{booker last name}` `{location}` `{duration}`; empty: the event type's. */
  titleTemplate: string
  /** Where the booker goes after booking instead of our own page; `forward` adds what was booked to the address. */
  redirect: { url: string; forward: boolean } | null
  /** Minutes after the end at which bookers are mailed and asked how it was; null: they are not. */
  ratingMail: number | null
  /** Times are shown in this zone, or in that of the visitor's browser (`visitor`), and no other can be chosen. */
  timeZoneLock: string | null
  /** Language of the page, whatever the browser asks for. */
  language: Locale | null
  /** Ways in which the page shows its times, and the one it begins with. */
  layouts: { enabled: Layout[]; default: Layout }
  /** Several book the same start, each with a seat; null: one booker has it all. */
  seats: {
    count: number
    /** They see each other's names. */
    showAttendees: boolean
    /** The page says how many seats are left. */
    showFree: boolean
    /** Seats that one booker may take. */
    maxPerBooking: number
  } | null
  /** A booker may book a series at once: every `interval` days, weeks, … at the same time of day, at most `count` of them. */
  recurrence: { frequency: 'daily' | 'weekly' | 'monthly' | 'yearly'; interval: number; count: number } | null
  /** What the booking form asks beside name and mail address. */
  questions: Question[]
  /** First and last name are asked for apart. */
  splitName: boolean
  /** Bookers prove their mail address with a code. */
  verifyEmail: boolean
  /** Mail addresses and domains that may book, all when there is none, and that may not. Canonical. */
  requiredEmails: string[]
  excludedEmails: string[]
}

/** Of an event type whose host never opened them. */
export const DEFAULT_OPTIONS: EventTypeOptions = {
  limits: { bookings: {}, minutes: {} },
  bookerLimit: null,
  onlyFirstSlotPerDay: false,
  optimizedSlots: false,
  preferred: null,
  confirmWithin: null,
  confirmFreeMail: false,
  accountRequired: false,
  botCheck: false,
  colorDark: null,
  cancelling: true,
  rescheduling: { allowed: true, notice: 0, past: false, cancelled: false },
  guests: true,
  mails: { host: 'all', attendees: 'all' },
  hideNotes: false,
  privateEntry: false,
  hideHostEmail: false,
  organizerEmailId: null,
  replyTo: null,
  titleTemplate: '',
  redirect: null,
  ratingMail: null,
  timeZoneLock: null,
  language: null,
  layouts: { enabled: ['month'], default: 'month' },
  restriction: null,
  seats: null,
  recurrence: null,
  questions: [],
  splitName: false,
  verifyEmail: false,
  requiredEmails: [],
  excludedEmails: [],
}

/** Options as they are stored, completed by their defaults. */
export function optionsOf(stored: object): EventTypeOptions {
  return { ...DEFAULT_OPTIONS, ...stored }
}

/** Id of what is offered without one, over a group link. */
export const NO_EVENT_TYPE = 0

/** Lengths are minutes. */
export interface EventType extends EventTypeOptions {
  id: number
  userId: number
  slug: string
  title: string
  /** Markdown. */
  description: string
  /** The first is the default. */
  durations: number[]
  locations: Location[]
  /** Null: the host's default schedule. */
  scheduleId: number | null
  bufferBefore: number
  bufferAfter: number
  notice: number
  /** Null: as long as the booking. */
  slotInterval: number | null
  slotOffset: number
  window: BookingWindow
  requiresConfirmation: boolean
  hidden: boolean
  /** `#rrggbb` */
  color: string | null
  position: number
}

/** What its owner sees and changes. */
export interface OwnEventType extends EventType {
  /** Changes with every save of its settings: who saves names the version that was read. */
  version: string
}

/** What anyone may see of an offer on its host's public page. */
export interface PublicEventType {
  slug: string
  title: string
  /** Markdown. */
  description: string
  durations: number[]
  /** Kinds only: addresses and numbers are shown where one books. */
  locationKinds: (Location['kind'] | 'video')[]
  requiresConfirmation: boolean
  color: string | null
  colorDark: string | null
}

const LONGEST_BOOKING_TITLE = 500

/** A title template with what stands in braces filled in, whatever its case. A name that means nothing stays as it is. */
export function fillTitle(template: string, values: Readonly<Record<string, string>>): string {
  return template
    .replace(/\{([a-z0-9_ -]+)\}/gi, (braces, name: string) =>
      Object.hasOwn(values, name.toLowerCase()) ? (values[name.toLowerCase()] ?? '') : braces,
    )
    .trim()
    .slice(0, LONGEST_BOOKING_TITLE)
}
