import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..')
/** @param {string[]} parts */
export const inRoot = (...parts) => join(root, ...parts)
/** @param {string[]} parts */
export const present = (...parts) => existsSync(inRoot(...parts))

/**
 * The script behind a command of an installed package.
 * @param {string} packageName
 * @param {string} command
 */
export function binOf(packageName, command) {
  const folder = inRoot('node_modules', packageName)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof bin === 'string' ? bin : bin[command])
}

/** Its message is all that should be shown. */
export class StepFailure extends Error {}
