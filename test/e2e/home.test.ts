import type { Page } from 'playwright-core'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import {
  accessibilityFaults,
  book,
  freeStarts,
  openDashboard,
  ownOffer,
  picture,
  postForm,
  sidewaysScroll,
  useScene,
  visit,
  visitAsOwner,
} from './scene.ts'

const scene = useScene()

let people = 0
/** Somebody new, who has just signed up. */
async function signUp(): Promise<{ username: string; cookie: { name: string; value: string; url: string } }> {
  people++
  const username = `newcomer${people}`
  const answer = await postForm(scene.app, '/auth/sign-up', {
    ...{ name: 'Zoë Müller', username, email: `${username}@example.org`, password: 'quiet otter 42' },
    timeZone: 'UTC',
  })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/home'])
  const [name = '', value = ''] = (answer.headers.getSetCookie()[0]?.split(';')[0] ?? '').split('=')
  return { username, cookie: { name, value, url: scene.app.url } }
}

const account = (username: string) =>
  scene.app.db.selectFrom('users').selectAll().where('username', '=', username).executeTakeFirstOrThrow()

async function isClean(page: Page, name: string): Promise<void> {
  expect([name, await accessibilityFaults(page), await sidewaysScroll(page)]).toEqual([name, [], 0])
}

describe('a new account', () => {
  it('has a page that can be booked after three steps', { timeout: 120_000 }, async () => {
    const { username, cookie } = await signUp()
    const { page, context } = await visit(scene.browser, { timezoneId: 'Europe/Vienna' })
    await context.addCookies([cookie])
    await page.goto(`${scene.app.url}/`, { waitUntil: 'networkidle' })
    expect(page.url()).toBe(`${scene.app.url}/getting-started/profile`)
    await page.getByText('Your page:').waitFor()
    await picture(page, 'start-profile')
    await isClean(page, 'profile')

    await page.getByLabel('Username').fill('settings')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('This username is kept for pages of the product').waitFor()
    expect(await page.getByLabel('Username').inputValue()).toBe('settings')
    await page.getByLabel('Username').fill(`${username}-new`)
    await page.getByText(`/${username}-new`).waitFor()
    await page.getByRole('button', { name: 'Continue' }).click()

    await page.waitForURL('**/getting-started/hours')
    expect(await account(`${username}-new`)).toMatchObject({ time_zone: 'Europe/Vienna', getting_started: 'hours' })
    await page.getByRole('checkbox', { name: 'Saturday' }).check()
    await page.getByLabel('Monday, from').fill('07:30')
    await page.getByLabel('Tuesday, to').fill('08:00')
    await picture(page, 'start-hours')
    await isClean(page, 'hours')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('The end must be after the start').first().waitFor()
    expect(await page.getByLabel('Monday, from').inputValue()).toBe('07:30')
    expect(await page.getByRole('checkbox', { name: 'Saturday' }).isChecked()).toBe(true)
    await page.getByLabel('Tuesday, to').fill('17:00')
    await page.getByRole('button', { name: 'Continue' }).click()

    await page.waitForURL('**/getting-started/event-type')
    await page.getByRole('link', { name: 'Back' }).click()
    await page.waitForURL('**/getting-started/hours')
    expect(await page.getByLabel('Monday, from').inputValue()).toBe('07:30')
    await page.goto(`${scene.app.url}/home`)
    expect(page.url()).toBe(`${scene.app.url}/getting-started/event-type`)
    await page.getByRole('link', { name: /Short call/ }).click()
    await page.waitForURL('**/event-type?begin=call')
    expect(await page.getByLabel('Title').inputValue()).toBe('Short call')
    await picture(page, 'start-event-type')
    await isClean(page, 'event-type')
    await page.getByLabel('Title').fill('First talk')
    await page.getByRole('button', { name: 'Continue' }).click()

    await page.waitForURL('**/getting-started/done')
    await page.frameLocator('iframe').getByRole('heading', { name: 'First talk' }).waitFor()
    await picture(page, 'start-done')
    await isClean(page, 'done')
    await page.getByRole('link', { name: 'Go to your overview' }).click()
    await page.waitForURL('**/home')
    await page.getByRole('heading', { name: 'Share your page' }).waitFor()
    await picture(page, 'home-new')
    expect(await account(`${username}-new`)).toMatchObject({ getting_started: null })
    const { time_zone, weekly } = await scene.app.db
      .selectFrom('schedules')
      .innerJoin('users', 'users.default_schedule_id', 'schedules.id')
      .where('users.username', '=', `${username}-new`)
      .select(['schedules.time_zone', 'weekly'])
      .executeTakeFirstOrThrow()
    expect({ time_zone, weekly }).toEqual({
      time_zone: 'Europe/Vienna',
      weekly: [
        { days: [1], start: 450, end: 1020 },
        { days: [2, 3, 4, 5, 6], start: 540, end: 1020 },
      ],
    })
    expect((await freeStarts(scene.app, `/${username}-new/first-talk`, 15)).length).toBeGreaterThan(0)
  })

  it('gets there without scripts, and can leave every step out', { timeout: 60_000 }, async () => {
    const { username, cookie } = await signUp()
    const { page, context } = await visit(scene.browser, {
      javaScriptEnabled: false,
      viewport: { width: 390, height: 800 },
    })
    await context.addCookies([cookie])
    await page.goto(`${scene.app.url}/home`)
    await page.getByLabel('Name', { exact: true }).fill('')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Zoë')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL('**/getting-started/hours')
    await picture(page, 'start-hours-390')
    await page.getByRole('button', { name: 'Skip' }).click()
    await page.waitForURL('**/getting-started/event-type')
    await page.getByLabel('Where').selectOption('attendee_phone')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL('**/getting-started/done')
    expect(await account(username)).toMatchObject({ name: 'Zoë', getting_started: null })
    await context.close()

    const other = await signUp()
    const second = await visit(scene.browser, { javaScriptEnabled: false })
    await second.context.addCookies([other.cookie])
    await second.page.goto(`${scene.app.url}/home`)
    for (const next of ['/getting-started/hours', '/getting-started/event-type', '/home']) {
      await second.page.getByRole('button', { name: 'Skip' }).click()
      await second.page.waitForURL(`${scene.app.url}${next}`)
    }
    await second.page.getByRole('heading', { name: 'Say what can be booked' }).waitFor()
  })
})

describe('the first page of a host', () => {
  it('shows what waits, and takes an answer on the spot', { timeout: 90_000 }, async () => {
    const asked = await ownOffer(scene, { slug: 'ask', title: 'Audience', requiresConfirmation: true })
    const talk = await ownOffer(scene, {
      ...{ slug: 'talk', title: 'A talk' },
      locations: [{ kind: 'link', url: 'https://meet.example.org/ada', label: 'Room', video: true }],
    })
    const never = await ownOffer(scene, { slug: 'never', title: 'Never free', durations: [1400] })
    expect(never).toBe('/ada/never')
    const free = await freeStarts(scene.app, talk)
    await book(scene.app, asked, free[60] ?? 0, { name: 'Bo Waiting' })
    await book(scene.app, talk, free[64] ?? 0, { name: 'Cy Coming' })
    // Two of today, whatever the time is: one that is over, and one that goes on.
    const now = Date.now()
    const uid = await book(scene.app, talk, free[70] ?? 0, { name: 'Di Today' })
    await scene.app.db.deleteFrom('claims').execute()
    await scene.app.db
      .updateTable('bookings')
      .set({
        starts_at: Temporal.Instant.fromEpochMilliseconds(now - 60_000),
        ends_at: Temporal.Instant.fromEpochMilliseconds(now + 60_000),
      })
      .where('uid', '=', uid)
      .execute()

    const { page } = await visitAsOwner(scene)
    await openDashboard(scene, page, '/home')
    await page.getByRole('paragraph').filter({ hasText: 'There is no time to choose for “Never free”' }).waitFor()
    await page.getByRole('heading', { name: 'One request waits for your answer' }).waitFor()
    await page.getByRole('listitem').filter({ hasText: 'Di Today' }).getByText('Now').waitFor()
    await page.getByRole('link', { name: /Join/ }).first().waitFor()
    await picture(page, 'home-1280-light')
    await isClean(page, 'home')
    await page.setViewportSize({ width: 390, height: 844 })
    await page.emulateMedia({ colorScheme: 'dark' })
    await picture(page, 'home-390-dark')
    await isClean(page, 'home on a phone')
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('link', { name: 'Settings' }).waitFor()
    await picture(page, 'more-390-dark')
    await isClean(page, 'more')
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.waitForURL('**/settings')
    await picture(page, 'settings-390-dark')
    await isClean(page, 'settings')
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.emulateMedia({ colorScheme: 'light' })
    await openDashboard(scene, page, '/home')
    await page.getByRole('link', { name: /^Confirm/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click()
    await page.getByRole('heading', { name: /waits for your answer/ }).waitFor({ state: 'detached' })
    await page.getByRole('listitem').filter({ hasText: 'Bo Waiting' }).first().waitFor()
  })
})

describe('settings of the pages that others see', () => {
  const html = async (path: string) => {
    const answer = await fetch(scene.app.url + path, { headers: { accept: 'text/html' } })
    return { robots: answer.headers.get('x-robots-tag'), text: await answer.text() }
  }
  const noindex = '<meta name="robots" content="noindex"'

  it('keep search engines out until they are let in, and always from what is hidden or put together', async () => {
    await ownOffer(scene, { slug: 'seen', title: 'Seen' })
    await ownOffer(scene, { slug: 'unseen', title: 'Unseen' })
    await scene.app.db.updateTable('event_types').set({ hidden: true }).where('slug', '=', 'unseen').execute()
    for (const path of ['/ada', '/ada/seen', '/ada/unseen']) {
      const { robots, text } = await html(path)
      expect([path, robots, text.includes(noindex)]).toEqual([path, 'noindex', true])
    }
    const { page } = await visitAsOwner(scene)
    await openDashboard(scene, page, '/settings/general')
    await picture(page, 'settings-general')
    await isClean(page, 'general')
    await page.getByLabel('Let search engines list my pages').check()
    await page.locator('form[action="?/visibility"]').getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved').waitFor()
    for (const [path, told] of [
      ['/ada', null],
      ['/ada/seen', null],
      ['/ada/unseen', 'noindex'],
    ] as const) {
      const { robots, text } = await html(path)
      expect([path, robots, text.includes(noindex)]).toEqual([path, told, told !== null])
    }
  })

  it('leave the product’s name out, and have a theme of their own', async () => {
    const path = await ownOffer(scene, { slug: 'plain', title: 'Plain' })
    expect((await html(path)).text).toContain('class="product')
    const { page } = await visitAsOwner(scene)
    await openDashboard(scene, page, '/settings/appearance')
    await page.getByRole('group', { name: 'Theme of your booking pages' }).getByRole('radio', { name: 'Dark' }).check()
    await page.getByLabel('Leave out the name Sundial').check()
    await picture(page, 'settings-appearance')
    await isClean(page, 'appearance')
    await page.getByRole('button', { name: 'Save' }).first().click()
    await page.getByText('Saved').waitFor()
    expect(await page.locator('html').getAttribute('data-theme')).toBe('system')
    for (const address of ['/ada', path]) {
      const { text } = await html(address)
      expect(text).toContain('data-theme="dark"')
      expect(text).not.toContain('class="product')
      expect(text).not.toContain('| Sundial')
    }
    await page.getByRole('checkbox', { name: /week/i }).check()
    await page.getByRole('button', { name: 'Save' }).last().click()
    await expect.poll(async () => (await account('ada')).default_layouts).toMatchObject({ enabled: ['month', 'week'] })
  })

  it('sign a device out as soon as its person wants', async () => {
    const { page } = await visitAsOwner(scene)
    await openDashboard(scene, page, '/settings/security')
    await page.getByLabel('Sign a device out when it is not used for').selectOption('15')
    await picture(page, 'settings-security')
    await isClean(page, 'security')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved').waitFor()
    const [session] = await scene.app.db
      .selectFrom('sessions')
      .where('user_id', '=', scene.ownerId)
      .select(['expires_at'])
      .execute()
    const left = (session?.expires_at.epochMilliseconds ?? 0) - Date.now()
    expect([left > 13 * 60_000, left <= 15 * 60_000]).toEqual([true, true])
    await scene.app.db.updateTable('users').set({ session_minutes: null }).where('id', '=', scene.ownerId).execute()
  })
})
