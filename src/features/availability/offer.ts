import { type Explanation, explain } from '#engine/explain.ts'
import { compileOffer, factsSpan, findSlots, isOffered } from '#engine/slots.ts'
import type {
  AwayDays,
  BookedTime,
  Facts,
  ScheduleLayer as LayerInput,
  OfferInput,
  DateOverride as OverrideInput,
  Span,
} from '#engine/types.ts'
import type { DateOverride, ScheduleLayer } from '../schedules/types.ts'
import { hostIdsOf, isHostLimited, type Offer, type OfferHours, type OfferMember } from './types.ts'

type Compiled = ReturnType<typeof compileOffer>

/** Offers are compiled once per change: one entry per event type and duration, the oldest dropped first. */
const compiled = new Map<string, { version: string; offer: Compiled }>()
const MOST_COMPILED = 2000
const MINUTE = 60_000

/** What is taken from the host, as far as the one who asks must know. */
export interface Taken {
  /** Bookings that stand; buffers are those of their event types. Instants are epoch milliseconds. */
  bookings: readonly TakenBooking[]
  /** Holds of others, buffers included. */
  holds: readonly (readonly [start: number, end: number, hostId: number])[]
  /** Of the one who asks, for offers that are restricted by it; absent: that of the offer. */
  visitorTimeZone?: string
  /** There are holds that count no longer, expired or one's own, whose claims still stand. */
  spentHolds?: boolean
  /** Where the one who asks, and nobody else, holds seats of this event type. */
  ownSeats?: TakenBooking
}

export interface TakenBooking {
  hostId: number
  start: number
  end: number
  bufferBeforeMinutes: number
  bufferAfterMinutes: number
  /** Of the event type that is asked about. */
  sameEvent: boolean
  status: 'accepted' | 'pending'
  /** Of a booking that several share, or are about to: those that others hold are among them. */
  seatsTaken?: number
  /** Of a booking that several share, for its host. */
  uid?: string
}

export const NOTHING_TAKEN: Taken = { bookings: [], holds: [] }

/** The starts, epoch milliseconds, of `duration` minutes that are offered within the span. */
export function startsWithin(offer: Offer, duration: number, taken: Taken, now: number, span: Span): number[] {
  const starts = Array.from(findSlots(compile(offer, duration), factsOf(offer, duration, taken, now), span))
  return offer.only === null ? starts : starts.filter((start) => offer.only?.starts.includes(start))
}

/** Whether this very start is offered: the same function that lists them. */
export function isStartOffered(offer: Offer, duration: number, taken: Taken, now: number, start: number): boolean {
  if (offer.only !== null && !offer.only.starts.includes(start)) return false
  return isOffered(compile(offer, duration), factsOf(offer, duration, taken, now), start)
}

/** Why this start is or is not offered. */
export function explainOf(offer: Offer, duration: number, taken: Taken, now: number, start: number): Explanation {
  return explain(compile(offer, duration), factsOf(offer, duration, taken, now), start)
}

/** The starts that the weekly hours and dates of the schedule alone would give, whatever is taken, away, limited or too soon. */
export function usualStarts(offer: Offer, duration: number, span: Span): number[] {
  const { hosts, window, limits, restriction, noticeMinutes, ...input } = inputOf(offer, duration)
  const usual = hosts.map(({ outOfOffice, limits: own, ...host }) => host)
  const open = compileOffer({ ...input, onlyFirstSlotPerDay: false, hosts: usual })
  return Array.from(findSlots(open, { now: 0 }, span))
}

/**
 * Which of several starts are offered to who takes them all: each that is counts as taken for those after it.
 * @param starts rising
 */
export function areStartsOffered(
  offer: Offer,
  duration: number,
  taken: Taken,
  now: number,
  starts: readonly number[],
): boolean[] {
  const { bufferBefore: bufferBeforeMinutes, bufferAfter: bufferAfterMinutes } = offer.eventType
  const bookings = [...taken.bookings]
  const times = { bufferBeforeMinutes, bufferAfterMinutes, sameEvent: true, status: 'accepted' } as const
  return starts.map((start) => {
    const offered = isStartOffered(offer, duration, { ...taken, bookings }, now, start)
    const end = start + duration * MINUTE
    if (offered) bookings.push(...hostIdsOf(offer).map((hostId) => ({ hostId, start, end, ...times })))
    return offered
  })
}

/** How far around a span it must be known what is taken: limits and windows of bookable days look beyond it. */
export function reachOf(offer: Offer, duration: number, span: Span, now: number): Span {
  return factsSpan(compile(offer, duration), span, { now })
}

function factsOf(
  offer: Offer,
  duration: number,
  { bookings, holds, visitorTimeZone = offer.hours.timeZone }: Taken,
  now: number,
): Facts {
  return {
    now,
    visitorTimeZone,
    bookings: bookings.map((booking) => bookedTime(booking, duration)),
    // A hold takes what its booking would (docs/adr/0008-holds-are-claims.md), so it is busy time with its buffers in it.
    busy: holds.map(([start, end, hostId]) => ({ host: String(hostId), start, end, kind: 'hold' })),
  }
}

/** Spelled out: there may be hundreds, and copying objects of unknown shape takes longer than the search. */
function bookedTime(booking: TakenBooking, duration: number): BookedTime {
  const { hostId, start, end, bufferBeforeMinutes, bufferAfterMinutes, sameEvent, status } = booking
  // Only who stays as long as the others can sit with them.
  const seatsTaken = end - start === duration * MINUTE ? booking.seatsTaken : undefined
  return { host: String(hostId), start, end, bufferBeforeMinutes, bufferAfterMinutes, sameEvent, status, seatsTaken }
}

function compile(offer: Offer, duration: number): Compiled {
  const key = `${offer.eventType.id}/${hostIdsOf(offer).join('+')}/${duration}`
  const known = compiled.get(key)
  if (known?.version === offer.version) return known.offer
  const made = compileOffer(inputOf(offer, duration))
  compiled.delete(key)
  compiled.set(key, { version: offer.version, offer: made })
  if (compiled.size > MOST_COMPILED) compiled.delete(compiled.keys().next().value as string)
  return made
}

function inputOf(offer: Offer, duration: number): OfferInput {
  const { eventType, hours, coHosts, restriction } = offer
  return {
    scheduling: coHosts.length > 0 ? 'collective' : 'single',
    durationMinutes: duration,
    slotIntervalMinutes: eventType.slotInterval ?? undefined,
    offsetMinutes: eventType.slotOffset,
    noticeMinutes: eventType.notice,
    bufferBeforeMinutes: eventType.bufferBefore,
    bufferAfterMinutes: eventType.bufferAfter,
    window: eventType.window ?? undefined,
    limits: eventType.limits,
    seatsPerSlot: eventType.seats?.count,
    onlyFirstSlotPerDay: eventType.onlyFirstSlotPerDay,
    optimizedSlots: eventType.optimizedSlots,
    // The constraint makes no difference between what is asked for and what is agreed.
    pendingBlocks: true,
    timeZone: hours.timeZone,
    restriction: restriction ? { timeZone: restriction.timeZone, ...hoursInput(restriction) } : undefined,
    hosts: [offer, ...coHosts].map(hostInput),
  }
}

function hostInput(member: OfferMember): OfferInput['hosts'][number] {
  const { host, hours, trips, hostLimits } = member
  return {
    id: String(host.id),
    timeZone: hours.timeZone,
    ...hoursInput(hours),
    outOfOffice: daysOff(member),
    travel: tripInputs(trips),
    limits: isHostLimited(member) ? hostLimits : undefined,
  }
}

export function tripInputs(trips: OfferMember['trips']) {
  return trips.map(({ firstDate, lastDate, timeZone }) => ({
    from: firstDate,
    ...(lastDate === null ? {} : { to: lastDate }),
    timeZone,
  }))
}

function hoursInput({ weekly, overrides, layers }: OfferHours) {
  return { weekly, overrides: overrides.flatMap(overrideInputs), layers: layers.map(layerInput) }
}

function awayInput({ firstDate, lastDate, fromMinute, toMinute }: OfferMember['absences'][number]): AwayDays {
  return {
    ...{ start: firstDate, end: lastDate, kind: 'away' },
    ...(fromMinute === null ? {} : { startMinute: fromMinute }),
    ...(toMinute === null ? {} : { endMinute: toMinute }),
  }
}

function daysOff({ absences, holidays }: OfferMember): AwayDays[] {
  return [
    ...absences.map(awayInput),
    ...holidays.map(({ start, end, name, fromMinute, toMinute }) => ({
      ...{ start, end, kind: 'holiday' as const, label: name },
      ...(fromMinute === undefined ? {} : { startMinute: fromMinute }),
      ...(toMinute === undefined ? {} : { endMinute: toMinute }),
    })),
  ]
}

function layerInput({ weekly, from, to, weeks }: ScheduleLayer): LayerInput {
  return {
    weekly,
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
    ...(weeks === null ? {} : { weeks }),
  }
}

function overrideInputs({ date, ranges }: DateOverride): OverrideInput[] {
  return ranges.length === 0 ? [{ date, off: true }] : ranges.map(([start, end]) => ({ date, start, end }))
}
