/** Where a meeting takes place. */
export type Location =
  | { kind: 'in_person'; address: string }
  /** The host calls; the booker leaves a number. */
  | { kind: 'attendee_phone' }
  /** The booker calls this number. */
  | { kind: 'host_phone'; phone: string }
  /** A page to meet at; `video` says that it is a video call. */
  | { kind: 'link'; url: string; label: string; video: boolean }

/** How far ahead one may book; null = without limit. Dates are in the event zone, both included. */
export type BookingWindow =
  /** Until the end of today + `days`. */
  | { type: 'rolling'; days: number; calendarDays: boolean }
  /** Until `days` days that have a slot. */
  | { type: 'rollingWindow'; days: number; calendarDays: boolean }
  | { type: 'fixed'; startDate: string; endDate: string }
  | null

/** Lengths are minutes. */
export interface EventType {
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
  locationKinds: ('in_person' | 'attendee_phone' | 'host_phone' | 'link' | 'video')[]
  requiresConfirmation: boolean
  color: string | null
}
