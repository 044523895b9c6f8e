import { type ChildProcess, spawn } from 'node:child_process'
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  statSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../log.ts'
import { type Binaries, findBinaries } from './embedded/binaries.ts'
import { initCluster, isCluster, readPassword, requireMajor, SUPERUSER } from './embedded/cluster.ts'
import { EmbeddedError } from './embedded/error.ts'
import { chooseIdentity, type Identity } from './embedded/identity.ts'
import { disownLock, isAlive, isProcess, type Postmaster, readPostmaster } from './embedded/postmaster.ts'
import {
  type Address,
  announcePresence,
  countOthers,
  createDatabaseOnce,
  isNotReady,
  type Presence,
} from './embedded/presence.ts'
import { withStarterLock } from './embedded/starter-lock.ts'

const DATABASE = 'sundial'
/** `sockaddr_un` holds 108 bytes with the final zero. */
const LONGEST_SOCKET_PATH = 107
const SOCKET_PORT = 5432
const READY_WITHIN_MS = 300_000
const ORPHANS_LEAVE_WITHIN_MS = 60_000
const STOPS_WITHIN_MS = 120_000
const LARGEST_LOG_BYTES = 10_000_000

export interface EmbeddedOptions {
  /** Holds the data directory `cluster/`, `postgres.log` and, where needed, a copy of the programs. Created if missing. */
  dataDir: string
  log?: Pick<Log, 'info' | 'warn'>
  /** Settings of the server, such as `{ fsync: 'off' }`. They count only when this call starts it. */
  settings?: Readonly<Record<string, string>>
}

/** A running server, as superuser. `host`, `port`, `user`, `password` and `database` make a `pg` configuration. */
export interface Embedded {
  /** What this call found to do: create and start, start, or join a server that was running. */
  how: 'init' | 'start' | 'attached'
  /** The directory of the socket; 127.0.0.1 where its path is too long, and on Windows. */
  host: string
  port: number
  user: string
  password: string
  database: string
  /** Process number of the server as of now; it changes when a killed server was started again. */
  readonly pid: number
  /** Leaves. The last process that uses the server stops it, and waits for that. */
  stop(): Promise<void>
}

interface Place {
  dataDir: string
  clusterDir: string
  settings: Readonly<Record<string, string>>
  log: EmbeddedOptions['log']
}

interface Running {
  how: Embedded['how']
  postmaster: Postmaster
  address: Address
  password: string
  presence: Presence
}

/**
 * Starts the embedded PostgreSQL of a data directory, creating it the first time, or joins the one that runs there. It is no
 * child of this process: when this process is killed it goes on, and the next start joins it. When the server is killed
 * while this process lives, it is started again on the same address.
 * @throws EmbeddedError saying why not and what to do.
 */
export async function startEmbedded({ dataDir, log, settings = {} }: EmbeddedOptions): Promise<Embedded> {
  mkdirSync(dataDir, { recursive: true })
  const real = realpathSync(dataDir)
  const place: Place = { dataDir: real, clusterDir: join(real, 'cluster'), settings, log }
  let running = await withStarterLock(real, async () => {
    const first = await ensureRunning(place, { mayInit: true })
    await createDatabaseOnce(first.presence, DATABASE)
    return first
  })

  const { how, address, password } = running
  const leaving = new AbortController()
  watch()
  function watch(): void {
    void running.presence.ended.then(async () => {
      if (leaving.signal.aborted) return
      const next = await revive(place, leaving.signal)
      if (!next) return
      running = next
      watch()
    })
  }

  let stopped: Promise<void> | undefined
  return {
    how,
    ...address,
    user: SUPERUSER,
    password,
    database: DATABASE,
    get pid() {
      return running.postmaster.pid
    },
    stop() {
      leaving.abort()
      stopped ??= withStarterLock(real, () => leave(place, running))
      return stopped
    },
  }
}

/**
 * Stops the server of a data directory whoever uses it, if one runs.
 * @returns whether there was one.
 */
export async function stopEmbedded(dataDir: string): Promise<boolean> {
  if (!existsSync(dataDir)) return false
  const real = realpathSync(dataDir)
  return withStarterLock(real, async () => {
    const postmaster = readPostmaster(join(real, 'cluster'))
    if (!postmaster || !(await isAlive(postmaster))) return false
    await shutDown(postmaster)
    return true
  })
}

/** The caller holds the starter lock. */
async function ensureRunning(place: Place, { mayInit }: { mayInit: boolean }): Promise<Running> {
  const identity = await chooseIdentity(place.dataDir, place.clusterDir)
  const found = readPostmaster(place.clusterDir)
  if (found && (await isAlive(found))) {
    const joined = await joinRunning(place, found)
    if (joined) return joined
  }
  const binaries = await findBinaries(identity, place.dataDir)
  const isNew = !isCluster(place.clusterDir)
  if (isNew) {
    if (!mayInit) throw new EmbeddedError(`${place.clusterDir} is gone.`)
    place.log?.info({ dataDir: place.dataDir }, 'creating the database')
    await initCluster(place.dataDir, place.clusterDir, binaries, identity, place.settings.fsync !== 'off')
  }
  requireMajor(place.clusterDir, binaries)
  return { ...(await launch(place, binaries, identity)), how: isNew ? 'init' : 'start' }
}

/** Null when that server ended meanwhile. */
async function joinRunning(place: Place, postmaster: Postmaster): Promise<Running | null> {
  const password = readPassword(place.clusterDir)
  const address = addressOf(postmaster)
  const presence = await presenceOnceReady(address, password, place, () => isAlive(postmaster))
  return presence && { how: 'attached', postmaster, address, password, presence }
}

async function launch(place: Place, binaries: Binaries, identity: Identity): Promise<Omit<Running, 'how'>> {
  const password = readPassword(place.clusterDir)
  const deadline = performance.now() + ORPHANS_LEAVE_WITHIN_MS
  for (;;) {
    disownLock(place.clusterDir)
    const address = await chooseAddress(place.clusterDir)
    const server = spawnServer(place, binaries, identity, address)
    const presence = await presenceOnceReady(
      address,
      password,
      place,
      () => server.process.exitCode === null && !server.failed(),
    )
    const postmaster = readPostmaster(place.clusterDir)
    if (presence && postmaster) return { postmaster, address, password, presence }

    const said = server.said()
    // Backends of a killed server finish what they are doing before they notice.
    if (!/shared memory block|lock file|Address already in use/.test(said) || performance.now() > deadline) {
      throw new EmbeddedError(
        `PostgreSQL did not start. It says:\n${said || '(nothing)'}\nThe whole log is in ${logFile(place.dataDir)}`,
      )
    }
    await sleep(100)
  }
}

interface Server {
  process: ChildProcess
  failed(): boolean
  /** What it has written to its log since it was started. */
  said(): string
}

function spawnServer(place: Place, { folder }: Binaries, identity: Identity, { host, port }: Address): Server {
  const onTcp = host === '127.0.0.1'
  const settings = {
    listen_addresses: onTcp ? host : '',
    unix_socket_directories: onTcp ? '' : `"${host.replaceAll('"', '""')}"`,
    port: String(port),
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...place.settings,
  }
  const path = logFile(place.dataDir)
  if (existsSync(path) && statSync(path).size > LARGEST_LOG_BYTES) renameSync(path, `${path}.old`)
  const log = openSync(path, 'a+', 0o600)
  const before = fstatSync(log).size
  const args = [
    '-D',
    place.clusterDir,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
  const [program, programArgs] = identity.command(join(folder, 'bin', 'postgres'), args)
  const child = spawn(program, programArgs, {
    ...identity.process,
    cwd: '/',
    // Of its own session: Ctrl+C in the terminal is for us, and we stop it after our last query.
    detached: true,
    stdio: ['ignore', log, log],
    // Nothing of our environment, which holds secrets and may hold PG* variables.
    ...(process.platform === 'win32' ? {} : { env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } }),
  })
  closeSync(log)
  let failed = false
  child.once('error', () => {
    failed = true
  })
  child.unref()
  return { process: child, failed: () => failed || child.signalCode !== null, said: () => readFrom(path, before) }
}

const logFile = (dataDir: string) => join(dataDir, 'postgres.log')

function readFrom(path: string, offset: number): string {
  const fd = openSync(path, 'r')
  const buffer = Buffer.alloc(Math.min(fstatSync(fd).size - offset, 16_384))
  readSync(fd, buffer, 0, buffer.length, offset)
  closeSync(fd)
  return buffer.toString('utf8').trim()
}

async function chooseAddress(clusterDir: string): Promise<Address> {
  const socket = join(clusterDir, `.s.PGSQL.${SOCKET_PORT}`)
  if (process.platform !== 'win32' && Buffer.byteLength(socket) <= LONGEST_SOCKET_PATH)
    return { host: clusterDir, port: SOCKET_PORT }
  // The last port again if it is free: processes that outlived the server still know it.
  const last = readPostmaster(clusterDir)
  const port = (last && last.socketDir === '' && (await freePort(last.port))) || (await freePort(0))
  if (!port) throw new EmbeddedError('No TCP port is free on 127.0.0.1.')
  return { host: '127.0.0.1', port }
}

function freePort(wanted: number): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(null))
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : null))
    })
  })
}

const addressOf = ({ socketDir, port }: Postmaster): Address => ({ host: socketDir || '127.0.0.1', port })

/** Waits while the server starts or recovers; null when it ended instead. */
async function presenceOnceReady(
  address: Address,
  password: string,
  place: Place,
  lives: () => boolean | Promise<boolean>,
): Promise<Presence | null> {
  const begun = performance.now()
  let told = begun
  for (let pause = 5; ; pause = Math.min(pause * 1.2, 100)) {
    try {
      if (readPostmaster(place.clusterDir)?.ready) return await announcePresence(address, password)
    } catch (error) {
      if (!isNotReady(error))
        throw new EmbeddedError(`The database in ${place.dataDir} refuses us: ${(error as Error).message}`, error)
    }
    if (!(await lives())) return null
    const now = performance.now()
    if (now - begun > READY_WITHIN_MS) {
      throw new EmbeddedError(
        `The database in ${place.dataDir} lives but has not become ready. See ${logFile(place.dataDir)}`,
      )
    }
    if (now - told > 5_000) {
      told = now
      place.log?.info({ seconds: Math.round((now - begun) / 1000) }, 'the database is still starting or recovering')
    }
    await sleep(pause)
  }
}

/** Starts or joins the server again after it died under us; null when we are leaving. */
async function revive(place: Place, leaving: AbortSignal): Promise<Running | null> {
  place.log?.warn({ dataDir: place.dataDir }, 'the database ended, starting it again')
  for (let pause = 50; !leaving.aborted; pause = Math.min(pause * 2, 5_000)) {
    try {
      return await withStarterLock(place.dataDir, async () =>
        leaving.aborted ? null : ensureRunning(place, { mayInit: false }),
      )
    } catch (error) {
      place.log?.warn({ error: (error as Error).message }, 'the database does not start')
    }
    await sleep(pause, undefined, { ref: false })
  }
  return null
}

/** The caller holds the starter lock, so nobody can arrive between the count and the signal. */
async function leave(place: Place, { postmaster, presence, address, password }: Running): Promise<void> {
  if (!(await isAlive(postmaster))) return
  // Ours may have ended a moment ago, when the server restarted itself after a crash of one of its processes.
  await presence.client.end()
  const last = await presenceOnceReady(address, password, place, () => isAlive(postmaster))
  if (!last) return
  const others = await countOthers(last)
  await last.client.end()
  if (others > 0) {
    place.log?.info({ others }, 'the database stays up for other processes')
    return
  }
  if (!isProcess(postmaster)) {
    place.log?.warn({ dataDir: place.dataDir }, 'the database stays up: it runs where this process cannot signal it')
    return
  }
  await shutDown(postmaster)
}

/** Fast shutdown: open transactions are rolled back, everything acknowledged is on disk. */
async function shutDown(postmaster: Postmaster): Promise<void> {
  if (!isProcess(postmaster)) {
    throw new EmbeddedError(
      `The server of ${postmaster.clusterDir} runs where this process can't signal it, perhaps in another container. Stop it there.`,
    )
  }
  process.kill(postmaster.pid, 'SIGINT')
  const deadline = performance.now() + STOPS_WITHIN_MS
  while (isProcess(postmaster)) {
    if (performance.now() > deadline) {
      throw new EmbeddedError(
        `The server of ${postmaster.clusterDir} (process ${postmaster.pid}) has not stopped within ${STOPS_WITHIN_MS / 1000} s.`,
      )
    }
    await sleep(10)
  }
}
