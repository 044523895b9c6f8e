import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration'
import pg from 'pg'
import { projectRoot } from '../config.ts'

const FOLDER = join(projectRoot, 'migrations')

/** The database cannot be brought to, or is not at, the schema this code was written for. */
export class SchemaError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'SchemaError'
  }
}

const provider: MigrationProvider = {
  async getMigrations() {
    const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.sql')).sort()
    const entries = files.map(async (file): Promise<[string, Migration]> => {
      const text = await readFile(join(FOLDER, file), 'utf8')
      return [file.replace(/\.sql$/, ''), { up: async (db) => void (await sql.raw(text).execute(db)) }]
    })
    return Object.fromEntries(await Promise.all(entries))
  },
}

export interface MigrateOptions {
  /** Name of the last migration to apply, for restoring a backup of that time; otherwise all of them. */
  upTo?: string | undefined
}

/** Names of all migrations of this code, in order. */
export async function knownMigrations(): Promise<string[]> {
  return Object.keys(await provider.getMigrations()).sort()
}

/**
 * Applies what is missing, in one transaction, one process at a time (a session-level advisory lock; the others wait and find
 * nothing to do). Forward only. Needs a direct connection, not one through a transaction pooler.
 * @returns the names of the migrations applied now.
 * @throws SchemaError with the reason; nothing of the failed run stays.
 */
export async function migrate(server: pg.PoolConfig, { upTo }: MigrateOptions = {}): Promise<string[]> {
  return withMigrator(server, async (migrator, db) => {
    await probeExclusion(db)
    const { error, results } = await (upTo === undefined ? migrator.migrateToLatest() : migrator.migrateTo(upTo))
    if (error) {
      const failed = results?.find((result) => result.status === 'Error')?.migrationName
      throw new SchemaError(`Migration ${failed ?? ''} failed: ${messageOf(error)}. Nothing was changed.`, error)
    }
    return (results ?? []).map((result) => result.migrationName)
  })
}

/** @throws SchemaError when the database lacks a migration this code needs, or has one it does not know. */
export async function requireCurrentSchema(server: pg.PoolConfig): Promise<void> {
  await withMigrator(server, async (migrator, db) => {
    const known = await migrator.getMigrations()
    const missing = known.filter((migration) => migration.executedAt === undefined).map((migration) => migration.name)
    if (missing.length > 0) {
      throw new SchemaError(`The database lacks ${missing.join(', ')}. Run: npm run sundial -- migrate`)
    }
    const names = new Set(known.map((migration) => migration.name))
    const applied = await sql<{ name: string }>`select name from schema_migrations`.execute(db)
    const unknown = applied.rows.map((row) => row.name).filter((name) => !names.has(name))
    if (unknown.length > 0) {
      throw new SchemaError(
        `The database has ${unknown.join(', ')}, which this version does not know. Start the newer version.`,
      )
    }
  })
}

async function withMigrator<T>(
  server: pg.PoolConfig,
  run: (migrator: Migrator, db: Kysely<unknown>) => Promise<T>,
): Promise<T> {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: new pg.Pool({ ...server, max: 2 }) }) })
  try {
    const migrator = new Migrator({
      db,
      provider,
      migrationTableName: 'schema_migrations',
      migrationLockTableName: 'schema_migrations_lock',
    })
    return await run(migrator, db)
  } finally {
    await db.destroy()
  }
}

/** The promise of no overlap rests on GiST exclusion, which some PostgreSQL-like services lack: say so before anything else. */
async function probeExclusion(db: Kysely<unknown>): Promise<void> {
  try {
    await sql`create extension if not exists btree_gist`.execute(db)
  } catch (error) {
    // Two first starts at once may both create it; the loser finds it there.
    const { rows } = await sql`select 1 from pg_extension where extname = 'btree_gist'`.execute(db)
    if (rows.length > 0) return
    throw new SchemaError(
      `This database has no btree_gist extension (${messageOf(error)}). Sundial needs a real PostgreSQL 15 or newer, because the database itself refuses double bookings through an exclusion constraint.`,
      error,
    )
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
