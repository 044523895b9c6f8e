import pg from 'pg'
import type { Config } from '#platform/config.ts'
import { EmbeddedError } from '#platform/db/embedded/error.ts'
import { requireCurrentSchema, SchemaError } from '#platform/db/migrate.ts'
import type { Log } from '#platform/log.ts'
import { locateDatabase } from '../../runtime.ts'
import { clockFinding, type Finding, reasonOf } from './finding.ts'

const SUBJECT = 'database'
const LEAST_VERSION = 150_000
/** A mail that is this late is not on its way any more. */
const LATE = '1 hour'

/** Its version, extension and schema, its clock, whether it keeps what it acknowledges, and mails that are stuck. */
export async function databaseFindings(config: Config, log: Log): Promise<Finding[]> {
  try {
    const { directServer, stop } = await locateDatabase(config, log)
    try {
      return await findingsOn(directServer)
    } finally {
      await stop()
    }
  } catch (error) {
    const fix =
      config.database.url === null || error instanceof EmbeddedError
        ? undefined
        : 'Check DATABASE_URL, and that the server accepts connections from here.'
    return [{ subject: SUBJECT, ok: false, text: reasonOf(error), fix }]
  }
}

async function findingsOn(server: pg.PoolConfig): Promise<Finding[]> {
  const client = new pg.Client(server)
  await client.connect()
  try {
    const schema = await schemaFinding(server)
    return [
      await versionFinding(client),
      schema,
      await keepingFinding(client),
      await databaseClockFinding(client),
      ...(schema.ok ? [await deliveriesFinding(client)] : []),
    ]
  } finally {
    await client.end()
  }
}

async function versionFinding(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query<{ version: string; number: string; gist: string | null }>(
    `select current_setting('server_version') as version, current_setting('server_version_num') as number,
      (select extversion from pg_extension where extname = 'btree_gist') as gist`,
  )
  const { version, number, gist } = rows[0] ?? { version: '?', number: '0', gist: null }
  if (Number(number) < LEAST_VERSION) {
    return { subject: SUBJECT, ok: false, text: `PostgreSQL ${version}`, fix: 'Use PostgreSQL 15 or newer.' }
  }
  if (gist === null) {
    const fix = 'As its superuser: create extension btree_gist. It refuses double bookings.'
    return { subject: SUBJECT, ok: false, text: `PostgreSQL ${version} without btree_gist`, fix }
  }
  return { subject: SUBJECT, ok: true, text: `PostgreSQL ${version} with btree_gist ${gist}` }
}

async function schemaFinding(server: pg.PoolConfig): Promise<Finding> {
  const subject = 'schema'
  try {
    await requireCurrentSchema(server)
    return { subject, ok: true, text: 'as this version needs it' }
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error
    return { subject, ok: false, text: error.message }
  }
}

/** With these off, a power cut loses acknowledged bookings or the whole database. */
async function keepingFinding(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query<{ name: string }>(
    "select name from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'",
  )
  const off = rows.map((row) => row.name).join(', ')
  if (off === '') return { subject: 'durability', ok: true, text: 'what is acknowledged outlives a power cut' }
  const fix = `In postgresql.conf: ${rows.map((row) => `${row.name} = on`).join(', ')}; then reload it.`
  return { subject: 'durability', ok: false, text: `${off} off`, fix }
}

async function databaseClockFinding(client: pg.Client): Promise<Finding> {
  const asked = performance.timeOrigin + performance.now()
  const { rows } = await client.query<{ ms: number }>(
    'select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms',
  )
  const answered = performance.timeOrigin + performance.now()
  return clockFinding('clock', 'the clock of the database', (rows[0]?.ms ?? 0) - (asked + answered) / 2)
}

async function deliveriesFinding(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query<{ failed: number; late: number }>(
    `select count(*) filter (where state = 'failed')::int as failed,
      count(*) filter (where state in ('waiting', 'sending') and created_at < now() - interval '${LATE}')::int as late
      from deliveries`,
  )
  const { failed, late } = rows[0] ?? { failed: 0, late: 0 }
  if (failed === 0 && late === 0) return { subject: 'deliveries', ok: true, text: 'none failed, none late' }
  return {
    subject: 'deliveries',
    ok: false,
    text: `${failed} failed, ${late} waiting for over ${LATE}`,
    fix: 'Each booking shows why, with a button to send again. If all of them wait, mend what is said about mail.',
  }
}
