/**
 * Sorted half-open intervals [start, end) of whole minutes, flat in one buffer: start, end, start, end, ...
 *
 * Two kinds of list occur. *Disjoint*: sorted, none touching another (the free time of one host). *Maximal*: sorted by
 * start and by end, none inside another, but they may overlap (the free ranges of several hosts side by side).
 */
export interface IntervalList {
  /** Twice as many numbers as intervals; what lies beyond is rubbish. */
  data: Int32Array
  /** Numbers in use. */
  length: number
}

export function newList(capacity = 64): IntervalList {
  return { data: new Int32Array(capacity * 2), length: 0 }
}

export function listOf(...pairs: readonly (readonly [number, number])[]): IntervalList {
  return { data: Int32Array.from(pairs.flat()), length: pairs.length * 2 }
}

export function pairsOf(list: IntervalList): [number, number][] {
  const pairs: [number, number][] = []
  for (let i = 0; i < list.length; i += 2) pairs.push([list.data[i]!, list.data[i + 1]!])
  return pairs
}

/** Makes room for `count` numbers in all, keeping the content. */
export function reserve(list: IntervalList, count: number): Int32Array {
  if (list.data.length < count) {
    const data = new Int32Array(Math.max(count, list.data.length * 2))
    data.set(list.data.subarray(0, list.length))
    list.data = data
  }
  return list.data
}

export function push(list: IntervalList, start: number, end: number): void {
  const data = list.length + 2 > list.data.length ? reserve(list, list.length + 2) : list.data
  data[list.length] = start
  data[list.length + 1] = end
  list.length += 2
}

/** Index (even) of the first interval that ends after `instant`; `length` if there is none. Ends must rise. */
function firstEndingAfter(data: Int32Array, length: number, instant: number): number {
  let low = 0
  let high = length >> 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (data[middle * 2 + 1]! > instant) high = middle
    else low = middle + 1
  }
  return low * 2
}

/** Orders intervals in place by start, then by end. */
export function sortList(list: IntervalList): void {
  const { data, length } = list
  let sorted = true
  for (let i = 2; i < length && sorted; i += 2) {
    sorted = data[i]! > data[i - 2]! || (data[i]! === data[i - 2]! && data[i + 1]! >= data[i - 1]!)
  }
  if (sorted) return
  // Start and length fit into one float64 exactly, and floats are sorted without a comparator.
  const keys = new Float64Array(length >> 1)
  for (let i = 0; i < length; i += 2) {
    const minutes = data[i + 1]! - data[i]!
    if (minutes < 0 || minutes >= KEY_SHIFT) {
      sortSlowly(list)
      return
    }
    keys[i >> 1] = data[i]! * KEY_SHIFT + minutes
  }
  keys.sort()
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i]!
    const start = Math.floor(key / KEY_SHIFT)
    data[i * 2] = start
    data[i * 2 + 1] = start + (key - start * KEY_SHIFT)
  }
}

/** 127 years in minutes: instants to 2200 times this stay below 2^53. */
const KEY_SHIFT = 2 ** 26

function sortSlowly(list: IntervalList): void {
  const pairs = pairsOf(list).sort((a, b) => a[0] - b[0] || a[1] - b[1])
  list.data.set(pairs.flat())
}

/** Joins what touches or overlaps in a sorted list, in place: the result is disjoint. Empty intervals vanish. */
export function joinList(list: IntervalList): void {
  const { data, length } = list
  let out = 0
  for (let i = 0; i < length; i += 2) {
    const start = data[i]!
    const end = data[i + 1]!
    if (end <= start) continue
    if (out > 0 && start <= data[out - 1]!) {
      if (end > data[out - 1]!) data[out - 1] = end
    } else {
      data[out] = start
      data[out + 1] = end
      out += 2
    }
  }
  list.length = out
}

/**
 * Appends to `out` what of the disjoint `open` intervals ending after `from` and starting before `to` is not covered by
 * the disjoint `blocked` ones. Intervals are not cut at `from` and `to`.
 */
export function subtract(open: IntervalList, blocked: IntervalList, from: number, to: number, out: IntervalList): void {
  const openData = open.data
  const openLength = open.length
  const blockedData = blocked.data
  const blockedLength = blocked.length
  let i = firstEndingAfter(openData, openLength, from)
  if (i >= openLength) return
  let b = blockedLength === 0 ? 0 : firstEndingAfter(blockedData, blockedLength, openData[i]!)
  let n = out.length
  const data = reserve(out, n + (openLength - i) + (blockedLength - b) + 2)
  for (; i < openLength; i += 2) {
    let start = openData[i]!
    const end = openData[i + 1]!
    if (start >= to) break
    while (b < blockedLength && blockedData[b + 1]! <= start) b += 2
    while (b < blockedLength && blockedData[b]! < end) {
      if (blockedData[b]! > start) {
        data[n] = start
        data[n + 1] = blockedData[b]!
        n += 2
      }
      start = blockedData[b + 1]!
      if (start >= end) break
      b += 2
    }
    if (start < end) {
      data[n] = start
      data[n + 1] = end
      n += 2
    }
  }
  out.length = n
}

/** Appends the intervals of a disjoint list that share time with [from, to) to `out`, whole. */
export function appendTouching(list: IntervalList, from: number, to: number, out: IntervalList): void {
  const { data, length } = list
  for (let i = firstEndingAfter(data, length, from); i < length && data[i]! < to; i += 2)
    push(out, data[i]!, data[i + 1]!)
}

/**
 * All maximal common intervals of two maximal lists, into `out`. One sweep is enough: when of two intervals the one that
 * ends first is left behind, whatever later intervals share with it lies inside what was found already.
 */
export function intersect(a: IntervalList, b: IntervalList, out: IntervalList): void {
  const aData = a.data
  const bData = b.data
  const data = reserve(out, a.length + b.length)
  let n = 0
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    const start = Math.max(aData[i]!, bData[j]!)
    const aEnd = aData[i + 1]!
    const bEnd = bData[j + 1]!
    const end = Math.min(aEnd, bEnd)
    if (start < end) n = pushMaximal(data, n, start, end)
    if (aEnd <= bEnd) i += 2
    if (bEnd <= aEnd) j += 2
  }
  out.length = n
}

/** Starts and ends arrive in rising order; of two with one bound in common the shorter is dropped. */
function pushMaximal(data: Int32Array, n: number, start: number, end: number): number {
  if (n > 0 && data[n - 1]! >= end) return n
  const at = n > 0 && data[n - 2] === start ? n - 2 : n
  data[at] = start
  data[at + 1] = end
  return at + 2
}

/** Tables of `keepMaximalOf`: the latest end per start, and which starts occur. All zero between two calls. */
let latestEnds = new Int32Array(0)
let startBits = new Int32Array(0)

/**
 * Leaves of an unsorted list only the intervals that lie in no other, in place: the result is maximal. Starts are whole
 * minutes within a few months as a rule, so they are not sorted but looked up: linear in the number of intervals.
 */
export function keepMaximalOf(list: IntervalList): void {
  const { data, length } = list
  let lowest = 0x7fffffff
  let highest = 0
  for (let i = 0; i < length; i += 2) {
    lowest = Math.min(lowest, data[i]!)
    highest = Math.max(highest, data[i]!)
  }
  if (highest - lowest > length * 64) {
    sortList(list)
    keepMaximal(list)
  } else list.length = keepMaximalByTable(data, length, lowest, highest - lowest + 1)
}

function keepMaximalByTable(data: Int32Array, length: number, lowest: number, minutes: number): number {
  const words = (minutes + 31) >> 5
  if (latestEnds.length < minutes) {
    latestEnds = new Int32Array(minutes * 2)
    startBits = new Int32Array(words * 2)
  }
  const ends = latestEnds
  const bits = startBits
  for (let i = 0; i < length; i += 2) {
    const at = data[i]! - lowest
    bits[at >> 5]! |= 1 << (at & 31)
    if (data[i + 1]! > ends[at]!) ends[at] = data[i + 1]!
  }
  let n = 0
  for (let word = 0; word < words; word += 1) {
    for (let left = bits[word]!; left !== 0; left &= left - 1) {
      const at = (word << 5) + 31 - Math.clz32(left & -left)
      n = pushMaximal(data, n, at + lowest, ends[at]!)
      ends[at] = 0
    }
    bits[word] = 0
  }
  return n
}

/** Leaves of a sorted list only the intervals that lie in no other, in place: the result is maximal. */
export function keepMaximal(list: IntervalList): void {
  const { data, length } = list
  let n = 0
  for (let i = 0; i < length; i += 2) n = pushMaximal(data, n, data[i]!, data[i + 1]!)
  list.length = n
}

/** True if one interval of a maximal list holds [start, end) whole. */
export function holds(list: IntervalList, start: number, end: number): boolean {
  for (let i = firstEndingAfter(list.data, list.length, start); i < list.length; i += 2) {
    if (list.data[i]! > start) return false
    if (list.data[i + 1]! >= end) return true
  }
  return false
}
