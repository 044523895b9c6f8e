import type { TestProject } from 'vitest/node'
import { removeScratch, scratchFolder } from './scratch.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the server of this run. It starts with the first test that asks for a database. */
    databaseDir: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await scratchFolder('test')
  project.provide('databaseDir', folder)
  return () => removeScratch(folder)
}
