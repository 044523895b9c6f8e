import { sql } from 'kysely'
import type { Ctx } from '#platform/ctx.ts'
import type { Tx } from '#platform/db/transaction.ts'
import { isOpen } from '../../accounts/links/queries.ts'
import { COUNTED_DAYS, OCCASION_MINUTES, TOLD_FROM } from './types.ts'

/** Counts that somebody looked and found nothing, once an hour. */
export async function countEmptySearch({ db, clock }: Pick<Ctx, 'db' | 'clock'>, eventTypeId: number): Promise<void> {
  const now = clock.now()
  const sameOccasion = now.subtract({ minutes: OCCASION_MINUTES })
  const over = now.subtract({ hours: COUNTED_DAYS * 24 })
  // Looked for first, so that many who look at once wait for no lock.
  await sql`
    insert into empty_searches as e (event_type_id, since, last_at, occasions)
    select id, ${now}::timestamptz, ${now}::timestamptz, 1 from event_types where id = ${eventTypeId}
      and not exists (select from empty_searches where event_type_id = ${eventTypeId} and last_at > ${sameOccasion}::timestamptz)
    on conflict (event_type_id) do update set
      occasions = case when e.since <= ${over}::timestamptz then 1 else e.occasions + 1 end,
      since = case when e.since <= ${over}::timestamptz then excluded.since else e.since end,
      last_at = excluded.last_at
    where e.last_at <= ${sameOccasion}::timestamptz`.execute(db)
}

/** Event types whose hosts are to be told now, each once in the time that is counted together, whoever asks at the same time. */
export async function takeEmptySearches(tx: Tx, { clock }: Pick<Ctx, 'clock'>, most: number): Promise<number[]> {
  const now = clock.now()
  const before = now.subtract({ hours: COUNTED_DAYS * 24 })
  const rows = await tx
    .with('due', (db) =>
      db
        .selectFrom('empty_searches as e')
        .innerJoin('event_types as t', 't.id', 'e.event_type_id')
        .innerJoin('users', 'users.id', 't.user_id')
        .where('users.empty_search_mails', '=', true)
        .where(isOpen)
        .where('e.occasions', '>=', TOLD_FROM)
        .where('e.since', '>', before)
        .where(({ or, eb }) => or([eb('e.told_at', 'is', null), eb('e.told_at', '<=', before)]))
        .orderBy('e.event_type_id')
        .limit(most)
        .select('e.event_type_id')
        .forUpdate('e')
        .skipLocked(),
    )
    .updateTable('empty_searches as e')
    .from('due')
    .whereRef('e.event_type_id', '=', 'due.event_type_id')
    .set({ told_at: now })
    .returning('e.event_type_id')
    .execute()
  return rows.map(({ event_type_id }) => event_type_id)
}
