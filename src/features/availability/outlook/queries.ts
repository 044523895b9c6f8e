import type { Span } from '#engine/types.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { UserScope } from '#platform/scope.ts'
import { reachOf, startsWithin, usualStarts } from '../offer.ts'
import { pictureOf } from '../picture.ts'
import { loadOwnOffers } from '../queries.ts'
import { takenFromHost } from '../taken/queries.ts'
import type { DayReason, Offer } from '../types.ts'
import { mainReason } from './rules.ts'

/** How far ahead is looked. */
export const OUTLOOK_DAYS = 14
const SOON_DAYS = 3
const DAY = 86_400_000

/** An event type that is on the host's page and has nothing to choose from, and what takes the time away. */
export interface BarrenOffer {
  eventTypeId: number
  title: string
  /** Null: the default one. */
  scheduleId: number | null
  /** There is no hour in the schedule for so long. */
  closed: boolean
  reason: DayReason | null
}

export interface Outlook {
  /** Event types on the page. */
  offered: number
  barren: BarrenOffer[]
}

/** What a host's page has to offer over the next days: two statements, however many event types and bookings there are. */
export async function outlookOf(ctx: Ctx, scope: UserScope): Promise<Outlook> {
  const offers = await loadOwnOffers(ctx.db, scope)
  if (offers.length === 0) return { offered: 0, barren: [] }
  const now = ctx.clock.now().epochMilliseconds
  const span = { start: now, end: now + OUTLOOK_DAYS * DAY }
  // `explain` looks a day around the start it is asked about.
  const widened = ({ start, end }: Span) => ({ start: start - DAY, end: end + DAY })
  const reaches = offers.map((offer) => widened(reachOf(offer, shortest(offer), span, now)))
  const reach = {
    start: Math.min(...reaches.map(({ start }) => start)),
    end: Math.max(...reaches.map(({ end }) => end)),
  }
  const takenFor = await takenFromHost(ctx.db, scope, reach, now)
  const hasStart = (offer: Offer, within: Span) => {
    const duration = shortest(offer)
    const taken = takenFor(offer, reachOf(offer, duration, within, now))
    return startsWithin(offer, duration, taken, now, within).length > 0
  }
  const soon = { start: now, end: now + SOON_DAYS * DAY }
  const barren = offers.flatMap((offer) => {
    // Nearly all have something soon, and need not be looked at further.
    if (hasStart(offer, soon) || hasStart(offer, span)) return []
    const duration = shortest(offer)
    const days = Array.from({ length: OUTLOOK_DAYS }, (_, i) => ({
      ...{ date: String(i), start: now + i * DAY },
      end: now + (i + 1) * DAY,
    }))
    const picture = pictureOf(offer, duration, takenFor(offer, reach), now, days)
    const { id, title, scheduleId } = offer.eventType
    const closed = usualStarts(offer, 1, span).length === 0
    return [{ eventTypeId: id, title, scheduleId, closed, reason: mainReason(picture) }]
  })
  return { offered: offers.length, barren }
}

/** What fits into the smallest gap. */
function shortest({ eventType }: Offer): number {
  return Math.min(...eventType.durations)
}
