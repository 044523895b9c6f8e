import ICAL from 'ical.js'
import type { Page } from 'playwright-core'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  accessibilityFaults,
  book,
  freeStarts,
  openDashboard,
  ownOffer,
  picture,
  sidewaysScroll,
  useScene,
  visitAsOwner,
} from './scene.ts'

const scene = useScene()
let uid: string

beforeAll(async () => {
  const path = await ownOffer(scene, { slug: 'talk', title: 'A talk about the engine' })
  const [start = 0] = (await freeStarts(scene.app, path)).slice(30)
  uid = await book(scene.app, path, start, { name: 'Bo Visitor' })
})
beforeEach(async () => {
  await scene.app.db.deleteFrom('calendar_feeds').execute()
})

const cards = (page: Page) => page.locator('section.card')
const addressIn = async (page: Page, card = 0) =>
  (await cards(page).nth(card).locator('code').first().textContent()) ?? ''

async function turnedOn(page: Page): Promise<string> {
  await openDashboard(scene, page, '/settings/feeds')
  await cards(page)
    .nth(0)
    .getByRole('button', { name: /^Turn on/ })
    .click()
  await cards(page).nth(0).locator('code').first().waitFor()
  return addressIn(page)
}

describe('the page of calendar feeds', () => {
  it('turns a feed on, gives it another address after asking, and turns it off', async () => {
    const { page } = await visitAsOwner(scene)
    const first = await turnedOn(page)
    expect(first).toMatch(/^http:\/\/localhost:\d+\/feeds\/[\w-]{43}\.ics$/)
    expect((await fetch(first)).status).toBe(200)
    await page.locator('summary', { hasText: 'Replace address' }).click()
    await page.getByRole('button', { name: 'Replace the address of your bookings' }).click()
    await page.getByText('Here is the new address').waitFor()
    const second = await addressIn(page)
    expect(second).not.toBe(first)
    expect([(await fetch(first)).status, (await fetch(second)).status]).toEqual([404, 200])

    expect(await (await fetch(second)).text()).toContain('Bo Visitor')
    await page.getByLabel('Show what is booked and who comes').uncheck()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Calendars show it the next time').waitFor()
    expect(await (await fetch(second)).text()).not.toContain('Bo Visitor')

    await page.locator('summary', { hasText: 'Turn off' }).click()
    await page.getByRole('button', { name: 'Turn off the calendar of your bookings' }).click()
    await page.getByText('The address has stopped.').first().waitFor()
    expect((await fetch(second)).status).toBe(404)
  })

  it('works without a script', async () => {
    const { page } = await visitAsOwner(scene, { javaScriptEnabled: false })
    await page.goto(`${scene.app.url}/settings/feeds`)
    await cards(page)
      .nth(1)
      .getByRole('button', { name: /^Turn on/ })
      .click()
    const address = await addressIn(page, 1)
    expect((await fetch(address)).status).toBe(200)
    await page.locator('summary', { hasText: 'Turn off' }).click()
    await page.getByRole('button', { name: 'Turn off your free/busy times' }).click()
    await page.getByText('The address has stopped.').waitFor()
    expect((await fetch(address)).status).toBe(404)
  })

  for (const [colorScheme, width] of [
    ['light', 1280],
    ['dark', 390],
    ['light', 390],
    ['dark', 1280],
  ] as const) {
    it(`is for everybody, ${colorScheme} on ${width} pixels`, async () => {
      const { page } = await visitAsOwner(scene, { colorScheme, viewport: { width, height: 900 } })
      await turnedOn(page)
      for (const summary of await page.locator('summary').all()) await summary.click()
      expect(await accessibilityFaults(page)).toEqual([])
      expect(await sidewaysScroll(page)).toBe(0)
      await picture(page, `feeds-${width}-${colorScheme}`)
    })
  }
})

describe('the address of a feed', () => {
  let address: string
  beforeEach(async () => {
    const { page } = await visitAsOwner(scene)
    address = await turnedOn(page)
  })

  it('answers what calendars ask: GET, HEAD, and 304 for what they have', async () => {
    const answer = await fetch(address)
    const text = await answer.text()
    expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('private, no-cache')
    expect(answer.headers.get('x-robots-tag')).toBe('noindex')
    const events = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent')
    expect(events).toHaveLength(1)
    expect(String(events[0]?.getFirstPropertyValue('url'))).toBe(`${scene.app.url}/bookings/detail/${uid}`)

    const head = await fetch(address, { method: 'HEAD' })
    const etag = answer.headers.get('etag') ?? ''
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, etag, ''])
    for (const tag of [etag, etag.replace('W/', ''), `"other", ${etag}`]) {
      const again = await fetch(address, { headers: { 'if-none-match': tag } })
      expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag])
    }
    expect((await fetch(address, { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
  })

  it('is the only one: every other gets the same answer, whatever is wrong with it', async () => {
    const token = /feeds\/([\w-]+)/.exec(address)?.[1] ?? ''
    const wrong = ['x', token.slice(1), `${token}x`, token.toUpperCase(), 'a'.repeat(43), 'a'.repeat(2000), '%00', "'"]
    const answers = await Promise.all(
      [...wrong.map((one) => `/feeds/${one}.ics`), `/feeds/${token}.ifb`].map(async (path) => {
        const answer = await fetch(scene.app.url + path)
        return `${answer.status} ${answer.headers.get('cache-control')} ${await answer.text()}`
      }),
    )
    expect([...new Set(answers)]).toEqual(['404 no-store Not found\n'])
    expect((await fetch(`${scene.app.url}/feeds`)).status).toBe(404)
  })

  it('tells programs when its owner is busy, within what can be asked', async () => {
    const { page, context } = await visitAsOwner(scene)
    await openDashboard(scene, page, '/settings/feeds')
    await cards(page)
      .nth(1)
      .getByRole('button', { name: /^Turn on/ })
      .click()
    await cards(page).nth(1).locator('code').first().waitFor()
    const times = await addressIn(page, 1)
    await context.close()
    const { starts_at } = await scene.app.db.selectFrom('bookings').select('starts_at').executeTakeFirstOrThrow()
    const answer = await fetch(`${times}?start=${starts_at}&end=${starts_at.add({ hours: 2 })}`)
    const text = await answer.text()
    const compact = starts_at.toString().replace(/[-:]/g, '')
    expect(text).toContain(`FREEBUSY;FBTYPE=BUSY:${compact}/`)
    for (const secret of ['Bo Visitor', 'Ada', uid, 'engine', 'SUMMARY']) expect(text).not.toContain(secret)
    const refused = async (query: string) => {
      const reply = await fetch(`${times}?${query}`)
      return [reply.status, ((await reply.json()) as { code: string }).code]
    }
    expect(await refused('start=2026-01-01&end=2028-01-01')).toEqual([400, 'span_too_long'])
    expect(await refused('start=2026-02-01&end=2026-01-01')).toEqual([400, 'span_backwards'])
    expect(await refused('start=soon')).toEqual([400, 'invalid_input'])
  })

  it('cannot be looked for for long, and is read all the same', async () => {
    let answer = await fetch(`${scene.app.url}/feeds/x.ics`)
    for (let tries = 0; answer.status === 404 && tries < 120; tries++) {
      answer = await fetch(`${scene.app.url}/feeds/x.ics`)
    }
    expect([answer.status, (await answer.json()) as object]).toMatchObject([429, { code: 'rate_limited' }])
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await fetch(address)).status).toBe(200)
  })
})
