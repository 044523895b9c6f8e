import { expect, it } from 'vitest'
import {
  book,
  freeStarts,
  mailsTo,
  OWNER,
  offer,
  openDashboard,
  ownOffer,
  tabTo,
  untilLive,
  useScene,
  visit,
} from './scene.ts'

const scene = useScene()

it('a visitor books, moves and cancels without touching a mouse', async () => {
  const { path } = await offer(scene)
  const { page } = await visit(scene.browser)
  const { keyboard } = page
  await page.goto(scene.app.url + path)
  await untilLive(page)

  await tabTo(page, 'a[data-date]')
  await keyboard.press('ArrowRight')
  const date = await page.evaluate(() => (document.activeElement as HTMLElement).dataset.date)
  await keyboard.press('Enter')
  // The day is said, and the way goes on from where it was.
  await page.locator('[role="status"]', { hasText: 'times' }).first().waitFor({ state: 'attached' })
  await tabTo(page, 'a[data-start]')
  await keyboard.press('Enter')
  await page.locator('#details').waitFor()
  expect(page.url()).toContain(`date=${date}`)
  // The focus is at the heading of the form, which reads the full date.
  const heading = await page.evaluate(() => [document.activeElement?.tagName, document.activeElement?.textContent])
  expect(heading[0]).toBe('H2')
  expect(heading[1]).toMatch(/\d{4}/)

  await tabTo(page, 'input[name="name"]')
  await keyboard.type('Kim Keys')
  await tabTo(page, 'input[name="email"]')
  await keyboard.type('kim@example.net')
  await keyboard.press('Enter')
  await page.waitForURL(/\/booking\//)

  await tabTo(page, 'a[href^="/reschedule/"]')
  await keyboard.press('Enter')
  await page.waitForURL(/\/reschedule\//)
  await untilLive(page)
  await tabTo(page, 'a[data-date]:not(.chosen)')
  await keyboard.press('Enter')
  await tabTo(page, 'li:nth-child(3) > a[data-start]')
  await keyboard.press('Enter')
  await tabTo(page, '#details button[type="submit"]')
  await keyboard.press('Enter')
  await page.waitForURL(/\/booking\//)
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Your booking has moved')

  await tabTo(page, 'a[href*="cancel"]')
  await keyboard.press('Enter')
  await page.locator('textarea').waitFor()
  await tabTo(page, 'textarea')
  await keyboard.type('No keys')
  await tabTo(page, 'button[type="submit"]')
  await keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'This booking is cancelled' }).waitFor()
  expect(await mailsTo(scene.app, 'kim@example.net', 3)).toHaveLength(3)
})

it('a visitor chooses another zone by typing', async () => {
  const { path } = await offer(scene)
  const { page } = await visit(scene.browser)
  await page.goto(scene.app.url + path)
  await untilLive(page)
  const before = await page.locator('a[data-start]').first().textContent()
  await tabTo(page, 'a[href*="zones="]')
  await page.keyboard.press('Enter')
  await page.getByRole('combobox', { name: 'Time zone' }).waitFor()
  await page.keyboard.type('Kolkata')
  await page.getByRole('option', { name: /Kolkata|Calcutta/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.waitForFunction((old) => document.querySelector('a[data-start]')?.textContent !== old, before)
})

it('a host signs in, confirms and cancels without touching a mouse', async () => {
  const path = await ownOffer(scene, { slug: 'ask', title: 'On request', requiresConfirmation: true })
  const [start = 0] = (await freeStarts(scene.app, path)).slice(20)
  const uid = await book(scene.app, path, start, { name: 'Lou', email: 'lou@example.net' })
  const { page } = await visit(scene.browser, { timezoneId: OWNER.timeZone })
  const { keyboard } = page
  await page.goto(`${scene.app.url}/bookings/unconfirmed`)
  await tabTo(page, 'input[name="email"]')
  await keyboard.type(OWNER.email)
  await tabTo(page, 'input[name="password"]')
  await keyboard.type(OWNER.password)
  await keyboard.press('Enter')
  await page.waitForURL(/\/bookings\/unconfirmed/)
  await openDashboard(scene, page, '/bookings/unconfirmed')
  await tabTo(page, `a[href="/bookings/detail/${uid}/confirm"]`)
  await keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await tabTo(page, 'dialog button[type="submit"]')
  await keyboard.press('Enter')
  await page.getByText('No request waits for you').waitFor()
  // What had the focus has gone with the request; the way goes on from the tabs.
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-current'))).toBe('page')

  await openDashboard(scene, page, `/bookings/detail/${uid}`)
  await tabTo(page, 'button[popovertarget]')
  await keyboard.press('Enter')
  await tabTo(page, `a[href="/bookings/detail/${uid}/cancel"]`)
  await keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Cancel this booking?' }).waitFor()
  await keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  // Back where it was opened.
  await tabTo(page, 'button[popovertarget]')
  await keyboard.press('Enter')
  await tabTo(page, `a[href="/bookings/detail/${uid}/cancel"]`)
  await keyboard.press('Enter')
  await tabTo(page, 'dialog textarea')
  await keyboard.type('Ill')
  await tabTo(page, 'dialog button[type="submit"]')
  await keyboard.press('Enter')
  await page.getByText('Cancelled by you').waitFor()
})
