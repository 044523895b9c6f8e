import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { addMonths, localDateOf } from '#ui/dates.ts'
import {
  book,
  counts,
  freeStarts,
  invitationOf,
  mailsTo,
  OWNER,
  offer,
  ownOffer,
  picture,
  sendBooking,
  untilLive,
  useScene,
  visit,
} from './scene.ts'

const scene = useScene()

async function open(path: string, options: Parameters<typeof visit>[1] = {}): Promise<Page> {
  const visitor = await visit(scene.browser, options)
  await visitor.page.goto(scene.app.url + path)
  if (options?.javaScriptEnabled !== false && /^\/(host\d+|reschedule)\/./.test(path)) await untilLive(visitor.page)
  return visitor.page
}

/** Goes to the second day with times, and takes the first of them; gives its instant. */
async function chooseTime(page: Page, day = 1): Promise<number> {
  const date = page.locator('a[data-date]').nth(day)
  const wanted = await date.getAttribute('data-date')
  await date.click()
  await page.locator(`a[data-date="${wanted}"].chosen`).waitFor()
  const slot = page.locator('a[data-start]').first()
  const start = Number(await slot.getAttribute('data-start'))
  await slot.click()
  await page.locator('#details').waitFor()
  return start
}

/** The instants (epoch ms) of the day that is shown. */
function startsOn(page: Page): Promise<number[]> {
  return page
    .locator('a[data-start]')
    .evaluateAll((links) => links.map((link) => Number((link as HTMLElement).dataset.start)))
}

async function introduce(page: Page, name: string, email: string): Promise<void> {
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('Your mail address').fill(email)
  await page.getByLabel(/^Notes for/).fill('About the “engine”,\nand <punched> cards.')
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with' : 'without'
  describe(`a visitor ${how} JavaScript`, () => {
    it('books, moves and cancels, and both sides hear of each', async () => {
      const { path, hostName, hostEmail } = await offer(scene, {
        locations: [{ kind: 'link', url: 'https://meet.example.org/ada', label: 'Meeting room', video: true }],
      })
      const email = `bo-${how}@example.net`
      const before = await counts(scene.app)
      const page = await open(path, { javaScriptEnabled })
      expect(await page.locator('a[data-start]').count()).toBeGreaterThan(0)

      const start = await chooseTime(page)
      await introduce(page, 'Bo Visitor', email)
      await page.getByRole('button', { name: 'Book', exact: true }).click()
      await page.waitForURL(/\/booking\/[\w-]{22,}/)
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Your booking is confirmed')
      expect(await page.locator('meta[name="robots"]').getAttribute('content')).toContain('noindex')
      expect(await page.getByRole('link', { name: 'Meeting room' }).getAttribute('href')).toContain('meet.example.org')
      await picture(page, `confirmation-${how}`)
      const booked = invitationOf((await mailsTo(scene.app, email, 1))[0]!)
      expect(booked).toMatchObject({ method: 'REQUEST', sequence: 0, start, status: 'CONFIRMED' })
      expect(booked?.attendees).toContain(email)

      await page.getByRole('link', { name: 'Reschedule' }).click()
      await page.waitForURL(/\/reschedule\//)
      if (javaScriptEnabled) await untilLive(page)
      const moved = await chooseTime(page, 2)
      expect(moved).not.toBe(start)
      await page.getByRole('button', { name: 'Move the booking' }).click()
      await page.waitForURL(/\/booking\/[\w-]{22,}/)
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Your booking has moved')
      const second = invitationOf((await mailsTo(scene.app, email, 2))[1]!)
      expect(second).toMatchObject({ method: 'REQUEST', uid: booked?.uid, sequence: 1, start: moved })

      await page.getByRole('link', { name: 'Cancel this booking' }).click()
      await page.getByLabel(`Reason, for ${hostName}`).fill('My train does not run')
      await page.getByRole('button', { name: 'Cancel the booking' }).click()
      await page.getByRole('heading', { level: 1, name: 'This booking is cancelled' }).waitFor()
      const third = invitationOf((await mailsTo(scene.app, email, 3))[2]!)
      expect(third).toMatchObject({ method: 'CANCEL', uid: booked?.uid, sequence: 2, status: 'CANCELLED' })

      const toHost = await mailsTo(scene.app, hostEmail, 3)
      expect(toHost.map((mail) => invitationOf(mail)?.sequence)).toEqual([0, 1, 2])
      expect(toHost[2]?.email.text).toContain('My train does not run')
      expect(await counts(scene.app)).toEqual({ bookings: before.bookings + 1, claims: before.claims })
    })

    it('is told what is wrong with the form, and keeps what was typed', async () => {
      const { path } = await offer(scene)
      const page = await open(path, { javaScriptEnabled })
      await chooseTime(page)
      await introduce(page, 'Bo Visitor', 'bo@nowhere@example')
      await page.locator('#details').evaluate((form: HTMLFormElement) => {
        form.noValidate = true
      })
      await page.getByRole('button', { name: 'Book', exact: true }).click()
      await page.getByText('This is not a mail address').waitFor()
      expect(await page.getByLabel('Your mail address').getAttribute('aria-invalid')).toBe('true')
      expect(await page.getByLabel('Your mail address').inputValue()).toBe('bo@nowhere@example')
      expect(await page.getByLabel('Your name').inputValue()).toBe('Bo Visitor')
      expect(await page.getByLabel(/^Notes for/).inputValue()).toContain('<punched> cards')
    })
  })
}

describe('a day in another zone', () => {
  for (const chosen of ['was chosen', 'is the first with times'] as const) {
    for (const zone of ['Pacific/Honolulu', 'Pacific/Kiritimati']) {
      it(`that ${chosen} goes where its first time goes, without scripts too, to ${zone}`, async () => {
        // Of the month after this one, so that no time passes meanwhile and there are days around.
        const month = addMonths(localDateOf(Date.now(), 'Europe/Berlin').slice(0, 7), 1)
        const window = { type: 'fixed', startDate: `${month}-03`, endDate: `${month}-20` }
        const { path } = await offer(scene, { window })
        const page = await open(path, { javaScriptEnabled: false })
        const date = page.locator('a[data-date]').nth(chosen === 'was chosen' ? 3 : 0)
        const wanted = (await date.getAttribute('data-date')) ?? ''
        if (chosen === 'was chosen') await date.click()
        await page.locator(`a[data-date="${wanted}"].chosen`).waitFor()
        const [first = 0] = await startsOn(page)
        await page.locator('a[href*="zones="]').click()
        await page.locator('select[name="cal.tz"]').selectOption(zone)
        await page.getByRole('button', { name: 'Use this time zone' }).click()
        await page.waitForURL(/cal\.tz=/)
        const there = localDateOf(first, zone)
        expect(await page.locator('a[data-date].chosen').getAttribute('data-date')).toBe(there)
        expect(await startsOn(page)).toContain(first)
        // The links of the page name the day itself.
        expect(await page.locator('a[href*="day.begins"]').count()).toBe(0)
        await page.locator('a[href*="zones="]').click()
        await page.locator('select[name="cal.tz"]').selectOption('Europe/Berlin')
        await page.getByRole('button', { name: 'Use this time zone' }).click()
        await page.locator('a[data-date].chosen').waitFor()
        expect(new Set((await startsOn(page)).map((start) => localDateOf(start, 'Europe/Berlin'))).size).toBe(1)
      })
    }
  }
})

describe('a time that is gone meanwhile', () => {
  it('is named with the nearest others, and the typed words go along', async () => {
    const { path } = await offer(scene)
    // Without a script no time is held while the form is open, so somebody may be faster.
    const page = await open(path, { javaScriptEnabled: false })
    const start = await chooseTime(page)
    await introduce(page, 'Bo Visitor', 'bo-lost@example.net')
    await book(scene.app, path, start, { name: 'Faster', email: 'faster@example.net' })
    await page.getByRole('button', { name: 'Book', exact: true }).click()
    await page.getByText('The nearest free times:').waitFor()
    await picture(page, 'lost')
    expect(await page.getByLabel('Your name').inputValue()).toBe('Bo Visitor')
    await page.locator('button[formaction]').first().click()
    await page.getByText('The nearest free times:').waitFor({ state: 'detached' })
    expect(await page.getByLabel('Your name').inputValue()).toBe('Bo Visitor')
    expect(await page.getByLabel(/^Notes for/).inputValue()).toContain('<punched> cards')
    await page.getByRole('button', { name: 'Book', exact: true }).click()
    await page.waitForURL(/\/booking\//)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Your booking is confirmed')
  })

  it('is held for who opened its form first, and the other is told at once', async () => {
    const { path } = await offer(scene)
    const page = await open(path)
    const held = page.waitForResponse((answer) => answer.url().includes('/hold'))
    const start = await chooseTime(page)
    expect((await held).status()).toBe(200)

    const other = await visit(scene.browser)
    await other.page.goto(`${scene.app.url}${path}?slot=${new Date(start).toISOString()}`)
    await other.page.getByText('The nearest free times:').waitFor()
    await picture(other.page, 'held-by-another')
    expect((await sendBooking(scene.app, path, start)).status).toBe(409)
    await other.context.close()

    await introduce(page, 'Bo Visitor', 'bo-held@example.net')
    await page.getByRole('button', { name: 'Book', exact: true }).click()
    await page.waitForURL(/\/booking\//)
  })

  it('is said so when its link is old', async () => {
    const { path } = await offer(scene)
    const [start = 0] = (await freeStarts(scene.app, path)).slice(20)
    await book(scene.app, path, start)
    const page = await open(`${path}?slot=${new Date(start).toISOString()}`)
    await page.getByText('can’t be booked (any more)').waitFor()
    expect(await page.getByText('The nearest free times:').isVisible()).toBe(true)
  })
})

describe('one booking', () => {
  it('comes of a double click', async () => {
    const { path } = await offer(scene)
    const before = await counts(scene.app)
    const page = await open(path)
    await chooseTime(page)
    await introduce(page, 'Bo Visitor', 'bo-double@example.net')
    await page.getByRole('button', { name: 'Book', exact: true }).dblclick()
    await page.waitForURL(/\/booking\//)
    expect((await counts(scene.app)).bookings).toBe(before.bookings + 1)
    expect(await mailsTo(scene.app, 'bo-double@example.net', 1)).toHaveLength(1)
  })

  it('comes of a form that is sent before its time could be held', async () => {
    const { path } = await offer(scene)
    const page = await open(`${path}?name=Bo&email=bo-quick@example.net`)
    await page.locator('a[data-start]').first().hover()
    await page.waitForLoadState('networkidle')
    const network = await page.context().newCDPSession(page)
    await network.send('Network.enable')
    await network.send('Network.emulateNetworkConditions', {
      ...{ offline: false, latency: 700, downloadThroughput: -1, uploadThroughput: -1 },
    })
    await chooseTime(page)
    await page.getByRole('button', { name: 'Book', exact: true }).click()
    await page.waitForURL(/\/booking\//)
  })

  it('comes of a form that is sent twice, and both get it', async () => {
    const { path } = await offer(scene)
    const before = await counts(scene.app)
    const [start = 0] = (await freeStarts(scene.app, path)).slice(20)
    const send = () => sendBooking(scene.app, path, start, { idempotencyKey: 'the-same-form' })
    const [first, second] = await Promise.all([send(), send()])
    expect(first.status).toBe(303)
    expect(second.headers.get('location')).toBe(first.headers.get('location'))
    expect((await counts(scene.app)).bookings).toBe(before.bookings + 1)
  })
})

describe('who is signed in', () => {
  const formAt = async (path: string, query = '') => {
    const [start = 0] = (await freeStarts(scene.app, path)).slice(40)
    const address = `${scene.app.url}${path}?slot=${new Date(start).toISOString()}${query}`
    const html = await (await fetch(address, { headers: { cookie: scene.ownerCookie } })).text()
    const values = ['name', 'firstName', 'lastName', 'email'].map((name) => {
      const field = html.match(new RegExp(`<input[^>]* name="${name}"[^>]*>`))?.[0]
      return field && (/ value="([^"]*)"/.exec(field)?.[1] ?? '')
    })
    expect(html).not.toMatch(/ name="email"[^>]* readonly/)
    return values.filter((value) => value !== undefined)
  }

  it('finds their name and address in the form, and may change both', async () => {
    const { path } = await offer(scene)
    expect(await formAt(path)).toEqual([OWNER.name, OWNER.email])
    const split = await offer(scene, { options: { splitName: true } })
    expect(await formAt(split.path)).toEqual(['Ada', 'Lovelace', OWNER.email])
  })

  it('finds what the link says instead, and never their name beside the address of somebody else', async () => {
    const { path } = await offer(scene)
    expect(await formAt(path, '&name=Bo&email=bo@example.net')).toEqual(['Bo', 'bo@example.net'])
    expect(await formAt(path, '&name=Bo')).toEqual(['Bo', OWNER.email])
    expect(await formAt(path, '&email=bo@example.net')).toEqual(['', 'bo@example.net'])
    expect(await formAt(path, `&email=${OWNER.email}`)).toEqual([OWNER.name, OWNER.email])
  })

  it('finds an empty form on their own page, where they book for others', async () => {
    expect(await formAt(await ownOffer(scene, { slug: 'own-page' }))).toEqual(['', ''])
  })
})

describe('the address of a booking page', () => {
  it('says what is shown: month, day, duration, zone, and what is prefilled', async () => {
    const { path, hostName, hostEmail } = await offer(scene, { durations: [30, 60] })
    const [start = 0] = (await freeStarts(scene.app, path, 60)).slice(20)
    const query = new URLSearchParams({
      ...{ slot: new Date(start).toISOString(), duration: '60', 'cal.tz': 'Asia/Tokyo' },
      ...{ name: 'Bo Visitor', email: 'bo@example.net', notes: 'From a link' },
    })
    query.append('guest', 'cy@example.net')
    const page = await open(`${path}?${query}`, { javaScriptEnabled: false })
    const tokyo = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Tokyo', hour: '2-digit', minute: '2-digit' })
    expect(await page.locator('#details').textContent()).toContain(tokyo.format(start))
    expect(await page.locator('#details').textContent()).toContain(tokyo.format(start + 3_600_000))
    expect(await page.getByLabel('Your name').inputValue()).toBe('Bo Visitor')
    expect(await page.getByLabel('Your mail address').inputValue()).toBe('bo@example.net')
    expect(await page.getByLabel('Guests').inputValue()).toBe('cy@example.net')
    expect(await page.getByLabel(`Notes for ${hostName}`).inputValue()).toBe('From a link')
    await page.getByRole('button', { name: 'Book', exact: true }).click()
    await page.waitForURL(/\/booking\//)
    const invitation = invitationOf((await mailsTo(scene.app, 'cy@example.net', 1))[0]!)
    expect(invitation).toMatchObject({ start, end: start + 3_600_000 })
    expect(invitation?.attendees).toEqual([hostEmail, 'bo@example.net', 'cy@example.net'].sort())
  })

  it('takes the theme it names before that of the host, and brings it along', async () => {
    const { path, hostId } = await offer(scene)
    await scene.app.db.updateTable('users').set({ page_theme: 'light' }).where('id', '=', hostId).execute()
    const shown = async (query: string) => {
      const html = await (await fetch(`${scene.app.url}${path}${query}`)).text()
      return /data-theme="(\w+)"/.exec(html)?.[1]
    }
    expect(await shown('')).toBe('light')
    expect(await shown('?theme=dark')).toBe('dark')
    expect(await shown('?theme=auto')).toBe('light')
    const page = await open(`${path}?theme=dark`, { javaScriptEnabled: false })
    await page.locator('a[data-date]').nth(1).click()
    await page.locator('a[data-start]').first().click()
    await page.locator('#details').waitFor()
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
  })

  it('names what embeds it and what a routing form has found, and nothing of that changes the offer', async () => {
    const { path } = await offer(scene)
    const routed = new URLSearchParams({
      ...{ embed: 'popup', embedType: 'inline', 'cal.routingFormResponseId': '17', 'cal.routedTeamMemberIds': '1,2' },
      ...{ 'cal.skipContactOwner': 'true', 'cal.rerouting': 'true', 'cal.skipSlotsFetch': 'true' },
    })
    const starts = async (query: string) => {
      const html = await (await fetch(`${scene.app.url}${path}${query}`)).text()
      return [...html.matchAll(/data-start="(\d+)"/g)].map(([, start]) => start)
    }
    const offered = await starts('')
    expect(offered.length).toBeGreaterThan(0)
    expect(await starts(`?${routed}`)).toEqual(offered)
    const [free = 0] = (await freeStarts(scene.app, path)).slice(30)
    const before = await counts(scene.app)
    const page = await open(`${path}?${routed}&slot=${new Date(free).toISOString()}`)
    await page.getByLabel('Your name').fill('Bo Visitor')
    await page.getByLabel('Your mail address').fill('bo@example.net')
    await page.getByRole('button', { name: 'Book', exact: true }).click()
    await page.waitForURL(/\/booking\/[\w-]+$/)
    expect(await counts(scene.app)).toEqual({ bookings: before.bookings + 1, claims: before.claims + 1 })
  })

  it('leads to the page that moves, where it names a booking', async () => {
    const { path } = await offer(scene)
    const answer = await fetch(`${scene.app.url}${path}?rescheduleUid=a%2Fb&cal.tz=Asia/Tokyo`, { redirect: 'manual' })
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/reschedule/a%2Fb?cal.tz=Asia%2FTokyo'])
  })

  it('follows along with scripts, back and forth', async () => {
    const { path } = await offer(scene)
    const page = await open(path)
    const first = page.url()
    await page.locator('a[data-date]').nth(2).click()
    await page.waitForURL(/date=/)
    const day = page.url()
    await page.locator('a[data-start]').first().click()
    await page.waitForURL(/slot=/)
    await page.goBack()
    await page.waitForURL(day)
    await page.locator('#details').waitFor({ state: 'detached' })
    await page.goForward()
    await page.locator('#details').waitFor()
    expect(first).not.toBe(day)
  })

  it('offers the same instants in every zone', async () => {
    const { path } = await offer(scene)
    const page = await open(path, { javaScriptEnabled: false })
    const first = await page.locator('a[data-date]').nth(1).getAttribute('data-date')
    const noon = Date.parse(`${first}T12:00:00Z`)
    const inside = (start: number) => start >= noon && start < noon + 4 * 86_400_000
    const seen: number[][] = []
    for (const zone of ['Europe/Berlin', 'America/St_Johns', 'Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
      const starts = new Set<number>()
      for (let day = -1; day <= 6; day++) {
        const date = new Date(noon + day * 86_400_000).toISOString().slice(0, 10)
        await page.goto(`${scene.app.url}${path}?date=${date}&month=${date.slice(0, 7)}&cal.tz=${zone}`)
        for (const start of await startsOn(page)) starts.add(start)
      }
      seen.push([...starts].filter(inside).sort((a, b) => a - b))
    }
    // Four days of twelve hours.
    expect(seen[0]).toHaveLength(4 * 24)
    for (const other of seen.slice(1)) expect(other).toEqual(seen[0])
  })

  it('keeps the chosen instant when the zone is changed on the page', async () => {
    const { path } = await offer(scene)
    const page = await open(path)
    await page.locator('a[data-date]').nth(1).click()
    await page.waitForURL(/date=/)
    const chosen = (await startsOn(page))[0]!
    await page.getByRole('link', { name: /^Time zone/ }).click()
    const zone = page.getByRole('combobox', { name: 'Time zone' })
    await zone.fill('Tokyo')
    await page.getByRole('option', { name: /Tokyo/ }).click()
    const inTokyo = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'Asia/Tokyo' }).format(chosen)
    await page.locator(`a[data-start="${chosen}"]`, { hasText: inTokyo }).waitFor()
    const starts = await startsOn(page)
    const free = new Set(await freeStarts(scene.app, path))
    expect(starts.length).toBeGreaterThan(0)
    expect(starts.filter((start) => !free.has(start))).toEqual([])
  })
})
