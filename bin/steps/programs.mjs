import { foreground } from './child.mjs'
import { inRoot } from './paths.mjs'

/**
 * @param {string[]} path
 * @returns {import('../run.mjs').Command}
 */
const program =
  (...path) =>
  (node, args) =>
    foreground(node, [inRoot(...path), ...args])

/** Node keeps what it compiled, types stripped, for the next start: a third less work and 15 MB less memory. A new build empties it. */
const COMPILED = inRoot('build', '.compiled')

/** The server gives back once what its start has left behind: some 45 MB that V8 would otherwise keep until it needs room. */
export const SERVER_FLAGS = ['--expose-gc']

/** @type {import('../run.mjs').Command} */
export function spawnServer(node, args) {
  return foreground(node, [...SERVER_FLAGS, inRoot('src', 'app', 'server.ts'), ...args], {
    env: { NODE_ENV: 'production', NODE_COMPILE_CACHE: COMPILED, ...process.env },
  })
}
export const spawnDev = program('src', 'app', 'dev.ts')
export const spawnBench = program('bench', 'run.ts')
export const spawnSlots = program('src', 'engine', 'cli.ts')
export const spawnCli = program('src', 'app', 'cli.ts')
