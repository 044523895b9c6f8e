import { execFile } from 'node:child_process'
import { chownSync, existsSync, readFileSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { promisify } from 'node:util'
import { EmbeddedError } from './error.ts'

const run = promisify(execFile)

/** As whom the server's programs run. PostgreSQL refuses user 0, so root has to be somebody else. */
export interface Identity {
  /** Options of `spawn`. */
  process: { uid?: number; gid?: number }
  command(program: string, args: readonly string[]): [string, string[]]
  /** Gives a file made by us to that user. */
  own(file: string): void
}

interface User {
  uid: number
  gid: number
}

const NOBODY = 65_534

/**
 * Chooses that user: ourselves; or, for root, the owner of an existing `clusterDir`, else `postgres`, else `nobody`, if they
 * can reach `dataDir`; else root under another number inside a user namespace, where the files stay root's own.
 * @throws EmbeddedError when none of them can work, with the way out.
 */
export async function chooseIdentity(dataDir: string, clusterDir: string): Promise<Identity> {
  const owner = existsSync(clusterDir) ? statSync(clusterDir) : null
  const self = process.getuid?.()
  if (self === undefined) return ourselves
  if (self !== 0) return ordinaryUser(self, owner, clusterDir)

  if (owner && owner.uid !== 0) return as(owner)
  if (!owner) {
    const user = unprivilegedUser()
    if (user && (await reaches(user, dataDir))) return as(user)
  }
  if (await namespacesWork()) return namespaced
  throw new EmbeddedError(
    owner
      ? `${clusterDir} belongs to root, PostgreSQL refuses to run as root, and user namespaces are not available here. Give it away with: chown -R nobody "${clusterDir}"`
      : `PostgreSQL refuses to run as root, and no other user can reach ${dataDir}. Set SUNDIAL_DATA_DIR to a directory that others can enter, such as /var/lib/sundial, or start as an ordinary user.`,
  )
}

async function ordinaryUser(self: number, owner: User | null, clusterDir: string): Promise<Identity> {
  if (owner && owner.uid !== self) {
    throw new EmbeddedError(
      `${clusterDir} belongs to user ${owner.uid}, and this process runs as user ${self}. Start Sundial as that user, or as root.`,
    )
  }
  // initdb wants a name for its user; containers started with a bare number have none.
  if (hasName() || !(await namespacesWork())) return ourselves
  return namespaced
}

function hasName(): boolean {
  try {
    return userInfo().username !== ''
  } catch {
    // Thrown where the list of users has no line for this number.
    return false
  }
}

const ourselves: Identity = { process: {}, command: (program, args) => [program, [...args]], own: () => undefined }

const MAPPED = ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`]
const namespaced: Identity = { ...ourselves, command: (program, args) => ['unshare', [...MAPPED, program, ...args]] }

function as({ uid, gid }: User): Identity {
  return { ...ourselves, process: { uid, gid }, own: (file) => chownSync(file, uid, gid) }
}

function unprivilegedUser(): User | null {
  if (!existsSync('/etc/passwd')) return null
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const found = ['postgres', 'nobody'].map((name) => users.find((user) => user[0] === name)).find((user) => user)
  const [uid, gid] = [Number(found?.[2]), Number(found?.[3])]
  return uid > 0 && gid >= 0 ? { uid, gid } : null
}

async function reaches({ uid, gid }: User, folder: string): Promise<boolean> {
  return succeeds('/bin/sh', ['-c', 'test -x "$0"', folder], { uid, gid })
}

const namespacesWork = () => succeeds('unshare', [...MAPPED, '/bin/sh', '-c', ':'], {})

async function succeeds(program: string, args: string[], as: { uid?: number; gid?: number }): Promise<boolean> {
  try {
    await run(program, args, { ...as, cwd: '/' })
    return true
  } catch {
    return false
  }
}
