import { sql } from 'kysely'
import { type Browser, type CDPSession, chromium } from 'playwright-core'
import { browserPath } from '#test/browser.ts'
import { startControl } from './control.ts'
import { costOf, costRows } from './cost.ts'
import { fillMonth, insertHost, nextMonth } from './host.ts'
import { median, type Row } from './row.ts'
import { type BenchServer, joinDatabase, newDataDir, removeDataDir, startServer } from './server.ts'
import { messageOf, openWire } from './wire.ts'

const HOURS = { from: 360, to: 1320 }
const ROUNDS = 7
const SETTLED_MS = 1500
const WIDE = { width: 1280, height: 900 }
const NARROW = { width: 390, height: 844 }

/** What Chromium's own tools call Fast 3G, in bytes and milliseconds, with a processor four times slower. */
const FAST_3G = { offline: false, latency: 562.5, downloadThroughput: 180_000, uploadThroughput: 84_375 }
const SLOWER_PROCESSOR = 4

/** The first visit to a booking page, in a real browser and as the server sees it. */
export async function run(): Promise<Row[]> {
  const dataDir = newDataDir()
  const browser = await chromium.launch(await browserPath())
  try {
    const server = await startServer({ dataDir, roles: 'web' })
    try {
      const url = new URL(await prepare(dataDir), server.url)
      return [...(await weights(server, browser, url)), ...(await costs(server, url)), ...(await times(browser, url))]
    } finally {
      await server.stop()
    }
  } finally {
    await browser.close()
    await removeDataDir(dataDir)
  }
}

/** The whole of next month is shown, whatever today is. */
async function prepare(dataDir: string): Promise<string> {
  const { db, close } = await joinDatabase(dataDir, 1)
  const host = await insertHost(db, 'ada', HOURS)
  await fillMonth(db, host, HOURS)
  await sql`vacuum analyze`.execute(db)
  await close()
  return `${host.path}?month=${nextMonth()}`
}

async function costs(server: BenchServer, url: URL): Promise<Row[]> {
  const next = () => messageOf({ url, headers: browserHeaders })
  return costRows('the page', await costOf(server, { next, status: 200 }), { statements: 5, cpuMilliseconds: null })
}

const browserHeaders = {
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'accept-language': 'en-GB,en;q=0.9',
  'accept-encoding': 'gzip, deflate, br, zstd',
}

async function weights(server: BenchServer, browser: Browser, url: URL): Promise<Row[]> {
  const wide = await firstVisit(browser, url, WIDE)
  const narrow = await firstVisit(browser, url, NARROW)
  const scripts = wide.requests.filter(({ type }) => type === 'Script')
  const sizes = await Promise.all(scripts.map(({ address }) => gzipped(server, new URL(address))))
  const total = (of: readonly number[]) => of.reduce((sum, one) => sum + one, 0)
  const transferred = total(wide.requests.map(({ bytes }) => bytes))
  return [
    {
      name: 'JavaScript, gzip',
      value: total(sizes),
      unit: 'bytes',
      budget: 25_000,
      note: `${scripts.length} file${scripts.length === 1 ? '' : 's'}`,
    },
    {
      name: 'requests',
      value: wide.requests.length,
      unit: 'requests',
      budget: 6,
      note: `${transferred} bytes in all, as the browser takes them (brotli)`,
    },
    { name: 'HTML, gzip', value: await gzipped(server, url), unit: 'bytes', budget: null },
    {
      name: 'layout shift, the larger of 1280 and 390 px',
      value: Math.round(Math.max(wide.shift, narrow.shift) * 1000) / 1000,
      unit: 'CLS',
      budget: 0,
    },
  ]
}

/** Bytes of the body when gzip is asked for. */
async function gzipped(server: BenchServer, url: URL): Promise<number> {
  const wire = await openWire(server.url)
  const { body, headers, status } = await wire.ask(
    messageOf({ url, headers: { ...browserHeaders, 'accept-encoding': 'gzip' } }),
  )
  wire.close()
  if (status !== 200 || !/content-encoding: gzip/i.test(headers)) throw new Error(`${url} is not compressed`)
  return body.length
}

interface Visit {
  requests: { address: string; type: string; bytes: number }[]
  /** Sum of all layout shifts, as browsers score them. */
  shift: number
}

/**
 * A visitor of another zone than the host's, with nothing cached, on a slow line: the page is seen before its script is there, which then
 * moves it to their zone.
 */
async function firstVisit(browser: Browser, url: URL, viewport: { width: number; height: number }): Promise<Visit> {
  const { context, page, devtools } = await newVisitor(browser, viewport)
  const requests = new Map<string, Visit['requests'][number]>()
  devtools.on('Network.requestWillBeSent', ({ requestId, request, type }) => {
    if (!/^https?:.*(?<!\/favicon\.\w+)$/.test(request.url)) return
    requests.set(requestId, { address: request.url, type: type ?? '', bytes: 0 })
  })
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const request = requests.get(requestId)
    if (request) request.bytes = encodedDataLength
  })
  await page.addInitScript(sumShifts)
  await throttle(devtools)
  await page.goto(url.href)
  await page.waitForTimeout(SETTLED_MS)
  const shift = await page.evaluate(() => (globalThis as unknown as Shifting).layoutShift)
  await context.close()
  return { requests: [...requests.values()], shift }
}

interface Shifting {
  layoutShift: number
}

/** Runs in the page before anything else. */
function sumShifts(): void {
  const shifting = globalThis as unknown as Shifting
  shifting.layoutShift = 0
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) shifting.layoutShift += (entry as PerformanceEntry & { value: number }).value
  }).observe({ type: 'layout-shift', buffered: true })
}

async function newVisitor(browser: Browser, viewport: { width: number; height: number }) {
  const context = await browser.newContext({ viewport, locale: 'en-GB', timezoneId: 'America/New_York' })
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('Network.enable')
  return { context, page, devtools }
}

/** Milliseconds after the visit began. */
interface Times {
  slots: number
  /** A click on another day was handled by a script; null on a page without one. */
  click: number | null
}

/** On a slow line and a slow processor, in turns with the same page without its scripts from a server that does nothing else. */
async function times(browser: Browser, url: URL): Promise<Row[]> {
  const html = await (await fetch(url, { headers: { ...browserHeaders, 'accept-encoding': 'identity' } })).text()
  const body = Buffer.from(html.replaceAll(/<script\b.*?<\/script>/gs, ''))
  const control = await startControl({ body, headers: { 'content-type': 'text/html' }, compressed: true })
  try {
    const ours: Times[] = []
    const plain: Times[] = []
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await throttledVisit(browser, url, { clicks: true }))
      plain.push(await throttledVisit(browser, control.url, { clicks: false }))
    }
    const slots = median(plain.map((one) => one.slots))
    const what = { what: 'static page', value: slots, unit: 'ms' }
    const seen = median(ours.map((one) => one.slots))
    const clicked = median(ours.map(({ click }) => click ?? Number.POSITIVE_INFINITY))
    return [
      {
        ...{ name: 'slots visible, Fast 3G and 4x slower', value: seen / slots, unit: 'x control', budget: 1.15 },
        ...{ control: what, note: `ours ${seen.toFixed(0)} ms` },
      },
      {
        ...{ name: 'clicks handled, Fast 3G and 4x slower', value: clicked / slots, unit: 'x control', budget: 2.2 },
        ...{ control: what, note: `ours ${clicked.toFixed(0)} ms` },
      },
    ]
  } finally {
    await control.stop()
  }
}

async function throttledVisit(browser: Browser, url: URL, { clicks }: { clicks: boolean }): Promise<Times> {
  const { context, page, devtools } = await newVisitor(browser, WIDE)
  await throttle(devtools)
  await page.addInitScript(watchSlots, clicks)
  await page.goto(url.href, { waitUntil: 'commit' })
  const seen = await page.evaluate(() => (globalThis as unknown as Watched).timesOfVisit)
  await context.close()
  return seen
}

async function throttle(devtools: CDPSession): Promise<void> {
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: true })
  await devtools.send('Network.emulateNetworkConditions', FAST_3G)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER_PROCESSOR })
}

interface Watched {
  timesOfVisit: Promise<Times>
}

/** Runs in the page before anything else: looks at every frame whether slots are there, then clicks until a script answers. */
function watchSlots(clicks: boolean): void {
  const watched = globalThis as unknown as Watched
  watched.timesOfVisit = new Promise((resolve) => {
    let slots = 0
    addEventListener('click', (event) => {
      if (event.defaultPrevented) return resolve({ slots, click: performance.now() })
      // Nobody handled it: following the link would be right, but it is the script that is waited for.
      event.preventDefault()
    })
    const click = () => {
      document
        .querySelector('a[data-date]:not(.chosen)')
        ?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))
      setTimeout(click, 10)
    }
    const look = () => {
      const height = document.querySelector('a[data-start]')?.getBoundingClientRect().height ?? 0
      if (height === 0) return requestAnimationFrame(look)
      // After this frame is painted.
      setTimeout(() => {
        slots = performance.now()
        if (clicks) click()
        else resolve({ slots, click: null })
      })
    }
    requestAnimationFrame(look)
  })
}
