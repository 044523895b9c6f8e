import { execFileSync } from 'node:child_process'
import { chownSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { systemClock } from '../../clock.ts'

/** What `postmaster.pid` says about the server of a data directory. */
export interface Postmaster {
  pid: number
  /** The directory as the server was told it. */
  clusterDir: string
  port: number
  /** Empty when it listens on TCP only. */
  socketDir: string
  /** It has said that it takes connections. */
  ready: boolean
}

const file = (clusterDir: string) => join(clusterDir, 'postmaster.pid')
/** Above the largest process number of any supported system, so it is never alive. */
const NO_PROCESS = '99999999'
const SOCKET_LOCK = /^\.s\.PGSQL\.\d+\.lock$/
const EMPTY_FILE_IS_DEAD_AFTER_MS = 3_000

/** The server that runs, or last ran and did not stop cleanly, on this directory. */
export function readPostmaster(clusterDir: string): Postmaster | null {
  const [pid, directory, , port, socketDir, , , status] = lines(clusterDir)
  if (!Number(pid) || directory === undefined) return null
  const ready = status?.startsWith('ready') ?? false
  return { pid: Number(pid), clusterDir: directory, port: Number(port) || 0, socketDir: socketDir ?? '', ready }
}

function lines(clusterDir: string): string[] {
  try {
    return readFileSync(file(clusterDir), 'utf8').split('\n')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** True while that server lives. Zombies, and other programs that were given its number later, do not count. */
export async function isAlive(postmaster: Postmaster): Promise<boolean> {
  return isProcess(postmaster) || (await answersOnSocket(postmaster))
}

/** True when the process of that number is this server, so that a signal reaches the right one. */
export function isProcess({ pid, clusterDir }: Postmaster): boolean {
  try {
    if (process.platform === 'linux') {
      // "812 (postgres) S 1 …": a parent that never reaps leaves a zombie behind, which is not a server.
      const state = /^\d+ \(.*\) (\w)/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1]
      if (state === undefined || 'ZXx'.includes(state)) return false
      const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      return args[args.indexOf('-D') + 1] === clusterDir
    }
    if (process.platform === 'win32') return run('tasklist', ['/FI', `PID eq ${pid}`]).includes('postgres.exe')
    return run('ps', ['-p', String(pid), '-o', 'command=']).includes(`-D ${clusterDir}`)
  } catch {
    // Nothing to read about that number, or a tool that fails over it: no such process.
    return false
  }
}

const run = (program: string, args: string[]) =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

/** A server in another container has no number here, but its socket lies in the shared directory. */
function answersOnSocket({ socketDir, port }: Postmaster): Promise<boolean> {
  if (socketDir === '') return Promise.resolve(false)
  return new Promise((resolve) => {
    const socket = connect(join(socketDir, `.s.PGSQL.${port}`))
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

/**
 * Lets a new server start where a dead one left its lock. The lock file itself stays: its shared-memory line keeps a new
 * server off the data while orphaned backends of the old one still write. Only its process number is pointed at nobody,
 * because PostgreSQL would otherwise believe in a zombie, or in a stranger that was given the number since.
 */
export function disownLock(clusterDir: string): void {
  // The socket's own lock has no such interlock and would be believed just the same.
  for (const entry of readdirSync(clusterDir)) {
    if (SOCKET_LOCK.test(entry)) rmSync(join(clusterDir, entry))
  }
  const [pid, ...rest] = lines(clusterDir)
  if (pid === undefined) return
  const path = file(clusterDir)
  const { uid, gid, mtimeMs, size } = statSync(path)
  if (size === 0) {
    // A power cut between creating and writing it. PostgreSQL never starts over it, and it holds no interlock.
    if (systemClock.now().epochMilliseconds - mtimeMs > EMPTY_FILE_IS_DEAD_AFTER_MS) rmSync(path)
    return
  }
  const next = `${path}.next`
  writeFileSync(next, [NO_PROCESS, ...rest].join('\n'), { mode: 0o600 })
  if (process.getuid?.() === 0) chownSync(next, uid, gid)
  renameSync(next, path)
}
