import { MINUTES_PER_DAY, nextMidnight } from './calendar.ts'
import type { IntervalList } from './intervals.ts'
import type { Offer } from './offer.ts'
import { offsetAt } from './zones.ts'

/** Starts in rising order, one per instant. */
export interface StartList {
  data: Int32Array
  length: number
}

export function newStarts(): StartList {
  return { data: new Int32Array(512), length: 0 }
}

type GridRules = Pick<Offer, 'duration' | 'step' | 'unit' | 'offset' | 'optimized' | 'zone'>

/** Lays the starts of all slots that fit into a maximal list of free ranges. */
export function layGrid(ranges: IntervalList, rules: GridRules, out: StartList): void {
  const { data, length } = ranges
  const { duration } = rules
  // Grids join over gaps shorter than this.
  const reach = rules.step - duration
  let i = 0
  while (i < length) {
    if (data[i + 1]! - data[i]! < duration) {
      i += 2
      continue
    }
    const first = i
    let end = data[i + 1]!
    i += 2
    for (; i < length; i += 2) {
      if (data[i + 1]! - data[i]! < duration) continue
      if (data[i]! >= end + reach) break
      end = data[i + 1]!
    }
    if (end - data[first]! <= MINUTES_PER_DAY) layStretch(data, first, i, rules, out)
    else layLongStretch(data, first, i, end, rules, out)
  }
}

/** Ranges whose grids may join, within 24 hours. */
function layStretch(data: Int32Array, first: number, last: number, rules: GridRules, out: StartList): void {
  const base = out.length
  for (let i = first; i < last; i += 2) {
    const start = data[i]!
    const end = data[i + 1]!
    if (end - start < rules.duration) continue
    const t = rules.optimized ? optimizedStart(start, end, rules) : roundedStart(start, rules)
    lay(t + rules.offset, start, end - rules.duration, base, rules.step, out)
  }
}

/**
 * A stretch of more than 24 hours is cut at each midnight of the event zone: all ranges open then start anew, so that
 * the starts of a day do not depend on how long the host has been free before it.
 */
function layLongStretch(
  data: Int32Array,
  first: number,
  last: number,
  end: number,
  rules: GridRules,
  out: StartList,
): void {
  let from = data[first]!
  let open = first
  while (from < end) {
    const midnight = nextMidnight(rules.zone, from)
    const base = out.length
    for (let i = open; i < last && data[i]! < midnight; i += 2) {
      const rangeEnd = data[i + 1]!
      if (rangeEnd <= from) {
        // Ends rise: no range before this one is open any more.
        open = i + 2
        continue
      }
      if (rangeEnd - data[i]! < rules.duration) continue
      const start = Math.max(data[i]!, from)
      const lastStart = Math.min(rangeEnd - rules.duration, midnight - 1)
      lay(roundedStart(start, rules) + rules.offset, start, lastStart, base, rules.step, out)
    }
    from = midnight
  }
}

/** The range start, rounded up to a multiple of R minutes of the hour on the event zone's clock. */
function roundedStart(start: number, { unit, zone }: GridRules): number {
  if (unit === 1) return start
  const over = (start + offsetAt(zone, start)) % unit
  return over === 0 ? start : start + unit - over
}

/** Rounds up only as far as the spare minutes of the range allow: to a multiple of R, a quarter hour or five minutes. */
function optimizedStart(start: number, end: number, { unit, zone, duration, step }: GridRules): number {
  const minute = start + offsetAt(zone, start)
  if (minute % unit === 0) return start
  const length = end - start
  const spare = Math.min(length % unit, (length - duration) % step)
  for (const target of [unit, 15, 5]) {
    // Strictly later, also for a start already on the quarter hour or on the five minutes.
    const push = target - (minute % target)
    if (push <= spare) return start + push
  }
  return start
}

/**
 * Lays t, t + step, ... up to `lastStart`. If t falls within the step of an earlier start p laid since `base`, that grid
 * is kept: it goes on from p if this range holds p, else from p + step.
 */
function lay(t: number, rangeStart: number, lastStart: number, base: number, step: number, out: StartList): void {
  let from = t
  // Index of the first start after t.
  let i = out.length
  if (i > base && out.data[i - 1]! > t) i = firstAfter(out.data, base, i, t)
  if (i > base) {
    const p = out.data[i - 1]!
    if (p < t && t < p + step) from = p >= rangeStart ? p : p + step
    if (from <= p) i -= 1
  }
  for (let start = from; start <= lastStart; start += step) {
    while (i < out.length && out.data[i]! < start) i += 1
    if (i === out.length) {
      append(start, lastStart, step, out)
      return
    }
    if (out.data[i] !== start) insert(out, i, start)
  }
}

function firstAfter(data: Int32Array, low: number, high: number, value: number): number {
  let from = low
  let to = high
  while (from < to) {
    const middle = (from + to) >> 1
    if (data[middle]! > value) to = middle
    else from = middle + 1
  }
  return from
}

function append(from: number, lastStart: number, step: number, out: StartList): void {
  const data = room(out, Math.floor((lastStart - from) / step) + 1)
  let n = out.length
  for (let start = from; start <= lastStart; start += step) data[n++] = start
  out.length = n
}

function insert(out: StartList, index: number, start: number): void {
  const data = room(out, 1)
  data.copyWithin(index + 1, index, out.length)
  data[index] = start
  out.length += 1
}

/** Makes room for `more` starts. */
function room(out: StartList, more: number): Int32Array {
  if (out.data.length < out.length + more) {
    const data = new Int32Array(Math.max(out.length + more, out.data.length * 2))
    data.set(out.data.subarray(0, out.length))
    out.data = data
  }
  return out.data
}

/** Puts one more start into the list, wherever it belongs. */
export function addStart(out: StartList, start: number): void {
  const i = firstAfter(out.data, 0, out.length, start)
  if (i > 0 && out.data[i - 1] === start) return
  insert(out, i, start)
}
