import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type App, startApp } from './app.ts'
import { mailsTo, openBrowser, picture, untilLive, visit } from './scene.ts'

let app: App
let browser: Browser

beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await app?.stop()
})

const HOST = { name: 'Grace Hopper', email: 'grace@example.org', password: 'nanoseconds of wire' }

/** A fresh instance has nobody in it; from the printed link on, everything is done in the browser. */
it('from the one-time link to the first booking', { timeout: 120_000 }, async () => {
  const { page, context } = await visit(browser, { timezoneId: 'Europe/Vienna' })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: app.url })

  await page.goto(app.url)
  await page.getByText('This instance has no owner yet').waitFor()
  await setUp(page)
  await page.getByRole('heading', { name: 'Create your first event type' }).waitFor()
  await picture(page, 'first-run')
  const again = await page.goto(app.setUpUrl)
  expect(again?.ok()).toBe(false)

  await signOutAndIn(page)
  await setHours(page)
  const link = await publish(page)
  expect(link).toBe(`${app.url}/grace-hopper/compiler-talk`)

  await bookAt(link)
})

async function setUp(page: Page): Promise<void> {
  await page.goto(app.setUpUrl, { waitUntil: 'networkidle' })
  await page.getByLabel('Name', { exact: true }).fill(HOST.name)
  expect(await page.getByLabel('Username').inputValue()).toBe('grace-hopper')
  await page.getByLabel('Mail address').fill(HOST.email)
  await page.getByLabel('Password').fill(HOST.password)
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.waitForURL(/\/getting-started\/profile/)
  await page.getByRole('button', { name: 'Do this later' }).click()
  await page.waitForURL(/\/home/)
  await page.getByRole('link', { name: 'Create an event type' }).click()
}

async function signOutAndIn(page: Page): Promise<void> {
  await page.goto(`${app.url}/event-types`, { waitUntil: 'networkidle' })
  await page.getByRole('button', { name: 'Account menu' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/event-types'))
  await page.goto(`${app.url}/availability`)
  await page.waitForURL(/\/auth\/sign-in/)
  await page.getByLabel('Mail address').fill(HOST.email)
  await page.getByLabel('Password').fill('something else')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').waitFor()
  expect(await page.getByLabel('Mail address').inputValue()).toBe(HOST.email)
  await page.getByLabel('Password').fill(HOST.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(/\/availability/)
}

/** Monday from 7:30, and the same on every other day, in the zone of the browser. */
async function setHours(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Working hours' }).click()
  await page.waitForURL(/\/availability\/\d+/)
  await page.getByRole('combobox', { name: 'Monday, from' }).fill('7:30')
  await page.getByRole('combobox', { name: 'Monday, from' }).press('Enter')
  await page.getByRole('button', { name: 'Copy the hours of Monday to other days' }).click()
  await page.getByRole('button', { name: 'Every day' }).click()
  await page.getByRole('button', { name: 'Copy', exact: true }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Schedule saved').waitFor()
  await picture(page, 'first-hours')
  const row = await app.db.selectFrom('schedules').select(['weekly', 'time_zone']).executeTakeFirstOrThrow()
  expect(row.time_zone).toBe('Europe/Vienna')
  expect(row.weekly).toEqual([{ days: [0, 1, 2, 3, 4, 5, 6], start: 450, end: expect.any(Number) }])
}

/** @returns the link that was copied */
async function publish(page: Page): Promise<string> {
  await page.getByRole('link', { name: 'Event types' }).click()
  await page.waitForURL(/\/event-types$/)
  await page.getByLabel('Title').fill('Compiler talk')
  await page.getByLabel('Duration in minutes').fill('45')
  await page.getByLabel('Where').selectOption({ label: 'Video call' })
  await page.getByLabel('Link to your video room').fill('https://meet.example.org/grace')
  await page.getByRole('button', { name: 'Create' }).click()
  await page.getByText('It can be booked now').waitFor()
  await picture(page, 'first-event-type')
  await page.getByRole('link', { name: 'Event types' }).first().click()
  await page.waitForURL(/\/event-types$/)
  const row = page.getByRole('listitem').filter({ hasText: 'Compiler talk' })
  await row.getByRole('button', { name: 'Copy link' }).click()
  await row.getByRole('button', { name: 'Copied' }).waitFor()
  return page.evaluate(() => navigator.clipboard.readText())
}

async function bookAt(link: string): Promise<void> {
  const { page } = await visit(browser)
  await page.goto(link)
  await untilLive(page)
  await page.getByRole('heading', { level: 1, name: 'Compiler talk' }).waitFor()
  await page.locator('a[data-date]').nth(1).click()
  await page.locator('a[data-start]').first().click()
  await page.getByLabel('Your name').fill('Bo Visitor')
  await page.getByLabel('Your mail address').fill('bo@example.net')
  await page.getByRole('button', { name: 'Book', exact: true }).click()
  await page.waitForURL(/\/booking\//)
  const [mail] = await mailsTo(app, HOST.email, 1)
  expect(mail?.email.subject).toContain('Bo Visitor')
}
