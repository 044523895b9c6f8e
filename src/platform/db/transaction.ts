import { sql, type Transaction } from 'kysely'
import type { Db } from './connect.ts'
import type { Tables } from './tables.ts'

export type Tx = Transaction<Tables>

/** Deadlock victim and serialization failure: the transaction did nothing and may simply be run again. */
const RETRIABLE = new Set(['40P01', '40001'])
const MOST_TRIES = 4

/**
 * Runs `work` in one transaction, up to three more times when PostgreSQL chose it as a victim. `work` must be repeatable. Inside a
 * transaction already, it is a part of that one: what it did is undone when it fails, and kept only if the whole is.
 */
export async function transaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  if (db.isTransaction) return part(db as Tx, work)
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction().execute(work)
    } catch (error) {
      if (tries >= MOST_TRIES || !RETRIABLE.has(sqlState(error) ?? '')) throw error
    }
  }
}

class TakenBack extends Error {}

/** What work would do, found out by doing it and taking all of it back. */
export async function rehearse<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  let result: { value: T } | undefined
  try {
    await transaction(db, async (tx) => {
      result = { value: await work(tx) }
      throw new TakenBack()
    })
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error
  }
  return (result as { value: T }).value
}

/** To be awaited before the next part begins: a connection does one thing after the other. */
async function part<T>(tx: Tx, work: (tx: Tx) => Promise<T>): Promise<T> {
  await sql`savepoint part`.execute(tx)
  try {
    const result = await work(tx)
    await sql`release savepoint part`.execute(tx)
    return result
  } catch (error) {
    await sql`rollback to savepoint part`.execute(tx)
    await sql`release savepoint part`.execute(tx)
    throw error
  }
}

/** The five-character SQLSTATE of a database error, if it is one. */
export function sqlState(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined
  return typeof code === 'string' && code.length === 5 ? code : undefined
}

/** The constraint that refused, if that was it. */
export function violatedConstraint(error: unknown): string | undefined {
  const name = typeof error === 'object' && error !== null ? (error as { constraint?: unknown }).constraint : undefined
  return typeof name === 'string' ? name : undefined
}
