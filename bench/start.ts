import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { collect, freePort } from '#test/processes.ts'
import { startControl } from './control.ts'
import { median, type Row } from './row.ts'
import {
  answers,
  type BenchServer,
  cleanEnvironment,
  isGone,
  newDataDir,
  ROOT,
  removeDataDir,
  startServer,
  treeBelow,
} from './server.ts'

const MEGABYTE = 1_000_000
const IDLE_MS = 20_000
const WARM_STARTS = 3
const LOOK_MS = 50
const CLONE_WITHIN_MS = 600_000
/** As `npm start` runs it. */
const LAUNCHER = ['bin/run.mjs', 'start']

/** From nothing to ready, at rest, and what the build needs. */
export async function run({ clone }: { clone: boolean }): Promise<Row[]> {
  const rows = [...(await buildRows()), ...(await startRows())]
  return clone ? [...rows, await cloneRow()] : rows
}

async function startRows(): Promise<Row[]> {
  const dataDir = newDataDir()
  try {
    const cold = await startServer({ dataDir, roles: 'web,worker', program: LAUNCHER })
    await cold.stop()
    const warm: number[] = []
    const plain: number[] = []
    for (let i = 0; i < WARM_STARTS; i++) {
      const server = await startServer({ dataDir, roles: 'web,worker', program: LAUNCHER })
      warm.push(server.readySeconds)
      await server.stop()
      plain.push(await plainStart())
    }
    const control = { what: 'plain node:http', value: median(plain), unit: 's' }
    return [
      { name: 'start with an empty data directory', value: cold.readySeconds, unit: 's', budget: null, control },
      { name: 'start', value: median(warm), unit: 's', budget: 3, control },
      ...(await idleRows(dataDir)),
    ]
  } finally {
    await removeDataDir(dataDir)
  }
}

/** How long a server takes that does nothing. */
async function plainStart(): Promise<number> {
  const begun = performance.now()
  const control = await startControl({ body: Buffer.from('ready\n'), headers: {}, compressed: false })
  const seconds = (performance.now() - begun) / 1000
  await control.stop()
  return seconds
}

async function idleRows(dataDir: string): Promise<Row[]> {
  const server = await startServer({ dataDir, roles: 'web,worker', program: LAUNCHER })
  try {
    await sleep(IDLE_MS / 2)
    const before = await atRest(server)
    await sleep(IDLE_MS / 2)
    const after = await atRest(server)
    const seconds = (after.at - before.at) / 1000
    const used = after.cpuSeconds - before.cpuSeconds
    return [
      {
        name: `memory at rest with worker, after ${IDLE_MS / 1000} s`,
        value: after.residentBytes / MEGABYTE,
        unit: 'MB resident',
        budget: 180,
      },
      { name: 'processor at rest with worker', value: (used / seconds) * 1000, unit: 'ms CPU/s', budget: null },
    ]
  } finally {
    await server.stop()
  }
}

async function atRest(server: BenchServer) {
  return { at: performance.now(), ...(await server.figures()) }
}

/** The build as `npm run build` makes it, in place. */
async function buildRows(): Promise<Row[]> {
  const begun = performance.now()
  const child = spawn(process.execPath, ['bin/run.mjs', 'build'], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = collect(child)
  const peak = process.platform === 'linux' ? watchMemory(child.pid as number) : null
  await new Promise((resolve) => child.once('close', resolve))
  const bytes = peak?.stop()
  if (child.exitCode !== 0) throw new Error(`The build failed:\n${output()}`)
  const seconds = (performance.now() - begun) / 1000
  const time: Row = { name: 'build', value: seconds, unit: 's', budget: null }
  if (bytes === undefined) return [time]
  return [{ name: 'build: most memory at a time', value: bytes / MEGABYTE, unit: 'MB resident', budget: 2000 }, time]
}

/** Looks at all processes below one again and again, by `/proc` (Linux only); what they share is counted for each. */
function watchMemory(pid: number): { stop: () => number } {
  let most = 0
  const timer = setInterval(() => {
    most = Math.max(most, total(treeBelow(pid)))
  }, LOOK_MS)
  return {
    stop() {
      clearInterval(timer)
      return most
    },
  }
}

function total(pids: readonly number[]): number {
  return pids.map(residentBytes).reduce((sum, bytes) => sum + bytes, 0)
}

function residentBytes(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
  } catch (error) {
    if (isGone(error)) return 0
    throw error
  }
}

/** What somebody sees who tries it: a clone, and `npm start` with nothing in the environment, up to the printed address. */
async function cloneRow(): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'sundial-bench-clone-'))
  const begun = performance.now()
  await ended('git', ['-c', 'advice.detachedHead=false', 'clone', '--quiet', ROOT, folder])
  const port = await freePort()
  const env = { HOME: process.env.HOME, PATH: pathWithoutProject(), PORT: String(port) }
  // A group of its own, so that all of it can be ended at once.
  const child = spawn('npm', ['start'], { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = collect(child)
  const gone = new Promise((resolve) => child.once('close', resolve))
  try {
    while (!output().includes(`http://localhost:${port}`)) {
      if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}:\n${output()}`)
      if (performance.now() - begun > CLONE_WITHIN_MS) throw new Error(`npm start takes too long:\n${output()}`)
      await sleep(LOOK_MS)
    }
    const seconds = (performance.now() - begun) / 1000
    if (!(await answers(new URL(`http://localhost:${port}/readyz`)))) throw new Error('ready, but it does not answer')
    return { name: 'fresh clone to ready, with npm ci', value: seconds, unit: 's', budget: 90 }
  } finally {
    if (child.exitCode === null) process.kill(-(child.pid as number), 'SIGTERM')
    await gone
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The launcher put the pinned Node first, which a visitor to the project does not have. */
function pathWithoutProject(): string {
  const { PATH = '' } = cleanEnvironment()
  return PATH.split(delimiter)
    .filter((folder) => !folder.startsWith(join(ROOT, 'node_modules')) && folder !== dirname(process.execPath))
    .join(delimiter)
}

function ended(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, { stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}`))))
  })
}
