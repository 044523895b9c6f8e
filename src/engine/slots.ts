import { freeOfHost, freeRanges } from './aggregate.ts'
import { type CompiledFacts, compiled } from './busy.ts'
import { dateAt, MINUTES_PER_DAY, type PeriodUnit, periodEnd, periodStart, startOfDay } from './calendar.ts'
import { layGrid, newStarts, type StartList } from './grid.ts'
import { compileSchedule, openRanges } from './hours.ts'
import { holds, type IntervalList, newList } from './intervals.ts'
import { hasLimits, type LimitBlocks, limitBlocks } from './limits.ts'
import type { Offer } from './offer.ts'
import { admitSeats, isBegun } from './seats.ts'
import { EngineInputError, type Facts, type Span } from './types.ts'
import { type Bounds, bookableDaysEnd, boundsOf } from './window.ts'
import { FIRST_MINUTE, LAST_MINUTE } from './zones.ts'

export { type CompiledFacts, compileFacts } from './busy.ts'
export { slotsAsJson, slotsByDay } from './days.ts'
export { compileOffer, type Offer, withDuration } from './offer.ts'

const NO_LIMITS: LimitBlocks = { everyone: newList(0), perHost: undefined }
const starts = newStarts()

/**
 * The starts of all slots on offer in [span.start, span.end), in epoch milliseconds, rising.
 *
 * The set is a property of the offer and the facts: it depends neither on the viewer nor on the span asked for, and on
 * `facts.now` only through what has passed, the notice and the window.
 *
 * @throws EngineInputError for facts or a span that are not instants.
 */
export function findSlots(offer: Offer, facts: Facts | CompiledFacts, span: Span): Float64Array {
  const known = compiled(offer, facts)
  // Starts are whole minutes: the first not before, the first not within.
  const from = clampMinute(span.start, 'span.start')
  const to = clampMinute(span.end, 'span.end')
  if (known.bookerIsFull || from >= to) return new Float64Array(0)
  const bounds = boundsOf(offer, known.now)
  if (offer.window?.type === 'rollingWindow') findInBookableDays(offer, known, bounds, to)
  else findStarts(offer, known, Math.max(bounds.from, daysFrom(offer, from)), Math.min(bounds.to, to))
  if (offer.onlyFirst) keepFirstOfDay(offer, starts)
  return toMilliseconds(starts, from, to)
}

/** Whether a slot starts at exactly `start`. Booking asks this; it is the same function as the list. */
export function isOffered(offer: Offer, facts: Facts | CompiledFacts, start: number): boolean {
  return start % 60_000 === 0 && findSlots(offer, facts, { start, end: start + 60_000 }).length === 1
}

/**
 * How far facts must be loaded so that the slots of `span` are right: ranges and limit periods reach beyond the span, a
 * window of bookable days is counted from `now`, and buffers of other event types (`foreignBufferMinutes`, the largest
 * sum of one's both buffers) reach in. Everything that overlaps the answer counts.
 */
export function factsSpan(
  offer: Offer,
  span: Span,
  { now, foreignBufferMinutes = 0 }: { now?: number; foreignBufferMinutes?: number } = {},
): Span {
  let from = clampMinute(span.start, 'span.start')
  let to = clampMinute(span.end, 'span.end')
  if (offer.window?.type === 'rollingWindow') {
    if (now === undefined) throw new EngineInputError('now', 'is needed by a window of bookable days')
    const bounds = boundsOf(offer, now)
    from = Math.min(from, bounds.from)
    to = Math.max(to, bounds.to)
  }
  from = daysFrom(offer, from) - margin(offer)
  to = to + margin(offer)
  const periods = limitPeriods(offer, from, to)
  const buffers = offer.bufferBefore + offer.bufferAfter + foreignBufferMinutes
  return {
    start: Math.max(Math.min(from, periods.from) - buffers, FIRST_MINUTE) * 60_000,
    end: Math.min(Math.max(to, periods.to) + buffers, LAST_MINUTE) * 60_000,
  }
}

/**
 * Ids of the hosts, optional ones included, who are free for a whole slot at `start`: hours, busy times, holds and their
 * limits considered, but not grid, notice and window. Booking draws its hosts from these.
 */
export function freeHosts(offer: Offer, facts: Facts | CompiledFacts, start: number): string[] {
  const known = compiled(offer, facts)
  const from = Math.floor(start / 60_000)
  const to = from + offer.duration
  const limits = isBegun(known, from) ? NO_LIMITS : limitsOf(offer, known)
  const list = newList()
  return offer.hosts.flatMap(({ id }, index) => {
    list.length = 0
    freeOfHost(offer, known, limits, index, from, to, list)
    return holds(list, from, to) ? [id] : []
  })
}

/** Notice and window, the end of a window of bookable days counted out. */
export function windowOf(offer: Offer, facts: CompiledFacts): Bounds {
  const bounds = boundsOf(offer, facts.now)
  if (offer.window?.type !== 'rollingWindow') return bounds
  findStarts(offer, facts, bounds.from, bounds.to)
  return { from: bounds.from, to: bookableDaysEnd(offer, facts.now, starts.data.subarray(0, starts.length), bounds) }
}

/** Whether a slot at `start` (minutes) lies within the restriction schedule. */
export function isUnrestricted(offer: Offer, facts: CompiledFacts, start: number): boolean {
  if (offer.restriction === undefined) return true
  const end = start + offer.duration
  return holds(restrictedTo(offer, facts, start, end), start, end)
}

function limitsOf(offer: Offer, facts: CompiledFacts): LimitBlocks {
  return hasLimits(offer) ? limitBlocks(offer, facts) : NO_LIMITS
}

/** Leaves in `starts` those of [from, to), as far as ranges, grid, seats and restriction decide. */
function findStarts(offer: Offer, facts: CompiledFacts, from: number, to: number): void {
  starts.length = 0
  if (from >= to) return
  const pad = margin(offer)
  const limits = limitsOf(offer, facts)
  const free = freeRanges(offer, facts, limits, from - pad, to + pad)
  layGrid(free, offer, starts)
  if (facts.seated.length > 0) {
    const open = limits === NO_LIMITS ? free : freeRanges(offer, facts, NO_LIMITS, from - pad, to + pad)
    admitSeats(offer, facts.seated, open, starts)
  }
  keepBetween(starts, from, to)
  if (offer.restriction !== undefined) keepUnrestricted(offer, restrictedTo(offer, facts, from, to))
}

/** A window of N bookable days is counted from today, whatever span is asked for. */
function findInBookableDays(offer: Offer, facts: CompiledFacts, bounds: Bounds, spanEnd: number): void {
  // Every calendar day counts: beyond the span nothing can change what lies in it. Business days may end the window
  // before a weekend that has starts, so those are looked at in full.
  const calendar = offer.window?.type === 'rollingWindow' && offer.window.calendarDays
  const to = calendar ? Math.min(bounds.to, daysTo(offer, spanEnd)) : bounds.to
  findStarts(offer, facts, bounds.from, to)
  const counted = starts.data.subarray(0, starts.length)
  keepBetween(starts, bounds.from, bookableDaysEnd(offer, facts.now, counted, { from: bounds.from, to }))
}

/**
 * Minutes by which ranges are worked out beyond the starts asked for: a stretch of up to 24 hours must be seen whole, a
 * longer one must be seen to be longer, and its grid begins at the last midnight.
 */
function margin(offer: Offer): number {
  return 2 * MINUTES_PER_DAY + offer.bufferBefore + offer.bufferAfter + offer.duration + offer.step + offer.offset
}

/** The first start of a day can only be told from the beginning of the day (and of the one before: clocks turn back). */
function daysFrom(offer: Offer, from: number): number {
  return offer.onlyFirst ? startOfDay(offer.zone, dateAt(offer.zone, from) - 1) : from
}

function daysTo(offer: Offer, to: number): number {
  return startOfDay(offer.zone, dateAt(offer.zone, to) + 1)
}

function keepBetween(list: StartList, from: number, to: number): void {
  const { data, length } = list
  const low = indexOfFirst(data, length, from)
  const high = indexOfFirst(data, length, to)
  if (low > 0) data.copyWithin(0, low, high)
  list.length = Math.max(high - low, 0)
}

/** Index of the first start at or after `minute`. */
function indexOfFirst(data: Int32Array, length: number, minute: number): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (data[middle]! < minute) low = middle + 1
    else high = middle
  }
  return low
}

function keepFirstOfDay({ zone }: Offer, list: StartList): void {
  let kept = 0
  let last: number | undefined
  let before: number | undefined
  for (let i = 0; i < list.length; i += 1) {
    const start = list.data[i]!
    const date = dateAt(zone, start)
    // A clock set back over midnight shows the old date once more, after the new one has begun.
    if (date === last || date === before) continue
    before = last
    last = date
    list.data[kept++] = start
  }
  list.length = kept
}

function restrictedTo(offer: Offer, facts: CompiledFacts, from: number, to: number): IntervalList {
  const { input, schedule } = offer.restriction!
  if (schedule !== undefined) return openRanges(schedule, from, to + offer.duration)
  if (facts.visitorTimeZone === undefined) {
    throw new EngineInputError('visitorTimeZone', "is needed by a restriction in the visitor's zone")
  }
  const visiting = compileSchedule({ ...input, timeZone: facts.visitorTimeZone }, 'restriction')
  return openRanges(visiting, from, to + offer.duration)
}

function keepUnrestricted(offer: Offer, mask: IntervalList): void {
  let kept = 0
  for (let i = 0; i < starts.length; i += 1) {
    const start = starts.data[i]!
    if (holds(mask, start, start + offer.duration)) starts.data[kept++] = start
  }
  starts.length = kept
}

/** The hull of the limit periods that [from, to) touches. */
function limitPeriods(offer: Offer, from: number, to: number): Bounds {
  let hull: Bounds = { from, to }
  const widen = (zone: Offer['zone'], unit: PeriodUnit): void => {
    const first = periodStart(unit, dateAt(zone, Math.max(from, FIRST_MINUTE)))
    const end = periodEnd(unit, periodStart(unit, dateAt(zone, Math.min(to, LAST_MINUTE))))
    hull = { from: Math.min(hull.from, startOfDay(zone, first)), to: Math.max(hull.to, startOfDay(zone, end)) }
  }
  const widenBy = (zone: Offer['zone'], limits: Offer['limits']): void => {
    for (const periods of [limits?.bookings, limits?.minutes]) {
      for (const unit of ['day', 'week', 'month', 'year'] as const) if (periods?.[unit] !== undefined) widen(zone, unit)
    }
  }
  widenBy(offer.zone, offer.limits)
  widenBy(offer.zone, offer.teamLimits?.all)
  widenBy(offer.zone, offer.teamLimits?.perHost)
  for (const host of offer.hosts) widenBy(host.schedule.zone, host.limits)
  return hull
}

function clampMinute(time: number, path: string): number {
  if (typeof time !== 'number' || Number.isNaN(time)) throw new EngineInputError(path, `${time} is not an instant`)
  return Math.min(Math.max(Math.ceil(time / 60_000), FIRST_MINUTE), LAST_MINUTE)
}

function toMilliseconds(list: StartList, from: number, to: number): Float64Array {
  const low = indexOfFirst(list.data, list.length, from)
  const high = indexOfFirst(list.data, list.length, to)
  const result = new Float64Array(Math.max(high - low, 0))
  for (let i = low; i < high; i += 1) result[i - low] = list.data[i]! * 60_000
  return result
}
