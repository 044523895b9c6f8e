import type { RequestEvent } from '@sveltejs/kit'
import { Temporal } from 'temporal-polyfill'
import type { Offer } from '#features/availability/types.ts'
import { type BookerState, layoutOf } from '#features/bookings/ui/booker.ts'
import { DAY_BEGINS } from '#features/bookings/ui/day-begins.ts'
import { type EventTypeOptions, type Layout, VISITORS_ZONE } from '#features/event-types/types.ts'
import { isTimeZone, localDateOf } from '#ui/dates.ts'

export const LONGEST_PREFILL = 5000
const MOST_EXTRA = 40

export function askedState(
  query: URLSearchParams,
  { zone, durations, now, layouts }: { zone: string; durations: number[]; now: number; layouts: Layout[] },
): Omit<BookerState, 'hourCycle'> & { explicit: boolean } {
  const slot = instantOf(query.get('slot'))
  const within = slot ?? instantOf(query.get(DAY_BEGINS))
  const date = within === null ? dateOf(query.get('date')) : localDateOf(within, zone)
  const month = date?.slice(0, 7) ?? monthOf(query.get('month'))
  const wished = Number(query.get('duration'))
  return {
    month: month ?? localDateOf(now, zone).slice(0, 7),
    date,
    duration: durations.includes(wished) ? wished : (durations[0] as number),
    timeZone: zone,
    layout: layoutOf(query.get('layout'), layouts),
    slot,
    explicit: month !== null,
  }
}

/** A form that is shown again stays at its time, even where its address did not name one. */
export function withTypedStart({ url, locals }: RequestEvent): URLSearchParams {
  const { start, duration } = locals.formProblem?.values ?? {}
  if (typeof start !== 'string' || url.searchParams.has('slot')) return url.searchParams
  return new URLSearchParams([
    ...url.searchParams,
    ['slot', start],
    ...(typeof duration === 'string' ? [['duration', duration]] : []),
  ])
}

/** Without a script nothing tells the zone of the visitor: there it can be said even where the page is locked to it. */
export const isFixed = (lock: EventTypeOptions['timeZoneLock']) => lock !== null && lock !== VISITORS_ZONE

/**
 * The only one there is; otherwise asked for in the address, chosen here before, guessed from the last visit, or the host's. Where
 * the page is locked to that of the visitor it stays a guess, which gives way to what the browser says.
 */
export function visitorZone({ url, cookies }: Pick<RequestEvent, 'url' | 'cookies'>, { eventType, hours }: Offer) {
  const { timeZoneLock } = eventType
  if (timeZoneLock !== null && isFixed(timeZoneLock)) return { timeZone: timeZoneLock, asked: false, guessed: false }
  const asked = zoneOf(url.searchParams.get('cal.tz'))
  const locked = timeZoneLock !== null
  const chosen = asked ?? (locked ? null : zoneOf(cookies.get('cal.tz') ?? null))
  const timeZone = chosen ?? zoneOf(cookies.get('zone') ?? null) ?? hours.timeZone
  return { timeZone, asked: asked !== null, guessed: locked || chosen === null }
}

/** Without JavaScript the clock is switched by a link, and remembered. */
export function clockOf(
  { url, cookies, locals }: RequestEvent,
  usual: BookerState['hourCycle'],
): BookerState['hourCycle'] {
  const asked = url.searchParams.get('clock')
  if (asked !== 'h12' && asked !== 'h23') return usual
  const secure = locals.ctx.config.url.protocol === 'https:'
  cookies.set('clock', asked, { path: '/', maxAge: 31_536_000, sameSite: 'lax', httpOnly: false, secure })
  return asked
}

export function zoneOf(text: string | null): string | null {
  return text !== null && /^[A-Za-z][\w+/-]{0,63}$/.test(text) && isTimeZone(text) ? text : null
}

export function monthOf(text: string | null): string | null {
  return text !== null && /^2\d{3}-(0[1-9]|1[0-2])$/.test(text) ? text : null
}

function dateOf(text: string | null): string | null {
  if (text === null || !/^2\d{3}-\d\d-\d\d$/.test(text)) return null
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString()
  } catch (reason) {
    if (reason instanceof RangeError) return null
    throw reason
  }
}

export function instantOf(text: string | null): number | null {
  if (text === null || text.length > 40) return null
  try {
    const at = Temporal.Instant.from(text).epochMilliseconds
    return monthOf(localDateOf(at, 'UTC').slice(0, 7)) ? at : null
  } catch (reason) {
    if (reason instanceof RangeError) return null
    throw reason
  }
}

const OWN_PARAMETERS = new Set(['month', 'date', 'slot', 'duration', 'cal.tz', 'zones', 'clock', 'layout', DAY_BEGINS])

/** What is not ours stays in every link: prefilled answers, `utm_…`, `metadata[…]`. */
export function extraOf(query: URLSearchParams): [string, string][] {
  return [...query]
    .filter(([name]) => !OWN_PARAMETERS.has(name) && !name.startsWith('/'))
    .slice(0, MOST_EXTRA)
    .map(([name, value]) => [name.slice(0, 100), value.slice(0, LONGEST_PREFILL)])
}
