import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter } from 'node:path'
import { inRoot, StepFailure } from './paths.mjs'

const LEAST_SYSTEM_MAJOR = 24

/**
 * The Node that is pinned in package-lock.json, or this machine's own when that one does not run and this one is new enough.
 * Its directory comes first in PATH for everything started from here.
 */
export function findNode() {
  const windows = process.platform === 'win32'
  const platform = `${windows ? 'win' : process.platform}-${process.arch}`
  const prefix = platform === 'darwin-arm64' ? 'node-bin' : 'node'
  const folder = inRoot('node_modules', `${prefix}-${platform}`, 'bin')
  const pinned = inRoot('node_modules', `${prefix}-${platform}`, 'bin', windows ? 'node.exe' : 'node')
  const trouble = existsSync(pinned) ? whyNot(pinned) : `there is none for ${platform}`
  const path = [...(trouble ? [] : [folder]), inRoot('node_modules', '.bin'), process.env.PATH]
  process.env.PATH = path.join(delimiter)
  if (!trouble) return pinned

  if (Number.parseInt(process.versions.node, 10) < LEAST_SYSTEM_MAJOR) {
    const hint = trouble.includes('libatomic')
      ? '\nInstall it: apt-get install libatomic1   (or: dnf install libatomic)'
      : ''
    throw new StepFailure(
      `The Node that comes with this project does not run: ${trouble}${hint}\nOr start with Node ${LEAST_SYSTEM_MAJOR} or newer of your own (this is ${process.version}).`,
    )
  }
  console.error(
    `Using this machine's Node ${process.version}, because the one of this project does not run: ${trouble}`,
  )
  return process.execPath
}

/** @param {string} node */
function whyNot(node) {
  const { status, stderr, error } = spawnSync(node, ['--version'], { encoding: 'utf8' })
  return status === 0 ? undefined : (stderr || String(error)).trim()
}
