import { beforeAll, describe, expect, it } from 'vitest'
import {
  accessibilityFaults,
  book,
  freeStarts,
  mailsTo,
  openDashboard,
  ownOffer,
  picture,
  sendBooking,
  sidewaysScroll,
  useScene,
  visit,
  visitAsOwner,
} from './scene.ts'

const scene = useScene()
let path: string
let asked: string
let starts: number[]

beforeAll(async () => {
  path = await ownOffer(scene, { slug: 'talk', title: 'A talk' })
  asked = await ownOffer(scene, { slug: 'ask', title: 'Audience', requiresConfirmation: true })
  starts = (await freeStarts(scene.app, path)).slice(10)
})

/** A start that nobody else of these tests takes. */
const nextStart = () => starts.splice(0, 4)[0] ?? 0

const WIDTHS = [
  ['light', 1280],
  ['dark', 390],
] as const

describe('all bookings of an address', () => {
  it('are a mail away, for who reads the mail', async () => {
    const { app } = scene
    const uid = await book(app, path, nextStart(), { name: 'Nora', email: 'nora@example.net' })
    await book(app, path, nextStart(), { name: 'Other', email: 'other@example.net' })
    const { page } = await visit(scene.browser)
    await page.goto(`${app.url}/booking/${uid}`)
    await page.getByRole('link', { name: 'All your bookings' }).click()
    await page.waitForURL(/\/my-bookings$/)
    expect(await accessibilityFaults(page)).toEqual([])
    await picture(page, 'my-bookings-ask')
    const sent: string[] = []
    for (const email of ['nobody@example.net', 'nora@example.net']) {
      await page.goto(`${app.url}/my-bookings`)
      await page.getByLabel('Mail address').fill(email)
      await page.getByRole('button', { name: 'Mail me the link' }).click()
      await page.waitForURL(/\?sent$/)
      sent.push((await page.locator('main').textContent()) ?? '')
    }
    expect(sent[0]).toBe(sent[1])
    const mails = await mailsTo(app, 'nora@example.net', 2)
    const letter = mails.find(({ email }) => email.subject?.startsWith('Your bookings'))
    const link = /https?:\/\/\S+\/my-bookings\/[\w-]{43}/.exec(letter?.email.text ?? '')?.[0] ?? ''
    const answer = await page.goto(link)
    expect(answer?.headers()['x-robots-tag']).toBe('noindex')
    expect(await page.getByRole('link', { name: 'A talk', exact: true }).count()).toBe(1)
    for (const [colorScheme, width] of WIDTHS) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 900 })
      expect([await accessibilityFaults(page), await sidewaysScroll(page)]).toEqual([[], 0])
      await picture(page, `my-bookings-${colorScheme}-${width}`)
    }
    await page.getByRole('link', { name: /^Cancel/ }).click()
    await page.waitForURL(new RegExp(`/booking/${uid}\\?cancel=true`))
    await page.goto(`${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`)
    await page.getByRole('heading', { name: 'This link has expired' }).waitFor()
    expect(app.mail.mails.some(({ envelope }) => envelope.to.includes('nobody@example.net'))).toBe(false)
  })
})

describe('contacts', () => {
  it('are merged, separated again, chosen by tag and handed out as a file', async () => {
    const { app } = scene
    await book(app, path, nextStart(), { name: 'Tom Twice', email: 'tom@example.net' })
    await book(app, path, nextStart(), { name: 'Tom Twice', email: 'tom.twice@example.com' })
    const { page, context } = await visitAsOwner(scene)
    await openDashboard(scene, page, '/contacts?q=tom%40')
    await page.getByRole('link', { name: 'Tom Twice' }).click()
    await page.getByLabel('Tags', { exact: false }).fill('client, Berlin')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.waitForURL(/\?saved$/)
    await page.getByRole('button', { name: 'Merge with tom.twice@example.com' }).click()
    await page.waitForURL(/merged=/)
    await page.getByText('tom.twice@example.com belongs to this contact now.').waitFor()
    expect(await page.getByText('2 bookings', { exact: false }).count()).toBeGreaterThan(0)
    for (const [colorScheme, width] of WIDTHS) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 900 })
      expect([await accessibilityFaults(page), await sidewaysScroll(page)]).toEqual([[], 0])
      await picture(page, `contact-${colorScheme}-${width}`)
    }
    const file = await context.request.get(`${page.url().split('?')[0]}/export`)
    expect(file.headers()['content-disposition']).toContain('attachment')
    expect(await file.json()).toMatchObject({
      addresses: ['tom@example.net', 'tom.twice@example.com'],
      tags: ['client', 'Berlin'],
      bookings: [{ title: 'A talk' }, { title: 'A talk' }],
    })
    await openDashboard(scene, page, '/contacts')
    await page
      .getByRole('link', { name: /^client/ })
      .first()
      .click()
    await page.waitForURL(/tag=client/)
    await page.getByRole('link', { name: 'Tom Twice' }).waitFor()
    await picture(page, 'contacts-tags')
    await page.getByRole('link', { name: 'Tom Twice' }).click()
    await page.getByRole('button', { name: 'Separate tom.twice@example.com' }).click()
    await page.waitForURL(/separated=/)
  })
})

describe('several bookings', () => {
  it('are confirmed together, each with what came of it, and cancelled with a reason that is kept', async () => {
    const { app } = scene
    const uids: string[] = []
    for (let n = 0; n < 3; n++) {
      uids.push(await book(app, asked, nextStart(), { name: `Asker ${n}`, email: `asker${n}@example.net` }))
    }
    const { page } = await visitAsOwner(scene)
    await openDashboard(scene, page, '/bookings/presets')
    await page.getByLabel('Text', { exact: true }).fill('Ill')
    await page.getByLabel('Reason for cancelling').fill('I am ill, and sorry to cancel.')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByText('Saved.').waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await picture(page, 'presets')
    await openDashboard(scene, page, '/bookings/unconfirmed')
    for (const uid of uids) await page.locator(`input[name="uid"][value="${uid}"]`).check()
    await picture(page, 'several-bar')
    expect(await accessibilityFaults(page)).toEqual([])
    await page.locator('#several').getByRole('button', { name: 'Confirm' }).click()
    await page.waitForURL(/\/bookings\/several\?/)
    // Somebody changes their mind while the host looks at the page.
    await app.db
      .updateTable('bookings')
      .set({ status: 'cancelled' })
      .where('uid', '=', uids[1] ?? '')
      .execute()
    await page.getByRole('button', { name: 'Confirm 3 bookings' }).click()
    await page.getByText('2 of 3 done').waitFor()
    await page.getByRole('button', { name: 'Try the others again' }).waitFor()
    for (const [colorScheme, width] of WIDTHS) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 900 })
      expect([await accessibilityFaults(page), await sidewaysScroll(page)]).toEqual([[], 0])
      await picture(page, `several-${colorScheme}-${width}`)
    }
    const rows = await app.db.selectFrom('bookings').select(['uid', 'status']).where('uid', 'in', uids).execute()
    expect(Object.fromEntries(rows.map(({ uid, status }) => [uid, status]))).toEqual({
      ...{ [uids[0] ?? '']: 'accepted', [uids[1] ?? '']: 'cancelled', [uids[2] ?? '']: 'accepted' },
    })
    await openDashboard(scene, page, `/bookings/detail/${uids[0]}`)
    await page.locator('#note').getByRole('link', { name: 'Insert Ill' }).click()
    await expect.poll(() => page.locator('#note textarea').inputValue()).toBe('Ill')
    await picture(page, 'note-presets')
    await openDashboard(scene, page, `/bookings/detail/${uids[0]}/cancel`)
    await page.getByRole('link', { name: 'Ill Use as the reason' }).click()
    await expect.poll(() => page.locator('textarea[name="reason"]').inputValue()).toBe('I am ill, and sorry to cancel.')
    expect(await accessibilityFaults(page)).toEqual([])
    await picture(page, 'cancel-preset')
    await page.getByRole('button', { name: 'Cancel the booking' }).click()
    await page.waitForURL(/\?done=cancel/)
  })

  it('are answered without scripts, all with one form', async () => {
    const { app } = scene
    const uids: string[] = []
    for (let n = 0; n < 2; n++) uids.push(await book(app, asked, nextStart(), { email: `plain${n}@example.net` }))
    const { page } = await visitAsOwner(scene, { javaScriptEnabled: false })
    await page.goto(`${app.url}/bookings/unconfirmed`)
    for (const uid of uids) await page.locator(`input[name="uid"][value="${uid}"]`).check()
    await page.locator('#several').getByRole('button', { name: 'Decline' }).click()
    await page.getByRole('button', { name: 'Decline 2 bookings' }).click()
    await page.getByText('2 of 2 done').waitFor()
    const rows = await app.db.selectFrom('bookings').select('status').where('uid', 'in', uids).execute()
    expect(rows.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })
})

describe('a party', () => {
  it('becomes smaller from the page of its seat, and both are told', async () => {
    const { app } = scene
    const seats = { count: 4, maxPerBooking: 4, showAttendees: false, showFree: true }
    const shared = await ownOffer(scene, { slug: 'class', title: 'A class', options: { seats } })
    const start = nextStart()
    const answer = await sendBooking(app, shared, start, { name: 'Pat', email: 'pat@example.net', quantity: 4 })
    const uid = /\/booking\/([\w-]+)/.exec(answer.headers.get('location') ?? '')?.[1]
    const { page } = await visit(scene.browser)
    await page.goto(`${app.url}/booking/${uid}`)
    await page.getByRole('link', { name: 'Fewer people come' }).click()
    await page.getByLabel('People, with you').fill('2')
    expect(await accessibilityFaults(page)).toEqual([])
    await picture(page, 'party')
    await page.getByRole('button', { name: 'Give seats back' }).click()
    await page.waitForURL(({ searchParams }) => !searchParams.has('party'))
    await page.getByText('2 people').waitFor()
    const told = await mailsTo(app, 'pat@example.net', 2)
    expect(told.at(-1)?.email.subject).toMatch(/^Fewer people: A class/)
    expect(told.at(-1)?.email.text).toContain('2 are yours')
  })
})

describe('a series that waits', () => {
  it('is confirmed at once from its page, after one more look', async () => {
    const { app } = scene
    const recurrence = { frequency: 'daily', interval: 1, count: 3 } as const
    const series = await ownOffer(scene, {
      ...{ slug: 'series', title: 'Lessons', requiresConfirmation: true, options: { recurrence } },
    })
    const [start = 0] = starts.slice(-1)
    const dates = [0, 1, 2].map((n) => new Date(start + n * 86_400_000).toISOString())
    const answer = await sendBooking(app, series, start, { email: 'serial@example.net', occurrences: dates })
    const uid = /\/booking\/([\w-]+)/.exec(answer.headers.get('location') ?? '')?.[1]
    const { page } = await visitAsOwner(scene)
    await openDashboard(scene, page, `/bookings/detail/${uid}/confirm?series`)
    expect(await page.getByRole('checkbox', { name: /Also confirm the 2 other dates/ }).isChecked()).toBe(true)
    await picture(page, 'confirm-series')
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByRole('main').getByRole('button', { name: 'Confirm' }).click()
    await page.waitForURL(/\?done=confirm/)
    const rows = await app.db.selectFrom('bookings').where('title', '=', 'Lessons').select('status').execute()
    expect(rows.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted'])
  })
})
