import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { calendarDate } from '#platform/fields.ts'
import type { ActivityCursor } from './types.ts'

/** Kinds of things that can be asked for, in the order of the list. A series is part of bookings. */
export const NOUNS = [
  ...['booking', 'series', 'event-type', 'schedule', 'absence', 'trip', 'contact', 'booker-block', 'booking-view'],
  'note-preset',
  ...['calendar-feed', 'delivery', 'erasure', 'webhook', 'user', 'session', 'api-key', 'history'],
] as const

/** `you` and `others` have an account; of the whole installation's log `people` are both. */
export const ACTORS = ['you', 'others', 'people', 'visitors', 'system'] as const

/** What a log is narrowed to. Everything must hold. */
export interface ActivityFilters {
  noun: string | null
  by: (typeof ACTORS)[number] | null
  /** YYYY-MM-DD in the reader's zone, both included. */
  from: string | null
  to: string | null
}

const noun = z.string().regex(/^[a-z][a-z-]{0,39}$/)
const cursor = z.string().regex(/^\d{4}-\d\d-\d\dT[\d:.]{8,18}Z~\d{1,15}$/)

/** Reads an address as leniently as a person types one: what means nothing narrows nothing. */
export function activityFiltersOf(params: URLSearchParams): ActivityFilters {
  const get = <T>(name: string, schema: z.ZodType<T>): T | null => schema.safeParse(params.get(name)).data ?? null
  return {
    noun: get('noun', noun),
    by: get('by', z.enum(ACTORS)),
    from: get('from', calendarDate),
    to: get('to', calendarDate),
  }
}

/** The end of the page before, from an address; null on the first page. */
export function cursorOf(params: URLSearchParams): ActivityCursor | null {
  const text = cursor.safeParse(params.get('after')).data
  const [at, position] = text?.split('~') ?? []
  if (at === undefined || !isInstant(at)) return null
  return { at, position: Number(position) }
}

export function cursorText({ at, position }: ActivityCursor): string {
  return `${at}~${position}`
}

function isInstant(text: string): boolean {
  try {
    Temporal.Instant.from(text)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
