import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { type Result, type Row, tableOf, verdictOf } from './row.ts'

const RESULTS = join(import.meta.dirname, 'results')

/** Loaded when they run, so that one does not count what another brought along. */
const suites: Record<string, (options: ReadonlySet<string>) => Promise<Row[]>> = {
  engine: async () => (await import('./engine.ts')).run(),
  page: async () => (await import('./page.ts')).run(),
  slots: async () => (await import('./slots.ts')).run(),
  booking: async () => (await import('./booking.ts')).run(),
  api: async () => (await import('./api.ts')).run(),
  product: async () => (await import('./product.ts')).run(),
  start: async (options) => (await import('./start.ts')).run({ clone: options.has('--clone') }),
}
const OPTIONS = ['--clone']

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.filter((arg) => !Object.hasOwn(suites, arg) && !OPTIONS.includes(arg))
  if (unknown.length > 0) {
    console.error(`Unknown: ${unknown.join(' ')}. There are ${[...Object.keys(suites), ...OPTIONS].join(', ')}.`)
    process.exitCode = 2
    return
  }
  const options = new Set(args.filter((arg) => arg.startsWith('--')))
  const wanted = args.filter((arg) => !arg.startsWith('--'))
  const begun = performance.now()
  const busy = loadavg()[0] ?? 0
  const results: Result[] = []
  for (const suite of wanted.length > 0 ? wanted : Object.keys(suites)) {
    console.error(`Measuring ${suite} …`)
    results.push({ suite, rows: (await suites[suite]?.(options)) ?? [] })
  }
  console.log(`\n${tableOf(results)}\n`)
  const seconds = (performance.now() - begun) / 1000
  console.log(`${seconds.toFixed(0)} s on ${cpus().length} processors; load ${busy.toFixed(1)} before it began.`)
  if (busy > cpus().length / 2)
    console.log('Other programs were busy: repeat what is over its budget when they are not.')
  console.log(`Written to ${write(results, { seconds, busy })}`)
}

/** @returns the path of the file */
function write(results: readonly Result[], { seconds, busy }: { seconds: number; busy: number }): string {
  mkdirSync(RESULTS, { recursive: true })
  const at = new Date().toISOString()
  const path = join(RESULTS, `${at.replaceAll(':', '-').slice(0, 19)}.json`)
  const machine = {
    processors: cpus().length,
    model: cpus()[0]?.model ?? '',
    memoryBytes: totalmem(),
    system: `${process.platform} ${release()}`,
    node: process.version,
    loadBefore: busy,
  }
  const suites = results.map(({ suite, rows }) => ({
    suite,
    rows: rows.map((row) => ({ ...row, verdict: verdictOf(row) })),
  }))
  writeFileSync(path, `${JSON.stringify({ at, seconds, machine, suites }, null, 2)}\n`)
  return path
}

await main(process.argv.slice(2))
