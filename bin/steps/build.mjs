import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { captured } from './child.mjs'
import { binOf, inRoot, present, StepFailure } from './paths.mjs'
import { progress } from './progress.mjs'

const STAMP = inRoot('build', '.stamp.json')
/** What the result depends on. */
const FOLDERS = ['src', 'static']
const FILES = ['package-lock.json', 'tsconfig.json']
const CONFIG = /^vite\.(.*\.)?config\.[cm]?[jt]s$/
/** Tests are not built; what the build writes below src would make it stale at once. */
const IRRELEVANT = /\.test\.ts$|^src\/platform\/i18n\/generated\//

/** @param {string} node */
export async function build(node) {
  rmSync(STAMP, { force: true })
  const sources = listSources()
  const stamp = { looks: looksOf(sources), contents: contentsOf(sources) }
  await progress('Building', async () => {
    await vite(node)
  })
  mkdirSync(inRoot('build'), { recursive: true })
  writeFileSync(STAMP, JSON.stringify(stamp))
  return 0
}

/**
 * Sizes and times are compared first; only when they differ, as after a fresh checkout, are the contents.
 * @param {string} node
 */
export async function buildWhenStale(node) {
  const stamp = existsSync(STAMP) ? JSON.parse(readFileSync(STAMP, 'utf8')) : {}
  const sources = listSources()
  const looks = looksOf(sources)
  if (stamp.looks === looks) return
  if (stamp.contents === contentsOf(sources)) {
    writeFileSync(STAMP, JSON.stringify({ ...stamp, looks }))
    return
  }
  await build(node)
}

/** @param {string} node */
async function vite(node) {
  const { code, output } = await captured(node, [binOf('vite', 'vite'), 'build'])
  if (code !== 0) throw new StepFailure(`${output.trim()}\n\nvite build failed with exit code ${code}.`)
}

function listSources() {
  const configs = readdirSync(inRoot()).filter((name) => CONFIG.test(name))
  const single = [...FILES, ...configs].filter((name) => present(name))
  return [...single, ...FOLDERS.flatMap(filesBelow)].filter((path) => !IRRELEVANT.test(path)).sort()
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesBelow(folder) {
  if (!present(folder)) return []
  return readdirSync(inRoot(folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

/** @param {string[]} sources */
function looksOf(sources) {
  return digest(sources, (path) => {
    const { size, mtimeMs } = statSync(inRoot(path))
    return `${size} ${mtimeMs}`
  })
}

/** @param {string[]} sources */
const contentsOf = (sources) => digest(sources, (path) => readFileSync(inRoot(path)))

/**
 * @param {string[]} sources
 * @param {(path: string) => string | Buffer} partOf
 */
function digest(sources, partOf) {
  const hash = createHash('sha256')
  for (const path of sources) hash.update(`${path}\0`).update(partOf(path)).update('\0')
  return hash.digest('hex')
}
