import { dateOf, fieldsOf } from './calendar.ts'
import { EngineInputError } from './types.ts'

/** A host who may take part, in list order, and whether he is free for the whole meeting (`freeHosts`). */
export interface Candidate {
  readonly id: string
  /** For a series: free on the first dates too. */
  readonly free: boolean
  /** Takes part in every meeting. */
  readonly fixed?: boolean
  /** Hosts without a group form one of their own, `''`. */
  readonly group?: string
  /** 0..4, absent = 2. */
  readonly priority?: number
  /** Absent = 100. */
  readonly weight?: number
  /** When he became a host of this event type (epoch ms); absent = before the interval. */
  readonly joinedAt?: number
  /** Out of office, and past calendar events over full days: [start, end) in epoch ms. */
  readonly absences?: readonly { readonly start: number; readonly end: number }[]
}

/** An accepted booking of this event type. Leave out cancelled, rejected and pending ones. */
export interface PastBooking {
  readonly organizer: string
  /** Hosts who took part without organising. */
  readonly attendees?: readonly string[]
  readonly createdAt: number
  readonly start: number
  /** The host was marked as not having come. */
  readonly noShow?: boolean
}

export interface AssignmentRules {
  /** Share bookings by weight. */
  readonly weighted?: boolean
  /** Hosts more than this many bookings ahead sit out; needs `basis: 'created'`. */
  readonly maxLead?: number
  readonly countNoShows?: boolean
  /** Over what bookings are counted: the current UTC month or day. Read only with weights; absent = month. */
  readonly interval?: 'month' | 'day'
  /** Counted by when they were made (up to now), or by when they take place. Read only with weights; absent = created. */
  readonly basis?: 'created' | 'meeting'
  /** Hosts a group must give; absent = 1 each. */
  readonly needs?: Readonly<Record<string, number>>
}

/** Each narrows the candidates of a group, and is ignored where it would leave nobody. Applied in this order. */
export interface Preferences {
  /** The host of the booking being moved. */
  readonly sameHost?: string
  readonly segment?: readonly string[]
  readonly contactOwner?: string
  readonly routed?: readonly string[]
}

export interface AssignmentFacts {
  readonly now: number
  /** Start of the meeting to be staffed (epoch ms). */
  readonly start: number
  readonly rules: AssignmentRules
  readonly bookings: readonly PastBooking[]
  readonly preferences?: Preferences
}

export type NarrowingCode =
  | 'sameHost'
  | 'segment'
  | 'contactOwner'
  | 'routed'
  | 'lead'
  | 'free'
  /** Nobody preferred is free: the whole group was considered. */
  | 'fallback'
  | 'shortfall'
  | 'weight'
  | 'priority'
  | 'leastRecent'
  | 'order'

/** One step of a choice: who was left after it. */
export interface Narrowing {
  readonly code: NarrowingCode
  readonly kept: readonly string[]
  readonly dropped: readonly string[]
  /** The rule would have left nobody, so it did not count. */
  readonly ignored: boolean
  /** What was compared, by host: bookings, shortfall, weight, priority or the time of the latest booking. */
  readonly values?: Readonly<Record<string, number>>
}

/** How one host of a group was found. */
export interface Draw {
  readonly group: string
  readonly host: string
  readonly steps: readonly Narrowing[]
}

export type Assignment =
  | {
      readonly ok: true
      readonly organizer: string
      /** Fixed hosts first, then those drawn, group by group. */
      readonly hosts: readonly string[]
      readonly draws: readonly Draw[]
    }
  | { readonly ok: false; readonly reason: { readonly code: 'fixedBusy'; readonly hosts: readonly string[] } }
  | {
      readonly ok: false
      readonly reason: {
        readonly code: 'groupBusy'
        readonly group: string
        readonly need: number
        readonly free: readonly string[]
      }
    }
  | { readonly ok: false; readonly reason: { readonly code: 'noHosts' } }

/**
 * Chooses the hosts of a round-robin meeting: all fixed hosts, and from each group whoever's turn it is. The same facts
 * and the same seed give the same choice, with the reasons. The seed only breaks what is still a tie at the end: 0 takes
 * the first in list order.
 */
export function assign(candidates: readonly Candidate[], facts: AssignmentFacts, seed = 0): Assignment {
  if (!Number.isInteger(seed) || seed < 0) throw new EngineInputError('seed', 'must be a whole number of 0 or more')
  const fixed = candidates.filter((host) => host.fixed === true)
  const busy = fixed.filter((host) => !host.free)
  if (busy.length > 0) return { ok: false, reason: { code: 'fixedBusy', hosts: busy.map(idOf) } }
  const draws: Draw[] = []
  for (const [group, members] of groupsOf(candidates)) {
    const need = facts.rules.needs?.[group] ?? 1
    const standings = standingsOf(members, facts)
    for (let drawn = 0; drawn < need; drawn += 1) {
      const left = members.filter((host) => !draws.some((draw) => draw.host === host.id))
      const draw = drawFrom(group, left, standings, facts, seed)
      if (draw === undefined) {
        const free = members.filter((host) => host.free).map(idOf)
        return { ok: false, reason: { code: 'groupBusy', group, need, free } }
      }
      draws.push(draw)
    }
  }
  const hosts = [...fixed.map(idOf), ...draws.map((draw) => draw.host)]
  const [organizer] = hosts
  return organizer === undefined ? { ok: false, reason: { code: 'noHosts' } } : { ok: true, organizer, hosts, draws }
}

function idOf(host: Candidate): string {
  return host.id
}

function groupsOf(candidates: readonly Candidate[]): Map<string, Candidate[]> {
  const groups = new Map<string, Candidate[]>()
  for (const host of candidates) {
    if (host.fixed === true) continue
    const group = host.group ?? ''
    groups.set(group, [...(groups.get(group) ?? []), host])
  }
  return groups
}

/** What one host has had so far. */
interface Standing {
  /** When the bookings that count were made. */
  readonly made: number[]
  /** Creation time of the latest booking of all, -Infinity for none. */
  latest: number
  /** Target share minus bookings and calibration. Zero without weights. */
  shortfall: number
}

type Standings = ReadonlyMap<string, Standing>

function drawFrom(
  group: string,
  members: readonly Candidate[],
  standings: Standings,
  facts: AssignmentFacts,
  seed: number,
): Draw | undefined {
  const { rules, preferences = {} } = facts
  const steps: Narrowing[] = []
  let left = narrowByPreference(members, preferences, steps)
  left = narrowByLead(left, standings, rules, steps)
  left = keepFree(left, members, steps)
  if (left.length === 0) return undefined
  if (rules.weighted === true) {
    left = keepHighest(left, steps, 'shortfall', (host) => standings.get(host.id)!.shortfall)
    left = keepHighest(left, steps, 'weight', weightOf)
  }
  left = keepHighest(left, steps, 'priority', (host) => host.priority ?? 2)
  left = keepHighest(left, steps, 'leastRecent', (host) => -standings.get(host.id)!.latest)
  const chosen = left[seed % left.length]!
  narrow(left, steps, 'order', (host) => host === chosen)
  return { group, host: chosen.id, steps }
}

function narrowByPreference(
  members: readonly Candidate[],
  { sameHost, segment, contactOwner, routed }: Preferences,
  steps: Narrowing[],
): readonly Candidate[] {
  let left = members
  if (sameHost !== undefined) left = narrow(left, steps, 'sameHost', (host) => host.id === sameHost)
  if (segment !== undefined) left = narrow(left, steps, 'segment', (host) => segment.includes(host.id))
  if (contactOwner !== undefined) left = narrow(left, steps, 'contactOwner', (host) => host.id === contactOwner)
  if (routed !== undefined) left = narrow(left, steps, 'routed', (host) => routed.includes(host.id))
  return left
}

/** Hosts too far ahead sit out: by bookings, or with weights by how far they are from what they should have had. */
function narrowByLead(
  hosts: readonly Candidate[],
  standings: Standings,
  { maxLead, weighted, basis }: AssignmentRules,
  steps: Narrowing[],
): readonly Candidate[] {
  if (maxLead === undefined || basis === 'meeting') return hosts
  const behind = (host: Candidate): number =>
    weighted === true ? standings.get(host.id)!.shortfall : -standings.get(host.id)!.made.length
  const furthest = Math.max(...hosts.map(behind))
  return narrow(hosts, steps, 'lead', (host) => furthest - behind(host) <= maxLead + TINY, behind)
}

/** The free ones; when nobody preferred is free, the free ones of the whole group. */
function keepFree(
  preferred: readonly Candidate[],
  members: readonly Candidate[],
  steps: Narrowing[],
): readonly Candidate[] {
  const free = preferred.filter((host) => host.free)
  if (free.length > 0 || preferred.length === members.length) {
    record(steps, 'free', preferred, free, false)
    return free
  }
  const anyone = members.filter((host) => host.free)
  record(steps, 'fallback', members, anyone, false)
  return anyone
}

/** Sums of fractions are equal when they differ by less than this. */
const TINY = 1e-6

/** Keeps those who pass, or everyone if nobody does. */
function narrow(
  hosts: readonly Candidate[],
  steps: Narrowing[],
  code: NarrowingCode,
  passes: (host: Candidate) => boolean,
  value?: (host: Candidate) => number,
): readonly Candidate[] {
  const passed = hosts.filter(passes)
  const ignored = passed.length === 0
  record(steps, code, hosts, ignored ? hosts : passed, ignored, value)
  return ignored ? hosts : passed
}

function keepHighest(
  hosts: readonly Candidate[],
  steps: Narrowing[],
  code: NarrowingCode,
  value: (host: Candidate) => number,
): readonly Candidate[] {
  const highest = Math.max(...hosts.map(value))
  return narrow(hosts, steps, code, (host) => value(host) >= highest - TINY, value)
}

function record(
  steps: Narrowing[],
  code: NarrowingCode,
  before: readonly Candidate[],
  kept: readonly Candidate[],
  ignored: boolean,
  value?: (host: Candidate) => number,
): void {
  steps.push({
    code,
    kept: kept.map(idOf),
    dropped: before.filter((host) => !kept.includes(host)).map(idOf),
    ignored,
    ...(value === undefined ? {} : { values: Object.fromEntries(before.map((host) => [host.id, value(host)])) }),
  })
}

function weightOf(host: Candidate): number {
  return host.weight ?? 100
}

function standingsOf(members: readonly Candidate[], facts: AssignmentFacts): Standings {
  const { from, to, countedBy } = intervalOf(facts)
  const { countNoShows = false, weighted = false } = facts.rules
  const standings = new Map<string, Standing>()
  for (const { id } of members) standings.set(id, { made: [], latest: Number.NEGATIVE_INFINITY, shortfall: 0 })
  for (const booking of facts.bookings) {
    const time = booking[countedBy]
    const counts = time >= from && time < to && (countNoShows || booking.noShow !== true)
    noteBooking(standings.get(booking.organizer), booking.createdAt, counts)
    for (const id of booking.attendees ?? []) {
      if (id !== booking.organizer) noteBooking(standings.get(id), booking.createdAt, counts)
    }
  }
  if (weighted) setShortfalls(members, standings, from)
  return standings
}

function noteBooking(standing: Standing | undefined, createdAt: number, counts: boolean): void {
  if (standing === undefined) return
  standing.latest = Math.max(standing.latest, createdAt)
  if (counts) standing.made.push(createdAt)
}

/** The interval over which bookings are counted, [from, to), and the time by which. */
function intervalOf({ now, start, rules }: AssignmentFacts): {
  from: number
  to: number
  countedBy: 'createdAt' | 'start'
} {
  const weighted = rules.weighted === true
  const unit = weighted ? (rules.interval ?? 'month') : 'month'
  if (weighted && rules.basis === 'meeting') return { ...utcPeriod(unit, start), countedBy: 'start' }
  // Bookings made up to now, this very moment included.
  return { from: utcPeriod(unit, now).from, to: now + 1, countedBy: 'createdAt' }
}

function utcPeriod(unit: 'month' | 'day', time: number): { from: number; to: number } {
  const date = Math.floor(time / DAY)
  if (unit === 'day') return { from: date * DAY, to: (date + 1) * DAY }
  const { year, month } = fieldsOf(date)
  return { from: dateOf(year, month, 1) * DAY, to: dateOf(year, month + 1, 1) * DAY }
}

const DAY = 86_400_000

/** A host's share of all bookings and calibration by weight, minus what he has had of both. */
function setShortfalls(members: readonly Candidate[], standings: Standings, from: number): void {
  const had = members.map((host) => standings.get(host.id)!.made.length + calibrationOf(host, members, standings, from))
  const all = had.reduce((sum, one) => sum + one, 0)
  const weights = members.reduce((sum, host) => sum + weightOf(host), 0)
  members.forEach((host, i) => {
    standings.get(host.id)!.shortfall = (weights === 0 ? 0 : (all * weightOf(host)) / weights) - had[i]!
  })
}

/**
 * Bookings credited to a host for the time he could not be drawn, so that nobody is flooded afterwards: a newcomer gets
 * what the others had on average before he came, and everyone what the others had on average while he was away.
 */
function calibrationOf(host: Candidate, members: readonly Candidate[], standings: Standings, from: number): number {
  const joined = host.joinedAt ?? Number.NEGATIVE_INFINITY
  const others = members.filter((other) => other.id !== host.id)
  const made = (since: number, until: number): number => {
    let sum = 0
    for (const { id } of others) {
      for (const time of standings.get(id)!.made) if (time >= since && time < until) sum += 1
    }
    return sum
  }
  const earlier = others.filter((other) => (other.joinedAt ?? Number.NEGATIVE_INFINITY) < joined).length
  const asNewcomer = joined >= from && earlier > 0 ? made(Number.NEGATIVE_INFINITY, joined) / earlier : 0
  if (others.length === 0) return asNewcomer
  return (host.absences ?? []).reduce(
    (sum, { start, end }) => sum + made(Math.max(start, joined), end) / others.length,
    asNewcomer,
  )
}
