import type { Temporal } from 'temporal-polyfill'
import type { Ctx } from '#platform/ctx.ts'
import { isOpen } from '../../accounts/links/queries.ts'
import { reachOf, usualStarts } from '../offer.ts'
import { mainReason } from '../outlook/rules.ts'
import { pictureOf } from '../picture.ts'
import { loadOffer } from '../queries.ts'
import { nextStart } from '../starts/queries.ts'
import { takenTimes } from '../taken/queries.ts'
import type { DayReason, Offer } from '../types.ts'
import { hasNothingNear, nearest } from './rules.ts'
import { NEAR_DAYS } from './types.ts'

const DAY = 86_400_000

/** What a host is to know of it, and how they read. */
export interface EmptySearches {
  since: Temporal.Instant
  occasions: number
  title: string
  host: { name: string; email: string; locale: string; timeZone: string; brandColor: string | null }
}

/** Null when the event type or its host is gone, or the host does not want to be told (any more). */
export async function emptySearchesOf({ db }: Pick<Ctx, 'db'>, eventTypeId: number): Promise<EmptySearches | null> {
  const row = await db
    .selectFrom('empty_searches as e')
    .innerJoin('event_types as t', 't.id', 'e.event_type_id')
    .innerJoin('users', 'users.id', 't.user_id')
    .where('e.event_type_id', '=', eventTypeId)
    .where('users.empty_search_mails', '=', true)
    .where(isOpen)
    .select(['e.since', 'e.occasions', 't.title'])
    .select(['users.name', 'users.email', 'users.locale'])
    .select(['users.time_zone as timeZone', 'users.brand_color as brandColor'])
    .executeTakeFirst()
  if (!row) return null
  const { since, occasions, title, ...host } = row
  return { since, occasions, title, host }
}

/** Why there is nothing: no hours at all in the schedule, or what takes most of the days away. */
export type WhyNothing = { noHours: true } | { noHours: false; reason: DayReason | null }

/** Whether visitors still find nothing, and why; null: there is something again. Three statements. */
export async function whyNothingNear(ctx: Ctx, eventTypeId: number): Promise<WhyNothing | null> {
  const offer = await loadOffer(ctx.db, { eventTypeId })
  if (!offer) return null
  const now = ctx.clock.now().epochMilliseconds
  // What the page begins with, as visitors have seen it.
  const [duration = 0] = offer.eventType.durations
  if (!hasNothingNear(offer, await nextStart(ctx, offer, duration, now), now)) return null
  return whyIn(ctx, offer, duration, now)
}

async function whyIn(ctx: Ctx, offer: Offer, duration: number, now: number): Promise<WhyNothing> {
  const from = nearest(offer, now)
  const days = Array.from({ length: NEAR_DAYS }, (_, i) => ({
    ...{ date: String(i), start: from + i * DAY },
    end: from + (i + 1) * DAY,
  }))
  const span = { start: from, end: from + NEAR_DAYS * DAY }
  if (usualStarts(offer, 1, span).length === 0) return { noHours: true }
  // `explain` looks a day around the start it is asked about.
  const reach = reachOf(offer, duration, { start: span.start - DAY, end: span.end + DAY }, now)
  const taken = await takenTimes(ctx.db, offer, reach, now)
  return { noHours: false, reason: mainReason(pictureOf(offer, duration, taken, now, days)) }
}
