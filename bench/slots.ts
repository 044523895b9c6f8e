import { sql } from 'kysely'
import { startControl } from './control.ts'
import { costOf, costRows } from './cost.ts'
import { fillMonth, insertHost, MONTH_BOOKINGS, nextMonth } from './host.ts'
import { median, type Row } from './row.ts'
import { type BenchServer, joinDatabase, newDataDir, removeDataDir, startServer } from './server.ts'
import { type Message, messageOf, openWire, ratePerSecond } from './wire.ts'

const HOURS = { from: 360, to: 1320 }
const ROUNDS = 5
const ROUND_MS = 1000
const CONCURRENCY = 8

/** One month of slots of a host with 500 bookings in it, as the booking page asks for it. */
export async function run(): Promise<Row[]> {
  const dataDir = newDataDir()
  try {
    const server = await startServer({ dataDir, roles: 'web' })
    try {
      return await measure(server, await prepare(dataDir))
    } finally {
      await server.stop()
    }
  } finally {
    await removeDataDir(dataDir)
  }
}

async function prepare(dataDir: string): Promise<string> {
  const { db, close } = await joinDatabase(dataDir, 1)
  const host = await insertHost(db, 'ada', HOURS)
  await fillMonth(db, host, HOURS)
  await sql`vacuum analyze`.execute(db)
  await close()
  return `${host.path}/slots?month=${nextMonth()}&duration=${host.duration}`
}

async function measure(server: BenchServer, path: string): Promise<Row[]> {
  const message = messageOf({ url: new URL(path, server.url), headers: { 'accept-encoding': 'gzip, deflate, br' } })
  const cost = await costOf(server, { next: () => message, status: 200 })
  const { body, starts } = await answerOf(server, message, path)
  const control = await startControl({ body, headers: { 'content-type': 'application/json' }, compressed: false })
  try {
    const ours: number[] = []
    const theirs: number[] = []
    const plain = messageOf({ url: control.url })
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await rateOf(server.url, message))
      theirs.push(await rateOf(control.url, plain))
    }
    const name = `a month with ${MONTH_BOOKINGS} bookings`
    return [
      ...costRows(name, cost, { statements: 4, cpuMilliseconds: 1.5 }),
      {
        name: `${name}: requests/s at ${CONCURRENCY} at once`,
        value: median(ours) / median(theirs),
        unit: 'x control',
        budget: null,
        control: { what: 'plain node:http', value: median(theirs), unit: '/s' },
        note: `ours ${median(ours).toFixed(0)} /s, ${body.length} bytes, ${starts} starts`,
      },
    ]
  } finally {
    await control.stop()
  }
}

/** The bytes as they are sent, and how many starts are in them. */
async function answerOf(server: BenchServer, message: Message, path: string) {
  const wire = await openWire(server.url)
  const { body } = await wire.ask(message)
  const { starts } = JSON.parse((await wire.ask(messageOf({ url: new URL(path, server.url) }))).body.toString()) as {
    starts: number[]
  }
  wire.close()
  return { body, starts: starts.length }
}

function rateOf(url: URL, message: Message): Promise<number> {
  return ratePerSecond(url, { concurrency: CONCURRENCY, milliseconds: ROUND_MS, next: () => message, status: 200 })
}
