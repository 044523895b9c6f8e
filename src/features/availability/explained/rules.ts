import type { Explanation } from '#engine/explain.ts'
import type { DayPicture, DayReasonCode } from '../types.ts'

/**
 * What visitors may be told of a time that is not offered. `taken` stands for everything that fills a host's time alike, so that nobody
 * learns by what, and `closed` for all the hours that are not given.
 */
export const PUBLIC_REASONS = ['past', 'soon', 'beyond', 'away', 'closed', 'start', 'taken'] as const
export type PublicReason = (typeof PUBLIC_REASONS)[number]

type Code = Explanation['reasons'][number]['code'] | Explanation['hosts'][number]['reasons'][number]['code']

/** The whole list: a code that is not in it tells visitors nothing. */
const TOLD: Partial<Record<Code, PublicReason>> = {
  past: 'past',
  notice: 'soon',
  window: 'beyond',
  away: 'away',
  outsideHours: 'closed',
  restriction: 'closed',
  offGrid: 'start',
  notFirstOfDay: 'start',
  seatsElsewhere: 'taken',
  limit: 'taken',
  booking: 'taken',
  buffer: 'taken',
  busy: 'taken',
  held: 'taken',
}

/**
 * The reasons that visitors are told, the weightiest first. That a time is taken is said of times only that could be had otherwise: what
 * a host does outside of the hours on offer is nobody's business. Empty when the start is offered, or when nothing may be told.
 */
export function publicReasons({ offered, reasons, hosts }: Explanation): PublicReason[] {
  if (offered) return []
  return weightiest([...reasons, ...hosts.flatMap((host) => host.reasons)].map(({ code }) => TOLD[code]))
}

const TOLD_OF_DAYS: Record<DayReasonCode, PublicReason | undefined> = {
  ...{
    past: 'past',
    notice: 'soon',
    window: 'beyond',
    away: 'away',
    holiday: 'away',
    closed: 'closed',
    restriction: 'closed',
  },
  ...{ limit: 'taken', booking: 'taken', held: 'taken', buffer: 'taken', seatsElsewhere: 'taken', other: undefined },
}

/** The same of a whole day. */
export function publicDayReasons({ starts, reasons }: Pick<DayPicture, 'starts' | 'reasons'>): PublicReason[] {
  return starts.length > 0 ? [] : weightiest(reasons.map(({ code }) => TOLD_OF_DAYS[code]))
}

function weightiest(codes: readonly (PublicReason | undefined)[]): PublicReason[] {
  const told = PUBLIC_REASONS.filter((reason) => codes.includes(reason))
  const others = told.filter((reason) => reason !== 'taken')
  return others.length > 0 ? others : told
}
