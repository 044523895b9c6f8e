import { jsonArrayFrom, jsonObjectFrom } from 'kysely/helpers/postgres'
import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'

/** What a host knows of a booking beyond what its attendees see. Instants are RFC 3339. */
export interface Aftercare {
  hostNoShow: boolean
  /** Ids of attendees who did not come. */
  noShows: number[]
  notes: { id: number; text: string; author: string; own: boolean; at: string }[]
  ratings: { attendeeId: number; name: string; stars: number; comment: string; at: string }[]
  report: { reason: 'spam' | 'unknown_person' | 'other'; note: string; at: string } | null
}

const NOTHING: Aftercare = { hostNoShow: false, noShows: [], notes: [], ratings: [], report: null }

/** One statement; of somebody else's booking there is nothing to know. */
export async function aftercareOf(db: Db, { userId }: UserScope, bookingId: number): Promise<Aftercare> {
  const row = await db
    .selectFrom('bookings as b')
    .where('b.id', '=', bookingId)
    .where((eb) =>
      eb.or([
        eb('b.host_id', '=', userId),
        eb.exists(
          eb
            .selectFrom('co_hosts as c')
            .whereRef('c.booking_id', '=', 'b.id')
            .where('c.host_id', '=', userId)
            .select('c.host_id'),
        ),
      ]),
    )
    .select((eb) => [
      'b.host_no_show',
      jsonArrayFrom(
        eb
          .selectFrom('attendees as a')
          .whereRef('a.booking_id', '=', 'b.id')
          .where('a.no_show', '=', true)
          .select('a.id')
          .orderBy('a.id'),
      ).as('no_shows'),
      jsonArrayFrom(
        eb
          .selectFrom('booking_notes as n')
          .innerJoin('users as u', 'u.id', 'n.user_id')
          .whereRef('n.booking_id', '=', 'b.id')
          .select(['n.id', 'n.text', 'u.name as author', 'n.user_id', 'n.created_at'])
          .orderBy('n.id'),
      ).as('notes'),
      jsonArrayFrom(
        eb
          .selectFrom('booking_ratings as r')
          .innerJoin('attendees as w', 'w.id', 'r.attendee_id')
          .whereRef('r.booking_id', '=', 'b.id')
          .select(['r.attendee_id', 'w.name', 'r.stars', 'r.comment', 'r.created_at'])
          .orderBy('r.created_at'),
      ).as('ratings'),
      jsonObjectFrom(
        eb
          .selectFrom('booking_reports as p')
          .whereRef('p.booking_id', '=', 'b.id')
          .select(['p.reason', 'p.note', 'p.created_at']),
      ).as('report'),
    ])
    .executeTakeFirst()
  if (!row) return NOTHING
  return {
    hostNoShow: row.host_no_show,
    noShows: row.no_shows.map(({ id }) => id),
    notes: row.notes.map(({ user_id, created_at, ...note }) => ({
      ...note,
      own: user_id === userId,
      at: String(created_at),
    })),
    ratings: row.ratings.map(({ attendee_id, created_at, ...rating }) => ({
      ...rating,
      attendeeId: attendee_id,
      at: String(created_at),
    })),
    report: row.report && { reason: row.report.reason, note: row.report.note, at: String(row.report.created_at) },
  }
}
