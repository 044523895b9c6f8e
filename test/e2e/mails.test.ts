import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type App, startApp } from './app.ts'
import { expectGoodLooks, OWNER, openBrowser, postForm } from './scene.ts'

let app: App
let browser: Browser
let page: Page

beforeAll(async () => {
  // Without an outgoing server, as somebody has it who only tries it out.
  app = await startApp({ SUNDIAL_SMTP_URL: '', SUNDIAL_MAIL_CATCHER: 'on' })
  browser = await openBrowser()
  const answer = await postForm(app, app.setUpUrl, OWNER, { 'accept-language': 'en' })
  const [name, value] = (answer.headers.getSetCookie()[0]?.split(';')[0] ?? '').split('=')
  const context = await browser.newContext()
  await context.addCookies([{ name: name ?? '', value: value ?? '', url: app.url }])
  page = await context.newPage()
})
afterAll(async () => {
  await browser.close()
  await app.stop()
})

async function bookSomething(): Promise<void> {
  const { id } = await app.db.selectFrom('users').select('id').executeTakeFirstOrThrow()
  const weekly = JSON.stringify([{ days: [0, 1, 2, 3, 4, 5, 6], start: 0, end: 1440 }])
  await app.db.updateTable('schedules').set({ weekly }).where('user_id', '=', id).execute()
  await app.db
    .insertInto('event_types')
    .values({
      user_id: id,
      slug: 'talk',
      title: 'A talk',
      durations: [30],
      locations: '[]',
      schedule_id: null,
      slot_interval: null,
      booking_window: null,
      color: null,
    })
    .execute()
  const visitor = await (await browser.newContext()).newPage()
  const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10)
  await visitor.goto(`${app.url}/${OWNER.username}/talk?date=${day}&slot=${day}T12:00:00.000Z`)
  await visitor.getByLabel('Your name').fill('<b>Bo</b> Visitor')
  await visitor.getByLabel('Your mail address').fill('bo@example.net')
  await visitor.getByRole('button', { name: 'Book', exact: true }).click()
  await visitor.waitForURL(/\/booking\//)
  await visitor.context().close()
}

it('mails of an instance without a server are read in the instance, locked up', async () => {
  await page.goto(`${app.url}/mails`)
  await page.getByText('No mails yet.').waitFor()
  await expectGoodLooks(page, 'mails-none')
  await bookSomething()

  const list = page.getByRole('main').getByRole('link', { name: /A talk/ })
  await expect
    .poll(async () => {
      await page.goto(`${app.url}/mails`)
      return list.count()
    })
    .toBe(2)
  await expectGoodLooks(page, 'mails')
  await list.filter({ hasText: 'bo@example.net' }).click()

  const letter = page.frameLocator('iframe')
  await letter.getByRole('heading', { name: 'Your booking is confirmed' }).waitFor()
  expect(await letter.getByText('<b>Bo</b> Visitor').count()).toBeGreaterThan(0)
  expect(await page.locator('iframe').getAttribute('sandbox')).not.toMatch(/allow-(scripts|same-origin|forms|top)/)
  await expectGoodLooks(page, 'mail-html')
  const html = await page.request.get(`${page.url().split('?')[0]}/html`)
  expect(html.headers()['content-security-policy']).toMatch(/default-src 'none'.*sandbox/)

  await page.getByRole('link', { name: 'Text', exact: true }).click()
  await page.getByText('Your booking is confirmed', { exact: false }).last().waitFor()
  await expectGoodLooks(page, 'mail-text')
  await page.getByRole('link', { name: 'Calendar', exact: true }).click()
  await page.getByRole('cell', { name: 'REQUEST', exact: true }).waitFor()
  await expectGoodLooks(page, 'mail-calendar')
  await page.getByRole('link', { name: 'Source', exact: true }).click()
  await page.getByText(/Auto-Submitted: auto-generated/).waitFor()
  await expectGoodLooks(page, 'mail-source')
})

it('nobody else reads them', async () => {
  const { pathname } = new URL(page.url())
  const stranger = await browser.newContext()
  for (const path of ['/mails', pathname, `${pathname}/html`, `${pathname}/source`]) {
    const answer = await stranger.request.get(app.url + path, { maxRedirects: 0 })
    expect([path, answer.status()]).toEqual([path, 303])
    await app.db.updateTable('users').set({ role: 'member' }).execute()
    const member = await page.request.get(app.url + path)
    await app.db.updateTable('users').set({ role: 'owner' }).execute()
    expect([path, member.status()]).toEqual([path, 404])
  }
  expect((await page.request.get(`${app.url}/mails/${'0'.repeat(32)}`)).status()).toBe(404)
  await stranger.close()
})
