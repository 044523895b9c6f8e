import type pg from 'pg'

/** What a backup holds the rows of, in both databases found the same way. */
export interface TableShape {
  /** Schema-qualified and quoted, as it stands in SQL. */
  name: string
  /** Quoted; without generated ones, which compute themselves. */
  columns: string[]
}

export const SCHEMAS = ['public', 'jobs']
/** Migrations are named in the header; of the job queue's library, what it makes anew by itself stays out. */
const LEFT_OUT = [
  ...['public.schema_migrations', 'public.schema_migrations_lock'],
  ...['jobs.version', 'jobs.bam', 'jobs.warning', 'jobs.queue_stats'],
]

/** Partitions are not listed: their rows come and go through the table they belong to. */
export async function listTables(client: pg.Client): Promise<TableShape[]> {
  const { rows } = await client.query<TableShape>(
    `select format('%I.%I', n.nspname, c.relname) as name,
       array(
         select quote_ident(a.attname) from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
         order by a.attnum
       ) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any($1) and c.relkind in ('r', 'p') and not c.relispartition
       and n.nspname || '.' || c.relname <> all($2)
     order by n.nspname desc, c.relname`,
    [SCHEMAS, LEFT_OUT],
  )
  return rows
}

export interface SequenceState {
  name: string
  /** The last number given out; null before the first. */
  last: string | null
}

export async function listSequences(client: pg.Client): Promise<SequenceState[]> {
  const { rows } = await client.query<SequenceState>(
    `select format('%I.%I', schemaname, sequencename) as name, last_value::text as last
     from pg_sequences where schemaname = any($1) order by 1`,
    [SCHEMAS],
  )
  return rows
}

/** In the order they were applied; empty where no schema was made yet. */
export async function listMigrations(client: pg.Client): Promise<string[]> {
  if (!(await exists(client, 'public.schema_migrations'))) return []
  const { rows } = await client.query<{ name: string }>('select name from public.schema_migrations order by name')
  return rows.map((row) => row.name)
}

/** Version of the job queue's own schema; null where it was not made yet. */
export async function jobsVersion(client: pg.Client): Promise<number | null> {
  if (!(await exists(client, 'jobs.version'))) return null
  const { rows } = await client.query<{ version: number }>('select version from jobs.version')
  return rows[0]?.version ?? null
}

async function exists(client: pg.Client, table: string): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>('select to_regclass($1) is not null as found', [table])
  return rows[0]?.found ?? false
}
