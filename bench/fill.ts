import { sql } from 'kysely'
import { type Config, loadConfig } from '#platform/config.ts'
import type { Db } from '#platform/db/connect.ts'
import { joinDatabase } from './server.ts'

/**
 * Fills the database of a running instance as fast as it goes: nothing here has to outlive a power cut, and what is written keeps to all
 * rules of the schema by itself.
 */
export async function filled<T>(dataDir: string, url: URL, fill: (db: Db, config: Config) => Promise<T>): Promise<T> {
  const { db, close } = await joinDatabase(dataDir, 1)
  await sql`set session_replication_role = replica`.execute(db)
  await sql`set synchronous_commit = off`.execute(db)
  const config = loadConfig({ SUNDIAL_DATA_DIR: dataDir, SUNDIAL_URL: url.origin })
  const made = await withoutWordIndexes(db, () => fill(db, config))
  await sql`vacuum analyze`.execute(db)
  await close()
  return made
}

/** Made anew when all is there: entering rows one by one takes many times as long. */
async function withoutWordIndexes<T>(db: Db, fill: () => Promise<T>): Promise<T> {
  const { rows } = await sql<{ name: string; definition: string }>`
    select c.relname as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
    join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
    where a.amname = 'gin' and c.relnamespace = 'public'::regnamespace`.execute(db)
  for (const { name } of rows) await sql`drop index ${sql.id(name)}`.execute(db)
  const result = await fill()
  for (const { definition } of rows) await sql.raw(definition).execute(db)
  return result
}
