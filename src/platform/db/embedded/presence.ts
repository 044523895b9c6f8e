import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { SUPERUSER } from './cluster.ts'

const NAME = 'sundial presence'

/** How a client reaches the server. */
export interface Address {
  /** The directory of the socket, or 127.0.0.1. */
  host: string
  port: number
}

/**
 * One idle connection that every process keeps for as long as it uses the server. By it the last one to leave knows that it
 * is the last, and each notices at once when the server dies. The kernel ends it with its process, so it cannot be stale.
 */
export interface Presence {
  client: pg.Client
  /** Settles when the server has gone, or the connection was closed by us. */
  ended: Promise<void>
}

/** @throws the error of `pg`, also while the server is still starting; {@link isNotReady} tells. */
export async function announcePresence(address: Address, password: string): Promise<Presence> {
  const client = new pg.Client({
    ...address,
    user: SUPERUSER,
    password,
    database: 'postgres',
    application_name: NAME,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  })
  const ended = new Promise<void>((resolve) => {
    client.once('end', () => resolve())
    // The end is what matters; without a listener the error that announces it would end the process.
    client.on('error', () => resolve())
  })
  try {
    await client.connect()
  } catch (error) {
    await client.end().catch(() => undefined)
    throw error
  }
  // `pg` has it, its types do not.
  ;(client as pg.Client & { unref(): void }).unref()
  return { client, ended }
}

/**
 * Other processes that use the server. One that has just left may still be counted for a moment, and we for it: whoever
 * sees company looks again before going away and leaving the server on.
 */
export async function countOthers({ client }: Presence): Promise<number> {
  for (let looks = 1; ; looks++) {
    const { rows } = await client.query<{ others: number }>(
      'select count(*)::int as others from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()',
      [NAME],
    )
    const others = rows[0]?.others ?? 0
    if (others === 0 || looks === 5) return others
    await sleep(10)
  }
}

export async function createDatabaseOnce({ client }: Presence, name: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
  if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`)
}

const NOT_READY = new Set(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P03', '57P01', '57P02', '53300'])

/** True for the errors of a server that is starting, recovering or stopping, after which trying again makes sense. */
export function isNotReady(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  return NOT_READY.has(code ?? '') || /terminated|timeout/i.test(message ?? '')
}
