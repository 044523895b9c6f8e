import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { Temporal } from 'temporal-polyfill'
import type { Tables } from './tables.ts'

export type Db = Kysely<Tables>

const INT8 = 20
const DATE = 1082
const TIMESTAMPTZ = 1184

/** Identity keys stay far below 2^53, so bigint columns are numbers; moments are instants, dates YYYY-MM-DD. */
const parsers: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format !== 'binary') {
      if (oid === INT8) return Number
      if (oid === DATE) return String
      if (oid === TIMESTAMPTZ) return (text: string) => Temporal.Instant.from(text)
    }
    return pg.types.getTypeParser(oid, format as 'text')
  },
} as pg.CustomTypesConfig

/** Statements are planned once per connection under these names; beyond the limit they are planned each time. */
const statementNames = new Map<string, string>()
const MOST_NAMED = 2000

function nameOf(text: string): string | undefined {
  const known = statementNames.get(text)
  if (known !== undefined || statementNames.size >= MOST_NAMED) return known
  const name = `q${statementNames.size}`
  statementNames.set(text, name)
  return name
}

/** Counts what is sent, so that tests and benchmarks can hold requests to their number of statements. */
export interface StatementCount {
  statements: number
}

export interface ConnectOptions {
  /** Prepare statements under a name; off for transaction poolers that cannot follow them. */
  prepare: boolean
  poolSize: number
  onIdleError: (error: Error) => void
  count?: StatementCount
}

export interface Database {
  db: Db
  pool: pg.Pool
  close(): Promise<void>
}

/** Opens a pool and Kysely on it. Parameters may be `Temporal.Instant`. */
export function connect(server: pg.PoolConfig, { prepare, poolSize, onIdleError, count }: ConnectOptions): Database {
  class Client extends pg.Client {
    // The overloads of `query` cannot be restated without loss; Kysely and this module call it with text and values only.
    // biome-ignore lint/suspicious/noExplicitAny: see above
    override query(text: any, values?: any, callback?: any): any {
      if (count) count.statements++
      if (typeof text !== 'string' || !Array.isArray(values)) return super.query(text, values, callback)
      const bound = values.map((value) => (value instanceof Temporal.Instant ? value.toString() : value))
      const name = prepare && bound.length > 0 ? nameOf(text) : undefined
      const ask = (done: Done) => void super.query(queryOf(name, text, bound, done))
      return callback ? ask(callback) : promised(ask)
    }
  }
  const pool = new pg.Pool({
    ...server,
    max: poolSize,
    types: parsers,
    options: '-c timezone=UTC -c default_transaction_isolation=read\\ committed',
    Client: Client as unknown as pg.PoolConfig['Client'],
  })
  pool.on('error', onIdleError)
  // The pool listens to idle connections only, and an event without a listener ends the process. Whoever has a connection that breaks
  // is told by its next statement.
  pool.on('connect', (client) => void client.on('error', () => undefined))
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return { db, pool, close: () => db.destroy() }
}

type Done = (error: Error | null, answer: pg.QueryResult) => void

/** Made here: of what it is given as an object, `pg` makes a copy first that takes as long as the rest. */
function queryOf(name: string | undefined, text: string, values: unknown[], done: Done): pg.Submittable {
  const Query = pg.Query as unknown as new (text: string, values: unknown[], done: Done) => pg.Submittable
  return Object.assign(new Query(text, values, done), { name })
}

/**
 * An answer as a promise. With those that `pg` makes, the rows of statements sent one after the other are not found to be garbage until
 * all of the heap is collected: an export kept as much as it had read since (docs/performance.md).
 */
function promised<T>(ask: (done: (error: Error | null, answer: T) => void) => void): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    ask((error, answer) => (error ? reject(error) : resolve(answer)))
  }).catch((error) => {
    // Of who asked, not of the socket that brought the answer.
    Error.captureStackTrace(error)
    throw error
  })
}

/** What `DATABASE_URL` says, as a `pg` configuration. */
export function serverFromUrl(url: string): pg.PoolConfig {
  return { connectionString: url }
}
