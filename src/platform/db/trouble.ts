import { AppError } from '../errors.ts'
import { sqlState } from './transaction.ts'

/** https://www.postgresql.org/docs/18/errcodes-appendix.html: disk_full. */
const FULL = '53100'
/** Starting, stopping or crashed, out of connections, or the connection broke. */
const AWAY = /^(57P0[1235]|53300|08...)$/
const NO_CONNECTION = /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT)$/
/** What `pg` says without a code. */
const LOST = /^(Connection terminated|timeout exceeded when trying to connect)/

/** After these it is worth asking again whether the database can do its work. */
export const TROUBLE_SECONDS = 30

/** That the database can't do anything just now, whatever it is asked; null of every other failure. */
export function databaseTrouble(error: unknown): AppError | null {
  if (!(error instanceof Error)) return null
  const state = sqlState(error)
  if (state === FULL) return new AppError('storage_full', 'unavailable', {}, error)
  return isAway(error, state) ? new AppError('database_unavailable', 'unavailable', {}, error) : null
}

function isAway(error: NodeJS.ErrnoException, state: string | undefined): boolean {
  if (state !== undefined && AWAY.test(state)) return true
  if (LOST.test(error.message)) return true
  return /^(connect|read|write)$/.test(error.syscall ?? '') && NO_CONNECTION.test(error.code ?? '')
}
