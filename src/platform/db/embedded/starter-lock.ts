import { closeSync, constants, openSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedError } from './error.ts'

const RETRY_MS = 15
const PATIENCE_MS = 180_000

/**
 * Runs `work` while no other process starts or stops the server of `dataDir`. The lock is one that the kernel takes back
 * when its holder dies, however it dies, so it can never be stale.
 */
export async function withStarterLock<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const release = await acquire(dataDir)
  try {
    return await work()
  } finally {
    await release()
  }
}

type Release = () => void | Promise<void>

async function acquire(dataDir: string): Promise<Release> {
  const deadline = performance.now() + PATIENCE_MS
  // The inode names the directory whatever path, link or mount it was reached through.
  const { dev, ino } = statSync(dataDir)
  const name = `sundial-postgres-${dev}-${ino}`
  for (;;) {
    const release =
      process.platform === 'darwin' ? lockFile(join(dataDir, 'starter.lock')) : await listenOn(socketName(name))
    if (release) return release
    if (performance.now() > deadline) {
      throw new EmbeddedError(
        `Another process has been starting or stopping the database in ${dataDir} for ${PATIENCE_MS / 60_000} minutes. End it, then start again.`,
      )
    }
    await sleep(RETRY_MS)
  }
}

/** Linux: the abstract socket namespace, without a file. Windows: a named pipe. */
function socketName(name: string): string {
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : `\0${name}`
}

function listenOn(path: string): Promise<Release | null> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    )
    server.listen(path, () => resolve(() => new Promise<void>((closed) => server.close(() => closed()))))
  })
}

/** macOS has no abstract sockets, but can lock a file while opening it. */
function lockFile(path: string): Release | null {
  const O_EXLOCK = 0x20
  try {
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK, 0o600)
    return () => closeSync(fd)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return null
    throw error
  }
}
