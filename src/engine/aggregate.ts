import { type CompiledFacts, NOTHING } from './busy.ts'
import { openRanges, type Schedule } from './hours.ts'
import {
  appendTouching,
  type IntervalList,
  intersect,
  joinList,
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
const blocked = newList()
const common = newList()
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
 * The ranges in which a meeting has all the hosts and resources it needs, as a maximal list: what all fixed hosts share,
 * met with what each group has to offer. Complete for slots that start in [from, to). The list is the engine's own and
 * lasts until the next call.
 */
export function freeRanges(
  offer: Offer,
  facts: CompiledFacts,
  limits: LimitBlocks,
  from: number,
  to: number,
): IntervalList {
  let shared: IntervalList | undefined
  const meet = (list: IntervalList): boolean => {
    shared = shared === undefined ? copy(list, common) : meeting(shared, list)
    return shared.length > 0
  }
  if (offer.fixed.length > 0) {
    freeOfFixed(offer, facts, limits, from, to)
    if (!meet(ofGroup)) return NOTHING
  }
  for (const group of offer.groups) {
    freeOfGroup(offer, facts, limits, group, from, to)
    if (!meet(ofGroup)) return NOTHING
  }
  if (shared === undefined) return NOTHING
  for (let i = 0; i < offer.resources.length; i += 1) {
    ofHost.length = 0
    subtract(openOfResource(offer.resources[i]!.schedule, from, to), facts.resourceBlocked[i]!, from, to, ofHost)
    if (!meet(ofHost)) return NOTHING
  }
  return shared
}

/**
 * Ranges in which all fixed hosts are free, into `ofGroup`: the hours they share, minus whatever blocks any of them. Put
 * that way the work is linear in the number of hosts; meeting one free list after the other would grow with each.
 */
function freeOfFixed(offer: Offer, facts: CompiledFacts, limits: LimitBlocks, from: number, to: number): void {
  const { fixed } = offer
  ofGroup.length = 0
  if (fixed.length === 1) {
    freeOfHost(offer, facts, limits, fixed[0]!, from, to, ofGroup)
    return
  }
  blocked.length = 0
  appendTouching(limits.everyone, from, to, blocked)
  let open: IntervalList | undefined
  for (const host of fixed) {
    ofHost.length = 0
    subtract(openRanges(offer.hosts[host]!.schedule, from, to), NOTHING, from, to, ofHost)
    open = open === undefined ? copy(ofHost, common) : meeting(open, ofHost)
    if (open.length === 0) return
    appendTouching(facts.blocked[host]!, from, to, blocked)
    appendTouching(limits.perHost?.[host] ?? NOTHING, from, to, blocked)
  }
  keepMaximalOf(blocked)
  joinList(blocked)
  subtract(open!, blocked, from, to, ofGroup)
}

/** What two lists share, in whichever of the two buffers is not in use. */
function meeting(shared: IntervalList, list: IntervalList): IntervalList {
  const out = shared === common ? spare : common
  intersect(shared, list, out)
  return out
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

function copy(from: IntervalList, to: IntervalList): IntervalList {
  const data = reserve(to, from.length)
  for (let i = 0; i < from.length; i += 1) data[i] = from.data[i]!
  to.length = from.length
  return to
}
