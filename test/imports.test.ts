import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checkImports, nodeInBrowser } from './imports.ts'

const fixture = fileURLToPath(new URL('./forbidden-imports', import.meta.url))

describe('the import rules', () => {
  it('refuse every import of the fixture that says it is forbidden, and no other', () => {
    const refused = checkImports(fixture).violations.map(({ edge }) => edge.split(' → ')[0])
    const files = globSync('{src,sdk/src}/**/*.{ts,svelte}', { cwd: fixture })
    const forbidden = files.filter((file) => readFileSync(`${fixture}/${file}`, 'utf8').includes('forbidden'))
    expect([...new Set(refused)].sort()).toEqual(forbidden.sort())
    expect(forbidden.length).toBeGreaterThan(15)
  })

  it('keep what only Node has out of pages, however far away it is imported', () => {
    const page = 'src/routes/(app)/Digest.svelte'
    expect(nodeInBrowser(fixture)).toEqual([`${page} → src/routes/(app)/digest.ts → node:crypto`])
  })
})
