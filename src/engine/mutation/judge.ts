/**
 * `node judge.ts FOLDER`: lets the engine copied to FOLDER answer all published vectors and prints how many it misses and
 * which comes first.
 */
import { pathToFileURL } from 'node:url'
import { topics, vectorsOf } from '../vectors/files.ts'

export interface Verdict {
  missed: number
  first: string | null
}

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: node judge.ts FOLDER')
const { answerScenario }: { answerScenario(scenario: unknown): unknown } = await import(
  pathToFileURL(`${folder}/scenario.ts`).href
)

const missed = topics()
  .flatMap(vectorsOf)
  .filter(
    (vector) => JSON.stringify(answerScenario(vector)) !== JSON.stringify({ id: vector.id, starts: vector.expected }),
  )
const verdict: Verdict = { missed: missed.length, first: missed[0]?.id ?? null }
process.stdout.write(JSON.stringify(verdict))
