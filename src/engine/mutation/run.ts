/**
 * `node src/engine/mutation/run.ts`: breaks one rule of the engine at a time, in a copy, and lets the published vectors
 * judge it. Every mutant must be killed. Prints a table; exits with 1 when a mutant survives or its pattern is gone.
 */
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Verdict } from './judge.ts'
import { type Mutant, mutants } from './mutants.ts'

const LONGEST_MS = 15_000

const run = promisify(execFile)
const engine = fileURLToPath(new URL('../', import.meta.url))
const judge = fileURLToPath(new URL('./judge.ts', import.meta.url))
const nodeModules = fileURLToPath(new URL('../../../node_modules', import.meta.url))

interface Outcome {
  mutant: Mutant
  isKilled: boolean
  how: string
}

/** Applies the mutation to a copy of the engine; throws when its pattern does not occur exactly once. */
function mutate(folder: string, { file, search, replace }: Mutant): void {
  const path = join(folder, file)
  const source = readFileSync(path, 'utf8')
  const found = source.split(search).length - 1
  if (found !== 1) throw new Error(`the pattern occurs ${found} times in ${file}: ${search}`)
  writeFileSync(
    path,
    source.replace(search, () => replace),
  )
}

async function judged(folder: string): Promise<Verdict> {
  const { stdout } = await run(process.execPath, [judge, folder], { timeout: LONGEST_MS })
  return JSON.parse(stdout)
}

/** Makes a copy of the engine, without its tests and vectors, and gives it to `use`. */
async function withCopy<T>(root: string, name: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(root, name)
  cpSync(engine, folder, {
    recursive: true,
    filter: (path) => path === engine || (path.endsWith('.ts') && !path.endsWith('.test.ts')),
  })
  return use(folder)
}

async function tryMutant(root: string, mutant: Mutant, index: number): Promise<Outcome> {
  try {
    return await withCopy(root, `mutant-${index}`, async (folder) => {
      mutate(folder, mutant)
      const { missed, first } = await judged(folder)
      return { mutant, isKilled: missed > 0, how: missed > 0 ? `${missed} vectors, first ${first}` : 'SURVIVES' }
    })
  } catch (error) {
    // Running for ever is a death too; a copy that does not load is a badly written mutant.
    if (error instanceof Error && 'killed' in error && error.killed) {
      return { mutant, isKilled: true, how: `no answer within ${LONGEST_MS / 1000} s` }
    }
    return { mutant, isKilled: false, how: `BROKEN: ${error instanceof Error ? error.message : String(error)}` }
  }
}

/** Runs all mutants, as many at a time as there are processors. */
async function tryAll(root: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  let next = 0
  const work = async () => {
    for (let i = next++; i < mutants.length; i = next++) outcomes[i] = await tryMutant(root, mutants[i]!, i)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return outcomes
}

function print(outcomes: Outcome[]): void {
  const width = Math.max(...outcomes.map(({ mutant }) => mutant.rule.length))
  for (const { mutant, isKilled, how } of outcomes) {
    process.stdout.write(
      `${isKilled ? 'killed  ' : 'NOT KILLED'} ${mutant.rule.padEnd(width)}  ${mutant.file}  ${how}\n`,
    )
  }
  const killed = outcomes.filter(({ isKilled }) => isKilled).length
  process.stdout.write(`${killed} of ${outcomes.length} mutants killed\n`)
}

const root = mkdtempSync(join(tmpdir(), 'mutants-'))
try {
  writeFileSync(join(root, 'package.json'), '{"type":"module"}')
  symlinkSync(nodeModules, join(root, 'node_modules'), 'junction')
  const sound = await withCopy(root, 'sound', judged)
  if (sound.missed > 0) throw new Error(`the engine itself misses ${sound.missed} vectors, first ${sound.first}`)
  const outcomes = await tryAll(root)
  print(outcomes)
  if (outcomes.some(({ isKilled }) => !isKilled)) process.exitCode = 1
} finally {
  rmSync(root, { recursive: true })
}
