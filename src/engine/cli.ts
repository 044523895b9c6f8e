import { readFileSync } from 'node:fs'
import { answerScenario } from './scenario.ts'

/** Answers a file of scenarios, one JSON line each. Exits with 2 when the file itself cannot be read. */
function main(file: string | undefined): void {
  if (file === undefined) throw new Error('usage: npm run --silent slots -- FILE')
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const scenarios = typeof content === 'object' && content !== null && 'scenarios' in content ? content.scenarios : null
  if (!Array.isArray(scenarios)) throw new Error(`${file}: expected {"scenarios": [...]}`)
  for (const scenario of scenarios) console.log(JSON.stringify(answerScenario(scenario)))
}

try {
  main(process.argv[2])
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}
