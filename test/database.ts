import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { connect, type Db, type StatementCount } from '#platform/db/connect.ts'
import { type Embedded, startEmbedded } from '#platform/db/embedded.ts'
import { migrate } from '#platform/db/migrate.ts'
import { startJobs } from '#platform/jobs.ts'
import { createLog } from '#platform/log.ts'

const TEMPLATE = 'template_sundial'
const TEMPLATE_LOCK = 7_365_646
/** Nothing here has to outlive a power cut. */
const SETTINGS = {
  ...{ fsync: 'off', full_page_writes: 'off', wal_level: 'minimal', max_wal_senders: '0' },
  ...{ autovacuum: 'off', max_connections: '400' },
}

export interface TestDatabase {
  /** As a `pg` configuration, and as `DATABASE_URL` has it. */
  server: pg.PoolConfig
  url: string
  db: Db
  pool: pg.Pool
  /** Statements sent through `db` and `pool` so far. */
  count: StatementCount
  /** Closes the pool and removes the database, whoever else is connected. */
  drop(): Promise<void>
}

/** A database of one's own at the newest schema, with nothing in it: one per test file, made in some 20 milliseconds. */
export async function testDatabase(): Promise<TestDatabase> {
  const { server, drop: remove } = await copyOf(TEMPLATE)
  const count: StatementCount = { statements: 0 }
  const { db, pool, close } = connect(server, { prepare: true, poolSize: 20, onIdleError: () => undefined, count })
  return {
    ...{ server, url: urlOf(server), db, pool, count },
    async drop() {
      await close()
      await remove()
    },
  }
}

/** The same without tables, for what creates them. */
export async function emptyDatabase(): Promise<Pick<TestDatabase, 'server' | 'url' | 'drop'>> {
  const { server, drop } = await copyOf('template1')
  return { server, url: urlOf(server), drop }
}

async function copyOf(template: string): Promise<{ server: pg.PoolConfig; drop(): Promise<void> }> {
  const embedded = await testServer()
  const name = `test_${randomBytes(6).toString('hex')}`
  await asAdmin(embedded, (admin) => admin.query(`create database ${name} template ${template} strategy file_copy`))
  return {
    server: serverOf(embedded, name),
    drop: () => asAdmin(embedded, async (admin) => void (await admin.query(`drop database ${name} with (force)`))),
  }
}

let server: Promise<Embedded> | undefined

/** One server per run: the first file starts it, the others join, the end of the run stops it. */
function testServer(): Promise<Embedded> {
  server ??= (async () => {
    const embedded = await startEmbedded({ dataDir: inject('databaseDir'), settings: SETTINGS })
    await asAdmin(embedded, (admin) => createTemplateOnce(embedded, admin))
    return embedded
  })()
  return server
}

async function createTemplateOnce(embedded: Embedded, admin: pg.Client): Promise<void> {
  await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK])
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [TEMPLATE])
  if (rowCount === 0) {
    const unfinished = `${TEMPLATE}_unfinished`
    await admin.query(`drop database if exists ${unfinished}`)
    await admin.query(`create database ${unfinished}`)
    await createSchema(serverOf(embedded, unfinished))
    await admin.query(`alter database ${unfinished} rename to ${TEMPLATE}`)
  }
  await admin.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK])
}

async function createSchema(server: pg.PoolConfig): Promise<void> {
  await migrate(server)
  const jobs = await startJobs({ server, log: createLog('silent'), names: [], supervise: false, migrate: true })
  await jobs.stop()
}

async function asAdmin<T>(embedded: Embedded, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client(serverOf(embedded, 'postgres'))
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

function serverOf({ host, port, user, password }: Embedded, database: string): pg.PoolConfig {
  return { host, port, user, password, database }
}

function urlOf({ host, port, user, password, database }: pg.PoolConfig): string {
  const login = `${user}:${encodeURIComponent(String(password))}`
  return host?.startsWith('/')
    ? `postgresql://${login}@/${database}?host=${encodeURIComponent(host)}&port=${port}`
    : `postgresql://${login}@${host}:${port}/${database}`
}
