import { createHash } from 'node:crypto'
import type pg from 'pg'
import { fromKysely, PgBoss } from 'pg-boss'
import type { Temporal } from 'temporal-polyfill'
import type { z } from 'zod'
import type { Ctx } from './ctx.ts'
import type { Tx } from './db/transaction.ts'
import type { Log } from './log.ts'

export type JobRun<I> = (input: I, ctx: Ctx) => Promise<void>

/** A piece of later work. It must be repeatable: after a crash it runs again. */
export interface Job {
  name: string
  /** @throws when the data does not have the shape of the job's input. */
  run: JobRun<unknown>
}

export function defineJob<I>({ name, input, run }: { name: string; input: z.ZodType<I>; run: JobRun<I> }): Job {
  return { name, run: (data, ctx) => run(input.parse(data), ctx) }
}

export interface SendOptions {
  /** Not before this moment. */
  at?: Temporal.Instant
  /** Sending the same key twice sends it once. */
  once?: string
}

export interface JobQueue {
  /** Adds a job in the caller's transaction: it exists exactly if that commits. */
  send(tx: Tx, name: string, input: object, options?: SendOptions): Promise<void>
  /** How many jobs of each name were given up after all their tries. */
  deadLetters(): Promise<{ name: string; count: number }[]>
  /** Puts given-up jobs back into their queues, the oldest thousand at most. @returns how many */
  replayDeadLetters(): Promise<number>
}

export interface JobRunner extends JobQueue {
  /** Starts to execute the given jobs in this process. `contextFor` makes the context of one run. */
  work(jobs: readonly Job[], contextFor: (jobName: string) => Ctx): Promise<void>
  /** Finishes what runs, then disconnects. */
  stop(): Promise<void>
}

/** A job that throws is tried again after about 1, 2, 4 … seconds, at most every 10 minutes, then kept as a dead letter. */
const RETRY = { retryLimit: 12, retryDelay: 1, retryBackoff: true, retryDelayMax: 600 } as const
/**
 * A worker that died shows by its missing heartbeat, and its jobs are handed out again. 10 s is the least pg-boss takes; with
 * the check, the pause before a retry and the poll that finds it, some 15 s pass at most.
 */
const HEARTBEAT = { heartbeatSeconds: 10, expireInSeconds: 300 } as const
const CHECK_SECONDS = 2
/** A job that is sent wakes all who work on its queue at once; polling finds those that are to run later, or again. */
const POLL_SECONDS = 2
const CONCURRENCY = 4
/** One of them polls for all. The others look by themselves, too, because that one may be busy for long. */
const OTHERS_POLL_SECONDS = 10
/** Finished jobs are kept as long as the same key may come again, and counted at every check, so not for longer. */
const FORGET = { deleteAfterSeconds: 7_200 } as const
const CLEAN_UP_SECONDS = 600
const DEAD_LETTERS = 'dead-letters'

export interface JobRunnerOptions {
  server: pg.PoolConfig
  log: Log
  /** Queues to make sure of; sending to any other name fails. */
  names: readonly string[]
  /** Look after queues (expiry, retries, clean-up): for processes that work. */
  supervise: boolean
  /** Install or upgrade the library's own schema. */
  migrate: boolean
}

export async function startJobs({ server, log, names, supervise, migrate }: JobRunnerOptions): Promise<JobRunner> {
  const boss = new PgBoss({
    ...(server as object),
    schema: 'jobs',
    max: supervise ? 4 : 1,
    application_name: 'sundial-jobs',
    migrate,
    createSchema: migrate,
    supervise,
    schedule: false,
    superviseIntervalSeconds: CHECK_SECONDS,
    monitorIntervalSeconds: CHECK_SECONDS,
    maintenanceIntervalSeconds: CLEAN_UP_SECONDS,
    useListenNotify: supervise,
  })
  boss.on('error', (error) => log.error({ err: error }, 'job queue'))
  boss.on('warning', (warning) => log.debug({ warning }, 'job queue'))
  await boss.start()
  if (migrate) await createQueues(boss, names)

  return {
    async send(tx, name, input, { at, once } = {}) {
      await boss.send(name, input, {
        db: fromKysely(tx as never),
        ...(at === undefined ? {} : { startAfter: at.toString() }),
        ...(once === undefined ? {} : { id: uuidFrom(once) }),
      })
    },
    async deadLetters() {
      return (await boss.previewRedrive(DEAD_LETTERS)).destinations
    },
    replayDeadLetters: () => boss.redrive(DEAD_LETTERS),
    async work(jobs, contextFor) {
      for (const job of jobs) {
        const workers: string[] = []
        const wake = (place: number) => {
          const id = workers[place % CONCURRENCY]
          if (id !== undefined) boss.notifyWorker(id)
        }
        for (let place = 0; place < CONCURRENCY; place++) {
          const seconds = place === 0 ? POLL_SECONDS : OTHERS_POLL_SECONDS
          const polling = { pollingIntervalSeconds: seconds, notifyPollingIntervalSeconds: seconds }
          const worker = await boss.work<object>(job.name, { batchSize: 1, ...polling }, async ([one]) => {
            if (!one) return
            // Where one waits there may be more: the next looks now, and this one when it is done.
            wake(place + 1)
            wake(place)
            await runJob(job, one, contextFor(job.name))
          })
          workers.push(worker)
        }
      }
    },
    stop: () => boss.stop({ graceful: true, timeout: 10_000 }),
  }
}

async function runJob(job: Job, { id, data }: { id: string; data: object }, ctx: Ctx): Promise<void> {
  try {
    await job.run(data, ctx)
  } catch (error) {
    ctx.log.error({ err: error, job: job.name, jobId: id }, 'job failed')
    throw error
  }
}

/** Makes the queues, or gives those of an earlier version the present settings. */
async function createQueues(boss: PgBoss, names: readonly string[]): Promise<void> {
  const existing = new Set((await boss.getQueues()).map((queue) => queue.name))
  if (!existing.has(DEAD_LETTERS)) await boss.createQueue(DEAD_LETTERS, { retentionSeconds: 90 * 86_400 })
  const settings = { ...RETRY, ...HEARTBEAT, ...FORGET, notify: true, deadLetter: DEAD_LETTERS }
  for (const name of names) {
    if (existing.has(name)) await boss.updateQueue(name, settings)
    else await boss.createQueue(name, settings)
  }
}

/** A stable id for a key (RFC 9562 §5.8), so that the primary key refuses the second of two equal jobs. */
function uuidFrom(key: string): string {
  const hex = createHash('sha256').update(key).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
