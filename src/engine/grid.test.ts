import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layGrid, newStarts } from './grid.ts'
import { keepMaximal, listOf, pairsOf, sortList } from './intervals.ts'
import { zoneOf } from './zones.ts'

const DAY = 1440

interface Rules {
  readonly duration: number
  readonly step: number
  readonly unit: number
  readonly offset: number
  readonly optimized: boolean
}

function laid(pairs: readonly [number, number][], rules: Rules, zone = 'UTC'): number[] {
  const out = newStarts()
  const list = listOf(...pairs)
  sortList(list)
  keepMaximal(list)
  layGrid(list, { ...rules, zone: zoneOf(zone) }, out)
  return Array.from(out.data.subarray(0, out.length))
}

/** The rules of the grid once more, with sets and searches instead of cursors. UTC only. */
function laidSlowly(pairs: readonly [number, number][], { duration, step, unit, offset, optimized }: Rules): number[] {
  const list = listOf(...pairs)
  sortList(list)
  keepMaximal(list)
  const ranges = pairsOf(list).filter(([start, end]) => end - start >= duration)
  const stretches: [number, number][][] = []
  for (const range of ranges) {
    const last = stretches.at(-1)
    const reach = last === undefined ? 0 : Math.max(...last.map(([, end]) => end)) + step - duration
    if (last !== undefined && range[0] < reach) last.push(range)
    else stretches.push([range])
  }
  const all = new Set<number>()
  for (const stretch of stretches) {
    const first = stretch[0]![0]
    const end = Math.max(...stretch.map(([, rangeEnd]) => rangeEnd))
    const long = end - first > DAY
    const cuts = long ? Array.from({ length: 20 }, (_, i) => i * DAY).filter((cut) => cut > first && cut < end) : []
    const edges = [first, ...cuts, Number.POSITIVE_INFINITY]
    edges.slice(0, -1).forEach((from, i) => {
      const laidHere: number[] = []
      for (const [start, rangeEnd] of stretch) {
        const begin = Math.max(start, from)
        if (begin >= edges[i + 1]! || rangeEnd <= from) continue
        let t = Math.ceil(begin / unit) * unit
        if (optimized && !long) t = begin + pushOf(begin, rangeEnd - begin)
        t += offset
        const p = Math.max(...laidHere.filter((other) => other <= t))
        if (p < t && t < p + step) t = p >= begin ? p : p + step
        for (; t + duration <= rangeEnd && t < edges[i + 1]!; t += step) laidHere.push(t)
      }
      for (const t of laidHere) all.add(t)
    })
  }
  return [...all].sort((a, b) => a - b)

  function pushOf(start: number, length: number): number {
    if (start % unit === 0) return 0
    const spare = Math.min(length % unit, (length - duration) % step)
    return [unit, 15, 5].map((target) => target - (start % target)).find((push) => push <= spare) ?? 0
  }
}

test('cursors and sets agree on any ranges', () => {
  const range = fc
    .tuple(fc.nat(5 * DAY), fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 3 * DAY })))
    .map(([start, length]): [number, number] => [start, start + length])
  const rules = fc
    .record({
      duration: fc.constantFrom(7, 15, 20, 25, 30, 45, 60, 90),
      step: fc.constantFrom(5, 7, 15, 20, 25, 30, 40, 45, 50, 60, 90),
      offset: fc.constantFrom(0, 0, 5, 7),
      optimized: fc.boolean(),
    })
    .map((some) => ({ ...some, unit: [60, 30, 20, 15, 10, 5].find((unit) => some.step % unit === 0) ?? 1 }))
  fc.assert(
    fc.property(fc.array(range, { maxLength: 12 }), rules, (pairs, some) => {
      expect(laid(pairs, some)).toEqual(laidSlowly(pairs, some))
    }),
    { numRuns: 2000 },
  )
})

test('several starts that fall between those already laid find their places', () => {
  // The first range is pushed to 60, the second starts at 10 and has nothing to spare.
  const rules = { duration: 30, step: 60, unit: 60, offset: 0, optimized: true }
  expect(
    laid(
      [
        [5, 305],
        [10, 340],
      ],
      rules,
    ),
  ).toEqual(
    laidSlowly(
      [
        [5, 305],
        [10, 340],
      ],
      rules,
    ),
  )
})
