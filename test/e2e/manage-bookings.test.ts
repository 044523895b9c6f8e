import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { insertManyBookings } from '#test/many-bookings.ts'
import { insertEventType } from '#test/offers.ts'
import { accessibilityFaults, openDashboard, sidewaysScroll, useScene, visit, visitAsOwner } from './scene.ts'

const scene = useScene()

beforeAll(async () => {
  const { app, ownerId } = scene
  const eventTypeId = await insertEventType(app.db, ownerId, { slug: 'talk', title: 'A talk' })
  const until = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 + 100 * 3_600_000).toISOString()
  await insertManyBookings(app.db, { hostId: ownerId, eventTypeId, count: 1000, until })
})

async function open(path: string, javaScriptEnabled = true): Promise<Page> {
  const someone = await visitAsOwner(scene, { javaScriptEnabled })
  if (javaScriptEnabled) await openDashboard(scene, someone.page, path)
  else await someone.page.goto(scene.app.url + path)
  return someone.page
}

/** Of a booking that was, from its number among those that were made. */
async function uidOf(number: number): Promise<string> {
  const { uid } = await scene.app.db
    .selectFrom('bookings')
    .where('title', '=', `Talk ${number}`)
    .select('uid')
    .executeTakeFirstOrThrow()
  return uid
}

describe.each([
  ['with scripts', true],
  ['without scripts', false],
])('%s', (_, scripts) => {
  const mark = scripts ? '7' : '8'

  it('a view is found, kept, deleted and taken back', async () => {
    const page = await open('/bookings/past', scripts)
    await page.getByRole('searchbox').fill(`person${mark}@`)
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await page.waitForURL(/q=person/)
    await expect.poll(() => page.locator('main p.title').count()).toBe(1)
    await page.getByText('Save this view').click()
    await page.getByLabel('Name of the view').fill(`Search ${mark}`)
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('link', { name: `Search ${mark}` }).waitFor()
    await page.getByText(`Change “Search ${mark}”`).click()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByText('The view is deleted.').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('The view is back.').waitFor()
    await page.getByRole('link', { name: `Search ${mark}` }).waitFor()
  })

  it('who did not come is marked, and notes are kept', async () => {
    const page = await open(`/bookings/detail/${await uidOf(Number(`10${mark}`))}`, scripts)
    await page.getByLabel('New note').fill('Wants a quote')
    await page.getByRole('button', { name: 'Add note' }).click()
    await page.getByText('Wants a quote').waitFor()
    await page.getByRole('button', { name: /^Mark as absent/ }).click()
    await page.getByRole('button', { name: /^Came after all/ }).waitFor()
    await page.getByRole('button', { name: /^Delete/ }).click()
    await page.getByText('The note is deleted.').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Wants a quote').waitFor()
  })

  it('somebody is booked for outside of the hours, moved to a place and given a guest', async () => {
    const page = await open('/bookings/new', scripts)
    const year = new Date().getUTCFullYear() + 1
    await page.getByLabel('Date').fill(`${year}-06-0${mark}`)
    await page.getByLabel('Time', { exact: true }).fill('03:10')
    await page.getByLabel('Their name').fill('Zed')
    await page.getByLabel('Their mail address').fill(`zed${mark}@example.net`)
    await page.getByRole('button', { name: 'Book', exact: true }).click()
    await page.getByText('This time is not among those you offer').waitFor()
    await page.getByLabel('Book it anyway').check()
    await page.getByLabel(/^Why/).fill('They called')
    await page.getByRole('button', { name: 'Book', exact: true }).click()
    await page.getByText('They called').waitFor()
    await page.getByRole('link', { name: 'Change the place' }).click()
    await page.getByLabel('Address, number or link').fill('https://meet.example.org/z')
    await page.getByRole('button', { name: 'Change the place' }).click()
    await page.getByText('You changed the place of this booking.').waitFor()
    await page.getByRole('link', { name: 'Add guests' }).click()
    await page.getByLabel('Mail addresses').fill('ann@example.net')
    await page.getByRole('button', { name: 'Invite' }).click()
    await page.getByText('You added guests to this booking.').waitFor()
    await page.getByRole('link', { name: 'Report' }).click()
    await page.getByLabel(`Block zed${mark}@example.net`).check()
    await page.getByRole('button', { name: 'Report', exact: true }).click()
    await page.getByText(/You reported this on/).waitFor()
    await page.goto(`${scene.app.url}/contacts?q=zed${mark}`)
    await page.getByRole('link', { name: 'Zed' }).click()
    await page.getByText('This address is blocked.').waitFor()
  })

  it('a meeting is rated by who booked it, once', async () => {
    const uid = await uidOf(Number(`20${mark}`))
    const { page } = await visit(scene.browser, { javaScriptEnabled: scripts })
    await page.goto(`${scene.app.url}/booking/${uid}`)
    if (scripts) expect(await accessibilityFaults(page)).toEqual([])
    await page.getByRole('radio', { name: '4 stars' }).check()
    await page.getByLabel(/^A few words/).fill('Clear and kind')
    await page.getByRole('button', { name: 'Send rating' }).click()
    await page.getByText('You gave 4 stars of 5.').waitFor()
    expect(await page.getByRole('button', { name: 'Send rating' }).count()).toBe(0)
  })
})

it('a list is downloaded as CSV', async () => {
  const answer = await fetch(`${scene.app.url}/bookings/export?tab=all&q=person9@&mark=1`, {
    headers: { cookie: scene.ownerCookie },
  })
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="bookings-all-[\d-]+\.csv"$/)
  const bytes = new Uint8Array(await answer.arrayBuffer())
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
  expect(new TextDecoder().decode(bytes).trim().split('\r\n')).toHaveLength(2)
  const stranger = await fetch(`${scene.app.url}/bookings/export`, { redirect: 'manual' })
  expect(stranger.status).toBe(303)
})

it('every page is accessible, fits a phone and speaks German', async () => {
  const uid = await uidOf(300)
  const contact = await scene.app.db.selectFrom('attendees').select('id').executeTakeFirstOrThrow()
  const paths = [
    ...['/bookings/all?q=person&from=2026-01-01', '/bookings/calendar', '/bookings/calendar?view=month'],
    ...['/bookings/new', '/bookings/blocked', '/contacts', `/contacts/${contact.id}`],
    ...['', '/guests', '/location', '/report'].map((part) => `/bookings/detail/${uid}${part}`),
  ]
  for (const locale of ['en', 'de']) {
    await scene.app.db.updateTable('users').set({ locale }).where('id', '=', scene.ownerId).execute()
    const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' } as const
    const someone = await visitAsOwner(scene, locale === 'de' ? phone : {})
    for (const path of paths) {
      await openDashboard(scene, someone.page, path)
      expect([path, await accessibilityFaults(someone.page)]).toEqual([path, []])
      expect([path, await sidewaysScroll(someone.page)]).toEqual([path, 0])
      expect(await someone.page.locator('html').getAttribute('lang')).toBe(locale)
    }
    if (locale === 'en') await someone.context.close()
  }
  await scene.app.db.updateTable('users').set({ locale: 'en' }).where('id', '=', scene.ownerId).execute()
})
