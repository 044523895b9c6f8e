import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type Database } from '#platform/db/connect.ts'
import { startEmbedded, stopEmbedded } from '#platform/db/embedded.ts'
import { collect, freePort } from '#test/processes.ts'
import { SERVER_FLAGS } from '../bin/steps/programs.mjs'

export const ROOT = join(import.meta.dirname, '..')
const READY_MS = 90_000
const STOP_MS = 20_000
const LOOK_MS = 10

/** The product as it is run, with its own data directory and its own PostgreSQL that writes to disk as it should. */
export interface BenchServer {
  url: URL
  /** Seconds from its start to the first answer of `/readyz`. */
  readySeconds: number
  process: ChildProcess
  /** Figures of the process since it was started. */
  figures(): Promise<Figures>
  /** Ends the process by its id; the last one on a data directory stops its PostgreSQL too. */
  stop(): Promise<void>
}

export interface Figures {
  statements: number
  cpuSeconds: number
  residentBytes: number
}

export interface ServerOptions {
  dataDir: string
  roles: string
  /** What is run with Node; the server itself when absent. */
  program?: readonly string[]
}

/** A folder of its own, removed by whoever made it. The server of a run by root belongs to another user, who has to get in. */
export function newDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sundial-bench-'))
  chmodSync(folder, 0o755)
  return folder
}

export async function removeDataDir(dataDir: string): Promise<void> {
  await stopEmbedded(join(dataDir, 'postgres'))
  rmSync(dataDir, { recursive: true, force: true })
}

/** @throws with what it wrote when it does not come up. */
export async function startServer({
  dataDir,
  roles,
  program = [...SERVER_FLAGS, 'src/app/server.ts'],
}: ServerOptions): Promise<BenchServer> {
  if (!existsSync(join(ROOT, 'build', 'handler.js'))) throw new Error('Nothing is built. Run: npm run build')
  const port = await freePort()
  const url = new URL(`http://127.0.0.1:${port}`)
  const begun = performance.now()
  const child = spawn(process.execPath, program, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...cleanEnvironment(),
      ...{ NODE_ENV: 'production', LOG_LEVEL: 'error', SUNDIAL_RATE_LIMITS: 'off', SUNDIAL_METRICS: 'on' },
      ...{ PORT: String(port), HOST: '127.0.0.1', SUNDIAL_URL: url.origin },
      ...{ SUNDIAL_DATA_DIR: dataDir, SUNDIAL_ROLES: roles },
    },
  })
  const output = collect(child)
  try {
    await untilReady(url, child, output)
  } catch (error) {
    await stopProcess(child)
    throw error
  }
  return {
    ...{ url, process: child, readySeconds: (performance.now() - begun) / 1000 },
    figures: () => figuresAt(url),
    stop: () => stopProcess(child),
  }
}

/** The environment without the settings of an instance that the one who measures may have. */
export function cleanEnvironment(): Record<string, string | undefined> {
  const own =
    /^(SUNDIAL_|DATABASE_|EMAIL_|NEXT_PUBLIC_|PG|npm_|PORT$|HOST$|LOG_LEVEL$|NODE_OPTIONS$|NODE_COMPILE_CACHE$)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)))
}

async function untilReady(url: URL, child: ChildProcess, output: () => string): Promise<void> {
  const until = performance.now() + READY_MS
  while (performance.now() < until) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}:\n${output()}`)
    if (await answers(new URL('/readyz', url))) return
    await sleep(LOOK_MS)
  }
  throw new Error(`The server was not ready after ${READY_MS} ms:\n${output()}`)
}

export async function answers(url: URL): Promise<boolean> {
  try {
    const answer = await fetch(url)
    await answer.arrayBuffer()
    return answer.ok
  } catch {
    // Nobody listens yet.
    return false
  }
}

/** As an operator stops it; killed only when it does not. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await gone
  clearTimeout(timer)
}

async function figuresAt(url: URL): Promise<Figures> {
  const text = await (await fetch(new URL('/metrics', url))).text()
  const figure = (name: string): number => {
    const found = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]
    if (found === undefined) throw new Error(`/metrics has no ${name}`)
    return Number(found)
  }
  return {
    statements: figure('sundial_db_statements_total'),
    cpuSeconds: figure('process_cpu_seconds_total'),
    residentBytes: figure('process_resident_memory_bytes'),
  }
}

/** The database of a running instance, and how to leave it again. */
export async function joinDatabase(dataDir: string, poolSize: number): Promise<Database> {
  const embedded = await startEmbedded({ dataDir: join(dataDir, 'postgres') })
  const { host, port, user, password, database } = embedded
  const server = { host, port, user, password, database }
  const joined = connect(server, { prepare: true, poolSize, onIdleError: () => undefined })
  return {
    ...joined,
    async close() {
      await joined.close()
      await embedded.stop()
    },
  }
}

/** The processes below one and itself, by `/proc`. */
export function treeBelow(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return [pid, ...(children === '' ? [] : children.split(' ').map(Number).flatMap(below))]
}

/** A process may end while it is looked at. */
function below(pid: number): number[] {
  try {
    return treeBelow(pid)
  } catch (error) {
    if (isGone(error)) return []
    throw error
  }
}

export function isGone(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' || code === 'ESRCH'
}
