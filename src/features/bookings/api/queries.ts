import { sql } from 'kysely'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import { userScope } from '#platform/scope.ts'
import { bookingError } from '../errors.ts'
import { partyOf } from '../policy.ts'
import { bookingById, bookingByUid, bookingsOfSeries, hostIdsOf, ownBooking } from '../queries.ts'
import { bookingIdBy } from '../rows.ts'
import type { Booking } from '../types.ts'
import { type Facts, presentedBooking } from './present.ts'
import type { WireBooking, WireSeated } from './schema.ts'

type Asking = Pick<Ctx, 'db' | 'actor' | 'config'>

/** One statement: what the wire tells of bookings beyond the bookings themselves, by id. */
async function factsOf(db: Db, ids: readonly number[]): Promise<ReadonlyMap<number, Facts>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<Facts & { id: number }>`
    select b.id, b.updated_at as "updatedAt", b.host_no_show as "hostAbsent",
      to_json(array(select a.id from attendees a where a.booking_id = b.id and a.no_show)) as absent,
      (select s.uid from series s where s.id = b.series_id) as "seriesUid",
      (select round(avg(r.stars), 2)::float8 from booking_ratings r where r.booking_id = b.id) as rating,
      (select e.payload ->> 'by' from events e where e.subject = 'booking:' || b.id
        and e.name in ('booking.rescheduled', 'booking.move_requested') order by e.position desc limit 1) as "movedBy"
    from bookings b where b.id = any(${[...ids]}::int8[])
  `.execute(db)
  return new Map(rows.map(({ id, ...facts }) => [id, facts]))
}

/** Bookings as whoever asks may see them. */
export async function presented(ctx: Asking, bookings: readonly Booking[]): Promise<WireBooking[]> {
  const facts = await factsOf(
    ctx.db,
    bookings.map(({ id }) => id),
  )
  return bookings.flatMap((booking) => {
    const known = facts.get(booking.id)
    const reader = partyOf(ctx.actor, hostIdsOf(booking))
    return known ? [presentedBooking(booking, known, { reader, url: ctx.config.url })] : []
  })
}

export async function presentedOne(ctx: Asking, booking: Booking | null): Promise<WireBooking> {
  const [shown] = booking ? await presented(ctx, [booking]) : []
  if (!shown) throw bookingError('booking_not_found')
  return shown
}

/** Four statements at most: the booking, the seat or the series that a uid stands for. @throws booking_not_found */
export async function shownBy(ctx: Asking, uid: string): Promise<WireBooking | WireBooking[]> {
  const booking = await bookingByUid(ctx, uid)
  if (booking) return presentedOne(ctx, booking)
  return presented(ctx, await seriesBy(ctx.db, uid))
}

/** Two statements: all bookings of the series that a uid stands for. @throws booking_not_found when it stands for none */
export async function seriesBy(db: Db, uid: string): Promise<Booking[]> {
  const series = await db.selectFrom('series').where('uid', '=', uid).select('id').executeTakeFirst()
  const all = series ? await bookingsOfSeries(db, series.id) : []
  if (all.length === 0) throw bookingError('booking_not_found')
  return all
}

/** The seat for its attendee, the whole booking for its hosts. @throws booking_not_found */
export async function shownBySeat(ctx: Asking, seatUid: string): Promise<WireBooking> {
  const seat = await bookingByUid(ctx, seatUid)
  if (!seat || seat.others === null) throw bookingError('booking_not_found')
  const whole = partyOf(ctx.actor, hostIdsOf(seat)) === 'host'
  return presentedOne(ctx, whole ? await bookingById(ctx.db, seat.id) : seat)
}

/** What several share, with the seat of one: hosts see all of it. @param uid of the seat, or of the booking whose latest it is */
export async function withSeat(ctx: Asking, bookingId: number, uid: string): Promise<WireSeated> {
  const whole = await bookingById(ctx.db, bookingId)
  const toHost = whole && partyOf(ctx.actor, hostIdsOf(whole)) === 'host'
  const shown = await presentedOne(ctx, toHost ? whole : await bookingByUid(ctx, uid))
  const seatUid = whole?.uid === uid ? (whole.attendees.at(-1)?.seat?.uid ?? '') : uid
  return { ...(shown as WireSeated), seatUid }
}

const ID = /^\d{1,15}$/

/** Of a booking that a path names by uid, or a host by id, which is no secret. @throws booking_not_found */
export async function uidOf(ctx: Asking, named: string): Promise<string> {
  if (!ID.test(named)) return named
  const booking = ctx.actor.kind === 'user' ? await bookingById(ctx.db, Number(named)) : null
  if (!booking || partyOf(ctx.actor, hostIdsOf(booking)) !== 'host') throw bookingError('booking_not_found')
  return booking.uid
}

/** @throws booking_not_found, also for what is somebody else's */
export async function requireOwn(ctx: Ctx, uid: string): Promise<Booking> {
  const booking = await ownBooking(ctx.db, userScope(ctx), uid)
  if (!booking) throw bookingError('booking_not_found')
  return booking
}

/** What a path and a body name together: the seat, if it is in that booking. @throws booking_not_found */
export async function requireSeatIn(db: Db, uid: string, seatUid: string): Promise<string> {
  const { rows } = await sql<{ same: boolean | null }>`
    select ${bookingIdBy(uid)} = (select a.booking_id from attendees a where a.seat_uid = ${seatUid}) as same`.execute(
    db,
  )
  if (!rows[0]?.same) throw bookingError('booking_not_found')
  return seatUid
}
