import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { isAppError } from '#platform/errors.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { blockedSpan, claimTime, clearHolds, requireOffered } from '../../availability/commands.ts'
import { loadOffer } from '../../availability/queries.ts'
import type { Offer } from '../../availability/types.ts'
import { insertBooking } from '../creation/rows.ts'
import { bookingError } from '../errors.ts'
import { bookingCreated, noteChanged } from '../events.ts'
import type { BookingLocation } from '../types.ts'
import { type OnBehalf, onBehalfSchema } from './schema.ts'

/** What a host may set aside. That a time is taken is not among it: the claim itself decides that. */
const WARNINGS = new Set(['slot_not_offered', 'slot_taken', 'duration_not_offered'])

/**
 * The host books for somebody at one of their own event types, at any time to come that nobody has: what hours, notice, window and
 * limits say is a warning, set aside by saying so and why. The reason becomes an internal note; blocks and limits of bookers do not
 * bind the host, nor does confirmation.
 * @throws invalid_input, event_type_not_found (also where seats are shared), already_over, outside_offer with `why`, reason_required,
 *   slot_taken, phone_required
 */
export async function bookOnBehalf(ctx: Ctx, input: unknown): Promise<{ uid: string }> {
  const { userId } = userScope(ctx)
  const wish = parseInput(onBehalfSchema, input)
  return transaction(ctx.db, async (tx) => {
    const offer = await loadOffer(tx, { eventTypeId: wish.eventTypeId })
    if (!offer || offer.host.id !== userId || offer.eventType.seats) throw bookingError('event_type_not_found')
    const now = ctx.clock.now().epochMilliseconds
    if (wish.start <= now) throw bookingError('already_over')
    const setAside = await outsideOffer(tx, ctx, offer, wish)
    if (setAside && !wish.anyway) throw bookingError('outside_offer', { why: setAside })
    if (setAside && wish.reason === '') throw bookingError('reason_required')

    const made = await insertBooking(tx, ctx, confirmed(offer), partyOf(wish), {
      ...{ start: wish.start, duration: wish.duration, answers: [] },
      location: locationOf(offer, wish),
    })
    const blocked = blockedSpan(offer, wish.start, wish.duration)
    await clearHolds(tx, userId, blocked, now, {})
    if (!(await claimTime(tx, [userId], blocked, { bookingId: made.id }))) throw bookingError('slot_taken')
    const onBehalf = { mails: wish.mails, setAside }
    await emit(tx, ctx, bookingCreated, { bookingId: made.id, sequence: 0, onBehalf })
    if (wish.reason !== '') await keepReason(tx, ctx, made.id, userId, wish.reason)
    return { uid: made.uid }
  })
}

/** Why a visitor could not book this; null when they could. */
async function outsideOffer(tx: Tx, ctx: Ctx, offer: Offer, { start, duration }: OnBehalf): Promise<string | null> {
  try {
    await requireOffered(tx, ctx, offer, start, duration, {})
    return null
  } catch (error) {
    if (isAppError(error) && WARNINGS.has(error.code)) return error.code
    throw error
  }
}

/** The host need not ask themselves. */
function confirmed(offer: Offer): Offer {
  return { ...offer, eventType: { ...offer.eventType, requiresConfirmation: false } }
}

function partyOf({ name, email, timeZone, notes, locale }: OnBehalf) {
  return { booking: { name, email, timeZone, notes, guests: [], quantity: 1 }, locale }
}

/** The first place of the event type; another can be chosen afterwards. */
function locationOf({ eventType }: Offer, { phone }: OnBehalf): BookingLocation | null {
  const [first] = eventType.locations
  if (!first) return null
  if (first.kind !== 'attendee_phone') return first
  if (phone === undefined) throw bookingError('phone_required')
  return { kind: 'attendee_phone', phone }
}

async function keepReason(tx: Tx, ctx: Ctx, bookingId: number, userId: number, text: string): Promise<void> {
  const { id } = await tx
    .insertInto('booking_notes')
    .values({ booking_id: bookingId, user_id: userId, text, created_at: ctx.clock.now() })
    .returning('id')
    .executeTakeFirstOrThrow()
  await emit(tx, ctx, noteChanged, { bookingId, noteId: id, change: 'added' as const })
}
