import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { compileFacts, compileOffer, findSlots, isOffered, slotsAsJson, slotsByDay } from '#engine/slots.ts'
import type { BookedTime, BusyTime, Facts, HostInput, OfferInput } from '#engine/types.ts'
import { type Control, digits, median, type Row } from './row.ts'
import { sequence, yardstickNow } from './yardstick.ts'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 2, 2)
const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Sydney', 'Europe/London']

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function host(index: number, zoned: boolean): HostInput {
  return {
    id: `host-${index}`,
    timeZone: zoned ? ZONES[index % ZONES.length]! : 'Europe/Berlin',
    weekly: [{ days: [1, 2, 3, 4, 5], start: 540, end: 1020 }],
  }
}

function offerOf(hosts: number, more: Partial<OfferInput> = {}): OfferInput {
  const scheduling = hosts === 1 ? 'single' : 'roundRobin'
  const all = Array.from({ length: hosts }, (_, i) =>
    host(i, scheduling === 'roundRobin' && more.scheduling === undefined),
  )
  return { scheduling, durationMinutes: 30, bufferBeforeMinutes: 5, bufferAfterMinutes: 10, hosts: all, ...more }
}

/** Busy times of 15 to 60 minutes spread over the days. */
function busyTimes(hosts: number, perHost: number, days: number, variant = 0): BusyTime[] {
  const next = sequence(hosts * 7919 + perHost + variant * 104_729)
  const busy: BusyTime[] = []
  for (let i = 0; i < hosts; i += 1) {
    const starts = Array.from({ length: perHost }, () => NOW + Math.floor(next() * days * 96) * 900_000)
    for (const start of starts.sort((a, b) => a - b)) {
      busy.push({ host: `host-${i}`, start, end: start + (1 + Math.floor(next() * 4)) * 900_000 })
    }
  }
  return busy
}

/** Median microseconds of one call, from batches of about a millisecond: too short for other programs to cut into many of them. */
function medianOf(call: () => unknown, budgetMilliseconds: number): number {
  for (let i = 0, until = performance.now() + budgetMilliseconds / 4; i < 3 || performance.now() < until; i += 1) call()
  const once = performance.now()
  call()
  const batch = Math.max(1, Math.round(1 / Math.max(performance.now() - once, 1e-4)))
  const samples: number[] = []
  const until = performance.now() + budgetMilliseconds
  while (samples.length < 5 || performance.now() < until) {
    const start = performance.now()
    for (let i = 0; i < batch; i += 1) call()
    samples.push(((performance.now() - start) / batch) * 1000)
  }
  return median(samples)
}

/** Bytes one call allocates on the heap and in array buffers: the median of a few counts. */
function bytesOf(call: () => unknown): number {
  const calls = 20
  const counts = Array.from({ length: 7 }, () => {
    collectGarbage()
    const before = process.memoryUsage()
    const kept = Array.from({ length: calls }, call)
    const after = process.memoryUsage()
    return (after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers) / kept.length
  }).sort((a, b) => a - b)
  return Math.max(0, Math.round(counts[3]!))
}

interface Case {
  readonly name: string
  readonly budget: number
  readonly call: () => Float64Array | string | object
}

/**
 * Calls go round several sets of busy times: a processor learns the branches of a small one by heart, and a measurement
 * that repeats it would flatter small cases and make large ones look worse than linear.
 */
const VARIANTS = 16

function searching(
  name: string,
  budget: number,
  input: OfferInput,
  facts: (variant: number) => Omit<Facts, 'now'>,
  days: number,
): Case {
  const offer = compileOffer(input)
  const known = Array.from({ length: VARIANTS }, (_, i) => compileFacts(offer, { now: NOW, ...facts(i) }))
  const span = { start: NOW, end: NOW + days * DAY }
  let turn = 0
  return { name, budget, call: () => findSlots(offer, known[turn++ % VARIANTS]!, span) }
}

function searchCases(): Case[] {
  const one = offerOf(1)
  const collective = { scheduling: 'collective' as const }
  return [
    ...[0, 100, 500].map((count) =>
      searching(
        `1 host, 30 days, ${count} busy`,
        0.0012,
        one,
        (variant) => ({ busy: busyTimes(1, count, 30, variant) }),
        30,
      ),
    ),
    ...[0, 500, 5000].map((count) =>
      searching(
        `1 host, 365 days, ${count} busy`,
        0.009,
        one,
        (variant) => ({ busy: busyTimes(1, count, 365, variant) }),
        365,
      ),
    ),
    ...[10, 100].map((hosts) =>
      searching(
        `collective of ${hosts}, 30 days, 3 busy each`,
        hosts === 10 ? 0.012 : 0.06,
        offerOf(hosts, collective),
        (variant) => ({ busy: busyTimes(hosts, 3, 30, variant) }),
        30,
      ),
    ),
    ...[10, 100, 1000].map((hosts) =>
      searching(
        `round robin of ${hosts}, 30 days, 50 busy each`,
        { 10: 0.012, 100: 0.06 }[hosts] ?? 0.9,
        offerOf(hosts),
        (variant) => ({ busy: busyTimes(hosts, 50, 30, variant) }),
        30,
      ),
    ),
    searching(
      'round robin of 100, 365 days, 500 busy each',
      0.9,
      offerOf(100),
      (variant) => ({ busy: busyTimes(100, 500, 365, variant) }),
      365,
    ),
    searching(
      '1 host, 30 days, 500 bookings, limits',
      0.01,
      { ...one, limits: { bookings: { day: 18, week: 120 }, minutes: { month: 9000 } } },
      (variant) => ({ bookings: bookings(500, variant) }),
      30,
    ),
    searching(
      '1 host, 10 bookable days, 100 busy',
      0.004,
      { ...one, window: { type: 'rollingWindow', days: 10, calendarDays: true } },
      (variant) => ({ busy: busyTimes(1, 100, 90, variant) }),
      30,
    ),
  ]
}

function bookings(count: number, variant: number): BookedTime[] {
  return busyTimes(1, count, 30, variant).map((busy) => ({ ...busy, end: busy.start + 900_000, sameEvent: true }))
}

function otherCases(): Case[] {
  const offer = compileOffer(offerOf(1))
  const facts: Facts = { now: NOW, busy: busyTimes(1, 500, 30) }
  const span = { start: NOW, end: NOW + 30 * DAY }
  const known = compileFacts(offer, facts)
  const starts = findSlots(compileOffer(offerOf(1, { bufferAfterMinutes: 0 })), { now: NOW }, span)
  return [
    { name: '1 host, 30 days, 500 busy as objects', budget: 0.006, call: () => findSlots(offer, facts, span) },
    {
      name: 'is one start on offer, 500 busy',
      budget: 0.0012,
      call: () => ({ ok: isOffered(offer, known, starts[9]!) }),
    },
    { name: 'compile a round robin of 100', budget: 0.1, call: () => compileOffer(offerOf(100)) },
    { name: 'month of slots as JSON by day', budget: 0.006, call: () => slotsAsJson(starts, 'America/New_York') },
    { name: 'month of slots grouped by day', budget: 0.002, call: () => slotsByDay(starts, 'America/New_York') },
  ]
}

/** The control is measured before and after each case: what else runs on the machine comes and goes. */
function measure({ name, budget, call }: Case): Row & { control: Control } {
  const answer = call()
  const before = yardstickNow()
  const microseconds = medianOf(call, 300)
  const control = ((before + yardstickNow()) / 2) * 1000
  return {
    name,
    value: microseconds / control,
    unit: 'x control',
    budget,
    control: { what: 'control', value: control, unit: 'µs' },
    microseconds,
    bytes: bytesOf(call),
    ...(answer instanceof Float64Array ? { slots: answer.length } : {}),
  }
}

/** Exponent k of time = size^k between two rows. */
function growth(name: string, rows: readonly Row[], small: string, large: string, factor: number): Row {
  const time = (wanted: string): number => rows.find((row) => row.name === wanted)!.microseconds!
  return { name, value: Math.log(time(large) / time(small)) / Math.log(factor), unit: 'exponent', budget: 1.05 }
}

/** Measures the engine against the control in this very process. Takes about 20 seconds. */
export async function run(): Promise<Row[]> {
  const rows = [...searchCases(), ...otherCases()].map(measure)
  const controls = rows.map(({ control }) => control.value)
  return [
    {
      name: 'control: copy and sort 100,000 numbers',
      value: median(controls),
      unit: 'µs',
      budget: null,
      note: `${digits(Math.min(...controls))} to ${digits(Math.max(...controls))} in this run`,
    },
    ...rows,
    growth(
      'growth with busy times (500 to 5,000, a year)',
      rows,
      '1 host, 365 days, 500 busy',
      '1 host, 365 days, 5000 busy',
      10,
    ),
    growth('growth with days (30 to 365)', rows, '1 host, 30 days, 0 busy', '1 host, 365 days, 0 busy', 365 / 30),
    growth(
      'growth with hosts, collective (10 to 100)',
      rows,
      'collective of 10, 30 days, 3 busy each',
      'collective of 100, 30 days, 3 busy each',
      10,
    ),
    growth(
      'growth with hosts, round robin (10 to 100)',
      rows,
      'round robin of 10, 30 days, 50 busy each',
      'round robin of 100, 30 days, 50 busy each',
      10,
    ),
    growth(
      'growth with hosts, round robin (100 to 1,000)',
      rows,
      'round robin of 100, 30 days, 50 busy each',
      'round robin of 1000, 30 days, 50 busy each',
      10,
    ),
  ]
}
