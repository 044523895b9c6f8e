import type { EventType } from '../event-types/types.ts'
import type { DateOverride, WeeklyHours } from '../schedules/types.ts'

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
  theme: 'system' | 'light' | 'dark'
  brandColor: string | null
}

/** An event type with everything that decides its slots except time taken. */
export interface Offer {
  eventType: EventType
  host: OfferHost
  hours: { timeZone: string; weekly: WeeklyHours[]; overrides: DateOverride[] }
  /** Changes whenever anything above does. */
  version: string
}

export interface MonthView {
  /** YYYY-MM */
  month: string
  /** Local dates of the viewer's zone that have slots, in order, with their starts as epoch milliseconds. */
  days: { date: string; starts: number[] }[]
}

export interface Hold {
  token: string
  /** Epoch milliseconds. */
  expiresAt: number
}
