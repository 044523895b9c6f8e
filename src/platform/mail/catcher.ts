import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server'
import type { Temporal } from 'temporal-polyfill'
import type { Log } from '../log.ts'
import { readMail } from './reading.ts'

/** The newest ones are kept. */
const MOST_MAILS = 500
const LARGEST_BYTES = 5_000_000

export interface MailCatcher {
  /** On 127.0.0.1. */
  port: number
  close(): Promise<void>
}

/** A mail as it was caught. */
export interface CaughtMail {
  /** Names it in an address: 32 hexadecimal digits. */
  id: string
  /** Epoch milliseconds. */
  caughtAt: number
  raw: Buffer
}

/**
 * An SMTP server inside this process, for instances without one: every mail becomes a file, so mails survive restarts and
 * every process of the instance sees them. A message that comes twice is one file, as a mailbox would show it.
 */
export async function startMailCatcher(dataDir: string, log: Log): Promise<MailCatcher> {
  const folder = folderIn(dataDir)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    size: LARGEST_BYTES,
    closeTimeout: 1000,
    onData: (stream, _session, done) => {
      keep(folder, stream).then(
        () => done(),
        (error: Error) => done(error),
      )
    },
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      server.off('error', reject)
      // Such as a client that breaks off; without a listener it would end the process.
      server.on('error', (error) => log.debug({ err: error }, 'mail catcher'))
      resolve()
    })
  })
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** The newest, latest first. */
export async function caughtMails(dataDir: string, most = MOST_MAILS): Promise<CaughtMail[]> {
  const files = (await filesIn(folderIn(dataDir))).slice(0, most)
  const mails = await Promise.all(files.map(({ name }) => caughtMail(dataDir, name.replace(/\.eml$/, ''))))
  return mails.filter((mail) => mail !== null)
}

/** Null when there is none, or none any more. */
export async function caughtMail(dataDir: string, id: string): Promise<CaughtMail | null> {
  if (!/^[0-9a-f]{32}$/.test(id)) return null
  const file = join(folderIn(dataDir), `${id}.eml`)
  const found = await unlessGone(Promise.all([readFile(file), stat(file)]))
  return found && { id, caughtAt: found[1].mtimeMs, raw: found[0] }
}

/** Deletes the mails that name every one of these addresses, wherever in them. @returns how many */
export async function forgetMails(dataDir: string, addresses: readonly string[]): Promise<number> {
  const wanted = addresses.map((address) => address.toLowerCase())
  let count = 0
  for (const { name } of await filesIn(folderIn(dataDir))) {
    const mail = await caughtMail(dataDir, name.replace(/\.eml$/, ''))
    if (!mail) continue
    const text = Object.values(await readMail(mail.raw))
      .join('\n')
      .toLowerCase()
    if (!wanted.every((address) => text.includes(address))) continue
    await rm(join(folderIn(dataDir), name), { force: true })
    count++
  }
  return count
}

/** Deletes mails that were caught before a moment. @returns how many */
export async function forgetMailsBefore(dataDir: string, before: Temporal.Instant): Promise<number> {
  const old = (await filesIn(folderIn(dataDir))).filter(({ caughtAt }) => caughtAt < before.epochMilliseconds)
  for (const { name } of old) await rm(join(folderIn(dataDir), name), { force: true })
  return old.length
}

function folderIn(dataDir: string): string {
  return join(dataDir, 'mails')
}

async function keep(folder: string, stream: SMTPServerDataStream): Promise<void> {
  const raw = await buffer(stream)
  if (stream.sizeExceeded) throw Object.assign(new Error('The message is too large.'), { responseCode: 552 })
  const messageId = /^message-id:\s*(\S+)/im.exec(raw.subarray(0, 20_000).toString('latin1'))?.[1]
  const name = createHash('sha256')
    .update(messageId ?? raw)
    .digest('hex')
    .slice(0, 32)
  const unfinished = join(folder, `${name}.part`)
  await writeFile(unfinished, raw, { mode: 0o600 })
  await rename(unfinished, join(folder, `${name}.eml`))
  for (const old of (await filesIn(folder)).slice(MOST_MAILS)) await rm(join(folder, old.name), { force: true })
}

async function filesIn(folder: string): Promise<{ name: string; caughtAt: number }[]> {
  const names = (await unlessGone(readdir(folder))) ?? []
  const files = await Promise.all(
    names
      .filter((name) => name.endsWith('.eml'))
      .map(async (name) => {
        const found = await unlessGone(stat(join(folder, name)))
        return found === null ? [] : [{ name, caughtAt: found.mtimeMs }]
      }),
  )
  return files.flat().sort((a, b) => b.caughtAt - a.caughtAt || a.name.localeCompare(b.name))
}

/** Another process may be clearing up. */
async function unlessGone<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
