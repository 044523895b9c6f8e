import { Temporal } from 'temporal-polyfill'
import type { Explanation } from '#engine/explain.ts'
import type { Span } from '#engine/types.ts'
import { deriveKey, sign } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'
import { availabilityError } from '../errors.ts'
import { explainOf, reachOf } from '../offer.ts'
import { pictureOf } from '../picture.ts'
import { type Own, takenTimes } from '../taken/queries.ts'
import type { BookingNear, DayPicture, Offer } from '../types.ts'
import { type PublicReason, publicReasons } from './rules.ts'

const MINUTE = 60_000
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

/**
 * One day of an offer, with its free starts or why it has none, for whoever asks: one statement. What of the reasons may be told to whom
 * is for the caller.
 * @throws duration_not_offered
 */
export async function explainDay(
  ctx: Ctx,
  offer: Offer,
  duration: number,
  day: Span & { date: string },
  own: Own,
): Promise<DayPicture> {
  if (!offer.eventType.durations.includes(duration)) throw availabilityError('duration_not_offered', { duration })
  const now = ctx.clock.now().epochMilliseconds
  const span = { start: day.start - DAY, end: day.end + DAY }
  const taken = await takenTimes(ctx.db, offer, reachOf(offer, duration, span, now), now, own)
  return pictureOf(offer, duration, taken, now, [day])[0] ?? { date: day.date, starts: [], reasons: [] }
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

/** What anybody may know of a start: whether it is offered, and in a word why not. */
export interface PubliclyExplained {
  offered: boolean
  /** Empty where it is offered, or where nothing may be told. */
  reasons: PublicReason[]
}

/**
 * Why an offer has or has not a slot at an instant (epoch ms), for whoever looks at its page: one statement.
 * @throws duration_not_offered
 */
export async function explainPublicly(
  ctx: Ctx,
  offer: Offer,
  duration: number,
  start: number,
  own: Own,
): Promise<PubliclyExplained> {
  if (!offer.eventType.durations.includes(duration)) throw availabilityError('duration_not_offered', { duration })
  const now = ctx.clock.now().epochMilliseconds
  const around = { start: start - 2 * DAY, end: start + 2 * DAY }
  const taken = await takenTimes(ctx.db, offer, reachOf(offer, duration, around, now), now, own)
  const explanation = explainOf(offer, duration, taken, now, start)
  // A link to some times only has no others, whatever the hours say.
  const apart = explanation.offered && offer.only !== null && !offer.only.starts.includes(start)
  return apart
    ? { offered: false, reasons: ['start'] }
    : { offered: explanation.offered, reasons: publicReasons(explanation) }
}

/** A start that a visitor asked about. */
export interface AskedStart {
  eventTypeId: number
  /** Minutes. */
  duration: number
  /** Epoch ms. */
  start: number
}

/** Long enough that a slip of the pen is noticed; what it opens needs the host's session anyway. */
const MARK_LENGTH = 6

/** What a visitor gives to the host, who then sees everything about that start. It says nothing by itself. */
export function askedCode({ config }: Pick<Ctx, 'config'>, { eventTypeId, duration, start }: AskedStart): string {
  const text = [eventTypeId, start / MINUTE, duration].map((number) => number.toString(36)).join('.')
  return Buffer.from(`${text}.${markOf(config, text)}`).toString('base64url')
}

/** The other way round; null for what is no such code. */
export function askedStartOf({ config }: Pick<Ctx, 'config'>, code: string): AskedStart | null {
  if (code.length > 100) return null
  const text = Buffer.from(code.trim(), 'base64url').toString('latin1')
  const parts = /^(([0-9a-z]{1,11})\.([0-9a-z]{1,8})\.([0-9a-z]{1,3}))\.([\w-]+)$/.exec(text)
  if (!parts || markOf(config, parts[1] ?? '') !== parts[5]) return null
  const [eventTypeId = 0, minute = 0, duration = 0] = parts.slice(2, 5).map((part) => Number.parseInt(part, 36))
  return { eventTypeId, duration, start: minute * MINUTE }
}

function markOf(config: Ctx['config'], text: string): string {
  return sign(deriveKey(config.secret, 'asked-start'), text).slice(0, MARK_LENGTH)
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
