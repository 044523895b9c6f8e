import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stopEmbedded } from '#platform/db/embedded.ts'

const MEMORY = '/dev/shm'
const ENOUGH_MEMORY_BYTES = 2 ** 30

/** A folder for the data of a run, removed with the next run of the same `purpose` when this one is killed. */
export async function scratchFolder(purpose: string): Promise<string> {
  const parent = parentFolder()
  await removeAbandoned(parent, purpose)
  const folder = mkdtempSync(join(parent, `sundial-${purpose}-${process.pid}-`))
  // The database server of a run by root belongs to another user, who has to get in.
  chmodSync(folder, 0o755)
  return folder
}

/** Stops the database server in a folder or directly below it, and removes the folder. */
export async function removeScratch(folder: string): Promise<void> {
  await stopEmbedded(folder)
  await stopEmbedded(join(folder, 'postgres'))
  rmSync(folder, { recursive: true, force: true })
}

/** In memory where there is plenty: disks are several times slower, and nothing here has to last. */
function parentFolder(): string {
  if (!existsSync(MEMORY)) return tmpdir()
  const { bavail, bsize } = statfsSync(MEMORY)
  return bavail * bsize > ENOUGH_MEMORY_BYTES ? MEMORY : tmpdir()
}

/** What a killed run left behind: its database server outlives it by design. */
async function removeAbandoned(parent: string, purpose: string): Promise<void> {
  for (const name of readdirSync(parent)) {
    const [, of, pid] = /^sundial-([a-z0-9]+)-(\d+)-/.exec(name) ?? []
    if (of === purpose && !isRunning(Number(pid))) await removeScratch(join(parent, name))
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Somebody else's process may not be signalled, but is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
