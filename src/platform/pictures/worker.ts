import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { Card } from './card.ts'
import type { Drawn } from './draw-process.ts'

/** A process that draws. */
export interface Worker {
  pid: number | undefined
  /** False: it has ended, whatever the reason. */
  isThere(): boolean
  /** One at a time. @throws when it cannot be drawn, the process ends, or `mostMs` are over; then it has to be stopped */
  paint(card: Card, mostMs: number): Promise<Uint8Array<ArrayBuffer>>
  stop(): void
}

const PROGRAM = join(import.meta.dirname, 'draw-process.ts')

export function startWorker(): Worker {
  const child = fork(PROGRAM, [], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // Nothing of our environment, which holds secrets.
    ...(process.platform === 'win32' ? {} : { env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } }),
  })
  child.on('error', () => undefined)
  return {
    pid: child.pid,
    isThere: () => child.connected,
    stop: () => void child.kill('SIGKILL'),
    paint: (card, mostMs) =>
      new Promise((resolve, reject) => {
        const settled = new AbortController()
        const { signal } = settled
        const fail = (reason: string) => {
          settled.abort()
          reject(new Error(reason))
        }
        const late = setTimeout(() => fail(`not drawn within ${mostMs} ms`), mostMs)
        signal.addEventListener('abort', () => {
          clearTimeout(late)
          child.removeAllListeners('message').removeAllListeners('exit')
        })
        child.once('exit', (code, killed) => fail(`the drawing process ended with ${killed ?? code}`))
        child.once('message', (drawn: Drawn) => {
          if ('problem' in drawn) return fail(drawn.problem)
          settled.abort()
          resolve(drawn.png)
        })
        child.send(card, (error) => error && fail(error.message))
      }),
  }
}
