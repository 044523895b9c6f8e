import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '#platform/config.ts'
import type { Finding } from './finding.ts'

const LEAST_FREE_BYTES = 2 ** 30
const OTHERS = 0o077
/** PostgreSQL may let its group read. */
const OTHERS_OF_CLUSTER = 0o027

type Place = Pick<Config, 'dataDir' | 'secret' | 'database'>

/** The secret key, who can read what, and room on the disk. */
export async function filesFindings(config: Place): Promise<Finding[]> {
  return [keyFinding(config), folderFinding(config), ...clusterFindings(config), roomFinding(config)]
}

function keyFinding({ dataDir, secret }: Place): Finding {
  const subject = 'key'
  const file = join(dataDir, 'secret.key')
  const isStored = existsSync(file) && Buffer.from(readFileSync(file, 'utf8').trim(), 'base64').equals(secret)
  if (!isStored) return { subject, ok: true, text: '32 bytes from SUNDIAL_SECRET' }
  if (modeOf(file) & OTHERS) {
    return { subject, ok: false, text: `others can read ${file}`, fix: `chmod 600 "${file}"` }
  }
  return { subject, ok: true, text: `32 bytes in ${file}; keep a copy with your backups` }
}

function folderFinding({ dataDir }: Place): Finding {
  const subject = 'data folder'
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    return {
      subject,
      ok: false,
      text: `this user cannot write to ${dataDir}`,
      fix: `Run as the user of the server, or give the folder to this one with: chown -R $(id -u) "${dataDir}"`,
    }
  }
  if (modeOf(dataDir) & 0o002) {
    return { subject, ok: false, text: `everybody can write to ${dataDir}`, fix: `chmod o-w "${dataDir}"` }
  }
  return { subject, ok: true, text: `${dataDir} can be written by this user` }
}

function clusterFindings({ dataDir, database }: Place): Finding[] {
  const folder = join(dataDir, 'postgres', 'cluster')
  if (database.url !== null || !existsSync(folder)) return []
  const subject = 'database files'
  if (modeOf(folder) & OTHERS_OF_CLUSTER) {
    return [{ subject, ok: false, text: `others can read ${folder}`, fix: `chmod 700 "${folder}"` }]
  }
  return [{ subject, ok: true, text: `${folder} is for its owner only` }]
}

function roomFinding({ dataDir }: Place): Finding {
  const { bavail, bsize } = statfsSync(dataDir)
  const free = bavail * bsize
  const text = `${(free / 2 ** 30).toFixed(1)} GiB free for ${dataDir}`
  if (free >= LEAST_FREE_BYTES) return { subject: 'disk', ok: true, text }
  return { subject: 'disk', ok: false, text, fix: 'Make room: a database without any stops taking bookings.' }
}

/** Windows has no such bits: there nobody else is told of. */
function modeOf(path: string): number {
  return process.platform === 'win32' ? 0 : statSync(path).mode
}
