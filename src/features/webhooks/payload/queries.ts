import { z } from 'zod'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import type { Delivery } from '#platform/deliveries.ts'
import { calendarUid } from '../../bookings/entries/types.ts'
import { bookingById, subjectsOf } from '../../bookings/queries.ts'
import type { Booking } from '../../bookings/types.ts'
import { optionsOf } from '../../event-types/types.ts'
import type { Trigger } from '../types.ts'
import { absencePayload, type BookingTrigger, bookingPayload, noShowPayload } from './rules.ts'
import type { AbsenceFacts, Body, EventTypeFacts, Told } from './types.ts'

/** What events say that matters here. */
const particulars = z.object({
  sequence: z.number().nullable().catch(null),
  by: z.enum(['host', 'attendee']).nullable().catch(null),
  fromStart: z.number().nullable().catch(null),
  fromEnd: z.number().nullable().catch(null),
  attendeeId: z.number().nullable().catch(null),
  noShow: z.boolean().catch(false),
  /** Of events that tell of another booking's seat too. */
  fromBookingId: z.number().nullable().catch(null),
})

type Particulars = z.output<typeof particulars>

type Planned = Pick<Delivery, 'eventId' | 'subject' | 'topic' | 'createdAt'>

/** What a delivery tells, or why there is nothing to tell any more. */
export async function bodyOf(
  { db, config }: Pick<Ctx, 'db' | 'config'>,
  { eventId, subject, topic, createdAt }: Planned,
): Promise<Body | { gone: string }> {
  const trigger = topic as Trigger
  const event = eventId === null ? null : await eventBy(db, eventId)
  const at = (event?.occurred_at ?? createdAt).toString({ fractionalSecondDigits: 3 })
  const [noun, id] = subject.split(':')
  if (noun === 'absence') {
    const facts = await absenceFacts(db, Number(id))
    if (!facts) return { gone: 'subject_gone' }
    return { triggerEvent: trigger, createdAt: at, payload: absencePayload(facts) }
  }
  const booking = await bookingById(db, Number(id))
  if (!booking) return { gone: 'subject_gone' }
  // Who was forgotten is not told of, and not a second time.
  if (isForgotten(booking)) return { gone: 'attendee_forgotten' }
  const said = particulars.parse(event?.payload ?? {})
  if (trigger === 'BOOKING_NO_SHOW_UPDATED') {
    const who = said.attendeeId === null ? null : personIn(booking, said.attendeeId)
    if (who === undefined) return { gone: 'subject_gone' }
    return { triggerEvent: trigger, createdAt: at, payload: noShowPayload(booking, who, said.noShow) }
  }
  if (said.attendeeId !== null && !personIn(booking, said.attendeeId)) return { gone: 'subject_gone' }
  const told = await toldOf(db, booking, said, event?.position ?? null)
  const payload = bookingPayload(trigger as BookingTrigger, { ...told, iCalUid: calendarUid(booking, config.url) })
  return { triggerEvent: trigger, createdAt: at, payload }
}

function isForgotten({ attendees, left }: Booking): boolean {
  const all = [...attendees, ...left]
  return all.length > 0 && all.every(({ email }) => email === '')
}

const personIn = ({ attendees, left }: Booking, attendeeId: number) =>
  [...attendees, ...left].find(({ id }) => id === attendeeId)

function eventBy(db: Db, id: string) {
  return db
    .selectFrom('events')
    .where('id', '=', id)
    .select(['position', 'payload', 'occurred_at'])
    .executeTakeFirstOrThrow()
}

/**
 * The booking as it was at an event: what moved it later says where it was before. Null: as it is.
 */
async function toldOf(
  db: Db,
  booking: Booking,
  said: Particulars,
  position: number | null,
): Promise<Omit<Told, 'iCalUid'>> {
  const later = position === null ? [] : await changesAfter(db, booking, position)
  const next = later.find(({ fromStart, fromBookingId }) => fromStart !== null && fromBookingId === null)
  const { attendeeId, by, fromStart, fromEnd } = said
  const seat = attendeeId === null ? null : personIn(booking, attendeeId)?.seat
  return {
    booking,
    start: next?.fromStart ?? booking.start.epochMilliseconds,
    end: next?.fromEnd ?? booking.end.epochMilliseconds,
    former: fromStart === null || fromEnd === null ? null : { start: fromStart, end: fromEnd },
    by,
    attendeeId,
    sequence: said.sequence ?? booking.sequence,
    reason: later.length === 0 ? (seat?.cancelled?.reason ?? booking.reason) : '',
    eventType: booking.eventType && (await eventTypeFacts(db, booking.eventType.id)),
  }
}

/** What changed the booking as a whole since, oldest first. */
async function changesAfter(db: Db, booking: Booking, position: number): Promise<Particulars[]> {
  const rows = await db
    .selectFrom('events')
    .where('subject', 'in', subjectsOf(booking))
    .where('position', '>', position)
    .where('name', 'in', CHANGES)
    .orderBy('position')
    .select('payload')
    .execute()
  return rows.map(({ payload }) => particulars.parse(payload))
}

const CHANGES = [
  ...['booking.confirmed', 'booking.rejected', 'booking.rescheduled', 'booking.move_requested', 'booking.cancelled'],
  'booking.another_time_requested',
]

async function eventTypeFacts(db: Db, id: number): Promise<EventTypeFacts | null> {
  const row = await db
    .selectFrom('event_types')
    .where('id', '=', id)
    .select(['description', 'requires_confirmation', 'options'])
    .executeTakeFirst()
  if (!row) return null
  return {
    description: row.description,
    requiresConfirmation: row.requires_confirmation,
    seats: optionsOf(row.options).seats?.count ?? null,
  }
}

async function absenceFacts(db: Db, id: number): Promise<AbsenceFacts | null> {
  const row = await db
    .selectFrom('absences as a')
    .innerJoin('users as u', 'u.id', 'a.user_id')
    .leftJoin('users as r', 'r.id', 'a.redirect_user_id')
    .where('a.id', '=', id)
    .select([
      'a.id',
      'a.first_date',
      'a.last_date',
      'a.from_minute',
      'a.to_minute',
      'a.reason',
      'a.own_reason',
      'a.note',
      'a.created_at',
      'a.updated_at',
    ])
    .select(['u.id as user_id', 'u.name', 'u.username', 'u.email', 'u.time_zone'])
    .select(['r.id as to_id', 'r.name as to_name', 'r.username as to_username', 'r.email as to_email'])
    .executeTakeFirst()
  if (!row) return null
  return {
    id: row.id,
    firstDate: row.first_date,
    lastDate: row.last_date,
    fromMinute: row.from_minute,
    toMinute: row.to_minute,
    reason: row.reason === 'own' ? row.own_reason : row.reason,
    note: row.note,
    createdAt: row.created_at.toString(),
    updatedAt: row.updated_at.toString(),
    user: { id: row.user_id, name: row.name, username: row.username, email: row.email, timeZone: row.time_zone },
    redirect:
      row.to_id === null
        ? null
        : { id: row.to_id, name: row.to_name ?? '', username: row.to_username ?? '', email: row.to_email ?? '' },
  }
}
