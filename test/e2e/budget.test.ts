import type { CDPSession } from 'playwright-core'
import { expect, it } from 'vitest'
import { offer, untilLive, useScene, visit } from './scene.ts'

/** DESIGN of the public pages: what a first visit may cost. Counts and sizes, never times. */
const MOST_SCRIPT_BYTES = 25 * 1024
const MOST_REQUESTS = 6

const scene = useScene()

interface Traffic {
  type: string
  url: string
  /** As it came over the wire, with headers. */
  bytes: number
}

/** What is fetched from now on. */
async function watchTraffic(session: CDPSession): Promise<Traffic[]> {
  const open = new Map<string, Traffic>()
  const traffic: Traffic[] = []
  session.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (response.url.startsWith('data:')) return
    const entry = { type, url: response.url, bytes: 0 }
    open.set(requestId, entry)
    traffic.push(entry)
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const entry = open.get(requestId)
    if (entry) entry.bytes = encodedDataLength
  })
  await session.send('Network.enable')
  return traffic
}

it('a first visit to a booking page stays within its budget', async () => {
  const { path } = await offer(scene, { durations: [30, 60] })
  const { page, context } = await visit(scene.browser, { viewport: { width: 390, height: 800 } })
  const traffic = await watchTraffic(await context.newCDPSession(page))
  await page.goto(scene.app.url + path, { waitUntil: 'networkidle' })
  await untilLive(page)
  const scripts = traffic.filter(({ type }) => type === 'Script')
  const bytes = scripts.reduce((sum, script) => sum + script.bytes, 0)
  console.log(`${traffic.length} requests, ${bytes} bytes of script: ${scripts.map(({ url }) => url).join(' ')}`)
  expect(bytes).toBeGreaterThan(1000)
  expect(bytes).toBeLessThanOrEqual(MOST_SCRIPT_BYTES)
  expect(traffic.length).toBeLessThanOrEqual(MOST_REQUESTS)
})

it('the slots of the first month are in the HTML itself', async () => {
  const { path } = await offer(scene)
  const html = await (await fetch(scene.app.url + path)).text()
  expect(html.match(/<a[^>]* data-date=/g)?.length).toBeGreaterThan(0)
  expect(html.match(/<a[^>]* data-start=/g)?.length).toBeGreaterThan(0)
})

it('nothing moves on its own while the page comes alive, a day and a time are chosen', async () => {
  const { path } = await offer(scene, { durations: [30, 60] })
  for (const width of [390, 1280]) {
    const { page, context } = await visit(scene.browser, { viewport: { width, height: 800 } })
    await page.addInitScript(() => {
      const shifts: number[] = []
      Object.assign(window, { shifts })
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
          if (!entry.hadRecentInput) shifts.push(entry.value)
        }
      }).observe({ type: 'layout-shift', buffered: true })
    })
    await page.goto(scene.app.url + path, { waitUntil: 'networkidle' })
    await untilLive(page)
    await page.locator('a[data-date]').nth(3).click()
    await page.locator('a[data-start]').first().click()
    await page.locator('#details').waitFor()
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
    expect([width, await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts)]).toEqual([width, []])
    await context.close()
  }
})
