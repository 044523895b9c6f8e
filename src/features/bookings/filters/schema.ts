import { z } from 'zod'
import { calendarDate } from '#platform/fields.ts'

export const STATUSES = ['pending', 'accepted', 'rejected', 'cancelled'] as const

/** What a list of bookings is narrowed to. Everything must hold. */
export interface BookingFilters {
  /** Each is part of the title, or of a name or mail address of somebody who comes, or is the booking's uid. */
  words: string[]
  eventTypeId: number | null
  /** YYYY-MM-DD in the host's zone, both included: the day the booking begins on. */
  from: string | null
  to: string | null
  status: (typeof STATUSES)[number] | null
}

const MOST_WORDS = 8
const MOST_CHARACTERS = 200

const id = z.string().regex(/^[1-9]\d{0,15}$/)

/** Reads an address as leniently as a person types one: what means nothing narrows nothing. */
export function filtersOf(params: URLSearchParams): BookingFilters {
  const get = <T>(name: string, schema: z.ZodType<T>): T | null => schema.safeParse(params.get(name)).data ?? null
  const text = (params.get('q') ?? '').slice(0, MOST_CHARACTERS).replace(/\p{C}/gu, ' ').trim()
  const type = get('type', id)
  return {
    words: text === '' ? [] : text.split(/\s+/).slice(0, MOST_WORDS),
    eventTypeId: type === null ? null : Number(type),
    from: get('from', calendarDate),
    to: get('to', calendarDate),
    status: get('status', z.enum(STATUSES)),
  }
}

/** The other way round, in one spelling: `q=anna&from=2026-11-01`; empty when nothing is narrowed. */
export function queryOf({ words, eventTypeId, from, to, status }: BookingFilters): string {
  const pairs = { q: words.join(' '), type: eventTypeId, from, to, status }
  const set = Object.entries(pairs).filter(([, value]) => value !== null && value !== '')
  return new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString()
}
