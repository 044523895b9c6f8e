import { sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import { hashToken, randomUid, uuidv7 } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import type { Locale } from '#platform/i18n/locale.ts'
import { once } from '#platform/idempotency.ts'
import {
  blockedSpan,
  claimTime,
  clearHolds,
  lockHosts,
  releaseClaims,
  requireOffered,
  withAlternatives,
} from '../availability/commands.ts'
import { loadOffer, type OfferKey, type Own } from '../availability/queries.ts'
import { hostIdsOf, isHostLimited, type Offer } from '../availability/types.ts'
import { countUse } from '../event-types/links/commands.ts'
import { type EventType, NO_EVENT_TYPE, optionsOf } from '../event-types/types.ts'
import { takeAnswers } from './answers/commands.ts'
import type { Answer } from './answers/types.ts'
import { requireUnblocked } from './blocks/queries.ts'
import { bookingError } from './errors.ts'
import {
  anotherTimeRequested,
  bookingCancelled,
  bookingConfirmed,
  bookingCreated,
  bookingMoveRequested,
  bookingRejected,
  bookingRequested,
  bookingRescheduled,
} from './events.ts'
import { keepFiles } from './files/commands.ts'
import type { NamedUpload, Upload } from './files/types.ts'
import { partyOf, requireHost } from './policy.ts'
import {
  bookingIdBy,
  type Locked,
  lockBooking,
  lockWholeBooking,
  presentOf,
  requireAllowed,
  writeVersion,
} from './rows.ts'
import {
  isLimited,
  mayAnswer,
  mayBeCancelledBy,
  mayBeMovedBy,
  mayRequestAnotherTime,
  needsConfirmation,
  titleOf,
} from './rules.ts'
import type { CreateBooking, RescheduleBooking } from './schema.ts'
import { addSeat, cancelSeat, isAlone, moveSeat, orBesideRival, startIsTaken, takeSeats } from './seats/commands.ts'
import { cancelLater, chosenStarts, repeatBooking, requireEachOffered } from './series/commands.ts'
import type { BookingLocation, BookingStatus } from './types.ts'
import { requireMailAddress, tryMailCode } from './verification/commands.ts'

const MINUTE = 60_000
const BOOKING_LIMIT = { name: 'booking', attempts: 60, seconds: 60 }

interface Made {
  id: number
  uid: string
  status: BookingStatus
}

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
}

/**
 * Books: one transaction checks the start with the function that listed it, writes booking, attendees and claim, and the event that
 * everything else follows from. Nothing outside the database is waited for.
 * @throws slot_taken or slot_not_offered with `alternatives`, event_type_not_found, duration_not_offered, location_not_offered,
 *   not_recurring, not_an_occurrence, occurrence_taken, phone_required, invalid_input and questions_changed for answers, guests_not_offered, party_too_large,
 *   email_not_admitted, mail_code_required, mail_code_wrong,
 *   not_enough_seats, booker_limit_reached, idempotency_key_reused, rate_limited
 */
export async function createBooking(ctx: Ctx, request: BookingRequest): Promise<Booked> {
  await ctx.rateLimiter.consume(BOOKING_LIMIT, ctx.clientAddress)
  const { booking, offer: key, holdToken } = request
  const { timeZone } = booking
  const proven = await tryMailCode(ctx, booking)
  const uploads = (request.uploads ?? []).map((upload) => ({ ...upload, id: uuidv7() }))
  const own: Own = { timeZone, ...(holdToken ? { holdTokenHash: hashToken(holdToken) } : {}) }
  return withAlternatives(ctx, key, booking.duration, booking.start, own, () =>
    orBesideRival(() =>
      transaction(ctx.db, (tx) =>
        onceFor(tx, ctx, request, () => bookWithin(tx, ctx, request, own, { proven, uploads })),
      ),
    ),
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
  proven: readonly number[]
  uploads: readonly NamedUpload[]
}

function addressOf(offer: OfferKey): string | number {
  if ('eventTypeId' in offer) return offer.eventTypeId
  return 'group' in offer ? `${offer.group.join('+')}/${offer.minutes}` : `${offer.username}/${offer.slug}`
}

async function bookWithin(tx: Tx, ctx: Ctx, asked: BookingRequest, own: Own, brought: Brought): Promise<Made> {
  const made = await bookOffer(tx, ctx, asked, own, brought)
  await keepFiles(tx, ctx, made.id, brought.uploads)
  return made
}

async function bookOffer(
  tx: Tx,
  ctx: Ctx,
  asked: BookingRequest,
  own: Own,
  { proven, uploads }: Brought,
): Promise<Made> {
  const { booking } = asked
  const offer = await loadOffer(tx, asked.offer)
  if (!offer) throw bookingError('event_type_not_found')
  const request = { ...asked, locale: offer.eventType.language ?? asked.locale }
  if (asked.linkToken !== undefined) await bookOver(tx, ctx, asked.linkToken, offer, booking)
  const duration = booking.duration ?? (offer.eventType.durations[0] as number)
  const location = locationOf(offer.eventType, booking)
  const answers = await takeAnswers(tx, ctx, offer.eventType.questions, booking.answers, uploads)
  requireParty(offer.eventType, booking)
  await requireUnblocked(tx, hostIdsOf(offer), booking.email)
  await requireMailAddress(tx, ctx, offer, { email: booking.email, proven })

  await requireRoom(tx, ctx, offer, booking.email)
  const starts = chosenStarts(offer, booking)
  if (starts.length > 1) return bookSeries(tx, ctx, offer, request, { starts, duration, location, answers, own })
  const [start = booking.start] = starts
  const { spentHolds } = await requireOffered(tx, ctx, offer, start, duration, own)
  const { quantity, timeZone, name, email, notes } = booking
  const sitting = { start, end: start + duration * MINUTE, quantity }
  const seat = { name, email, timeZone, locale: request.locale, quantity, notes, answers }
  const shared = offer.eventType.seats && (await takeSeats(tx, ctx, offer, sitting))
  if (shared) return { id: shared, uid: await addSeat(tx, ctx, shared, seat), status: 'accepted' }
  const inserted = await insertBooking(tx, ctx, offer, request, { start, duration, location, answers })
  const blocked = blockedSpan(offer, start, duration)
  await addCoHosts(tx, inserted.id, offer)
  if (spentHolds || own.holdTokenHash) {
    await clearHolds(tx, hostIdsOf(offer), blocked, ctx.clock.now().epochMilliseconds, own)
  }
  if (!(await claimTime(tx, hostIdsOf(offer), blocked, { bookingId: inserted.id }))) {
    await startIsTaken(tx, offer, sitting)
  }

  const event = inserted.status === 'pending' ? bookingRequested : bookingCreated
  await emit(tx, ctx, event, { bookingId: inserted.id, sequence: 0 })
  return offer.eventType.seats ? { ...inserted, uid: await addSeat(tx, ctx, inserted.id, seat) } : inserted
}

interface Terms {
  start: number
  duration: number
  location: BookingLocation | null
  answers: Answer[]
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

/** Who hosts beside the first. */
async function addCoHosts(tx: Tx, bookingId: number, { coHosts }: Offer): Promise<void> {
  if (coHosts.length === 0) return
  const rows = coHosts.map(({ host }, i) => ({ booking_id: bookingId, host_id: host.id, position: i + 1 }))
  await tx.insertInto('co_hosts').values(rows).execute()
}

/** Where seats are shared, whoever comes along takes one and is no guest. @throws guests_not_offered, party_too_large */
function requireParty({ guests, seats }: EventType, booking: CreateBooking): void {
  if (booking.guests.length > 0 && (!guests || seats)) throw bookingError('guests_not_offered')
  const max = seats?.maxPerBooking ?? 1
  if (booking.quantity > max) throw bookingError('party_too_large', { max })
}

/**
 * Where numbers are limited, bookings of the host are written one after the other: the claims of two different times do not meet.
 * @throws booker_limit_reached
 */
async function requireRoom(tx: Tx, ctx: Ctx, offer: Offer, email: string): Promise<void> {
  const { eventType } = offer
  const { bookerLimit } = eventType
  if (!isLimited(eventType) && ![offer, ...offer.coHosts].some(isHostLimited)) return
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

/** Who is to come. */
interface Party {
  booking: Pick<CreateBooking, 'name' | 'email' | 'guests' | 'quantity' | 'notes' | 'timeZone'>
  locale: Locale
}

/** One statement for the booking and its attendees; where seats are shared, those sit down afterwards and the title is of nobody. */
export async function insertBooking(
  tx: Tx,
  ctx: Ctx,
  { eventType, host, hours }: Offer,
  { booking, locale }: Party,
  { start, duration, location, answers }: Terms,
): Promise<Made> {
  const now = ctx.clock.now()
  const uid = randomUid()
  const status: BookingStatus = needsConfirmation(eventType, start, now.epochMilliseconds) ? 'pending' : 'accepted'
  const everyone = [
    { kind: 'booker', name: booking.name, email: booking.email, answers },
    ...booking.guests.map((email) => ({ kind: 'guest', name: email.slice(0, email.indexOf('@')), email, answers: [] })),
  ]
  const people = eventType.seats ? [] : everyone
  const bookers = eventType.seats ? { booker: '', answers: [] } : { booker: booking.name, answers }
  const { id } = await tx
    .with('booking', (db) =>
      db
        .insertInto('bookings')
        .values({
          uid,
          event_type_id: eventType.id === NO_EVENT_TYPE ? null : eventType.id,
          host_id: host.id,
          status,
          title: titleOf(eventType, { host: host.name, location, duration, ...bookers }),
          starts_at: Temporal.Instant.fromEpochMilliseconds(start),
          ends_at: Temporal.Instant.fromEpochMilliseconds(start + duration * MINUTE),
          time_zone: hours.timeZone,
          buffer_before: eventType.bufferBefore,
          buffer_after: eventType.bufferAfter,
          location: location === null ? null : JSON.stringify(location),
          ...(eventType.seats
            ? { seats: eventType.seats.count, seats_taken: booking.quantity }
            : { notes: booking.notes }),
          created_at: now,
          updated_at: now,
        })
        .returning('id'),
    )
    .with('people', (db) =>
      db
        .insertInto('attendees')
        .columns(['booking_id', 'kind', 'name', 'email', 'time_zone', 'locale', 'answers'])
        .expression((eb) =>
          eb
            .selectFrom('booking')
            .innerJoin(
              sql<{
                kind: 'booker' | 'guest'
                name: string
                email: string
                answers: string
              }>`jsonb_to_recordset(${JSON.stringify(people)}::jsonb)`.as<'p'>(
                sql`p(kind text, name text, email text, answers jsonb)`,
              ),
              (join) => join.onTrue(),
            )
            .select([
              'booking.id',
              'p.kind',
              'p.name',
              'p.email',
              sql<string>`${booking.timeZone}::text`.as('time_zone'),
              sql<string>`${locale}::text`.as('locale'),
              'p.answers',
            ]),
        ),
    )
    .selectFrom('booking')
    .select('id')
    .executeTakeFirstOrThrow()
  return { id, uid, status }
}

/** The chosen location, completed by what the booker gave. */
function locationOf({ locations }: EventType, { location: index, phone }: CreateBooking): BookingLocation | null {
  if (locations.length === 0) return null
  const chosen = locations[index]
  if (!chosen) throw bookingError('location_not_offered')
  if (chosen.kind !== 'attendee_phone') return chosen
  if (phone === undefined) throw bookingError('phone_required')
  return { kind: 'attendee_phone', phone }
}

/** One booking, and the version of it that was looked at when there was one. */
interface Choice {
  uid: string
  sequence?: number
}

/** The host accepts a request. Its time has been claimed since it was made. @throws booking_not_found, own_bookings_only, already_… */
export async function confirmBooking(ctx: Ctx, { uid, sequence: seen }: Choice): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    const booking = await lockWholeBooking(tx, ctx, uid)
    requireHost(ctx.actor, booking.host_ids)
    requireAllowed(mayAnswer(presentOf(booking), ctx.clock.now().epochMilliseconds, seen))
    const sequence = await writeVersion(tx, ctx, booking, { status: 'accepted', reason: '' })
    await emit(tx, ctx, bookingConfirmed, { bookingId: booking.id, sequence })
  })
}

/** The host declines a request; its time is free again. @throws booking_not_found, own_bookings_only, already_… */
export async function rejectBooking(ctx: Ctx, choice: Choice & { reason: string }): Promise<void> {
  const { uid, reason, sequence: seen } = choice
  await transaction(ctx.db, async (tx) => {
    const booking = await lockWholeBooking(tx, ctx, uid)
    requireHost(ctx.actor, booking.host_ids)
    requireAllowed(mayAnswer(presentOf(booking), ctx.clock.now().epochMilliseconds, seen))
    await releaseClaims(tx, booking.id)
    const sequence = await writeVersion(tx, ctx, booking, { status: 'rejected', reason })
    await emit(tx, ctx, bookingRejected, { bookingId: booking.id, sequence })
  })
}

/**
 * Either party cancels; the time is free again. A host says why. Where seats are shared, the uid of a seat cancels that seat only.
 * @throws booking_not_found, reason_required, already_…
 */
export async function cancelBooking(ctx: Ctx, choice: Choice & { reason: string; following?: boolean }): Promise<void> {
  const { uid, reason, sequence: seen, following = false } = choice
  await transaction(ctx.db, async (tx) => {
    const booking = await lockBooking(tx, ctx, uid)
    const by = partyOf(ctx.actor, booking.host_ids)
    const now = ctx.clock.now().epochMilliseconds
    requireAllowed(mayBeCancelledBy(by, presentOf(booking), now, optionsOf(booking.options ?? {}), seen))
    if (by === 'host' && reason === '') throw bookingError('reason_required')
    const { seat } = booking
    if (seat) return cancelSeat(tx, ctx, { ...booking, seat }, { by, reason })
    await releaseClaims(tx, booking.id)
    const sequence = await writeVersion(tx, ctx, booking, { status: 'cancelled', reason, cancelled_by: by })
    await emit(tx, ctx, bookingCancelled, { bookingId: booking.id, sequence, by })
    if (following) await cancelLater(tx, ctx, booking, { by, reason })
  })
}

/**
 * The host gives the time back and asks the booker to choose another.
 * @throws booking_not_found, own_bookings_only, not_with_seats, already_…
 */
export async function requestAnotherTime(ctx: Ctx, choice: Choice & { reason: string }): Promise<void> {
  const { uid, reason, sequence: seen } = choice
  await transaction(ctx.db, async (tx) => {
    const booking = await lockWholeBooking(tx, ctx, uid)
    requireHost(ctx.actor, booking.host_ids)
    if (booking.seats !== null) throw bookingError('not_with_seats')
    requireAllowed(mayRequestAnotherTime(presentOf(booking), ctx.clock.now().epochMilliseconds, seen))
    await releaseClaims(tx, booking.id)
    const change = { status: 'cancelled', reason, cancelled_by: 'host', reschedule_requested: true } as const
    const sequence = await writeVersion(tx, ctx, booking, change)
    await emit(tx, ctx, anotherTimeRequested, { bookingId: booking.id, sequence })
  })
}

export interface Move extends RescheduleBooking {
  uid: string
  holdToken?: string
}

/**
 * Moves a booking: same commitment, next version. The claim moves in the same transaction, so the booking never holds two times nor
 * none. What an attendee moves must be confirmed again where the event type asks for it.
 * @throws booking_not_found, already_…, same_time, slot_taken or slot_not_offered with `alternatives`, event_type_not_found
 */
export async function rescheduleBooking(ctx: Ctx, move: Move): Promise<Booked> {
  await ctx.rateLimiter.consume(BOOKING_LIMIT, ctx.clientAddress)
  const present = await ctx.db
    .selectFrom('bookings')
    .where('id', '=', bookingIdBy(move.uid))
    .select(['id', 'uid', 'host_id', 'event_type_id', 'starts_at', 'ends_at'])
    .executeTakeFirst()
  if (!present) throw bookingError('booking_not_found')
  const duration = move.duration ?? minutesOf(present)
  const key = await offerBehind(ctx.db, present, duration)
  if (key === null) throw bookingError('event_type_not_found')
  const whole = present.uid === move.uid
  const own: Own = {
    bookingId: present.id,
    whole,
    timeZone: move.timeZone,
    ...(move.holdToken ? { holdTokenHash: hashToken(move.holdToken) } : {}),
  }
  const run = () =>
    transaction(ctx.db, async (tx) => {
      const offer = await loadOffer(tx, key)
      if (!offer) throw bookingError('event_type_not_found')
      await lockHosts(tx, hostIdsOf(offer))
      const booking = await lockBooking(tx, ctx, move.uid)
      const now = ctx.clock.now().epochMilliseconds
      const by = partyOf(ctx.actor, booking.host_ids)
      requireAllowed(mayBeMovedBy(by, presentOf(booking), now, offer.eventType, move.sequence))
      const { seat } = booking
      const mine = seat && !isAlone(booking) ? { holdTokenHash: own.holdTokenHash, timeZone: own.timeZone } : own
      const to = seat && (await moveSeat(tx, ctx, { ...booking, seat }, offer, { ...move, duration, by, own: mine }))
      if (to) return { id: to, uid: move.uid, status: 'accepted' as const, replayed: false }
      return moveWithin(tx, ctx, booking, offer, { ...move, duration }, own)
    })
  return withAlternatives(ctx, key, duration, move.start, own, () => orBesideRival(run))
}

/** What a booking was made from, to be moved within it: its event type, or the link of a group. */
async function offerBehind(
  db: Db,
  { id, event_type_id }: { id: number; event_type_id: number | null },
  minutes: number,
): Promise<OfferKey | null> {
  if (event_type_id !== null) return { eventTypeId: event_type_id }
  const rows = await db
    .selectFrom('bookings as b')
    .innerJoin('users as h', 'h.id', 'b.host_id')
    .innerJoin('co_hosts as c', 'c.booking_id', 'b.id')
    .innerJoin('users as u', 'u.id', 'c.host_id')
    .where('b.id', '=', id)
    .select(['h.username as first', 'u.username as other'])
    .orderBy('c.position')
    .execute()
  const [row] = rows
  return row ? { group: [row.first, ...rows.map(({ other }) => other)], minutes } : null
}

async function moveWithin(
  tx: Tx,
  ctx: Ctx,
  booking: Locked,
  offer: Offer,
  { start, duration, reason }: Move & { duration: number },
  own: Own,
): Promise<Booked> {
  const fromStart = booking.starts_at.epochMilliseconds
  const fromEnd = booking.ends_at.epochMilliseconds
  const end = start + duration * MINUTE
  if (booking.status !== 'cancelled' && start === fromStart && end === fromEnd) throw bookingError('same_time')
  await requireOffered(tx, ctx, offer, start, duration, own)

  const blocked = blockedSpan(offer, start, duration)
  await releaseClaims(tx, booking.id)
  await clearHolds(tx, booking.host_ids, blocked, ctx.clock.now().epochMilliseconds, own)
  if (!(await claimTime(tx, booking.host_ids, blocked, { bookingId: booking.id }))) {
    await startIsTaken(tx, offer, { start, end, quantity: booking.seat?.quantity ?? Number.POSITIVE_INFINITY })
  }

  const by = partyOf(ctx.actor, booking.host_ids)
  const asksAgain = by === 'attendee' && needsConfirmation(offer.eventType, start, ctx.clock.now().epochMilliseconds)
  const status: BookingStatus = asksAgain ? 'pending' : 'accepted'
  const sequence = await writeVersion(tx, ctx, booking, {
    status,
    reason,
    cancelled_by: null,
    reschedule_requested: false,
    buffer_before: offer.eventType.bufferBefore,
    buffer_after: offer.eventType.bufferAfter,
    starts_at: Temporal.Instant.fromEpochMilliseconds(start),
    ends_at: Temporal.Instant.fromEpochMilliseconds(end),
  })
  const event = asksAgain ? bookingMoveRequested : bookingRescheduled
  await emit(tx, ctx, event, { bookingId: booking.id, sequence, fromStart, fromEnd, by })
  return { id: booking.id, uid: booking.seat?.uid ?? booking.uid, status, replayed: false }
}

function minutesOf({ starts_at, ends_at }: { starts_at: Temporal.Instant; ends_at: Temporal.Instant }): number {
  return (ends_at.epochMilliseconds - starts_at.epochMilliseconds) / MINUTE
}
