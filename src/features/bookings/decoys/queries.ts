import { Temporal } from 'temporal-polyfill'
import type { Ctx } from '#platform/ctx.ts'
import type { Occurrence } from '../series/queries.ts'
import type { Booking } from '../types.ts'

/** A booking that does not exist, as who tried to make it is shown it. */
export interface Decoy {
  booking: Booking
  /** Of its series; empty when it is in none. */
  dates: Occurrence[]
}

/** For whoever holds the address, until it expires. Null when there is none. */
export async function decoyByUid({ db, clock }: Pick<Ctx, 'db' | 'clock'>, uid: string): Promise<Decoy | null> {
  const row = await db
    .selectFrom('decoys')
    .where('uid', '=', uid)
    .where('expires_at', '>', clock.now())
    .select('content')
    .executeTakeFirst()
  return row ? revived(row.content as Kept) : null
}

type Instants = 'start' | 'end' | 'createdAt'
/** As JSON keeps it. */
type Kept = Omit<Decoy, 'booking'> & { booking: Omit<Booking, Instants> & Record<Instants, string> }

function revived({ booking, dates }: Kept): Decoy {
  const [start, end, createdAt] = [booking.start, booking.end, booking.createdAt].map((at) => Temporal.Instant.from(at))
  return { booking: { ...booking, ...{ start, end, createdAt } } as Booking, dates }
}
