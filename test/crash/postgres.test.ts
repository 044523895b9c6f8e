import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startEmbedded, stopEmbedded } from '#platform/db/embedded.ts'
import {
  copyProject,
  type PostgresProcess,
  type ProcessOptions,
  type Project,
  postgresProcess,
  removeLibraryLinks,
} from './postgres-process.ts'

const isRoot = process.getuid?.() === 0
const NOBODY = { uid: 65_534, gid: 65_534 }

const folders: string[] = []
/** Files of killed servers, which the next server on their directory would remove, but some never get one. */
const sharedMemory = new Set<string>()
afterAll(async () => {
  for (const path of [...folders, ...sharedMemory]) rmSync(path, { recursive: true, force: true })
})

/** Where a first start takes half the time; what is written outlives a kill there as it does on a disk. */
const MEMORY = isForPrograms('/dev/shm') ? '/dev/shm' : tmpdir()

interface FolderOptions {
  /** Others may enter, unless told not to. */
  mode?: number
  parent?: string
}

function newFolder({ mode = 0o755, parent = MEMORY }: FolderOptions = {}): string {
  const folder = mkdtempSync(join(parent, 'sundial-crash-'))
  chmodSync(folder, mode)
  folders.push(folder)
  return folder
}

function newDataDir({ parent }: FolderOptions = {}): string {
  const dataDir = join(newFolder({ parent }), 'data')
  onTestFinished(async () => void (await stopEmbedded(dataDir)))
  return dataDir
}

async function started(dataDir: string, options?: ProcessOptions): Promise<PostgresProcess> {
  const one = await postgresProcess(dataDir, options)
  onTestFinished(() => one.kill())
  return one
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5)
}

const writes = (one: PostgresProcess, more: number) => {
  const enough = one.acked.length + more
  return until(() => one.acked.length >= enough)
}

async function storedRows(dataDir: string): Promise<Set<string>> {
  const { host, port, user, password, database, stop } = await startEmbedded({ dataDir })
  const client = new pg.Client({ host, port, user, password, database })
  await client.connect()
  const { rows } = await client.query<{ row: string }>('select row from acked')
  await client.end()
  await stop()
  return new Set(rows.map(({ row }) => row))
}

async function expectAllStored(dataDir: string, acked: readonly string[]): Promise<void> {
  const stored = await storedRows(dataDir)
  expect(acked.filter((row) => !stored.has(row))).toEqual([])
}

describe('nothing acknowledged is lost', () => {
  test('when the process that started the server is killed, the server goes on and the next one joins it', async () => {
    const dataDir = newDataDir()
    const acked: string[] = []
    let server: number | undefined
    for (let round = 0; round < 3; round++) {
      const one = await started(dataDir)
      expect(one.how).toBe(round === 0 ? 'init' : 'attached')
      server ??= one.pid
      expect(one.pid).toBe(server)
      one.write()
      await writes(one, 50)
      await one.kill()
      acked.push(...one.acked)
    }
    await expectAllStored(dataDir, acked)
  })

  test('when the server is killed, it is started again under the processes that use it', async () => {
    const dataDir = newDataDir()
    const [one, other] = [await started(dataDir), await started(dataDir)]
    one.write()
    other.write()
    for (let round = 0; round < 3; round++) {
      await Promise.all([writes(one, 50), writes(other, 50)])
      const known = [one.backends.length, other.backends.length] as const
      killServer(serverPid(dataDir))
      await until(() => one.backends.length > known[0] && other.backends.length > known[1])
      await Promise.all([writes(one, 50), writes(other, 50)])
    }
    await Promise.all([one.kill(), other.kill()])
    await expectAllStored(dataDir, [...one.acked, ...other.acked])
  })

  test('when one backend is killed, the server recovers by itself', async () => {
    const dataDir = newDataDir()
    const one = await started(dataDir)
    one.write()
    for (let round = 1; round <= 3; round++) {
      await writes(one, 50)
      process.kill(one.backends.at(-1) ?? 0, 'SIGKILL')
      await until(() => one.backends.length > round)
    }
    expect(serverPid(dataDir)).toBe(one.pid)
    await one.kill()
    await expectAllStored(dataDir, one.acked)
  })

  test('when everything is killed at once', async () => {
    const dataDir = newDataDir({ parent: tmpdir() })
    const acked: string[] = []
    for (let round = 0; round < 3; round++) {
      const one = await started(dataDir)
      expect(one.how).toBe(round === 0 ? 'init' : 'start')
      one.write()
      await writes(one, 50)
      const [server = 0, ...backends] = serverProcesses(serverPid(dataDir))
      killServer(server)
      for (const pid of backends) killIfThere(pid)
      await one.kill()
      acked.push(...one.acked)
    }
    await expectAllStored(dataDir, acked)
  })
})

describe('what a dead server leaves behind', () => {
  test('its lock, with a number that another program or another PostgreSQL has now: not believed', async () => {
    const [other, dataDir] = [await started(newDataDir()), newDataDir()]
    await dieTogether(dataDir)
    for (const pid of [process.pid, other.pid]) {
      replacePid(dataDir, pid)
      const next = await started(dataDir)
      expect(next).toMatchObject({ how: 'start' })
      await next.kill()
      killServer(next.pid)
      await until(() => isGone(next.pid))
    }
    expect(isGone(other.pid)).toBe(false)
  })

  test('a zombie, whose parent does not reap it: not believed', async () => {
    const dataDir = newDataDir()
    const one = await started(dataDir)
    one.process.kill('SIGSTOP')
    killServer(one.pid)
    await until(() => stateOf(one.pid) === 'Z')
    const next = await started(dataDir)
    expect(next).toMatchObject({ how: 'start' })
    expect(stateOf(one.pid)).toBe('Z')
  })

  test('an empty lock, from a power cut while it was written: removed', async () => {
    const dataDir = newDataDir()
    await dieTogether(dataDir)
    const lock = join(dataDir, 'cluster', 'postmaster.pid')
    writeFileSync(lock, '')
    execFileSync('touch', ['-d', '1 minute ago', lock])
    expect(await started(dataDir)).toMatchObject({ how: 'start' })
  })

  test('half of a first start: begun again', async () => {
    const dataDir = newDataDir()
    mkdirSync(join(dataDir, 'init-1', 'base'), { recursive: true })
    writeFileSync(join(dataDir, 'init-1.password'), 'x')
    expect(await started(dataDir)).toMatchObject({ how: 'init' })
    expect(readdirSync(dataDir).sort()).toEqual(['cluster', 'postgres.log'])
  })
})

describe('several processes on one directory', () => {
  test('six that start at once make one server; the last to leave stops it', async () => {
    const dataDir = newDataDir()
    for (const { first, starters } of [
      { first: 'init', starters: 6 },
      { first: 'start', starters: 4 },
    ]) {
      const all = await Promise.all(Array.from({ length: starters }, () => started(dataDir)))
      expect(all.map((one) => one.how).sort()).toEqual([...Array(starters - 1).fill('attached'), first].sort())
      expect(new Set(all.map((one) => one.pid)).size).toBe(1)
      const [last, ...others] = all as [PostgresProcess, ...PostgresProcess[]]
      for (const other of others) await other.stop()
      expect(stateOf(last.pid)).toMatch(/[SR]/)
      await last.stop()
      expect(existsSync(join(dataDir, 'cluster', 'postmaster.pid'))).toBe(false)
    }
  })

  test('all that leave at once leave no server behind', async () => {
    const dataDir = newDataDir()
    const four = await Promise.all(Array.from({ length: 4 }, () => started(dataDir)))
    await Promise.all(four.map((one) => one.stop()))
    expect(existsSync(join(dataDir, 'cluster', 'postmaster.pid'))).toBe(false)
  })
})

describe('places', () => {
  test('a path too long for a socket: on 127.0.0.1, also after the server was killed', async () => {
    const dataDir = join(newDataDir(), 'a'.repeat(60), 'b'.repeat(60))
    onTestFinished(async () => void (await stopEmbedded(dataDir)))
    const one = await started(dataDir)
    expect(one).toMatchObject({ how: 'init', host: '127.0.0.1' })
    one.write()
    await writes(one, 10)
    killServer(one.pid)
    await writes(one, 10)
    expect(await started(dataDir)).toMatchObject({ how: 'attached', host: '127.0.0.1', port: one.port })
  })

  test('a path with everything that settings and shells trip over', async () => {
    const dataDir = join(newDataDir(), `it's "a", $place\\with ünï`)
    onTestFinished(async () => void (await stopEmbedded(dataDir)))
    expect(await started(dataDir)).toMatchObject({ how: 'init', host: join(dataDir, 'cluster') })
    expect(await started(dataDir)).toMatchObject({ how: 'attached' })
  })

  test('the password and the data are for their owner only, who is not root', async () => {
    const dataDir = newDataDir()
    const one = await started(dataDir)
    const cluster = statSync(join(dataDir, 'cluster'))
    expect(cluster.mode & 0o777).toBe(0o700)
    expect(cluster.uid).not.toBe(0)
    expect(ownerOf(one.pid)).toBe(cluster.uid)
    expect(statSync(dataDir).uid).toBe(process.getuid?.())
    const password = join(dataDir, 'cluster', 'sundial.password')
    expect(statSync(password).mode & 0o777).toBe(0o600)
    expect(readFileSync(password, 'utf8')).toMatch(/^[\w-]{32}$/)
  })
})

describe.runIf(isRoot)('as root', () => {
  test('a project that the server’s user can’t read: from a copy beside the data', async () => {
    const project = await copyProject(newFolder({ mode: 0o700 }))
    const dataDir = newDataDir()
    expect(await started(dataDir, { project })).toMatchObject({ how: 'init' })
    expect(readdirSync(dataDir).some((name) => name.startsWith('postgres-bin-'))).toBe(true)
  })

  test('data that nobody else can reach: in a user namespace, with files of root, or a clear refusal', async () => {
    const dataDir = join(newFolder({ mode: 0o700 }), 'data')
    onTestFinished(async () => void (await stopEmbedded(dataDir)))
    const refused = await started(dataDir, { path: '/nowhere' })
    expect(refused.error).toContain('Set SUNDIAL_DATA_DIR')

    if (!namespacesWork()) return
    for (const how of ['init', 'start']) {
      const one = await started(dataDir)
      expect(one).toMatchObject({ how })
      expect(statSync(join(dataDir, 'cluster')).uid).toBe(0)
      one.write()
      await writes(one, 10)
      await one.stop()
    }
  })
})

describe('as an ordinary user', () => {
  const user = isRoot ? NOBODY : {}
  let project: Project
  beforeAll(async () => {
    project = await copyProject(newFolder(), user)
    await removeLibraryLinks(project)
  })

  test('under a private directory, with the libraries unlinked', async () => {
    const home = newFolder({ mode: 0o700 })
    if (isRoot) execFileSync('chown', [`${NOBODY.uid}:${NOBODY.gid}`, home])
    const dataDir = join(home, 'data')
    onTestFinished(async () => void (await stopEmbedded(dataDir)))
    const acked: string[] = []
    for (const how of ['init', 'start']) {
      const one = await started(dataDir, { ...user, project })
      expect(one).toMatchObject({ how })
      one.write()
      await writes(one, 10)
      killServer(one.pid)
      await writes(one, 10)
      await one.stop()
      acked.push(...one.acked)
    }
    await expectAllStored(dataDir, acked)
  })

  test.runIf(isRoot)('on data that belong to another user: refused, saying so', async () => {
    const dataDir = newDataDir()
    const one = await started(dataDir)
    await one.stop()
    execFileSync('chown', ['-R', '1:1', join(dataDir, 'cluster')])
    const refused = await started(dataDir, { ...NOBODY, project })
    expect(refused.error).toContain('belongs to user 1')
  })
})

function serverPid(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0])
}

function replacePid(dataDir: string, pid: number): void {
  const lock = join(dataDir, 'cluster', 'postmaster.pid')
  writeFileSync(lock, readFileSync(lock, 'utf8').replace(/^\d+/, String(pid)))
}

/** Server and user of a new data directory are killed, the lock stays. */
async function dieTogether(dataDir: string): Promise<void> {
  const one = await started(dataDir)
  await one.kill()
  killServer(one.pid)
  await until(() => isGone(one.pid))
}

function serverProcesses(server: number): number[] {
  const output = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  const children = output
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === server)
  return [server, ...children.map(([pid]) => pid ?? 0)]
}

function killServer(pid: number): void {
  if (existsSync('/proc/self/maps')) {
    for (const [path] of readFileSync(`/proc/${pid}/maps`, 'utf8').matchAll(/\/dev\/shm\/PostgreSQL\.\d+/g))
      sharedMemory.add(path)
  }
  process.kill(pid, 'SIGKILL')
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function stateOf(pid: number): string {
  // ps fails when there is no such process.
  return spawnSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
}

/** Also as a zombie. */
const isGone = (pid: number) => /^[ZX]?$/.test(stateOf(pid))

function ownerOf(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'uid=', '-p', String(pid)], { encoding: 'utf8' }))
}

/** It exists, and programs may be started from it. */
function isForPrograms(mount: string): boolean {
  if (!existsSync('/proc/mounts')) return false
  const options = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .find((fields) => fields[1] === mount)?.[3]
  return options !== undefined && !options.split(',').includes('noexec')
}

function namespacesWork(): boolean {
  try {
    execFileSync('unshare', ['--user', '--map-user=65534', '--map-group=65534', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
