import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Scenario } from './scenario.ts'

/** What the command prints for a scenario. */
export interface Answer {
  id: string
  starts?: string[]
  error?: string
}

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url))

/** Runs the command once over all scenarios, in a process whose own zone is `zone`; answers by id. */
export function answersOf(scenarios: Scenario[], zone = 'UTC', command = cli): Map<string, Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'scenarios-'))
  try {
    const file = join(folder, 'scenarios.json')
    writeFileSync(file, JSON.stringify({ scenarios }))
    const printed = execFileSync(process.execPath, [command, file], {
      encoding: 'utf8',
      env: { TZ: zone },
      maxBuffer: 1 << 28,
    })
    const answers = printed
      .trimEnd()
      .split('\n')
      .map((line): Answer => JSON.parse(line))
    return new Map(answers.map((answer) => [answer.id, answer]))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
