import { compileOffer, factsSpan, findSlots, isOffered } from '#engine/slots.ts'
import type { Facts, OfferInput, DateOverride as OverrideInput, Span } from '#engine/types.ts'
import type { DateOverride } from '../schedules/types.ts'
import type { Offer } from './types.ts'

type Compiled = ReturnType<typeof compileOffer>

/** Offers are compiled once per change: one entry per event type and duration, the oldest dropped first. */
const compiled = new Map<string, { version: string; offer: Compiled }>()
const MOST_COMPILED = 2000

/** What is taken from the host, as far as the one who asks must know. */
export interface Taken {
  /** Bookings that stand; buffers are those of their event types. Instants are epoch milliseconds. */
  bookings: readonly TakenBooking[]
  /** Holds of others, buffers included. */
  holds: readonly (readonly [start: number, end: number])[]
}

export interface TakenBooking {
  start: number
  end: number
  bufferBeforeMinutes: number
  bufferAfterMinutes: number
  /** Of the event type that is asked about. */
  sameEvent: boolean
  status: 'accepted' | 'pending'
}

export const NOTHING_TAKEN: Taken = { bookings: [], holds: [] }

/** The starts, epoch milliseconds, of `duration` minutes that are offered within the span. */
export function startsWithin(offer: Offer, duration: number, taken: Taken, now: number, span: Span): number[] {
  return Array.from(findSlots(compile(offer, duration), factsOf(offer, taken, now), span))
}

/** Whether this very start is offered: the same function that lists them. */
export function isStartOffered(offer: Offer, duration: number, taken: Taken, now: number, start: number): boolean {
  return isOffered(compile(offer, duration), factsOf(offer, taken, now), start)
}

/** How far around a span it must be known what is taken: limits and windows of bookable days look beyond it. */
export function reachOf(offer: Offer, duration: number, span: Span, now: number): Span {
  return factsSpan(compile(offer, duration), span, { now })
}

function factsOf(offer: Offer, { bookings, holds }: Taken, now: number): Facts {
  const host = String(offer.host.id)
  return {
    now,
    bookings: bookings.map((booking) => ({ host, ...booking })),
    // A hold takes what its booking would (docs/adr/0008-holds-are-claims.md), so it is busy time with its buffers in it.
    busy: holds.map(([start, end]) => ({ host, start, end, kind: 'hold' })),
  }
}

function compile(offer: Offer, duration: number): Compiled {
  const key = `${offer.eventType.id}/${duration}`
  const known = compiled.get(key)
  if (known?.version === offer.version) return known.offer
  const made = compileOffer(inputOf(offer, duration))
  compiled.delete(key)
  compiled.set(key, { version: offer.version, offer: made })
  if (compiled.size > MOST_COMPILED) compiled.delete(compiled.keys().next().value as string)
  return made
}

function inputOf({ eventType, host, hours }: Offer, duration: number): OfferInput {
  return {
    scheduling: 'single',
    durationMinutes: duration,
    slotIntervalMinutes: eventType.slotInterval ?? undefined,
    offsetMinutes: eventType.slotOffset,
    noticeMinutes: eventType.notice,
    bufferBeforeMinutes: eventType.bufferBefore,
    bufferAfterMinutes: eventType.bufferAfter,
    window: eventType.window ?? undefined,
    limits: eventType.limits,
    onlyFirstSlotPerDay: eventType.onlyFirstSlotPerDay,
    optimizedSlots: eventType.optimizedSlots,
    // The constraint makes no difference between what is asked for and what is agreed.
    pendingBlocks: true,
    timeZone: hours.timeZone,
    hosts: [
      {
        id: String(host.id),
        timeZone: hours.timeZone,
        weekly: hours.weekly,
        overrides: hours.overrides.flatMap(overrideInputs),
      },
    ],
  }
}

function overrideInputs({ date, ranges }: DateOverride): OverrideInput[] {
  return ranges.length === 0 ? [{ date, off: true }] : ranges.map(([start, end]) => ({ date, start, end }))
}
