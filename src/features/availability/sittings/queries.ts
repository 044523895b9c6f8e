import { type RawBuilder, sql } from 'kysely'
import type { Own } from '../taken/queries.ts'
import type { Sitting } from './types.ts'

/** Seats that others hold at a start, as a part of a statement. */
export function seatsHeld(
  { eventTypeId, start, end }: Sitting,
  now: number,
  { holdTokenHash = null }: { holdTokenHash?: Own['holdTokenHash'] | null },
): RawBuilder<number> {
  return sql<number>`(
    select coalesce(sum(h.quantity), 0)::int8 from sittings s join holds h on h.sitting_id = s.id
    where s.event_type_id = ${eventTypeId} and s.starts_at = to_timestamp(${start / 1000}) and s.ends_at = to_timestamp(${end / 1000})
      and h.expires_at > to_timestamp(${now / 1000}) and h.token_hash is distinct from ${holdTokenHash}::bytea)`
}
