import { describe, expect, it } from 'vitest'
import {
  accessibilityFaults,
  freeStarts,
  offer,
  openDashboard,
  ownOffer,
  picture,
  sidewaysScroll,
  untilLive,
  useScene,
  visit,
  visitAsOwner,
} from './scene.ts'

const scene = useScene()

const idOf = async (slug: string) =>
  (await scene.app.db.selectFrom('event_types').select('id').where('slug', '=', slug).executeTakeFirstOrThrow()).id

describe('without JavaScript', () => {
  it('a page keeps to the language and the zone of its event type, and leads on after booking', async () => {
    const { path } = await offer(scene, {
      options: {
        ...{ language: 'de', timeZoneLock: 'Asia/Tokyo', guests: false },
        redirect: { url: 'https://thanks.example/page?a=1', forward: true },
      },
    })
    const { page } = await visit(scene.browser, { javaScriptEnabled: false })
    await page.goto(`${scene.app.url + path}?cal.tz=Europe/London&utm_source=mail`)
    expect(await page.locator('html').getAttribute('lang')).toBe('de')
    expect(await page.getByText('Tokyo (GMT+9)').count()).toBe(1)
    expect(await page.getByRole('button', { name: 'English' }).count()).toBe(0)
    await page.locator('[data-start]').first().click()
    await page.locator('#details').waitFor()
    expect(await page.locator('[name=guests]').count()).toBe(0)
    await page.locator('[name=name]').fill('Bo Li')
    await page.locator('[name=email]').fill('bo@example.net')
    await page.route('https://thanks.example/**', (route) => route.fulfill({ body: '<h1>Thanks</h1>' }))
    await page.locator('#details button[type=submit]').last().click()
    await page.waitForURL('https://thanks.example/**')
    const { searchParams } = new URL(page.url())
    expect(Object.fromEntries(searchParams)).toMatchObject({
      ...{ a: '1', utm_source: 'mail', attendeeName: 'Bo Li', email: 'bo@example.net' },
    })
    const [mail] = await scene.app.db
      .selectFrom('attendees')
      .select('locale')
      .where('email', '=', 'bo@example.net')
      .execute()
    expect(mail?.locale).toBe('de')
  })

  it('a page that is locked to the zone of its visitors lets them say it, because nothing else does', async () => {
    const { path } = await offer(scene, { options: { timeZoneLock: 'visitor' } })
    // A day ahead: in Tokyo the one of today in Berlin may be over.
    const start = Number((await freeStarts(scene.app, path))[40])
    const { page } = await visit(scene.browser, { javaScriptEnabled: false })
    await page.goto(`${scene.app.url + path}?date=${new Date(start).toISOString().slice(0, 10)}`)
    expect(await page.getByText('Berlin (GMT+1)').count()).toBe(1)
    await picture(page, 'zone-of-visitor-plain')
    await page.getByRole('link', { name: 'Choose your time zone' }).click()
    await page.getByLabel('Time zone').selectOption('Asia/Tokyo')
    await page.getByRole('button', { name: 'Use this time zone' }).click()
    await page.getByText('Tokyo (GMT+9)').filter({ visible: true }).waitFor()
    await page.locator('[data-start]').first().click()
    await page.locator('#details').waitFor()
    expect(await page.locator('[name=timeZone]').inputValue()).toBe('Asia/Tokyo')
  })

  it('weeks and lists are links like everything else', async () => {
    const { path } = await offer(scene, {
      options: { layouts: { enabled: ['month', 'week', 'column'], default: 'week' } },
    })
    const { page } = await visit(scene.browser, { javaScriptEnabled: false })
    await page.goto(scene.app.url + path)
    expect(await page.locator('section.week [data-start]').count()).toBeGreaterThan(0)
    await page.locator('section.week a.step:not(.previous)').click()
    // Every day from 8 to 20 h.
    await expect.poll(() => page.locator('section.week .day.free').count()).toBe(7)
    await page.getByRole('link', { name: 'List', exact: true }).click()
    await page.locator('section.column [data-start]').first().click()
    await page.locator('#details').waitFor()
  })
})

it('a page that is locked to the zone of its visitors takes what their browser says, and offers no other', async () => {
  const { path } = await offer(scene, { options: { timeZoneLock: 'visitor' } })
  const { page, context } = await visit(scene.browser, { timezoneId: 'America/New_York' })
  await context.addCookies([{ name: 'cal.tz', value: 'Asia/Tokyo', url: scene.app.url }])
  await page.goto(`${scene.app.url + path}?cal.tz=Europe/London`)
  await untilLive(page)
  await page.locator('.zone').getByText('New York').waitFor()
  expect(await page.locator('.zone a').count()).toBe(0)
  expect(await page.getByText('Choose your time zone').isVisible()).toBe(false)
  await page.locator('[data-start]').first().click()
  await page.locator('#details').waitFor()
  expect(await page.locator('[name=timeZone]').inputValue()).toBe('America/New_York')
  // The next visit needs no guess.
  await page.goto(scene.app.url + path)
  expect(await page.locator('.zone').textContent()).toContain('New York')
  expect(await accessibilityFaults(page)).toEqual([])
})

it('weeks are gone through in the browser, over the end of a month and back', async () => {
  const { path } = await offer(scene, { options: { layouts: { enabled: ['month', 'week'], default: 'month' } } })
  const { page } = await visit(scene.browser)
  await page.goto(scene.app.url + path)
  await untilLive(page)
  await page.getByRole('link', { name: 'Week', exact: true }).click()
  await page.waitForURL('**layout=week_view')
  const first = page.url()
  for (let week = 0; week < 5; week++) {
    const before = page.url()
    await page.locator('section.week a.step:not(.previous)').click()
    await page.waitForURL((url) => url.href !== before)
    await expect.poll(() => page.locator('section.week .day.free').count()).toBe(7)
  }
  expect(await accessibilityFaults(page)).toEqual([])
  for (let week = 0; week < 5; week++) await page.goBack()
  await expect.poll(() => page.url()).toBe(first)
})

it('a host makes a link for one person, who books over it once', async () => {
  await ownOffer(scene, { slug: 'linked', title: 'Linked' })
  const host = await visitAsOwner(scene)
  await openDashboard(scene, host.page, `/event-types/${await idOf('linked')}/links`)
  await host.page.getByLabel('Their name').fill('Robin Meyer')
  await host.page.getByLabel('Their mail address').fill('robin@example.net')
  await host.page.getByRole('button', { name: 'Create link' }).click()
  await host.page.getByText('0 of 1 booked').waitFor()
  expect(await accessibilityFaults(host.page)).toEqual([])
  await host.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await host.page.locator('form ul').getByRole('button', { name: 'Copy link' }).click()
  const link = await host.page.evaluate(() => navigator.clipboard.readText())
  expect(link).toMatch(/\/d\/[\w-]{24}\/linked$/)

  const visitor = await visit(scene.browser)
  await visitor.page.goto(link)
  await untilLive(visitor.page)
  await visitor.page.locator('[data-start]').first().click()
  expect(await visitor.page.locator('[name=email]').inputValue()).toBe('robin@example.net')
  expect(await visitor.page.locator('[name=email]').getAttribute('readonly')).not.toBeNull()
  await visitor.page.getByRole('button', { name: 'Book' }).click()
  await visitor.page.waitForURL('**/booking/**')
  const again = await visitor.page.goto(link)
  expect(again?.status()).toBe(410)
  expect(await visitor.page.getByText('This link was used already').count()).toBe(1)
})

it('a host chooses times, and only these can be booked', async () => {
  await ownOffer(scene, { slug: 'chosen', title: 'Chosen' })
  const { page, context } = await visitAsOwner(scene)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openDashboard(scene, page, `/event-types/${await idOf('chosen')}/times`)
  await page.getByRole('link', { name: 'Next week' }).click()
  await page.waitForURL('**from=**')
  await page.locator('button[aria-pressed]').nth(2).click()
  await page.locator('button[aria-pressed]').nth(5).click()
  await page.getByRole('button', { name: 'Make the offer' }).click()
  await page.getByRole('button', { name: 'Copy for a mail' }).click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  const html = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read()
    return (await item?.getType('text/html'))?.text()
  })
  const links = [...(html ?? '').matchAll(/href="([^"]*slot=[^"]*)"/g)].map(([, href]) =>
    (href ?? '').replaceAll('&amp;', '&'),
  )
  expect(links).toHaveLength(2)

  const visitor = await visit(scene.browser)
  await visitor.page.goto((links[0] ?? '').split('?')[0] ?? '')
  await untilLive(visitor.page)
  const offered = visitor.page.locator('[data-start]')
  await expect.poll(() => offered.count()).toBe(2)
  await visitor.page.goto(links[1] ?? '')
  expect(await visitor.page.locator('#details').count()).toBe(1)
})

it.each([
  ['light', 1280],
  ['dark', 390],
] as const)('a host locks the page to the zone of its visitors, %s on %i pixels', async (colorScheme, width) => {
  const slug = `locked-${width}`
  await ownOffer(scene, { slug, title: 'Locked' })
  const { page } = await visitAsOwner(scene, { colorScheme, viewport: { width, height: 900 } })
  await openDashboard(scene, page, `/event-types/${await idOf(slug)}`)
  await page.getByRole('searchbox').fill('time zone')
  await page.getByRole('switch', { name: 'Show times in one zone only' }).check()
  await page.getByRole('radio', { name: 'That of each visitor' }).check()
  await expect.poll(() => page.getByLabel('Time zone of the page').count()).toBe(0)
  await picture(page, `zone-of-visitor-${width}-${colorScheme}`)
  expect(await accessibilityFaults(page)).toEqual([])
  expect(await sidewaysScroll(page)).toBe(0)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect
    .poll(
      async () =>
        (await scene.app.db.selectFrom('event_types').select('options').where('slug', '=', slug).executeTakeFirst())
          ?.options,
    )
    .toMatchObject({ timeZoneLock: 'visitor' })
})

it('the editor finds settings, says which do not go together, and shows the page beside it', async () => {
  await ownOffer(scene, { slug: 'edited', title: 'Edited' })
  const { page } = await visitAsOwner(scene)
  await openDashboard(scene, page, `/event-types/${await idOf('edited')}`)
  const preview = page.frameLocator('iframe')
  await preview.getByRole('heading', { name: 'Edited', includeHidden: true }).waitFor({ state: 'attached' })
  await page.getByRole('searchbox').fill('redirect')
  await expect.poll(() => page.locator('details:visible').count()).toBe(1)
  await page.getByRole('searchbox').fill('bookings of one person')
  await page.getByRole('switch', { name: 'Limit the bookings of one person' }).check()
  await page.getByRole('searchbox').fill('may move')
  await page.getByRole('switch', { name: 'People may move a booking' }).uncheck()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Moving can only be suggested where people may move bookings').first().waitFor()
  await page.getByRole('searchbox').fill('')
  await page.getByLabel('Title', { exact: true }).fill('Under another name')
  await preview.getByRole('heading', { name: 'Under another name', includeHidden: true }).waitFor({ state: 'attached' })
  expect(await accessibilityFaults(page)).toEqual([])
})
