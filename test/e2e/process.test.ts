import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { connect as connectSocket, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBooking } from '#features/bookings/creation/commands.ts'
import { createBookingSchema } from '#features/bookings/schema.ts'
import { parseInput } from '#platform/input.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { type MailServer, startMailServer } from '#test/mail-server.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { freePort } from '#test/processes.ts'
import { removeScratch, scratchFolder } from '#test/scratch.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const STARTS_MS = 45_000

interface Run {
  process: ChildProcess
  output(): string
  /** What it ended with; null for a signal. */
  ended: Promise<number | null>
}

let context: TestContext
let mail: MailServer
let dataDir: string
const runs: Run[] = []

beforeAll(async () => {
  ;[context, mail, dataDir] = await Promise.all([testContext(), startMailServer(), scratchFolder('process')])
})
afterAll(async () => {
  for (const { process } of runs) process.kill('SIGKILL')
  await Promise.all(runs.map(({ ended }) => ended))
  await context.close()
  await mail.close()
  await removeScratch(dataDir)
})

/** The server with exactly these settings, on the database of this test unless told otherwise. */
function run(env: Record<string, string>): Run {
  const started = spawn(process.execPath, ['--import', './test/e2e/end-with-parent.ts', 'src/app/server.ts'], {
    cwd: ROOT,
    stdio: 'pipe',
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', LOG_LEVEL: 'warn', SUNDIAL_DATA_DIR: dataDir, ...env },
  })
  let text = ''
  for (const stream of [started.stdout, started.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
  }
  const ended = new Promise<number | null>((resolve) => started.once('exit', (code) => resolve(code)))
  const made: Run = { process: started, output: () => text, ended }
  runs.push(made)
  return made
}

async function until(what: string, done: () => boolean | Promise<boolean>, ms = STARTS_MS): Promise<void> {
  const end = performance.now() + ms
  while (!(await done())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${ms} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const isReady = ({ output, process }: Run) =>
  until('a start', () => {
    if (process.exitCode !== null) throw new Error(`ended with ${process.exitCode}:\n${output()}`)
    return output().includes('is ready in')
  })

const onDatabase = () => ({ DATABASE_URL: context.database.url })

describe('a configuration that cannot work', () => {
  it('ends the start, with every problem and what to do about each', async () => {
    const started = run({
      PORT: '70000',
      SUNDIAL_URL: 'book.example.org',
      SUNDIAL_ROLES: 'web,cron',
      SUNDIAL_SECRET: 'changeme',
      DATABASE_URL: 'mysql://localhost/x',
      DATABASE_POOL_SIZE: 'many',
      SUNDIAL_SMTP_URL: 'mail.example.org',
      SUNDIAL_MAIL_FROM: 'Ada',
      SUNDIAL_RATE_LIMITS: 'perhaps',
      SUNDIAL_OUTBOUND_ALLOW: '10.0.0.0/99',
      LOG_LEVEL: 'loud',
    })
    expect(await started.ended).toBe(1)
    const names = [
      ...['PORT', 'SUNDIAL_URL', 'SUNDIAL_ROLES', 'SUNDIAL_SECRET', 'DATABASE_URL', 'DATABASE_POOL_SIZE'],
      ...['SUNDIAL_SMTP_URL', 'SUNDIAL_MAIL_FROM', 'SUNDIAL_RATE_LIMITS', 'SUNDIAL_OUTBOUND_ALLOW', 'LOG_LEVEL'],
    ]
    for (const name of names) expect(started.output()).toMatch(new RegExp(`\\b${name}\\b.*(Give|Make) `))
    expect(started.output()).not.toMatch(/^\s+at /m)
  })

  it.each([
    ['short', Buffer.alloc(16, 7).toString('base64')],
    ['all alike', Buffer.alloc(32, 7).toString('base64')],
    ['the example of a guide', 'your-secret-key'],
  ])('has a secret that is %s', async (_, secret) => {
    const started = run({ SUNDIAL_SECRET: secret })
    expect(await started.ended).toBe(1)
    expect(started.output()).toContain('openssl rand -base64 32')
    expect(started.output()).not.toContain(secret === 'your-secret-key' ? 'undefined' : secret)
  })
})

it('a port that is taken is named', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as { port: number }
  const started = run({ ...onDatabase(), PORT: String(port), SUNDIAL_ROLES: 'web' })
  expect(await started.ended).toBe(1)
  expect(started.output()).toContain(`Port ${port} is in use. Set PORT to a free one.`)
  await new Promise((resolve) => other.close(resolve))
})

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'

/** A request of which only the head and a part of the body were sent; the server has read the head, for it asks for the body. */
async function begun(port: number): Promise<{ socket: Socket; finish(): void; reply: Promise<string> }> {
  const body = new URLSearchParams({ email: 'nobody@example.org', password: 'wrong' }).toString()
  const socket = connectSocket(port, '127.0.0.1')
  await new Promise((resolve) => socket.once('connect', resolve))
  let text = ''
  const reply = new Promise<string>((resolve) => {
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    // A connection that is cut off brings what came before, which the test then finds wanting.
    socket.on('error', () => undefined)
    socket.once('close', () => resolve(text.replace(CONTINUE, '')))
  })
  const head = [
    ...['POST /auth/sign-in HTTP/1.1', `Host: localhost:${port}`, `Origin: http://localhost:${port}`],
    ...['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${body.length}`, 'Connection: close'],
    'Expect: 100-continue',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 10)}`)
  await until('the head is read', () => text.startsWith(CONTINUE), 5_000)
  return { socket, finish: () => socket.write(body.slice(10)), reply }
}

const isOpen = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connectSocket(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

describe('a process that is told to stop', () => {
  it('takes nothing new, answers what has begun, stops its database and ends well', async () => {
    const port = await freePort()
    const own = await scratchFolder('stopped')
    const started = run({ PORT: String(port), SUNDIAL_URL: `http://localhost:${port}`, SUNDIAL_DATA_DIR: own })
    await isReady(started)
    const pidFile = join(own, 'postgres', 'cluster', 'postmaster.pid')
    expect(existsSync(pidFile)).toBe(true)
    const request = await begun(port)
    started.process.kill('SIGTERM')
    await until('closed', async () => !(await isOpen(port)), 5_000)
    // Asked again while it is at it, it does not hurry.
    started.process.kill('SIGTERM')
    request.finish()
    expect((await request.reply).split('\r\n')[0]).toMatch(/^HTTP\/1\.1 (200|4\d\d) /)
    expect(await started.ended).toBe(0)
    expect(existsSync(pidFile)).toBe(false)
    await removeScratch(own)
  })
})

describe('two processes of one installation', () => {
  it('share the work: one serves pages, the other does what follows', async () => {
    const { db } = context.services
    const weekly = [{ days: [0, 1, 2, 3, 4, 5, 6], start: 0, end: 1440 }]
    const host = await insertHost(db, { timeZone: 'UTC', weekly })
    await insertEventType(db, host.id)
    const port = await freePort()
    const settings = {
      ...{ ...onDatabase(), PORT: String(port), SUNDIAL_URL: `http://localhost:${port}` },
      ...{ SUNDIAL_SMTP_URL: `smtp://127.0.0.1:${mail.port}`, SUNDIAL_MAIL_FROM: 'sundial@example.org' },
    }
    const web = run({ ...settings, SUNDIAL_ROLES: 'web' })
    await isReady(web)
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200)
    context.clock.set(Temporal.Now.instant().toString())
    const start = Temporal.Now.plainDateISO('UTC').add({ days: 1 }).toZonedDateTime('UTC').toInstant().toString()
    const booking = parseInput(createBookingSchema, { start, name: 'Bo', email: 'bo@example.net', timeZone: 'UTC' })
    await createBooking(context.visitor, { offer: { username: host.username, slug: 'talk' }, booking, locale: 'en' })
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(mail.mails).toEqual([])

    const workerPort = await freePort()
    const worker = run({ ...settings, SUNDIAL_ROLES: 'worker', PORT: String(workerPort) })
    await isReady(worker)
    expect(await isOpen(workerPort)).toBe(false)
    expect(await mail.received(2)).toHaveLength(2)
    for (const { process } of [worker, web]) process.kill('SIGTERM')
    expect(await Promise.all([worker.ended, web.ended])).toEqual([0, 0])
  })
})
