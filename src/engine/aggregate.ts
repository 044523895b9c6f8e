import { type CompiledFacts, NOTHING } from './busy.ts'
import { openRanges, type Schedule } from './hours.ts'
import {
  type IntervalList,
  intersect,
  keepMaximal,
  keepMaximalOf,
  newList,
  push,
  reserve,
  sortList,
  subtract,
} from './intervals.ts'
import type { LimitBlocks } from './limits.ts'
import type { HostGroup, Offer } from './offer.ts'
import { FIRST_MINUTE, LAST_MINUTE } from './zones.ts'

/** Buffers that live from one request to the next, so that a request allocates next to nothing. */
const afterBusy = newList()
const afterLimits = newList()
const ofHost = newList()
const ofGroup = newList()
const spare = newList()

/** Appends the free ranges of one host to `out`: hours minus everything that blocks. */
export function freeOfHost(
  offer: Offer,
  facts: CompiledFacts,
  limits: LimitBlocks,
  host: number,
  from: number,
  to: number,
  out: IntervalList,
): void {
  const open = openRanges(offer.hosts[host]!.schedule, from, to)
  const own = limits.perHost?.[host] ?? NOTHING
  if (own.length === 0 && limits.everyone.length === 0) {
    subtract(open, facts.blocked[host]!, from, to, out)
    return
  }
  afterBusy.length = 0
  subtract(open, facts.blocked[host]!, from, to, afterBusy)
  afterLimits.length = 0
  subtract(afterBusy, limits.everyone, from, to, afterLimits)
  subtract(afterLimits, own, from, to, out)
}

/**
 * The ranges in which a meeting has all the hosts and resources it needs, as a maximal list in `out`: what all fixed
 * hosts share, met with what each group has to offer. Complete for slots that start in [from, to).
 */
export function freeRanges(
  offer: Offer,
  facts: CompiledFacts,
  limits: LimitBlocks,
  from: number,
  to: number,
  out: IntervalList,
): void {
  out.length = 0
  let first = true
  const meet = (list: IntervalList): void => {
    if (first) copy(list, out)
    else {
      intersect(out, list, spare)
      copy(spare, out)
    }
    first = false
  }
  for (const host of offer.fixed) {
    ofHost.length = 0
    freeOfHost(offer, facts, limits, host, from, to, ofHost)
    meet(ofHost)
    if (out.length === 0) return
  }
  for (const group of offer.groups) {
    freeOfGroup(offer, facts, limits, group, from, to)
    meet(ofGroup)
    if (out.length === 0) return
  }
  if (first) return
  offer.resources.forEach((resource, index) => {
    ofHost.length = 0
    subtract(openOfResource(resource.schedule, from, to), facts.resourceBlocked[index]!, from, to, ofHost)
    meet(ofHost)
  })
}

const ALWAYS_OPEN: IntervalList = { data: Int32Array.of(FIRST_MINUTE, LAST_MINUTE), length: 2 }

function openOfResource(schedule: Schedule | undefined, from: number, to: number): IntervalList {
  return schedule === undefined ? ALWAYS_OPEN : openRanges(schedule, from, to)
}

/** Ranges in which enough hosts of a group are free from beginning to end, into `ofGroup`. */
function freeOfGroup(
  offer: Offer,
  facts: CompiledFacts,
  limits: LimitBlocks,
  group: HostGroup,
  from: number,
  to: number,
): void {
  ofGroup.length = 0
  for (const host of group.hosts) freeOfHost(offer, facts, limits, host, from, to, ofGroup)
  if (group.need === 1) keepMaximalOf(ofGroup)
  else {
    sortList(ofGroup)
    keepShared(ofGroup, group.need)
  }
}

/**
 * Turns the sorted ranges of several hosts into the maximal ranges that `need` hosts share. Of all ranges begun at a
 * start, the `need`-th latest end is how far that many hosts reach together; while it lies ahead they are all still
 * free, and no host counts twice because the ranges of one host are disjoint.
 */
export function keepShared(list: IntervalList, need: number): void {
  const shared = newList(list.length >> 1)
  // The `need` latest ends, rising.
  const latest: number[] = []
  for (let i = 0; i < list.length; i += 2) {
    const end = list.data[i + 1]!
    let at = latest.length
    while (at > 0 && latest[at - 1]! > end) at -= 1
    latest.splice(at, 0, end)
    if (latest.length > need) latest.shift()
    if (latest.length === need && latest[0]! > list.data[i]!) push(shared, list.data[i]!, latest[0]!)
  }
  keepMaximal(shared)
  list.length = 0
  copy(shared, list)
}

function copy(from: IntervalList, to: IntervalList): void {
  reserve(to, from.length).set(from.data.subarray(0, from.length))
  to.length = from.length
}
