import { WEEKDAYS } from '#platform/http/api/hours.ts'
import type { RawRequest, Versions } from '#platform/http/api/versions.ts'
import { parseInput } from '#platform/input.ts'
import {
  type FormerMoment,
  type FormerSchedule,
  type FormerScheduleChanged,
  formerNewSchedule,
  formerScheduleChange,
} from './former.ts'
import type { WireSchedule } from './schema.ts'

const current = '2024-06-11'
const former = '2024-04-15'

/** Of replies with a schedule, or a list of them. */
export const scheduleVersions: Versions = { current, older: [{ date: former, downgrade: schedulesOfThen }] }

export const newScheduleVersions: Versions = {
  current,
  older: [
    { date: former, upgrade: upgradedNew, downgrade: schedulesOfThen, names: { availability: 'availabilities' } },
  ],
}

export const changedScheduleVersions: Versions = {
  current,
  older: [
    {
      date: former,
      upgrade: upgradedChange,
      downgrade: changedOfThen,
      names: { availability: 'schedule', overrides: 'dateOverrides' },
    },
  ],
}

/** Hours that belong to no date were written as if of this one. */
const SOME_DAY = '1970-01-01'
type Clocks = Pick<WireSchedule['overrides'][number], 'startTime' | 'endTime'>

function schedulesOfThen(data: unknown): FormerSchedule | FormerSchedule[] {
  return Array.isArray(data) ? data.map(scheduleOfThen) : scheduleOfThen(data as WireSchedule)
}

function scheduleOfThen(schedule: WireSchedule): FormerSchedule {
  const { id, ownerId, name, timeZone, isDefault, availability, overrides } = schedule
  const rangeOf = (date: string, hours: Clocks) => ({ userId: ownerId, ...instantsOf(date, hours) })
  return {
    id,
    name,
    isManaged: false,
    workingHours: availability.map(({ days, startTime, endTime }) => ({
      days: days.map(numberOf),
      startTime: minuteOf(startTime),
      endTime: minuteOf(endTime),
    })),
    schedule: rowsOfThen(schedule),
    availability: WEEKDAYS.map((day) =>
      availability.filter(({ days }) => days.includes(day)).map((hours) => rangeOf(SOME_DAY, hours)),
    ),
    timeZone,
    dateOverrides: [...Map.groupBy(overrides, ({ date }) => date)].map(([date, entries]) => ({
      ranges: entries.map((hours) => rangeOf(date, hours)),
    })),
    isDefault,
    readOnly: false,
  }
}

function changedOfThen(data: unknown): FormerScheduleChanged {
  const { id, ownerId: userId, name, timeZone, isDefault } = data as WireSchedule
  const availability = rowsOfThen(data as WireSchedule)
  return { schedule: { id, userId, name, timeZone, availability }, isDefault, timeZone }
}

/** Hours of weekdays and of dates in one list. */
function rowsOfThen({ id: scheduleId, ownerId: userId, availability, overrides }: WireSchedule) {
  const rows = [
    ...availability.map(({ days, ...hours }) => ({ days: days.map(numberOf), date: null, hours })),
    ...overrides.map(({ date, ...hours }) => ({ days: [], date, hours })),
  ]
  return rows.map(({ days, date, hours }, i) => {
    const { start: startTime, end: endTime } = instantsOf(SOME_DAY, hours)
    return { id: i + 1, userId, days, startTime, endTime, date: date && instantOf(date, '00:00'), scheduleId }
  })
}

const numberOf = (day: (typeof WEEKDAYS)[number]) => WEEKDAYS.indexOf(day)
const instantsOf = (date: string, { startTime, endTime }: Clocks) => ({
  start: instantOf(date, startTime),
  end: instantOf(date, endTime),
})

/** 24:00 is the next day. */
function instantOf(date: string, clock: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + minuteOf(clock) * 60_000).toISOString()
}

function minuteOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}

/** @throws invalid_input, as then */
function upgradedNew({ query, body }: RawRequest): RawRequest {
  const { availabilities, ...same } = parseInput(formerNewSchedule, body)
  const availability = availabilities?.map(({ days, startTime, endTime }) => ({
    days: days.map((day) => WEEKDAYS[day]),
    ...clocksOf({ start: startTime, end: endTime }),
  }))
  return { query, body: { ...same, ...(availability && { availability }) } }
}

/** @throws invalid_input, as then */
function upgradedChange({ query, body }: RawRequest): RawRequest {
  const { schedule, dateOverrides, ...same } = parseInput(formerScheduleChange, body)
  const availability = schedule?.flatMap((ranges, day) =>
    ranges.map((range) => ({ days: [WEEKDAYS[day]], ...clocksOf(range) })),
  )
  const overrides = dateOverrides?.flatMap((ranges) =>
    ranges.map(({ start, end }) => ({
      date: start.date,
      startTime: start.clock,
      endTime: start.date === end.date ? end.clock : endOfDay(end),
    })),
  )
  return { query, body: { ...same, ...(availability && { availability }), ...(overrides && { overrides }) } }
}

const endOfDay = ({ clock }: FormerMoment) => (clock === '00:00' ? '24:00' : clock)
const clocksOf = ({ start, end }: { start: FormerMoment; end: FormerMoment }) => ({
  startTime: start.clock,
  endTime: endOfDay(end),
})
