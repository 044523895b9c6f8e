import { sql } from 'kysely'
import type { Db } from '#platform/db/connect.ts'
import { type Delivery, deliveriesOfSubject, troubledMailDeliveries } from '#platform/deliveries.ts'
import type { InstanceScope, UserScope } from '#platform/scope.ts'
import { bookingById, bookingsBehind, bookingsOfSeries, ownBooking, subjectsOf } from '../bookings/queries.ts'
import type { Booking } from '../bookings/types.ts'
import { isInCalendars, recipientAt } from './rules.ts'

/** How deliveries and events name a booking. */
export function subjectOf(bookingId: number): string {
  return `booking:${bookingId}`
}

/** The other way round. */
export function bookingIdOf(subject: string): number {
  return Number(subject.split(':')[1])
}

/** How deliveries and events name a series. */
export function subjectOfSeries(seriesId: number): string {
  return `series:${seriesId}`
}

/** The other way round. */
export function seriesIdOf(subject: string): number {
  return Number(subject.split(':')[1])
}

/** The booking a delivery tells of; of a series the first, which has the people that its mails are for. */
async function bookingOfSubject(db: Db, subject: string): Promise<Booking | null> {
  // Not every mail is about a booking.
  if (!/^(booking|series):/.test(subject)) return null
  if (!subject.startsWith('series:')) return bookingById(db, bookingIdOf(subject))
  return (await bookingsOfSeries(db, seriesIdOf(subject)))[0] ?? null
}

/** Whether calendars have the booking from before the given version. */
export async function inCalendarsBefore(
  db: Db,
  booking: Pick<Booking, 'id' | 'series'>,
  version: number,
): Promise<boolean> {
  const rows = await db
    .selectFrom('events')
    .where('subject', 'in', subjectsOf(booking))
    .select(['name', 'payload'])
    .orderBy('position')
    .execute()
  const earlier = rows.filter(({ payload }) => (payload as { sequence: number }).sequence < version)
  // Those of a series that wait for the host have only been asked for.
  const waits = ({ payload }: { payload: object }) =>
    (payload as { pendingIds?: number[] }).pendingIds?.includes(booking.id) === true
  return isInCalendars(earlier.filter((row) => !waits(row)).map(({ name }) => name))
}

/** A mail of a booking and how far it is, for its host. */
export interface BookingDelivery extends Pick<Delivery, 'id' | 'topic' | 'state' | 'reason' | 'detail' | 'attempts'> {
  recipient: { name: string; email: string } | null
  /** RFC 3339. */
  createdAt: string
  nextAt: string | null
  deliveredAt: string | null
  replayable: boolean
}

/** Every mail of a host's own booking, oldest first. Empty when the booking is not theirs. */
export async function deliveriesOf(db: Db, scope: UserScope, uid: string): Promise<BookingDelivery[]> {
  const booking = await ownBooking(db, scope, uid)
  if (!booking) return []
  const all = await Promise.all(
    subjectsOf(booking).map(async (subject) => {
      const told = subject === subjectOf(booking.id) ? booking : await bookingOfSubject(db, subject)
      return (await deliveriesOfSubject(db, subject)).map((delivery) => present(delivery, told))
    }),
  )
  return all.flat().sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0))
}

function present(delivery: Delivery, booking: Booking | null): BookingDelivery {
  const { id, topic, state, reason, detail, attempts, createdAt, nextAt, deliveredAt } = delivery
  const recipient = booking && recipientAt(booking, delivery.target)
  return {
    ...{ id, topic, state, reason, detail, attempts },
    recipient: recipient && { name: recipient.name, email: recipient.email },
    createdAt: createdAt.toString(),
    nextAt: state === 'waiting' ? (nextAt?.toString() ?? null) : null,
    deliveredAt: deliveredAt?.toString() ?? null,
    replayable: state === 'failed' || (state === 'waiting' && attempts > 0),
  }
}

/** A mail of the installation that is in trouble, for those who run it. */
export interface TroubledMail extends BookingDelivery {
  /** What it tells of; null when that is gone. */
  title: string | null
}

const MOST_SHOWN = 50

/** Failed mails and those that wait, of all hosts: two statements. */
export async function troubledMails(db: Db, scope: InstanceScope): Promise<TroubledMail[]> {
  const deliveries = await troubledMailDeliveries(db, scope, MOST_SHOWN)
  const bookingOf = await bookingsOfSubjects(
    db,
    deliveries.map(({ subject }) => subject),
  )
  return deliveries.map((delivery) => {
    const booking = bookingOf(delivery.subject)
    return { ...present(delivery, booking), title: booking?.title ?? null }
  })
}

/** As `bookingOfSubject`, for many in one statement. */
async function bookingsOfSubjects(db: Db, subjects: readonly string[]): Promise<(subject: string) => Booking | null> {
  const ids = subjects.filter((subject) => subject.startsWith('booking:')).map(bookingIdOf)
  const seriesIds = subjects.filter((subject) => subject.startsWith('series:')).map(seriesIdOf)
  const found = new Map<string, Booking>()
  for (const booking of await bookingsBehind(db, { ids, seriesIds })) {
    found.set(subjectOf(booking.id), booking)
    if (!booking.series) continue
    const series = subjectOfSeries(booking.series.id)
    const other = found.get(series)?.series
    if (!other || other.occurrence > booking.series.occurrence) found.set(series, booking)
  }
  return (subject) => found.get(subject) ?? null
}

/** A booking ahead with mails that were given up on. */
export interface UntoldBooking {
  uid: string
  title: string
  mails: number
}

const MOST_UNTOLD = 3

/** One statement: bookings of a host that are still ahead and whose mails did not arrive, soonest first; the first few, and how many. */
export async function untoldBookings(
  db: Db,
  { userId }: UserScope,
  now: { toString(): string },
): Promise<{ count: number; bookings: UntoldBooking[] }> {
  const { rows } = await sql<UntoldBooking & { count: number }>`
    select b.uid, b.title, count(*) as mails, count(*) over () as count from deliveries d
    join bookings b on b.id = case
      when d.subject like 'booking:%' then split_part(d.subject, ':', 2)::int8
      when d.subject like 'series:%' then (
        select s.id from bookings s where s.series_id = split_part(d.subject, ':', 2)::int8 order by s.occurrence limit 1) end
    where d.state = 'failed' and d.kind = 'mail' and b.host_id = ${userId} and b.ends_at > ${now.toString()}::timestamptz
    group by b.id order by b.starts_at, b.id limit ${MOST_UNTOLD}
  `.execute(db)
  return { count: rows[0]?.count ?? 0, bookings: rows.map(({ uid, title, mails }) => ({ uid, title, mails })) }
}
