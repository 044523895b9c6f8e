import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { Temporal } from 'temporal-polyfill'
import { beforeAll, describe, expect, it } from 'vitest'
import { COLUMNS } from '#features/bookings/arrangement/schema.ts'
import { insertManyBookings } from '#test/many-bookings.ts'
import { insertEventType } from '#test/offers.ts'
import { accessibilityFaults, openDashboard, picture, sidewaysScroll, useScene, visit, visitAsOwner } from './scene.ts'

const scene = useScene()

beforeAll(async () => {
  const { app, ownerId } = scene
  const eventTypeId = await insertEventType(app.db, ownerId, { slug: 'talk', title: 'A talk' })
  const until = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 + 100 * 3_600_000).toISOString()
  await insertManyBookings(app.db, { hostId: ownerId, eventTypeId, count: 1000, until })
  // Who comes last booked first.
  await sql`update bookings set created_at = timestamptz '2026-01-01T00:00:00Z' - id * interval '1 minute',
    notes = 'Bring the plans of ' || title where host_id = ${ownerId}`.execute(app.db)
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

  it('a list is put in another order, with other details and another length, and kept as what bookings open with', async () => {
    const page = await open('/bookings/past?q=person', scripts)
    const rows = page.locator('main p.title')
    const expected = async (n: number) => {
      const { rows: found } = await sql<{ title: string }>`select title from bookings
        where host_id = ${scene.ownerId} and status <> 'cancelled' and ends_at < now() - interval '1 hour'
        order by created_at desc, id desc limit ${n}`.execute(scene.app.db)
      return found.map(({ title }) => title)
    }
    // By keyboard alone.
    await page.locator('summary', { hasText: 'Arrange the list' }).focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Order').selectOption('newest')
    await page.getByLabel('Bookings per page').selectOption('10')
    for (const name of ['Place', 'Notes']) {
      await page.getByRole('checkbox', { name, exact: true }).focus()
      await page.keyboard.press('Space')
    }
    await page.getByRole('button', { name: 'Arrange', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/sort=newest/)
    await expect.poll(() => rows.allTextContents()).toEqual(await expected(10))
    expect(await page.locator('main dd', { hasText: /^Bring the plans of Talk/ }).count()).toBe(10)
    expect(await page.locator('main dt', { hasText: 'Booked on' }).count()).toBe(10)
    await page.getByRole('link', { name: 'Show more' }).click()
    await expect.poll(async () => (await rows.allTextContents()).at(-1)).toBe((await expected(20)).at(-1))

    await page.getByText('Save this view').click()
    await page.getByLabel('Name of the view').fill(`Newest ${mark}`)
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText(`Change “Newest ${mark}”`).click()
    await page.getByRole('button', { name: 'Open bookings with this view' }).click()
    await page.getByRole('img', { name: 'Opens first:' }).waitFor()

    await page.goto(`${scene.app.url}/bookings`)
    await expect.poll(() => rows.allTextContents()).toEqual(await expected(10))
    await page.locator('summary', { hasText: 'Arrange the list' }).click()
    await page.getByLabel('Bookings per page').selectOption('50')
    await page.getByRole('button', { name: 'Arrange', exact: true }).click()
    await page.waitForURL(/size=50/)
    await page.getByRole('button', { name: `Save changes to “Newest ${mark}”` }).click()
    await page.getByText('Save changes to').waitFor({ state: 'detached' })
    await page.goto(`${scene.app.url}/bookings`)
    await expect.poll(() => rows.allTextContents()).toEqual(await expected(50))
    await page.getByText(`Change “Newest ${mark}”`).click()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByText('The view is deleted.').waitFor()
    await page.goto(`${scene.app.url}/bookings`)
    await page.waitForURL(/\/bookings\/upcoming$/)
  })

  it('contacts come as many at a time as wanted', async () => {
    const page = await open('/contacts?q=person', scripts)
    const rows = page.locator('main .list li')
    await expect.poll(() => rows.count()).toBe(50)
    await page
      .getByRole('navigation', { name: 'Contacts per page' })
      .getByRole('link', { name: '10', exact: true })
      .click()
    await expect.poll(() => rows.count()).toBe(10)
    const first = await rows.first().textContent()
    await page.getByRole('link', { name: 'Show more' }).click()
    await page.waitForURL(/after=/)
    await expect.poll(() => rows.first().textContent()).not.toBe(first)
    expect([await rows.count(), new URL(page.url()).searchParams.get('q')]).toEqual([10, 'person'])
    await page.getByRole('searchbox').fill('person1')
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await page.waitForURL(/q=person1/)
    await expect.poll(() => rows.count()).toBe(10)
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

it('an arranged list is accessible open, and reads well on a phone', async () => {
  const { app, ownerId } = scene
  await app.db
    .insertInto('booking_views')
    .values([
      {
        user_id: ownerId,
        name: 'Newest',
        tab: 'all',
        query: 'sort=newest&size=10',
        created_at: Temporal.Now.instant(),
      },
      { user_id: ownerId, name: 'First', tab: 'past', query: '', is_default: true, created_at: Temporal.Now.instant() },
    ])
    .execute()
  const everything = COLUMNS.map((column) => `show=${column}`).join('&')
  const phone = { viewport: { width: 390, height: 844 } }
  const { id } = await app.db
    .selectFrom('booking_views')
    .where('name', '=', 'Newest')
    .select('id')
    .executeTakeFirstOrThrow()
  for (const [locale, how] of [
    ['en', { viewport: { width: 1280, height: 900 } }],
    ['de', { ...phone, colorScheme: 'dark' }],
    ['ar', phone],
  ] as const) {
    await app.db
      .updateTable('users')
      .set({ locale: locale === 'ar' ? 'en' : locale })
      .where('id', '=', ownerId)
      .execute()
    const { page, context } = await visitAsOwner(scene, how)
    for (const sort of ['newest', 'soonest']) {
      await openDashboard(scene, page, `/bookings/all?sort=${sort}&size=10&${everything}&view=${id}`)
      if (locale === 'ar') await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'))
      for (const summary of await page.locator('main summary').all()) await summary.click()
      expect([locale, await accessibilityFaults(page)]).toEqual([locale, []])
      expect([locale, await sidewaysScroll(page)]).toEqual([locale, 0])
      await picture(page, `arranged-${sort}-${locale}`)
    }
    await openDashboard(scene, page, '/bookings/past')
    await picture(page, `usual-${locale}`)
    await context.close()
  }
  await app.db.updateTable('users').set({ locale: 'en' }).where('id', '=', ownerId).execute()
  await app.db.deleteFrom('booking_views').where('user_id', '=', ownerId).execute()
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
