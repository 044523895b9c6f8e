import { compileOffer, findSlots, isOffered } from '#engine/slots.ts'
import type { Facts, OfferInput, DateOverride as OverrideInput, Span } from '#engine/types.ts'
import type { DateOverride } from '../schedules/types.ts'
import type { Offer } from './types.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

type Compiled = ReturnType<typeof compileOffer>

/** Offers are compiled once per change: one entry per event type and duration, the oldest dropped first. */
const compiled = new Map<string, { version: string; offer: Compiled }>()
const MOST_COMPILED = 2000

/** Time taken from the host, buffers included: half-open pairs of epoch milliseconds. */
export type TakenTimes = readonly (readonly [start: number, end: number])[]

/** The starts, epoch milliseconds, of `duration` minutes that are offered within the span. */
export function startsWithin(offer: Offer, duration: number, taken: TakenTimes, now: number, span: Span): number[] {
  return Array.from(findSlots(compile(offer, duration), factsOf(offer, taken, now), span))
}

/** Whether this very start is offered: the same function that lists them. */
export function isStartOffered(offer: Offer, duration: number, taken: TakenTimes, now: number, start: number): boolean {
  return isOffered(compile(offer, duration), factsOf(offer, taken, now), start)
}

/**
 * How far around a span time taken must be known: the engine looks two days beyond it, and no meeting or buffer is longer than a
 * day; a window that counts bookable days counts them from today.
 */
export function reachOf(offer: Offer, span: Span, now: number): Span {
  const margin = 5 * DAY
  const counted = offer.eventType.window?.type === 'rollingWindow'
  return {
    start: (counted ? Math.min(span.start, now) : span.start) - margin,
    end: (counted ? Math.max(span.end, now + 62 * DAY) : span.end) + margin,
  }
}

function factsOf(offer: Offer, taken: TakenTimes, now: number): Facts {
  const host = String(offer.host.id)
  return { now, bookings: taken.map(([start, end]) => ({ host, start, end, sameEvent: false })) }
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
