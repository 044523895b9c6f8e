// Made of the API by `npm run generate`: changes here are lost.
import type { CallOptions } from './send.ts'
import type { Pages } from './pages.ts'

/** The shapes that the types are of. */
export const API_VERSION = '2024-09-04'

export interface Me {
  id: number
  username: string
  email: string
  name: string | null
  avatarUrl: string | null
  bio: string | null
  timeFormat: 12 | 24
  defaultScheduleId: number | null
  weekStart: Weekday
  timeZone: string
  locale: string
  organizationId: number | null
  metadata: { [name: string]: string }
}

export type Weekday = 'Sunday' | 'Monday' | 'Tuesday' | 'Wednesday' | 'Thursday' | 'Friday' | 'Saturday'

export interface MeChange {
  name?: string
  bio?: string
  timeZone?: string
  locale?: 'en' | 'de'
  timeFormat?: 12 | 24
  weekStart?: Weekday
  defaultScheduleId?: number
  /** Where the picture is fetched from, once; up to 1 MB. `null` removes it. */
  avatarUrl?: string | null
  /** Instead of what was kept: at most 50 names of up to 40 characters, with values of up to 500. */
  metadata?: { [name: string]: string }
}

export interface ApiKeyRefresh {
  apiKeyDaysValid?: number
  apiKeyNeverExpires?: boolean
}

export interface FreshApiKey {
  apiKey: string
}

/** Without `availability`, Monday to Friday from 9 to 17. */
export interface NewSchedule {
  name: string
  timeZone: string
  isDefault: boolean
  /** Hours of weekdays, in the zone of the schedule. */
  availability?: WeeklyHours[]
  /** Hours of single dates, instead of those of their weekday. A date may come several times; from 00:00 to 00:00 it is unavailable. */
  overrides?: DateOverride[]
}

export interface WeeklyHours {
  days: Weekday[]
  startTime: string
  endTime: string
}

export interface DateOverride {
  date: string
  startTime: string
  endTime: string
}

export interface Schedule {
  id: number
  ownerId: number
  name: string
  timeZone: string
  isDefault: boolean
  /** Hours of weekdays, in the zone of the schedule. */
  availability: WeeklyHours[]
  /** Hours of single dates, instead of those of their weekday. A date may come several times; from 00:00 to 00:00 it is unavailable. */
  overrides: DateOverride[]
}

/** Only what is named changes. */
export type ScheduleChange = Partial<NewSchedule>

export interface NewEventType {
  lengthInMinutes: number
  lengthInMinutesOptions?: number[]
  title: string
  slug: string
  description?: string
  locations?: NewEventTypeLocation[]
  bookingFields?: (BookingField | DefaultBookingField)[]
  disableGuests?: boolean
  slotInterval?: number | null
  minimumBookingNotice?: number
  beforeEventBuffer?: number
  afterEventBuffer?: number
  scheduleId?: number | null
  bookingLimitsCount?: Disabled | BookingLimits
  bookingLimitsDuration?: Disabled | BookingLimits
  bookerActiveBookingsLimit?: Disabled | ActiveBookingsLimit
  onlyShowFirstAvailableSlot?: boolean
  bookingWindow?: Disabled | NewBookingWindow
  offsetStart?: number
  bookerLayouts?: BookerLayouts
  confirmationPolicy?: Disabled | ConfirmationPolicy
  recurrence?: Disabled | Recurrence
  requiresBookerEmailVerification?: boolean
  lockTimeZoneToggleOnBookingPage?: boolean
  color?: EventTypeColor
  seats?: Disabled | Seats
  customName?: string
  successRedirectUrl?: string | null
  forwardParamsSuccessRedirect?: boolean | null
  hidden?: boolean
  disableCancelling?: DisableCancelling
  disableRescheduling?: DisableRescheduling
  interfaceLanguage?: '' | 'en' | 'de' | null
  allowReschedulingPastBookings?: boolean
  allowReschedulingCancelledBookings?: boolean
  showOptimizedSlots?: boolean
  bookingRequiresAuthentication?: boolean
  hideCalendarNotes?: boolean
  hideCalendarEventDetails?: boolean
  hideOrganizerEmail?: boolean
  emailSettings?: EmailSettingsChange
  useDestinationCalendarEmail?: false
  /** What looks like a program on the page is asked to try again. */
  botCheck?: boolean
  /** First and last name are asked for apart. */
  splitName?: boolean
  /** Addresses and domains that may book; all, if there are none. */
  requiredEmails?: string[]
  /** Addresses and domains that may not book. */
  excludedEmails?: string[]
  /** Of who has to wait for confirmation, only those who book from an address of a free mail service. */
  confirmFreeMailOnly?: boolean
  /** After the end, bookers are asked how it was. */
  ratingMailMinutes?: number | null
  /** Times are shown in this zone alone, or with `visitor` in that of the visitor’s browser alone. Instead of `lockTimeZoneToggleOnBookingPage`, which means that of the account. */
  lockedTimeZone?: string | null
  /** The verified mail address that stands for the host in calendars and mails; `null`, or one that was removed: that of the account. */
  organizerEmailId?: number | null
  /** Where answers to our mails go; `null`: to the host. */
  replyTo?: string | null
  /** Starts must lie within the hours of this schedule, too. */
  restriction?: Disabled | NewRestriction | null
  /** Times that are marked, or shown first. */
  preferredHours?: Disabled | PreferredHours | null
  mails?: MailLevelsChange
}

/** With `public`, everybody sees the place; otherwise only who booked. */
export type NewEventTypeLocation = {
  type: 'address'
  address: string
  public: boolean
  label?: string
} | {
  type: 'link'
  link: string
  public: boolean
  label?: string
  video?: boolean
} | {
  type: 'phone'
  phone: string
  public: boolean
  label?: string
} | {
  type: 'attendeePhone'
  label?: string
} | {
  type: 'attendeeAddress'
  label?: string
} | {
  type: 'attendeeDefined'
  label?: string
}

export interface BookingField {
  type: 'textarea' | 'multiselect' | 'multiemail' | 'checkbox' | 'phone' | 'address' | 'text' | 'number' | 'select' | 'radio' | 'boolean' | 'url' | 'email' | 'date' | 'time' | 'rating' | 'slider' | 'policy' | 'file' | 'signature'
  slug: string
  label: string
  required?: boolean
  placeholder?: string
  options?: string[]
  disableOnPrefill?: boolean
  hidden?: boolean
  isDefault?: false
}

export interface DefaultBookingField {
  type?: string
  slug: 'name' | 'email' | 'location' | 'title' | 'notes' | 'guests' | 'rescheduleReason'
  label?: string
  placeholder?: string
  required?: boolean
  hidden?: boolean
  disableOnPrefill?: boolean
  isDefault?: true
}

export interface Disabled {
  disabled: true
}

export interface BookingLimits {
  day?: number
  week?: number
  month?: number
  year?: number
}

export interface ActiveBookingsLimit {
  maximumActiveBookings: number
  offerReschedule?: boolean
}

/** With `rolling`, until `value` days that have a free time; otherwise until `value` days from today. */
export type NewBookingWindow = {
  type: 'businessDays'
  value: number
  rolling?: boolean
} | {
  type: 'calendarDays'
  value: number
  rolling?: boolean
} | {
  type: 'range'
  value: [string, string]
}

export interface BookerLayouts {
  defaultLayout: BookerLayout
  enabledLayouts: BookerLayout[]
}

export type BookerLayout = 'month' | 'week' | 'column'

/** What waits for confirmation always takes its time: two bookings can never overlap. */
export interface ConfirmationPolicy {
  type: 'always' | 'time'
  noticeThreshold?: {
    unit: 'minutes' | 'hours' | 'days'
    count: number
  }
  blockUnconfirmedBookingsInBooker?: boolean
}

export interface Recurrence {
  interval: number
  occurrences: number
  frequency: 'daily' | 'weekly' | 'monthly' | 'yearly'
}

/** Pages move a colour as far as it takes to be seen. */
export interface EventTypeColor {
  lightThemeHex: string
  darkThemeHex: string
}

export interface Seats {
  seatsPerTimeSlot: number
  showAttendeeInfo: boolean
  showAvailabilityCount: boolean
  /** Seats that one booker may take. */
  maximumPerBooking?: number
}

export interface DisableCancelling {
  disabled?: boolean
}

export interface DisableRescheduling {
  disabled?: boolean
  minutesBefore?: number | null
}

export type EmailSettingsChange = Partial<EmailSettings>

export interface NewRestriction {
  scheduleId: number
  inBookerTimeZone?: boolean
}

export interface PreferredHours {
  hours: WeeklyHours[]
  show: 'mark' | 'first'
}

/** Which of our mails are sent. More than `emailSettings` can say. */
export type MailLevelsChange = Partial<MailLevels>

export type MailLevel = 'all' | 'changes' | 'none'

export interface EventType {
  id: number
  ownerId: number
  lengthInMinutes: number
  lengthInMinutesOptions: number[]
  title: string
  slug: string
  description: string
  locations: EventTypeLocation[]
  bookingFields: (BookingField | DefaultBookingField)[]
  disableGuests: boolean
  slotInterval: number | null
  minimumBookingNotice: number
  beforeEventBuffer: number
  afterEventBuffer: number
  recurrence: Recurrence | null
  metadata: { [name: string]: unknown }
  price: number
  currency: string
  lockTimeZoneToggleOnBookingPage: boolean
  seatsPerTimeSlot: number | null
  seatsShowAvailabilityCount: boolean | null
  forwardParamsSuccessRedirect: boolean | null
  successRedirectUrl: string | null
  isInstantEvent: boolean
  scheduleId: number | null
  bookingLimitsCount?: BookingLimits
  bookingLimitsDuration?: BookingLimits
  bookerActiveBookingsLimit?: ActiveBookingsLimit
  onlyShowFirstAvailableSlot: boolean
  bookingWindow?: BookingWindow
  offsetStart: number
  bookerLayouts: BookerLayouts
  confirmationPolicy?: ConfirmationPolicy
  requiresBookerEmailVerification: boolean
  color?: EventTypeColor
  seats?: Seats
  customName?: string
  hidden: boolean
  bookingRequiresAuthentication: boolean
  disableCancelling?: DisableCancelling
  disableRescheduling?: DisableRescheduling
  interfaceLanguage: string | null
  allowReschedulingPastBookings: boolean
  allowReschedulingCancelledBookings: boolean
  showOptimizedSlots: boolean
  hideCalendarNotes: boolean
  hideCalendarEventDetails: boolean
  hideOrganizerEmail: boolean
  useDestinationCalendarEmail: boolean
  emailSettings?: EmailSettings
  users: EventTypeHost[]
  bookingUrl: string
  /** What looks like a program on the page is asked to try again. */
  botCheck?: boolean
  /** First and last name are asked for apart. */
  splitName?: boolean
  /** Addresses and domains that may book; all, if there are none. */
  requiredEmails?: string[]
  /** Addresses and domains that may not book. */
  excludedEmails?: string[]
  /** Of who has to wait for confirmation, only those who book from an address of a free mail service. */
  confirmFreeMailOnly?: boolean
  /** After the end, bookers are asked how it was. */
  ratingMailMinutes?: number | null
  /** Times are shown in this zone alone, or with `visitor` in that of the visitor’s browser alone. Instead of `lockTimeZoneToggleOnBookingPage`, which means that of the account. */
  lockedTimeZone?: string | null
  /** The verified mail address that stands for the host in calendars and mails; `null`, or one that was removed: that of the account. */
  organizerEmailId?: number | null
  /** Where answers to our mails go; `null`: to the host. */
  replyTo?: string | null
  restriction?: Restriction | null
  preferredHours?: PreferredHours | null
  mails?: MailLevels
}

/** Others than the host are not told a place that is not `public`. */
export type EventTypeLocation = {
  type: 'address'
  address?: string
  public: boolean
  label?: string
} | {
  type: 'link'
  link?: string
  public: boolean
  label?: string
  video?: boolean
} | {
  type: 'phone'
  phone?: string
  public: boolean
  label?: string
} | {
  type: 'attendeePhone'
  label?: string
} | {
  type: 'attendeeAddress'
  label?: string
} | {
  type: 'attendeeDefined'
  label?: string
}

/** With `rolling`, until `value` days that have a free time; otherwise until `value` days from today. */
export type BookingWindow = {
  type: 'businessDays'
  value: number
  rolling: boolean
} | {
  type: 'calendarDays'
  value: number
  rolling: boolean
} | {
  type: 'range'
  value: [string, string]
}

/** All mails about bookings, cancellations included. Mails that prove an address are always sent. */
export interface EmailSettings {
  disableEmailsToAttendees: boolean
  disableEmailsToHosts: boolean
}

export interface EventTypeHost {
  id: number
  name: string | null
  username: string
  avatarUrl: string | null
  brandColor: string | null
  darkBrandColor: string | null
}

export interface Restriction {
  scheduleId: number
  inBookerTimeZone: boolean
}

export interface MailLevels {
  host: MailLevel
  attendees: MailLevel
}

export interface Pagination {
  totalItems: number
  remainingItems: number
  returnedItems: number
  itemsPerPage: number
  currentPage: number
  totalPages: number
  hasNextPage: boolean
  hasPreviousPage: boolean
  nextCursor: string | null
}

/** Only what is named changes. `{ "disabled": true }` takes a setting back. */
export type EventTypeChange = Partial<NewEventType>

export interface DeletedEventType {
  id: number
  lengthInMinutes: number
  title: string
  slug: string
}

/** A link without terms is for one booking. */
export interface PrivateLinkTerms {
  expiresAt?: string | null
  maxUsageCount?: number | null
}

export interface PrivateLink {
  linkId: string
  eventTypeId: number
  /** Nobody can book over it: its end has come, or it was used as often as it may. */
  isExpired: boolean
  bookingUrl: string
  expiresAt?: string
  maxUsageCount?: number
  usageCount: number
}

export interface DeletedPrivateLink {
  linkId: string
  message: string
}

/** By `eventTypeId`, by `eventTypeSlug` and `username`, or with `usernames`. */
export interface NewBooking {
  start: string
  attendee: Booker
  eventTypeId?: number
  eventTypeSlug?: string
  username?: string
  /** Hosts who all come, with `lengthInMinutes`; instead of an event type. */
  usernames?: string[]
  teamSlug?: string
  organizationSlug?: string
  /** Mail addresses. */
  guests?: string[]
  /** Who comes along where seats are shared and one booking may take several: each takes a seat too. Their `bookingFieldsResponses` are to what is asked of each person. */
  companions?: NewCompanion[]
  location?: ChosenLocation
  lengthInMinutes?: number
  /** By the `slug` of the question. `notes` is the field that every form has. */
  bookingFieldsResponses?: { [name: string]: string | number | boolean | string[] }
  /** At most 50 names of up to 40 characters, with values of up to 500. */
  metadata?: { [name: string]: string }
  /** How many of a series, the first included; without it, as many as it may have. What does not repeat is 1. */
  recurrenceCount?: number
  /** What was mailed to the address, where the event type wants it proven or its owner does. The refusal `mail_code_required` says that it was mailed just now. */
  emailVerificationCode?: string
  /** Of the reservation that keeps the time, as `POST /slots/reservations` gave it. */
  reservationUid?: string
  /** The host books for somebody, with a key of theirs. What is taken stays taken. Guests and codes are not for it, of answers only those to what is asked of each person are, and of places only the first is. */
  onBehalf?: {
    /** Also outside of hours, notice, window and limits. */
    anyway?: boolean
    /** Why; wanted with `anyway`. Only hosts read it. */
    reason?: string
    /** Those who come are told; true without it. */
    mails?: boolean
  }
}

export interface Booker {
  name: string
  email?: string
  timeZone: string
  /** Kept where the host calls. */
  phoneNumber?: string
  /** Of their mails: the nearest that there is, English otherwise. */
  language?: string
}

export interface NewCompanion {
  name: string
  /** By the `slug` of the question. `notes` is the field that every form has. */
  bookingFieldsResponses?: { [name: string]: string | number | boolean | string[] }
}

/** The first of this kind among those of the event type; without one, the first of all. */
export type ChosenLocation = {
  type: 'address'
} | {
  type: 'link'
} | {
  type: 'phone'
} | {
  type: 'attendeePhone'
  phone: string
} | {
  type: 'attendeeAddress'
  address: string
} | {
  type: 'attendeeDefined'
  location: string
}

export type AnyBooking = Booking | RecurringBooking | SeatedBooking

export interface Booking {
  id: number
  /** Stays the same, however often the booking is moved. */
  uid: string
  title: string
  /** The notes of who booked. */
  description: string
  hosts: BookingHost[]
  status: BookingStatus
  /** Of what was cancelled or rejected. */
  cancellationReason?: string
  cancelledByEmail?: string
  reschedulingReason?: string
  rescheduledByEmail?: string
  start: string
  end: string
  /** Minutes. */
  duration: number
  eventTypeId: number | null
  /** Null where it was deleted, and over the link of a group. */
  eventType: BookedEventType | null
  /**
   * `location`, where that is a link.
   * @deprecated
   */
  meetingUrl?: string
  /** An address, a link or a number; empty without any. */
  location: string
  absentHost: boolean
  createdAt: string
  updatedAt: string
  /** What it was booked with; empty for those who do not host it. */
  metadata: { [name: string]: string }
  /** Stars, of several the mean. */
  rating?: number
  /** UID of its entry in calendars. */
  icsUid: string
  attendees: Attendee[]
  guests: string[]
  /** By the `slug` of the question; `name`, `email` and `notes` are those that every form has. */
  bookingFieldsResponses: { [name: string]: unknown }
}

/** Mail addresses of hosts are for hosts: without a key of one they are empty. */
export interface BookingHost {
  id: number
  name: string
  email: string
  displayEmail: string
  timeZone: string
  username: string
}

export type BookingStatus = 'accepted' | 'pending' | 'cancelled' | 'rejected'

export interface BookedEventType {
  id: number
  slug: string
}

export interface Attendee {
  name: string
  email: string
  displayEmail: string
  timeZone: string
  /** Of their mails. */
  language: string
  /** Did not come, as the host says; false for those who do not host it. */
  absent: boolean
  /** Where the host calls. */
  phoneNumber?: string
}

export interface RecurringBooking extends Booking {
  /** Of the series; leads to all its bookings. */
  recurringBookingUid: string
}

/** Several share it. Hosts see all of it, and everybody else their own seat, whose uid stands for it. */
export interface SeatedBooking extends Omit<Booking, 'attendees' | 'guests' | 'bookingFieldsResponses'> {
  attendees: SeatedAttendee[]
  /** Of the seat that was just booked or moved. */
  seatUid?: string
}

export interface SeatedAttendee extends Attendee {
  /** Of the seat: what its attendee acts with. */
  seatUid: string
  /** Who comes along with an attendee of several seats, as far as they are named. */
  companions: Companion[]
  /** By the `slug` of the question; `name`, `email` and `notes` are those that every form has. */
  bookingFieldsResponses: { [name: string]: unknown }
  /** What it was booked with; empty for those who do not host it. */
  metadata: { [name: string]: string }
}

export interface Companion {
  name: string
  /** To what is asked of each person, by the `slug` of the question. */
  bookingFieldsResponses: { [name: string]: unknown }
}

export type NewSeries20240415 = NewBooking20240415[]

export interface NewBooking20240415 {
  start: string
  end?: string
  eventTypeId?: number
  eventTypeSlug?: string
  user?: string | string[]
  timeZone: string
  language?: string
  metadata?: { [name: string]: unknown }
  /** With the answers to questions, by their `slug`. */
  responses: {
    name: string
    email: string
    guests?: string[]
    /** A kind of place in `value`, and in `optionValue` what is left to the booker. */
    location?: {
      value: string
      optionValue?: string
    }
    notes?: string
  } & { [name: string]: string | number | boolean | string[] }
  orgSlug?: string | null
  hasHashedBookingLink?: false
  hashedLink?: '' | null
  locationUrl?: '' | null
  bookingUid?: string
  recurringEventId?: string
}

export interface Booking20240415 {
  id: number
  uid: string
  title: string
  userPrimaryEmail: string | null
  description: string | null
  customInputs: {}
  startTime: string
  endTime: string
  attendees: {
    email: string
    name: string
    timeZone: string
    locale: string
    bookingId: number
  }[]
  metadata: { [name: string]: string }
  /** Uid of the series. */
  recurringEventId: string | null
  location: string | null
  eventType: BookedEventType | null
  status: 'ACCEPTED' | 'PENDING' | 'CANCELLED' | 'REJECTED'
  user: {
    id: number
    name: string
    email: string
  } | null
  seatsReferences: {
    referenceUid: string
  }[]
  smsReminderNumber: null
  eventTypeId: number | null
  responses: { [name: string]: unknown }
  cancellationReason: string | null
  rejectionReason: string | null
}

export interface BookingMove {
  start: string
  /** Whose seat moves, where several share the booking. */
  seatUid?: string
  /** With a key of the host, the address of an attendee: the booking moves in their name, and may have to be confirmed again. */
  rescheduledBy?: string
  reschedulingReason?: string
  lengthInMinutes?: number
  /** To what is asked of those who move a booking. */
  bookingFieldsResponses?: { [name: string]: string | number | boolean | string[] }
  /** Not needed: whoever knows the uid has it from the mail. */
  emailVerificationCode?: string
  /** Of the reservation that keeps the time, as `POST /slots/reservations` gave it. */
  reservationUid?: string
}

export interface BookingCancellation {
  /** Hosts have to say one. */
  cancellationReason?: string
  /** And whatever comes after it in its series; the reply is all of those. */
  cancelSubsequentBookings?: boolean
  /** Only this seat, where several share the booking. */
  seatUid?: string
}

export interface BookingDecline {
  reason?: string
}

export interface BookingAbsence {
  host?: boolean
  attendees?: {
    email: string
    absent: boolean
  }[]
}

export interface BookingAttendee extends Attendee {
  id: number
}

export interface OneBookingAttendee extends BookingAttendee {
  bookingId: number
}

export interface NewAttendee {
  name: string
  timeZone: string
  /** Of their mails: the nearest that there is, English otherwise. */
  language?: string
  email: string
}

export interface NewGuests {
  guests: NewGuest[]
}

export interface NewGuest {
  name?: string
  timeZone?: string
  /** Of their mails: the nearest that there is, English otherwise. */
  language?: string
  email: string
}

export interface BookingLocationChange {
  location: {
    type: 'address'
    address: string
  } | {
    type: 'attendeeAddress'
    address: string
  } | {
    type: 'attendeeDefined'
    location: string
  } | {
    type: 'attendeePhone'
    phone: string
  } | {
    type: 'phone'
    phone: string
  } | {
    type: 'link'
    link: string
  }
}

export interface CalendarLink {
  label: string
  link: string
}

export interface BookingReference {
  id: number
  type: string
  eventUid: string
  destinationCalendarId: string | null
}

export interface Recording {
  id: string
  roomName: string
  startTs: number
  status: string
  duration: number
  shareToken: string
  maxParticipants?: number
  downloadLink?: string | null
  error?: string | null
}

export interface VideoSession {
  id: string
  room: string
  startTime: number
  duration: number
  ongoing: boolean
  maxParticipants: number
  participants: {
    userId: string | null
    userName: string | null
    joinTime: number
    duration: number
  }[]
}

export interface BookingReassignment {
  reason?: string
}

/** By date. Days without slots do not occur. */
export type SlotsByDate = { [name: string]: Slot[] }

export interface Slot {
  start: string
  /** With `format=range`. */
  end?: string
  /** Of event types with seats, where visitors may see how many are free; its host always may. */
  seatsBooked?: number
  seatsRemaining?: number
  seatsTotal?: number
  /** The booking that those who sit there share, for a key of its host that reads bookings. */
  bookingUid?: string
}

export interface AvailableSlots {
  slots: { [name: string]: {
    time?: string
    startTime?: string
    endTime?: string
    attendees?: number
    bookingUid?: string
  }[] }
}

export interface SlotExplanation {
  /** Of a day: whether it has any slot. */
  offered: boolean
  /** Why not; the weightiest first. May be empty where nothing may be told. */
  reasons: SlotReason[]
  /** The nearest free starts. */
  alternatives: string[]
}

export interface SlotReason {
  code: string
  /** Username, where it is about one of the hosts. */
  host?: string | null
  /** What the host may know of it. */
  details?: { [name: string]: unknown }
}

export interface NewReservation {
  eventTypeId: number
  slotStart: string
  /** Minutes, where there is a choice. */
  slotDuration?: number
  /** Minutes, for a key of the host only. Otherwise 5. */
  reservationDuration?: number
}

export interface Reservation {
  /** Who has it may book the slot, change or give up the reservation. */
  reservationUid: string
  eventTypeId: number
  slotStart: string
  slotEnd: string
  slotDuration: number
  reservationDuration: number
  reservationUntil: string
}

/** What is not named stays. In any case it is kept anew from now. */
export type ReservationChange = Partial<NewReservation>

export interface NewWebhook {
  active: boolean
  /** Where it is sent: https, to the open internet. */
  subscriberUrl: string
  triggers: WebhookTrigger[]
  /** The body, with names in double braces that are filled in. Without it the standard body is sent. */
  payloadTemplate?: string | null
  /** What messages are signed with. Without it they are not signed. */
  secret?: string
  version?: '2021-10-20'
}

export type WebhookTrigger = 'BOOKING_CREATED' | 'BOOKING_REQUESTED' | 'BOOKING_CONFIRMED' | 'BOOKING_REJECTED' | 'BOOKING_RESCHEDULED' | 'BOOKING_CANCELLED' | 'BOOKING_NO_SHOW_UPDATED' | 'MEETING_STARTED' | 'MEETING_ENDED' | 'OOO_CREATED'

export interface Webhook {
  id: number
  triggers: WebhookTrigger[]
  subscriberUrl: string
  active: boolean
  payloadTemplate: string | null
  /** Only in the answer to the request that set it. */
  secret?: string
  userId: number
  eventTypeId?: number
}

/** What is left out stays as it is. A new secret signs beside the former one for 24 hours. */
export type WebhookUpdate = Partial<NewWebhook>

export interface EventTypeWebhook extends Omit<Webhook, 'userId' | 'eventTypeId'> {
  eventTypeId: number
}

export interface WebhookDelivery {
  /** It comes as `webhook-id`, the same with every try. */
  id: string
  triggerEvent: string
  subject: string
  state: 'waiting' | 'sending' | 'delivered' | 'skipped' | 'failed'
  reason: string | null
  attempts: number
  createdAt: string
  /** Of one that waits. */
  nextAt: string | null
  /** The latest five, the newest first. */
  tries: WebhookTry[]
}

export interface WebhookTry {
  id: string
  at: string
  request: {
    url: string
    headers: { [name: string]: string | string[] }
    body: string
  }
  response: {
    status: number
    headers: { [name: string]: string | string[] }
    body: string
  } | null
  /** Why there was no answer, as a code. */
  failure: string | null
  milliseconds: number
}

export interface WebhookPing {
  ok: boolean
  /** Null: nobody answered, and `failure` says why. */
  status: number | null
  body: string | null
  failure: string | null
  milliseconds: number
}

/** Without one, one is made. `null`: from now on messages are not signed. */
export interface WebhookSecretChange {
  secret?: string | null
}

export interface WebhookSecret {
  /** Shown only in this reply. */
  secret: string | null
}

export interface EmailCodeRequest {
  email: string
}

export interface EmailCode {
  email: string
  code: string
}

export interface VerifiedEmail {
  id: number
  email: string
  userId: number
}

export interface PhoneCodeRequest {
  phone: string
}

export interface PhoneCode {
  phone: string
  code: string
}

export interface VerifiedPhone {
  id: number
  phoneNumber: string
  userId: number
}

export interface ConnectedCalendars {
  connectedCalendars: unknown[]
  destinationCalendar: null
}

export interface BusyTime {
  start: string
  end: string
  source: 'booking' | 'away' | 'holiday' | null
}

export interface Refusal {
  status: 'error'
  timestamp: string
  path: string
  message: string
  error: {
    /** Stays the same, whatever becomes of the message. */
    code: string
    message: string
    /** Of a bad request: `fields`, each with `path`, `code` and `message`. */
    details: { [name: string]: unknown }
  }
}

export interface GetEventTypesQuery {
  /** Whose public event types; absent: those of the key. */
  username?: string
  /** The one with this slug; with `username`. */
  eventSlug?: string
  /** Absent: in the order of the host. */
  sortCreatedAt?: 'asc' | 'desc'
  skip?: number
  take?: number
  /** `nextCursor` of the page before; instead of `skip`. */
  cursor?: string
}

export interface GetPrivateLinksQuery {
  skip?: number
  take?: number
  /** `nextCursor` of the page before; instead of `skip`. */
  cursor?: string
}

export interface GetBookingsQuery {
  /** Any of them. */
  status?: ('upcoming' | 'recurring' | 'past' | 'cancelled' | 'unconfirmed')[]
  attendeeEmail?: string
  /** A part of the name. */
  attendeeName?: string
  bookingUid?: string
  eventTypeIds?: number[]
  eventTypeId?: number
  afterStart?: string
  beforeEnd?: string
  afterCreatedAt?: string
  beforeCreatedAt?: string
  afterUpdatedAt?: string
  beforeUpdatedAt?: string
  sortStart?: 'asc' | 'desc'
  sortEnd?: 'asc' | 'desc'
  sortCreated?: 'asc' | 'desc'
  sortUpdatedAt?: 'asc' | 'desc'
  skip?: number
  take?: number
  /** `nextCursor` of the page before; instead of `skip`. */
  cursor?: string
}

export interface GetBookingReferencesQuery {
  type?: 'google_calendar' | 'office365_calendar' | 'daily_video' | 'google_video' | 'office365_video' | 'zoom_video'
}

export interface GetAvailableSlotsQuery {
  eventTypeId?: number
  /** With `username`. */
  eventTypeSlug?: string
  username?: string
  /** Two or more hosts who meet: times that all of them have. */
  usernames?: string[]
  /** There are no teams yet: leads nowhere. */
  teamSlug?: string
  /** There are no organizations yet: leads nowhere. */
  organizationSlug?: string
  /** Minutes, where there is a choice. Of several hosts without an event type: 30. */
  duration?: number
  /** A date in `timeZone`, which counts from its beginning, or an instant; without an offset it is UTC. */
  start: string
  /** A date in `timeZone`, which counts to its end, or an instant. At most 366 days after `start`. */
  end: string
  /** Days are those of this zone, and times are written in it: UTC without. */
  timeZone?: string
  format?: 'time' | 'range'
  /** Its own time counts as free. */
  bookingUidToReschedule?: string
  /** What it keeps counts as free for who has it. */
  reservationUid?: string
}

export interface GetSlotsAvailableQuery {
  eventTypeId?: number
  /** With one name in `usernameList`. */
  eventTypeSlug?: string
  usernameList?: string[]
  /** There are no organizations yet: leads nowhere. */
  orgSlug?: string
  /** Minutes, where there is a choice. Of several hosts without an event type: 30. */
  duration?: number
  /** As `start` of `/v2/slots`. */
  startTime: string
  /** As `end` of `/v2/slots`. */
  endTime: string
  /** Days are those of this zone, and times are written in it: UTC without. */
  timeZone?: string
  slotFormat?: 'time' | 'range'
  /** Its own time counts as free. */
  rescheduleUid?: string
}

export interface ExplainSlotQuery {
  eventTypeId?: number
  /** With `username`. */
  eventTypeSlug?: string
  username?: string
  /** Two or more hosts who meet: times that all of them have. */
  usernames?: string[]
  /** There are no teams yet: leads nowhere. */
  teamSlug?: string
  /** There are no organizations yet: leads nowhere. */
  organizationSlug?: string
  /** Minutes, where there is a choice. Of several hosts without an event type: 30. */
  duration?: number
  /** An instant, or a whole day in `timeZone`. */
  start: string
  /** Days are those of this zone, and times are written in it: UTC without. */
  timeZone?: string
}

export interface GetWebhooksQuery {
  take?: number
  skip?: number
}

export interface GetEventTypeWebhooksQuery {
  take?: number
  skip?: number
}

export interface GetWebhookDeliveriesQuery {
  take?: number
  /** `nextCursor` of the page before; instead of `skip`. */
  cursor?: string
}

export interface GetVerifiedEmailsQuery {
  skip?: number
  take?: number
  /** `nextCursor` of the page before; instead of `skip`. */
  cursor?: string
}

export interface GetVerifiedPhonesQuery {
  skip?: number
  take?: number
  /** `nextCursor` of the page before; instead of `skip`. */
  cursor?: string
}

export interface GetBusyTimesQuery {
  /** Of the dates; absent: that of the account. */
  timeZone?: string
  /** Another name of `timeZone`. */
  loggedInUsersTz?: string
  /** Absent: today. */
  dateFrom?: string
  /** Included; absent: `dateFrom`. At most 366 days. */
  dateTo?: string
  /** Of a connected calendar; absent: the account itself. */
  credentialId?: string
  externalId?: string
  calendarsToLoad?: { [name: string]: {
    credentialId?: string
    externalId?: string
  } }
}

/** Why something was refused. An installation that is newer than this package may have more. */
export type ReasonCode =
  | 'already_cancelled'
  | 'already_confirmed'
  | 'already_over'
  | 'already_rejected'
  | 'api_key_invalid'
  | 'api_key_required'
  | 'attendee_not_found'
  | 'avatar_unreachable'
  | 'body_malformed'
  | 'body_not_json'
  | 'body_too_large'
  | 'booker_limit_reached'
  | 'booking_not_found'
  | 'booking_refused'
  | 'calendar_not_found'
  | 'cancelling_not_offered'
  | 'changed_elsewhere'
  | 'client_credentials_unsupported'
  | 'database_unavailable'
  | 'delivery_not_replayable'
  | 'duration_not_offered'
  | 'email_not_admitted'
  | 'event_type_not_found'
  | 'guest_already_invited'
  | 'guest_guarded'
  | 'guests_not_offered'
  | 'hold_length_not_yours'
  | 'hold_not_found'
  | 'idempotency_key_invalid'
  | 'idempotency_key_reused'
  | 'invalid_input'
  | 'last_schedule'
  | 'link_expired'
  | 'link_not_found'
  | 'location_not_offered'
  | 'mail_code_required'
  | 'mail_code_wrong'
  | 'mail_codes_unavailable'
  | 'mail_unavailable'
  | 'method_not_allowed'
  | 'nobody_to_reassign_to'
  | 'not_accepted'
  | 'not_enough_seats'
  | 'not_found'
  | 'not_recurring'
  | 'not_yet_begun'
  | 'occurrence_taken'
  | 'outside_offer'
  | 'own_bookings_only'
  | 'party_too_large'
  | 'phone_required'
  | 'place_required'
  | 'rate_limited'
  | 'reason_required'
  | 'rescheduling_not_offered'
  | 'same_time'
  | 'schedule_not_found'
  | 'schedule_restricts'
  | 'scope_missing'
  | 'slot_not_offered'
  | 'slot_taken'
  | 'slug_taken'
  | 'storage_full'
  | 'text_messages_unavailable'
  | 'too_late_to_reschedule'
  | 'too_many_event_types'
  | 'too_many_guests'
  | 'too_many_links'
  | 'too_many_schedules'
  | 'too_many_verified_emails'
  | 'too_many_webhooks'
  | 'unexpected'
  | 'verified_email_not_found'
  | 'verified_phone_not_found'
  | 'webhook_not_found'

/** Everything the API does, by the names of its reference. */
export interface Sundial {
  /** Whose key this is: `GET /v2/me` */
  getMe(options?: CallOptions): Promise<Me>

  /**
   * Change the profile: `PATCH /v2/me`
   *
   * Only what is named changes.
   *
   * Refuses with `schedule_not_found`, `avatar_unreachable`, `rate_limited`.
   */
  updateMe(body?: MeChange, options?: CallOptions): Promise<Me>

  /**
   * Exchange the key for a new one: `POST /v2/api-keys/refresh`
   *
   * The key of this request ends at once; the new one is for the same, and is shown only in this reply.
   */
  refreshApiKey(body?: ApiKeyRefresh, options?: CallOptions): Promise<FreshApiKey>

  /**
   * Make a schedule: `POST /v2/schedules`
   *
   * In version 2024-04-15, `availability` is `availabilities`, with days by number from Sunday, which is 0.
   *
   * Refuses with `too_many_schedules`.
   */
  createSchedule(body: NewSchedule, options?: CallOptions): Promise<Schedule>

  /**
   * All schedules: `GET /v2/schedules`
   *
   * The default one first, the others by name.
   */
  getSchedules(options?: CallOptions): Promise<Schedule[]>

  /**
   * The default schedule: `GET /v2/schedules/default`
   *
   * Of event types that name no other.
   *
   * Refuses with `schedule_not_found`.
   */
  getDefaultSchedule(options?: CallOptions): Promise<Schedule>

  /**
   * One schedule: `GET /v2/schedules/{scheduleId}`
   *
   * Refuses with `schedule_not_found`.
   */
  getSchedule(scheduleId: number, options?: CallOptions): Promise<Schedule>

  /**
   * Change a schedule: `PATCH /v2/schedules/{scheduleId}`
   *
   * `isDefault: false` leaves the default as it is: make another one the default instead.
   *
   * In version 2024-04-15, `availability` is `schedule`, with a list of hours for each weekday, and `overrides` is `dateOverrides`.
   *
   * Refuses with `schedule_not_found`, `changed_elsewhere`.
   */
  updateSchedule(scheduleId: number, body?: ScheduleChange, options?: CallOptions): Promise<Schedule>

  /**
   * Delete a schedule: `DELETE /v2/schedules/{scheduleId}`
   *
   * Event types that used it use the default one from now on.
   *
   * Refuses with `schedule_not_found`, `last_schedule`, `schedule_restricts`.
   */
  deleteSchedule(scheduleId: number, options?: CallOptions): Promise<void>

  /**
   * Make an event type: `POST /v2/event-types`
   *
   * In version 2024-04-15, `lengthInMinutes` is `length`, and a field has its `slug` as `name`.
   *
   * Refuses with `slug_taken`, `schedule_not_found`, `verified_email_not_found`, `too_many_event_types`.
   */
  createEventType(body: NewEventType, options?: CallOptions): Promise<EventType>

  /**
   * Event types of a host: `GET /v2/event-types`
   *
   * With a key all of its owner, hidden ones too; with `username` those that are on their public page. No host has more than
   * 500, and without `take` the reply has all of them.
   */
  getEventTypes(query?: GetEventTypesQuery, options?: CallOptions): Pages<EventType>

  /**
   * One event type: `GET /v2/event-types/{eventTypeId}`
   *
   * Refuses with `event_type_not_found`.
   */
  getEventType(eventTypeId: number, options?: CallOptions): Promise<EventType>

  /**
   * Change an event type: `PATCH /v2/event-types/{eventTypeId}`
   *
   * In version 2024-04-15, `lengthInMinutes` is `length`, and a field has its `slug` as `name`.
   *
   * Refuses with `event_type_not_found`, `slug_taken`, `schedule_not_found`, `verified_email_not_found`, `changed_elsewhere`.
   */
  updateEventType(eventTypeId: number, body?: EventTypeChange, options?: CallOptions): Promise<EventType>

  /**
   * Delete an event type: `DELETE /v2/event-types/{eventTypeId}`
   *
   * What was booked stays.
   *
   * Refuses with `event_type_not_found`.
   */
  deleteEventType(eventTypeId: number, options?: CallOptions): Promise<DeletedEventType>

  /**
   * Make a private link: `POST /v2/event-types/{eventTypeId}/private-links`
   *
   * Refuses with `event_type_not_found`, `link_expired`, `too_many_links`.
   */
  createPrivateLink(eventTypeId: number, body?: PrivateLinkTerms, options?: CallOptions): Promise<PrivateLink>

  /**
   * Private links of an event type: `GET /v2/event-types/{eventTypeId}/private-links`
   *
   * The newest first, without those that were taken back.
   *
   * Refuses with `event_type_not_found`.
   */
  getPrivateLinks(eventTypeId: number, query?: GetPrivateLinksQuery, options?: CallOptions): Pages<PrivateLink>

  /**
   * Change the terms of a private link: `PATCH /v2/event-types/{eventTypeId}/private-links/{linkId}`
   *
   * Refuses with `event_type_not_found`, `link_not_found`, `link_expired`, `too_many_links`.
   */
  updatePrivateLink(eventTypeId: number, linkId: string, body?: PrivateLinkTerms, options?: CallOptions): Promise<PrivateLink>

  /**
   * Take a private link back: `DELETE /v2/event-types/{eventTypeId}/private-links/{linkId}`
   *
   * What was booked over it stays.
   *
   * Refuses with `event_type_not_found`, `link_not_found`.
   */
  deletePrivateLink(eventTypeId: number, linkId: string, options?: CallOptions): Promise<DeletedPrivateLink>

  /**
   * Book: `POST /v2/bookings`
   *
   * Whoever may open the booking page may book, with a key or without one. Mails go out as from the page. Of a time that is not free,
   * `details.alternatives` are the nearest that are. Of an event type that repeats, the reply is a list; where several share a booking, `seatUid` is
   * the booker's.
   *
   * In version 2024-04-15, who books stands in `responses`, with the answers; with `rescheduleUid`, that booking is moved.
   *
   * Refuses with `slot_taken`, `slot_not_offered`, `event_type_not_found`, `duration_not_offered`, `rate_limited`, `location_not_offered`, `phone_required`, `place_required`, `guests_not_offered`, `not_recurring`, `occurrence_taken`, `not_enough_seats`, `party_too_large`, `booker_limit_reached`, `email_not_admitted`, `mail_code_required`, `mail_code_wrong`, `mail_codes_unavailable`, `guest_guarded`, `booking_refused`, `outside_offer`, `reason_required`.
   */
  createBooking(body: NewBooking, options?: CallOptions): Promise<AnyBooking | AnyBooking[]>

  /**
   * Bookings of a host: `GET /v2/bookings`
   *
   * And those they host with others. Filters narrow together. Sorted by the start unless something else is asked for: what is ahead with
   * the soonest first, everything else with the latest first; of several orders, `sortStart` comes first, then `sortEnd`, `sortCreated` and
   * `sortUpdatedAt`. To keep up with changes, go through `sortUpdatedAt=asc` by `cursor`.
   *
   * In version 2024-04-15, `filters[status]`, `limit` and `cursor`, which is a number, are all that can be sent.
   */
  getBookings(query?: GetBookingsQuery, options?: CallOptions): Pages<AnyBooking>

  /**
   * Book a series, as it was done before: `POST /v2/bookings/recurring`
   *
   * For clients of the version 2024-04-15, which name every date. New ones send `recurrenceCount` to `/v2/bookings`. All are booked, or none.
   *
   * Refuses with `slot_taken`, `slot_not_offered`, `event_type_not_found`, `duration_not_offered`, `rate_limited`, `location_not_offered`, `phone_required`, `place_required`, `guests_not_offered`, `not_recurring`, `occurrence_taken`, `not_enough_seats`, `party_too_large`, `booker_limit_reached`, `email_not_admitted`, `mail_code_required`, `mail_code_wrong`, `mail_codes_unavailable`, `guest_guarded`, `booking_refused`, `outside_offer`, `reason_required`.
   */
  createRecurringBooking(body: NewSeries20240415, options?: CallOptions): Promise<Booking20240415[]>

  /**
   * One booking, or all of a series: `GET /v2/bookings/{bookingUid}`
   *
   * Whoever knows the uid sees what the page of the booking shows; with a key of its host there is all of it.
   *
   * Refuses with `booking_not_found`.
   */
  getBooking(bookingUid: string, options?: CallOptions): Promise<AnyBooking | AnyBooking[]>

  /**
   * The booking in which somebody has a seat: `GET /v2/bookings/by-seat/{seatUid}`
   *
   * Refuses with `booking_not_found`.
   */
  getBookingBySeat(seatUid: string, options?: CallOptions): Promise<AnyBooking>

  /**
   * Move a booking: `POST /v2/bookings/{bookingUid}/reschedule`
   *
   * It keeps its uid. Without a key, or with one of somebody who does not host it, it moves in the name of its attendee: as far as the
   * event type lets them, and to be confirmed again where it says so.
   *
   * Refuses with `booking_not_found`, `slot_taken`, `slot_not_offered`, `event_type_not_found`, `duration_not_offered`, `rate_limited`, `same_time`, `already_cancelled`, `already_rejected`, `already_over`, `rescheduling_not_offered`, `too_late_to_reschedule`, `own_bookings_only`.
   */
  rescheduleBooking(bookingUid: string, body: BookingMove, options?: CallOptions): Promise<AnyBooking>

  /**
   * Cancel a booking, a seat or a series: `POST /v2/bookings/{bookingUid}/cancel`
   *
   * Without a key of its host, in the name of its attendee, as far as the event type lets them. By the uid of a series, whatever of it is still
   * to come. A number is the id, for a key of its host.
   *
   * In version 2024-04-15, the fields are `allRemainingBookings`, `cancellationReason` and `seatReferenceUid`.
   *
   * Refuses with `booking_not_found`, `reason_required`, `already_cancelled`, `already_rejected`, `already_over`, `cancelling_not_offered`.
   */
  cancelBooking(bookingUid: string, body?: BookingCancellation, options?: CallOptions): Promise<AnyBooking | AnyBooking[]>

  /**
   * Accept what was asked for: `POST /v2/bookings/{bookingUid}/confirm`
   *
   * Refuses with `booking_not_found`, `already_confirmed`, `already_cancelled`, `already_rejected`, `already_over`.
   */
  confirmBooking(bookingUid: string, options?: CallOptions): Promise<AnyBooking>

  /**
   * Decline what was asked for: `POST /v2/bookings/{bookingUid}/decline`
   *
   * Refuses with `booking_not_found`, `already_confirmed`, `already_cancelled`, `already_rejected`, `already_over`.
   */
  declineBooking(bookingUid: string, body?: BookingDecline, options?: CallOptions): Promise<AnyBooking>

  /**
   * Say who did not come: `POST /v2/bookings/{bookingUid}/mark-absent`
   *
   * Of those who are not named, what was said before stays. All of it is written, or nothing.
   *
   * Refuses with `booking_not_found`, `not_accepted`, `not_yet_begun`.
   */
  markAbsent(bookingUid: string, body?: BookingAbsence, options?: CallOptions): Promise<AnyBooking>

  /**
   * Who comes: `GET /v2/bookings/{bookingUid}/attendees`
   *
   * Refuses with `booking_not_found`.
   */
  getBookingAttendees(bookingUid: string, options?: CallOptions): Promise<BookingAttendee[]>

  /**
   * Invite somebody else: `POST /v2/bookings/{bookingUid}/attendees`
   *
   * As a guest, who gets the invitation.
   *
   * Refuses with `booking_not_found`, `own_bookings_only`, `not_accepted`, `already_cancelled`, `already_rejected`, `already_over`, `guests_not_offered`, `guest_already_invited`, `too_many_guests`.
   */
  addBookingAttendee(bookingUid: string, body: NewAttendee, options?: CallOptions): Promise<OneBookingAttendee>

  /**
   * One of those who come: `GET /v2/bookings/{bookingUid}/attendees/{attendeeId}`
   *
   * Refuses with `booking_not_found`, `attendee_not_found`.
   */
  getBookingAttendee(bookingUid: string, attendeeId: number, options?: CallOptions): Promise<OneBookingAttendee>

  /**
   * Invite guests: `POST /v2/bookings/{bookingUid}/guests`
   *
   * They get the invitation, and nobody else is bothered.
   *
   * Refuses with `booking_not_found`, `own_bookings_only`, `not_accepted`, `already_cancelled`, `already_rejected`, `already_over`, `guests_not_offered`, `guest_already_invited`, `too_many_guests`.
   */
  addBookingGuests(bookingUid: string, body: NewGuests, options?: CallOptions): Promise<AnyBooking>

  /**
   * Move a booking to another place: `PATCH /v2/bookings/{bookingUid}/location`
   *
   * Everybody is told.
   *
   * Refuses with `booking_not_found`, `own_bookings_only`, `not_accepted`, `already_cancelled`, `already_rejected`, `already_over`.
   */
  updateBookingLocation(bookingUid: string, body: BookingLocationChange, options?: CallOptions): Promise<AnyBooking>

  /**
   * Links that put it into calendars: `GET /v2/bookings/{bookingUid}/calendar-links`
   *
   * Refuses with `booking_not_found`.
   */
  getBookingCalendarLinks(bookingUid: string, options?: CallOptions): Promise<CalendarLink[]>

  /**
   * Its entries in connected calendars and services: `GET /v2/bookings/{bookingUid}/references`
   *
   * Refuses with `booking_not_found`.
   */
  getBookingReferences(bookingUid: string, query?: GetBookingReferencesQuery, options?: CallOptions): Promise<BookingReference[]>

  /**
   * Recordings of its video call: `GET /v2/bookings/{bookingUid}/recordings`
   *
   * Empty for calls over links, of which nothing is recorded here.
   *
   * Refuses with `booking_not_found`.
   */
  getBookingRecordings(bookingUid: string, options?: CallOptions): Promise<Recording[]>

  /**
   * Transcripts of its video call: `GET /v2/bookings/{bookingUid}/transcripts`
   *
   * Empty for calls over links, of which nothing is written down here.
   *
   * Refuses with `booking_not_found`.
   */
  getBookingTranscripts(bookingUid: string, options?: CallOptions): Promise<string[]>

  /**
   * Who was in its video call, and when: `GET /v2/bookings/{bookingUid}/conferencing-sessions`
   *
   * Empty for calls over links, which say nothing of it.
   *
   * Refuses with `booking_not_found`.
   */
  getBookingVideoSessions(bookingUid: string, options?: CallOptions): Promise<VideoSession[]>

  /**
   * Hand a booking to another host: `POST /v2/bookings/{bookingUid}/reassign`
   *
   * Event types have one host so far: it is always refused.
   *
   * Refuses with `booking_not_found`, `nobody_to_reassign_to`.
   */
  reassignBooking(bookingUid: string, options?: CallOptions): Promise<AnyBooking>

  /**
   * Hand a booking to a certain host: `POST /v2/bookings/{bookingUid}/reassign/{userId}`
   *
   * Event types have one host so far: it is always refused.
   *
   * Refuses with `booking_not_found`, `nobody_to_reassign_to`.
   */
  reassignBookingToUser(bookingUid: string, userId: number, body?: BookingReassignment, options?: CallOptions): Promise<AnyBooking>

  /**
   * Free slots: `GET /v2/slots`
   *
   * Of an event type by `eventTypeId`, or by `username` and `eventTypeSlug`, or of several hosts by `usernames`. What is listed can be booked. `/v2/slots/explanation` says why there is none.
   *
   * Refuses with `event_type_not_found`, `booking_not_found`, `duration_not_offered`.
   */
  getAvailableSlots(query: GetAvailableSlotsQuery, options?: CallOptions): Promise<SlotsByDate>

  /**
   * Free slots, as they were asked for before: `GET /v2/slots/available`
   *
   * For clients of the version 2024-04-15. New ones ask `/v2/slots`.
   *
   * Refuses with `event_type_not_found`, `booking_not_found`, `duration_not_offered`.
   */
  getSlotsAvailable(query: GetSlotsAvailableQuery, options?: CallOptions): Promise<AvailableSlots>

  /**
   * Why there is a slot, or none: `GET /v2/slots/explanation`
   *
   * Visitors get one word for each reason: `past`, `soon`, `beyond`, `away`, `closed`, `start` or `taken`. A key of the host that reads bookings gets everything.
   *
   * Refuses with `event_type_not_found`, `duration_not_offered`.
   */
  explainSlot(query: ExplainSlotQuery, options?: CallOptions): Promise<SlotExplanation>

  /**
   * Keep a slot: `POST /v2/slots/reservations`
   *
   * Nobody else can book it, nor what would overlap it with its buffers, until it is booked with its `reservationUid`, given up, or over. Where seats are shared one of them is kept, and the others can be booked. A slot that is taken is refused with the nearest free starts in `details.alternatives`.
   *
   * Refuses with `event_type_not_found`, `slot_taken`, `slot_not_offered`, `duration_not_offered`, `hold_length_not_yours`.
   */
  reserveSlot(body: NewReservation, options?: CallOptions): Promise<Reservation>

  /**
   * A slot that is kept: `GET /v2/slots/reservations/{uid}`
   *
   * Refuses with `hold_not_found`.
   */
  getReservedSlot(uid: string, options?: CallOptions): Promise<Reservation>

  /**
   * Keep another slot instead: `PATCH /v2/slots/reservations/{uid}`
   *
   * Under the same uid, anew from now. When it is refused, what was kept before still is.
   *
   * Refuses with `hold_not_found`, `event_type_not_found`, `slot_taken`, `slot_not_offered`, `duration_not_offered`, `hold_length_not_yours`.
   */
  updateReservedSlot(uid: string, body?: ReservationChange, options?: CallOptions): Promise<Reservation>

  /**
   * Give up a slot that is kept: `DELETE /v2/slots/reservations/{uid}`
   *
   * Refuses with `hold_not_found`.
   */
  deleteReservedSlot(uid: string, options?: CallOptions): Promise<void>

  /**
   * Make a webhook: `POST /v2/webhooks`
   *
   * It is told of bookings of all event types.
   *
   * Refuses with `too_many_webhooks`.
   */
  createWebhook(body: NewWebhook, options?: CallOptions): Promise<Webhook>

  /**
   * Webhooks for all event types: `GET /v2/webhooks`
   *
   * The newest first. Those of one event type are listed there.
   */
  getWebhooks(query?: GetWebhooksQuery, options?: CallOptions): Promise<Webhook[]>

  /**
   * One webhook: `GET /v2/webhooks/{webhookId}`
   *
   * Refuses with `webhook_not_found`.
   */
  getWebhook(webhookId: number, options?: CallOptions): Promise<Webhook>

  /**
   * Change a webhook: `PATCH /v2/webhooks/{webhookId}`
   *
   * Refuses with `webhook_not_found`.
   */
  updateWebhook(webhookId: number, body?: WebhookUpdate, options?: CallOptions): Promise<Webhook>

  /**
   * Delete a webhook: `DELETE /v2/webhooks/{webhookId}`
   *
   * Refuses with `webhook_not_found`.
   */
  deleteWebhook(webhookId: number, options?: CallOptions): Promise<Webhook>

  /**
   * Make a webhook of an event type: `POST /v2/event-types/{eventTypeId}/webhooks`
   *
   * Refuses with `event_type_not_found`, `too_many_webhooks`.
   */
  createEventTypeWebhook(eventTypeId: number, body: NewWebhook, options?: CallOptions): Promise<EventTypeWebhook>

  /**
   * Webhooks of an event type: `GET /v2/event-types/{eventTypeId}/webhooks`
   *
   * Refuses with `event_type_not_found`.
   */
  getEventTypeWebhooks(eventTypeId: number, query?: GetEventTypeWebhooksQuery, options?: CallOptions): Promise<EventTypeWebhook[]>

  /**
   * Delete all webhooks of an event type: `DELETE /v2/event-types/{eventTypeId}/webhooks`
   *
   * Refuses with `event_type_not_found`.
   */
  deleteEventTypeWebhooks(eventTypeId: number, options?: CallOptions): Promise<string>

  /**
   * One webhook of an event type: `GET /v2/event-types/{eventTypeId}/webhooks/{webhookId}`
   *
   * Refuses with `webhook_not_found`.
   */
  getEventTypeWebhook(eventTypeId: number, webhookId: number, options?: CallOptions): Promise<EventTypeWebhook>

  /**
   * Change a webhook of an event type: `PATCH /v2/event-types/{eventTypeId}/webhooks/{webhookId}`
   *
   * Refuses with `webhook_not_found`.
   */
  updateEventTypeWebhook(eventTypeId: number, webhookId: number, body?: WebhookUpdate, options?: CallOptions): Promise<EventTypeWebhook>

  /**
   * Delete a webhook of an event type: `DELETE /v2/event-types/{eventTypeId}/webhooks/{webhookId}`
   *
   * Refuses with `webhook_not_found`.
   */
  deleteEventTypeWebhook(eventTypeId: number, webhookId: number, options?: CallOptions): Promise<EventTypeWebhook>

  /**
   * What a webhook was told: `GET /v2/webhooks/{webhookId}/deliveries`
   *
   * The newest first, with what was sent and what came back, for thirty days.
   *
   * Refuses with `webhook_not_found`.
   */
  getWebhookDeliveries(webhookId: number, query?: GetWebhookDeliveriesQuery, options?: CallOptions): Pages<WebhookDelivery>

  /**
   * Send a delivery again: `POST /v2/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver`
   *
   * Under the same id, whatever came of it before.
   *
   * Refuses with `webhook_not_found`, `delivery_not_replayable`.
   */
  redeliverToWebhook(webhookId: number, deliveryId: string, options?: CallOptions): Promise<void>

  /**
   * Send a test at once: `POST /v2/webhooks/{webhookId}/ping`
   *
   * And say what the other side answers.
   *
   * Refuses with `webhook_not_found`, `rate_limited`.
   */
  pingWebhook(webhookId: number, options?: CallOptions): Promise<WebhookPing>

  /**
   * Sign with another secret: `POST /v2/webhooks/{webhookId}/rotate-secret`
   *
   * The one before signs as well for 24 hours.
   *
   * Refuses with `webhook_not_found`.
   */
  rotateWebhookSecret(webhookId: number, body?: WebhookSecretChange, options?: CallOptions): Promise<WebhookSecret>

  /**
   * Mail a code to an address: `POST /v2/verified-resources/emails/verification-code/request`
   *
   * The reply is the same whether or not the address is verified already.
   *
   * Refuses with `mail_unavailable`, `rate_limited`.
   */
  requestEmailVerificationCode(body: EmailCodeRequest, options?: CallOptions): Promise<void>

  /**
   * Verify an address with its code: `POST /v2/verified-resources/emails/verification-code/verify`
   *
   * Refuses with `mail_code_wrong`, `too_many_verified_emails`, `rate_limited`.
   */
  verifyEmail(body: EmailCode, options?: CallOptions): Promise<VerifiedEmail>

  /** Verified mail addresses: `GET /v2/verified-resources/emails` */
  getVerifiedEmails(query?: GetVerifiedEmailsQuery, options?: CallOptions): Pages<VerifiedEmail>

  /**
   * One verified mail address: `GET /v2/verified-resources/emails/{id}`
   *
   * Refuses with `verified_email_not_found`.
   */
  getVerifiedEmail(id: number, options?: CallOptions): Promise<VerifiedEmail>

  /**
   * Send a code to a number: `POST /v2/verified-resources/phones/verification-code/request`
   *
   * No text messages are sent by this installation, so there are no verified numbers.
   *
   * Refuses with `text_messages_unavailable`.
   */
  requestPhoneVerificationCode(body: PhoneCodeRequest, options?: CallOptions): Promise<void>

  /**
   * Verify a number with its code: `POST /v2/verified-resources/phones/verification-code/verify`
   *
   * No text messages are sent by this installation, so there are no verified numbers.
   *
   * Refuses with `text_messages_unavailable`.
   */
  verifyPhone(body: PhoneCode, options?: CallOptions): Promise<VerifiedPhone>

  /**
   * Verified numbers: `GET /v2/verified-resources/phones`
   *
   * No text messages are sent by this installation, so there are no verified numbers.
   */
  getVerifiedPhones(query?: GetVerifiedPhonesQuery, options?: CallOptions): Pages<VerifiedPhone>

  /**
   * One verified number: `GET /v2/verified-resources/phones/{id}`
   *
   * No text messages are sent by this installation, so there are no verified numbers.
   *
   * Refuses with `verified_phone_not_found`.
   */
  getVerifiedPhone(id: number, options?: CallOptions): Promise<VerifiedPhone>

  /**
   * Connected calendars: `GET /v2/calendars`
   *
   * Calendars of other services cannot be connected yet, so there are none.
   */
  getCalendars(options?: CallOptions): Promise<ConnectedCalendars>

  /**
   * When the owner of the key is busy: `GET /v2/calendars/busy-times`
   *
   * Bookings without their buffers, absences, and public holidays that are kept. They are not cut where they reach beyond the dates.
   *
   * Refuses with `calendar_not_found`.
   */
  getBusyTimes(query?: GetBusyTimesQuery, options?: CallOptions): Promise<BusyTime[]>

}

export interface OperationShape {
  method: string
  path: string
  takes?: 'query' | 'body'
  paged?: true
}

export const operations: Record<keyof Sundial, OperationShape> = {
  getMe: { method: 'GET', path: '/v2/me' },
  updateMe: { method: 'PATCH', path: '/v2/me', takes: 'body' },
  refreshApiKey: { method: 'POST', path: '/v2/api-keys/refresh', takes: 'body' },
  createSchedule: { method: 'POST', path: '/v2/schedules', takes: 'body' },
  getSchedules: { method: 'GET', path: '/v2/schedules' },
  getDefaultSchedule: { method: 'GET', path: '/v2/schedules/default' },
  getSchedule: { method: 'GET', path: '/v2/schedules/{scheduleId}' },
  updateSchedule: { method: 'PATCH', path: '/v2/schedules/{scheduleId}', takes: 'body' },
  deleteSchedule: { method: 'DELETE', path: '/v2/schedules/{scheduleId}' },
  createEventType: { method: 'POST', path: '/v2/event-types', takes: 'body' },
  getEventTypes: { method: 'GET', path: '/v2/event-types', takes: 'query', paged: true },
  getEventType: { method: 'GET', path: '/v2/event-types/{eventTypeId}' },
  updateEventType: { method: 'PATCH', path: '/v2/event-types/{eventTypeId}', takes: 'body' },
  deleteEventType: { method: 'DELETE', path: '/v2/event-types/{eventTypeId}' },
  createPrivateLink: { method: 'POST', path: '/v2/event-types/{eventTypeId}/private-links', takes: 'body' },
  getPrivateLinks: { method: 'GET', path: '/v2/event-types/{eventTypeId}/private-links', takes: 'query', paged: true },
  updatePrivateLink: { method: 'PATCH', path: '/v2/event-types/{eventTypeId}/private-links/{linkId}', takes: 'body' },
  deletePrivateLink: { method: 'DELETE', path: '/v2/event-types/{eventTypeId}/private-links/{linkId}' },
  createBooking: { method: 'POST', path: '/v2/bookings', takes: 'body' },
  getBookings: { method: 'GET', path: '/v2/bookings', takes: 'query', paged: true },
  createRecurringBooking: { method: 'POST', path: '/v2/bookings/recurring', takes: 'body' },
  getBooking: { method: 'GET', path: '/v2/bookings/{bookingUid}' },
  getBookingBySeat: { method: 'GET', path: '/v2/bookings/by-seat/{seatUid}' },
  rescheduleBooking: { method: 'POST', path: '/v2/bookings/{bookingUid}/reschedule', takes: 'body' },
  cancelBooking: { method: 'POST', path: '/v2/bookings/{bookingUid}/cancel', takes: 'body' },
  confirmBooking: { method: 'POST', path: '/v2/bookings/{bookingUid}/confirm' },
  declineBooking: { method: 'POST', path: '/v2/bookings/{bookingUid}/decline', takes: 'body' },
  markAbsent: { method: 'POST', path: '/v2/bookings/{bookingUid}/mark-absent', takes: 'body' },
  getBookingAttendees: { method: 'GET', path: '/v2/bookings/{bookingUid}/attendees' },
  addBookingAttendee: { method: 'POST', path: '/v2/bookings/{bookingUid}/attendees', takes: 'body' },
  getBookingAttendee: { method: 'GET', path: '/v2/bookings/{bookingUid}/attendees/{attendeeId}' },
  addBookingGuests: { method: 'POST', path: '/v2/bookings/{bookingUid}/guests', takes: 'body' },
  updateBookingLocation: { method: 'PATCH', path: '/v2/bookings/{bookingUid}/location', takes: 'body' },
  getBookingCalendarLinks: { method: 'GET', path: '/v2/bookings/{bookingUid}/calendar-links' },
  getBookingReferences: { method: 'GET', path: '/v2/bookings/{bookingUid}/references', takes: 'query' },
  getBookingRecordings: { method: 'GET', path: '/v2/bookings/{bookingUid}/recordings' },
  getBookingTranscripts: { method: 'GET', path: '/v2/bookings/{bookingUid}/transcripts' },
  getBookingVideoSessions: { method: 'GET', path: '/v2/bookings/{bookingUid}/conferencing-sessions' },
  reassignBooking: { method: 'POST', path: '/v2/bookings/{bookingUid}/reassign' },
  reassignBookingToUser: { method: 'POST', path: '/v2/bookings/{bookingUid}/reassign/{userId}', takes: 'body' },
  getAvailableSlots: { method: 'GET', path: '/v2/slots', takes: 'query' },
  getSlotsAvailable: { method: 'GET', path: '/v2/slots/available', takes: 'query' },
  explainSlot: { method: 'GET', path: '/v2/slots/explanation', takes: 'query' },
  reserveSlot: { method: 'POST', path: '/v2/slots/reservations', takes: 'body' },
  getReservedSlot: { method: 'GET', path: '/v2/slots/reservations/{uid}' },
  updateReservedSlot: { method: 'PATCH', path: '/v2/slots/reservations/{uid}', takes: 'body' },
  deleteReservedSlot: { method: 'DELETE', path: '/v2/slots/reservations/{uid}' },
  createWebhook: { method: 'POST', path: '/v2/webhooks', takes: 'body' },
  getWebhooks: { method: 'GET', path: '/v2/webhooks', takes: 'query' },
  getWebhook: { method: 'GET', path: '/v2/webhooks/{webhookId}' },
  updateWebhook: { method: 'PATCH', path: '/v2/webhooks/{webhookId}', takes: 'body' },
  deleteWebhook: { method: 'DELETE', path: '/v2/webhooks/{webhookId}' },
  createEventTypeWebhook: { method: 'POST', path: '/v2/event-types/{eventTypeId}/webhooks', takes: 'body' },
  getEventTypeWebhooks: { method: 'GET', path: '/v2/event-types/{eventTypeId}/webhooks', takes: 'query' },
  deleteEventTypeWebhooks: { method: 'DELETE', path: '/v2/event-types/{eventTypeId}/webhooks' },
  getEventTypeWebhook: { method: 'GET', path: '/v2/event-types/{eventTypeId}/webhooks/{webhookId}' },
  updateEventTypeWebhook: { method: 'PATCH', path: '/v2/event-types/{eventTypeId}/webhooks/{webhookId}', takes: 'body' },
  deleteEventTypeWebhook: { method: 'DELETE', path: '/v2/event-types/{eventTypeId}/webhooks/{webhookId}' },
  getWebhookDeliveries: { method: 'GET', path: '/v2/webhooks/{webhookId}/deliveries', takes: 'query', paged: true },
  redeliverToWebhook: { method: 'POST', path: '/v2/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver' },
  pingWebhook: { method: 'POST', path: '/v2/webhooks/{webhookId}/ping' },
  rotateWebhookSecret: { method: 'POST', path: '/v2/webhooks/{webhookId}/rotate-secret', takes: 'body' },
  requestEmailVerificationCode: { method: 'POST', path: '/v2/verified-resources/emails/verification-code/request', takes: 'body' },
  verifyEmail: { method: 'POST', path: '/v2/verified-resources/emails/verification-code/verify', takes: 'body' },
  getVerifiedEmails: { method: 'GET', path: '/v2/verified-resources/emails', takes: 'query', paged: true },
  getVerifiedEmail: { method: 'GET', path: '/v2/verified-resources/emails/{id}' },
  requestPhoneVerificationCode: { method: 'POST', path: '/v2/verified-resources/phones/verification-code/request', takes: 'body' },
  verifyPhone: { method: 'POST', path: '/v2/verified-resources/phones/verification-code/verify', takes: 'body' },
  getVerifiedPhones: { method: 'GET', path: '/v2/verified-resources/phones', takes: 'query', paged: true },
  getVerifiedPhone: { method: 'GET', path: '/v2/verified-resources/phones/{id}' },
  getCalendars: { method: 'GET', path: '/v2/calendars' },
  getBusyTimes: { method: 'GET', path: '/v2/calendars/busy-times', takes: 'query' },
}
