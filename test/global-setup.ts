import { mkdtempSync, rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
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

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'sundial-test-'))
  // The server of a run by root belongs to another user, who has to get in.
  await chmod(folder, 0o755)
  project.provide('databaseDir', folder)
  return async () => {
    await stopEmbedded(folder)
    rmSync(folder, { recursive: true })
  }
}
