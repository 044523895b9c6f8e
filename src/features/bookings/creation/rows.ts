import { sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import { randomUid } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { statement } from '#platform/db/statement.ts'
import type { Tx } from '#platform/db/transaction.ts'
import type { Locale } from '#platform/i18n/locale.ts'
import type { Offer } from '../../availability/types.ts'
import { type Location, NO_EVENT_TYPE } from '../../event-types/types.ts'
import type { Answer } from '../answers/types.ts'
import { bookingError } from '../errors.ts'
import { needsConfirmation, titleOf } from '../rules.ts'
import type { CreateBooking } from '../schema.ts'
import type { BookingLocation, BookingStatus } from '../types.ts'

const MINUTE = 60_000

export interface Made {
  id: number
  uid: string
  status: BookingStatus
}

/** What is booked. */
export interface Terms {
  start: number
  duration: number
  location: BookingLocation | null
  answers: Answer[]
}

/** Who is to come. */
interface Party {
  booking: Pick<CreateBooking, 'name' | 'email' | 'guests' | 'quantity' | 'notes' | 'timeZone'> &
    Partial<Pick<CreateBooking, 'metadata' | 'tracking'>>
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
    { ...{ kind: 'booker', name: booking.name, email: booking.email, answers }, ...broughtOf(booking) },
    ...booking.guests.map((email) => ({ kind: 'guest', name: nameIn(email), email, answers: [], ...broughtOf({}) })),
  ]
  const people = eventType.seats ? [] : everyone
  const bookers = eventType.seats ? { booker: '', answers: [] } : { booker: booking.name, answers }
  const [row] = await bookingWithPeople(tx, {
    ...{ uid, status, eventTypeId: eventType.id === NO_EVENT_TYPE ? null : eventType.id, hostId: host.id },
    title: titleOf(eventType, { host: host.name, location, duration, ...bookers }),
    starts: Temporal.Instant.fromEpochMilliseconds(start),
    ends: Temporal.Instant.fromEpochMilliseconds(start + duration * MINUTE),
    ...{ timeZone: hours.timeZone, bufferBefore: eventType.bufferBefore, bufferAfter: eventType.bufferAfter },
    location: location === null ? null : JSON.stringify(location),
    ...(eventType.seats
      ? { notes: '', seats: eventType.seats.count, seatsTaken: booking.quantity }
      : { notes: booking.notes, seats: null, seatsTaken: 1 }),
    ...{ now, people: JSON.stringify(people), theirZone: booking.timeZone, locale },
  })
  if (!row) throw new Error('a booking that was not written')
  return { id: row.id, uid, status }
}

interface Written {
  uid: string
  status: BookingStatus
  eventTypeId: number | null
  hostId: number
  title: string
  starts: Temporal.Instant
  ends: Temporal.Instant
  timeZone: string
  bufferBefore: number
  bufferAfter: number
  location: string | null
  notes: string
  seats: number | null
  seatsTaken: number
  now: Temporal.Instant
  people: string
  theirZone: string
  locale: string
}

const bookingWithPeople = statement<{ id: number }, Written>((db, value) =>
  db
    .with('booking', (insert) =>
      insert
        .insertInto('bookings')
        .values({
          uid: value('uid'),
          event_type_id: value('eventTypeId'),
          host_id: value('hostId'),
          status: value('status'),
          title: value('title'),
          starts_at: value('starts'),
          ends_at: value('ends'),
          time_zone: value('timeZone'),
          buffer_before: value('bufferBefore'),
          buffer_after: value('bufferAfter'),
          location: value('location'),
          notes: value('notes'),
          seats: value('seats'),
          seats_taken: value('seatsTaken'),
          created_at: value('now'),
          updated_at: value('now'),
        })
        .returning('id'),
    )
    .with('people', (insert) =>
      insert
        .insertInto('attendees')
        .columns(['booking_id', 'kind', 'name', 'email', 'time_zone', 'locale', 'answers', 'metadata', 'tracking'])
        .expression((eb) =>
          eb
            .selectFrom('booking')
            .innerJoin(
              sql<{
                kind: 'booker' | 'guest'
                name: string
                email: string
                answers: string
                metadata: string
                tracking: string
              }>`jsonb_to_recordset(${value('people')}::jsonb)`.as<'p'>(
                sql`p(kind text, name text, email text, answers jsonb, metadata jsonb, tracking jsonb)`,
              ),
              (join) => join.onTrue(),
            )
            .select([
              'booking.id',
              'p.kind',
              'p.name',
              'p.email',
              sql<string>`${value('theirZone')}::text`.as('time_zone'),
              sql<string>`${value('locale')}::text`.as('locale'),
              'p.answers',
              'p.metadata',
              'p.tracking',
            ]),
        ),
    )
    .selectFrom('booking')
    .select('id'),
)

/**
 * A place of the event type, completed by what the booker gave. Who learns it before booking is no matter of the booking.
 * @throws phone_required, place_required
 */
export function completedPlace(
  chosen: Location,
  { phone, place }: { phone?: string; place?: string },
): BookingLocation {
  switch (chosen.kind) {
    case 'attendee_phone':
      if (phone === undefined) throw bookingError('phone_required')
      return { ...chosen, phone }
    case 'attendee_address':
    case 'attendee_text':
      if (place === undefined) throw bookingError('place_required')
      return { ...chosen, place }
    default: {
      const { shown, ...known } = chosen
      return known
    }
  }
}

const nameIn = (email: string) => email.slice(0, email.indexOf('@'))

function broughtOf({ metadata = {}, tracking = {} }: Partial<Pick<CreateBooking, 'metadata' | 'tracking'>>) {
  return { metadata, tracking }
}

/** Who hosts beside the first. */
export async function addCoHosts(tx: Tx, bookingId: number, { coHosts }: Offer): Promise<void> {
  if (coHosts.length === 0) return
  const rows = coHosts.map(({ host }, i) => ({ booking_id: bookingId, host_id: host.id, position: i + 1 }))
  await tx.insertInto('co_hosts').values(rows).execute()
}
