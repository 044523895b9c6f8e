import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..')
export const inRoot = (...parts) => join(root, ...parts)
export const present = (...parts) => existsSync(inRoot(...parts))

/** The script behind a command of an installed package. */
export function binOf(packageName, command) {
  const folder = inRoot('node_modules', packageName)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof bin === 'string' ? bin : bin[command])
}

/** An error whose message is all that should be shown. */
export function failure(message) {
  return Object.assign(new Error(message), { shown: true })
}
