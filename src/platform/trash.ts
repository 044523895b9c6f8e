import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import { uuidv7 } from './crypto.ts'
import type { Db } from './db/connect.ts'
import type { Tables } from './db/tables.ts'
import type { Tx } from './db/transaction.ts'
import type { UserScope } from './scope.ts'

type Source = Tables['trash']['source']

/** How long a deletion can be taken back. */
export const TRASH_DAYS = 30

/**
 * Deletes one row of its owner and keeps it whole. `links` is what the restoring command will want to know.
 * @returns the key that takes it back, or null when the owner has no such row.
 */
export async function moveToTrash(
  tx: Tx,
  { userId }: UserScope,
  { source, id, links = {}, now }: { source: Source; id: number; links?: object; now: Temporal.Instant },
): Promise<string | null> {
  await tx
    .deleteFrom('trash')
    .where('user_id', '=', userId)
    .where('deleted_at', '<', now.subtract({ hours: 24 * TRASH_DAYS }))
    .execute()
  const table = sql.table(source)
  const { rows } = await sql<{ id: string }>`
    with gone as (delete from ${table} t where t.id = ${id} and t.user_id = ${userId} returning to_jsonb(t) as content)
    insert into trash (id, user_id, source, content, links, deleted_at)
    select ${uuidv7()}::uuid, ${userId}::int8, ${source}::text, content, ${JSON.stringify(links)}::jsonb, ${now}::timestamptz
    from gone returning id
  `.execute(tx)
  return rows[0]?.id ?? null
}

/** Forgets what can be taken back no longer, whoever's it is. */
export async function emptyTrash(db: Db, now: Temporal.Instant): Promise<void> {
  await db
    .deleteFrom('trash')
    .where('deleted_at', '<', now.subtract({ hours: 24 * TRASH_DAYS }))
    .execute()
}

export interface Trashed {
  /** The row as it was, by column. */
  content: Record<string, unknown>
  links: object
}

/** Takes an entry out of its owner's trash; null when it is not there (any more). */
export async function takeFromTrash(
  tx: Tx,
  { userId }: UserScope,
  { source, key }: { source: Source; key: string },
): Promise<Trashed | null> {
  const entry = await tx
    .deleteFrom('trash')
    .where('id', '=', key)
    .where('user_id', '=', userId)
    .where('source', '=', source)
    .returning(['content', 'links'])
    .executeTakeFirst()
  return entry ?? null
}

/** Inserts a row again under its own id. Columns added since it was deleted take their defaults. */
export async function putBack(tx: Tx, source: Source, content: Record<string, unknown>): Promise<void> {
  const columns = sql.join(Object.keys(content).map((name) => sql.ref(name)))
  await sql`
    insert into ${sql.table(source)} (${columns}) overriding system value
    select ${columns} from jsonb_populate_record(null::${sql.table(source)}, ${JSON.stringify(content)}::jsonb)
  `.execute(tx)
}
