import { execFile } from 'node:child_process'
import { constants, existsSync, readFileSync } from 'node:fs'
import { access, chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const CACHE = fileURLToPath(new URL('../node_modules/.cache', import.meta.url))
const PACKAGE = '@sparticuz/chromium'

export interface Browser {
  executablePath: string
  args: string[]
}

/** Root has no sandbox to hand out, and there is no screen and no graphics card to count on. */
const ARGS = ['--headless', '--no-sandbox', '--disable-gpu']

/**
 * The Chromium that tests drive: `$E2E_CHROMIUM`, else one that is installed, else the one from the npm registry, which needs
 * no system package but is built for Linux on x64 only.
 * @throws when there is none, saying how to get one.
 */
export async function browserPath(): Promise<Browser> {
  const wanted = process.env.E2E_CHROMIUM
  if (wanted) {
    if (!existsSync(wanted)) throw new Error(`E2E_CHROMIUM names ${wanted}, which does not exist.`)
    return { executablePath: wanted, args: ARGS }
  }
  const installed = INSTALLED[process.platform]?.find((path) => existsSync(path))
  if (installed) return { executablePath: installed, args: ARGS }
  if (process.platform === 'linux' && process.arch === 'x64') return { executablePath: await packaged(), args: ARGS }
  throw new Error('The browser tests need Chromium, Chrome or Edge. Install one, or name it in E2E_CHROMIUM.')
}

const INSTALLED: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/opt/google/chrome/chrome',
    '/usr/bin/google-chrome',
    '/opt/microsoft/msedge/msedge',
  ],
  darwin: ['Chromium', 'Google Chrome', 'Microsoft Edge'].flatMap((name) =>
    ['/Applications', join(homedir(), 'Applications')].map((folder) => `${folder}/${name}.app/Contents/MacOS/${name}`),
  ),
  win32: ['C:\\Program Files', 'C:\\Program Files (x86)'].flatMap((folder) => [
    `${folder}\\Google\\Chrome\\Application\\chrome.exe`,
    `${folder}\\Microsoft\\Edge\\Application\\msedge.exe`,
  ]),
}

/** Unpacks the package once, complete by one rename, so that runs side by side and interrupted ones do no harm. */
async function packaged(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve(PACKAGE)
  const folder = join(CACHE, `chromium-${versionOf(entry)}`)
  const start = join(folder, 'start')
  if (existsSync(start)) return start

  await mkdir(CACHE, { recursive: true })
  const unfinished = await mkdtemp(join(CACHE, 'chromium-'))
  try {
    await unpack(entry, unfinished)
    await writeFile(join(unfinished, 'start'), startScript)
    await chmod(join(unfinished, 'start'), 0o755)
    await chmod(unfinished, 0o755)
    await rename(unfinished, folder)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    if (!existsSync(start)) throw error
  }
  await access(start, constants.X_OK)
  return start
}

function versionOf(entry: string): string {
  for (let folder = dirname(entry); ; folder = dirname(folder)) {
    const path = join(folder, 'package.json')
    if (!existsSync(path)) continue
    const { name, version } = JSON.parse(readFileSync(path, 'utf8')) as { name?: string; version?: string }
    if (name === PACKAGE && version) return version
  }
}

/** The package unpacks into the temporary folder, and brings its system libraries only where it believes to be on Lambda. */
async function unpack(entry: string, folder: string): Promise<void> {
  const script = `const { default: chromium } = await import(${JSON.stringify(entry)}); await chromium.executablePath()`
  const env = { ...process.env, TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' }
  await run(process.execPath, ['--input-type=module', '--eval', script], { env })
}

const startScript = `#!/bin/sh
here=$(dirname "$0")
export LD_LIBRARY_PATH="$here/al2023/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_PATH="$here/fonts"
exec "$here/chromium" "$@"
`

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log((await browserPath()).executablePath)
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 1
  }
}
