import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { captured } from './child.mjs'
import { inRoot, StepFailure } from './paths.mjs'
import { progress } from './progress.mjs'

/** Installs what package-lock.json names, unless exactly that is there. */
export async function install() {
  if (isInstalled()) return
  const [program, ...first] = npm()
  const { code, output } = await progress('Installing dependencies (once)', () =>
    captured(program, [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error']),
  )
  if (code !== 0) throw new StepFailure(`${output.trim()}\n\nnpm ci failed with exit code ${code}.`)
}

/** npm writes down what it installed, in the form of the lock file, as the last thing it does: compare the two. */
function isInstalled() {
  const written = inRoot('node_modules', '.package-lock.json')
  if (!existsSync(written)) return false
  const wanted = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages
  const got = JSON.parse(readFileSync(written, 'utf8')).packages
  return Object.entries(wanted).every(([path, { version, integrity, optional, peer }]) => {
    if (path === '') return true
    // Optional ones are there for some platforms only, and may be left out on purpose.
    if (!got[path]) return Boolean(optional || peer)
    return got[path].version === version && got[path].integrity === integrity
  })
}

/**
 * The npm that runs us, else the one that came with this Node, else whichever is found.
 * @returns {[program: string, ...first: string[]]}
 */
function npm() {
  const beside = join(
    dirname(process.execPath),
    ...(process.platform === 'win32' ? [] : ['..', 'lib']),
    'node_modules',
    'npm',
    'bin',
    'npm-cli.js',
  )
  const script = [process.env.npm_execpath, beside].find((path) => path?.endsWith('npm-cli.js') && existsSync(path))
  return script ? [process.execPath, script] : ['npm']
}
