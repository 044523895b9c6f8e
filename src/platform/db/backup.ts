import { createReadStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { systemClock } from '../clock.ts'
import { startJobs } from '../jobs.ts'
import { createLog } from '../log.ts'
import { BackupError, decode, encode, type Frame, jsonFrame } from './backup/frames.ts'
import { type Header, newHeader, parseHeader, Sequences, TableEnd, TableStart } from './backup/header.ts'
import {
  jobsVersion,
  listMigrations,
  listSequences,
  listTables,
  SCHEMAS,
  type SequenceState,
  type TableShape,
} from './backup/inventory.ts'
import { knownMigrations, migrate } from './migrate.ts'

export interface BackupSummary {
  /** Rows per table. */
  tables: Record<string, number>
  rows: number
}

/** What text values look like must not depend on the settings of either server. */
const SESSION = `set local timezone = 'UTC'; set local datestyle = 'ISO'; set local intervalstyle = 'postgres';
  set local extra_float_digits = 1; set local bytea_output = 'hex'; set local client_encoding = 'UTF8';
  set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local row_security = off`

/**
 * Writes everything the database knows at one moment, while it goes on working, and ends `out`.
 * The secret key of the instance is not in the database and not in the backup.
 */
export async function backup(server: pg.ClientConfig, out: Writable): Promise<BackupSummary> {
  return withClient(server, async (client) => {
    await client.query('begin isolation level repeatable read read only')
    await client.query(SESSION)
    const summary: BackupSummary = { tables: {}, rows: 0 }
    await pipeline(Readable.from(encode(dump(client, summary))), createZstdCompress(), out)
    await client.query('commit')
    return summary
  })
}

async function* dump(client: pg.Client, summary: BackupSummary): AsyncGenerator<Frame> {
  const tables = await listTables(client)
  const header = newHeader({
    created: systemClock.now().toString({ smallestUnit: 'second' }),
    postgres: (await client.query<{ server_version: string }>('show server_version')).rows[0]?.server_version ?? '',
    migrations: await listMigrations(client),
    jobs: await jobsVersion(client),
    tables: tables.map((table) => table.name),
  })
  if (header.migrations.length === 0)
    throw new BackupError('This database has no schema of Sundial: there is nothing to back up.')
  // A truncation would show through the snapshot; this keeps it waiting.
  await client.query(`lock table ${header.tables.join(', ')} in access share mode`)
  yield jsonFrame('header', header)
  for (const table of tables) {
    yield jsonFrame('table', table)
    const rows = client.query(copyTo(`copy (select ${table.columns.join(', ')} from ${table.name}) to stdout`))
    for await (const chunk of rows) yield { kind: 'rows', payload: chunk as Buffer }
    yield jsonFrame('tableEnd', { rows: rows.rowCount })
    summary.tables[table.name] = rows.rowCount
    summary.rows += rows.rowCount
  }
  // They do not take part in snapshots. Read last, they are never behind the rows.
  yield jsonFrame('sequences', await listSequences(client))
}

export interface RestoreOptions {
  /** Replace what the database holds. Without it a database that holds anything is refused. */
  replace?: boolean
}

/**
 * Reads a backup into a database without one, all or nothing: the schema is made as it was then, filled, and brought to the
 * present. Stop the processes that use the database first.
 * @throws BackupError when the backup or the database is not fit for it; the database is as it was.
 */
export async function restore(
  server: pg.ClientConfig,
  source: Readable,
  { replace = false }: RestoreOptions = {},
): Promise<BackupSummary> {
  const frames = decode(decompressed(source))
  try {
    const header = await readHeader(frames)
    await prepareSchema(server, header, replace)
    const summary = await withClient(server, (client) => load(client, header, frames, replace)).catch((error) =>
      explain(error, frames),
    )
    await migrate(server)
    return summary
  } finally {
    await frames.return(undefined)
    source.destroy()
  }
}

/** What PostgreSQL refuses is most often a damaged file, which the checksum at its end tells for certain. */
async function explain(error: unknown, frames: AsyncGenerator<Frame>): Promise<never> {
  if (error instanceof BackupError) throw error
  for await (const _rest of frames);
  throw new BackupError(`The backup is sound, but could not be restored: ${(error as Error).message}`, error)
}

/** Ends with the error of whichever of the two streams had one. */
function decompressed(source: Readable): Readable {
  const unpacked = createZstdDecompress()
  source.once('error', (error) => unpacked.destroy(error))
  return source.pipe(unpacked)
}

async function readHeader(frames: AsyncGenerator<Frame>): Promise<Header> {
  const first = await frames.next()
  try {
    if (first.done || first.value.kind !== 'header') throw new Error('it does not begin with a header')
    return parseHeader(first.value.payload)
  } catch (error) {
    throw new BackupError(`This backup can't be read: ${(error as Error).message}.`, error)
  }
}

async function prepareSchema(server: pg.ClientConfig, header: Header, replace: boolean): Promise<void> {
  const known = await knownMigrations()
  const unknown = header.migrations.filter((name, index) => known[index] !== name)
  if (unknown.length > 0) {
    throw new BackupError(
      `The backup was made by a version of Sundial that this one does not know (${unknown.join(', ')}). Restore it with that version or a newer one.`,
    )
  }
  const present = await withClient(server, async (client) => {
    if (!replace) await requireEmpty(client)
    return listMigrations(client)
  })
  if (present.length > header.migrations.length) {
    throw new BackupError(
      'The backup is older than the schema of this database. Restore it into a new, empty database, which is then brought to the present: set SUNDIAL_DATA_DIR to a new directory, or DATABASE_URL to a database just created.',
    )
  }
  await migrate(server, { upTo: header.migrations.at(-1) })
  await createJobsSchema(server, header)
}

async function requireEmpty(client: pg.Client): Promise<void> {
  // Queues are made anew at every start and say nothing about use.
  for (const { name } of (await listTables(client)).filter((table) => table.name !== 'jobs.queue')) {
    const { rowCount } = await client.query(`select from ${name} limit 1`)
    if (rowCount === 0) continue
    throw new BackupError(
      `The database is not empty: ${name} has rows. Restore into a new one, or say --replace to lose what is there.`,
    )
  }
}

async function createJobsSchema(server: pg.ClientConfig, header: Header): Promise<void> {
  if (header.jobs === null) return
  const jobs = await startJobs({ server, log: createLog('silent'), names: [], supervise: false, migrate: true })
  await jobs.stop()
  const made = await withClient(server, jobsVersion)
  if (made === header.jobs) return
  throw new BackupError(
    `The backup has version ${header.jobs} of the job queue, and this version of Sundial makes ${made}. Restore it with the version of Sundial that made the backup, then upgrade.`,
  )
}

async function load(
  client: pg.Client,
  header: Header,
  frames: AsyncGenerator<Frame>,
  replace: boolean,
): Promise<BackupSummary> {
  await client.query('begin')
  await client.query(SESSION)
  const shapes = new Map((await listTables(client)).map((table) => [table.name, table]))
  await client.query(`lock table ${[...shapes.keys()].join(', ')} in access exclusive mode`)
  if (!replace) await requireEmpty(client)
  const obstacles = await removeObstacles(client)
  await client.query(`truncate ${[...shapes.keys()].join(', ')} restart identity`)

  const summary: BackupSummary = { tables: {}, rows: 0 }
  for (;;) {
    const frame = await nextFrame(frames)
    if (frame.kind === 'sequences') {
      await setSequences(client, Sequences.parse(jsonOf(frame)))
      break
    }
    const table = TableStart.parse(jsonOf(frame))
    const rows = await fill(client, requireShape(shapes, table), frames)
    summary.tables[table.name] = rows
    summary.rows += rows
  }
  // The end of the file, where the checksum is.
  if (!(await frames.next()).done) throw new BackupError('The backup goes on after its end. Nothing was restored.')
  if (header.tables.some((name) => !(name in summary.tables))) {
    throw new BackupError('The backup lacks tables that it names. Nothing was restored.')
  }
  for (const { bringBack } of obstacles) await client.query(bringBack)
  await client.query('commit')
  return summary
}

async function nextFrame(frames: AsyncGenerator<Frame>): Promise<Frame> {
  const next = await frames.next()
  if (next.done) throw new BackupError('The backup ends too early. Nothing was restored.')
  return next.value
}

const jsonOf = (frame: Frame): unknown => JSON.parse(frame.payload.toString('utf8'))

function requireShape(shapes: Map<string, TableShape>, table: TableShape): TableShape {
  const present = new Set(shapes.get(table.name)?.columns)
  if (table.columns.length > 0 && table.columns.every((column) => present.has(column))) return table
  throw new BackupError(
    `The backup has ${table.name} with columns that this schema does not have. Nothing was restored.`,
  )
}

async function fill(client: pg.Client, table: TableShape, frames: AsyncGenerator<Frame>): Promise<number> {
  let announced = -1
  async function* rows(): AsyncGenerator<Buffer> {
    for (;;) {
      const frame = await nextFrame(frames)
      if (frame.kind === 'rows') yield frame.payload
      else {
        announced = TableEnd.parse(jsonOf(frame)).rows
        return
      }
    }
  }
  const sink = client.query(copyFrom(`copy ${table.name} (${table.columns.join(', ')}) from stdin`))
  await pipeline(Readable.from(rows()), sink)
  if (sink.rowCount === announced) return announced
  throw new BackupError(
    `${table.name} took ${sink.rowCount} rows where the backup has ${announced}. Nothing was restored.`,
  )
}

/** Statements that take away, and bring back, what would object to rows or act on them while they are loaded. */
interface Obstacle {
  remove: string
  bringBack: string
}

/** Foreign keys come back checked; rows refer to each other in circles, so no order of tables suits them. */
async function removeObstacles(client: pg.Client): Promise<Obstacle[]> {
  const { rows } = await client.query<Obstacle>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as remove,
       format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as "bringBack"
     from pg_constraint
     where contype = 'f' and conparentid = 0 and connamespace::regnamespace::text = any($1)
     union all
     select format('alter table %s disable trigger %I', tgrelid::regclass, tgname),
       format('alter table %s enable trigger %I', tgrelid::regclass, tgname)
     from pg_trigger join pg_class c on c.oid = tgrelid
     where not tgisinternal and tgparentid = 0 and tgenabled = 'O' and relnamespace::regnamespace::text = any($1)`,
    [SCHEMAS],
  )
  for (const { remove } of rows) await client.query(remove)
  return rows
}

async function setSequences(client: pg.Client, sequences: readonly SequenceState[]): Promise<void> {
  for (const { name, last } of sequences) {
    if (last !== null) await client.query('select setval($1::regclass, $2::bigint)', [name, last])
  }
}

/** Writes a backup that only its owner can read, complete under that name or not at all. */
export async function backupToFile(server: pg.ClientConfig, path: string): Promise<BackupSummary> {
  const unfinished = `${path}.unfinished`
  const file = (await open(unfinished, 'w', 0o600)).createWriteStream({ flush: true })
  try {
    const summary = await backup(server, file)
    await rename(unfinished, path)
    await syncFolder(dirname(path))
    return summary
  } catch (error) {
    file.destroy()
    await rm(unfinished, { force: true })
    throw error
  }
}

export function restoreFromFile(
  server: pg.ClientConfig,
  path: string,
  options?: RestoreOptions,
): Promise<BackupSummary> {
  return restore(server, createReadStream(path), options)
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  await folder.sync()
  await folder.close()
}

async function withClient<T>(server: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(server)
  // Reported by the query that was running, too.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
