import { sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { createLog } from '#platform/log.ts'
import { type TestDatabase, testDatabase } from '#test/database.ts'
import type { Ctx } from './ctx.ts'
import { defineJob, type JobRunner, startJobs } from './jobs.ts'

const log = createLog('silent')
let database: TestDatabase
let worker: JobRunner
let sender: JobRunner

const runs: { name: string; at: number }[] = []
const times = (name: string) => runs.filter((run) => run.name === name).map(({ at }) => at)

const note = defineJob({
  name: 'note',
  input: z.object({ name: z.string() }),
  run: async ({ name }) => void runs.push({ name, at: performance.now() }),
})
const stumble = defineJob({
  name: 'stumble',
  input: z.object({ name: z.string(), falls: z.number() }),
  async run({ name, falls }) {
    runs.push({ name, at: performance.now() })
    if (times(name).length <= falls) throw new Error('fell')
  },
})

beforeAll(async () => {
  database = await testDatabase()
  const names = [note.name, stumble.name]
  worker = await startJobs({ server: database.server, log, names, supervise: true, migrate: true })
  // A process of its own that only sends, as a web server without the worker role.
  sender = await startJobs({ server: database.server, log, names, supervise: false, migrate: false })
  await worker.work([note, stumble], () => ({ log }) as Ctx)
})
afterAll(async () => {
  await sender.stop()
  await worker.stop()
  await database.drop()
})

async function until(done: () => boolean, ms: number): Promise<void> {
  for (const end = performance.now() + ms; !done(); ) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

const tx = <T>(work: Parameters<ReturnType<TestDatabase['db']['transaction']>['execute']>[0]) =>
  database.db.transaction().execute(work) as Promise<T>

it('runs a job when its transaction has committed, and not before', async () => {
  await tx(async (trx) => {
    await sender.send(trx, 'note', { name: 'committed' })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(times('committed')).toEqual([])
  })
  await until(() => times('committed').length === 1, 5_000)
})

it('never runs a job of a transaction that was rolled back', async () => {
  const work = tx(async (trx) => {
    await sender.send(trx, 'note', { name: 'rolled back' })
    throw new Error('changed my mind')
  })
  await expect(work).rejects.toThrow('changed my mind')
  await tx((trx) => sender.send(trx, 'note', { name: 'after' }))
  await until(() => times('after').length === 1, 5_000)
  expect(times('rolled back')).toEqual([])
})

it('runs a job once per key, however often it is sent', async () => {
  for (let i = 0; i < 3; i++) await tx((trx) => sender.send(trx, 'note', { name: 'keyed' }, { once: 'key' }))
  await Promise.all([1, 2, 3].map(() => tx((trx) => sender.send(trx, 'note', { name: 'keyed' }, { once: 'key' }))))
  await tx((trx) => sender.send(trx, 'note', { name: 'keyed last' }))
  await until(() => times('keyed last').length === 1, 5_000)
  expect(times('keyed')).toHaveLength(1)
})

it('tries a job that throws again, and again', async () => {
  await tx((trx) => sender.send(trx, 'stumble', { name: 'twice', falls: 2 }))
  await until(() => times('twice').length === 3, 20_000)
})

it('keeps a job that was given up, and does it when told to', async () => {
  await tx(async (trx) => {
    await sender.send(trx, 'stumble', { name: 'given up', falls: 1 })
    await sql`update jobs.job set retry_limit = 0 where name = 'stumble' and data->>'name' = 'given up'`.execute(trx)
  })
  await until(() => times('given up').length === 1, 5_000)
  const given = async () => sender.deadLetters()
  for (let tries = 0; (await given()).length === 0 && tries < 100; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  expect(await given()).toEqual([{ name: 'stumble', count: 1 }])
  expect(times('given up')).toHaveLength(1)

  expect(await sender.replayDeadLetters()).toBe(1)
  await until(() => times('given up').length === 2, 10_000)
  expect(await given()).toEqual([])
})

it('wakes a worker instead of letting it poll', async () => {
  const waits: number[] = []
  for (let i = 0; i < 15; i++) {
    const sent = performance.now()
    await tx((trx) => sender.send(trx, 'note', { name: `quick ${i}` }))
    await until(() => times(`quick ${i}`).length === 1, 5_000)
    waits.push((times(`quick ${i}`)[0] ?? 0) - sent)
  }
  // Polling alone would take a second on average.
  expect(waits.sort((a, b) => a - b)[7]).toBeLessThan(250)
})

it('goes through all that waits at once, without a pause after each', async () => {
  const names = Array.from({ length: 60 }, (_, i) => `waiting ${i}`)
  // To run later, so that nobody is told when they may: only polling finds them.
  const at = Temporal.Now.instant().add({ seconds: 1 })
  await tx(async (trx) => {
    for (const name of names) await sender.send(trx, 'note', { name }, { at })
  })
  // With a poll for each, four at a time, they take half a minute.
  await until(() => names.every((name) => times(name).length === 1), 20_000)
})
