/**
 * Writes the published vectors: `node src/engine/vectors/generate.ts`. The scenarios are written by hand in `rules/`, one list per
 * topic; the expected starts are the oracle's. Where a case states its starts, the oracle must agree or nothing is written.
 */
import { readdirSync, writeFileSync } from 'node:fs'
import { oracleStarts } from '../oracle/oracle.ts'
import { type Case, scenarioOf, startsOf, type Vector } from './notation.ts'

const rulesFolder = new URL('./rules/', import.meta.url)
const disagreements: string[] = []
let total = 0
let byHand = 0

for (const file of readdirSync(rulesFolder).toSorted()) {
  const topic = file.replace(/\.ts$/, '')
  const { cases }: { cases: Case[] } = await import(new URL(file, rulesFolder).href)
  const vectors = cases.map((written, i) => vectorOf(`${topic}-${String(i + 1).padStart(3, '0')}`, topic, written))
  total += cases.length
  byHand += cases.filter((written) => written.hand !== undefined).length
  if (disagreements.length > 0) continue
  writeFileSync(new URL(`./${topic}.json`, import.meta.url), `${print(vectors)}\n`)
}

if (disagreements.length > 0) {
  process.stderr.write(`${disagreements.join('\n')}\n`)
  process.exitCode = 1
} else {
  process.stdout.write(`${total} vectors, ${byHand} of them also worked out by hand\n`)
}

function vectorOf(id: string, topic: string, written: Case): Vector {
  const scenario = scenarioOf(id, [topic], written)
  const expected = oracleStarts(scenario)
  if (written.hand !== undefined) {
    const stated = startsOf(written.hand)
    if (stated.join() !== expected.join()) {
      disagreements.push(`${id} ${written.title}\n  by hand ${stated.join(' ')}\n  oracle  ${expected.join(' ')}`)
    }
  }
  return { ...scenario, rule: written.rule, expected }
}

/** One line per vector, so that a change of one shows as a change of one. */
function print(scenarios: Vector[]): string {
  return `{"scenarios": [\n${scenarios.map((vector) => JSON.stringify(vector)).join(',\n')}\n]}`
}
