import { readFileSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { startControl } from './control.ts'
import { filled } from './fill.ts'
import { MEASURED, type Measured } from './pages.ts'
import { digits, median, type Row } from './row.ts'
import { type BenchServer, newDataDir, removeDataDir, startServer } from './server.ts'
import { type StatementLog, startLogged } from './statement-log.ts'
import { type Message, messageOf, openWire, type Wire } from './wire.ts'
import { insertWorld, type World } from './world.ts'

const LARGE = { bookings: 100_000, eventTypes: 300, byHand: 300 }
/** Enough of everything that a list has a second row. */
const SMALL = { bookings: 1000, eventTypes: 8, byHand: 6 }
const ROUNDS = 9
/** More than any page can show. */
const MANY_ROWS = 5000
const MEGABYTE = 1_000_000

/** What one address cost. */
interface Figures {
  status: number
  statements: number
  /** By the statement that read most of them, and what it was. */
  rowsRead: number
  readBy: string
  milliseconds: number
  /** Of the answer, compressed. */
  bytes: number
  /** Of the scripts that the page asks for, compressed. */
  scriptBytes: number
}

/** Every page of an installation that has been used for years, and of one that has not: what differs is what grows. */
export async function run(): Promise<Row[]> {
  const dataDir = newDataDir()
  try {
    const log = await startLogged(dataDir)
    try {
      const server = await startServer({ dataDir, roles: 'web' })
      try {
        return await measure(server, log, await prepare(dataDir, server))
      } finally {
        await server.stop()
      }
    } finally {
      await log.embedded.stop()
    }
  } finally {
    await removeDataDir(dataDir)
  }
}

interface Prepared {
  large: World
  small: World
  seconds: number
}

async function prepare(dataDir: string, { url }: BenchServer): Promise<Prepared> {
  const begun = performance.now()
  const { large, small } = await filled(dataDir, url, async (db, config) => ({
    large: await insertWorld(db, config, 'ada', LARGE),
    small: await insertWorld(db, config, 'bob', SMALL),
  }))
  return { large, small, seconds: (performance.now() - begun) / 1000 }
}

async function measure(server: BenchServer, log: StatementLog, { large, small, seconds }: Prepared): Promise<Row[]> {
  const looking = await statementsOfLooking(server)
  const wire = await openWire(server.url)
  const scripts = new Map<string, Script>()
  const page = { wire, server, log, looking, scripts }
  await log.turn('on')
  const counts = new Map<Measured, [Counts, Counts]>()
  for (const one of MEASURED) counts.set(one, [await countsOf(page, one, large), await countsOf(page, one, small)])
  await log.turn('off')
  const control = await startControl({
    body: Buffer.alloc(20_000, 'x'),
    headers: { 'content-type': 'text/html' },
    compressed: true,
  })
  const rows: Row[] = [
    { name: `${LARGE.bookings} bookings and what belongs to them: seeding`, value: seconds, unit: 's', budget: null },
  ]
  const streams: Row[] = []
  try {
    const nothing = messageOf({ url: control.url, headers: BROWSER })
    const all: { one: Measured; figures: Figures; small: Counts }[] = []
    for (const one of MEASURED) {
      const [counted, few] = counts.get(one) ?? []
      if (!counted || !few) continue
      const message = messageFor(server, one, large)
      const times = one.isStream
        ? { ours: (await download(server, one, large)).all, plain: await timed(() => fetch(control.url)) }
        : await timesOf(server, control.url, message, nothing)
      const figures = { ...counted, milliseconds: times.ours }
      all.push({ one, figures, small: few })
      rows.push({
        name: nameOf(one),
        ...{ value: times.ours / times.plain, unit: 'x control', budget: null },
        control: { what: 'plain node:http', value: times.plain, unit: 'ms' },
        note: noteOf(figures, few),
        figures,
      })
      if (one.isStream) streams.push(...(await streamRows(server, one, large)))
    }
    return [...rows, ...streams, ...summary(all)]
  } finally {
    wire.close()
    await control.stop()
  }
}

/** Medians in milliseconds, in turns. */
async function timesOf(server: BenchServer, control: URL, message: Message, nothing: Message) {
  const [wire, plain] = [await openWire(server.url), await openWire(control)]
  const times = { ours: [] as number[], plain: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    times.plain.push(await timed(() => plain.ask(nothing)))
    times.ours.push(await timed(() => wire.ask(message)))
  }
  wire.close()
  plain.close()
  return { ours: median(times.ours), plain: median(times.plain) }
}

interface Counts extends Omit<Figures, 'milliseconds'> {
  wanted: number
}

interface Page {
  wire: Wire
  server: BenchServer
  log: StatementLog
  looking: number
  scripts: Map<string, Script>
}

/** The second answer counts: the first may make what the next ones find, such as a plan or a cached offer. */
async function countsOf({ wire, server, log, looking, scripts }: Page, one: Measured, world: World): Promise<Counts> {
  const ask = () => (one.isStream ? download(server, one, world) : wire.ask(messageFor(server, one, world)))
  if (!one.isStream) await ask()
  const before = await server.figures()
  log.read()
  const { status, headers, body } = await ask()
  const executed = log.read()
  const { statements } = await server.figures()
  const most = executed.sort((a, b) => b.rowsRead - a.rowsRead)[0]
  const text = /^content-encoding: gzip/im.test(headers) ? gunzipSync(body) : body
  const isPage = /^content-type: text\/html/im.test(headers)
  return {
    ...{ status, wanted: one.status ?? 200, statements: statements - before.statements - looking },
    ...{ rowsRead: most?.rowsRead ?? 0, readBy: most?.text ?? '', bytes: body.length },
    scriptBytes: isPage ? await scriptBytes(wire, server, text.toString('utf8'), scripts) : 0,
  }
}

const BROWSER = { accept: 'text/html,*/*;q=0.8', 'accept-language': 'en-GB,en;q=0.9', 'accept-encoding': 'gzip' }

function messageFor({ url }: BenchServer, { path, as }: Measured, world: World) {
  const session = { host: world.session, newcomer: world.newcomer, visitor: null }[as]
  return messageOf({
    url: new URL(path(world), url),
    headers: { ...BROWSER, ...(session !== null && { cookie: `sundial_session=${session}` }) },
  })
}

/** Reading the figures asks the database itself. */
async function statementsOfLooking(server: BenchServer): Promise<number> {
  const first = await server.figures()
  return (await server.figures()).statements - first.statements
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

interface Script {
  bytes: number
  /** Paths that it imports before it runs. */
  imports: string[]
}

/** All that a page loads before it is at rest: what it names, and what those import. */
async function scriptBytes(wire: Wire, server: BenchServer, html: string, known: Map<string, Script>): Promise<number> {
  const base = new URL('/', server.url)
  const named = [...html.matchAll(/(?:href|src)="([^"]+\.js)"|import\("([^"]+\.js)"\)/g)].map(
    ([, a, b]) => a ?? b ?? '',
  )
  const open = named.map((path) => new URL(path, base).pathname)
  const seen = new Set<string>()
  let total = 0
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    const script = known.get(path) ?? (await loadScript(wire, server, path))
    known.set(path, script)
    total += script.bytes
    open.push(...script.imports)
  }
  return total
}

async function loadScript(wire: Wire, server: BenchServer, path: string): Promise<Script> {
  const url = new URL(path, server.url)
  const { status, headers, body } = await wire.ask(messageOf({ url, headers: BROWSER }))
  if (status !== 200) throw new Error(`${path} answered with ${status}`)
  const text = (/^content-encoding: gzip/im.test(headers) ? gunzipSync(body) : body).toString('utf8')
  const imports = [...text.matchAll(/(?:from|import)\s*"(\.[^"]+\.js)"/g)].map(
    ([, name = '']) => new URL(name, url).pathname,
  )
  return { bytes: body.length, imports }
}

interface Download {
  status: number
  headers: string
  body: Buffer
  /** Milliseconds to the first byte, and to the last. */
  first: number
  all: number
}

/** Without compression: what it costs to make. */
function download(server: BenchServer, one: Measured, world: World): Promise<Download> {
  const begun = performance.now()
  const cookie = one.as === 'host' ? { cookie: `sundial_session=${world.session}` } : {}
  return new Promise((resolve, reject) => {
    get(new URL(one.path(world), server.url), { headers: cookie }, (answer) => {
      const chunks: Buffer[] = []
      let first = 0
      answer.on('data', (chunk: Buffer) => {
        first ||= performance.now() - begun
        chunks.push(chunk)
      })
      answer.on('error', reject).on('end', () => {
        const all = performance.now() - begun
        resolve({ status: answer.statusCode ?? 0, headers: '', body: Buffer.concat(chunks), first, all })
      })
    }).on('error', reject)
  })
}

/** The first byte, and how much more memory the server ever had while it sent all of it (by `/proc`, so on Linux). */
async function streamRows(server: BenchServer, one: Measured, world: World): Promise<Row[]> {
  const memory = process.platform === 'linux' ? watchPeak(server.process.pid ?? 0) : null
  const { first, all, body } = await download(server, one, world)
  const note = `${(body.length / MEGABYTE).toFixed(1)} MB in ${all.toFixed(0)} ms`
  const rows: Row[] = [{ name: `${nameOf(one)}: first byte`, value: first, unit: 'ms', budget: null, note }]
  if (memory)
    rows.push({
      ...{ name: `${nameOf(one)}: memory it takes`, value: memory() / MEGABYTE, unit: 'MB resident', budget: 120 },
    })
  return rows
}

/** @returns what was added since to the memory the process had at the beginning, at the most */
function watchPeak(pid: number): () => number {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  const kilobytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  const before = kilobytes('VmRSS')
  return () => Math.max(0, kilobytes('VmHWM') - before) * 1024
}

function nameOf({ route, what }: Measured): string {
  return what === undefined ? route : `${route} (${what})`
}

function noteOf({ status, statements, rowsRead, readBy, milliseconds, bytes, scriptBytes }: Figures, few: Counts) {
  const kilobytes = (count: number) => `${(count / 1000).toFixed(1)} kB`
  return [
    ...[`${status}`, `${statements} SQL${statements === few.statements ? '' : ` (${few.statements} with little)`}`],
    ...[`${rowsRead} rows (${few.rowsRead})`, `${digits(milliseconds)} ms`, kilobytes(bytes)],
    ...(scriptBytes > 0 ? [`JS ${kilobytes(scriptBytes)}`] : []),
    ...(rowsRead > MANY_ROWS ? [readBy.slice(0, 120)] : []),
  ].join(', ')
}

/** What must hold whatever the machine is. */
function summary(all: readonly { one: Measured; figures: Figures; small: Counts }[]): Row[] {
  const rows = (name: string, broken: typeof all): Row => ({
    ...{ name, value: broken.length, unit: 'addresses', budget: 0 },
    note: broken.map(({ one }) => nameOf(one)).join(', '),
  })
  return [
    rows(
      'another status than it should be',
      all.filter(({ figures, small }) => [figures, small].some(({ status }) => status !== small.wanted)),
    ),
    rows(
      // One more may look up what there is more of.
      'several more statements where there is more',
      all.filter(({ one, figures, small }) => !one.isStream && figures.statements > small.statements + 1),
    ),
    rows(
      `a statement that reads more than ${MANY_ROWS} rows`,
      all.filter(({ one, figures }) => !one.isStream && figures.rowsRead > MANY_ROWS),
    ),
  ]
}
