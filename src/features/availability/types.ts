import type { EventType } from '../event-types/types.ts'
import type { PublicAbsence } from '../schedules/away/types.ts'
import type { Holiday } from '../schedules/holidays/types.ts'
import type { HostLimits } from '../schedules/limits/types.ts'
import type { Trip } from '../schedules/travel/types.ts'
import type { DateOverride, ScheduleLayer, WeeklyHours } from '../schedules/types.ts'

/** What the public may know of a host, and what mails and pages need. */
export interface OfferHost {
  id: number
  username: string
  name: string
  bio: string
  avatarEtag: string | null
  locale: string
  hourCycle: 'h12' | 'h23'
  weekStart: number
  /** Of their pages. */
  theme: 'system' | 'light' | 'dark'
  brandColor: string | null
  brandColorDark: string | null
  /** Those pages do not name the product. */
  hideBranding: boolean
  /** Search engines may list those pages. */
  searchIndexed: boolean
}

export interface OfferHours {
  weekly: WeeklyHours[]
  overrides: DateOverride[]
  layers: ScheduleLayer[]
}

/** One whose time is offered, with everything of theirs that decides when. */
export interface OfferMember {
  host: OfferHost
  hours: OfferHours & { timeZone: string }
  /** Only where the default schedule is in force. */
  trips: Pick<Trip, 'firstDate' | 'lastDate' | 'timeZone'>[]
  /** Days off, each with what visitors may be told. */
  absences: PublicAbsence[]
  holidays: Holiday[]
  /** Of the host over all event types. */
  hostLimits: HostLimits
}

/** An event type with everything that decides its slots except time taken. */
export interface Offer extends OfferMember {
  eventType: EventType
  /** Hosts of a group link beside the first, whose clock it goes by: all of them must be free. */
  coHosts: OfferMember[]
  /** A slot must lie within these hours too. `visitor`: of the clock on the wall of who books. */
  restriction: (OfferHours & { timeZone: string }) | null
  /** Changes whenever anything above does. */
  version: string
  /** These starts (epoch ms) and no others, as of a one-off offer; null: whatever the hours give. */
  only: { starts: readonly number[]; duration: number | null } | null
}

/** Whether numbers of bookings over all event types decide, so that two at once must not both be counted as the last one. */
export function isHostLimited({ hostLimits }: Pick<OfferMember, 'hostLimits'>): boolean {
  return [hostLimits.bookings, hostLimits.minutes].some((one) => Object.keys(one).length > 0)
}

/** Everybody whose time a booking of the offer takes. */
export function hostIdsOf({ host, coHosts }: Pick<Offer, 'host' | 'coHosts'>): number[] {
  return [host.id, ...coHosts.map((one) => one.host.id)]
}

/** A start that is kept for whoever has the token. Instants are epoch milliseconds. */
export interface Hold {
  token: string
  /** Null: of a group link. */
  eventTypeId: number | null
  start: number
  end: number
  expiresAt: number
  /** For how long it was kept. */
  minutes: number
}

/** A hold that was placed just now. */
export interface PlacedHold extends Hold {
  /** Where seats are shared, how many are free to who holds these, these included; null elsewhere. */
  seatsFree: number | null
}

/** In short why a day has no slot: what the engine's `explain` says of the starts it would have had. */
export interface DayReason {
  code: DayReasonCode
  /** Name of a holiday. */
  label?: string
}

export const DAY_REASONS = [
  'past',
  'away',
  'holiday',
  'window',
  'notice',
  'limit',
  'booking',
  'held',
  'buffer',
  'restriction',
  'seatsElsewhere',
  'closed',
  'other',
] as const
export type DayReasonCode = (typeof DAY_REASONS)[number]

export interface DayPicture {
  /** YYYY-MM-DD in the zone of the offer. */
  date: string
  /** Free starts, epoch milliseconds. */
  starts: number[]
  /** Of a day without; the weightiest first. */
  reasons: DayReason[]
}

/** A booking that stands in the way. Instants are epoch milliseconds. */
export interface BookingNear {
  uid: string
  title: string
  start: number
  end: number
}
