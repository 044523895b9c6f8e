import type { BookingWindow, EventType, Location } from '../types.ts'

/** A location while it is being edited: switching its kind keeps what was typed. */
export interface LocationDraft {
  kind: LocationKind
  /** Address, number or link. */
  text: string
  label: string
}

export const LOCATION_KINDS = ['video', 'link', 'attendee_phone', 'host_phone', 'in_person'] as const
export type LocationKind = (typeof LOCATION_KINDS)[number]

export const LOCATION_ICONS = {
  video: 'video',
  link: 'link',
  attendee_phone: 'phone',
  host_phone: 'phone',
  in_person: 'pin',
} as const satisfies Record<LocationKind, string>

/** Every choice of the booking window keeps its values while another is looked at. */
export interface WindowDraft {
  type: 'none' | 'rolling' | 'rollingWindow' | 'fixed'
  days: number | null
  calendarDays: boolean
  startDate: string
  endDate: string
}

/** The settings of an event type while they are edited; a number is null while its field is empty. */
export interface Draft {
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
  requiresConfirmation: boolean
  hidden: boolean
  color: string | null
}

const WINDOW: WindowDraft = { type: 'none', days: 30, calendarDays: true, startDate: '', endDate: '' }

export function draftOf(eventType: EventType): Draft {
  const { title, slug, description, durations, scheduleId, bufferBefore, bufferAfter, notice } = eventType
  const { slotInterval, slotOffset, requiresConfirmation, hidden, color, locations, window } = eventType
  return {
    ...{ title, slug, description, scheduleId, bufferBefore, bufferAfter, notice, slotInterval, slotOffset },
    ...{ requiresConfirmation, hidden, color },
    durations: [...durations],
    locations: locations.map(locationDraftOf),
    window: { ...WINDOW, ...(window ?? {}) },
  }
}

export function locationDraftOf(location: Location): LocationDraft {
  switch (location.kind) {
    case 'in_person':
      return { kind: 'in_person', text: location.address, label: '' }
    case 'attendee_phone':
      return { kind: 'attendee_phone', text: '', label: '' }
    case 'host_phone':
      return { kind: 'host_phone', text: location.phone, label: '' }
    case 'link':
      return { kind: location.video ? 'video' : 'link', text: location.url, label: location.label }
  }
}

/** The location as the command takes it. */
export function locationOf({ kind, text, label }: LocationDraft): Location {
  switch (kind) {
    case 'in_person':
      return { kind, address: text }
    case 'attendee_phone':
      return { kind }
    case 'host_phone':
      return { kind, phone: text }
    case 'video':
    case 'link':
      return { kind: 'link', url: text, label, video: kind === 'video' }
  }
}

/** Where the schema names a problem of a location's text. */
export const TEXT_PATH = {
  video: 'url',
  link: 'url',
  attendee_phone: 'kind',
  host_phone: 'phone',
  in_person: 'address',
} as const satisfies Record<LocationKind, string>

/** The settings as the command takes them; what is empty is left to it to refuse. */
export function settingsOf(draft: Draft) {
  return { ...draft, locations: draft.locations.map(locationOf), window: windowOf(draft.window) }
}

function windowOf({ type, days, calendarDays, startDate, endDate }: WindowDraft): BookingWindow {
  if (type === 'none') return null
  if (type === 'fixed') return { type, startDate, endDate }
  return { type, days: days as number, calendarDays }
}
