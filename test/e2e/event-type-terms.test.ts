import type { Route } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import {
  accessibilityFaults,
  freeStarts,
  offer,
  openDashboard,
  ownOffer,
  picture,
  sendBooking,
  sidewaysScroll,
  untilLive,
  useScene,
  visit,
  visitAsOwner,
} from './scene.ts'

const scene = useScene()

const idOf = async (slug: string) =>
  (await scene.app.db.selectFrom('event_types').select('id').where('slug', '=', slug).executeTakeFirstOrThrow()).id

const SECRET = 'Secret Lane 7'
const LOCATIONS = [
  { kind: 'in_person', address: SECRET, label: 'Our office', shown: 'after_booking' },
  { kind: 'attendee_address' },
  { kind: 'host_phone', phone: '+49 30 5550042' },
  { kind: 'attendee_text', label: 'A walk' },
]

describe('places', () => {
  it('that only who booked learns are on no page and in no list before', async () => {
    const { path, hostName } = await offer(scene, { locations: LOCATIONS })
    const month = new Date().toISOString().slice(0, 7)
    const [start = 0] = await freeStarts(scene.app, path)
    const addresses = [
      ...[path, `${path}?slot=${new Date(start).toISOString()}`, `/${path.split('/')[1]}`],
      ...[`${path}/slots?month=${month}&duration=30&cal.tz=UTC`, `${path}/why`],
    ]
    for (const address of addresses) {
      const answer = await fetch(scene.app.url + address)
      expect([address, answer.status]).toEqual([address, 200])
      expect(await answer.text()).not.toMatch(/Secret Lane|5550042/)
    }
    const { page } = await visit(scene.browser, { javaScriptEnabled: false })
    await page.goto(scene.app.url + path)
    await page.locator('[data-start]').first().click()
    await page.getByLabel('Our office').check()
    await page.locator('[name=name]').fill('Bo Li')
    await page.locator('[name=email]').fill('bo@example.net')
    await page.locator('#details button[type=submit]').last().click()
    await page.waitForURL('**/booking/**')
    expect(await page.getByText(SECRET).count()).toBe(1)
    expect(await page.getByText(hostName).count()).toBeGreaterThan(0)
  })

  it('can be left to the booker, who is asked only then', async () => {
    const { path } = await offer(scene, { locations: LOCATIONS })
    const { page } = await visit(scene.browser)
    await page.goto(scene.app.url + path)
    await untilLive(page)
    await page.locator('[data-start]').first().click()
    await page.locator('[name=name]').fill('Bo Li')
    await page.locator('[name=email]').fill('bo@example.net')
    expect(await page.locator('[name=place]').count()).toBe(0)
    await page.getByRole('radio', { name: 'comes to you' }).check()
    await page.getByLabel('Address where you want to meet').fill('Elm Street 3')
    await picture(page, 'place of the booker')
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Book' }).click()
    await page.waitForURL('**/booking/**')
    expect(await page.getByText('Elm Street 3').count()).toBe(1)
  })
})

describe('an event type for people with an account', () => {
  it('leads to the sign-in and back, with and without JavaScript', async () => {
    const { path } = await offer(scene, { options: { accountRequired: true } })
    for (const javaScriptEnabled of [true, false]) {
      const { page, context } = await visit(scene.browser, { javaScriptEnabled })
      await page.goto(`${scene.app.url + path}?duration=30`)
      expect(await page.locator('[data-start]').count()).toBe(0)
      if (javaScriptEnabled) {
        expect(await accessibilityFaults(page)).toEqual([])
        await picture(page, 'sign in to book')
        await page.setViewportSize({ width: 390, height: 844 })
        await page.emulateMedia({ colorScheme: 'dark' })
        await picture(page, 'sign in to book, narrow and dark')
        expect(await sidewaysScroll(page)).toBe(0)
      }
      const href = await page.getByRole('link', { name: 'Sign in', exact: true }).last().getAttribute('href')
      expect(href).toBe(`/auth/sign-in?next=${encodeURIComponent(`${path}?duration=30`)}`)
      await context.close()
    }
    const owner = await visitAsOwner(scene)
    await owner.page.goto(scene.app.url + path)
    expect(await owner.page.locator('[data-start]').count()).toBeGreaterThan(0)
    await owner.context.close()
    const [start = 0] = await freeStarts(scene.app, path)
    const refused = await sendBooking(scene.app, path, start)
    expect(refused.headers.get('location')).toBeNull()
    expect(await refused.text()).toContain('Please sign in')
  })
})

it.each([true, false])(
  'a form that was sent at once is sent once more and no more, JavaScript %s',
  async (javaScriptEnabled) => {
    const { path } = await offer(scene, { options: { botCheck: true } })
    const { page, context } = await visit(scene.browser, { javaScriptEnabled })
    await page.goto(scene.app.url + path)
    if (javaScriptEnabled) await untilLive(page)
    await page.locator('[data-start]').first().click()
    await page.locator('[name=name]').fill('Bo Li')
    await page.locator('[name=email]').fill('bo@example.net')
    expect(await page.getByRole('textbox', { name: 'Leave this field empty' }).count()).toBe(0)
    // What is filled in by a program that fills everything in.
    await page
      .locator('[name=homepage]')
      .evaluate((field) => ((field as HTMLInputElement).value = 'https://spam.example'))
    await page.locator('#details button[type=submit]').last().click()
    await page.getByText('That was very quick').waitFor()
    expect(await page.locator('[name=name]').inputValue()).toBe('Bo Li')
    if (javaScriptEnabled) {
      expect(await accessibilityFaults(page)).toEqual([])
      await picture(page, 'once more')
    }
    await page.waitForTimeout(3000)
    await page.locator('#details button[type=submit]').last().click()
    await page.waitForURL('**/booking/**')
    await context.close()
  },
)

it('the preview is busy until it shows the last settings', async () => {
  await ownOffer(scene, { slug: 'previewed', title: 'Before' })
  const { page } = await visitAsOwner(scene)
  await openDashboard(scene, page, `/event-types/${await idOf('previewed')}`)
  const busy = page.locator('[aria-busy="true"]:has(iframe)')
  const preview = page.frameLocator('iframe')
  await preview.getByRole('heading', { name: 'Before' }).first().waitFor()
  await busy.waitFor({ state: 'detached' })

  const answers = held<Route>()
  await page.route('**/preview', answers.put)
  await page.getByRole('textbox', { name: 'Title' }).fill('Between')
  const first = await answers.next()
  const faultsFound = accessibilityFaults(page)
  await page.getByRole('textbox', { name: 'Title' }).fill('After')
  const second = await answers.next()
  await first.continue().catch(() => 'the browser has given it up')
  expect(await busy.count()).toBe(1)
  await picture(page, 'preview catching up')
  await second.continue()
  expect(await faultsFound).toEqual([])
  expect(await busy.count()).toBe(0)
  expect(await preview.getByRole('heading', { name: 'After' }).count()).toBeGreaterThan(0)
})

/** Things that come one by one, each to be waited for. */
function held<T>() {
  const come: T[] = []
  let tell = () => {}
  return {
    put(one: T) {
      come.push(one)
      tell()
    },
    async next(): Promise<T> {
      while (come.length === 0) await new Promise<void>((resolve) => (tell = resolve))
      return come.shift() as T
    },
  }
}

it('the editor has them, says what they do, and keeps them', async () => {
  await ownOffer(scene, { slug: 'terms', title: 'Terms' })
  const { page } = await visitAsOwner(scene)
  await openDashboard(scene, page, `/event-types/${await idOf('terms')}`)
  const preview = page.frameLocator('iframe')
  await page.getByRole('button', { name: 'Add a location' }).click()
  await page.getByLabel('Kind of location 1').selectOption('in_person')
  await page.getByLabel('Address', { exact: true }).fill(SECRET)
  await preview.getByText(SECRET, { exact: false }).first().waitFor({ state: 'attached' })
  await page.getByLabel('Name shown for it').fill('Our office')
  await page.getByLabel('Everybody sees it on the booking page').uncheck()
  await preview.getByText('Our office', { exact: false }).first().waitFor({ state: 'attached' })
  await expect.poll(() => preview.getByText(SECRET).count()).toBe(0)

  const search = page.getByRole('searchbox')
  await search.fill('reply-to')
  await expect.poll(() => page.locator('details:visible').count()).toBe(1)
  await page.getByRole('radio', { name: 'None' }).first().check()
  await page.getByRole('switch', { name: 'Answers go to another address' }).check()
  await page.getByLabel('Mail address for answers').fill('not an address')
  await page.getByRole('switch', { name: 'Keep my mail address' }).check()
  await page.getByRole('switch', { name: 'Make calendar entries private' }).check()
  await search.fill('')
  await picture(page, 'mails and privacy')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => page.getByLabel('Mail address for answers').getAttribute('aria-invalid')).toBe('true')
  await page.getByLabel('Mail address for answers').fill('office@example.org')
  await search.fill('free mail')
  await page.getByRole('radio', { name: 'Yes, each' }).check()
  await page.getByRole('switch', { name: 'Only for free mail addresses' }).check()
  await search.fill('account')
  await page.getByRole('switch', { name: 'Look out for programs' }).check()
  await page.getByRole('switch', { name: 'Only people with an account' }).check()
  await search.fill('dark')
  await page.getByRole('group', { name: 'Colour where pages are dark' }).getByRole('radio', { name: 'Slate' }).check()
  await search.fill('')
  expect(await accessibilityFaults(page)).toEqual([])
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await sidewaysScroll(page)).toBe(0)
  await page.emulateMedia({ colorScheme: 'dark' })
  await picture(page, 'terms in the editor, narrow and dark')
  await page.getByRole('button', { name: 'Save' }).click()
  const stored = () =>
    scene.app.db
      .selectFrom('event_types')
      .select(['options', 'locations', 'requires_confirmation'])
      .where('slug', '=', 'terms')
      .executeTakeFirstOrThrow()
  await expect
    .poll(async () => (await stored()).options)
    .toMatchObject({
      ...{ replyTo: 'office@example.org', hideHostEmail: true, privateEntry: true, confirmFreeMail: true },
      ...{ accountRequired: true, botCheck: true, colorDark: '#5a6472', mails: { attendees: 'none', host: 'all' } },
    })
  expect(await stored()).toMatchObject({
    locations: [{ kind: 'in_person', address: SECRET, label: 'Our office', shown: 'after_booking' }],
  })
})
