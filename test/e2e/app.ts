import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Db } from '#platform/db/connect.ts'
import { connect } from '#platform/db/connect.ts'
import { startEmbedded } from '#platform/db/embedded.ts'
import { type MailServer, startMailServer } from '#test/mail-server.ts'
import { collect, freePort } from '#test/processes.ts'
import { removeScratch, scratchFolder } from '#test/scratch.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const SET_UP_LINK = /https?:\/\/\S+\/setup\/[\w-]+/
const START_MS = 45_000
const STOP_MS = 15_000

/** The product as it is run: its own process, its own data directory and PostgreSQL, mails through a real SMTP server. */
export interface App {
  /** Without a slash at the end. */
  url: string
  /** The one-time link that a fresh instance prints. */
  setUpUrl: string
  mail: MailServer
  /** The database of the running instance, to prepare and to check what pages cannot. */
  db: Db
  /** What the process wrote so far. */
  output(): string
  stop(): Promise<void>
}

/** @throws when it does not come up, with what it wrote. */
export async function startApp(env: Record<string, string> = {}): Promise<App> {
  if (!existsSync(join(ROOT, 'build', 'handler.js'))) throw new Error('Nothing is built. Run: npm test -- test/e2e')
  const dataDir = await scratchFolder('e2e')
  const mail = await startMailServer()
  const port = await freePort()
  const url = `http://localhost:${port}`
  const server = spawn(process.execPath, ['--import', './test/e2e/end-with-parent.ts', 'src/app/server.ts'], {
    cwd: ROOT,
    stdio: 'pipe',
    env: {
      ...inherited(),
      ...{ PORT: String(port), SUNDIAL_URL: url, SUNDIAL_DATA_DIR: dataDir, LOG_LEVEL: 'warn' },
      ...{ SUNDIAL_SMTP_URL: `smtp://127.0.0.1:${mail.port}`, SUNDIAL_MAIL_FROM: 'sundial@example.org' },
      ...env,
    },
  })
  const output = collect(server)
  const undo = async () => {
    await ended(server)
    await mail.close()
    await removeScratch(dataDir)
  }
  try {
    await ready(server, url, output)
    const embedded = await startEmbedded({ dataDir: join(dataDir, 'postgres') })
    const { host, user, password, database } = embedded
    const address = { host, port: embedded.port, user, password, database }
    const { db, close } = connect(address, { prepare: true, poolSize: 2, onIdleError: () => undefined })
    return {
      ...{ url, mail, db, output },
      setUpUrl: SET_UP_LINK.exec(output())?.[0] ?? '',
      async stop() {
        await close()
        await embedded.stop()
        await undo()
      },
    }
  } catch (error) {
    await undo()
    throw error
  }
}

/** The environment without settings of an instance that the one who runs the tests may have. */
function inherited(): Record<string, string | undefined> {
  const own = /^(SUNDIAL_|DATABASE_|EMAIL_|NEXT_PUBLIC_|PORT$|HOST$|LOG_LEVEL$|NODE_OPTIONS$|VITEST)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)))
}

async function ready(server: ChildProcess, url: string, output: () => string): Promise<void> {
  const until = performance.now() + START_MS
  while (performance.now() < until) {
    if (server.exitCode !== null) throw new Error(`The server ended with ${server.exitCode}:\n${output()}`)
    // The last thing that a fresh instance prints.
    if (SET_UP_LINK.test(output()) && (await answers(`${url}/readyz`))) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`The server was not ready after ${START_MS} ms:\n${output()}`)
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    // Nobody listens yet.
    return false
  }
}

/** As an operator stops it; killed only when it does not. */
async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const gone = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGTERM')
  const timer = setTimeout(() => server.kill('SIGKILL'), STOP_MS)
  await gone
  clearTimeout(timer)
}
