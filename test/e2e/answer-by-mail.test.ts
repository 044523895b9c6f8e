import { Temporal } from 'temporal-polyfill'
import { beforeAll, expect, it } from 'vitest'
import {
  accessibilityFaults,
  book,
  freeStarts,
  mailsTo,
  OWNER,
  offer,
  ownOffer,
  picture,
  postForm,
  sendBooking,
  sidewaysScroll,
  useScene,
  visit,
} from './scene.ts'

const scene = useScene()
let path: string
let starts: number[]

beforeAll(async () => {
  path = await ownOffer(scene, { slug: 'ask', title: 'Audience', requiresConfirmation: true })
  starts = (await freeStarts(scene.app, path)).slice(40)
})

const nextStart = () => starts.splice(0, 4)[0] ?? 0
const standingOf = async (uid: string) =>
  (await scene.app.db.selectFrom('bookings').where('uid', '=', uid).select(['status', 'reason']).executeTakeFirst()) ??
  {}

/** The links of the mail that asks somebody about a booking, as far as it is told apart by `words`. */
async function linksTo(address: string, words: string): Promise<{ confirm: string; decline: string }> {
  for (let count = 1; ; count++) {
    const mails = await mailsTo(scene.app, address, count)
    const text = mails
      .map(({ email }) => email.text ?? '')
      .find((one) => one.includes(words) && one.includes('/answer/'))
    const links = text?.match(/https?:\/\/\S+\/answer\/\S+/g) ?? []
    if (links.length > 0) return { confirm: links[0] ?? '', decline: links[1] ?? '' }
  }
}

it('a host confirms by the link of the mail without signing in, and looking at it does nothing', async () => {
  const { app, browser, ownerId } = scene
  const start = nextStart()
  const uid = await book(app, path, start, { name: 'Nora Confirmed', email: 'nora@example.net' })
  const { confirm, decline } = await linksTo(OWNER.email, 'Nora Confirmed')
  expect(decline).toBe(`${confirm}?decline`)
  for (const method of ['GET', 'HEAD', 'GET']) {
    const { status, headers } = await fetch(confirm, { method })
    expect([status, headers.get('x-robots-tag'), headers.get('referrer-policy')]).toEqual([
      200,
      'noindex',
      'no-referrer',
    ])
    expect(headers.get('cache-control')).toContain('no-store')
  }
  expect(await standingOf(uid)).toMatchObject({ status: 'pending' })
  const foreign = await postForm(app, `${new URL(confirm).pathname}?/confirm`, {}, { origin: 'https://evil.example' })
  expect(foreign.status).toBe(403)
  const date = new Date(start).toISOString().slice(0, 10)
  await app.db
    .insertInto('absences')
    .values({
      ...{
        user_id: ownerId,
        first_date: date,
        last_date: date,
        from_minute: null,
        to_minute: null,
        reason: 'vacation',
      },
      ...{ own_reason: '', note: '', public: false, redirect_user_id: null, redirect_url: null },
      ...{ created_at: Temporal.Now.instant(), updated_at: Temporal.Now.instant() },
    })
    .execute()
  // As the command does, so that offers are compiled anew.
  await app.db.updateTable('users').set({ updated_at: Temporal.Now.instant() }).where('id', '=', ownerId).execute()
  const { page } = await visit(browser)
  await page.goto(confirm)
  await page.getByRole('heading', { name: 'Nora Confirmed waits for your answer' }).waitFor()
  await page.getByText('You are away on this day.').waitFor()
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 900 })
      expect([await accessibilityFaults(page), await sidewaysScroll(page)]).toEqual([[], 0])
      await picture(page, `answer-${colorScheme}-${width}`)
    }
  }
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByRole('heading', { name: 'This request is confirmed' }).waitFor()
  expect(await standingOf(uid)).toMatchObject({ status: 'accepted' })
  await picture(page, 'answer-confirmed')
  expect(await accessibilityFaults(page)).toEqual([])
  const told = await mailsTo(app, 'nora@example.net', 2)
  expect(told.at(-1)?.email.subject).toMatch(/^Confirmed: Audience/)
  // The other link of the mail is of no use any more either.
  await page.goto(decline)
  await page.getByRole('heading', { name: 'This request is confirmed' }).waitFor()
  const late = await postForm(app, `${new URL(confirm).pathname}?/reject`, { reason: 'No' })
  expect([late.status, await standingOf(uid)]).toEqual([409, { status: 'accepted', reason: '' }])
  await page.goto(`${confirm.slice(0, -1)}${confirm.endsWith('A') ? 'B' : 'A'}`)
  await page.getByRole('heading', { name: 'This link leads nowhere' }).waitFor()
  expect(app.output()).not.toContain(new URL(confirm).pathname.split('/')[2])
})

it('declines with a reason in the language of the host, without scripts, also from right to left', async () => {
  const { app, browser } = scene
  const host = await offer(scene, { requiresConfirmation: true, title: 'Gespräch' })
  await app.db.updateTable('users').set({ locale: 'de', hour_cycle: 'h23' }).where('id', '=', host.hostId).execute()
  const uid = await book(app, host.path, (await freeStarts(app, host.path))[40] ?? 0, { name: 'Bo Abgelehnt' })
  const { decline } = await linksTo(host.hostEmail, 'Bo Abgelehnt')
  const { page, context } = await visit(browser, { javaScriptEnabled: false, viewport: { width: 390, height: 900 } })
  await page.goto(decline)
  await page.getByRole('heading', { name: 'Anfrage von Bo Abgelehnt ablehnen?' }).waitFor()
  await picture(page, 'answer-decline-german-390')
  await page.getByLabel('Grund').fill('Ich bin auf Reisen.')
  await page.getByRole('button', { name: 'Ablehnen' }).click()
  await page.getByRole('heading', { name: 'Diese Anfrage ist abgelehnt' }).waitFor()
  expect(await standingOf(uid)).toEqual({ status: 'rejected', reason: 'Ich bin auf Reisen.' })
  await context.close()
  const mirrored = await visit(browser, { viewport: { width: 390, height: 900 } })
  await mirrored.page.goto(decline)
  await mirrored.page.evaluate(() => {
    document.documentElement.dir = 'rtl'
  })
  expect([await accessibilityFaults(mirrored.page), await sidewaysScroll(mirrored.page)]).toEqual([[], 0])
  await picture(mirrored.page, 'answer-rejected-rtl-390')
})

it('answers a whole series at once', async () => {
  const { app, browser } = scene
  const recurrence = { frequency: 'daily', interval: 1, count: 3 } as const
  const lessons = await ownOffer(scene, {
    ...{ slug: 'series', title: 'Lessons', requiresConfirmation: true, options: { recurrence } },
  })
  const [start = 0] = starts.slice(-1)
  const dates = [0, 1, 2].map((n) => new Date(start + n * 86_400_000).toISOString())
  await sendBooking(app, lessons, start, { name: 'Sera Serial', email: 'serial@example.net', occurrences: dates })
  const { confirm } = await linksTo(OWNER.email, 'Sera Serial')
  const { page } = await visit(browser)
  await page.goto(confirm)
  await picture(page, 'answer-series')
  expect(await accessibilityFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Confirm 3 dates' }).click()
  await page.getByRole('heading', { name: 'This request is confirmed' }).waitFor()
  const rows = await app.db.selectFrom('bookings').where('title', '=', 'Lessons').select('status').execute()
  expect(rows.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted'])
  await picture(page, 'answer-series-done')
})
