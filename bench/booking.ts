import { sql } from 'kysely'
import type { Database } from '#platform/db/connect.ts'
import { costOf, costRows } from './cost.ts'
import { type BenchHost, freeStarts, insertHost } from './host.ts'
import { median, type Row } from './row.ts'
import { type BenchServer, joinDatabase, newDataDir, removeDataDir, startServer } from './server.ts'
import { type Message, messageOf, ratePerSecond } from './wire.ts'

/** Open around the clock; the bookings are spread over them. */
const HOSTS = 20
const ROUNDS = 7
const ROUND_MS = 1000
const CONCURRENCY = 8
const SEE_OTHER = 303

/** Bookings by the form of the booking page, up to the redirect to the confirmation. */
export async function run(): Promise<Row[]> {
  const dataDir = newDataDir()
  try {
    const server = await startServer({ dataDir, roles: 'web' })
    try {
      const database = await joinDatabase(dataDir, CONCURRENCY)
      try {
        return await measure(server, database)
      } finally {
        await database.close()
      }
    } finally {
      await server.stop()
    }
  } finally {
    await removeDataDir(dataDir)
  }
}

async function measure(server: BenchServer, { db }: Database): Promise<Row[]> {
  const hosts: BenchHost[] = []
  for (let i = 0; i < HOSTS; i++) hosts.push(await insertHost(db, `ada${i}`, { from: 0, to: 1440 }))
  await sql`create table bench_commits (id bigint generated always as identity primary key, at timestamptz not null)`.execute(
    db,
  )
  const next = forms(server.url, hosts)
  const cost = await costOf(server, { next, status: SEE_OTHER })

  const booked: number[] = []
  const committed: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    booked.push(
      await ratePerSecond(server.url, {
        concurrency: CONCURRENCY,
        milliseconds: ROUND_MS,
        next,
        status: SEE_OTHER,
      }),
    )
    committed.push(await commitsPerSecond(db))
  }
  const bookings = await db
    .selectFrom('bookings')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return [
    ...costRows('one booking', cost, { statements: 12, cpuMilliseconds: 4 }),
    {
      name: `bookings/s at ${CONCURRENCY} at once`,
      value: median(booked) / median(committed),
      unit: 'x control',
      budget: null,
      control: { what: 'single-row commits', value: median(committed), unit: '/s' },
      note: `ours ${median(booked).toFixed(0)} /s, ${bookings.count} made`,
    },
  ]
}

/** The form as a browser sends it, each for a start of its own. */
function forms(url: URL, hosts: readonly BenchHost[]): () => Message {
  const starts = freeStarts(hosts.length)
  let count = 0
  return () => {
    const { value } = starts.next()
    const host = hosts[value.host] as BenchHost
    count++
    const body = new URLSearchParams({
      start: new Date(value.start).toISOString(),
      duration: String(host.duration),
      timeZone: 'America/New_York',
      location: '0',
      name: `Visitor ${count}`,
      email: `visitor-${count}@example.net`,
      notes: 'About the engine.',
      idempotencyKey: `bench-${count}`,
    }).toString()
    return messageOf({
      method: 'POST',
      url: new URL(`${host.path}?/book`, url),
      headers: { origin: url.origin, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
      body,
    })
  }
}

/** Rows written one by one on the same database, each in a transaction of its own. */
async function commitsPerSecond(db: Database['db']): Promise<number> {
  const start = performance.now()
  const until = start + ROUND_MS
  let rows = 0
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      while (performance.now() < until) {
        await sql`insert into bench_commits (at) values (now())`.execute(db)
        rows++
      }
    }),
  )
  return rows / ((performance.now() - start) / 1000)
}
