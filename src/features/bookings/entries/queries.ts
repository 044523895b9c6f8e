import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'
import { organizerEmail } from '../../event-types/queries.ts'
import { type BookingCursor, idsOfPage } from '../queries.ts'
import type { BookingLocation, BookingStatus } from '../types.ts'
import type { EntrySource } from './types.ts'

const AT_ONCE = 500

/** A booking as far as its entry in a file of its host tells of it: nobody but the booker is in it, and of them the name. */
export type FiledBooking = EntrySource & { createdAt: Temporal.Instant }

/**
 * Pages of all bookings of a host, and of those they host with others, latest first: a statement for each 500. Nothing is read but what is
 * written: of bookings as the product knows them, 100,000 are garbage faster than it is collected.
 */
export async function* pagesOfEntries(
  db: Db,
  scope: UserScope,
  now: Temporal.Instant,
): AsyncGenerator<readonly FiledBooking[]> {
  for (let after: BookingCursor | undefined; ; ) {
    const { ids } = idsOfPage(scope, { tab: 'all', now, size: AT_ONCE, ...(after && { after }) })
    const { rows }: { rows: Row[] } = await sql<Row>`
      select b.id, b.uid, b.status, b.title, b.starts_at as start, b.ends_at as "end", b.sequence, b.location, b.notes,
        b.seats is not null as seated, b.created_at as "createdAt", u.name as host_name, ${organizerEmail} as host_email,
        exists (select from co_hosts c where c.booking_id = b.id) as grouped,
        coalesce((e.options ->> 'privateEntry')::boolean, false) as private,
        (select a.name from attendees a where a.booking_id = b.id and a.kind = 'booker' and a.cancelled_by is null
          order by a.id limit 1) as booker
      from bookings b join users u on u.id = b.host_id left join event_types e on e.id = b.event_type_id
      where b.id in ${ids} order by b.starts_at desc, b.id desc
    `.execute(db)
    if (rows.length > 0) yield rows.slice(0, AT_ONCE).map(filed)
    const last = rows[AT_ONCE - 1]
    if (rows.length <= AT_ONCE || !last) return
    after = { at: last.start.toString(), id: last.id }
  }
}

interface Row {
  id: number
  uid: string
  status: BookingStatus
  title: string
  start: Temporal.Instant
  end: Temporal.Instant
  sequence: number
  location: BookingLocation | null
  notes: string
  seated: boolean
  createdAt: Temporal.Instant
  host_name: string
  host_email: string
  grouped: boolean
  private: boolean
  booker: string | null
}

const NOBODY_ELSE = { answers: [], companions: [] }

function filed({ seated, host_name, host_email, grouped, private: privateEntry, booker, ...row }: Row): FiledBooking {
  return {
    ...row,
    host: { name: host_name, email: host_email },
    coHosts: grouped ? [{}] : [],
    eventType: { hideNotes: false, hideHostEmail: false, privateEntry },
    attendees: [{ kind: 'booker', name: booker ?? '', ...NOBODY_ELSE }],
    seats: seated ? { count: 0, taken: 0, showAttendees: false } : null,
  }
}
