import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { stopEmbedded } from '#platform/db/embedded.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the server of this run. It starts with the first test that asks for a database. */
    databaseDir: string
  }
}

const MEMORY = '/dev/shm'
const ENOUGH_MEMORY_BYTES = 2 ** 30

/** In memory where there is plenty: disks are several times slower, and nothing here has to last. */
function parentFolder(): string {
  if (!existsSync(MEMORY)) return tmpdir()
  const { bavail, bsize } = statfsSync(MEMORY)
  return bavail * bsize > ENOUGH_MEMORY_BYTES ? MEMORY : tmpdir()
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const parent = parentFolder()
  await removeAbandoned(parent)
  const folder = mkdtempSync(join(parent, `sundial-test-${process.pid}-`))
  // The server of a run by root belongs to another user, who has to get in.
  chmodSync(folder, 0o755)
  project.provide('databaseDir', folder)
  return () => remove(folder)
}

/** What a killed run left behind: its server outlives it by design. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of readdirSync(parent)) {
    const pid = Number(/^sundial-test-(\d+)-/.exec(name)?.[1])
    if (pid > 0 && !isRunning(pid)) await remove(join(parent, name))
  }
}

async function remove(folder: string): Promise<void> {
  await stopEmbedded(folder)
  rmSync(folder, { recursive: true, force: true })
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Somebody else's process may not be signalled, but is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
