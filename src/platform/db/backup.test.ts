import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { emptyDatabase, type TestDatabase, testDatabase } from '#test/database.ts'
import { startJobs } from '../jobs.ts'
import { createLog } from '../log.ts'
import { backup, backupToFile, restore, restoreFromFile } from './backup.ts'
import { knownMigrations, migrate } from './migrate.ts'

/** Every kind of text that COPY escapes. */
const AWKWARD = 'tab\t backslash \\ \\. \\N newline\n return\r quote \' " {} ünï 🌞'
const QUEUE = 'tests.remind'

let source: TestDatabase
let file: Buffer
const made: Pick<TestDatabase, 'drop'>[] = []

beforeAll(async () => {
  source = await testDatabase()
  made.push(source)
  await fillDatabase(source.server)
  file = await backupOf(source.server)
})
afterAll(() => Promise.all(made.map((database) => database.drop())))

async function empty(): Promise<pg.PoolConfig> {
  const database = await emptyDatabase()
  made.push(database)
  return database.server
}

async function withClient<T>(server: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(server)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

function fillDatabase(server: pg.PoolConfig): Promise<void> {
  return withClient(server, async (client) => {
    const jobs = await startJobs({ server, log: createLog('silent'), names: [QUEUE], supervise: false, migrate: true })
    await jobs.stop()
    await client.query(
      `insert into users (email, username, name, bio, time_zone) select 'u' || n || '@example.org', 'u' || n, $1, $1, 'Europe/Berlin'
       from generate_series(1, 300) n`,
      [AWKWARD],
    )
    await client.query(
      `insert into schedules (user_id, name, time_zone, weekly) select id, 'Hours', 'UTC', $1 from users`,
      [JSON.stringify([{ days: [1], start: 540, end: 1020, note: AWKWARD }])],
    )
    // Users refer to schedules and schedules to users.
    await client.query(
      'update users set default_schedule_id = (select s.id from schedules s where s.user_id = users.id)',
    )
    await client.query(`insert into avatars select id, 'image/png', $1 from users limit 3`, [randomBytes(300_000)])
    await client.query(
      `insert into bookings (uid, host_id, status, title, starts_at, ends_at, time_zone, created_at, updated_at)
       select repeat('x', 22) || id, id, 'accepted', 'Talk', now(), now() + interval '1 hour', 'UTC', now(), now() from users`,
    )
    await client.query('delete from bookings where id = (select max(id) from bookings)')
    await client.query(
      `insert into claims (host_id, booking_id, blocked) select host_id, id, tstzrange(starts_at, ends_at) from bookings`,
    )
    await client.query(`insert into jobs.job (name, data) select $1, $2 from generate_series(1, 20)`, [
      QUEUE,
      { text: AWKWARD },
    ])
  })
}

async function backupOf(server: pg.ClientConfig): Promise<Buffer> {
  const out = new PassThrough()
  const [bytes] = await Promise.all([buffer(out), backup(server, out)])
  return bytes
}

const from = (bytes: Buffer) => Readable.from(cut(bytes))
/** In pieces that end anywhere, as a network delivers them. */
function* cut(bytes: Buffer) {
  for (let at = 0; at < bytes.length; at += 1_013) yield bytes.subarray(at, at + 1_013)
}

/** A digest per table and the state of every sequence. */
function contentsOf(server: pg.ClientConfig): Promise<Record<string, unknown>> {
  return withClient(server, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname in ('public', 'jobs') and tablename !~ '^(schema_migrations.*|version|bam|warning|queue_stats.*)$'`,
    )
    const contents: Record<string, unknown> = {}
    for (const { name } of tables) {
      const { rows } = await client.query(
        `select count(*)::int, md5(string_agg(md5(t::text), '' order by md5(t::text))) from ${name} t`,
      )
      contents[name] = rows[0]
    }
    const { rows: sequences } = await client.query(
      "select * from pg_sequences where schemaname = 'public' order by 1, 2",
    )
    return { ...contents, sequences }
  })
}

function constraintsOf(server: pg.ClientConfig): Promise<unknown[]> {
  return withClient(server, async (client) => {
    const { rows } = await client.query(
      `select conrelid::regclass::text as of, conname, pg_get_constraintdef(oid) as is, convalidated
       from pg_constraint where connamespace::regnamespace::text in ('public', 'jobs') order by 1, 2`,
    )
    return rows
  })
}

test('a restored database has every row, sequence and constraint of the one that was backed up', async () => {
  const target = await empty()
  const summary = await restore(target, from(file))
  expect(summary.tables).toMatchObject({ 'public.users': 300, 'public.claims': 299, 'jobs.job': 20 })
  expect(await contentsOf(target)).toEqual(await contentsOf(source.server))
  expect(await constraintsOf(target)).toEqual(await constraintsOf(source.server))
})

test('a restored database goes on: keys continue, overlaps are refused, jobs are found', async () => {
  const target = await empty()
  await restore(target, from(file))
  await withClient(target, async (client) => {
    const { rows } = await client.query(
      "insert into users (email, username, name) values ('new@example.org', 'new', 'New') returning id",
    )
    expect(rows).toEqual([{ id: '301' }])
    const overlapping = client.query(
      `insert into claims (host_id, booking_id, blocked) select host_id, (select id from bookings where id = 2), blocked from claims where booking_id = 1`,
    )
    await expect(overlapping).rejects.toMatchObject({ constraint: 'no_double_booking' })
    const orphan = client.query("insert into schedules (user_id, name, time_zone) values (99999, 'x', 'UTC')")
    await expect(orphan).rejects.toMatchObject({ code: '23503' })
  })
  const runner = await startJobs({
    server: target,
    log: createLog('silent'),
    names: [QUEUE],
    supervise: false,
    migrate: true,
  })
  await runner.stop()
})

test('a database that has the schema but no rows takes a backup', async () => {
  const target = await testDatabase()
  made.push(target)
  await restore(target.server, from(file))
  expect(await contentsOf(target.server)).toEqual(await contentsOf(source.server))
})

test('a backup is one moment, whatever is written meanwhile', async () => {
  const out = new PassThrough({ highWaterMark: 1 })
  const writing = backup(source.server, out)
  // The first bytes are there, so the moment is fixed.
  await once(out, 'readable')
  const first = out.read() as Buffer
  const before = await contentsOf(source.server)
  await withClient(source.server, (client) =>
    client.query("insert into users (email, username, name) values ('late@example.org', 'late', 'Late')"),
  )
  const rest = await buffer(out)
  await writing
  const target = await empty()
  await restore(target, from(Buffer.concat([first, rest])))
  const { sequences: _taken, ...restored } = await contentsOf(target)
  const { sequences: _before, ...expected } = before
  expect(restored).toEqual(expected)
  await withClient(source.server, (client) => client.query("delete from users where username = 'late'"))
})

test('a database that holds anything is refused and untouched, unless told to replace it', async () => {
  const target = await testDatabase()
  made.push(target)
  await withClient(target.server, (client) =>
    client.query("insert into users (email, username, name) values ('mine@example.org', 'mine', 'Mine')"),
  )
  const before = await contentsOf(target.server)
  await expect(restore(target.server, from(file))).rejects.toThrow('public.users has rows')
  expect(await contentsOf(target.server)).toEqual(before)
  await expect(restore(target.server, from(file.subarray(0, -100)), { replace: true })).rejects.toThrow('cut off')
  expect(await contentsOf(target.server)).toEqual(before)
  await restore(target.server, from(file), { replace: true })
  expect((await contentsOf(target.server))['public.users']).toEqual((await contentsOf(source.server))['public.users'])
})

const frames = () => zstdDecompressSync(file)
const flipped = (bytes: Buffer, at: number) => Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)))

test.for([
  ['cut off in the middle', () => file.subarray(0, file.length / 2), /cut off|damaged/],
  ['cut off shortly before the end', () => file.subarray(0, -20), /cut off|damaged/],
  ['cut off between frames', () => zstdCompressSync(frames().subarray(0, -37)), /cut off|too early/],
  ['a bit turned in the compressed file', () => flipped(file, Math.floor(file.length / 2)), /damaged|cut off/],
  ['a bit turned in a row', () => zstdCompressSync(flipped(frames(), frames().indexOf('u250@example.org'))), /damaged/],
  ['something appended', () => zstdCompressSync(Buffer.concat([frames(), Buffer.from('x')])), /damaged/],
  ['another file', () => Buffer.from('create table users ();\n'.repeat(100)), /no backup|damaged/],
  ['an empty file', () => Buffer.alloc(0), /cut off/],
] as const)('%s: refused, nothing restored', async ([, bytes, reason]) => {
  const target = await empty()
  await expect(restore(target, from(bytes()))).rejects.toThrow(reason)
  const contents = (await contentsOf(target)) as Record<string, { count?: number }>
  const { sequences: _ignored, 'jobs.queue': _queues, ...tables } = contents
  expect(Object.values(tables).map((table) => table.count ?? 0)).toEqual(Object.values(tables).map(() => 0))
})

test('a backup of a newer version is refused', async () => {
  const server = await empty()
  await migrate(server)
  await withClient(server, (client) =>
    client.query("insert into schema_migrations values ('9999_from_the_future', now()::text)"),
  )
  const newer = await backupOf(server)
  await expect(restore(await empty(), from(newer))).rejects.toThrow('9999_from_the_future')
})

test('a backup of an older version is brought to the present', async () => {
  const known = await knownMigrations()
  const server = await empty()
  await migrate(server, { upTo: known[0] })
  await withClient(server, (client) =>
    client.query("insert into users (email, username, name) values ('old@example.org', 'old', 'Old')"),
  )
  const older = await backupOf(server)

  const target = await empty()
  await restore(target, from(older))
  const { rows } = await withClient(target, (client) =>
    client.query('select name from schema_migrations order by name'),
  )
  expect(rows.map((row) => row.name)).toEqual(known)
  expect((await contentsOf(target))['public.users']).toMatchObject({ count: 1 })

  const current = await testDatabase()
  made.push(current)
  await expect(restore(current.server, from(older))).rejects.toThrow('older than the schema of this database')
})

test('a database without a schema has nothing to back up', async () => {
  await expect(backup(await empty(), new PassThrough())).rejects.toThrow('nothing to back up')
})

test('a backup file is private, and appears only when it is complete', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sundial-backup-'))
  try {
    const path = join(folder, 'backup.zst')
    const summary = await backupToFile(source.server, path)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await restoreFromFile(await empty(), path)).toEqual(summary)
    await expect(backupToFile(await empty(), join(folder, 'other.zst'))).rejects.toThrow()
    expect(await readdir(folder)).toEqual(['backup.zst'])
  } finally {
    await rm(folder, { recursive: true })
  }
})
