import { captured, foreground } from './child.mjs'
import { binOf, inRoot } from './paths.mjs'
import { seconds } from './progress.mjs'

const AT_ONCE = 2

/**
 * Everything that can be said about the code without running it. All of it runs, whatever fails.
 * @type {import('../run.mjs').Command}
 */
export async function check(node) {
  const sync = await step(node, 'generated types', [binOf('@sveltejs/kit', 'svelte-kit'), 'sync'])
  /** @type {[name: string, args: string[]][]} */
  const waiting = [
    ['components', [binOf('svelte-check', 'svelte-check'), '--tsgo', '--fail-on-warnings']],
    ['types', [binOf('@typescript/native', 'tsc'), '--project', '.']],
    [
      'types of the service worker',
      [binOf('@typescript/native', 'tsc'), '--project', inRoot('src', 'app', 'service-worker')],
    ],
    ['style and lint', [binOf('@biomejs/biome', 'biome'), 'check', '--error-on-warnings']],
    ['import rules', [inRoot('test', 'imports.ts')]],
    ['dead code', [binOf('knip', 'knip')]],
  ]
  const results = [sync]
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results.push(await step(node, ...next))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))

  const failed = results.filter((result) => !result.ok)
  if (failed.length > 0) console.log(`\nFailed: ${failed.map((result) => result.name).join(', ')}`)
  console.log(`${results.length - failed.length} passed, ${failed.length} failed`)
  return failed.length === 0 ? 0 : 1
}

/**
 * @param {string} node
 * @param {string} name
 * @param {string[]} args
 */
async function step(node, name, args) {
  const begun = performance.now()
  const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1', FORCE_COLOR: undefined }
  const { code, output } = await captured(node, args, { env: { ...process.env, ...color } })
  const ok = code === 0
  console.log(`${ok ? '✓' : '✗'} ${name} ${seconds(begun)}`)
  if (!ok) console.log(`${output.trim()}\n`)
  return { name, ok }
}

/** @type {import('../run.mjs').Command} */
export function format(node, args) {
  return foreground(node, [binOf('@biomejs/biome', 'biome'), 'check', '--write', ...args])
}
