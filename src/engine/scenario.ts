import { formatDate, formatInstant, MINUTES_PER_DAY, parseDate, parseInstant } from './calendar.ts'
import { compileOffer, findSlots } from './slots.ts'
import {
  type AwayDays,
  type BookedTime,
  type BookingStatus,
  type BookingWindow,
  type BusyTime,
  type DateOverride,
  EngineInputError,
  type Facts,
  type HeldTime,
  type HostInput,
  type OfferInput,
  type PeriodLimits,
  type ScheduleLayer,
  type Scheduling,
  type Span,
  type Trip,
  type WeeklyHours,
} from './types.ts'
import { zoneOf } from './zones.ts'

/** A scenario of the published vectors, as the engine takes it. */
export interface Scenario {
  readonly offer: OfferInput
  readonly facts: Facts
  readonly span: Span
}

export type ScenarioAnswer =
  | { readonly id: unknown; readonly starts: readonly string[] }
  | { readonly id: unknown; readonly error: string }

/** Answers one scenario; what is wrong with a malformed one is part of the answer. */
export function answerScenario(scenario: unknown): ScenarioAnswer {
  const id = isRecord(scenario) ? (scenario.id ?? null) : null
  try {
    const { offer, facts, span } = readScenario(scenario)
    return { id, starts: Array.from(findSlots(compileOffer(offer), facts, span), formatInstant) }
  } catch (error) {
    if (error instanceof EngineInputError) return { id, error: error.message }
    // One scenario that the engine cannot digest must not silence the others; a fault shows as one.
    return { id, error: `internal error: ${error instanceof Error ? error.message : String(error)}` }
  }
}

/** @throws EngineInputError naming the field that is missing or malformed. */
export function readScenario(value: unknown): Scenario {
  const scenario = new Fields(value, '')
  const range = scenario.object('range')
  scenario.optional('invitee', (invitee, path) => {
    new Fields(invitee, path).optional('timeZone', zoneName)
  })
  const hosts = scenario.list('hosts', (host, path) => new Fields(host, path), true)
  return {
    offer: readEvent(scenario.object('event'), hosts.map(readHost)),
    facts: {
      now: scenario.required('now', time),
      busy: hosts.flatMap(readBusy),
      bookings: scenario.list('bookings', readBooking),
      holds: scenario.list('reserved', readHold),
    },
    span: { start: range.required('start', time), end: wholeSecond(range.required('end', time)) },
  }
}

/** An end in 59.999 stands for the full second after it. */
function wholeSecond(end: number): number {
  return end % 60_000 === 59_999 ? end + 1 : end
}

function readEvent(event: Fields, hosts: HostInput[]): OfferInput {
  return {
    scheduling: event.required('schedulingType', scheduling),
    durationMinutes: event.required('durationMin', positive),
    slotIntervalMinutes: event.optional('slotIntervalMin', positive),
    offsetMinutes: event.optional('offsetStartMin', count),
    noticeMinutes: event.optional('minNoticeMin', count),
    bufferBeforeMinutes: event.optional('bufferBeforeMin', count),
    bufferAfterMinutes: event.optional('bufferAfterMin', count),
    window: event.optional('window', readWindow),
    limits: event.optional('limits', (limits, path) => {
      const fields = new Fields(limits, path)
      return {
        bookings: fields.optional('bookings', readPeriods),
        minutes: fields.optional('durationMin', readPeriods),
      }
    }),
    seatsPerSlot: event.optional('seatsPerSlot', positive),
    optimizedSlots: event.optional('optimizedSlots', flag),
    onlyFirstSlotPerDay: event.optional('onlyFirstSlotPerDay', flag),
    timeZone: event.optional('timeZone', zoneName),
    hosts,
  }
}

function scheduling(value: unknown, path: string): Scheduling {
  if (value === 'single' || value === 'collective' || value === 'roundRobin') return value
  throw new EngineInputError(path, `${shown(value)} is not one of single, collective, roundRobin`)
}

function readWindow(value: unknown, path: string): BookingWindow {
  const window = new Fields(value, path)
  const type = window.required('type', text)
  if (type === 'fixed') {
    return { type, startDate: window.required('startDate', date), endDate: window.required('endDate', date) }
  }
  if (type === 'rolling' || type === 'rollingWindow') {
    return { type, days: window.required('days', count), calendarDays: window.required('calendarDays', flag) }
  }
  throw new EngineInputError(`${path}.type`, `${shown(type)} is not one of rolling, rollingWindow, fixed`)
}

function readPeriods(value: unknown, path: string): PeriodLimits {
  const periods = new Fields(value, path)
  return {
    day: periods.optional('day', count),
    week: periods.optional('week', count),
    month: periods.optional('month', count),
    year: periods.optional('year', count),
  }
}

function readHost(host: Fields): HostInput {
  return {
    id: host.required('id', text),
    timeZone: host.required('timeZone', zoneName),
    profileTimeZone: host.optional('profileTimeZone', text),
    fixed: host.optional('fixed', flag),
    group: host.optional('group', text),
    weekly: host.list('weekly', readWeekly),
    layers: host.list('layers', readLayer),
    overrides: host.list('overrides', readOverride),
    outOfOffice: host.list('ooo', readAway),
    travel: host.list('travel', readTrip),
    ranges: host.optional('ranges', (ranges, path) => list(ranges, path, pair)),
  }
}

function readWeekly(value: unknown, path: string): WeeklyHours {
  const entry = new Fields(value, path)
  return {
    days: entry.list('days', weekday, true),
    start: entry.required('start', timeOfDay),
    end: entry.required('end', timeOfDay),
  }
}

function readLayer(value: unknown, path: string): ScheduleLayer {
  const layer = new Fields(value, path)
  return {
    weekly: layer.list('weekly', readWeekly),
    from: layer.optional('from', date),
    to: layer.optional('to', date),
    weeks: layer.optional('weeks', readWeeks),
  }
}

function readWeeks(entry: unknown, path: string): NonNullable<ScheduleLayer['weeks']> {
  const weeks = new Fields(entry, path)
  const ofMonth = weeks.optional('ofMonth', (value, at) => list(value, at, weekOfMonth))
  if (ofMonth !== undefined) return { ofMonth }
  return { every: weeks.required('every', positive), anchor: weeks.required('anchor', date) }
}

function readOverride(value: unknown, path: string): DateOverride {
  const entry = new Fields(value, path)
  const on = entry.required('date', date)
  if (entry.optional('off', flag) === true) return { date: on, off: true }
  return { date: on, start: entry.required('start', timeOfDay), end: entry.required('end', timeOfDay) }
}

function readAway(value: unknown, path: string): AwayDays {
  const entry = new Fields(value, path)
  return { start: entry.required('start', date), end: entry.required('end', date) }
}

function readTrip(value: unknown, path: string): Trip {
  const entry = new Fields(value, path)
  return {
    from: entry.required('from', date),
    to: entry.optional('to', date),
    timeZone: entry.required('timeZone', zoneName),
  }
}

function readBusy(host: Fields): BusyTime[] {
  const id = host.required('id', text)
  return host.list('busy', pair).map(([start, end]) => ({ host: id, start, end }))
}

function readBooking(value: unknown, path: string): BookedTime {
  const booking = new Fields(value, path)
  return {
    host: booking.required('host', text),
    start: booking.required('start', time),
    end: booking.required('end', time),
    sameEvent: booking.optional('sameEvent', flag) ?? false,
    status: booking.optional('status', bookingStatus),
    bufferBeforeMinutes: booking.optional('bufferBeforeMin', count),
    bufferAfterMinutes: booking.optional('bufferAfterMin', count),
    seatsTaken: booking.optional('seatsTaken', count),
    alsoHosts: booking.list('alsoHosts', text),
  }
}

const STATUSES: Readonly<Record<string, BookingStatus>> = {
  ACCEPTED: 'accepted',
  PENDING: 'pending',
  CANCELLED: 'cancelled',
  REJECTED: 'rejected',
}

function bookingStatus(value: unknown, path: string): BookingStatus {
  const status = typeof value === 'string' && Object.hasOwn(STATUSES, value) ? STATUSES[value] : undefined
  if (status !== undefined) return status
  throw new EngineInputError(path, `${shown(value)} is not one of ${Object.keys(STATUSES).join(', ')}`)
}

function readHold(value: unknown, path: string): HeldTime {
  const hold = new Fields(value, path)
  return {
    host: hold.required('host', text),
    start: hold.required('start', time),
    end: hold.required('end', time),
    releaseAt: hold.required('releaseAt', time),
  }
}

type Read<T> = (value: unknown, path: string) => T

/** Reads the fields of a JSON object; null counts as absent. */
class Fields {
  readonly #record: Readonly<Record<string, unknown>>
  readonly #path: string

  constructor(value: unknown, path: string) {
    if (!isRecord(value)) throw new EngineInputError(path || 'scenario', `${shown(value)} is not an object`)
    this.#record = value
    this.#path = path
  }

  required<T>(name: string, read: Read<T>): T {
    const value = this.#record[name]
    if (value === undefined || value === null) throw new EngineInputError(this.#at(name), 'is missing')
    return read(value, this.#at(name))
  }

  optional<T>(name: string, read: Read<T>): T | undefined {
    const value = this.#record[name]
    return value === undefined || value === null ? undefined : read(value, this.#at(name))
  }

  object(name: string): Fields {
    return this.required(name, (value, path) => new Fields(value, path))
  }

  list<T>(name: string, read: Read<T>, needed = false): T[] {
    const all: Read<T[]> = (value, path) => list(value, path, read)
    return needed ? this.required(name, all) : (this.optional(name, all) ?? [])
  }

  #at(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function list<T>(value: unknown, path: string, read: Read<T>): T[] {
  if (!Array.isArray(value)) throw new EngineInputError(path, `${shown(value)} is not a list`)
  return value.map((item, i) => read(item, `${path}[${i}]`))
}

function text(value: unknown, path: string): string {
  if (typeof value === 'string') return value
  throw new EngineInputError(path, `${shown(value)} is not text`)
}

function count(value: unknown, path: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value
  throw new EngineInputError(path, `${shown(value)} is not a whole number of 0 or more`)
}

function positive(value: unknown, path: string): number {
  if (count(value, path) > 0) return count(value, path)
  throw new EngineInputError(path, 'must be 1 or more')
}

function weekday(value: unknown, path: string): number {
  if (count(value, path) <= 6) return count(value, path)
  throw new EngineInputError(path, `${shown(value)} is not a weekday (0 = Sunday .. 6)`)
}

/** -1 is the last. */
function weekOfMonth(value: unknown, path: string): number {
  return value === -1 ? -1 : positive(value, path)
}

function zoneName(value: unknown, path: string): string {
  return zoneOf(text(value, path), path).name
}

function date(value: unknown, path: string): string {
  return formatDate(parseDate(text(value, path), path))
}

function flag(value: unknown, path: string): boolean {
  if (typeof value === 'boolean') return value
  throw new EngineInputError(path, `${shown(value)} is neither true nor false`)
}

function time(value: unknown, path: string): number {
  return parseInstant(text(value, path), path)
}

function pair(value: unknown, path: string): [number, number] {
  if (Array.isArray(value) && value.length === 2) return [time(value[0], `${path}[0]`), time(value[1], `${path}[1]`)]
  throw new EngineInputError(path, `${shown(value)} is not a pair [start, end]`)
}

/** Minutes of the local day; 24:00 is its end. */
function timeOfDay(value: unknown, path: string): number {
  const match = typeof value === 'string' ? /^(\d{2}):([0-5]\d)$/.exec(value) : null
  const minute = match === null ? Number.NaN : Number(match[1]) * 60 + Number(match[2])
  if (minute <= MINUTES_PER_DAY) return minute
  throw new EngineInputError(path, `${shown(value)} is not a time of day (HH:MM, at most 24:00)`)
}

function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value)
  return json.length > 60 ? `${json.slice(0, 57)}...` : json
}
