import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { isAppError } from '#platform/errors.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { blockedSpan, claimTime, clearHolds, lockHosts, requireOffered } from '../../availability/commands.ts'
import { loadOffer } from '../../availability/queries.ts'
import type { Offer } from '../../availability/types.ts'
import { takeAnswers } from '../answers/commands.ts'
import type { Answer } from '../answers/types.ts'
import { completedPlace, insertBooking } from '../creation/rows.ts'
import { bookingError } from '../errors.ts'
import { bookingCreated, noteChanged } from '../events.ts'
import { addSeat, takeSeats } from '../seats/commands.ts'
import { checkCompanions } from '../seats/party/schema.ts'
import type { Companion } from '../seats/party/types.ts'
import { repeatBooking } from '../series/commands.ts'
import { occurrencesFrom } from '../series/queries.ts'
import type { BookingLocation } from '../types.ts'
import { askedOnBehalf } from './rules.ts'
import { type OnBehalf, onBehalfSchema } from './schema.ts'

const MINUTE = 60_000

/** What a host may set aside. That a time is taken is not among it: the claim itself decides that. */
const WARNINGS = new Set(['slot_not_offered', 'slot_taken', 'duration_not_offered'])

/**
 * The host books for somebody at one of their own event types, at any time to come that nobody has: what hours, notice, window and
 * limits say is a warning, set aside by saying so and why. The reason becomes an internal note; blocks and limits of bookers do not
 * bind the host, nor does confirmation. Where seats are shared somebody sits down with the others, as long as there are seats; of a
 * series all dates are booked, or none.
 * @throws invalid_input, event_type_not_found, already_over, outside_offer with `why`, reason_required, slot_taken, not_enough_seats,
 *   party_too_large, companions_too_many, questions_changed, not_recurring, not_an_occurrence, occurrence_taken, phone_required, place_required
 */
export async function bookOnBehalf(ctx: Ctx, input: unknown): Promise<{ uid: string }> {
  const { userId } = userScope(ctx)
  const wish = parseInput(onBehalfSchema, input)
  return transaction(ctx.db, async (tx) => {
    const offer = await loadOffer(tx, { eventTypeId: wish.eventTypeId })
    if (!offer || offer.host.id !== userId) throw bookingError('event_type_not_found')
    if (offer.eventType.seats) await lockHosts(tx, [userId])
    const now = ctx.clock.now().epochMilliseconds
    if (wish.start <= now) throw bookingError('already_over')
    const starts = startsOf(offer, wish)
    const most = offer.eventType.seats?.count ?? 1
    if (wish.quantity > most) throw bookingError('party_too_large', { max: most })
    const beside = wish.quantity - 1
    if (wish.companions.length > beside) throw bookingError('companions_too_many', { max: beside })
    const setAside = await outsideOffer(tx, ctx, offer, starts, wish)
    if (setAside && !wish.anyway) throw bookingError('outside_offer', { why: setAside })
    if (setAside && wish.reason === '') throw bookingError('reason_required')
    const people = await peopleOf(tx, ctx, offer, wish)
    const made = await book(tx, ctx, confirmed(offer), { ...wish, ...people, starts, setAside })
    if (wish.reason !== '') await keepReason(tx, ctx, made.id, userId, wish.reason)
    return { uid: made.uid }
  })
}

/** The dates of a series from the first on, or the one. */
function startsOf(offer: Offer, { start, dates }: OnBehalf): number[] {
  if (dates === 1) return [start]
  if (offer.eventType.recurrence === null) throw bookingError('not_recurring')
  const possible = occurrencesFrom(offer, start)
  if (dates > possible.length) throw bookingError('not_an_occurrence')
  return possible.slice(0, dates)
}

/** What was answered for those who come. */
async function peopleOf(tx: Tx, ctx: Ctx, { eventType }: Offer, wish: OnBehalf): Promise<People> {
  const questions = askedOnBehalf(eventType.questions)
  const { companions, problems } = checkCompanions(questions, wish)
  return { companions, answers: await takeAnswers(tx, ctx, questions, wish.answers, [], problems) }
}

interface People {
  companions: Companion[]
  answers: Answer[]
}

type Wish = Omit<OnBehalf, keyof People> & People & { starts: readonly number[]; setAside: string | null }

/** @returns the booking as its host addresses it */
async function book(tx: Tx, ctx: Ctx, offer: Offer, wish: Wish): Promise<{ id: number; uid: string }> {
  const { starts, start, duration, quantity, mails, setAside } = wish
  const { seats } = offer.eventType
  const onBehalf = { mails, setAside }
  const end = start + duration * MINUTE
  const shared = seats && (await takeSeats(tx, ctx, offer, { start, end, quantity }, {})).bookingId
  if (shared) {
    await addSeat(tx, ctx, shared, seatOf(wish), onBehalf)
    return tx.selectFrom('bookings').where('id', '=', shared).select(['id', 'uid']).executeTakeFirstOrThrow()
  }
  const terms = { start, duration, answers: [], location: locationOf(offer, wish) }
  const made = await insertBooking(tx, ctx, offer, partyOf(wish), terms)
  if (starts.length > 1) {
    await repeatBooking(tx, ctx, offer, { bookingId: made.id, starts, duration, own: {}, onBehalf })
    return made
  }
  const blocked = blockedSpan(offer, start, duration)
  const sitting = seats ? { eventTypeId: offer.eventType.id, start, end } : undefined
  await clearHolds(tx, offer.host.id, blocked, ctx.clock.now().epochMilliseconds, {}, sitting)
  const claimed = await claimTime(tx, [offer.host.id], blocked, { bookingId: made.id })
  if (!claimed) throw bookingError('slot_taken')
  await emit(tx, ctx, bookingCreated, { bookingId: made.id, sequence: 0, onBehalf })
  if (seats) await addSeat(tx, ctx, made.id, seatOf(wish), onBehalf)
  return made
}

/** Why a visitor could not book this; null when they could. */
async function outsideOffer(
  tx: Tx,
  ctx: Ctx,
  offer: Offer,
  starts: readonly number[],
  { duration }: OnBehalf,
): Promise<string | null> {
  try {
    for (const start of starts) await requireOffered(tx, ctx, offer, start, duration, {})
    return null
  } catch (error) {
    if (isAppError(error) && WARNINGS.has(error.code)) return error.code
    throw error
  }
}

function seatOf({ name, email, timeZone, locale, quantity, companions, notes, answers, metadata }: Wish) {
  return { name, email, timeZone, locale, quantity, companions, notes, answers, metadata, tracking: {} }
}

/** The host need not ask themselves. */
function confirmed(offer: Offer): Offer {
  return { ...offer, eventType: { ...offer.eventType, requiresConfirmation: false } }
}

function partyOf({ name, email, timeZone, notes, locale, quantity, metadata }: Wish) {
  return { booking: { name, email, timeZone, notes, guests: [], quantity, metadata }, locale }
}

/** The first place of the event type; another can be chosen afterwards. */
function locationOf({ eventType }: Offer, { phone, place }: Pick<OnBehalf, 'phone' | 'place'>): BookingLocation | null {
  const [first] = eventType.locations
  return first ? completedPlace(first, { phone, place }) : null
}

async function keepReason(tx: Tx, ctx: Ctx, bookingId: number, userId: number, text: string): Promise<void> {
  const { id } = await tx
    .insertInto('booking_notes')
    .values({ booking_id: bookingId, user_id: userId, text, created_at: ctx.clock.now() })
    .returning('id')
    .executeTakeFirstOrThrow()
  await emit(tx, ctx, noteChanged, { bookingId, noteId: id, change: 'added' as const })
}
