import { parseDate } from './calendar.ts'
import { compileSchedule, type Schedule } from './hours.ts'
import {
  type BookingWindow,
  EngineInputError,
  type HostInput,
  type Limits,
  type OfferInput,
  type PeriodLimits,
  type ResourceInput,
  type RestrictionInput,
  type Scheduling,
} from './types.ts'
import { type Zone, zoneOf } from './zones.ts'

export interface OfferHost {
  readonly id: string
  readonly schedule: Schedule
  readonly optional: boolean
  readonly limits: Limits | undefined
}

/** Hosts (by index) of whom `need` must be free for the whole slot. */
export interface HostGroup {
  readonly id: string
  readonly need: number
  readonly hosts: readonly number[]
}

export interface OfferResource {
  readonly id: string
  readonly quantity: number
  readonly need: number
  readonly schedule: Schedule | undefined
}

/** A window with its dates as day numbers. */
export type CompiledWindow =
  | Exclude<BookingWindow, { type: 'fixed' }>
  | { readonly type: 'fixed'; readonly first: number; readonly last: number }

/** An offer made ready for any number of requests. Callers keep it and pass it on; its fields are the engine's own. */
export interface Offer {
  readonly scheduling: Scheduling
  readonly duration: number
  /** F: the step of the grid. */
  readonly step: number
  /** R: starts are rounded up to a multiple of it. */
  readonly unit: number
  readonly offset: number
  readonly notice: number
  readonly bufferBefore: number
  readonly bufferAfter: number
  readonly window: CompiledWindow | undefined
  readonly limits: Limits | undefined
  readonly teamLimits: { readonly all?: Limits; readonly perHost?: Limits } | undefined
  readonly maxActivePerBooker: number | undefined
  readonly seats: number | undefined
  readonly optimized: boolean
  readonly onlyFirst: boolean
  readonly pendingBlocks: boolean
  /** The event zone. */
  readonly zone: Zone
  readonly hosts: readonly OfferHost[]
  readonly hostIndex: ReadonlyMap<string, number>
  /** Hosts who all must be free. */
  readonly fixed: readonly number[]
  readonly groups: readonly HostGroup[]
  readonly resources: readonly OfferResource[]
  readonly resourceIndex: ReadonlyMap<string, number>
  readonly restriction: { readonly input: RestrictionInput; readonly schedule: Schedule | undefined } | undefined
}

const UNITS = [60, 30, 20, 15, 10, 5]

/**
 * Makes an offer ready: parses dates, sorts hours, reads zones. Do it once per change of the event type or its hosts.
 *
 * @throws EngineInputError naming the field that breaks the contract.
 */
export function compileOffer(input: OfferInput): Offer {
  const duration = wholeMinutes(input.durationMinutes, 'durationMinutes', 1)
  const step = wholeMinutes(input.slotIntervalMinutes ?? duration, 'slotIntervalMinutes', 1)
  if (!['single', 'collective', 'roundRobin'].includes(input.scheduling)) {
    throw new EngineInputError('scheduling', `${JSON.stringify(input.scheduling)} is not a kind of scheduling`)
  }
  const hosts = input.hosts.map(compileHost)
  const { fixed, groups } = partOfHosts(input)
  const resources = (input.resources ?? []).map(compileResource)
  return {
    scheduling: input.scheduling,
    duration,
    step,
    unit: roundingUnit(step),
    offset: wholeMinutes(input.offsetMinutes ?? 0, 'offsetMinutes', 0),
    notice: wholeMinutes(input.noticeMinutes ?? 0, 'noticeMinutes', 0),
    bufferBefore: wholeMinutes(input.bufferBeforeMinutes ?? 0, 'bufferBeforeMinutes', 0),
    bufferAfter: wholeMinutes(input.bufferAfterMinutes ?? 0, 'bufferAfterMinutes', 0),
    window: input.window === undefined ? undefined : compileWindow(input.window),
    limits: input.limits === undefined ? undefined : checkLimits(input.limits, 'limits'),
    teamLimits: input.teamLimits === undefined ? undefined : checkTeamLimits(input.teamLimits),
    maxActivePerBooker: input.maxActivePerBooker,
    seats: input.seatsPerSlot === undefined ? undefined : wholeMinutes(input.seatsPerSlot, 'seatsPerSlot', 1),
    optimized: input.optimizedSlots === true,
    onlyFirst: input.onlyFirstSlotPerDay === true,
    pendingBlocks: input.pendingBlocks === true,
    zone: eventZone(input),
    hosts,
    hostIndex: indexById(hosts, 'hosts'),
    fixed,
    groups,
    resources,
    resourceIndex: indexById(resources, 'resources'),
    restriction: input.restriction === undefined ? undefined : compileRestriction(input.restriction),
  }
}

/** The same offer with another length, for event types that come in several: everything about the hosts is shared. */
export function withDuration(offer: Offer, durationMinutes: number, slotIntervalMinutes = durationMinutes): Offer {
  const duration = wholeMinutes(durationMinutes, 'durationMinutes', 1)
  const step = wholeMinutes(slotIntervalMinutes, 'slotIntervalMinutes', 1)
  return { ...offer, duration, step, unit: roundingUnit(step) }
}

/** R: the largest of 60, 30, 20, 15, 10, 5 that divides the step, else 1. */
function roundingUnit(step: number): number {
  return UNITS.find((unit) => step % unit === 0) ?? 1
}

/** The event zone: the offer's own, else that of the lead host at home: the first round-robin host, else the first. */
function eventZone(input: OfferInput): Zone {
  if (input.timeZone !== undefined) return zoneOf(input.timeZone, 'timeZone')
  const needed = input.hosts.filter((host) => host.optional !== true)
  const pool = input.scheduling === 'roundRobin' ? needed.filter((host) => host.fixed !== true) : []
  const lead = pool[0] ?? needed[0] ?? input.hosts[0]
  if (lead === undefined) throw new EngineInputError('hosts', 'an offer without hosts needs a timeZone of its own')
  return zoneOf(lead.timeZone, 'hosts.timeZone')
}

/** Who must be free: all hosts of a single or collective event; of a round robin the fixed ones and some per group. */
function partOfHosts(input: OfferInput): { fixed: number[]; groups: HostGroup[] } {
  const fixed: number[] = []
  const groups = new Map<string, number[]>()
  input.hosts.forEach((host, index) => {
    if (host.optional === true) return
    if (input.scheduling !== 'roundRobin' || host.fixed === true) fixed.push(index)
    else {
      const group = host.group ?? ''
      const members = groups.get(group)
      if (members === undefined) groups.set(group, [index])
      else members.push(index)
    }
  })
  const needs = new Map(
    (input.groups ?? []).map(({ id, need }, i) => [id, wholeMinutes(need, `groups[${i}].need`, 1)] as const),
  )
  return { fixed, groups: Array.from(groups, ([id, hosts]) => ({ id, hosts, need: needs.get(id) ?? 1 })) }
}

function compileHost(host: HostInput, i: number): OfferHost {
  return {
    id: host.id,
    schedule: compileSchedule(host, `hosts[${i}]`),
    optional: host.optional === true,
    limits: host.limits === undefined ? undefined : checkLimits(host.limits, `hosts[${i}].limits`),
  }
}

function compileResource(resource: ResourceInput, i: number): OfferResource {
  return {
    id: resource.id,
    quantity: wholeMinutes(resource.quantity, `resources[${i}].quantity`, 0),
    need: wholeMinutes(resource.need ?? 1, `resources[${i}].need`, 1),
    schedule:
      resource.schedule === undefined ? undefined : compileSchedule(resource.schedule, `resources[${i}].schedule`),
  }
}

function compileRestriction(input: RestrictionInput): NonNullable<Offer['restriction']> {
  return { input, schedule: input.timeZone === 'visitor' ? undefined : compileSchedule(input, 'restriction') }
}

function compileWindow(window: BookingWindow): CompiledWindow {
  if (window.type === 'fixed') {
    return {
      type: 'fixed',
      first: parseDate(window.startDate, 'window.startDate'),
      last: parseDate(window.endDate, 'window.endDate'),
    }
  }
  wholeMinutes(window.days, 'window.days', 0)
  return window
}

function checkTeamLimits(limits: NonNullable<OfferInput['teamLimits']>): NonNullable<OfferInput['teamLimits']> {
  if (limits.all !== undefined) checkLimits(limits.all, 'teamLimits.all')
  if (limits.perHost !== undefined) checkLimits(limits.perHost, 'teamLimits.perHost')
  return limits
}

function checkLimits(limits: Limits, path: string): Limits {
  for (const [kind, periods] of Object.entries(limits) as [string, PeriodLimits | undefined][]) {
    for (const [unit, limit] of Object.entries(periods ?? {})) {
      if (limit !== undefined) wholeMinutes(limit, `${path}.${kind}.${unit}`, 0)
    }
  }
  return limits
}

function wholeMinutes(value: number, path: string, least: number): number {
  if (!Number.isInteger(value) || value < least || value > 100_000_000) {
    throw new EngineInputError(path, `${value} is not a whole number of ${least} or more`)
  }
  return value
}

function indexById(items: readonly { readonly id: string }[], path: string): Map<string, number> {
  const index = new Map<string, number>()
  items.forEach(({ id }, i) => {
    if (index.has(id)) throw new EngineInputError(`${path}[${i}].id`, `${JSON.stringify(id)} occurs twice`)
    index.set(id, i)
  })
  return index
}
