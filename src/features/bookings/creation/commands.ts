import { deriveKey, hashToken, uuidv7 } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { isAppError } from '#platform/errors.ts'
import { emit } from '#platform/events.ts'
import type { Locale } from '#platform/i18n/locale.ts'
import { once } from '#platform/idempotency.ts'
import {
  blockedSpan,
  claimTime,
  clearHolds,
  lockHosts,
  requireOffered,
  withAlternatives,
} from '../../availability/commands.ts'
import { releaseHold } from '../../availability/holds/commands.ts'
import { loadOffer, type OfferKey } from '../../availability/queries.ts'
import type { Own } from '../../availability/taken/queries.ts'
import { hostIdsOf, isHostLimited, type Offer } from '../../availability/types.ts'
import { countUse } from '../../event-types/links/commands.ts'
import { questionsWhen } from '../../event-types/questions/types.ts'
import { type EventType, isShownToAll, NO_EVENT_TYPE } from '../../event-types/types.ts'
import { takeAnswers } from '../answers/commands.ts'
import { requireUnblocked } from '../blocks/commands.ts'
import { type FormTrace, looksHuman } from '../bot-check/rules.ts'
import { keepDecoys, type Pretence, Pretended, takeBack } from '../decoys/commands.ts'
import { bookingError } from '../errors.ts'
import { bookingCreated, bookingRequested } from '../events.ts'
import { keepFiles } from '../files/commands.ts'
import type { NamedUpload, Upload } from '../files/types.ts'
import { offeredTo } from '../free-mail/rules.ts'
import { partyOf } from '../policy.ts'
import { isLimited } from '../rules.ts'
import type { CreateBooking } from '../schema.ts'
import { addSeat, takeSeats } from '../seats/commands.ts'
import { checkCompanions } from '../seats/party/schema.ts'
import type { Companion } from '../seats/party/types.ts'
import { chosenStarts, repeatBooking, requireEachOffered } from '../series/commands.ts'
import type { BookingLocation } from '../types.ts'
import { type Proven, requireMailAddress, spendMailCode, tryMailCode } from '../verification/commands.ts'
import { standingOf } from './queries.ts'
import { addCoHosts, completedPlace, insertBooking, type Made, type Terms } from './rows.ts'

const MINUTE = 60_000
/** What the key is for that forms are signed with. */
export const BOOKING_FORM = 'booking-form'
/** Of an address, to book and to move. */
export const BOOKING_LIMIT = { name: 'booking', attempts: 60, seconds: 60 }

export interface Booked extends Made {
  /** The same request came before; this is the answer it got. */
  replayed: boolean
}

export interface BookingRequest {
  offer: OfferKey
  booking: CreateBooking
  /** Language of the booker's mails, unless the event type insists on one. */
  locale: Locale
  holdToken?: string
  idempotencyKey?: string
  /** Files for questions that ask for one. */
  uploads?: readonly Upload[]
  /** Of the private link that is booked over. */
  linkToken?: string
  /** How the form was filled, of a visitor who filled one. */
  trace?: FormTrace
  /** Everything is tried and nothing is kept. */
  dryRun?: boolean
  /**
   * Who is blocked may be shown a booking that does not exist, where their host wishes so. Only from pages: a program that asked for a
   * booking acts on the answer, for people who are not blocked too.
   */
  mayPretend?: boolean
}

/**
 * Books: one transaction checks the start with the function that listed it, writes booking, attendees and claim, and the event that
 * everything else follows from. Nothing outside the database is waited for.
 * @throws slot_taken or slot_not_offered with `alternatives`, event_type_not_found, duration_not_offered, location_not_offered,
 *   not_recurring, not_an_occurrence, occurrence_taken, phone_required, place_required, invalid_input and questions_changed for answers, guests_not_offered, party_too_large,
 *   companions_too_many, sign_in_to_book, bot_suspected, booking_refused, email_not_admitted, mail_code_required, mail_code_wrong, guest_guarded,
 *   not_enough_seats, booker_limit_reached, idempotency_key_reused, rate_limited; dry_run_passed when a dry run would have booked
 */
export async function createBooking(ctx: Ctx, request: BookingRequest): Promise<Booked> {
  await ctx.rateLimiter.consume(BOOKING_LIMIT, ctx.clientAddress)
  const { booking, offer: key, holdToken } = request
  const { timeZone } = booking
  const provenNow = await proofOf(ctx, request)
  const uploads = (request.uploads ?? []).map((upload) => ({ ...upload, id: uuidv7() }))
  const own: Own = { timeZone, ...(holdToken ? { holdTokenHash: hashToken(holdToken) } : {}) }
  const booked = withAlternatives(ctx, key, booking.duration, booking.start, own, () =>
    transaction(ctx.db, async (tx) => {
      const work = async () => bookWithin(tx, ctx, request, own, { proven: provenNow(), uploads })
      if (!request.dryRun) return onceFor(tx, ctx, request, work)
      await work()
      throw bookingError('dry_run_passed')
    }),
  )
  return booked.catch((refusal) => pretended(ctx, request, refusal))
}

/**
 * What a code proves. That it proves nothing is said only when the request turns out to be no repetition: the first one has used it up.
 * @throws mail_code_wrong, rate_limited
 */
async function proofOf(ctx: Ctx, { booking, idempotencyKey }: BookingRequest): Promise<() => readonly Proven[]> {
  try {
    const proven = await tryMailCode(ctx, booking)
    return () => proven
  } catch (refusal) {
    const mayRepeat = idempotencyKey !== undefined && isAppError(refusal) && refusal.code === 'mail_code_wrong'
    if (!mayRepeat) throw refusal
    return () => {
      throw refusal
    }
  }
}

/**
 * What was booked and taken back looks to who booked it as if it were there: what a booking uses up, their hold and their code, is gone.
 * @throws what it is not
 */
async function pretended(ctx: Ctx, request: BookingRequest, refusal: unknown): Promise<Booked> {
  if (!(refusal instanceof Pretended)) throw refusal
  const { booking, holdToken } = request
  return transaction(ctx.db, (tx) =>
    onceFor(tx, ctx, request, async () => {
      const within = { ...ctx, db: tx }
      await keepDecoys(within, refusal)
      if (holdToken !== undefined) await releaseHold(within, holdToken)
      const { eventType } = refusal.decoys[0]?.booking ?? {}
      if (eventType && booking.code !== undefined)
        await spendMailCode(tx, { event_type_id: eventType.id, host_id: null }, booking.email)
      return refusal.made
    }),
  )
}

/** With a key of the client the same request gets the same answer. @throws idempotency_key_reused when it was another request */
async function onceFor(
  tx: Tx,
  ctx: Ctx,
  { offer, booking, idempotencyKey: key }: BookingRequest,
  work: () => Promise<Made>,
): Promise<Booked> {
  if (key === undefined) return { ...(await work()), replayed: false }
  const scope = `booking/${addressOf(offer)}`
  const { answer, replayed } = await once(tx, { scope, key, request: booking, now: ctx.clock.now() }, work)
  return { ...answer, replayed }
}

/** What came with a request and was looked at before its transaction. */
interface Brought {
  proven: readonly Proven[]
  uploads: readonly NamedUpload[]
}

function addressOf(offer: OfferKey): string | number {
  if ('eventTypeId' in offer) return offer.eventTypeId
  return 'group' in offer ? `${offer.group.join('+')}/${offer.minutes}` : `${offer.username}/${offer.slug}`
}

async function bookWithin(tx: Tx, ctx: Ctx, asked: BookingRequest, own: Own, brought: Brought): Promise<Made> {
  const { pretence, ...made } = await bookOffer(tx, ctx, asked, own, brought)
  await keepFiles(tx, ctx, made.id, brought.uploads)
  if (pretence && !asked.dryRun) return takeBack(tx, ctx, made, pretence)
  return made
}

async function bookOffer(
  tx: Tx,
  ctx: Ctx,
  asked: BookingRequest,
  own: Own,
  { proven, uploads }: Brought,
): Promise<Made & { pretence: Pretence | null }> {
  const { booking } = asked
  const found = await loadOffer(tx, asked.offer)
  if (!found) throw bookingError('event_type_not_found')
  if (found.eventType.accountRequired && ctx.actor.kind === 'visitor') throw bookingError('sign_in_to_book')
  requireHuman(ctx, found.eventType, asked.trace)
  const offer = offeredTo(found, booking.email)
  const request = { ...asked, locale: offer.eventType.language ?? asked.locale }
  if (asked.linkToken !== undefined) await bookOver(tx, ctx, asked.linkToken, offer, booking)
  const duration = booking.duration ?? (offer.eventType.durations[0] as number)
  const location = locationOf(offer.eventType, booking)
  const questions = questionsWhen(offer.eventType.questions, false)
  requireParty(offer.eventType, booking)
  const { companions, problems } = checkCompanions(questions, booking)
  const answers = await takeAnswers(tx, ctx, questions, booking.answers, uploads, problems)
  const blockId = await requireWelcome(tx, ctx, offer, asked, proven)
  const made = await placeBooking(tx, ctx, offer, request, { duration, location, answers, companions, own })
  return {
    ...made,
    pretence: blockId === null ? null : { blockId, placeKnown: isPlaceKnown(offer.eventType, booking) },
  }
}

/** Everybody is told it, or the booker said it. */
function isPlaceKnown({ locations }: EventType, { location }: CreateBooking): boolean {
  const chosen = locations[location]
  return chosen === undefined || chosen.kind.startsWith('attendee_') || isShownToAll(chosen)
}

async function placeBooking(
  tx: Tx,
  ctx: Ctx,
  offer: Offer,
  request: BookingRequest,
  { duration, location, answers, companions, own }: Omit<Terms, 'start'> & { companions: Companion[]; own: Own },
): Promise<Made> {
  const { booking } = request
  await requireRoom(tx, ctx, offer, booking.email)
  const starts = chosenStarts(offer, booking)
  if (starts.length > 1) return bookSeries(tx, ctx, offer, request, { starts, duration, location, answers, own })
  const [start = booking.start] = starts
  const { spentHolds } = await requireOffered(tx, ctx, offer, start, duration, own)
  const { quantity, timeZone, name, email, notes, metadata, tracking } = booking
  const end = start + duration * MINUTE
  const person = { name, email, timeZone, locale: request.locale }
  const seat = { ...person, quantity, companions, notes, answers, metadata, tracking }
  const seating = offer.eventType.seats && (await takeSeats(tx, ctx, offer, { start, end, quantity }, own))
  const shared = seating?.bookingId
  if (shared) return { id: shared, uid: await addSeat(tx, ctx, shared, seat), status: 'accepted' }
  const inserted = await insertBooking(tx, ctx, offer, request, { start, duration, location, answers })
  const blocked = blockedSpan(offer, start, duration)
  await addCoHosts(tx, inserted.id, offer)
  if (spentHolds || own.holdTokenHash || seating?.isHeld) {
    const sitting = seating ? { eventTypeId: offer.eventType.id, start, end } : undefined
    await clearHolds(tx, hostIdsOf(offer), blocked, ctx.clock.now().epochMilliseconds, own, sitting)
  }
  const claimed = await claimTime(tx, hostIdsOf(offer), blocked, { bookingId: inserted.id })
  if (!claimed) throw bookingError('slot_taken')

  const event = inserted.status === 'pending' ? bookingRequested : bookingCreated
  await emit(tx, ctx, event, { bookingId: inserted.id, sequence: 0 })
  return offer.eventType.seats ? { ...inserted, uid: await addSeat(tx, ctx, inserted.id, seat) } : inserted
}

/** Of who has an account nothing is asked: it is known who they are. @throws bot_suspected */
function requireHuman({ actor, clock, config }: Ctx, { botCheck }: EventType, trace: FormTrace | undefined): void {
  if (!botCheck || actor.kind !== 'visitor') return
  const key = deriveKey(config.secret, BOOKING_FORM)
  if (!looksHuman(trace, clock.now().epochMilliseconds, key)) throw bookingError('bot_suspected')
}

/** All of a series, or nothing. The answer is its first booking, whose page shows them all. */
async function bookSeries(
  tx: Tx,
  ctx: Ctx,
  offer: Offer,
  request: BookingRequest,
  { starts, own, ...terms }: Omit<Terms, 'start'> & { starts: number[]; own: Own },
): Promise<Made> {
  await requireEachOffered(tx, ctx, offer, starts, terms.duration, own)
  const first = await insertBooking(tx, ctx, offer, request, { ...terms, start: starts[0] as number })
  await repeatBooking(tx, ctx, offer, { bookingId: first.id, starts, duration: terms.duration, own })
  return first
}

/**
 * What a private link allows is looked at and counted before anything else: rivals for its last use wait here.
 * @throws link_not_found, link_expired, link_used_up, link_revoked, link_for_another, slot_not_offered, duration_not_offered
 */
async function bookOver(tx: Tx, ctx: Ctx, token: string, { eventType }: Offer, booking: CreateBooking): Promise<void> {
  const { start, email, duration = eventType.durations[0] } = booking
  const link = await countUse(tx, ctx, { token, eventTypeId: eventType.id, email })
  if ([start, ...booking.occurrences].some((one) => link.starts?.includes(one) === false))
    throw bookingError('slot_not_offered')
  if (link.duration !== null && link.duration !== duration) throw bookingError('duration_not_offered')
}

/**
 * Where seats are shared, whoever comes along takes one and is no guest.
 * @throws guests_not_offered, party_too_large, companions_too_many
 */
function requireParty({ guests, seats }: EventType, booking: CreateBooking): void {
  if (booking.guests.length > 0 && (!guests || seats)) throw bookingError('guests_not_offered')
  const max = seats?.maxPerBooking ?? 1
  if (booking.quantity > max) throw bookingError('party_too_large', { max })
  const beside = booking.quantity - 1
  if (booking.companions.length > beside) throw bookingError('companions_too_many', { max: beside })
}

/**
 * Where numbers are limited, bookings of the host are written one after the other: the claims of two different times do not meet. Nor do
 * those of one time, where seats are shared.
 * @throws booker_limit_reached
 */
async function requireRoom(tx: Tx, ctx: Ctx, offer: Offer, email: string): Promise<void> {
  const { eventType } = offer
  const { bookerLimit, seats } = eventType
  if (!seats && !isLimited(eventType) && ![offer, ...offer.coHosts].some(isHostLimited)) return
  await lockHosts(tx, hostIdsOf(offer))
  if (bookerLimit === null) return
  const { active } = await tx
    .selectFrom('bookings as b')
    .innerJoin('attendees as a', 'a.booking_id', 'b.id')
    .where('b.event_type_id', '=', eventType.id)
    .where('b.status', 'in', ['pending', 'accepted'])
    .where('b.ends_at', '>', ctx.clock.now())
    .where('a.kind', '=', 'booker')
    .where('a.email', '=', email)
    .select((eb) => eb.fn.countAll<number>().as('active'))
    .executeTakeFirstOrThrow()
  if (active >= bookerLimit.active) {
    throw bookingError('booker_limit_reached', { max: bookerLimit.active, offerMove: bookerLimit.offerMove })
  }
}

/**
 * Whether those who are to come may. A guest whose owner guards their address cannot be brought along: it is they who would have to prove
 * it. Hosts may invite them.
 * @returns id of the block of who is to believe that they have booked; null: it is no pretence
 * @throws booking_refused, email_not_admitted, mail_code_required, mail_code_wrong, guest_guarded
 */
async function requireWelcome(
  tx: Tx,
  ctx: Ctx,
  offer: Offer,
  { booking: { email, guests }, dryRun, mayPretend }: BookingRequest,
  proven: readonly Proven[],
): Promise<number | null> {
  const hostIds = hostIdsOf(offer)
  const { block, guarded } = await standingOf(tx, ctx, hostIds, [email, ...guests])
  const blockId = await requireUnblocked(ctx, block, {
    rehearsed: dryRun === true,
    // A group link has no terms of its own, which a decoy would borrow.
    pretend: mayPretend === true && offer.eventType.id !== NO_EVENT_TYPE,
  })
  const guest = guests.find((one) => one !== email && guarded.includes(one))
  if (guest !== undefined && partyOf(ctx.actor, hostIds) !== 'host')
    throw bookingError('guest_guarded', { email: guest })
  await requireMailAddress(tx, ctx, offer, { email, proven, guarded })
  return blockId
}

/** The chosen location, completed by what the booker gave. */
function locationOf(
  { locations }: EventType,
  { location: index, phone, place }: CreateBooking,
): BookingLocation | null {
  if (locations.length === 0) return null
  const chosen = locations[index]
  if (!chosen) throw bookingError('location_not_offered')
  return completedPlace(chosen, { phone, place })
}
