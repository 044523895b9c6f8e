import { describe, expect, it } from 'vitest'
import {
  accessibilityFaults,
  book,
  freeStarts,
  mailsTo,
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

describe('who has as many bookings as one may have', () => {
  for (const [javaScriptEnabled, width, colorScheme] of [
    [true, 1280, 'light'],
    [false, 390, 'dark'],
  ] as const) {
    it(`can have a link to move it mailed, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
      const { path } = await offer(scene, { options: { bookerLimit: { active: 1, offerMove: true } } })
      const email = `bo-${width}@example.net`
      const starts = await freeStarts(scene.app, path)
      const uid = await book(scene.app, path, Number(starts[30]), { email })
      await mailsTo(scene.app, email, 1)
      const options = { javaScriptEnabled, colorScheme, viewport: { width, height: 900 } }
      const { page } = await visit(scene.browser, options)
      await page.goto(`${scene.app.url + path}?slot=${new Date(Number(starts[40])).toISOString()}`)
      if (javaScriptEnabled) await untilLive(page)
      await page.locator('[name=name]').fill('Bo Visitor')
      await page.locator('[name=email]').fill(email)
      await page.getByRole('button', { name: 'Book', exact: true }).click()
      await page.getByText('You already have a booking here.').waitFor()
      if (javaScriptEnabled) expect(await accessibilityFaults(page)).toEqual([])
      await picture(page, `limit-${width}-${colorScheme}`)
      await page.getByRole('button', { name: 'Mail me a link to move it' }).click()
      await page.getByText(`If bookings were made here with ${email}, a mail`).waitFor()
      expect(await page.locator('[name=name]').inputValue()).toBe('Bo Visitor')
      expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0)
      await picture(page, `limit-sent-${width}-${colorScheme}`)
      const mails = await mailsTo(scene.app, email, 2)
      const text = mails.map((mail) => mail.email.text ?? '').find((one) => one.includes('/reschedule/')) ?? ''
      const link = /\S+\/reschedule\/\S+/.exec(mails.at(-1)?.email.text ?? text)?.[0] ?? ''
      expect(link).toBe(`${scene.app.url}/reschedule/${uid}`)
      await page.goto(link)
      await page.locator('[data-start]').first().waitFor()
    })
  }
})

describe('why there is no time', () => {
  for (const [javaScriptEnabled, width, colorScheme] of [
    [true, 1280, 'light'],
    [false, 390, 'dark'],
  ] as const) {
    it(`is told as far as it is the visitor's business, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
      const slug = `why-${width}`
      const path = await ownOffer(scene, { slug, title: 'A talk', durations: [30], bufferBefore: 15, bufferAfter: 15 })
      const starts = await freeStarts(scene.app, path)
      const taken = Number(starts[60])
      await book(scene.app, path, taken, { name: 'Secret Visitor', email: `secret-${width}@example.net` })
      const options = { javaScriptEnabled, colorScheme, timezoneId: 'Europe/Berlin', viewport: { width, height: 900 } }
      const { page, context } = await visit(scene.browser, options)
      await page.goto(`${scene.app.url + path}?cal.tz=Europe/Berlin`)
      if (javaScriptEnabled) await untilLive(page)
      await page.getByRole('link', { name: 'Why is a time missing?' }).click()
      const ask = async (at: number) => {
        const [day = '', time = ''] = new Date(at).toLocaleString('sv-SE', { timeZone: 'Europe/Berlin' }).split(' ')
        await page.getByLabel('Day').fill(day)
        await page.getByLabel('Time', { exact: false }).fill(time.slice(0, 5))
        await page.getByRole('button', { name: 'Find out' }).click()
        // The answer to the question before stands there until the page is another.
        await page.waitForURL(({ searchParams }) => searchParams.get('time') === time.slice(0, 5))
        await page.locator('[role=status]').waitFor()
        return (await page.locator('[role=status]').textContent()) ?? ''
      }
      const told = await ask(taken)
      expect(told).toContain('This time is fully booked.')
      expect(await page.content()).not.toMatch(/Secret|buffer|15 min/i)
      expect(await page.locator('[role=status] li a').count()).toBe(6)
      if (javaScriptEnabled) expect(await accessibilityFaults(page)).toEqual([])
      expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0)
      await picture(page, `why-${width}-${colorScheme}`)
      const code = (await page.locator('code').textContent()) ?? ''
      expect(Buffer.from(code, 'base64url').toString()).not.toMatch(/Secret/)
      // Next to it only the buffers are in the way; that is nobody's business.
      expect(await ask(taken + 30 * 60_000)).toContain('This time is fully booked.')
      const night = new Date(taken).setUTCHours(2, 0, 0, 0)
      expect(await ask(night)).toContain('outside of the hours that Ada Lovelace offers')
      expect(await ask(Date.now() - 86_400_000)).toContain('This time is over.')
      expect(await ask(Number(starts[80]))).toContain('This time is free.')
      await page.locator('[role=status] li a').click()
      await page.locator('#details').waitFor()
      await context.close()

      const host = await visitAsOwner(scene, { colorScheme, viewport: { width, height: 900 } })
      await openDashboard(scene, host.page, '/availability/month')
      await host.page.getByRole('textbox', { name: 'Code from a visitor' }).fill('made-up')
      await host.page.getByRole('button', { name: 'Look it up' }).click()
      await host.page.getByText('This code is not about one of your event types.').waitFor()
      await host.page.getByRole('textbox', { name: 'Code from a visitor' }).fill(code)
      await host.page.getByRole('button', { name: 'Look it up' }).click()
      await host.page.locator('[role=status] a[href^="/bookings/detail/"]').first().waitFor()
      expect(await accessibilityFaults(host.page)).toEqual([])
      await picture(host.page, `why-host-${width}-${colorScheme}`)
    })
  }

  it('is asked so often and no more', async () => {
    const { path } = await offer(scene)
    const ask = () => fetch(`${scene.app.url + path}/why?day=2027-01-05&time=09:00`)
    const answers = await Promise.all(Array.from({ length: 60 }, ask))
    const statuses = new Set(answers.map(({ status }) => status))
    expect([...statuses].sort()).toEqual([200, 429])
    for (const { status, headers } of answers) if (status === 200) expect(headers.get('x-robots-tag')).toBe('noindex')
  })
})

describe('who looks for a time where there is none', () => {
  it('is counted, once an hour and without a trace of who it was; programs and the host are not', async () => {
    const { app, browser } = scene
    const path = await ownOffer(scene, { slug: 'nothing', title: 'Nothing free', durations: [1200] })
    const open = await ownOffer(scene, { slug: 'something', title: 'Something free' })
    const agent = (name: string, more: Record<string, string> = {}) =>
      fetch(app.url + path, { headers: { 'user-agent': name, ...more } })
    const counted = () => app.db.selectFrom('empty_searches').select(['occasions']).execute()
    for (const name of ['Mozilla/5.0 (compatible; Examplebot/2.1)', 'Slackbot-LinkExpanding 1.0']) await agent(name)
    await agent('Mozilla/5.0', { 'sec-purpose': 'prefetch' })
    await agent('Mozilla/5.0', { cookie: scene.ownerCookie })
    await fetch(`${app.url}${path}?month=2027-01`)
    await fetch(app.url + open)
    expect(await counted()).toEqual([])
    const { page } = await visit(browser)
    await page.goto(app.url + path)
    await untilLive(page)
    await Promise.all(Array.from({ length: 50 }, () => agent('Mozilla/5.0')))
    expect(await counted()).toEqual([{ occasions: 1 }])
  })

  for (const [width, colorScheme] of [
    [1280, 'light'],
    [390, 'dark'],
  ] as const) {
    it(`is told to the host unless they switch it off, ${width} px`, async () => {
      const { page } = await visitAsOwner(scene, { colorScheme, viewport: { width, height: 900 } })
      await openDashboard(scene, page, '/settings/general#empty-searches')
      const wanted = page.getByRole('switch', { name: 'Tell me when visitors look for a time' })
      const card = page.locator('#empty-searches')
      const before = await wanted.isChecked()
      await wanted.setChecked(!before)
      await card.getByRole('button', { name: 'Save' }).click()
      await card.getByText('Saved').waitFor()
      await page.reload()
      expect(await wanted.isChecked()).toBe(!before)
      expect(await accessibilityFaults(page)).toEqual([])
      expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0)
      await card.scrollIntoViewIfNeeded()
      await picture(page, `empty-searches-${width}-${colorScheme}`)
    })
  }
})
