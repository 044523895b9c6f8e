/** What a webhook can be told of, in the order pages list them. Names are those of Cal.com, and BOOKING_CONFIRMED. */
export const TRIGGERS = [
  'BOOKING_CREATED',
  'BOOKING_REQUESTED',
  'BOOKING_CONFIRMED',
  'BOOKING_REJECTED',
  'BOOKING_RESCHEDULED',
  'BOOKING_CANCELLED',
  'BOOKING_NO_SHOW_UPDATED',
  'MEETING_STARTED',
  'MEETING_ENDED',
  'OOO_CREATED',
] as const
export type Trigger = (typeof TRIGGERS)[number]

/** The shape of what is sent; there has been one. */
export const VERSIONS = ['2021-10-20'] as const

export const LONGEST_TEMPLATE = 20_000
export const LONGEST_SECRET = 200
export const SHORTEST_SECRET = 8
export const MOST_WEBHOOKS = 50

/** A webhook as its owner sees it: secrets are never shown again. Instants are epoch milliseconds. */
export interface Webhook {
  id: number
  url: string
  /** Null: all event types. */
  eventTypeId: number | null
  /** Null when it is for all, or its event type is gone. */
  eventTypeTitle: string | null
  active: boolean
  triggers: Trigger[]
  /** Null: the standard body. */
  template: string | null
  version: string
  hasSecret: boolean
  /** Until then the secret before signs as well. */
  formerUntil: number | null
  /** It was switched off by itself, and why. */
  stopped: 'gone' | 'failing' | null
  failingSince: number | null
  createdAt: number
}

/** What came of asking a receiver at once. */
export type PingResult =
  | { ok: boolean; status: number; body: string; milliseconds: number }
  /** Nobody answered: a code of `errors.`. */
  | { ok: false; failure: string; milliseconds: number }

/** One delivery in the log of a webhook. Instants are epoch milliseconds. */
export interface LoggedDelivery {
  id: string
  trigger: string
  /** `booking:17` */
  subject: string
  state: 'waiting' | 'sending' | 'delivered' | 'skipped' | 'failed'
  /** Code of why it waits, was skipped or failed. */
  reason: string | null
  attempts: number
  createdAt: number
  nextAt: number | null
  /** The latest tries, newest first. */
  tries: LoggedTry[]
}

export interface LoggedTry {
  id: string
  at: number
  request: { url: string; headers: Record<string, string>; body: string }
  /** Null: there was no answer. */
  response: { status: number; headers: Record<string, string | string[]>; body: string } | null
  failure: string | null
  milliseconds: number
}
