import type { Transaction } from 'kysely'
import type { Db } from './connect.ts'
import type { Tables } from './tables.ts'

export type Tx = Transaction<Tables>

/** Deadlock victim and serialization failure: the transaction did nothing and may simply be run again. */
const RETRIABLE = new Set(['40P01', '40001'])
const MOST_TRIES = 4

/** Runs `work` in one transaction, up to three more times when PostgreSQL chose it as a victim. `work` must be repeatable. */
export async function transaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction().execute(work)
    } catch (error) {
      if (tries >= MOST_TRIES || !RETRIABLE.has(sqlState(error) ?? '')) throw error
    }
  }
}

/** The five-character SQLSTATE of a database error, if it is one. */
function sqlState(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined
  return typeof code === 'string' && code.length === 5 ? code : undefined
}

/** The constraint that refused, if that was it. */
export function violatedConstraint(error: unknown): string | undefined {
  const name = typeof error === 'object' && error !== null ? (error as { constraint?: unknown }).constraint : undefined
  return typeof name === 'string' ? name : undefined
}
