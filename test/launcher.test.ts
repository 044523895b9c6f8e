import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, expect, onTestFinished, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PLATFORM = `${process.platform}-${process.arch}`
const PINNED = `${PLATFORM === 'darwin-arm64' ? 'node-bin' : 'node'}-${PLATFORM}`

/** A project with our launcher, programs that tell what they were given, and a vite that only notes that it ran. */
let project: string
const projects: string[] = []
afterAll(() => projects.forEach((folder) => void rmSync(folder, { recursive: true })))

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'sundial-launcher-'))
  projects.push(project)
  cpSync(join(ROOT, 'bin'), join(project, 'bin'), { recursive: true })
  const start = { start: 'node bin/run.mjs start', sundial: 'node bin/run.mjs sundial' }
  put('package.json', JSON.stringify({ name: 'fixture', version: '1.0.0', type: 'module', scripts: start }))
  const packages = { '': { name: 'fixture', version: '1.0.0' } }
  put('package-lock.json', JSON.stringify({ name: 'fixture', version: '1.0.0', lockfileVersion: 3, packages }))
  put('node_modules/.package-lock.json', JSON.stringify({ packages: {} }))
  symlinkSync(join(ROOT, 'node_modules', PINNED), join(project, 'node_modules', PINNED))
  put('node_modules/vite/package.json', JSON.stringify({ name: 'vite', bin: { vite: 'vite.js' } }))
  put(
    'node_modules/vite/vite.js',
    `require('node:fs').appendFileSync('builds', process.argv.slice(2).join(' ') + '\\n')`,
  )
  put('src/app/cli.ts', `console.log(JSON.stringify({ node: process.execPath, args: process.argv.slice(2) }))`)
  put(
    'src/app/server.ts',
    `for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
       process.on(signal, () => { console.log(signal); process.exit(7) })
     setInterval(() => {}, 1000)
     console.log('listening ' + process.pid)`,
  )
})

function put(path: string, text: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true })
  writeFileSync(join(project, path), text)
}

const run = (args: string[], options: { node?: string; env?: NodeJS.ProcessEnv } = {}) =>
  spawnSync(options.node ?? process.execPath, ['bin/run.mjs', ...args], {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, ...options.env },
  })

const builds = () =>
  existsSync(join(project, 'builds')) ? readFileSync(join(project, 'builds'), 'utf8').trim().split('\n') : []

interface Running {
  child: ChildProcess
  /** Of the server below the launcher. */
  pid: number
  output(): string
}

async function serving(program: string, args: string[]): Promise<Running> {
  const child = spawn(program, args, { cwd: project, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  onTestFinished(() => {
    if (isRunning(Number(child.pid))) process.kill(-Number(child.pid), 'SIGKILL')
  })
  let output = ''
  const collect = (chunk: Buffer) => {
    output += chunk.toString()
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  for (;;) {
    const pid = /listening (\d+)/.exec(output)?.[1]
    if (pid) return { child, pid: Number(pid), output: () => output }
    if (child.exitCode !== null) throw new Error(output)
    await sleep(10)
  }
}

function isRunning(pid: number): boolean {
  return /^[^ZX]/.test(spawnSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim())
}

const exitOf = (child: ChildProcess) =>
  new Promise<number | null>((resolve) =>
    child.exitCode === null ? child.once('exit', resolve) : resolve(child.exitCode),
  )

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20)
}

test('a program runs on the pinned Node, gets its arguments as they are, and alone writes to standard output', () => {
  const { stdout, status } = run(['sundial', 'user', '--name', 'A "b" $c', ''])
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toEqual({
    node: expect.stringContaining(PINNED),
    args: ['user', '--name', 'A "b" $c', ''],
  })
})

test('exit codes come through', () => {
  put('src/app/cli.ts', 'process.exit(42)')
  expect(run(['sundial']).status).toBe(42)
  put('src/app/cli.ts', "process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000)")
  expect(run(['sundial']).status).toBe(128 + 9)
  expect(run(['nonsense']).status).toBe(2)
})

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  '%s reaches the server, whose exit code is ours',
  async (signal) => {
    const { child, output } = await serving(process.execPath, ['bin/run.mjs', 'start'])
    child.kill(signal)
    expect(await exitOf(child)).toBe(7)
    expect(output()).toContain(signal)
  },
)

test.each(['SIGTERM', 'SIGKILL'] as const)('%s to npm alone ends the server too', async (signal) => {
  const { child, pid } = await serving('npm', ['start'])
  child.kill(signal)
  await until(() => !isRunning(pid))
})

test('the build runs at the first start, and again only when contents changed', () => {
  const start = () => {
    put('src/app/server.ts', 'process.exit(0)')
    const begun = performance.now()
    const { stderr, status } = run(['start'])
    expect(status).toBe(0)
    return { stderr, ms: performance.now() - begun }
  }
  put('src/routes/page.svelte', '<p>1</p>')
  expect(start().stderr).toMatch(/^Building… \d+\.\d s\n$/)
  expect(builds()).toEqual(['build'])
  expect(start().stderr).toBe('')

  utimesSync(join(project, 'src/routes/page.svelte'), 1, 1)
  put('src/routes/page.test.ts', 'a test is not built')
  start()
  expect(builds()).toEqual(['build'])

  put('src/routes/page.svelte', '<p>2</p>')
  start()
  expect(builds()).toHaveLength(2)
  rmSync(join(project, 'src/routes/page.svelte'))
  start()
  expect(builds()).toHaveLength(3)
})

test('a build that fails says everything, leaves nothing to start from, and is tried again', () => {
  put('node_modules/vite/vite.js', `console.log('line one'); console.error('line two'); process.exit(1)`)
  for (const _time of [1, 2]) {
    const { stderr, stdout, status } = run(['start'])
    expect(status).toBe(1)
    expect(stderr).toContain('line one\nline two')
    expect(stdout).toBe('')
  }
})

test('what the lock file names is installed when something else is there, and not otherwise', () => {
  const npm = join(project, 'npm-cli.js')
  writeFileSync(
    npm,
    `import { appendFileSync } from 'node:fs'; appendFileSync('installs', process.argv.slice(2, 3) + '\\n')`,
  )
  const installs = () => (existsSync(join(project, 'installs')) ? readFileSync(join(project, 'installs'), 'utf8') : '')
  const env = { npm_execpath: npm }
  run(['sundial'], { env })
  expect(installs()).toBe('')

  const lock = (packages: object) => put('package-lock.json', JSON.stringify({ packages: { '': {}, ...packages } }))
  lock({ 'node_modules/other-platform': { version: '1.0.0', optional: true } })
  run(['sundial'], { env })
  expect(installs()).toBe('')
  lock({ 'node_modules/a': { version: '1.0.0', integrity: 'sha512-x' } })
  expect(run(['sundial'], { env }).stderr).toMatch(/^Installing dependencies \(once\)… \d+\.\d s\n$/)
  expect(installs()).toBe('ci\n')
  put(
    'node_modules/.package-lock.json',
    JSON.stringify({ packages: { 'node_modules/a': { version: '0.9.0', integrity: 'sha512-x' } } }),
  )
  run(['sundial'], { env })
  expect(installs()).toBe('ci\nci\n')
})

test('a Node that does not run is explained, with the package that is missing', () => {
  rmSync(join(project, 'node_modules', PINNED))
  put(
    `node_modules/${PINNED}/bin/node`,
    '#!/bin/sh\necho "error while loading shared libraries: libatomic.so.1" >&2\nexit 127\n',
  )
  chmodSync(join(project, 'node_modules', PINNED, 'bin/node'), 0o755)
  const fallback = run(['sundial'])
  expect(fallback.stderr).toContain(`Using this machine's Node ${process.version}`)
  expect(JSON.parse(fallback.stdout)).toMatchObject({ node: process.execPath })

  // As an older Node would see itself.
  put(
    'old.mjs',
    `Object.defineProperty(process.versions, 'node', { value: '20.0.0' }); process.argv[2] = 'sundial'; await import('./bin/run.mjs')`,
  )
  const refused = spawnSync(process.execPath, ['old.mjs', 'sundial'], { cwd: project, encoding: 'utf8' })
  expect(refused.status).toBe(1)
  expect(refused.stderr).toContain('apt-get install libatomic1')
  expect(refused.stdout).toBe('')
})
