import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { answersOf } from './oracle/command.ts'
import type { Scenario } from './oracle/scenario.ts'
import { answerScenario } from './scenario.ts'

/**
 * Every IANA zone, the days of its clock changes and their neighbours: an opening of the host, seen through the one slot
 * that fills it, must begin and end where `Temporal` says those wall times are.
 */
const OPENINGS = [
  ['00:00', '09:00'],
  ['09:00', '13:00'],
  ['13:00', '23:30'],
  ['23:30', '24:00'],
] as const

interface Expectation {
  scenario: Scenario
  starts: string[]
}

/** The days of all changes of the year with their neighbours; a zone without changes has a day in June. */
function daysOf(zone: string, year: number): Temporal.PlainDate[] {
  const changes: Temporal.PlainDate[] = []
  let at: Temporal.ZonedDateTime | null = new Temporal.PlainDate(year, 1, 1).toZonedDateTime(zone)
  for (;;) {
    at = at.getTimeZoneTransition('next')
    if (at === null || at.year > year) break
    // A change at midnight shows on the day before it as well.
    changes.push(at.toPlainDate(), at.subtract({ minutes: 1 }).toPlainDate())
  }
  if (changes.length === 0) changes.push(new Temporal.PlainDate(year, 6, 15))
  const days = changes.flatMap((day) => [-1, 0, 1].map((n) => day.add({ days: n }).toString()))
  return [...new Set(days)].map((day) => Temporal.PlainDate.from(day))
}

/** A repeated wall time is its first occurrence, a skipped one the moment of the skip. */
function momentOf(day: Temporal.PlainDate, time: string, zone: string): Temporal.Instant {
  const wall = time === '24:00' ? day.add({ days: 1 }).toPlainDateTime() : day.toPlainDateTime(time)
  const earlier = wall.toZonedDateTime(zone, { disambiguation: 'earlier' })
  const isSkipped = !earlier.toPlainDateTime().equals(wall)
  const moment = isSkipped ? earlier.getTimeZoneTransition('next') : earlier
  if (moment === null) throw new Error(`${wall} in ${zone} is skipped by no transition`)
  return moment.toInstant()
}

function expectationsOf(zone: string, year: number): Expectation[] {
  return daysOf(zone, year).flatMap((day) =>
    OPENINGS.flatMap(([start, end]) => {
      const from = momentOf(day, start, zone)
      const to = momentOf(day, end, zone)
      const minutes = Math.round(from.until(to).total('minutes'))
      const id = `${zone} ${day} ${start}-${end}`
      const opening = { date: day.toString(), start, end }
      const fits = minutes > 0 ? [from.toString({ smallestUnit: 'millisecond' })] : []
      return [
        { scenario: scenarioOf(`${id} filled`, zone, opening, Math.max(minutes, 1)), starts: fits },
        { scenario: scenarioOf(`${id} overfilled`, zone, opening, Math.max(minutes, 0) + 1), starts: [] },
      ]
    }),
  )
}

function scenarioOf(
  id: string,
  timeZone: string,
  opening: { date: string; start: string; end: string },
  durationMin: number,
): Scenario {
  const day = Temporal.PlainDate.from(opening.date)
  return {
    id,
    now: `${day.subtract({ days: 9 })}T00:00:00Z`,
    invitee: { timeZone: 'UTC' },
    range: { start: `${day.subtract({ days: 2 })}T00:00:00Z`, end: `${day.add({ days: 3 })}T00:00:00Z` },
    // A step of one minute leaves starts unrounded.
    event: { schedulingType: 'single', durationMin, slotIntervalMin: 1 },
    hosts: [{ id: 'h', timeZone, weekly: [], overrides: [opening] }],
  }
}

const zones = Intl.supportedValuesOf('timeZone')
const lastYear = zones.flatMap((zone) => expectationsOf(zone, 2025))

test('the matrix is complete', () => {
  expect(zones.length).toBeGreaterThan(400)
  expect(lastYear.length).toBeGreaterThan(zones.length * OPENINGS.length * 6)
  expect(lastYear.filter(({ starts }) => starts.length > 0).length).toBeGreaterThan(lastYear.length / 3)
})

// In 2011 Samoa lost a day, and Newfoundland still changed its clocks a minute after midnight.
test.each([2011, 2025])('every zone at its changes of %i', (year) => {
  const differing = zones
    .flatMap((zone) => expectationsOf(zone, year))
    .flatMap(({ scenario, starts }) => {
      const answer = JSON.stringify(answerScenario(scenario))
      const expected = JSON.stringify({ id: scenario.id, starts })
      return answer === expected ? [] : [{ expected, answer }]
    })
  expect(differing).toEqual([])
})

describe('the zone of the process plays no part', () => {
  test.each(['UTC', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'])('%s', (zone) => {
    const answers = answersOf(
      lastYear.map(({ scenario }) => scenario),
      zone,
    )
    const differing = lastYear.filter(
      ({ scenario, starts }) =>
        JSON.stringify(answers.get(scenario.id)) !== JSON.stringify({ id: scenario.id, starts }),
    )
    expect(differing.map(({ scenario }) => answers.get(scenario.id))).toEqual([])
  })
})
