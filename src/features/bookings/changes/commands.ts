import { sql } from 'kysely'
import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { bookingError } from '../errors.ts'
import { bookingGuestsAdded, bookingLocationChanged } from '../events.ts'
import { requireOrganizer } from '../policy.ts'
import { type Locked, lockWholeBooking, presentOf, requireAllowed, writeVersion } from '../rows.ts'
import { mayCancel } from '../rules.ts'
import { MOST_GUESTS } from '../schema.ts'
import { addGuestsSchema, placeSchema } from './schema.ts'

/**
 * The host adds guests to a booking that stands; they get the invitation, and nobody else is bothered. What the event type says of
 * guests binds its bookers only.
 * @throws invalid_input, booking_not_found, own_bookings_only, already_…, not_accepted, guests_not_offered where seats are shared,
 *   guest_already_invited, too_many_guests
 */
export async function addGuests(ctx: Ctx, uid: string, input: unknown): Promise<void> {
  const { guests } = parseInput(addGuestsSchema, input)
  await transaction(ctx.db, async (tx) => {
    const booking = await lockStanding(tx, ctx, uid)
    if (booking.seats !== null) throw bookingError('guests_not_offered')
    const wanted = [...new Set(guests)]
    await requireRoomFor(tx, booking.id, wanted)
    const attendeeIds = await insertGuests(tx, booking.id, wanted)
    await emit(tx, ctx, bookingGuestsAdded, { bookingId: booking.id, sequence: booking.sequence, attendeeIds })
  })
}

/**
 * The host moves a booking that stands to another place; everybody is told.
 * @throws invalid_input, booking_not_found, own_bookings_only, already_…, not_accepted
 */
export async function changeLocation(ctx: Ctx, uid: string, input: unknown): Promise<void> {
  const { location, sequence: seen } = parseInput(placeSchema, input)
  await transaction(ctx.db, async (tx) => {
    const booking = await lockStanding(tx, ctx, uid, seen)
    const sequence = await writeVersion(tx, ctx, booking, { status: 'accepted', reason: '' })
    await tx
      .updateTable('bookings')
      .set({ location: JSON.stringify(location) })
      .where('id', '=', booking.id)
      .execute()
    await emit(tx, ctx, bookingLocationChanged, { bookingId: booking.id, sequence })
  })
}

/** The host's own booking, confirmed and not over. */
async function lockStanding(tx: Tx, ctx: Ctx, uid: string, seen?: number): Promise<Locked> {
  const booking = await lockWholeBooking(tx, ctx, uid)
  requireOrganizer(ctx.actor, booking.host_id)
  requireAllowed(mayCancel(presentOf(booking), ctx.clock.now().epochMilliseconds, seen))
  if (booking.status !== 'accepted') throw bookingError('not_accepted')
  return booking
}

async function requireRoomFor(tx: Tx, bookingId: number, emails: readonly string[]): Promise<void> {
  const present = await tx
    .selectFrom('attendees')
    .where('booking_id', '=', bookingId)
    .select(['kind', 'email'])
    .execute()
  const email = emails.find((one) => present.some((other) => other.email === one))
  if (email !== undefined) throw bookingError('guest_already_invited', { email })
  const guests = present.filter(({ kind }) => kind === 'guest').length
  if (guests + emails.length > MOST_GUESTS) throw bookingError('too_many_guests', { max: MOST_GUESTS })
}

/** Nothing is known of them yet: they read in the language and the zone of who booked. */
async function insertGuests(tx: Tx, bookingId: number, emails: readonly string[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    insert into attendees (booking_id, kind, name, email, time_zone, locale)
    select a.booking_id, 'guest', split_part(e.email, '@', 1), e.email, a.time_zone, a.locale
    from (select * from attendees where booking_id = ${bookingId} and kind = 'booker' order by id limit 1) a,
      unnest(${emails}::text[]) with ordinality e (email, place)
    order by e.place
    returning id
  `.execute(tx)
  return rows.map(({ id }) => id)
}
