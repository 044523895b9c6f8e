import { join } from 'node:path'
import type pg from 'pg'
import { systemClock } from '#platform/clock.ts'
import type { Config } from '#platform/config.ts'
import { uuidv7 } from '#platform/crypto.ts'
import type { Ctx, Services } from '#platform/ctx.ts'
import { connect, type StatementCount, serverFromUrl } from '#platform/db/connect.ts'
import { startEmbedded } from '#platform/db/embedded.ts'
import { migrate, requireCurrentSchema } from '#platform/db/migrate.ts'
import { countOpenDeliveries, type DeliveryCount } from '#platform/deliveries.ts'
import { reactionJobs } from '#platform/events.ts'
import { createOutbound } from '#platform/http/outbound.ts'
import { startJobs } from '#platform/jobs.ts'
import type { Log } from '#platform/log.ts'
import { createMailTransport } from '#platform/mail/smtp.ts'
import { createMetrics, type Metrics } from '#platform/metrics.ts'
import { startPeriodic } from '#platform/periodic.ts'
import { createPainter } from '#platform/pictures/painter.ts'
import { memoryRateLimiter, sharedRateLimiter } from '#platform/rate-limit.ts'
import { jobs, periodic, reactions } from './reactions.ts'

const APART_POOL = 2

/** The parts a process runs on, started in order and stopped in reverse. */
export interface Runtime {
  services: Services
  metrics: Metrics
  /** For LISTEN, migrations and backups: never through a transaction pooler. */
  directServer: pg.PoolConfig
  stop(): Promise<void>
}

export interface BootOptions {
  log: Log
  /** Told what is being done, for the terminal. */
  progress: (step: string) => void
  /** Executes jobs in this process. */
  worker: boolean
}

/** Where the database is, started if it is our own. */
export async function locateDatabase(config: Config, log: Log) {
  const { url, directUrl } = config.database
  if (url !== null) {
    return { server: serverFromUrl(url), directServer: serverFromUrl(directUrl ?? url), stop: async () => {} }
  }
  const embedded = await startEmbedded({ dataDir: join(config.dataDir, 'postgres'), log })
  const { host, port, user, password, database } = embedded
  const server = { host, port, user, password, database }
  return { server, directServer: server, stop: () => embedded.stop() }
}

/**
 * Starts everything but the web server.
 * @throws SchemaError, or the database's own error; what was already started is stopped again.
 */
export async function boot(config: Config, { log, progress, worker }: BootOptions): Promise<Runtime> {
  const undo: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const step of undo.reverse()) await step()
  }
  try {
    progress('Starting the database')
    const { server, directServer, stop: stopDatabase } = await locateDatabase(config, log)
    undo.push(stopDatabase)

    if (config.database.skipMigrations) await requireCurrentSchema(directServer)
    else await migrate(directServer)

    const { poolSize, prepare } = config.database
    const onIdleError = (error: Error) => log.warn({ err: error }, 'database connection lost')
    const count: StatementCount = { statements: 0 }
    const database = connect(server, { prepare, poolSize, onIdleError, count })
    undo.push(database.close)
    // Connections of their own: a transaction that waited for one of the others' could wait for itself.
    const apart = connect(server, { prepare, poolSize: APART_POOL, onIdleError, count })
    undo.push(apart.close)

    // Before the queue, so that jobs which are finishing still have it when the process stops.
    const mail = await createMailTransport(config, log)
    undo.push(() => mail.close())

    progress('Starting the job queue')
    const all = [...reactionJobs(reactions), ...jobs]
    const runner = await startJobs({
      server: directServer,
      log,
      names: all.map((job) => job.name),
      supervise: worker,
      migrate: !config.database.skipMigrations,
    })
    undo.push(() => runner.stop())

    const painter = createPainter({ log })
    undo.push(() => painter.close())

    const services: Services = {
      config,
      log,
      mail,
      painter,
      db: database.db,
      apart: apart.db,
      clock: systemClock,
      jobs: runner,
      outbound: createOutbound({ allow: config.outboundAllow }),
      rateLimiter: config.rateLimits
        ? sharedRateLimiter({ apart: apart.db, secret: config.secret })
        : memoryRateLimiter(false),
    }
    if (worker) {
      const contextFor = (name: string) => systemContext(services, `job:${name}:${uuidv7()}`)
      await runner.work(all, contextFor)
      const looking = startPeriodic(periodic, contextFor)
      undo.push(() => looking.stop())
    }
    const metrics = createMetrics({
      statements: count,
      pool: database.pool,
      openDeliveries: () => openDeliveries(services),
    })
    return { services, metrics, directServer, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Figures of the process are wanted most when the database is away. */
async function openDeliveries({ db, log }: Services): Promise<DeliveryCount[]> {
  try {
    return await countOpenDeliveries(db)
  } catch (error) {
    log.warn({ err: error }, 'could not count deliveries')
    return []
  }
}

/** The context of work nobody asked for in person. @param via absent for jobs */
export function systemContext(services: Services, requestId: string, via?: 'command_line'): Ctx {
  return {
    ...services,
    log: services.log.child({ requestId }),
    actor: via ? { kind: 'system', via } : { kind: 'system' },
    requestId,
    clientAddress: '',
    userAgent: '',
    locale: 'en',
  }
}
