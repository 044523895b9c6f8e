import {
  blocks,
  bookingMargins,
  type CompiledFacts,
  calendarHealth,
  compileFacts,
  hasFreeSeats,
  minuteAfter,
  minuteBefore,
} from './busy.ts'
import { dateAt, formatDate, MINUTES_PER_DAY } from './calendar.ts'
import { awayDuring, hoursOn, openRanges, type Schedule, weeklyOn, zoneOn } from './hours.ts'
import { holds } from './intervals.ts'
import { type FullPeriod, fullPeriods, hasLimits, type LimitScope } from './limits.ts'
import type { Offer } from './offer.ts'
import { isBegun } from './seats.ts'
import { findSlots, freeHosts, isOffered, isUnrestricted, windowOf } from './slots.ts'
import type { BookedTime, BookingStatus, Facts, Span } from './types.ts'
import { boundsOf } from './window.ts'
import { offsetAt } from './zones.ts'

/** A limit that closed the period [from, to), in epoch milliseconds. */
export interface LimitReason {
  readonly code: 'limit'
  readonly scope: LimitScope
  readonly measure: 'bookings' | 'minutes'
  readonly unit: FullPeriod['unit']
  readonly limit: number
  readonly used: number
  readonly from: number
  readonly to: number
}

/** Why the offer as a whole has no slot at an instant. Instants are epoch milliseconds, lengths minutes. */
export type OfferReason =
  | { readonly code: 'past'; readonly now: number }
  | { readonly code: 'notice'; readonly noticeMinutes: number; readonly soonest: number }
  /** `to` is exclusive: the end of the window's last day. */
  | {
      readonly code: 'window'
      readonly type: 'rolling' | 'rollingWindow' | 'fixed'
      readonly from: number
      readonly to: number
    }
  | { readonly code: 'bookerLimit'; readonly limit: number; readonly active: number }
  | { readonly code: 'hostBusy'; readonly host: string }
  | { readonly code: 'groupBusy'; readonly group: string; readonly need: number; readonly free: readonly string[] }
  | { readonly code: 'noHosts' }
  | { readonly code: 'resourceClosed'; readonly resource: string }
  | { readonly code: 'resourceInUse'; readonly resource: string; readonly quantity: number; readonly need: number }
  | { readonly code: 'restriction'; readonly timeZone: string }
  /** Another slot of this event type has free seats; only its own start is on offer then. */
  | { readonly code: 'seatsElsewhere'; readonly start: number; readonly end: number }
  | { readonly code: 'notFirstOfDay'; readonly first: number }
  /** Free, but slots start at other times: the nearest ones within a day, if any. */
  | { readonly code: 'offGrid'; readonly step: number; readonly before?: number; readonly after?: number }

/** Why one host is not free for a slot. */
export type HostReason =
  | {
      readonly code: 'outsideHours'
      readonly date: string
      readonly timeZone: string
      /** What decided the hours of that date. */
      readonly source: 'weekly' | 'override' | 'ranges'
      /** Hours of the date as minutes of the local day, [start, end] pairs. */
      readonly hours: readonly (readonly [number, number])[]
    }
  | {
      readonly code: 'away'
      readonly date: string
      readonly kind: 'away' | 'holiday'
      readonly label?: string
      readonly firstDate: string
      readonly lastDate: string
    }
  | {
      readonly code: 'busy'
      readonly kind?: string
      readonly label?: string
      readonly start: number
      readonly end: number
    }
  | {
      readonly code: 'booking'
      readonly uid?: string
      readonly status: BookingStatus
      readonly start: number
      readonly end: number
      readonly seatsTaken?: number
      readonly seats?: number
    }
  /** Not the busy time or booking [start, end) itself is in the way, only the buffers around it. */
  | {
      readonly code: 'buffer'
      readonly of: 'busy' | 'booking'
      readonly start: number
      readonly end: number
      readonly beforeMinutes: number
      readonly afterMinutes: number
    }
  | { readonly code: 'held'; readonly start: number; readonly end: number; readonly releaseAt: number }
  | { readonly code: 'calendarBroken'; readonly calendar: string; readonly readAt: number }
  | LimitReason

/** Worth telling, but no obstacle. */
export interface HostNote {
  readonly code: 'calendarStale' | 'calendarBrokenTrusted'
  readonly calendar: string
  readonly readAt: number
}

export interface HostExplanation {
  readonly host: string
  readonly part: 'needed' | 'group' | 'optional'
  readonly group?: string
  readonly free: boolean
  /** Empty exactly when the host is free. */
  readonly reasons: readonly HostReason[]
  readonly notes: readonly HostNote[]
}

export interface Explanation {
  readonly start: number
  readonly end: number
  /** The same answer as `isOffered`. */
  readonly offered: boolean
  /** Empty exactly when the start is on offer. */
  readonly reasons: readonly (OfferReason | LimitReason)[]
  readonly hosts: readonly HostExplanation[]
}

/**
 * Why a slot at `start` is or is not on offer: for the offer as a whole, and for each host layer by layer. Codes carry
 * the data a sentence needs. Meant for one instant at a time, not for lists.
 *
 * @throws EngineInputError
 */
export function explain(offer: Offer, facts: Facts, start: number): Explanation {
  const known = compileFacts(offer, facts)
  const minute = Math.floor(start / 60_000)
  const slot = { start: minute, end: minute + offer.duration }
  const periods = hasLimits(offer) && !isBegun(known, minute) ? fullPeriods(offer, known) : []
  const free = new Set(freeHosts(offer, known, start))
  const hosts = offer.hosts.map((host, index) => explainHost(offer, facts, periods, index, slot, free.has(host.id)))
  const offered = isOffered(offer, known, start)
  const reasons = offered ? [] : offerReasons(offer, facts, known, periods, hosts, slot, start)
  return { start, end: start + offer.duration * 60_000, offered, reasons, hosts }
}

interface Slot {
  readonly start: number
  readonly end: number
}

function overlaps(slot: Slot, start: number, end: number): boolean {
  return slot.start < end && start < slot.end
}

function offerReasons(
  offer: Offer,
  facts: Facts,
  known: CompiledFacts,
  periods: readonly FullPeriod[],
  hosts: readonly HostExplanation[],
  slot: Slot,
  start: number,
): (OfferReason | LimitReason)[] {
  const reasons: (OfferReason | LimitReason)[] = [
    ...timeReasons(offer, known, slot.start),
    ...bookerReasons(offer, facts),
    ...periods
      .filter((period) => period.host === undefined && overlaps(slot, period.start, period.end))
      .map(limitReason),
    ...teamReasons(offer, hosts),
    ...resourceReasons(offer, known, slot),
    ...seatReasons(known, slot),
    ...restrictionReasons(offer, known, slot),
  ]
  // What is left once nothing above stands in the way is a matter of where slots begin.
  return reasons.length > 0 ? reasons : placeReasons(offer, known, start)
}

/** Past, notice and window. The end of a window of bookable days depends on the slots, so it is asked for. */
function timeReasons(offer: Offer, known: CompiledFacts, minute: number): OfferReason[] {
  const { now } = known
  const start = minute * 60_000
  const soonest = Math.ceil(now / 60_000) + offer.notice
  if (start < now) return [{ code: 'past', now }]
  const reasons: OfferReason[] = []
  if (minute < soonest) reasons.push({ code: 'notice', noticeMinutes: offer.notice, soonest: soonest * 60_000 })
  if (offer.window !== undefined) {
    const { from } = boundsOf({ ...offer, notice: 0 }, now)
    const { to } = windowOf(offer, known)
    if (minute < from || minute >= to) {
      reasons.push({ code: 'window', type: offer.window.type, from: from * 60_000, to: to * 60_000 })
    }
  }
  return reasons
}

function bookerReasons(offer: Offer, facts: Facts): OfferReason[] {
  const active = facts.booker?.activeBookings ?? 0
  const limit = offer.maxActivePerBooker
  return limit !== undefined && active >= limit ? [{ code: 'bookerLimit', limit, active }] : []
}

function teamReasons(offer: Offer, hosts: readonly HostExplanation[]): OfferReason[] {
  if (offer.fixed.length === 0 && offer.groups.length === 0) return [{ code: 'noHosts' }]
  const busy: OfferReason[] = offer.fixed
    .filter((index) => !hosts[index]!.free)
    .map((index) => ({ code: 'hostBusy', host: hosts[index]!.host }))
  for (const { id, need, hosts: members } of offer.groups) {
    const free = members.filter((index) => hosts[index]!.free).map((index) => hosts[index]!.host)
    if (free.length < need) busy.push({ code: 'groupBusy', group: id, need, free })
  }
  return busy
}

function resourceReasons(offer: Offer, known: CompiledFacts, slot: Slot): OfferReason[] {
  return offer.resources.flatMap(({ id, quantity, need, schedule }, index): OfferReason[] => {
    if (schedule !== undefined && !holds(openRanges(schedule, slot.start, slot.end), slot.start, slot.end)) {
      return [{ code: 'resourceClosed', resource: id }]
    }
    const { data, length } = known.resourceBlocked[index]!
    for (let i = 0; i < length; i += 2) {
      if (overlaps(slot, data[i]!, data[i + 1]!)) return [{ code: 'resourceInUse', resource: id, quantity, need }]
    }
    return []
  })
}

function seatReasons(known: CompiledFacts, slot: Slot): OfferReason[] {
  if (isBegun(known, slot.start)) return []
  return known.seated
    .filter((seated) => overlaps(slot, seated.start, seated.end))
    .map((seated) => ({ code: 'seatsElsewhere', start: seated.start * 60_000, end: seated.end * 60_000 }))
}

function restrictionReasons(offer: Offer, known: CompiledFacts, slot: Slot): OfferReason[] {
  if (offer.restriction === undefined || isUnrestricted(offer, known, slot.start)) return []
  const { timeZone } = offer.restriction.input
  return [{ code: 'restriction', timeZone: timeZone === 'visitor' ? (known.visitorTimeZone ?? '') : timeZone }]
}

function placeReasons(offer: Offer, known: CompiledFacts, start: number): OfferReason[] {
  const day = 86_400_000
  const around: Span = { start: start - day, end: start + day }
  const first = offer.onlyFirst ? firstOfDay(offer, known, around, start) : undefined
  const everyStart = { ...offer, onlyFirst: false }
  if (first !== undefined && isOffered(everyStart, known, start)) return [{ code: 'notFirstOfDay', first }]
  const starts = findSlots(offer, known, around)
  const after = starts.find((other) => other > start)
  const before = starts.findLast((other) => other < start)
  return [
    {
      code: 'offGrid',
      step: offer.step,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    },
  ]
}

function firstOfDay(offer: Offer, known: CompiledFacts, around: Span, start: number): number | undefined {
  const dateOf = (time: number): number => dateAt(offer.zone, Math.floor(time / 60_000))
  return findSlots(offer, known, around).find((first) => dateOf(first) === dateOf(start))
}

function limitReason({ scope, measure, unit, limit, used, start, end }: FullPeriod): LimitReason {
  return { code: 'limit', scope, measure, unit, limit, used, from: start * 60_000, to: end * 60_000 }
}

function explainHost(
  offer: Offer,
  facts: Facts,
  periods: readonly FullPeriod[],
  index: number,
  slot: Slot,
  free: boolean,
): HostExplanation {
  const { id, optional } = offer.hosts[index]!
  const group = offer.groups.find(({ hosts }) => hosts.includes(index))
  const reasons = free ? [] : hostReasons(offer, facts, periods, index, slot)
  return {
    host: id,
    part: optional ? 'optional' : group === undefined ? 'needed' : 'group',
    ...(group === undefined ? {} : { group: group.id }),
    free,
    reasons,
    notes: hostNotes(facts, id),
  }
}

function hostReasons(
  offer: Offer,
  facts: Facts,
  periods: readonly FullPeriod[],
  index: number,
  slot: Slot,
): HostReason[] {
  const { id, schedule } = offer.hosts[index]!
  return [
    ...hoursReasons(schedule, slot),
    ...calendarReasons(facts, id),
    ...busyReasons(offer, facts, id, slot),
    ...bookingReasons(offer, facts, id, slot),
    ...holdReasons(facts, id, slot),
    ...periods
      .filter((period) => period.host === undefined || period.host === index)
      .filter((period) => overlaps(slot, period.start, period.end))
      .map(limitReason),
  ]
}

/** The host's date in question is the one on his wall, at home or on his trip, when the slot starts. */
function hoursReasons(schedule: Schedule, slot: Slot): HostReason[] {
  if (holds(openRanges(schedule, slot.start, slot.end), slot.start, slot.end)) return []
  const home = dateAt(schedule.zone, slot.start)
  const zone = zoneOn(schedule, home)
  const day = dateAt(zone, slot.start)
  const date = formatDate(day)
  if (schedule.given !== undefined) {
    return [{ code: 'outsideHours', date, timeZone: zone.name, source: 'ranges', hours: [] }]
  }
  const minute = slot.start + offsetAt(zone, slot.start) - day * MINUTES_PER_DAY
  const away = awayDuring(schedule, day, minute, minute + slot.end - slot.start)
  if (away !== undefined && weeklyOn(schedule, day).length + (schedule.overrides.get(day)?.hours.length ?? 0) > 0) {
    const { kind = 'away', label, start: firstDate, end: lastDate } = away
    return [{ code: 'away', date, kind, ...(label === undefined ? {} : { label }), firstDate, lastDate }]
  }
  const flat = hoursOn(schedule, day)
  const hours = flat.flatMap((start, i) => (i % 2 === 0 ? [[start, flat[i + 1]!] as const] : []))
  const source = schedule.overrides.has(day) ? 'override' : 'weekly'
  return [{ code: 'outsideHours', date, timeZone: zone.name, source, hours }]
}

function calendarReasons(facts: Facts, host: string): HostReason[] {
  return (facts.calendars ?? [])
    .filter((calendar) => calendar.host === host && calendar.whenBroken === 'block')
    .filter((calendar) => calendarHealth(calendar, facts.now) === 'broken')
    .map(({ id, readAt }) => ({ code: 'calendarBroken', calendar: id, readAt }))
}

function hostNotes(facts: Facts, host: string): HostNote[] {
  return (facts.calendars ?? []).flatMap((calendar): HostNote[] => {
    if (calendar.host !== host) return []
    const health = calendarHealth(calendar, facts.now)
    if (health === 'fresh' || (health === 'broken' && calendar.whenBroken === 'block')) return []
    const code = health === 'stale' ? 'calendarStale' : 'calendarBrokenTrusted'
    return [{ code, calendar: calendar.id, readAt: calendar.readAt }]
  })
}

function busyReasons(offer: Offer, facts: Facts, host: string, slot: Slot): HostReason[] {
  const bulk = (facts.busyTimes ?? []).filter((entry) => entry.host === host).flatMap(({ times }) => busyPairs(times))
  const named = (facts.busy ?? []).filter((busy) => busy.host === host)
  const margins = { before: offer.bufferAfter, after: offer.bufferBefore }
  return [...named, ...bulk]
    .flatMap((busy) => withoutMoved(busy, facts.moved, host))
    .flatMap((busy) => {
      const label = busy.label === undefined ? {} : { label: busy.label }
      const kind = busy.kind === undefined ? {} : { kind: busy.kind }
      const { start, end } = busy
      return blockReasons(slot, busy, margins, 'busy', { code: 'busy', ...kind, ...label, start, end })
    })
}

function busyPairs(times: ArrayLike<number>): ExternalTime[] {
  return Array.from({ length: times.length >> 1 }, (_, i) => ({ start: times[i * 2]!, end: times[i * 2 + 1]! }))
}

interface ExternalTime {
  readonly start: number
  readonly end: number
  readonly kind?: string
  readonly label?: string
}

/** What is left of an external time when the booking being moved is cut out of it. */
function withoutMoved(busy: ExternalTime, moved: Facts['moved'], host: string): ExternalTime[] {
  if (moved === undefined || !moved.hosts.includes(host)) return [busy]
  if (busy.end <= moved.start || busy.start >= moved.end) return [busy]
  return [
    { ...busy, end: Math.min(busy.end, moved.start) },
    { ...busy, start: Math.max(busy.start, moved.end) },
  ]
}

/** The reason itself where the blocked time meets the slot, `buffer` where only its margins do. */
function blockReasons(
  slot: Slot,
  { start, end }: { readonly start: number; readonly end: number },
  margins: { readonly before: number; readonly after: number },
  of: 'busy' | 'booking',
  reason: HostReason,
): HostReason[] {
  const from = minuteBefore(start)
  const to = minuteAfter(end)
  if (start >= end || !overlaps(slot, from - margins.before, to + margins.after)) return []
  if (overlaps(slot, from, to)) return [reason]
  return [{ code: 'buffer', of, start, end, beforeMinutes: margins.before, afterMinutes: margins.after }]
}

function bookingReasons(offer: Offer, facts: Facts, host: string, slot: Slot): HostReason[] {
  return (facts.bookings ?? [])
    .filter((booking) => booking.host === host || booking.alsoHosts?.includes(host))
    .filter((booking) => blocks(offer, booking))
    .flatMap((booking) => {
      const reason = bookingReason(offer, booking)
      const found = blockReasons(slot, booking, bookingMargins(offer, booking), 'booking', reason)
      // With free seats only its buffers are in the way.
      if (!hasFreeSeats(offer, booking) || found[0] === undefined || found[0].code === 'buffer') return found
      return seatBuffer(offer, booking, slot)
    })
}

function bookingReason(offer: Offer, { uid, status = 'accepted', start, end, seatsTaken }: BookedTime): HostReason {
  return {
    code: 'booking',
    ...(uid === undefined ? {} : { uid }),
    status,
    start,
    end,
    ...(seatsTaken === undefined || offer.seats === undefined ? {} : { seatsTaken, seats: offer.seats }),
  }
}

function seatBuffer(offer: Offer, booking: BookedTime, slot: Slot): HostReason[] {
  const { before, after } = bookingMargins(offer, booking)
  const from = minuteBefore(booking.start)
  const to = minuteAfter(booking.end)
  if (!overlaps(slot, from - before, from) && !overlaps(slot, to, to + after)) return []
  const { start, end } = booking
  return [{ code: 'buffer', of: 'booking', start, end, beforeMinutes: before, afterMinutes: after }]
}

function holdReasons(facts: Facts, host: string, slot: Slot): HostReason[] {
  return (facts.holds ?? [])
    .filter((hold) => hold.host === host && hold.releaseAt > facts.now && hold.start < hold.end)
    .filter((hold) => overlaps(slot, minuteBefore(hold.start), minuteAfter(hold.end)))
    .map(({ start, end, releaseAt }) => ({ code: 'held', start, end, releaseAt }))
}
