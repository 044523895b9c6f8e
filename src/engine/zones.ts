import { Temporal } from 'temporal-polyfill'
import { EngineInputError } from './types.ts'

/**
 * A time zone as a table of the periods between two changes of its offset, in minutes since the epoch.
 * Period `i` runs from `starts[i]` to `starts[i + 1]`; local time in it is instant + `offsets[i]`.
 *
 * Whole minutes are exact for every zone since 8 January 1972, when Monrovia was the last to give up seconds.
 */
export interface Zone {
  readonly name: string
  readonly starts: Int32Array
  readonly offsets: Int32Array
  /** Local time at the end of each period, read with that period's offset. Rises strictly. */
  readonly wallEnds: Int32Array
  /** Where the last search ended: neighbouring questions are the rule. A memo, not a state. */
  hint: number
}

/** Answers lie within [FIRST_MINUTE, LAST_MINUTE): from 1970 to the end of 2199. Tables reach as far. */
export const FIRST_MINUTE = 0
export const LAST_MINUTE = Temporal.Instant.from('2200-01-01T00:00Z').epochMilliseconds / 60_000

const NEVER = 0x7fffffff
const zones = new Map<string, Zone>()

/** True for the name of a zone of the IANA database (any case); false for anything else, offsets like `+02:00` too. */
export function isTimeZone(name: string): boolean {
  return canonicalName(name) !== undefined
}

/** @throws EngineInputError for a name that is not a zone. */
export function zoneOf(name: string, path = 'timeZone'): Zone {
  const known = zones.get(name)
  if (known !== undefined) return known
  const canonical = canonicalName(name)
  if (canonical === undefined) throw new EngineInputError(path, `${JSON.stringify(name)} is not a time zone`)
  let zone = zones.get(canonical)
  if (zone === undefined) {
    zone = readZone(canonical)
    zones.set(canonical, zone)
  }
  return zone
}

function canonicalName(name: string): string | undefined {
  if (typeof name !== 'string' || !/^[A-Za-z]/.test(name)) return undefined
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function readZone(name: string): Zone {
  const starts: number[] = [-NEVER]
  let at = Temporal.Instant.fromEpochMilliseconds(-1).toZonedDateTimeISO(name)
  const offsets: number[] = [offsetMinutes(at)]
  for (;;) {
    const next = at.getTimeZoneTransition('next')
    if (next === null || next.epochMilliseconds >= LAST_MINUTE * 60_000) break
    at = next
    if (offsetMinutes(at) === offsets[offsets.length - 1]) continue
    starts.push(Math.round(at.epochMilliseconds / 60_000))
    offsets.push(offsetMinutes(at))
  }
  const wallEnds = offsets.map((offset, i) => (i + 1 < starts.length ? starts[i + 1]! + offset : NEVER))
  return {
    name,
    starts: Int32Array.from(starts),
    offsets: Int32Array.from(offsets),
    wallEnds: Int32Array.from(wallEnds),
    hint: 0,
  }
}

function offsetMinutes(at: Temporal.ZonedDateTime): number {
  return Math.round(at.offsetNanoseconds / 60e9)
}

/** Offset in force at an instant: local = instant + offset. */
export function offsetAt(zone: Zone, instant: number): number {
  const { starts, hint } = zone
  if (starts[hint]! <= instant && (hint + 1 === starts.length || instant < starts[hint + 1]!)) {
    return zone.offsets[hint]!
  }
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= instant) low = middle
    else high = middle - 1
  }
  zone.hint = low
  return zone.offsets[low]!
}

/**
 * The first instant at which the local clock shows `wall` or later. So a repeated wall time is its first occurrence, a
 * skipped one is the moment of the skip, and a day without midnight begins when the clock resumes.
 */
export function instantOf(zone: Zone, wall: number): number {
  const period = periodOfWall(zone, wall)
  return Math.max(zone.starts[period]!, wall - zone.offsets[period]!)
}

/** The first period in which the local clock reaches past `wall`. */
export function periodOfWall(zone: Zone, wall: number): number {
  const { wallEnds, hint } = zone
  if (wallEnds[hint]! > wall && (hint === 0 || wallEnds[hint - 1]! <= wall)) return hint
  let low = 0
  let high = wallEnds.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (wallEnds[middle]! > wall) high = middle
    else low = middle + 1
  }
  zone.hint = low
  return low
}
