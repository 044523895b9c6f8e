import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

test('every setting is documented, and every documented setting exists', () => {
  const existing = [...read('src/platform/config.ts').matchAll(/(?:read\.\w+|postgresUrl)\('([A-Z_]+)'/g)]
  const documented = [...read('docs/self-hosting/configuration.md').matchAll(/`([A-Z][A-Z_]+)`/g)]
  const names = (matches: RegExpExecArray[]) => [...new Set(matches.map((match) => match[1]))].sort()
  expect(existing.length).toBeGreaterThan(20)
  expect(names(documented)).toEqual(names(existing))
})
