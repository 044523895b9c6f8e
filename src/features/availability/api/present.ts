import { localText, slotsByDay } from '#engine/days.ts'
import { zoneOf } from '#engine/zones.ts'
import { isoInstant } from '#platform/http/api/fields.ts'
import type { StartExplained } from '../explained/queries.ts'
import type { OfferedSeats } from '../starts/queries.ts'
import type { DayPicture, Offer } from '../types.ts'
import type { WireAvailable, WireExplanation, WireSlot, WireSlots } from './schema.ts'

const MINUTE = 60_000

export interface Shown {
  offer: Offer
  found: OfferedSeats
  duration: number
  timeZone: string
  range: boolean
  /** Whoever asks has a key of the host that reads bookings. */
  own: boolean
}

/** By days of the zone, each start as its clocks show it. */
export function presentedSlots({ offer, found, duration, timeZone, range, own }: Shown): WireSlots {
  const write = writerFor(timeZone)
  const seats = offer.eventType.seats
  const days = slotsByDay(Float64Array.from(found.starts), timeZone)
  return Object.fromEntries(days.map(({ date, starts }) => [date, Array.from(starts, presented)]))

  function presented(start: number): WireSlot {
    const slot: WireSlot = { start: write(start) }
    if (range) slot.end = write(start + duration * MINUTE)
    if (!seats || !(own || seats.showFree)) return slot
    const seatsRemaining = found.left.get(start) ?? seats.count
    const uid = own ? found.uids.get(start) : undefined
    return {
      ...slot,
      ...{ seatsBooked: seats.count - seatsRemaining, seatsRemaining, seatsTotal: seats.count },
      ...(uid === undefined ? {} : { bookingUid: uid }),
    }
  }
}

/** The same in the shape of 2024-04-15. */
export function presentedAvailable(slots: WireSlots): WireAvailable {
  const days = Object.entries(slots).map(([date, all]) => [date, all.map(before)])
  return { slots: Object.fromEntries(days) }
}

function before({ start, end, seatsBooked, bookingUid }: WireSlot): WireAvailable['slots'][string][number] {
  return {
    ...(end === undefined ? { time: start } : { startTime: start, endTime: end }),
    ...(seatsBooked ? { attendees: seatsBooked } : {}),
    ...(bookingUid === undefined ? {} : { bookingUid }),
  }
}

/** UTC is written as UTC, everything else with its offset. */
function writerFor(timeZone: string): (at: number) => string {
  if (timeZone.toUpperCase() === 'UTC') return isoInstant
  const zone = zoneOf(timeZone)
  return (at) => localText(at, zone)
}

/** Fields of reasons that are instants; all others are texts, numbers, dates and hours as they stand. */
const INSTANTS = new Set([
  'now',
  'soonest',
  'from',
  'to',
  'start',
  'end',
  'first',
  'before',
  'after',
  'releaseAt',
  'readAt',
])

/** Everything, for the host. */
export function presentedReasons({ explanation, bookings }: StartExplained, host: string): WireExplanation['reasons'] {
  return [
    ...explanation.reasons
      .filter(({ code }) => code !== 'hostBusy')
      .map(({ code, ...details }) => ({ code, host: null, details: presentedDetails(details) })),
    ...explanation.hosts.flatMap(({ reasons }) =>
      reasons.map(({ code, ...details }) => ({
        code,
        host,
        details: { ...presentedDetails(details), ...bookingOf(details) },
      })),
    ),
  ]

  function bookingOf(details: object) {
    const start = 'start' in details ? details.start : undefined
    const named = bookings.find((one) => one.start === start)
    return named ? { bookingUid: named.uid, bookingTitle: named.title } : {}
  }
}

export function presentedDayReasons({ reasons }: DayPicture): WireExplanation['reasons'] {
  return reasons.map(({ code, label }) => ({ code, host: null, details: label === undefined ? {} : { label } }))
}

function presentedDetails(details: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(details)
      .filter(([name]) => name !== 'host')
      .map(([name, value]) => [name, INSTANTS.has(name) && typeof value === 'number' ? isoInstant(value) : value]),
  )
}
