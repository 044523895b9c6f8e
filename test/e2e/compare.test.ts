import type { Page } from 'playwright-core'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  accessibilityFaults,
  offer,
  picture,
  sidewaysScroll,
  tabTo,
  untilLive,
  useScene,
  type Visitor,
  visit,
} from './scene.ts'

const DAY_MS = 86_400_000
const ZONE = 'America/New_York'

const scene = useScene()
let path: string
let visitor: Visitor

beforeAll(async () => {
  ;({ path } = await offer(scene, { options: { layouts: { enabled: ['month', 'week', 'column'], default: 'month' } } }))
})
beforeEach(async () => {
  visitor = await visit(scene.browser, { timezoneId: ZONE })
})

/** `20261126`, the date in the visitor's zone. */
const dateOf = (at: number) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: ZONE, dateStyle: 'short' }).format(at).replaceAll('-', '')
function dayQuery(date: string): string {
  const month = `${date.slice(0, 4)}-${date.slice(4, 6)}`
  return `?month=${month}&date=${month}-${date.slice(6)}`
}

/** A week from now, the same weekday after that, and the day after. */
const [near, later, beside] = [7, 14, 8].map((days) => dateOf(Date.now() + days * DAY_MS)) as [string, string, string]

/** Every week from 9 to 10:30 since years, but not in two weeks; a whole day; and what takes no time. */
const CALENDAR = [
  ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Example//EN'],
  ...['BEGIN:VEVENT', 'UID:weekly', 'DTSTAMP:20200101T000000Z', 'SUMMARY:Rehearsal of the choir'],
  ...[`DTSTART;TZID=${ZONE}:${dateOf(Date.now() - 98 * DAY_MS)}T090000`, 'DURATION:PT1H30M', 'RRULE:FREQ=WEEKLY'],
  ...[`EXDATE;TZID=${ZONE}:${later}T090000`, 'END:VEVENT'],
  ...[
    'BEGIN:VEVENT',
    'UID:day',
    'DTSTAMP:20200101T000000Z',
    `DTSTART;VALUE=DATE:${beside}`,
    'SUMMARY:Moving house',
    'END:VEVENT',
  ],
  ...['BEGIN:VEVENT', 'UID:free', 'DTSTAMP:20200101T000000Z', 'TRANSP:TRANSPARENT', 'SUMMARY:Somebody’s birthday'],
  ...[`DTSTART;VALUE=DATE:${near}`, 'END:VEVENT', 'END:VCALENDAR', ''],
].join('\r\n')

const asFile = (text: string, name = 'own.ics') => ({ name, mimeType: 'text/calendar', buffer: Buffer.from(text) })

async function open(query = ''): Promise<Page> {
  const { page } = visitor
  await page.goto(`${scene.app.url}${path}${query}`)
  await untilLive(page)
  return page
}

async function compare(page: Page, text = CALENDAR): Promise<void> {
  await page.getByRole('button', { name: 'Compare with your calendar' }).click()
  await page.getByLabel('Calendar file').setInputFiles(asFile(text))
}

/** What is said at each time of a day, by its hour and minute in the visitor's zone; null where nothing is. */
async function marks(page: Page, times = page.locator('a[data-start]')): Promise<Record<string, string | null>> {
  const found = await times.evaluateAll((links) =>
    links.map(
      (link) => [Number(link.getAttribute('data-start')), link.querySelector('.own')?.textContent ?? null] as const,
    ),
  )
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit' })
  return Object.fromEntries(found.map(([at, mark]) => [clock.format(at), mark]))
}

describe('comparing with a calendar of one’s own', () => {
  it('marks the times one is busy at, in every layout, and can leave them out', async () => {
    const page = await open(dayQuery(near))
    await compare(page)
    await page.getByText('2 entries of own.ics').waitFor()
    await page.locator('.own').first().waitFor()
    const busy = 'Busy: Rehearsal of the choir'
    const inMonth = await marks(page)
    // The host has time from 8 to 20 h in Berlin.
    expect([inMonth['08:30'], inMonth['09:00'], inMonth['10:00'], inMonth['10:30']]).toEqual([null, busy, busy, null])
    await picture(page, 'compare-month')

    await open(dayQuery(later))
    await compare(page)
    await page.getByText('2 entries').waitFor()
    await expect.poll(() => marks(page)).toMatchObject({ '09:00': null, '10:00': null })

    await open(dayQuery(near))
    await compare(page)

    for (const layout of ['Week', 'List']) {
      const name = layout === 'List' ? /^(List|Column)/ : layout
      await page.getByRole('navigation').getByRole('link', { name }).click()
      await page.waitForURL(layout === 'List' ? /layout=column/ : /layout=week/)
      await page.locator(layout === 'List' ? 'section.column' : 'section.week').waitFor()
      const own = page.locator('.own', { hasText: layout === 'List' ? busy : '' })
      await own.first().waitFor()
      await picture(page, `compare-${layout}`)
      const all = await page.locator('a[data-start]').count()
      await page.getByLabel('Only times when I am free').check()
      await expect.poll(() => page.locator('.own').count()).toBe(0)
      await expect.poll(() => page.locator('a[data-start]').count()).toBeLessThan(all)
      await page.getByLabel('Only times when I am free').uncheck()
    }
    await page.getByRole('button', { name: 'Remove the calendar' }).click()
    await expect.poll(() => page.locator('.own').count()).toBe(0)
  })

  it('says in the form that one is busy then, and goes back to where one was', async () => {
    const page = await open(dayQuery(beside))
    await compare(page)
    await page.locator('.own').first().waitFor()
    await page.locator('a[data-start]').first().click()
    await page.locator('#details').waitFor()
    await page.getByText('Busy: Moving house').waitFor()
    await page.goBack()
    await page.locator('.own').first().waitFor()
  })

  it('sends nothing of it anywhere, and keeps nothing', async () => {
    const page = await open()
    const sent: string[] = []
    page.on('request', (request) => sent.push(`${request.method()} ${request.url()} ${request.postData() ?? ''}`))
    await compare(page)
    await page.getByText('2 entries').waitFor()
    expect(sent.filter((one) => !/^GET \S+\/_app\/immutable\/\S+ $|^GET \S+\/slots\?\S+ $/.test(one))).toEqual([])
    expect(sent.length).toBeGreaterThan(0)
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0])
    await page.reload()
    await untilLive(page)
    expect(await page.getByRole('button', { name: 'Compare with your calendar' }).count()).toBe(1)
  })

  it('says what is wrong with a file, and takes another', async () => {
    const page = await open()
    await compare(page, 'not a calendar')
    await page.getByText('This is not a calendar file').waitFor()
    await page.getByLabel('Calendar file').setInputFiles(asFile('x'.repeat(10 * 1024 * 1024 + 1)))
    await page.getByText('more than 10 MB').waitFor()
    const endless = CALENDAR.replace('RRULE:FREQ=WEEKLY', 'RRULE:FREQ=SECONDLY')
    await page.getByLabel('Calendar file').setInputFiles(asFile(endless))
    await page.getByText('Some repetitions are left out').waitFor()
  })

  it('is open from the beginning where the link says so, in every step that follows, and takes no focus', async () => {
    const page = await open(`${dayQuery(near)}&overlayCalendar=true`)
    await page.getByLabel('Calendar file').waitFor()
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true)
    expect(await page.locator('a[data-start]').first().getAttribute('href')).toContain('overlayCalendar=true')
    await page.getByLabel('Calendar file').setInputFiles(asFile(CALENDAR))
    await page.locator('.own').first().waitFor()
    await open(`${dayQuery(near)}&overlayCalendar=false`)
    expect(await page.getByRole('button', { name: 'Compare with your calendar' }).count()).toBe(1)
  })

  it('is reached by keyboard, and not there without a script', async () => {
    const page = await open()
    await tabTo(page, '#own-calendar button')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.type)).toBe('file')

    const plain = await visit(scene.browser, { javaScriptEnabled: false })
    await plain.page.goto(scene.app.url + path)
    expect(await plain.page.getByRole('button', { name: 'Compare with your calendar' }).isVisible()).toBe(false)
  })

  for (const [colorScheme, width] of [
    ['light', 1280],
    ['dark', 390],
    ['light', 390],
    ['dark', 1280],
  ] as const) {
    it(`is for everybody, ${colorScheme} on ${width} pixels`, async () => {
      const { page } = await visit(scene.browser, {
        colorScheme,
        timezoneId: ZONE,
        viewport: { width, height: 900 },
      })
      await page.goto(scene.app.url + path + dayQuery(near))
      await untilLive(page)
      await picture(page, `compare-closed-${width}-${colorScheme}`)
      expect(await accessibilityFaults(page)).toEqual([])
      await page.getByRole('button', { name: 'Compare with your calendar' }).click()
      await picture(page, `compare-choosing-${width}-${colorScheme}`)
      expect(await accessibilityFaults(page)).toEqual([])
      await page.getByLabel('Calendar file').setInputFiles(asFile(CALENDAR))
      await page.locator('.own').first().waitFor()
      await picture(page, `compare-open-${width}-${colorScheme}`)
      expect(await accessibilityFaults(page)).toEqual([])
      expect(await sidewaysScroll(page)).toBe(0)
      await page.evaluate(() => {
        document.documentElement.dir = 'rtl'
      })
      expect(await sidewaysScroll(page)).toBe(0)
    })
  }
})
