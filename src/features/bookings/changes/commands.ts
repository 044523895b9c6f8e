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
import { addGuestsSchema, type NewGuest, placeSchema } from './schema.ts'

/**
 * The host adds guests to a booking that stands; they get the invitation, and nobody else is bothered. What the event type says of
 * guests binds its bookers only.
 * @throws invalid_input, booking_not_found, own_bookings_only, already_…, not_accepted, guests_not_offered where seats are shared,
 *   guest_already_invited, too_many_guests
 * @returns ids of the attendees they are
 */
export async function addGuests(ctx: Ctx, uid: string, input: unknown): Promise<number[]> {
  const { guests } = parseInput(addGuestsSchema, input)
  return transaction(ctx.db, async (tx) => {
    const booking = await lockStanding(tx, ctx, uid)
    if (booking.seats !== null) throw bookingError('guests_not_offered')
    const wanted = [...new Map(guests.map((guest) => [guest.email, guest])).values()]
    await requireRoomFor(
      tx,
      booking.id,
      wanted.map(({ email }) => email),
    )
    const attendeeIds = await insertGuests(tx, booking.id, wanted)
    await emit(tx, ctx, bookingGuestsAdded, { bookingId: booking.id, sequence: booking.sequence, attendeeIds })
    return attendeeIds
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

/** Of whom nothing else is known, they read in the language and the zone of who booked. */
async function insertGuests(tx: Tx, bookingId: number, guests: readonly NewGuest[]): Promise<number[]> {
  const rows = guests.map(({ email, name, timeZone, locale }) => ({
    ...{ email, name: name ?? email.slice(0, email.indexOf('@')) },
    ...{ zone: timeZone ?? null, locale: locale ?? null },
  }))
  const { rows: made } = await sql<{ id: number }>`
    insert into attendees (booking_id, kind, name, email, time_zone, locale)
    select a.booking_id, 'guest', g.name, g.email, coalesce(g.zone, a.time_zone), coalesce(g.locale, a.locale)
    from (select * from attendees where booking_id = ${bookingId} and kind = 'booker' order by id limit 1) a,
      rows from (jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as (email text, name text, zone text, locale text))
        with ordinality g (email, name, zone, locale, place)
    order by g.place
    returning id
  `.execute(tx)
  return made.map(({ id }) => id)
}
