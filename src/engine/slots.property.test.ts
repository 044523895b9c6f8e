import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { answersOf } from './oracle/command.ts'
import { oracleStarts } from './oracle/oracle.ts'
import type {
  Interval,
  Pair,
  Scenario,
  ScenarioBooking,
  ScenarioEvent,
  ScenarioHold,
  ScenarioHost,
  ScenarioLayer,
} from './oracle/scenario.ts'
import { readScenario } from './scenario.ts'
import { compileOffer, findSlots } from './slots.ts'

const MINUTE = 60_000
const DAY = 24 * 60

/** Zones, each with days around which its clock changes (or nothing special happens). */
const PLACES: readonly (readonly [zone: string, ...days: string[]])[] = [
  ['Africa/Cairo', '2025-04-25', '2025-10-30'],
  ['Africa/Casablanca', '2025-02-23', '2025-04-06'],
  ['America/Asuncion', '2024-03-24', '2024-10-06'],
  ['America/Caracas', '2016-05-01'],
  ['America/Havana', '2025-03-09', '2025-11-02'],
  ['America/Los_Angeles', '2026-03-08', '2026-11-01'],
  ['America/New_York', '2026-03-08', '2026-11-01'],
  ['America/Nuuk', '2023-03-25', '2025-10-25'],
  ['America/Santiago', '2025-04-05', '2025-09-07'],
  ['America/Sao_Paulo', '2018-02-17', '2018-11-04'],
  ['America/St_Johns', '2010-03-14', '2010-11-07', '2026-11-01'],
  ['Antarctica/Troll', '2025-03-30', '2025-10-26'],
  ['Asia/Beirut', '2025-03-30', '2025-10-25'],
  ['Asia/Gaza', '2024-04-20', '2024-10-26'],
  ['Asia/Kathmandu', '2026-06-17'],
  ['Asia/Kolkata', '2026-06-17', '2027-01-01'],
  ['Asia/Pyongyang', '2015-08-14', '2018-05-04'],
  ['Asia/Tehran', '2022-03-22', '2022-09-21'],
  ['Asia/Tokyo', '2026-02-28'],
  ['Atlantic/Azores', '2025-03-30', '2025-10-26'],
  ['Australia/Adelaide', '2026-04-05', '2026-10-04'],
  ['Australia/Eucla', '2026-12-31'],
  ['Australia/Lord_Howe', '2026-04-05', '2026-10-04'],
  ['Europe/Berlin', '2026-03-29', '2026-10-25'],
  ['Europe/Dublin', '2025-10-26'],
  ['Europe/London', '2026-03-29', '2026-10-25'],
  ['Pacific/Apia', '2011-12-30', '2021-04-04'],
  ['Pacific/Chatham', '2026-04-05', '2026-09-27'],
  ['Pacific/Easter', '2025-04-05', '2025-09-06'],
  ['Pacific/Honolulu', '2026-07-01'],
  ['Pacific/Kiritimati', '2026-01-01'],
  ['UTC', '2026-06-14'],
]
const ZONES = PLACES.map(([zone]) => zone)
/** Somebody who is no host of the offer. */
const STRANGER = 'stranger'
const DURATIONS = [5, 7, 8, 10, 15, 20, 25, 30, 40, 45, 50, 60, 75, 90, 120, 180, 480]

// ---- random scenarios ----------------------------------------------------------------------------------------------

/** The value in one of so many cases, else undefined. */
const oneIn = <T>(cases: number, value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: cases - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })
const maybe = <T>(value: fc.Arbitrary<T>) => oneIn(2, value)
const seldom = <T>(value: fc.Arbitrary<T>) => oneIn(6, value)
const flag = fc.boolean()

const moment = (epochMinute: number, second = 0) =>
  Temporal.Instant.fromEpochMilliseconds((epochMinute * 60 + second) * 1000).toString()

/** Minutes of a wall clock: mostly quarters, at times any minute. */
const wallMinute = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 96 }).map((quarter) => quarter * 15) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: DAY }) },
)
const wallTime = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
const opening = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(wallMinute, wallMinute).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const) },
  { weight: 1, arbitrary: fc.tuple(wallMinute, wallMinute) },
  { weight: 4, arbitrary: fc.constant([0, DAY] as const) },
  { weight: 2, arbitrary: wallMinute.map((start) => [start, DAY] as const) },
  { weight: 2, arbitrary: wallMinute.map((end) => [0, end] as const) },
)
// Some entries end before they start: they open nothing.
const hours = opening.map(([start, end]) => ({ start: wallTime(Math.min(start, DAY - 1)), end: wallTime(end) }))
const weekdays = fc.oneof(
  { weight: 3, arbitrary: fc.constant<number[]>([0, 1, 2, 3, 4, 5, 6]) },
  { weight: 1, arbitrary: fc.subarray([0, 1, 2, 3, 4, 5, 6]) },
)

/** Everything random happens around this UTC day. */
interface Around {
  zone: string
  day: Temporal.PlainDate
  minute: number
}

const around: fc.Arbitrary<Around> = fc
  .constantFrom(...PLACES)
  .chain(([zone, ...days]) => fc.record({ zone: fc.constant(zone), day: fc.constantFrom(...days) }))
  .map(({ zone, day }) => {
    const date = Temporal.PlainDate.from(day)
    return { zone, day: date, minute: date.toZonedDateTime('UTC').epochMilliseconds / MINUTE }
  })

const zoneNear = ({ zone }: Around) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(zone) }, { weight: 1, arbitrary: fc.constantFrom(...ZONES) })

const dateNear = ({ day }: Around, days = 3) =>
  fc.integer({ min: -days, max: days }).map((n) => day.add({ days: n }).toString())

const minuteNear = ({ minute }: Around, days = 3) => fc.integer({ min: minute - days * DAY, max: minute + days * DAY })

/** Mostly on quarters, at times with seconds; now and then empty. */
const timeNear = (near: Around, longest = 300): fc.Arbitrary<Interval> =>
  fc
    .record({
      start: minuteNear(near),
      length: fc.oneof(fc.integer({ min: 0, max: longest }), fc.constantFrom(15, 30, 60)),
      quarter: fc.boolean(),
      seconds: fc.constantFrom([0, 0], [0, 0], [0, 0], [1, 0], [0, 59], [30, 30]),
    })
    .map(({ start, length, quarter, seconds }) => {
      const from = quarter ? Math.ceil(start / 15) * 15 : start
      return { start: moment(from, seconds[0]), end: moment(from + length, seconds[1]) }
    })

const pairNear = (near: Around, longest?: number): fc.Arbitrary<Pair> =>
  timeNear(near, longest).map(({ start, end }) => [start, end])

const absent = (near: Around, days: number) =>
  fc.tuple(dateNear(near), fc.integer({ min: 0, max: days })).map(([start, length]) => ({
    start,
    end: Temporal.PlainDate.from(start).add({ days: length }).toString(),
  }))

const layerNear = (near: Around): fc.Arbitrary<ScenarioLayer> =>
  fc.record({
    weekly: fc
      .array(fc.record({ days: weekdays, hours }), { maxLength: 2 })
      .map((entries) => entries.map((entry) => ({ days: entry.days, ...entry.hours }))),
    from: maybe(dateNear(near)),
    to: maybe(dateNear(near)),
    weeks: fc.oneof(
      fc.constant(undefined),
      fc.record({ every: fc.integer({ min: 1, max: 3 }), anchor: dateNear(near, 30) }),
      fc.record({ ofMonth: fc.subarray([1, 2, 3, 4, -1], { minLength: 1 }) }),
    ),
  })

const hostNear = (near: Around, id: string): fc.Arbitrary<ScenarioHost> =>
  fc
    .record({
      timeZone: zoneNear(near),
      profileTimeZone: seldom(fc.constantFrom(...ZONES)),
      fixed: seldom(flag),
      group: oneIn(3, fc.constantFrom('a', 'b')),
      weekly: fc.array(fc.record({ days: weekdays, hours }), { minLength: 1, maxLength: 3 }),
      layers: seldom(fc.array(layerNear(near), { minLength: 1, maxLength: 3 })),
      overrides: maybe(
        fc.array(fc.record({ date: dateNear(near), hours: fc.option(hours, { freq: 4 }) }), {
          minLength: 1,
          maxLength: 3,
        }),
      ),
      ooo: seldom(fc.array(absent(near, 2), { minLength: 1, maxLength: 2 })),
      travel: seldom(fc.array(fc.tuple(absent(near, 3), zoneNear(near), flag), { minLength: 1, maxLength: 2 })),
      busy: maybe(fc.array(pairNear(near), { minLength: 1, maxLength: 12 })),
      ranges: oneIn(12, fc.array(pairNear(near, 3 * DAY), { minLength: 1, maxLength: 5 })),
    })
    .map(({ weekly, layers, overrides, ooo, travel, ranges, ...host }) => ({
      id,
      ...host,
      ...(ranges
        ? { ranges }
        : {
            weekly: weekly.map((entry) => ({ days: entry.days, ...entry.hours })),
            layers,
            overrides: overrides?.map((entry) =>
              entry.hours ? { date: entry.date, ...entry.hours } : { date: entry.date, off: true },
            ),
            ooo,
            travel: travel?.map(([{ start, end }, timeZone, open]) => ({
              from: start,
              to: open ? undefined : end,
              timeZone,
            })),
          }),
    }))

const windowNear = (near: Around): fc.Arbitrary<ScenarioEvent['window']> =>
  fc.oneof(
    fc.record({ type: fc.constant('rolling' as const), days: fc.integer({ min: 0, max: 6 }), calendarDays: flag }),
    fc.record({
      type: fc.constant('rollingWindow' as const),
      days: fc.integer({ min: 0, max: 5 }),
      calendarDays: flag,
    }),
    absent(near, 3).map(({ start, end }) => ({ type: 'fixed' as const, startDate: start, endDate: end })),
  )

const perPeriod = (max: number) =>
  fc.record(
    {
      day: fc.integer({ min: 0, max }),
      week: fc.integer({ min: 0, max: max * 2 }),
      month: fc.integer({ min: 1, max: max * 3 }),
      year: fc.integer({ min: 1, max: max * 4 }),
    },
    { requiredKeys: [] },
  )

const eventNear = (near: Around): fc.Arbitrary<ScenarioEvent> =>
  fc.record({
    schedulingType: fc.constantFrom('single', 'collective', 'roundRobin', 'roundRobin'),
    durationMin: fc.constantFrom(...DURATIONS),
    slotIntervalMin: maybe(fc.constantFrom(...DURATIONS.slice(1, -1))),
    offsetStartMin: seldom(fc.integer({ min: 0, max: 60 })),
    minNoticeMin: seldom(fc.integer({ min: 0, max: 3 * DAY })),
    bufferBeforeMin: seldom(fc.integer({ min: 0, max: 90 })),
    bufferAfterMin: seldom(fc.integer({ min: 0, max: 90 })),
    window: seldom(windowNear(near)),
    limits: seldom(fc.record({ bookings: perPeriod(4), durationMin: perPeriod(400) }, { requiredKeys: [] })),
    seatsPerSlot: seldom(fc.integer({ min: 1, max: 4 })),
    optimizedSlots: seldom(flag),
    onlyFirstSlotPerDay: seldom(flag),
    timeZone: seldom(zoneNear(near)),
  })

const bookingNear = (near: Around, ids: string[], durationMin: number): fc.Arbitrary<ScenarioBooking> =>
  fc
    .record({
      host: fc.constantFrom(...ids),
      time: timeNear(near),
      asLong: flag,
      sameEvent: flag,
      status: seldom(fc.constantFrom('ACCEPTED', 'PENDING', 'CANCELLED', 'REJECTED')),
      bufferBeforeMin: seldom(fc.integer({ min: 0, max: 90 })),
      bufferAfterMin: seldom(fc.integer({ min: 0, max: 90 })),
      seatsTaken: maybe(fc.integer({ min: 1, max: 4 })),
      alsoHosts: seldom(fc.subarray(ids)),
    })
    .map(({ time, asLong, seatsTaken, ...booking }) => {
      if (!asLong) return { ...booking, ...time }
      // A seated booking is as long as a slot, and of a host of the offer.
      const seats = booking.host === STRANGER ? undefined : seatsTaken
      const start = Math.floor(Temporal.Instant.from(time.start).epochMilliseconds / MINUTE)
      return { ...booking, start: moment(start), end: moment(start + durationMin), seatsTaken: seats }
    })

const holdNear = (near: Around, ids: string[]): fc.Arbitrary<ScenarioHold> =>
  fc
    .record({ host: fc.constantFrom(...ids), time: timeNear(near, 90), release: minuteNear(near, 6) })
    .map(({ host, time, release }) => ({ host, ...time, releaseAt: moment(release) }))

const scenarios: fc.Arbitrary<Scenario> = fc
  .tuple(around, fc.constantFrom(1, 1, 2, 2, 3, 4, 5))
  .chain(([near, hostCount]) => fc.tuple(fc.constant(near), fc.constant(hostCount), eventNear(near)))
  .chain(([near, hostCount, event]) => {
    const ids = Array.from({ length: event.schedulingType === 'single' ? 1 : hostCount }, (_, i) => `h${i + 1}`)
    return fc.record({
      id: fc.constant('random'),
      now: fc
        .tuple(minuteNear(near, 5), fc.constantFrom(0, 0, 17))
        .map(([minute, second]) => moment(minute - 5 * DAY, second)),
      invitee: fc.record({ timeZone: fc.constantFrom(...ZONES) }),
      range: fc
        .tuple(minuteNear(near, 2), fc.integer({ min: 0, max: 4 * DAY }))
        .map(([start, length]) => ({ start: moment(start), end: moment(start + length) })),
      event: fc.constant(event),
      hosts: fc.tuple(...ids.map((id) => hostNear(near, id))),
      bookings: fc.array(bookingNear(near, [...ids, STRANGER], event.durationMin), { maxLength: 6 }),
      reserved: fc.array(holdNear(near, [...ids, STRANGER]), { maxLength: 3 }),
    })
  })

// ---- asking --------------------------------------------------------------------------------------------------------

function engineStarts(scenario: Scenario): number[] {
  const { offer, facts, span } = readScenario(scenario)
  return Array.from(findSlots(compileOffer(offer), facts, span))
}

function msOf(instant: string): number {
  return Temporal.Instant.from(instant).epochMilliseconds
}

function isoOf(ms: number): string {
  return Temporal.Instant.fromEpochMilliseconds(ms).toString({ smallestUnit: 'millisecond' })
}

function isAccepted({ status = 'ACCEPTED' }: ScenarioBooking): boolean {
  return status === 'ACCEPTED'
}

/** Times as given, without buffers, at which a host cannot meet. A seated booking that may be joined is left out. */
function busyOf(host: ScenarioHost, { now, bookings = [], reserved = [] }: Scenario): Interval[] {
  const booked = bookings.filter(
    (b) => isAccepted(b) && (b.host === host.id || b.alsoHosts?.includes(host.id)) && !(b.sameEvent && b.seatsTaken),
  )
  const held = reserved.filter((h) => h.host === host.id && msOf(now) < msOf(h.releaseAt))
  const calendar = (host.busy ?? []).map(([start, end]) => ({ start, end }))
  return [...calendar, ...booked, ...held].filter(({ start, end }) => msOf(start) < msOf(end))
}

function overlaps(start: number, length: number, busy: Interval): boolean {
  return start < msOf(busy.end) && start + length > msOf(busy.start)
}

/** Whether enough hosts for one meeting satisfy `can`. */
function canBeStaffed({ event, hosts }: Scenario, can: (host: ScenarioHost) => boolean): boolean {
  if (event.schedulingType !== 'roundRobin') return hosts.every(can)
  const rotating = hosts.filter((host) => !host.fixed)
  const groups = new Set(rotating.map(({ group }) => group))
  return (
    hosts.filter((host) => host.fixed).every(can) &&
    [...groups].every((group) => rotating.some((host) => host.group === group && can(host)))
  )
}

/** Whether a clock on the host's wall shows open hours in each minute; unknown (true) near a change of that clock, on trips and with layers. */
function isOpen(host: ScenarioHost, start: number, length: number): boolean {
  if (host.travel || host.layers) return true
  const at = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(host.timeZone)
  if (!host.ranges && at(start - DAY * MINUTE).offset !== at(start + length + DAY * MINUTE).offset) return true
  for (let ms = start; ms < start + length; ms += MINUTE) {
    if (host.ranges) {
      if (!host.ranges.some(([from, to]) => msOf(from) <= ms && ms + MINUTE <= msOf(to))) return false
      continue
    }
    const wall = at(ms)
    const date = wall.toPlainDate().toString()
    const time = wall.toPlainTime().toString({ smallestUnit: 'minute' })
    const own = host.overrides?.filter((entry) => entry.date === date) ?? []
    const entries = own.length > 0 ? own : (host.weekly ?? []).filter(({ days }) => days.includes(wall.dayOfWeek % 7))
    const isAway = host.ooo?.some((away) => away.start <= date && date <= away.end)
    if (isAway || !entries.some((entry) => entry.start && entry.end && entry.start <= time && time < entry.end))
      return false
  }
  return true
}

describe('random offers', () => {
  test('the engine gives exactly the starts of the minute-by-minute oracle', () => {
    let asked = 0
    let answered = 0
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const starts = oracleStarts(scenario)
        asked += 1
        if (starts.length > 0) answered += 1
        expect(engineStarts(scenario).map(isoOf)).toEqual(starts)
      }),
      { numRuns: 900 },
    )
    // Agreement on nothing would mean little.
    expect(answered).toBeGreaterThan(asked / 3)
  })

  test('so it does for a year at once', () => {
    fc.assert(
      fc.property(scenarios, fc.nat(365), ({ range, ...scenario }, daysBefore) => {
        const start = msOf(range.start) - daysBefore * DAY * MINUTE
        const year = { start: isoOf(start), end: isoOf(start + 365 * DAY * MINUTE) }
        const asked = { ...scenario, now: year.start, range: year }
        expect(engineStarts(asked).map(isoOf)).toEqual(oracleStarts(asked))
      }),
      { numRuns: 10 },
    )
  })

  test('every slot lies in the hours of hosts who can hold it', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const length = scenario.event.durationMin * MINUTE
        for (const start of engineStarts(scenario)) {
          expect(
            canBeStaffed(scenario, (host) => isOpen(host, start, length)),
            isoOf(start),
          ).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('no slot overlaps busy time of all who could hold it, nor is it past', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const length = scenario.event.durationMin * MINUTE
        const busy = new Map(scenario.hosts.map((host) => [host, busyOf(host, scenario)]))
        for (const start of engineStarts(scenario)) {
          const isFree = (host: ScenarioHost) => !busy.get(host)?.some((time) => overlaps(start, length, time))
          expect(canBeStaffed(scenario, isFree), isoOf(start)).toBe(true)
          expect(start).toBeGreaterThanOrEqual(msOf(scenario.now) + (scenario.event.minNoticeMin ?? 0) * MINUTE)
        }
      }),
      { numRuns: 250 },
    )
  })
})

describe('the set of starts is a property of the offer', () => {
  test('the same for any zone of the visitor', () => {
    fc.assert(
      fc.property(scenarios, fc.constantFrom(...ZONES), (scenario, timeZone) => {
        const { offer, facts, span } = readScenario(scenario)
        const compiled = compileOffer(offer)
        expect(engineStarts({ ...scenario, invitee: { timeZone } })).toEqual(engineStarts(scenario))
        expect(findSlots(compiled, { ...facts, visitorTimeZone: timeZone }, span)).toEqual(
          findSlots(compiled, facts, span),
        )
      }),
      { numRuns: 400 },
    )
  })

  test('the same for any span that holds them', () => {
    fc.assert(
      fc.property(scenarios, fc.nat(9 * DAY), fc.nat(9 * DAY), (scenario, earlier, later) => {
        const { offer, facts, span } = readScenario(scenario)
        const wide = { start: span.start - earlier * MINUTE, end: span.end + later * MINUTE }
        const compiled = compileOffer(offer)
        const within = findSlots(compiled, facts, wide).filter((start) => start >= span.start && start < span.end)
        expect(Array.from(findSlots(compileOffer(offer), facts, span))).toEqual(Array.from(within))
      }),
      { numRuns: 800 },
    )
  })

  test('the same for any split of the span', () => {
    fc.assert(
      fc.property(
        scenarios,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
        (scenario, cuts) => {
          const { offer, facts, span } = readScenario(scenario)
          const compiled = compileOffer(offer)
          const edges = cuts.map((cut) => Math.round(span.start + cut * (span.end - span.start))).sort((a, b) => a - b)
          const parts = [span.start, ...edges].flatMap((start, i) =>
            Array.from(findSlots(compiled, facts, { start, end: edges[i] ?? span.end })),
          )
          expect(parts).toEqual(Array.from(findSlots(compiled, facts, span)))
        },
      ),
      { numRuns: 600 },
    )
  })

  test('the same in any order of hosts, hours, overrides, busy times, bookings and holds', () => {
    const shuffled = scenarios
      // The lead host gives the zone, so it is named here; a single host has no order.
      .map((scenario) => ({
        ...scenario,
        event: { ...scenario.event, timeZone: scenario.event.timeZone ?? 'Asia/Kathmandu' },
      }))
      .chain((scenario) => {
        const order = <T>(list: readonly T[] | undefined) =>
          list ? fc.shuffledSubarray([...list], { minLength: list.length }) : fc.constant(undefined)
        const host = (h: ScenarioHost) =>
          fc
            .record({
              weekly: order(h.weekly),
              overrides: order(h.overrides),
              ooo: order(h.ooo),
              busy: order(h.busy),
              ranges: order(h.ranges),
            })
            .map((lists) => ({ ...h, ...lists }))
        return fc.record({
          scenario: fc.constant(scenario),
          other: fc
            .record({
              hosts: fc.tuple(...scenario.hosts.map(host)),
              bookings: order(scenario.bookings),
              reserved: order(scenario.reserved),
            })
            .chain((lists) => order(lists.hosts).map((hosts) => ({ ...scenario, ...lists, hosts: hosts ?? [] }))),
        })
      })
    fc.assert(
      fc.property(shuffled, ({ scenario, other }) => {
        expect(engineStarts(other)).toEqual(engineStarts(scenario))
      }),
      { numRuns: 600 },
    )
  })

  test('the same later on, but for what has passed', () => {
    fc.assert(
      fc.property(scenarios, fc.nat(3 * DAY), (scenario, minutes) => {
        // What a window, a first slot of the day and a hold leave depends on the day of asking.
        const event = { ...scenario.event, window: undefined, onlyFirstSlotPerDay: false }
        const lasting = { ...scenario, event, reserved: [] }
        const now = msOf(scenario.now) + minutes * MINUTE
        const left = engineStarts(lasting).filter((start) => start >= now + (event.minNoticeMin ?? 0) * MINUTE)
        expect(engineStarts({ ...lasting, now: isoOf(now) })).toEqual(left)
      }),
      { numRuns: 400 },
    )
  })

  test('the same wherever the process runs', () => {
    const asked = fc.sample(scenarios, 200).map((scenario, i) => ({ ...scenario, id: `random-${i}` }))
    const expected = asked.map((scenario) => ({ id: scenario.id, starts: oracleStarts(scenario) }))
    for (const zone of ['America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Africa/Cairo', 'Pacific/Apia']) {
      const answers = answersOf(asked, zone)
      const differing = expected.filter((answer) => JSON.stringify(answers.get(answer.id)) !== JSON.stringify(answer))
      expect(
        differing.map(({ id }) => asked.find((scenario) => scenario.id === id)),
        zone,
      ).toEqual([])
    }
  })
})
