import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  book,
  freeStarts,
  invitationOf,
  mailsTo,
  OWNER,
  openDashboard,
  ownOffer,
  picture,
  postForm,
  useScene,
  visitAsOwner,
} from './scene.ts'

const scene = useScene()
let free: number[]
let path: string
let pathToAsk: string

beforeAll(async () => {
  path = await ownOffer(scene, { slug: 'talk', title: 'A talk' })
  pathToAsk = await ownOffer(scene, { slug: 'ask', title: 'On request', requiresConfirmation: true })
  free = (await freeStarts(scene.app, path)).slice(30)
})

/** A time nobody has taken yet. */
function nextFree(): number {
  const start = free.shift()
  if (start === undefined) throw new Error('no time is left')
  free.shift()
  return start
}

async function open(address: string, options: Parameters<typeof visitAsOwner>[1] = {}): Promise<Page> {
  const owner = await visitAsOwner(scene, options)
  if (options?.javaScriptEnabled === false) await owner.page.goto(scene.app.url + address)
  else await openDashboard(scene, owner.page, address)
  return owner.page
}

async function statusOf(uid: string) {
  return scene.app.db
    .selectFrom('bookings')
    .where('uid', '=', uid)
    .select(['status', 'reason', 'sequence'])
    .executeTakeFirstOrThrow()
}

describe('a request', () => {
  it('waits with a badge, is confirmed, and only then stands in the calendar', async () => {
    const start = nextFree()
    const uid = await book(scene.app, pathToAsk, start, { name: 'Cara', email: 'cara@example.net' })
    const [asked] = await mailsTo(scene.app, 'cara@example.net', 1)
    expect(invitationOf(asked!)).toBeNull()

    const page = await open('/bookings/upcoming')
    const tab = page.getByRole('navigation', { name: 'Which bookings' }).getByRole('link', { name: /Unconfirmed/ })
    expect(await tab.textContent()).toMatch(/Unconfirmed\s*1/)
    await tab.click()
    await page.getByRole('heading', { name: 'A talk' }).waitFor({ state: 'detached' })
    await page.getByText('Waits for your answer').waitFor()
    await page.getByRole('link', { name: /^Confirm/ }).click()
    const dialog = page.getByRole('dialog', { name: 'Confirm this request?' })
    await dialog.getByRole('button', { name: 'Confirm', exact: true }).click()
    await page.getByText('Confirmed. Cara will be told by mail.').waitFor()
    await page.getByText('No request waits for you').waitFor()
    expect(await statusOf(uid)).toMatchObject({ status: 'accepted' })
    const [, confirmed] = await mailsTo(scene.app, 'cara@example.net', 2)
    expect(invitationOf(confirmed!)).toMatchObject({ method: 'REQUEST', status: 'CONFIRMED', start })
  })

  it('is declined with a reason that its booker reads', async () => {
    const uid = await book(scene.app, pathToAsk, nextFree(), { name: 'Dora', email: 'dora@example.net' })
    const page = await open('/bookings/unconfirmed')
    await page.getByRole('link', { name: /^Decline/ }).click()
    await page.getByLabel('Reason').fill('I am away that week')
    await page.getByRole('dialog').getByRole('button', { name: 'Decline', exact: true }).click()
    await page.getByText('Declined. Dora will be told by mail.').waitFor()
    expect(await statusOf(uid)).toMatchObject({ status: 'rejected', reason: 'I am away that week' })
    const [, declined] = await mailsTo(scene.app, 'dora@example.net', 2)
    expect(declined?.email.text).toContain('I am away that week')
    await page.goto(`${scene.app.url}/booking/${uid}`)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain(OWNER.name)
    expect(await page.getByText('I am away that week').isVisible()).toBe(true)
  })

  it('that moved while its page was open is not confirmed unseen, and nothing typed is lost', async () => {
    const [start, other] = [nextFree(), nextFree()]
    const uid = await book(scene.app, pathToAsk, start, { name: 'Eve', email: 'eve@example.net' })
    const page = await open('/bookings/unconfirmed')
    await page.getByRole('link', { name: /^Decline/ }).click()
    await page.getByLabel('Reason').fill('Too early for me')
    const moved = await postForm(scene.app, `/reschedule/${uid}?/move`, {
      ...{ start: new Date(other).toISOString(), duration: '30', sequence: '0', reason: '' },
    })
    expect(moved.status).toBe(303)
    await page.getByRole('dialog').getByRole('button', { name: 'Decline', exact: true }).click()
    await page.getByText('This booking has changed since you opened the page').waitFor()
    expect(await page.getByLabel('Reason').inputValue()).toBe('Too early for me')
    expect(await statusOf(uid)).toMatchObject({ status: 'pending', sequence: 1 })
    await picture(page, 'host-refused')
    // Now it is seen as it is, and the same press counts.
    await page.getByRole('dialog').getByRole('button', { name: 'Decline', exact: true }).click()
    await page.getByText('Declined. Eve will be told by mail.').waitFor()
    expect(await statusOf(uid)).toMatchObject({ status: 'rejected', reason: 'Too early for me' })
  })
})

describe('the page of a booking', () => {
  it('tells everything about it, and how far its mails are', async () => {
    const start = nextFree()
    const uid = await book(scene.app, path, start, { name: 'Finn', email: 'finn@example.net' })
    await mailsTo(scene.app, 'finn@example.net', 1)
    const page = await open('/bookings/upcoming')
    await page.getByRole('listitem').filter({ hasText: 'with Finn' }).getByRole('link', { name: 'A talk' }).click()
    await page.waitForURL(`**/bookings/detail/${uid}`)
    await page.getByRole('heading', { level: 1, name: 'A talk' }).waitFor()
    await page.getByText('Finn booked this booking.').waitFor()
    // In Berlin it is six hours later than in New York.
    expect(await page.getByText(/New York \(GMT-[45]\)/).isVisible()).toBe(true)
    await page.reload()
    expect(await page.getByText('The booking, to Finn').isVisible()).toBe(true)
    expect(await page.getByText('Handed over').first().isVisible()).toBe(true)
    await picture(page, 'host-detail')
  })

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'with' : 'without'
    it(`lets the host cancel with a reason, ${how} JavaScript`, async () => {
      const email = `gus-${how}@example.net`
      const uid = await book(scene.app, path, nextFree(), { name: 'Gus', email })
      const page = await open(`/bookings/detail/${uid}`, { javaScriptEnabled })
      await page.getByRole('button', { name: /^More for/ }).click()
      await page.getByRole('link', { name: 'Cancel', exact: true }).click()
      const reason = page.getByLabel('Reason')
      expect(await reason.getAttribute('required')).not.toBeNull()
      await reason.fill('Ill today')
      await page.getByRole('button', { name: 'Cancel the booking' }).click()
      await page.getByText('Cancelled. Everybody will be told by mail.').first().waitFor()
      expect(await statusOf(uid)).toMatchObject({ status: 'cancelled', reason: 'Ill today' })
      const [, mail] = await mailsTo(scene.app, email, 2)
      expect(invitationOf(mail!)).toMatchObject({ method: 'CANCEL', sequence: 1 })
      expect(mail?.email.text).toContain('Ill today')
    })
  }

  it('is asked for a reason where the browser did not', async () => {
    const uid = await book(scene.app, path, nextFree(), { name: 'Hal', email: 'hal@example.net' })
    const page = await open(`/bookings/detail/${uid}/cancel`, { javaScriptEnabled: false })
    await page.locator('form:has(textarea)').evaluate((form: HTMLFormElement) => {
      form.noValidate = true
    })
    await page.getByRole('button', { name: 'Cancel the booking' }).click()
    await page.getByText('Please say why; the other side reads it.').waitFor()
    expect(await statusOf(uid)).toMatchObject({ status: 'accepted' })
  })

  it('says kindly that it was cancelled meanwhile, and keeps the words', async () => {
    const uid = await book(scene.app, path, nextFree(), { name: 'Ida', email: 'ida@example.net' })
    const page = await open(`/bookings/detail/${uid}/cancel`, { javaScriptEnabled: false })
    await page.getByLabel('Reason').fill('A long explanation')
    const cancelled = await postForm(scene.app, `/booking/${uid}?/cancel`, { reason: '', sequence: '0' })
    expect(cancelled.status).toBe(303)
    await page.getByRole('button', { name: 'Cancel the booking' }).click()
    await page.getByText('This booking has been cancelled already.').waitFor()
    expect(await page.getByLabel('Reason').inputValue()).toBe('A long explanation')
    expect(await page.getByRole('button', { name: 'Cancel the booking' }).count()).toBe(0)
  })

  it('asks for another time, which the booker then chooses', async () => {
    const uid = await book(scene.app, path, nextFree(), { name: 'Jo', email: 'jo@example.net' })
    const page = await open(`/bookings/detail/${uid}`)
    await page.getByRole('button', { name: /^More for/ }).click()
    await page.getByRole('link', { name: 'Ask for another time' }).click()
    await page.getByLabel('Reason').fill('A clash')
    await page.getByRole('dialog').getByRole('button', { name: 'Ask for another time' }).click()
    await page.getByText('You asked for another time').waitFor()
    const [, wish] = await mailsTo(scene.app, 'jo@example.net', 2)
    expect(wish?.email.text).toContain(`${scene.app.url}/reschedule/${uid}`)
    const moved = await postForm(scene.app, `/reschedule/${uid}?/move`, {
      ...{ start: new Date(nextFree()).toISOString(), duration: '30', sequence: '1', reason: '' },
    })
    expect(moved.status).toBe(303)
    expect(await statusOf(uid)).toMatchObject({ status: 'accepted', sequence: 2 })
  })

  it('belongs to its host alone', async () => {
    const uid = await book(scene.app, path, nextFree())
    const page = await open('/bookings/upcoming')
    await page.context().clearCookies()
    await page.goto(`${scene.app.url}/bookings/detail/${uid}`)
    expect(page.url()).toContain('/auth/sign-in')
  })
})

describe('a long list', () => {
  for (const javaScriptEnabled of [true, false]) {
    it(`goes on by a link, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      const slug = javaScriptEnabled ? 'many' : 'more'
      const page = await open('/bookings/upcoming', { javaScriptEnabled })
      const have = (await scene.app.db.selectFrom('bookings').where('status', '=', 'accepted').select('id').execute())
        .length
      for (let made = have; made < 30; made++) {
        await book(scene.app, path, nextFree(), { name: `${slug} ${made}`, email: `${slug}${made}@example.net` })
      }
      await page.reload()
      if (javaScriptEnabled) await page.waitForFunction(() => Object.hasOwn(window, 'takenOver'))
      expect(await page.locator('main time').count()).toBe(25)
      await page.getByRole('link', { name: 'Show more' }).click()
      if (javaScriptEnabled) await page.waitForFunction(() => document.querySelectorAll('main time').length === 30)
      else await expect.poll(() => page.locator('main time').count()).toBe(5)
      await page.getByRole('link', { name: 'Show more' }).waitFor({ state: 'detached' })
    })
  }
})
