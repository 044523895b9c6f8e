/**
 * What goes into the engine and what comes out.
 *
 * At this boundary every instant is epoch **milliseconds** and every length is whole **minutes**; dates are `YYYY-MM-DD`
 * and carry no zone of their own. Inside, the engine counts whole minutes since the epoch.
 */

/** Hours that return every week. An entry whose end is not after its start opens nothing. */
export interface WeeklyHours {
  /** Weekdays, 0 = Sunday. */
  readonly days: readonly number[]
  /** Minutes of the local day, 0..1440. */
  readonly start: number
  /** Minutes of the local day, 0..1440; 1440 is 24:00, the next day's 00:00. */
  readonly end: number
}

/** Replaces the weekly hours of one local date. Several on one date add up; `off`, or none at all, adds nothing. */
export interface DateOverride {
  readonly date: string
  readonly start?: number
  readonly end?: number
  readonly off?: boolean
  /** Made after an absence and on purpose: it opens its hours although the day is away. */
  readonly deliberate?: boolean
}

/** Days away, both inclusive, in the host's zone. Public holidays enter the same way. */
export interface AwayDays {
  readonly start: string
  readonly end: string
  /** Minute of the first date from which one is away; absent: the whole of it. */
  readonly startMinute?: number
  /** Minute of the last date until which one is away; absent: the whole of it. */
  readonly endMinute?: number
  readonly kind?: 'away' | 'holiday'
  readonly label?: string
}

/** Dates of the home zone on which wall times are read elsewhere. No `to` means open. The first matching trip wins. */
export interface Trip {
  readonly from: string
  readonly to?: string
  readonly timeZone: string
}

/** Hours that stand in for `weekly` on some dates. The first layer valid on a date decides its hours. */
export interface ScheduleLayer {
  readonly weekly: readonly WeeklyHours[]
  /** First date of validity; absent = since ever. */
  readonly from?: string
  /** Last date of validity, inclusive; absent = for ever. */
  readonly to?: string
  /**
   * Valid in every n-th week only, counted in blocks of seven days from `anchor`, which begins the first valid week; or
   * in some weeks of each month, where 1 is its days 1 to 7 (the first Monday, the first Tuesday ...), 4 its days 22 to
   * 28, and -1 its last seven: the ordinals of BYDAY in RFC 5545 §3.3.10.
   */
  readonly weeks?: { readonly every: number; readonly anchor: string } | { readonly ofMonth: readonly number[] }
}

export interface ScheduleInput {
  readonly timeZone: string
  readonly weekly: readonly WeeklyHours[]
  readonly layers?: readonly ScheduleLayer[]
  readonly overrides?: readonly DateOverride[]
  readonly outOfOffice?: readonly AwayDays[]
  readonly travel?: readonly Trip[]
  /** Availability given directly as [start, end) instants; everything else about the schedule is then ignored. */
  readonly ranges?: readonly (readonly [number, number])[]
}

/** Greatest number (of bookings or minutes) per calendar period. Weeks begin on Sunday. */
export interface PeriodLimits {
  readonly day?: number
  readonly week?: number
  readonly month?: number
  readonly year?: number
}

export interface Limits {
  readonly bookings?: PeriodLimits
  readonly minutes?: PeriodLimits
}

export interface HostInput extends ScheduleInput {
  readonly id: string
  /** Kept for the record; the engine reads hours in `timeZone` and on trips. */
  readonly profileTimeZone?: string
  /** Round robin only: takes part in every meeting. */
  readonly fixed?: boolean
  /** Round robin only: hosts without a group form one group of their own. */
  readonly group?: string
  /** Welcome but never needed: blocks nothing. */
  readonly optional?: boolean
  /** The host's own limits over every event type, in periods of the host's zone. */
  readonly limits?: Limits
}

/** A thing the meeting needs, of which there are several alike (rooms, cars, licences). */
export interface ResourceInput {
  readonly id: string
  readonly quantity: number
  /** Units one meeting takes; absent = 1. */
  readonly need?: number
  /** When the resource can be used; absent = always. */
  readonly schedule?: ScheduleInput
}

/** A second mask: a slot must lie wholly within one of its ranges. It does not move the grid. */
export interface RestrictionInput {
  /** A zone, or `visitor`: then `Facts.visitorTimeZone` must be given. */
  readonly timeZone: string
  readonly weekly: readonly WeeklyHours[]
  readonly layers?: readonly ScheduleLayer[]
  readonly overrides?: readonly DateOverride[]
}

export type BookingWindow =
  | { readonly type: 'rolling'; readonly days: number; readonly calendarDays: boolean }
  /** Always `days` days that have a slot. */
  | { readonly type: 'rollingWindow'; readonly days: number; readonly calendarDays: boolean }
  /** Dates of the event zone, both inclusive. */
  | { readonly type: 'fixed'; readonly startDate: string; readonly endDate: string }

export type Scheduling = 'single' | 'collective' | 'roundRobin'

export interface OfferInput {
  readonly scheduling: Scheduling
  readonly durationMinutes: number
  /** Step of the grid; absent = the duration. */
  readonly slotIntervalMinutes?: number
  /** Shifts the grid of every free range once. */
  readonly offsetMinutes?: number
  readonly noticeMinutes?: number
  readonly bufferBeforeMinutes?: number
  readonly bufferAfterMinutes?: number
  /** Absent = unlimited. */
  readonly window?: BookingWindow
  /** Limits of this event type. */
  readonly limits?: Limits
  /** Limits over all bookings marked `team`: of the whole team together, and of each host. */
  readonly teamLimits?: { readonly all?: Limits; readonly perHost?: Limits }
  /** Nothing is offered to a booker who has this many active bookings (`Facts.booker`). */
  readonly maxActivePerBooker?: number
  readonly seatsPerSlot?: number
  readonly optimizedSlots?: boolean
  readonly onlyFirstSlotPerDay?: boolean
  /** Pending bookings block their hosts too. They never count towards limits. */
  readonly pendingBlocks?: boolean
  /** The event zone; absent = that of the lead host's schedule. */
  readonly timeZone?: string
  readonly hosts: readonly HostInput[]
  /** Round robin: how many hosts of a group a meeting takes; absent = 1. Hosts without a group: id `''`. */
  readonly groups?: readonly { readonly id: string; readonly need: number }[]
  readonly resources?: readonly ResourceInput[]
  readonly restriction?: RestrictionInput
}

/** Busy time from outside. `kind` and `label` are handed back by `explain`. */
export interface BusyTime {
  readonly host: string
  readonly start: number
  readonly end: number
  readonly kind?: string
  readonly label?: string
}

export type BookingStatus = 'accepted' | 'pending' | 'cancelled' | 'rejected'

export interface BookedTime {
  readonly host: string
  readonly start: number
  readonly end: number
  /** A booking of the event type this offer is for: it counts towards `limits` and may have free seats. */
  readonly sameEvent: boolean
  /** Counts towards `teamLimits`, even when its host is not among the hosts of the offer. */
  readonly team?: boolean
  /** Buffers of the booked event type. */
  readonly bufferBeforeMinutes?: number
  readonly bufferAfterMinutes?: number
  /** Seats taken or held. Absent = an ordinary booking. */
  readonly seatsTaken?: number
  /** Co-hosts: blocked like the host. */
  readonly alsoHosts?: readonly string[]
  /** Absent = accepted. Only accepted bookings count; cancelled and rejected ones are ignored. */
  readonly status?: BookingStatus
  /** Handed back by `explain`. */
  readonly uid?: string
}

/** A short reservation by somebody else. It blocks its host, without buffers, until `releaseAt` (exclusive). */
export interface HeldTime {
  readonly host: string
  readonly start: number
  readonly end: number
  readonly releaseAt: number
}

/** What is known of one watched calendar. See `calendarHealth`. */
export interface CalendarState {
  readonly host: string
  readonly id: string
  /** When it was last read with success. */
  readonly readAt: number
  /** The latest attempt to read it failed. */
  readonly failing: boolean
  /** How long the last successful reading is trusted while it fails. */
  readonly graceMinutes: number
  /** After the grace: `block` all time of the host, or `trust` the last reading. */
  readonly whenBroken: 'block' | 'trust'
}

/** Units of a resource in use. */
export interface ResourceUse {
  readonly resource: string
  readonly start: number
  readonly end: number
  /** Absent = 1. */
  readonly units?: number
}

/** Everything that changes between two requests. Order never matters. */
export interface Facts {
  readonly now: number
  readonly busy?: readonly BusyTime[]
  /** The same as `busy` for bulk loads: [start, end, start, end, ...] per host, no kinds. */
  readonly busyTimes?: readonly { readonly host: string; readonly times: ArrayLike<number> }[]
  readonly bookings?: readonly BookedTime[]
  readonly holds?: readonly HeldTime[]
  readonly calendars?: readonly CalendarState[]
  readonly resourceUse?: readonly ResourceUse[]
  /** The booking being moved: leave it out of `bookings`; its copies in external calendars are cut out by this. */
  readonly moved?: { readonly hosts: readonly string[]; readonly start: number; readonly end: number }
  readonly booker?: { readonly activeBookings: number }
  /** Only read by a restriction in the visitor's zone. */
  readonly visitorTimeZone?: string
}

/** [start, end) in epoch milliseconds. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** The input breaks the contract above. `path` names the field, `message` says what is wrong with it. */
export class EngineInputError extends Error {
  readonly path: string

  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`)
    this.name = 'EngineInputError'
    this.path = path
  }
}
