import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jobs, reactions } from '#app/reactions.ts'
import type { Actor } from '#platform/actor.ts'
import { fixedClock } from '#platform/clock.ts'
import { loadConfig } from '#platform/config.ts'
import type { Ctx, Services } from '#platform/ctx.ts'
import { connect } from '#platform/db/connect.ts'
import { reactionJobs } from '#platform/events.ts'
import { createOutbound, type Resolve } from '#platform/http/outbound.ts'
import { type Job, type JobRunner, startJobs } from '#platform/jobs.ts'
import { createLog } from '#platform/log.ts'
import type { MailTransport } from '#platform/mail/transport.ts'
import { createPainter } from '#platform/pictures/painter.ts'
import { memoryRateLimiter } from '#platform/rate-limit.ts'
import { type TestDatabase, testDatabase } from './database.ts'

export interface TestContext {
  database: TestDatabase
  services: Services
  clock: ReturnType<typeof fixedClock>
  runner: JobRunner
  /** A context in which `actor` acts. */
  as(actor: Actor): Ctx
  visitor: Ctx
  close(): Promise<void>
}

export interface TestContextOptions {
  /** RFC 3339; a Monday morning when absent. */
  now?: string
  mail?: MailTransport
  /** Execute jobs in this process. */
  worker?: boolean
  env?: Record<string, string>
  /** Beside those of the product. */
  jobs?: readonly Job[]
  /** Finds the addresses of names. */
  resolve?: Resolve
}

const noMail: MailTransport = {
  configured: false,
  send: () => Promise.reject(new Error('no mail server')),
  close: () => Promise.resolve(),
}

/** The names that are kept for examples (RFC 2606) lead to the open internet, and there are no others. */
const examples: Resolve = async (host) =>
  /(^|\.)example\.(com|net|org)$/.test(host) ? [{ address: '93.184.215.14', family: 4 }] : []

/** The services on a database of one's own, with a clock that stands still. Nothing but the clock and the mail server is special. */
export async function testContext(options: TestContextOptions = {}): Promise<TestContext> {
  const database = await testDatabase()
  const apart = connect(database.server, { prepare: true, poolSize: 2, onIdleError: () => undefined })
  const log = createLog(process.env.TEST_LOG ?? 'silent')
  const clock = fixedClock(options.now ?? '2026-11-23T08:00:00Z')
  const all = [...reactionJobs(reactions), ...jobs, ...(options.jobs ?? [])]
  const names = all.map((job) => job.name)
  const supervise = options.worker ?? false
  const runner = await startJobs({ server: database.server, log, names, supervise, migrate: true })
  const dataDir = mkdtempSync(join(tmpdir(), 'sundial-data-'))
  const config = loadConfig({ SUNDIAL_DATA_DIR: dataDir, SUNDIAL_URL: 'https://book.example.org', ...options.env })
  const painter = createPainter({ log })
  const services: Services = {
    config,
    db: database.db,
    apart: apart.db,
    clock,
    log,
    jobs: runner,
    mail: options.mail ?? noMail,
    outbound: createOutbound({ allow: config.outboundAllow, resolve: options.resolve ?? examples }),
    rateLimiter: memoryRateLimiter(false),
    painter,
  }
  const as = (actor: Actor): Ctx => ({
    ...services,
    actor,
    requestId: 'test',
    clientAddress: '192.0.2.1',
    userAgent: 'test',
    locale: 'en',
  })
  if (supervise) await runner.work(all, () => as({ kind: 'system' }))
  return {
    ...{ database, services, clock, runner, as },
    visitor: as({ kind: 'visitor' }),
    async close() {
      await runner.stop()
      await painter.close()
      await apart.close()
      await database.drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
