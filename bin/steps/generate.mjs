import { foreground } from './child.mjs'
import { inRoot } from './paths.mjs'

/**
 * Writes what is made of the API and committed: the client's operations, and how the API stands to the interface that clients know.
 * @type {import('../run.mjs').Command}
 */
export async function generate(node) {
  const client = await foreground(node, [inRoot('src', 'app', 'client', 'generate.ts')])
  return client === 0 ? foreground(node, [inRoot('test', 'compatibility.ts')]) : client
}
