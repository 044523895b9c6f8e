import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Binaries } from './binaries.ts'
import { EmbeddedError } from './error.ts'
import type { Identity } from './identity.ts'

const run = promisify(execFile)

export const SUPERUSER = 'sundial'
const PASSWORD_FILE = 'sundial.password'
const UNFINISHED = /^init-\d+(\.password)?$/

/**
 * Makes the data directory of a new server: UTF-8, sorted by code point on every platform alike, password needed even from
 * this machine. It appears at `clusterDir` complete, by one rename, or not at all. The caller holds the starter lock.
 */
export async function initCluster(
  dataDir: string,
  clusterDir: string,
  { folder }: Binaries,
  identity: Identity,
  durable: boolean,
): Promise<void> {
  for (const entry of readdirSync(dataDir)) {
    if (UNFINISHED.test(entry)) rmSync(join(dataDir, entry), { recursive: true })
  }
  const unfinished = join(dataDir, `init-${process.pid}`)
  const passwordFile = `${unfinished}.password`
  try {
    mkdirSync(unfinished, { mode: 0o700 })
    identity.own(unfinished)
    writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600, flush: true })
    identity.own(passwordFile)
    await run(
      ...identity.command(join(folder, 'bin', 'initdb'), [
        ...['-D', unfinished, '-U', SUPERUSER, '--pwfile', passwordFile, '-A', 'scram-sha-256', '-E', 'UTF8'],
        ...['--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
        ...(durable ? [] : ['--no-sync']),
      ]),
      { ...identity.process, cwd: '/' },
    )
    renameSync(passwordFile, join(unfinished, PASSWORD_FILE))
    if (durable) syncFolder(unfinished)
    renameSync(unfinished, clusterDir)
    if (durable) syncFolder(dataDir)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    rmSync(passwordFile, { force: true })
    const said =
      (error as { stderr?: string }).stderr?.trim() || (error instanceof Error ? error.message : String(error))
    throw new EmbeddedError(`The database in ${dataDir} could not be created: ${said}`, error)
  }
}

/** A rename outlives a power cut only once its directory is on disk. Windows cannot open directories and does not need to. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(folder, 'r')
  fsyncSync(fd)
  closeSync(fd)
}

export function isCluster(clusterDir: string): boolean {
  return existsSync(join(clusterDir, 'PG_VERSION'))
}

/** @throws EmbeddedError when another major version of PostgreSQL made the directory. */
export function requireMajor(clusterDir: string, { major }: Binaries): void {
  const made = readFileSync(join(clusterDir, 'PG_VERSION'), 'utf8').trim()
  if (made === String(major)) return
  throw new EmbeddedError(
    `${clusterDir} was made by PostgreSQL ${made}, and this version of Sundial brings PostgreSQL ${major}. Make a backup with the version that made it, move the directory away, and restore into a new one.`,
  )
}

export function readPassword(clusterDir: string): string {
  try {
    return readFileSync(join(clusterDir, PASSWORD_FILE), 'utf8')
  } catch (error) {
    throw new EmbeddedError(`The password of the database can't be read: ${(error as Error).message}`, error)
  }
}
