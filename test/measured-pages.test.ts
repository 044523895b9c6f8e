import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { MEASURED, NOT_MEASURED } from '../bench/pages.ts'

const ROUTES = join(import.meta.dirname, '..', 'src', 'routes')

/** Every folder that answers something: a page, its load alone, or a source of data. As Kit names them. */
function routes(): string[] {
  const files = globSync('**/{+page,+page@*,+page.server,+server}.{svelte,ts}', { cwd: ROUTES })
  return [...new Set(files.map((file) => `/${dirname(file).replaceAll('\\', '/')}`.replace(/^\/\.$/, '/')))].sort()
}

it('every page and every source of data is measured by `npm run bench product`, or it is said why not', () => {
  const known = [...MEASURED.map(({ route }) => route), ...Object.keys(NOT_MEASURED)]
  expect(routes().length).toBeGreaterThan(80)
  expect(
    routes().filter((route) => !known.includes(route)),
    'these are not in bench/pages.ts',
  ).toEqual([])
  expect(
    known.filter((route) => !routes().includes(route)),
    'bench/pages.ts names these, which are no routes',
  ).toEqual([])
  expect(MEASURED.filter(({ route }) => route in NOT_MEASURED).map(({ route }) => route)).toEqual([])
})
