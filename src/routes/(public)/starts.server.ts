import { error, type RequestEvent } from '@sveltejs/kit'
import { preferredAmong } from '#features/availability/preferred.ts'
import { listSeats, nearestStarts, nextStart } from '#features/availability/starts/queries.ts'
import { offeredOccurrences } from '#features/bookings/series/queries.ts'
import {
  type BookerProps,
  type BookerState,
  encodeStarts,
  type MonthSlots,
  spanOfMonth,
  weekOf,
} from '#features/bookings/ui/booker.ts'
import type { Ctx } from '#platform/ctx.ts'
import { localDateOf } from '#ui/dates.ts'
import { instantOf, monthOf, zoneOf } from './asked.server.ts'
import { type Offered, withZone } from './offered.server.ts'

/** Months after today's that are shown; the query behind computes no further. */
const HORIZON_MONTHS = 36
const MOST_ALTERNATIVES = 6
const NOTHING = { starts: [] as number[], left: new Map<number, number>() }

/** The starts of a month, and the next one after it when it has none. */
async function slotsOf(
  ctx: Ctx,
  { offer, own: before }: Offered,
  { month, duration, timeZone }: Pick<BookerState, 'month' | 'duration' | 'timeZone'>,
): Promise<{ slots: MonthSlots; starts: number[] }> {
  const own = { ...before, timeZone }
  const now = ctx.clock.now().epochMilliseconds
  const span = spanOfMonth(month)
  const beyond =
    span.start > ctx.clock.now().toZonedDateTimeISO('UTC').add({ months: HORIZON_MONTHS }).epochMilliseconds
  if (beyond) return { slots: { starts: [], next: null }, starts: [] }
  const { starts, left } = span.end <= now ? NOTHING : await listSeats(ctx, offer, duration, span, own)
  const empty = !starts.some((start) => localDateOf(start, timeZone).startsWith(month))
  const next = empty ? await nextStart(ctx, offer, duration, Math.max(now, span.start), own) : null
  const shown = offer.eventType.seats?.showFree
    ? { left: Object.fromEntries([...left].map(([start, n]) => [start / 60_000, n])) }
    : {}
  const liked = preferredAmong(offer, duration, starts)
  const preferred = liked.length > 0 ? { preferred: encodeStarts(liked) } : {}
  return { slots: { starts: encodeStarts(starts), next, ...shown, ...preferred }, starts }
}

/** Answers the island's question for a month. @throws 400 */
export async function monthAnswer(event: RequestEvent, offered: Offered): Promise<Response> {
  const { ctx } = event.locals
  const { searchParams } = event.url
  const month = monthOf(searchParams.get('month'))
  const duration = Number(searchParams.get('duration'))
  if (!month || !offered.offer.eventType.durations.includes(duration)) error(400, 'invalid_input')
  const timeZone = zoneOf(searchParams.get('cal.tz')) ?? offered.offer.hours.timeZone
  const { slots } = await slotsOf(ctx, offered, { month, duration, timeZone })
  return Response.json(slots, { headers: { 'cache-control': 'no-store' } })
}

/** The month that was asked for. When none was and this one has nothing left, the month of the first start there is. */
export async function firstView(
  ctx: Ctx,
  offered: Offered,
  { explicit, ...state }: BookerState & { explicit: boolean },
) {
  const view = await slotsOf(ctx, offered, state)
  if (explicit || view.slots.next === null) return { state, ...view }
  const month = localDateOf(view.slots.next, state.timeZone).slice(0, 7)
  const later = { ...state, month }
  return { state: later, ...(await slotsOf(ctx, offered, later)) }
}

/** The first day of the month that has times. */
export function firstDate(starts: readonly number[], { month, timeZone }: BookerState): string {
  const dates = starts.map((start) => localDateOf(start, timeZone))
  return dates.find((date) => date.startsWith(month)) ?? `${month}-01`
}

/** The month beside the one that is asked for, when the week that is shown reaches into it. */
export async function besideOf(
  ctx: Ctx,
  offered: Offered,
  state: BookerState & { date: string },
  weekStart: number,
): Promise<BookerProps['beside']> {
  if (state.layout !== 'week' || state.slot !== null) return null
  const month = weekOf(state.date, weekStart)
    .map((date) => date.slice(0, 7))
    .find((one) => one !== state.month)
  return month === undefined ? null : { month, slots: (await slotsOf(ctx, offered, { ...state, month })).slots }
}

export async function alternativesTo(ctx: Ctx, { offer, own }: Offered, wanted: number, duration: number) {
  return nearestStarts(ctx, offer, duration, wanted, MOST_ALTERNATIVES, own)
}

/** The dates of a series that begins with the chosen start. */
export async function seriesAt(ctx: Ctx, { offer, own }: Offered, start: number | null, duration: number) {
  if (offer.eventType.recurrence === null || start === null) return null
  return offeredOccurrences(ctx, offer, { start, duration, own })
}

/** Answers the island's question for the dates of a series. @throws 400 */
export async function seriesAnswer(event: RequestEvent, offered: Offered): Promise<Response> {
  const { ctx } = event.locals
  const { searchParams } = event.url
  const start = instantOf(searchParams.get('start'))
  const duration = Number(searchParams.get('duration'))
  if (start === null || !offered.offer.eventType.durations.includes(duration)) error(400, 'invalid_input')
  const zone = zoneOf(searchParams.get('cal.tz')) ?? offered.offer.hours.timeZone
  const dates = await seriesAt(ctx, withZone(offered, zone), start, duration)
  return Response.json(dates ?? [], { headers: { 'cache-control': 'no-store' } })
}
