import { Temporal } from 'temporal-polyfill'
import { hashToken, randomToken, uuidv7 } from '#platform/crypto.ts'
import type { Db } from '#platform/db/connect.ts'
import { startControl } from './control.ts'
import { costOf, costRows } from './cost.ts'
import { filled } from './fill.ts'
import { type BenchHost, fillMonth, freeStarts, insertHost, MONTH_BOOKINGS, nextMonth } from './host.ts'
import { median, type Row } from './row.ts'
import { type BenchServer, newDataDir, removeDataDir, startServer } from './server.ts'
import { type Message, messageOf, openWire, ratePerSecond } from './wire.ts'
import { insertWorld, type World } from './world.ts'

const BOOKINGS = 100_000
const DEEP = 90_000
const HOURS = { from: 360, to: 1320 }
/** Who are booked, open around the clock. */
const HOSTS = 20
const ROUNDS = 3
const ROUND_MS = 1000
const CONCURRENCY = 8

interface Seeded {
  world: World
  /** Of the host with so many bookings, for everything. */
  key: string
  /** Whose slots are asked for. */
  busy: BenchHost
  hosts: readonly BenchHost[]
}

/** One operation of the API. */
interface Operation {
  name: string
  next: () => Message
  status: number
  /** Of SQL statements, and of ms CPU. */
  budget: { statements: number; cpuMilliseconds: number | null }
  /** Takes so long that fewer have to do. */
  slow?: boolean
}

/** Operations of the REST API as programs call them, on an installation that has been used for years. */
export async function run(): Promise<Row[]> {
  const dataDir = newDataDir()
  try {
    const server = await startServer({ dataDir, roles: 'web' })
    try {
      const seeded = await filled(dataDir, server.url, async (db, config) => {
        const world = await insertWorld(db, config, 'ada', { bookings: BOOKINGS, eventTypes: 300, byHand: 20 })
        const busy = await insertHost(db, 'busy', HOURS)
        await fillMonth(db, busy, HOURS)
        const hosts: BenchHost[] = []
        for (let i = 0; i < HOSTS; i++) hosts.push(await insertHost(db, `host${i}`, { from: 0, to: 1440 }))
        return { world, busy, hosts, key: await insertKey(db, world.host.id) }
      })
      const rows: Row[] = []
      for (const operation of await operations(server, seeded)) rows.push(...(await measure(server, operation)))
      return rows
    } finally {
      await server.stop()
    }
  } finally {
    await removeDataDir(dataDir)
  }
}

/** @returns a key for everything */
async function insertKey(db: Db, userId: number): Promise<string> {
  const key = `sun_${randomToken()}`
  const row = { id: uuidv7(), user_id: userId, label: 'Bench', prefix: key.slice(0, 8), key_hash: hashToken(key) }
  await db
    .insertInto('api_keys')
    .values({ ...row, created_at: Temporal.Now.instant() })
    .execute()
  return key
}

async function operations(server: BenchServer, { world, key, busy, hosts }: Seeded): Promise<Operation[]> {
  const withKey = { authorization: `Bearer ${key}` }
  const get = (name: string, path: string, more: Partial<Operation> & Pick<Operation, 'budget'>): Operation => {
    const message = request(server.url, path, path.startsWith('/v2/slots') ? {} : withKey)
    return { name, next: () => message, status: 200, ...more }
  }
  const cursor = await cursorAt(server, withKey)
  const month = Temporal.PlainYearMonth.from(nextMonth())
  const [start, end] = [month.toPlainDate({ day: 1 }), month.toPlainDate({ day: month.daysInMonth })]
  const slots = `/v2/slots?eventTypeId=${busy.eventTypeId}&start=${start}&end=${end}&timeZone=Europe/Berlin`
  const list = { budget: { statements: 5, cpuMilliseconds: null }, slow: true }
  return [
    get('GET /me', '/v2/me', { budget: { statements: 3, cpuMilliseconds: null } }),
    get(`GET /slots, a month with ${MONTH_BOOKINGS} bookings`, slots, {
      budget: { statements: 4, cpuMilliseconds: 1.5 },
    }),
    get('GET /bookings/{uid}', `/v2/bookings/${world.uids.upcoming}`, {
      budget: { statements: 3, cpuMilliseconds: null },
    }),
    get(`GET /bookings, the first 100 of ${BOOKINGS}`, '/v2/bookings', list),
    get(`GET /bookings, 100 after ${DEEP} by skip`, `/v2/bookings?skip=${DEEP}`, list),
    get(`GET /bookings, 100 after ${DEEP} by cursor`, `/v2/bookings?cursor=${cursor}`, list),
    get('GET /event-types, 300 of them', '/v2/event-types', {
      ...list,
      budget: { statements: 3, cpuMilliseconds: null },
    }),
    {
      ...{ name: 'POST /bookings', next: bodies(server.url, hosts), status: 201 },
      budget: { statements: 12, cpuMilliseconds: 4 },
    },
  ]
}

/** A version of today, so that nothing is made into an older shape. */
function request(url: URL, path: string, headers: Record<string, string>, body?: object): Message {
  const version = { 'cal-api-version': Temporal.Now.plainDateISO('UTC').toString() }
  if (!body) return messageOf({ url: new URL(path, url), headers: { ...version, ...headers } })
  const type = { 'content-type': 'application/json' }
  const text = JSON.stringify(body)
  return messageOf({
    method: 'POST',
    url: new URL(path, url),
    headers: { ...version, ...type, ...headers },
    body: text,
  })
}

async function cursorAt({ url }: BenchServer, headers: Record<string, string>): Promise<string> {
  const wire = await openWire(url)
  const { body } = await wire.ask(request(url, `/v2/bookings?skip=${DEEP - 100}`, headers))
  wire.close()
  const { pagination } = JSON.parse(body.toString()) as { pagination: { nextCursor: string } }
  return pagination.nextCursor
}

/** Each for a start of its own, as a program of a visitor books. */
function bodies(url: URL, hosts: readonly BenchHost[]): () => Message {
  const starts = freeStarts(hosts.length)
  let count = 0
  return () => {
    const { host, start } = starts.next().value
    count++
    const attendee = { name: `Visitor ${count}`, email: `visitor-${count}@example.net`, timeZone: 'America/New_York' }
    const wish = { eventTypeId: hosts[host]?.eventTypeId, start: new Date(start).toISOString(), attendee }
    return request(url, '/v2/bookings', {}, { ...wish, bookingFieldsResponses: { notes: 'About the engine.' } })
  }
}

async function measure(server: BenchServer, { name, next, status, budget, slow }: Operation): Promise<Row[]> {
  const cost = await costOf(server, { next, status, ...(slow && { warmUp: 20, requests: 4 }) })
  const wire = await openWire(server.url)
  const { body } = await wire.ask(next())
  wire.close()
  const control = await startControl({ body, headers: { 'content-type': 'application/json' }, compressed: false })
  try {
    const [ours, theirs]: [number[], number[]] = [[], []]
    const plain = messageOf({ url: control.url })
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await rateOf(server.url, next, status))
      theirs.push(await rateOf(control.url, () => plain, 200))
    }
    return [
      ...costRows(name, cost, budget),
      {
        ...{ name: `${name}: requests/s at ${CONCURRENCY} at once`, value: median(ours) / median(theirs) },
        ...{ unit: 'x control', budget: null },
        control: { what: 'plain node:http', value: median(theirs), unit: '/s' },
        note: `ours ${median(ours).toFixed(0)} /s, ${body.length} bytes`,
      },
    ]
  } finally {
    await control.stop()
  }
}

function rateOf(url: URL, next: () => Message, status: number): Promise<number> {
  return ratePerSecond(url, { concurrency: CONCURRENCY, milliseconds: ROUND_MS, next, status })
}
