/**
 * The engine's judge: the same question answered slowly and obviously, one minute after the other, with `Temporal` for every
 * reading of a clock. It shares no code with the engine and is written from the rules alone, so agreement means something.
 */
import { Temporal } from 'temporal-polyfill'
import type { PerPeriod, Scenario, ScenarioBooking, ScenarioHost, ScenarioLayer } from './scenario.ts'

const MINUTE = 60_000
const DAY = 24 * 60

/** [start, end) in epoch minutes. */
interface Range {
  start: number
  end: number
}

/** Minutes of `span`, each 1 (free) or 0. */
interface Minutes {
  span: Range
  free: Uint8Array
}

/** All starts of the offer inside the scenario's span, sorted, as UTC ISO instants with milliseconds. */
export function oracleStarts(scenario: Scenario): string[] {
  const asked = askedSpan(scenario)
  return offeredStarts(scenario)
    .filter((start) => start * MINUTE >= asked.start && start * MINUTE < asked.end)
    .map((start) => Temporal.Instant.fromEpochMilliseconds(start * MINUTE).toString({ smallestUnit: 'millisecond' }))
}

/** Everything offered around the span, before it is cut to the span. */
function offeredStarts(scenario: Scenario): number[] {
  const { event } = scenario
  const zone = eventZone(scenario)
  const span = computedSpan(scenario, zone)
  const ranges = commonRanges(scenario, span, zone)

  let starts = layGrid(ranges, scenario, zone)
  // A seat in what is begun is no further booking.
  const { limits, ...unlimited } = event
  starts = openSeats(starts, commonRanges({ ...scenario, event: unlimited }, span, zone), scenario)
  starts = starts.filter((start) => start * MINUTE >= earliest(scenario))
  starts = insideWindow(starts, scenario, zone)
  if (event.onlyFirstSlotPerDay) starts = firstOfEachDay(starts, zone)
  return starts
}

// ---- calendar ------------------------------------------------------------------------------------------------------

/** Minute at which a wall clock in `zone` first reaches the reading; a skipped reading is reached at the skip. */
function minuteOf(date: Temporal.PlainDate, time: string, zone: string): number {
  const wall =
    time === '24:00' ? date.add({ days: 1 }).toPlainDateTime() : date.toPlainDateTime(Temporal.PlainTime.from(time))
  const first = wall.toZonedDateTime(zone, { disambiguation: 'earlier' })
  if (first.toPlainDateTime().equals(wall)) return first.epochMilliseconds / MINUTE
  const skip = first.getTimeZoneTransition('next')
  if (!skip) throw new Error(`${wall} is skipped in ${zone}, but no transition follows`)
  return skip.epochMilliseconds / MINUTE
}

function startOfDay(date: Temporal.PlainDate, zone: string): number {
  return minuteOf(date, '00:00', zone)
}

function dateOf(minute: number, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(minute * MINUTE)
    .toZonedDateTimeISO(zone)
    .toPlainDate()
}

/** All dates on which `span` could fall in any zone. */
function datesAround(span: Range): Temporal.PlainDate[] {
  const last = dateOf(span.end, 'UTC').add({ days: 2 })
  const dates: Temporal.PlainDate[] = []
  let date = dateOf(span.start, 'UTC').subtract({ days: 2 })
  while (Temporal.PlainDate.compare(date, last) <= 0) {
    dates.push(date)
    date = date.add({ days: 1 })
  }
  return dates
}

/** Minutes after the full hour that a clock in `zone` shows. */
function minuteOfHour(minute: number, zone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(minute * MINUTE).toZonedDateTimeISO(zone).minute
}

function ms(instant: string): number {
  return Temporal.Instant.from(instant).epochMilliseconds
}

/** Grows to whole minutes. An interval that is empty as given stays empty, whatever its seconds and buffers. */
function outward(start: string, end: string, before = 0, after = 0): Range {
  if (ms(end) <= ms(start)) return { start: 0, end: 0 }
  return { start: Math.floor(ms(start) / MINUTE) - before, end: Math.ceil(ms(end) / MINUTE) + after }
}

function inward(start: string, end: string): Range {
  return { start: Math.ceil(ms(start) / MINUTE), end: Math.floor(ms(end) / MINUTE) }
}

// ---- spans ---------------------------------------------------------------------------------------------------------

/** The span asked for, in epoch milliseconds. */
function askedSpan({ range }: Scenario): Range {
  const end = ms(range.end)
  return { start: ms(range.start), end: end % MINUTE === 59_999 ? end + 1 : end }
}

/** What is computed, far enough around the span that its edges show in no answer. */
function computedSpan(scenario: Scenario, zone: string): Range {
  const { event } = scenario
  const asked = askedSpan(scenario)
  const buffers = Math.max(
    0,
    ...(scenario.bookings ?? []).map((b) => (b.bufferBeforeMin ?? 0) + (b.bufferAfterMin ?? 0)),
  )
  const margin =
    4 * DAY +
    buffers +
    (event.bufferBeforeMin ?? 0) +
    (event.bufferAfterMin ?? 0) +
    event.durationMin +
    stepOf(scenario)
  let start = Math.floor(asked.start / MINUTE)
  let end = Math.ceil(asked.end / MINUTE)
  if (event.window?.type === 'rollingWindow') {
    const today = startOfDay(localToday(scenario, zone), zone)
    start = Math.min(start, today)
    end = Math.max(end, today + 90 * DAY)
  }
  return { start: start - margin, end: end + margin }
}

function eventZone({ event, hosts }: Scenario): string {
  if (event.timeZone) return event.timeZone
  const lead = (event.schedulingType === 'roundRobin' && hosts.find((host) => !host.fixed)) || hosts[0]
  if (!lead) throw new Error('an offer without hosts and without a zone')
  return lead.timeZone
}

function localToday(scenario: Scenario, zone: string): Temporal.PlainDate {
  return Temporal.Instant.from(scenario.now).toZonedDateTimeISO(zone).toPlainDate()
}

/** First instant (epoch ms) that may still be booked. */
function earliest({ now, event }: Scenario): number {
  return ms(now) + Math.max(0, event.minNoticeMin ?? 0) * MINUTE
}

function stepOf({ event }: Scenario): number {
  return event.slotIntervalMin ?? event.durationMin
}

// ---- minutes of one host -------------------------------------------------------------------------------------------

function paint(minutes: Minutes, { start, end }: Range, value: 0 | 1) {
  const { span, free } = minutes
  const from = Math.max(start, span.start)
  const to = Math.min(end, span.end)
  if (from < to) free.fill(value, from - span.start, to - span.start)
}

function rangesOf({ span, free }: Minutes): Range[] {
  const ranges: Range[] = []
  for (let m = span.start; m < span.end; m++) {
    if (!free[m - span.start]) continue
    const start = m
    while (m < span.end && free[m - span.start]) m++
    ranges.push({ start, end: m })
  }
  return ranges
}

/** Minutes in which the host works, whatever blocks him. */
function openMinutes(host: ScenarioHost, span: Range): Minutes {
  const minutes: Minutes = { span, free: new Uint8Array(span.end - span.start) }
  if (host.ranges) {
    for (const [start, end] of host.ranges) paint(minutes, inward(start, end), 1)
    return minutes
  }
  for (const date of datesAround(span)) {
    for (const { start, end } of hoursOn(date, host)) paint(minutes, { start, end }, 1)
  }
  return minutes
}

/** The hours of one of the host's dates, read in the zone where he is on that date. */
function hoursOn(date: Temporal.PlainDate, host: ScenarioHost): Range[] {
  const day = date.toString()
  if ((host.ooo ?? []).some((away) => away.start <= day && day <= away.end)) return []
  const trip = (host.travel ?? []).find((t) => t.from <= day && (t.to === undefined || day <= t.to))
  const zone = trip?.timeZone ?? host.timeZone
  const overrides = (host.overrides ?? []).filter((o) => o.date === day)
  const entries =
    overrides.length > 0
      ? overrides.filter((o) => !o.off)
      : (host.layers?.find((layer) => holdsOn(layer, date)) ?? host).weekly?.filter((w) =>
          w.days.includes(date.dayOfWeek % 7),
        )
  return (entries ?? []).flatMap(({ start, end }) =>
    start !== undefined && end !== undefined && start < end
      ? [{ start: minuteOf(date, start, zone), end: minuteOf(date, end, zone) }]
      : [],
  )
}

function holdsOn({ from, to, weeks }: ScenarioLayer, date: Temporal.PlainDate): boolean {
  const day = date.toString()
  if ((from !== undefined && day < from) || (to !== undefined && to < day)) return false
  if (weeks === undefined) return true
  if ('ofMonth' in weeks) return weeks.ofMonth.some((ordinal) => ordinalDay(date, ordinal) === date.day)
  // Back to the first day of its block of seven, then to the anchor in whole cadences.
  const days = Temporal.PlainDate.from(weeks.anchor).until(date).days
  const intoBlock = ((days % 7) + 7) % 7
  return (days - intoBlock) % (7 * weeks.every) === 0
}

/** Day of the month of the n-th (-1: the last) weekday like that of `date`. */
function ordinalDay(date: Temporal.PlainDate, ordinal: number): number | undefined {
  const days: number[] = []
  for (let day = 1; day <= date.daysInMonth; day += 1) {
    if (date.with({ day }).dayOfWeek === date.dayOfWeek) days.push(day)
  }
  return days.at(ordinal < 0 ? ordinal : ordinal - 1)
}

/** What blocks this one host: calendars, bookings with buffers of both sides, holds, limits. */
function blocksOf(host: ScenarioHost, scenario: Scenario): Range[] {
  const before = scenario.event.bufferBeforeMin ?? 0
  const after = scenario.event.bufferAfterMin ?? 0
  const blocks: Range[] = []
  for (const [start, end] of host.busy ?? []) blocks.push(outward(start, end, after, before))
  for (const booking of accepted(scenario)) {
    if (booking.host !== host.id && !booking.alsoHosts?.includes(host.id)) continue
    const whole = outward(booking.start, booking.end)
    const padded = outward(
      booking.start,
      booking.end,
      (booking.bufferBeforeMin ?? 0) + after,
      (booking.bufferAfterMin ?? 0) + before,
    )
    if (hasFreeSeats(booking, scenario)) {
      blocks.push({ start: padded.start, end: whole.start }, { start: whole.end, end: padded.end })
    } else {
      blocks.push(padded)
    }
  }
  for (const hold of scenario.reserved ?? []) {
    if (hold.host === host.id && ms(scenario.now) < ms(hold.releaseAt)) blocks.push(outward(hold.start, hold.end))
  }
  return blocks
}

function accepted({ bookings = [] }: Scenario): ScenarioBooking[] {
  return bookings.filter((booking) => (booking.status ?? 'ACCEPTED') === 'ACCEPTED')
}

function hasFreeSeats(booking: ScenarioBooking, { event }: Scenario): boolean {
  return (
    event.seatsPerSlot !== undefined &&
    booking.sameEvent &&
    booking.seatsTaken !== undefined &&
    booking.seatsTaken < event.seatsPerSlot
  )
}

function freeMinutes(host: ScenarioHost, scenario: Scenario, span: Range, zone: string): Minutes {
  const minutes = openMinutes(host, span)
  for (const block of blocksOf(host, scenario)) paint(minutes, block, 0)
  for (const period of limitedPeriods(host, scenario, span, zone)) paint(minutes, period, 0)
  return minutes
}

// ---- limits --------------------------------------------------------------------------------------------------------

const UNITS = ['day', 'week', 'month', 'year'] as const

/** Periods of the event zone in which this host may take no more. */
function limitedPeriods(host: ScenarioHost, scenario: Scenario, span: Range, zone: string): Range[] {
  const { limits, durationMin } = scenario.event
  const own = accepted(scenario).filter((booking) => booking.sameEvent)
  const full: Range[] = []
  for (const unit of UNITS) {
    const mostBookings = limits?.bookings?.[unit]
    const mostMinutes = limits?.durationMin?.[unit]
    if (mostBookings === undefined && mostMinutes === undefined) continue
    for (const { first, next } of periodsAround(span, unit)) {
      const inside = own.filter((booking) => {
        const day = Temporal.Instant.from(booking.start).toZonedDateTimeISO(zone).toPlainDate()
        return Temporal.PlainDate.compare(first, day) <= 0 && Temporal.PlainDate.compare(day, next) < 0
      })
      const counted = unit === 'year' ? inside : inside.filter((booking) => booking.host === host.id)
      const minutes = counted.map(({ start, end }) => outward(start, end)).reduce((sum, b) => sum + b.end - b.start, 0)
      const tooMany = mostBookings !== undefined && inside.length >= mostBookings
      const tooLong = mostMinutes !== undefined && minutes + durationMin > mostMinutes
      if (tooMany || tooLong) full.push({ start: startOfDay(first, zone), end: startOfDay(next, zone) })
    }
  }
  return full
}

function periodsAround(span: Range, unit: keyof PerPeriod): { first: Temporal.PlainDate; next: Temporal.PlainDate }[] {
  const periods = new Map<string, { first: Temporal.PlainDate; next: Temporal.PlainDate }>()
  for (const date of datesAround(span)) {
    const first = firstDayOf(date, unit)
    const next = first.add({ [`${unit}s`]: 1 })
    periods.set(first.toString(), { first, next })
  }
  return [...periods.values()]
}

function firstDayOf(date: Temporal.PlainDate, unit: keyof PerPeriod): Temporal.PlainDate {
  if (unit === 'day') return date
  if (unit === 'week') return date.subtract({ days: date.dayOfWeek % 7 })
  return unit === 'month' ? date.with({ day: 1 }) : date.with({ month: 1, day: 1 })
}

// ---- team ----------------------------------------------------------------------------------------------------------

/** Ranges in which one meeting fits: each is free for every host it needs, for its whole length. */
function commonRanges(scenario: Scenario, span: Range, zone: string): Range[] {
  const free = new Map(scenario.hosts.map((host) => [host, freeMinutes(host, scenario, span, zone)]))
  const ranges = crews(scenario).flatMap((crew) => {
    const all: Minutes = { span, free: new Uint8Array(span.end - span.start).fill(1) }
    for (const host of crew) {
      const { free: own } = free.get(host)!
      for (let i = 0; i < own.length; i++) if (!own[i]) all.free[i] = 0
    }
    return rangesOf(all)
  })
  return withoutContained(ranges)
}

/** Every way to staff the meeting: all hosts it always needs, and one of each group. */
function crews({ event, hosts }: Scenario): ScenarioHost[][] {
  if (event.schedulingType === 'single') return hosts.slice(0, 1).map((host) => [host])
  if (event.schedulingType === 'collective') return hosts.length > 0 ? [hosts] : []
  const fixed = hosts.filter((host) => host.fixed)
  const rotating = hosts.filter((host) => !host.fixed)
  const groups = new Set(rotating.map((host) => host.group))
  let crewsSoFar: ScenarioHost[][] = hosts.length > 0 ? [fixed] : []
  for (const group of groups) {
    const members = rotating.filter((host) => host.group === group)
    crewsSoFar = crewsSoFar.flatMap((crew) => members.map((host) => [...crew, host]))
  }
  return crewsSoFar
}

function withoutContained(ranges: Range[]): Range[] {
  const sorted = ranges.toSorted((a, b) => a.start - b.start || b.end - a.end)
  let reached = Number.NEGATIVE_INFINITY
  return sorted.filter(({ end }) => {
    if (end <= reached) return false
    reached = end
    return true
  })
}

// ---- grid ----------------------------------------------------------------------------------------------------------

/** A range on which a grid is laid: its starts are at or before the last minute before `until`. */
interface Piece extends Range {
  until: number
}

function layGrid(ranges: Range[], scenario: Scenario, zone: string): number[] {
  const { durationMin: duration, offsetStartMin: offset = 0, optimizedSlots } = scenario.event
  const step = stepOf(scenario)
  const starts = new Set<number>()
  const usable = ranges.filter((range) => range.end - range.start >= duration)
  for (const stretch of stretches(usable, step - duration)) {
    const whole = { start: stretch[0]!.start, end: Math.max(...stretch.map((range) => range.end)) }
    const isLong = whole.end - whole.start > DAY
    const runs = isLong ? cutAtMidnights(stretch, whole, zone) : [stretch.map((r) => ({ ...r, until: r.end }))]
    for (const run of runs) {
      const laid = new Set<number>()
      for (const piece of run) {
        const first =
          optimizedSlots && !isLong ? optimizedStart(piece, duration, step, zone) : roundedUp(piece.start, step, zone)
        let t = joined(first + offset, piece, laid, step)
        for (; t + duration <= piece.end && t < piece.until; t += step) laid.add(t)
      }
      for (const t of laid) starts.add(t)
    }
  }
  return [...starts].sort((a, b) => a - b)
}

/** Ranges whose grids could join: each begins before the latest end so far plus what one step leaves unused. */
function stretches(ranges: Range[], unused: number): Range[][] {
  const found: Range[][] = []
  let latestEnd = Number.NEGATIVE_INFINITY
  for (const range of ranges) {
    const current = found.at(-1)
    if (current && range.start < latestEnd + unused) current.push(range)
    else found.push([range])
    latestEnd = Math.max(latestEnd, range.end)
  }
  return found
}

/** One list of pieces per day of the event zone; a range open at a midnight starts anew there. */
function cutAtMidnights(stretch: Range[], whole: Range, zone: string): Piece[][] {
  const midnights = datesAround(whole)
    .map((date) => startOfDay(date, zone))
    .filter((midnight) => midnight > whole.start && midnight < whole.end)
  const edges = [whole.start, ...midnights, whole.end]
  return edges.slice(0, -1).map((from, i) => {
    const until = edges[i + 1]!
    return stretch
      .filter(({ start, end }) => start < until && end > from)
      .map(({ start, end }) => ({ start: Math.max(start, from), end, until }))
  })
}

/** Moves a first start onto the grid already there when it falls inside the step of the latest slot before it. */
function joined(t: number, range: Range, laid: Set<number>, step: number): number {
  const previous = Math.max(...[...laid].filter((start) => start <= t))
  if (!(previous < t && t < previous + step)) return t
  return previous >= range.start ? previous : previous + step
}

function unitOf(step: number): number {
  return [60, 30, 20, 15, 10, 5].find((unit) => step % unit === 0) ?? 1
}

/** Minutes from `minute` to the next multiple of `unit` on the clock of the event zone; 0 when it is one. */
function pushTo(unit: number, minute: number, zone: string): number {
  const past = minuteOfHour(minute, zone) % unit
  return past === 0 ? 0 : unit - past
}

function roundedUp(start: number, step: number, zone: string): number {
  return start + pushTo(unitOf(step), start, zone)
}

/** Pushes only as far as it costs no slot: to the next unit, else the next quarter hour, else the next five minutes. */
function optimizedStart({ start, end }: Range, duration: number, step: number, zone: string): number {
  const unit = unitOf(step)
  const length = end - start
  const spare = Math.min(length % unit, (length - duration) % step)
  const pushes = [pushTo(unit, start, zone), pushTo(15, start, zone) || 15, pushTo(5, start, zone) || 5]
  return start + (pushes.find((push) => push <= spare) ?? 0)
}

// ---- what removes starts -------------------------------------------------------------------------------------------

/** Starts of partly filled slots are offered where a range has room; every other start that overlaps one goes. */
function openSeats(starts: number[], ranges: Range[], scenario: Scenario): number[] {
  const { durationMin: duration } = scenario.event
  const partly = accepted(scenario)
    .filter((booking) => hasFreeSeats(booking, scenario))
    .map(({ start, end }) => outward(start, end))
  const joinable = new Set(
    partly
      .map(({ start }) => start)
      .filter((start) => ranges.some((range) => range.start <= start && start + duration <= range.end)),
  )
  const others = starts.filter(
    (start) => !partly.some((slot) => start !== slot.start && start < slot.end && start + duration > slot.start),
  )
  return [...new Set([...others, ...joinable])].sort((a, b) => a - b)
}

function insideWindow(starts: number[], scenario: Scenario, zone: string): number[] {
  const { window } = scenario.event
  if (!window) return starts
  if (window.type === 'fixed') {
    const from = startOfDay(Temporal.PlainDate.from(window.startDate), zone)
    const until = startOfDay(Temporal.PlainDate.from(window.endDate).add({ days: 1 }), zone)
    return starts.filter((start) => start >= from && start < until)
  }
  const last =
    window.type === 'rolling'
      ? lastRollingDay(localToday(scenario, zone), window.days, window.calendarDays)
      : lastBookableDay(localToday(scenario, zone), window.days, window.calendarDays, daysOf(starts, zone))
  const until = startOfDay(last.add({ days: 1 }), zone)
  return starts.filter((start) => start < until)
}

function lastRollingDay(today: Temporal.PlainDate, days: number, calendarDays: boolean): Temporal.PlainDate {
  let day = today
  for (let i = 0; i < days; i++) day = nextDay(day, calendarDays)
  return day
}

function nextDay(day: Temporal.PlainDate, calendarDays: boolean): Temporal.PlainDate {
  let next = day.add({ days: 1 })
  while (!calendarDays && next.dayOfWeek > 5) next = next.add({ days: 1 })
  return next
}

function lastBookableDay(
  today: Temporal.PlainDate,
  days: number,
  calendarDays: boolean,
  bookable: Set<string>,
): Temporal.PlainDate {
  if (days === 0) return today
  let looked = today
  let counted = 0
  let lastCounted: Temporal.PlainDate | undefined
  for (let i = 0; i < 61; i++) {
    if (i > 0) looked = nextDay(looked, calendarDays)
    if (!bookable.has(looked.toString())) continue
    lastCounted = looked
    counted++
    if (counted === days) break
  }
  return lastCounted ?? looked
}

function daysOf(starts: number[], zone: string): Set<string> {
  return new Set(starts.map((start) => dateOf(start, zone).toString()))
}

function firstOfEachDay(starts: number[], zone: string): number[] {
  const seen = new Set<string>()
  return starts.filter((start) => {
    const day = dateOf(start, zone).toString()
    if (seen.has(day)) return false
    seen.add(day)
    return true
  })
}
