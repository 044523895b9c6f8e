import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Locked {
  version?: string
  integrity?: string
  optional?: boolean
  os?: string[]
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, Locked>
}

/** Where Node would find `name` from the package at `path`. */
function resolved(path: string, name: string): Locked | undefined {
  for (let folder = path; ; folder = folder.slice(0, folder.lastIndexOf('node_modules/')).replace(/\/$/, '')) {
    const found = packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]
    if (found || folder === '') return found
  }
}

test('the lock file names the packages of every platform, or a clean install fails', () => {
  const missing = Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !resolved(path, name))
      .map((name) => `${name}, wanted by ${path || 'this project'}`),
  )
  expect(missing).toEqual([])
})

test('what this platform installs is held to a checksum', () => {
  const unchecked = Object.entries(packages)
    .filter(([path, { integrity, os }]) => path !== '' && !integrity && (!os || os.includes(process.platform)))
    .filter(([, { optional }]) => !optional)
  expect(unchecked).toEqual([])
})
