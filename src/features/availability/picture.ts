import type { Explanation } from '#engine/explain.ts'
import type { Span } from '#engine/types.ts'
import { explainOf, startsWithin, type Taken, usualStarts } from './offer.ts'
import { DAY_REASONS, type DayPicture, type DayReason, type DayReasonCode, type Offer } from './types.ts'

/** So many of the starts that a day would have are asked why it has none; the rest of the day says the same. */
const MOST_ASKED = 6

interface Day extends Span {
  date: string
}

/** Each day with its free starts or, where there are none, what takes them away. */
export function pictureOf(
  offer: Offer,
  duration: number,
  taken: Taken,
  now: number,
  days: readonly Day[],
): DayPicture[] {
  const span = { start: days[0]?.start ?? 0, end: days.at(-1)?.end ?? 0 }
  const free = startsWithin(offer, duration, taken, now, span)
  const usual = usualStarts(offer, duration, span)
  const within = (starts: readonly number[], { start, end }: Span) => starts.filter((at) => at >= start && at < end)
  return days.map((day) => {
    const starts = within(free, day)
    if (starts.length > 0) return { date: day.date, starts, reasons: [] }
    const asked = spread(within(usual, day)).map((start) => explainOf(offer, duration, taken, now, start))
    return { date: day.date, starts, reasons: day.end <= now ? [{ code: 'past' }] : reasonsOf(asked) }
  })
}

function spread(starts: readonly number[]): number[] {
  const step = Math.max(1, (starts.length - 1) / (MOST_ASKED - 1))
  const chosen = Array.from({ length: MOST_ASKED }, (_, i) => starts[Math.round(i * step)])
  return [...new Set(chosen)].filter((start) => start !== undefined)
}

function reasonsOf(explanations: readonly Explanation[]): DayReason[] {
  if (explanations.length === 0) return [{ code: 'closed' }]
  const found = new Map<string, DayReason>()
  for (const reason of explanations.flatMap(inShort)) found.set(`${reason.code} ${reason.label ?? ''}`, reason)
  const reasons = [...found.values()].sort((a, b) => DAY_REASONS.indexOf(a.code) - DAY_REASONS.indexOf(b.code))
  const telling = reasons.filter(({ code }) => code !== 'other' && code !== 'past')
  return telling.length > 0 ? telling : reasons
}

/** What the engine names as it is; what only concerns teams and the grid says nothing to the host. */
const SHORT: Record<string, DayReasonCode> = {
  outsideHours: 'closed',
  notFirstOfDay: 'booking',
  offGrid: 'other',
  busy: 'held',
  held: 'held',
}

function inShort({ reasons, hosts }: Explanation): DayReason[] {
  const all = [...reasons.filter(({ code }) => code !== 'hostBusy'), ...hosts.flatMap((host) => host.reasons)]
  return all.map((reason) => {
    if (reason.code === 'away') {
      return reason.kind === 'holiday' ? { code: 'holiday', label: reason.label } : { code: 'away' }
    }
    const code = DAY_REASONS.find((one) => one === reason.code) ?? SHORT[reason.code] ?? 'other'
    return { code }
  })
}
