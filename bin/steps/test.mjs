import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildWhenStale } from './build.mjs'
import { captured, foreground } from './child.mjs'
import { binOf, inRoot, present, StepFailure } from './paths.mjs'
import { progress } from './progress.mjs'

const BROWSER_CONFIG = 'vitest.e2e.config.ts'
/** @param {string} arg */
const isBrowserTest = (arg) => /(^|\/)test\/e2e(\/|$)/.test(arg)

/**
 * Without arguments: every test, ending with one line of totals. With arguments: one run of vitest with them, against the
 * built application if they name browser tests.
 * @type {import('../run.mjs').Command}
 */
export async function test(node, args) {
  const browser = args.length === 0 ? present(BROWSER_CONFIG) : args.some(isBrowserTest)
  if (browser) {
    await findBrowser(node)
    await buildWhenStale(node)
  }
  const runs =
    args.length > 0
      ? [[...(browser ? ['--config', BROWSER_CONFIG] : []), ...args]]
      : [[], ...(browser ? [['--config', BROWSER_CONFIG]] : [])]
  const totals = { passed: 0, failed: 0 }
  for (const run of runs) {
    const { passed, failed } = await vitest(node, run)
    totals.passed += passed
    totals.failed += failed
  }
  console.log(`${totals.passed} passed, ${totals.failed} failed`)
  return totals.failed === 0 ? 0 : 1
}

/**
 * Before the long part begins: says which browser it is, or what to do to have one.
 * @param {string} node
 */
async function findBrowser(node) {
  const { code, output } = await progress('Finding a browser', () => captured(node, [inRoot('test', 'browser.ts')]))
  if (code !== 0) throw new StepFailure(output.trim())
  console.error(output.trim())
}

/**
 * @param {string} node
 * @param {string[]} args
 */
async function vitest(node, args) {
  const folder = mkdtempSync(join(tmpdir(), 'sundial-results-'))
  const file = join(folder, 'results.json')
  try {
    const reporters = [
      '--reporter=default',
      '--reporter=./test/second-tries.ts',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ]
    const code = await foreground(node, [binOf('vitest', 'vitest'), 'run', ...reporters, ...args])
    const { passed, failed } = existsSync(file)
      ? count(JSON.parse(readFileSync(file, 'utf8')))
      : { passed: 0, failed: 0 }
    // An error outside any test fails the run without failing a test.
    return { passed, failed: code === 0 ? failed : Math.max(failed, 1) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/**
 * What vitest's JSON reporter writes, as far as it is read here.
 * @typedef {{ status: string }} Result
 * @typedef {{ numPassedTests: number, numFailedTests: number, testResults: (Result & { assertionResults: Result[] })[] }} Report
 */

/**
 * A file that could not be loaded has failed without having a test.
 * @param {Report} report
 */
function count({ numPassedTests, numFailedTests, testResults }) {
  const broken = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  return { passed: numPassedTests, failed: numFailedTests + broken.length }
}
