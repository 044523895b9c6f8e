import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const text = readFileSync(new URL('../../docs/engine.md', import.meta.url), 'utf8')
const examples = Array.from(text.matchAll(/```ts\n(.*?)```/gs), (match) => match[1]!)
const folder = mkdtempSync(join(tmpdir(), 'examples-'))

test('there are examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(4)
})

test.each(examples.map((code, i) => [i + 1, code] as const))(
  'example %i of docs/engine.md prints what it says',
  (i, code) => {
    const path = join(folder, `${i}.mts`)
    writeFileSync(path, code.replaceAll('#engine/', new URL('./', import.meta.url).href))
    const printed = execFileSync(process.execPath, [path], { encoding: 'utf8' }).trimEnd()
    const promised = Array.from(code.matchAll(/^\/\/ → (.*)$/gm), (match) => match[1])
    expect(promised.length).toBeGreaterThan(0)
    expect(printed.split('\n')).toEqual(promised)
  },
)
