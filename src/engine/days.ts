import { dateAt, formatDate, MINUTES_PER_DAY, startOfDay } from './calendar.ts'
import { offsetAt, type Zone, zoneOf } from './zones.ts'

/** The slots that start on one date of the viewer's calendar. */
export interface DayOfSlots {
  readonly date: string
  /** A view into the list given, not a copy. */
  readonly starts: Float64Array
}

/** Calls `visit` for each run of starts on one date. A clock set back over midnight does not reopen the date it left. */
function eachDay(starts: Float64Array, zone: Zone, visit: (date: number, from: number, to: number) => void): void {
  let from = 0
  let last = Number.NEGATIVE_INFINITY
  while (from < starts.length) {
    const date = Math.max(dateAt(zone, Math.floor(starts[from]! / 60_000)), last + 1)
    const end = startOfDay(zone, date + 1) * 60_000
    let to = from + 1
    while (to < starts.length && starts[to]! < end) to += 1
    visit(date, from, to)
    last = date
    from = to
  }
}

/**
 * Groups starts by the date in a viewer's zone. Days without slots do not occur.
 *
 * @throws EngineInputError for an unknown zone.
 */
export function slotsByDay(starts: Float64Array, timeZone: string): DayOfSlots[] {
  const days: DayOfSlots[] = []
  eachDay(starts, zoneOf(timeZone), (date, from, to) => {
    days.push({ date: formatDate(date), starts: starts.subarray(from, to) })
  })
  return days
}

/** `instants`: `"2026-03-02T08:00:00.000Z"`. `local`: `{"start":"2026-03-02T09:00:00.000+01:00"}` in the viewer's zone. */
export type SlotForm = 'instants' | 'local'

/**
 * JSON text of an object from date to slots, in order: `{"2026-03-02":["2026-03-02T08:00:00.000Z", ...], ...}`. Written
 * without intermediate objects, several times faster than `JSON.stringify`.
 */
export function slotsAsJson(starts: Float64Array, timeZone: string, form: SlotForm = 'instants'): string {
  const zone = zoneOf(timeZone)
  let json = ''
  eachDay(starts, zone, (date, from, to) => {
    json += `${json === '' ? '{' : '],'}"${formatDate(date)}":[`
    json += form === 'instants' ? instants(starts, from, to) : locals(starts, from, to, zone)
  })
  return json === '' ? '{}' : `${json}]}`
}

function instants(starts: Float64Array, from: number, to: number): string {
  let json = ''
  let day = Number.NaN
  let prefix = ''
  for (let i = from; i < to; i += 1) {
    const minute = Math.floor(starts[i]! / 60_000)
    const date = Math.floor(minute / MINUTES_PER_DAY)
    if (date !== day) {
      day = date
      prefix = `"${formatDate(date)}T`
    }
    json += `${i === from ? '' : ','}${prefix}${CLOCK[minute - date * MINUTES_PER_DAY]}:00.000Z"`
  }
  return json
}

function locals(starts: Float64Array, from: number, to: number, zone: Zone): string {
  let json = ''
  for (let i = from; i < to; i += 1) {
    json += `${i === from ? '' : ','}{"start":"${localText(starts[i]!, zone)}"}`
  }
  return json
}

/** An instant (epoch ms, a whole minute) as clocks of a zone show it: `2026-03-02T09:00:00.000+01:00`. */
export function localText(instant: number, zone: Zone): string {
  const minute = Math.floor(instant / 60_000)
  const offset = offsetAt(zone, minute)
  const wall = minute + offset
  const date = Math.floor(wall / MINUTES_PER_DAY)
  return `${formatDate(date)}T${CLOCK[wall - date * MINUTES_PER_DAY]}:00.000${offsetText(offset)}`
}

function offsetText(offset: number): string {
  return (offset < 0 ? '-' : '+') + CLOCK[Math.abs(offset)]
}

/** `HH:MM` of each minute of a day. */
const CLOCK: readonly string[] = Array.from(
  { length: MINUTES_PER_DAY },
  (_, minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`,
)
