import type { CompiledFacts, CountedBooking } from './busy.ts'
import { dateAt, type PeriodUnit, periodEnd, periodStart, startOfDay } from './calendar.ts'
import { type IntervalList, joinList, newList, push, sortList } from './intervals.ts'
import type { Offer } from './offer.ts'
import type { Limits, PeriodLimits } from './types.ts'
import { FIRST_MINUTE, LAST_MINUTE, type Zone } from './zones.ts'

const PERIOD_UNITS: readonly PeriodUnit[] = ['year', 'month', 'week', 'day']

/** The code and the scope of a limit, for `explain`. */
export type LimitScope = 'event' | 'host' | 'team' | 'teamHost'

/** A period that a limit has closed. `host` is an index; absent = for every host. */
export interface FullPeriod {
  readonly start: number
  readonly end: number
  readonly host: number | undefined
  readonly scope: LimitScope
  readonly measure: 'bookings' | 'minutes'
  readonly unit: PeriodUnit
  readonly limit: number
  /** Bookings or minutes found in the period. */
  readonly used: number
}

/** Time closed by limits. Whole periods, so that a slot running into a full one goes too. */
export interface LimitBlocks {
  readonly everyone: IntervalList
  /** By host index; undefined when no limit is counted per host. */
  readonly perHost: readonly IntervalList[] | undefined
}

export function hasLimits(offer: Offer): boolean {
  return offer.limits !== undefined || offer.teamLimits !== undefined || offer.hosts.some((host) => host.limits)
}

export function limitBlocks(offer: Offer, facts: CompiledFacts): LimitBlocks {
  const everyone = newList(8)
  let perHost: IntervalList[] | undefined
  for (const period of fullPeriods(offer, facts)) {
    if (period.host === undefined) push(everyone, period.start, period.end)
    else {
      perHost ??= offer.hosts.map(() => newList(4))
      push(perHost[period.host]!, period.start, period.end)
    }
  }
  for (const list of [everyone, ...(perHost ?? [])]) {
    sortList(list)
    joinList(list)
  }
  return { everyone, perHost }
}

/** Every period that a limit closes, given the bookings counted in `facts`. */
export function fullPeriods(offer: Offer, facts: CompiledFacts): FullPeriod[] {
  const found: FullPeriod[] = []
  const { limits, teamLimits, zone } = offer
  if (limits !== undefined) {
    // A booking with co-hosts is one booking, and its minutes are those of its `host`.
    const own = facts.counted.filter((booking) => booking.sameEvent)
    const minutes = limits.minutes
    collect(offer, own, zone, { bookings: limits.bookings, minutes: yearOnly(minutes) }, 'event', undefined, found)
    if (minutes !== undefined) {
      const mine = byHost(offer, own, false)
      offer.hosts.forEach((_, host) => {
        collect(offer, mine[host]!, zone, { minutes: { ...minutes, year: undefined } }, 'event', host, found)
      })
    }
  }
  if (teamLimits !== undefined) {
    const team = facts.counted.filter((booking) => booking.team)
    collect(offer, team, zone, teamLimits.all, 'team', undefined, found)
    const attended = byHost(offer, team, true)
    offer.hosts.forEach((_, host) => {
      collect(offer, attended[host]!, zone, teamLimits.perHost, 'teamHost', host, found)
    })
  }
  if (offer.hosts.some((host) => host.limits !== undefined)) {
    const attended = byHost(offer, facts.counted, true)
    offer.hosts.forEach(({ limits: own, schedule }, host) => {
      collect(offer, attended[host]!, schedule.zone, own, 'host', host, found)
    })
  }
  return found
}

/** Minutes per year are summed over all hosts, those of shorter periods per host. */
function yearOnly(limits: PeriodLimits | undefined): PeriodLimits {
  return limits?.year === undefined ? {} : { year: limits.year }
}

/** Bookings of each host, in the order of the hosts; on request those they attend as co-hosts too. */
function byHost(offer: Offer, bookings: readonly CountedBooking[], cohosts: boolean): CountedBooking[][] {
  const lists: CountedBooking[][] = offer.hosts.map(() => [])
  for (const booking of bookings) {
    if (booking.host >= 0) lists[booking.host]!.push(booking)
    if (cohosts) for (const host of booking.also) if (host !== booking.host) lists[host]!.push(booking)
  }
  return lists
}

function collect(
  offer: Offer,
  bookings: readonly CountedBooking[],
  zone: Zone,
  limits: Limits | undefined,
  scope: LimitScope,
  host: number | undefined,
  found: FullPeriod[],
): void {
  for (const unit of PERIOD_UNITS) {
    const most = limits?.bookings?.[unit]
    if (most !== undefined) {
      if (most === 0) found.push({ ...ALWAYS, host, scope, measure: 'bookings', unit, limit: most, used: 0 })
      addFull(bookings, zone, unit, () => 1, most, { host, scope, measure: 'bookings', unit, limit: most }, found)
    }
    const longest = limits?.minutes?.[unit]
    if (longest !== undefined) {
      const room = longest - offer.duration
      if (room < 0) found.push({ ...ALWAYS, host, scope, measure: 'minutes', unit, limit: longest, used: 0 })
      const label = { host, scope, measure: 'minutes', unit, limit: longest } as const
      addFull(bookings, zone, unit, (booking) => booking.minutes, room + 1, label, found)
    }
  }
}

const ALWAYS = { start: FIRST_MINUTE, end: LAST_MINUTE }

/** Adds the periods in which the bookings weigh `full` or more. A booking belongs to the period of its local start day. */
function addFull(
  bookings: readonly CountedBooking[],
  zone: Zone,
  unit: PeriodUnit,
  weigh: (booking: CountedBooking) => number,
  full: number,
  label: Omit<FullPeriod, 'start' | 'end' | 'used'>,
  found: FullPeriod[],
): void {
  const used = new Map<number, number>()
  // Bookings come in order of start, so that most fall into the period of the one before.
  let first = 0
  let end = 0
  let sum = 0
  for (const booking of bookings) {
    const date = dateAt(zone, booking.start)
    if (date < first || date >= end) {
      if (first < end) used.set(first, sum)
      first = periodStart(unit, date)
      end = periodEnd(unit, first)
      sum = used.get(first) ?? 0
    }
    sum += weigh(booking)
  }
  if (first < end) used.set(first, sum)
  for (const [date, weight] of used) {
    if (weight < full) continue
    found.push({ ...label, start: startOfDay(zone, date), end: startOfDay(zone, periodEnd(unit, date)), used: weight })
  }
}
