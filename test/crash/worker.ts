import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

const SERVER = fileURLToPath(new URL('../../src/app/server.ts', import.meta.url))

/**
 * A worker in a process of its own, for the tests of a file. It does not outlive them.
 * @param environment asked at each start, for what it is told beside where its files are
 */
export function useWorker(environment: () => Record<string, string>) {
  const dataDir = mkdtempSync(join(tmpdir(), 'sundial-worker-'))
  /** When it was killed, milliseconds of performance.now(). */
  const kills: number[] = []
  let worker: ChildProcess | null = null
  afterAll(async () => {
    if (worker) await endWorker('SIGKILL')
    rmSync(dataDir, { recursive: true, force: true })
  })

  async function startWorker(): Promise<void> {
    const child = spawn(process.execPath, [SERVER], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...{ PATH: process.env.PATH, LOG_LEVEL: 'silent', SUNDIAL_ROLES: 'worker', SUNDIAL_DATA_DIR: dataDir },
        ...{ SUNDIAL_URL: 'https://book.example.org', ...environment() },
      },
    })
    worker = child
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)))
      child.stdout.on('data', (text: Buffer) => /is ready/.test(text.toString()) && resolve())
    })
    child.removeAllListeners('exit')
  }

  /** @returns its exit code */
  async function endWorker(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = worker
    if (!child) throw new Error('no worker runs')
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
    child.kill(signal)
    if (signal === 'SIGKILL') kills.push(performance.now())
    worker = null
    return ended
  }

  return { startWorker, endWorker, kills }
}
