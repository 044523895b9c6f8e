import { Temporal } from 'temporal-polyfill'
import type { Explanation } from '#engine/explain.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'
import { availabilityError } from '../errors.ts'
import { explainOf, reachOf } from '../offer.ts'
import { pictureOf } from '../picture.ts'
import { takenTimes } from '../taken/queries.ts'
import type { BookingNear, DayPicture, Offer } from '../types.ts'

const DAY = 86_400_000
/** Farther ahead nothing is computed, whatever the booking window says. */
const HORIZON = { years: 3 } as const

/**
 * What a month (YYYY-MM, in the zone of the offer) really has, day by day, with one statement. Months beyond the horizon have none.
 * @throws duration_not_offered
 */
export async function monthPicture(ctx: Ctx, offer: Offer, duration: number, month: string): Promise<DayPicture[]> {
  if (!offer.eventType.durations.includes(duration)) throw availabilityError('duration_not_offered', { duration })
  const { timeZone } = offer.hours
  const first = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 })
  const today = ctx.clock.now().toZonedDateTimeISO(timeZone).toPlainDate()
  if (Temporal.PlainDate.compare(first, today.add(HORIZON)) > 0) return []
  const dates = Array.from({ length: first.daysInMonth }, (_, i) => first.add({ days: i }))
  const days = dates.map((date) => ({
    date: date.toString(),
    start: startOfDay(date, timeZone),
    end: startOfDay(date.add({ days: 1 }), timeZone),
  }))
  const now = ctx.clock.now().epochMilliseconds
  // `explain` looks a day around the start it is asked about.
  const span = { start: (days[0]?.start ?? 0) - DAY, end: (days.at(-1)?.end ?? 0) + DAY }
  const taken = await takenTimes(ctx.db, offer, reachOf(offer, duration, span, now), now)
  return pictureOf(offer, duration, taken, now, days)
}

/** An answer to "why is there no slot?", with the bookings it names. */
export interface StartExplained {
  explanation: Explanation
  bookings: BookingNear[]
}

/**
 * Why the host's own offer has or has not a slot at an instant (epoch ms): two statements.
 * @throws event_type_not_found for offers of others, duration_not_offered
 */
export async function explainStart(
  ctx: Ctx,
  { userId }: UserScope,
  offer: Offer,
  duration: number,
  start: number,
): Promise<StartExplained> {
  if (offer.host.id !== userId) throw availabilityError('event_type_not_found')
  if (!offer.eventType.durations.includes(duration)) throw availabilityError('duration_not_offered', { duration })
  const now = ctx.clock.now().epochMilliseconds
  const around = { start: start - 2 * DAY, end: start + 2 * DAY }
  const taken = await takenTimes(ctx.db, offer, reachOf(offer, duration, around, now), now)
  const explanation = explainOf(offer, duration, taken, now, start)
  const named = explanation.hosts.flatMap(({ reasons }) =>
    reasons.filter((reason) => reason.code === 'booking' || reason.code === 'buffer').map((reason) => reason.start),
  )
  return { explanation, bookings: await bookingsAt(ctx.db, offer.host.id, named) }
}

async function bookingsAt(db: Db, hostId: number, starts: readonly number[]): Promise<BookingNear[]> {
  if (starts.length === 0) return []
  const rows = await db
    .selectFrom('claims as c')
    .innerJoin('bookings as b', 'b.id', 'c.booking_id')
    .where('c.host_id', '=', hostId)
    .where(
      'b.starts_at',
      'in',
      starts.map((start) => Temporal.Instant.fromEpochMilliseconds(start)),
    )
    .select(['b.uid', 'b.title', 'b.starts_at', 'b.ends_at'])
    .orderBy('b.starts_at')
    .execute()
  return rows.map(({ uid, title, starts_at, ends_at }) => ({
    ...{ uid, title },
    start: starts_at.epochMilliseconds,
    end: ends_at.epochMilliseconds,
  }))
}

function startOfDay(date: Temporal.PlainDate, timeZone: string): number {
  return date.toZonedDateTime(timeZone).epochMilliseconds
}
