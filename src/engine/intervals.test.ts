import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keepShared } from './aggregate.ts'
import {
  holds,
  type IntervalList,
  intersect,
  joinList,
  keepMaximal,
  keepMaximalOf,
  listOf,
  newList,
  pairsOf,
  sortList,
  subtract,
} from './intervals.ts'

type Pairs = [number, number][]

const anyPairs = (most = 12, horizon = 60): fc.Arbitrary<Pairs> =>
  fc.array(
    fc
      .tuple(fc.nat(horizon), fc.integer({ min: 1, max: 15 }))
      .map(([start, length]): [number, number] => [start, start + length]),
    { maxLength: most },
  )

function disjoint(pairs: Pairs): IntervalList {
  const list = listOf(...pairs)
  sortList(list)
  joinList(list)
  return list
}

function maximal(pairs: Pairs): IntervalList {
  const list = listOf(...pairs)
  sortList(list)
  keepMaximal(list)
  return list
}

const covers = (pairs: Pairs, minute: number): boolean => pairs.some(([start, end]) => start <= minute && minute < end)
const within = (pairs: Pairs, [start, end]: [number, number]): boolean => pairs.some(([s, e]) => s <= start && end <= e)
const windows: Pairs = Array.from({ length: 80 }, (_, start) =>
  [1, 2, 5, 9].map((n): [number, number] => [start, start + n]),
).flat()

test('joining covers the same minutes with intervals that do not touch', () => {
  fc.assert(
    fc.property(anyPairs(), (pairs) => {
      const joined = pairsOf(disjoint(pairs))
      for (let minute = 0; minute < 80; minute += 1) expect(covers(joined, minute)).toBe(covers(pairs, minute))
      for (let i = 1; i < joined.length; i += 1) expect(joined[i]![0]).toBeGreaterThan(joined[i - 1]![1])
    }),
  )
})

test('subtracting leaves the minutes that are open and not blocked', () => {
  fc.assert(
    fc.property(anyPairs(), anyPairs(), (open, blocked) => {
      const out = newList(0)
      subtract(disjoint(open), disjoint(blocked), 0, 100, out)
      const left = pairsOf(out)
      for (let minute = 0; minute < 80; minute += 1) {
        expect(covers(left, minute)).toBe(covers(open, minute) && !covers(blocked, minute))
      }
    }),
  )
})

test('subtracting between two instants keeps whole what reaches in', () => {
  const out = newList()
  subtract(listOf([0, 10], [20, 30], [40, 50], [60, 70]), listOf([25, 26]), 22, 60, out)
  expect(pairsOf(out)).toEqual([
    [20, 25],
    [26, 30],
    [40, 50],
  ])
})

test('common intervals hold exactly what both lists hold whole, and none lies in another', () => {
  fc.assert(
    fc.property(anyPairs(), anyPairs(), (a, b) => {
      const out = newList(0)
      intersect(maximal(a), maximal(b), out)
      const common = pairsOf(out)
      for (const window of windows) expect(within(common, window)).toBe(within(a, window) && within(b, window))
      for (const [i, pair] of common.entries())
        expect(
          within(
            common.filter((_, j) => j !== i),
            pair,
          ),
        ).toBe(false)
    }),
  )
})

test('maximal intervals are the same by table and by sorting', () => {
  fc.assert(
    fc.property(anyPairs(30), fc.nat(3), (pairs, scale) => {
      // Far apart, so that sorting is chosen in some runs.
      const spread = pairs.map(([start, end], i): [number, number] => [start + i * 50 ** scale, end + i * 50 ** scale])
      const list = listOf(...spread)
      keepMaximalOf(list)
      expect(pairsOf(list)).toEqual(pairsOf(maximal(spread)))
    }),
  )
})

test('very long intervals are sorted too', () => {
  const list = listOf([5, 120_000_000], [3, 9], [5, 7])
  sortList(list)
  expect(pairsOf(list)).toEqual([
    [3, 9],
    [5, 7],
    [5, 120_000_000],
  ])
})

test('shared ranges are those in which enough hosts are free for the whole time', () => {
  fc.assert(
    fc.property(
      fc.array(anyPairs(4), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 3 }),
      (hosts, need) => {
        const lists = hosts.map(disjoint)
        const list = listOf(...lists.flatMap(pairsOf))
        sortList(list)
        keepShared(list, need)
        const shared = pairsOf(list)
        for (const window of windows) {
          const free = lists.filter((host) => within(pairsOf(host), window)).length
          expect(within(shared, window)).toBe(free >= need)
        }
      },
    ),
  )
})

describe('holding a slot', () => {
  const list = listOf([0, 10], [5, 15], [8, 30])

  test.each([
    [0, 10, true],
    [4, 12, false],
    [5, 15, true],
    [7, 16, false],
    [8, 30, true],
    [29, 31, false],
  ])('[%i, %i): %s', (start, end, held) => {
    expect(holds(list, start, end)).toBe(held)
  })
})
