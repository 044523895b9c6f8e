import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Embedded, startEmbedded } from '#platform/db/embedded.ts'
import { type PlanNode, rowsRead } from '#test/plans.ts'

/** A statement that was executed, and how much of the tables PostgreSQL looked at for it. */
export interface Executed {
  text: string
  milliseconds: number
  /** Rows that were fetched from tables and indexes, those that were then thrown away included. */
  rowsRead: number
}

export interface StatementLog {
  embedded: Embedded
  /** Whether statements are written down from now on, which costs them time. */
  turn(state: 'on' | 'off'): Promise<void>
  /** What was written down since the last look. */
  read(): Executed[]
}

const SETTINGS = {
  ...{ session_preload_libraries: 'auto_explain', log_line_prefix: '', log_duration: 'off' },
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_format': 'json',
  'auto_explain.log_parameter_max_length': '0',
  // Filling it writes more at once than it ever will again.
  max_wal_size: '8GB',
}
const RELOADED_MS = 300

/** Starts the PostgreSQL of a data directory so that it can say what it did (auto_explain); the server joins it. */
export async function startLogged(dataDir: string): Promise<StatementLog> {
  const folder = join(dataDir, 'postgres')
  const embedded = await startEmbedded({ dataDir: folder, settings: SETTINGS })
  const log = openSync(join(folder, 'postgres.log'), 'r')
  let offset = 0
  const read = () => {
    const { size } = fstatSync(log)
    const bytes = Buffer.alloc(size - offset)
    readSync(log, bytes, 0, bytes.length, offset)
    offset = size
    return executedOf(bytes.toString('utf8'))
  }
  const turn = async (state: 'on' | 'off') => {
    const { default: pg } = await import('pg')
    const { host, port, user, password, database } = embedded
    const client = new pg.Client({ host, port, user, password, database })
    await client.connect()
    await client.query(`alter system set "auto_explain.log_min_duration" = ${state === 'on' ? 0 : -1}`)
    await client.query('select pg_reload_conf()')
    await client.end()
    await sleep(RELOADED_MS)
    read()
  }
  const stop = async () => {
    closeSync(log)
    await embedded.stop()
  }
  return { embedded: { ...embedded, stop }, turn, read }
}

/** Lines after the first of a message begin with a tab. */
function executedOf(text: string): Executed[] {
  const found = text.matchAll(/^LOG: {2}duration: ([\d.]+) ms {2}plan:\n((?:\t.*\n?)+)/gm)
  return [...found]
    .map(([, milliseconds, json = '']) => {
      const { 'Query Text': query, Plan } = JSON.parse(json) as { 'Query Text': string; Plan: PlanNode }
      return { text: query.replace(/\s+/g, ' ').trim(), milliseconds: Number(milliseconds), rowsRead: rowsRead(Plan) }
    })
    .filter((one) => !/pgboss|auto_explain/.test(one.text))
}
