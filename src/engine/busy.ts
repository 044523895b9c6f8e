import { type IntervalList, joinList, newList, push, sortList } from './intervals.ts'
import type { Offer } from './offer.ts'
import { type BookedTime, type CalendarState, EngineInputError, type Facts } from './types.ts'
import { FIRST_MINUTE, LAST_MINUTE } from './zones.ts'

const MINUTE = 60_000
/** Beyond any instant in minutes, and safe in 32 bits. */
const FAR = 0x3fffffff

/** An accepted booking as limits see it. */
export interface CountedBooking {
  readonly start: number
  readonly minutes: number
  readonly sameEvent: boolean
  readonly team: boolean
  /** Index of the host among the hosts of the offer, -1 for somebody else. */
  readonly host: number
  readonly also: readonly number[]
}

/** A booking of this event with free seats. */
export interface SeatedBooking {
  readonly start: number
  readonly end: number
}

/** Facts as one offer sees them: per host one disjoint list of blocked time, buffers included, in minutes. */
export interface CompiledFacts {
  readonly compiled: true
  readonly now: number
  readonly blocked: readonly IntervalList[]
  readonly resourceBlocked: readonly IntervalList[]
  /** Sorted by start; empty when the offer has no limits. */
  readonly counted: readonly CountedBooking[]
  readonly seated: readonly SeatedBooking[]
  readonly bookerIsFull: boolean
  readonly visitorTimeZone: string | undefined
}

/** Do not write into it. */
export const NOTHING: IntervalList = newList(0)

/**
 * Makes facts ready for several calls with one offer (or with its `withDuration` variants).
 *
 * @throws EngineInputError for an instant that is not a number.
 */
export function compileFacts(offer: Offer, facts: Facts): CompiledFacts {
  instant(facts.now, 'now')
  const lists: (IntervalList | undefined)[] = new Array(offer.hosts.length).fill(undefined)
  blockBusy(offer, facts, lists)
  blockCalendars(offer, facts, lists)
  const seated = blockBookings(offer, facts, lists)
  blockHolds(offer, facts, lists)
  return {
    compiled: true,
    now: facts.now,
    blocked: lists.map(finish),
    resourceBlocked: offer.resources.map((_, i) => resourceBlocked(offer, facts, i)),
    counted: countedBookings(offer, facts),
    seated,
    bookerIsFull:
      offer.maxActivePerBooker !== undefined && (facts.booker?.activeBookings ?? 0) >= offer.maxActivePerBooker,
    visitorTimeZone: facts.visitorTimeZone,
  }
}

export function compiled(offer: Offer, facts: Facts | CompiledFacts): CompiledFacts {
  return 'compiled' in facts ? facts : compileFacts(offer, facts)
}

/** Fresh: the last reading worked. Stale: it failed, but the one before is within the grace. Broken: too old to trust. */
export function calendarHealth(calendar: CalendarState, now: number): 'fresh' | 'stale' | 'broken' {
  if (!calendar.failing) return 'fresh'
  return now - calendar.readAt <= calendar.graceMinutes * MINUTE ? 'stale' : 'broken'
}

/** Minutes an own booking blocks before its start and after its end: the buffers of both sides add. */
export function bookingMargins(offer: Offer, booking: BookedTime): { before: number; after: number } {
  return {
    before: (booking.bufferBeforeMinutes ?? 0) + offer.bufferAfter,
    after: (booking.bufferAfterMinutes ?? 0) + offer.bufferBefore,
  }
}

export function blocks(offer: Offer, booking: BookedTime): boolean {
  return isAccepted(booking) || (booking.status === 'pending' && offer.pendingBlocks)
}

function isAccepted(booking: BookedTime): boolean {
  return booking.status === undefined || booking.status === 'accepted'
}

/** Partly filled: the offer counts seats, so does the booking, and some are free. */
export function hasFreeSeats(offer: Offer, booking: BookedTime): boolean {
  return (
    offer.seats !== undefined &&
    booking.sameEvent &&
    booking.seatsTaken !== undefined &&
    booking.seatsTaken < offer.seats
  )
}

/** Blocked time grows to whole minutes. */
export function minuteBefore(time: number): number {
  return Math.max(Math.floor(time / MINUTE), FIRST_MINUTE)
}

export function minuteAfter(time: number): number {
  return Math.min(Math.ceil(time / MINUTE), LAST_MINUTE)
}

type Lists = (IntervalList | undefined)[]

/** The list of a host, made when first needed. */
function listOfHost(lists: Lists, host: number | undefined): IntervalList | undefined {
  if (host === undefined) return undefined
  const list = lists[host]
  if (list !== undefined) return list
  const made = newList(32)
  lists[host] = made
  return made
}

function block(lists: Lists, host: number | undefined, from: number, to: number): void {
  const list = listOfHost(lists, host)
  if (list !== undefined && from < to) push(list, Math.max(from, -FAR), Math.min(to, FAR))
}

function finish(list: IntervalList | undefined): IntervalList {
  if (list === undefined) return NOTHING
  sortList(list)
  joinList(list)
  return list
}

function blockBusy(offer: Offer, facts: Facts, lists: Lists): void {
  const { moved } = facts
  const busy = facts.busy ?? []
  // Busy times come host by host as a rule: the list of the last one is kept at hand.
  let id: string | undefined
  let list: IntervalList | undefined
  let cut: Facts['moved']
  for (let i = 0; i < busy.length; i += 1) {
    const { host, start, end } = busy[i]!
    if (host !== id) {
      id = host
      list = listOfHost(lists, offer.hostIndex.get(id))
      cut = moved?.hosts.includes(id) === true ? moved : undefined
    }
    if (list !== undefined) blockExternal(offer, list, start, end, cut)
  }
  for (const { host, times } of facts.busyTimes ?? []) {
    list = listOfHost(lists, offer.hostIndex.get(host))
    if (list === undefined) continue
    cut = moved?.hosts.includes(host) === true ? moved : undefined
    for (let i = 0; i + 1 < times.length; i += 2) blockExternal(offer, list, times[i]!, times[i + 1]!, cut)
  }
}

function blockExternal(offer: Offer, list: IntervalList, start: number, end: number, cut: Facts['moved']): void {
  if (cut !== undefined && start < cut.end && end > cut.start) {
    // The copy of the booking being moved is cut out.
    blockExternal(offer, list, start, Math.min(end, cut.start), undefined)
    blockExternal(offer, list, Math.max(start, cut.end), end, undefined)
  } else if (start < end) {
    push(list, minuteBefore(start) - offer.bufferAfter, minuteAfter(end) + offer.bufferBefore)
  } else {
    instant(start, 'busy.start')
    instant(end, 'busy.end')
  }
}

function blockCalendars(offer: Offer, facts: Facts, lists: Lists): void {
  for (const calendar of facts.calendars ?? []) {
    if (calendar.whenBroken === 'block' && calendarHealth(calendar, facts.now) === 'broken') {
      block(lists, offer.hostIndex.get(calendar.host), FIRST_MINUTE, LAST_MINUTE)
    }
  }
}

/** Blocks hosts by their bookings; of those with free seats only by the buffers. Returns the latter. */
function blockBookings(offer: Offer, facts: Facts, lists: Lists): SeatedBooking[] {
  const seated: SeatedBooking[] = []
  for (const booking of facts.bookings ?? []) {
    instant(booking.start, 'bookings.start')
    instant(booking.end, 'bookings.end')
    if (booking.start >= booking.end || !blocks(offer, booking)) continue
    const hosts = hostsOf(offer, booking)
    if (hosts.length === 0) continue
    const start = minuteBefore(booking.start)
    const end = minuteAfter(booking.end)
    const margins = bookingMargins(offer, booking)
    instant(margins.before, 'bookings.bufferBeforeMinutes')
    instant(margins.after, 'bookings.bufferAfterMinutes')
    const open = hasFreeSeats(offer, booking)
    if (open) seated.push({ start, end })
    for (const host of hosts) {
      if (open) {
        block(lists, host, start - margins.before, start)
        block(lists, host, end, end + margins.after)
      } else block(lists, host, start - margins.before, end + margins.after)
    }
  }
  return seated
}

function hostsOf(offer: Offer, booking: BookedTime): number[] {
  const hosts: number[] = []
  const host = offer.hostIndex.get(booking.host)
  if (host !== undefined) hosts.push(host)
  for (const id of booking.alsoHosts ?? []) {
    const also = offer.hostIndex.get(id)
    if (also !== undefined) hosts.push(also)
  }
  return hosts
}

function blockHolds(offer: Offer, facts: Facts, lists: Lists): void {
  for (const hold of facts.holds ?? []) {
    instant(hold.start, 'holds.start')
    instant(hold.end, 'holds.end')
    instant(hold.releaseAt, 'holds.releaseAt')
    if (hold.start >= hold.end || hold.releaseAt <= facts.now) continue
    block(lists, offer.hostIndex.get(hold.host), minuteBefore(hold.start), minuteAfter(hold.end))
  }
}

/** A resource is blocked where fewer units than needed are left. */
function resourceBlocked(offer: Offer, facts: Facts, index: number): IntervalList {
  const { id, quantity, need } = offer.resources[index]!
  const list = newList()
  if (need > quantity) push(list, FIRST_MINUTE, LAST_MINUTE)
  const edges: [number, number][] = []
  for (const use of facts.resourceUse ?? []) {
    if (use.resource !== id) continue
    instant(use.start, 'resourceUse.start')
    instant(use.end, 'resourceUse.end')
    if (use.start >= use.end) continue
    const units = use.units ?? 1
    edges.push([minuteBefore(use.start), units], [minuteAfter(use.end), -units])
  }
  edges.sort((a, b) => a[0] - b[0] || a[1] - b[1])
  let used = 0
  edges.forEach(([minute, units], i) => {
    used += units
    const next = edges[i + 1]?.[0] ?? minute
    if (used + need > quantity && next > minute) push(list, minute, next)
  })
  sortList(list)
  joinList(list)
  return list
}

function countedBookings(offer: Offer, facts: Facts): CountedBooking[] {
  const wanted =
    offer.limits !== undefined ||
    offer.teamLimits !== undefined ||
    offer.hosts.some((host) => host.limits !== undefined)
  if (!wanted) return []
  const counted: CountedBooking[] = []
  for (const booking of facts.bookings ?? []) {
    if (!isAccepted(booking)) continue
    const start = minuteBefore(booking.start)
    counted.push({
      start,
      minutes: Math.max(minuteAfter(booking.end) - start, 0),
      sameEvent: booking.sameEvent,
      team: booking.team === true,
      host: offer.hostIndex.get(booking.host) ?? -1,
      also: (booking.alsoHosts ?? []).flatMap((id) => offer.hostIndex.get(id) ?? []),
    })
  }
  return counted.sort((a, b) => a.start - b.start)
}

function instant(time: number, path: string): number {
  if (Number.isNaN(time) || typeof time !== 'number') throw new EngineInputError(path, `${time} is not a number`)
  return time
}
