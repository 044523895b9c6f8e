import { beforeAll, describe, expect, it } from 'vitest'
import {
  accessibilityFaults,
  book,
  freeStarts,
  OWNER,
  openDashboard,
  ownOffer,
  picture,
  postForm,
  sidewaysScroll,
  useScene,
  visitAsOwner,
} from './scene.ts'

const scene = useScene()
let uid: string

const MEMBER = { ...OWNER, name: 'Bo Member', username: 'bo', email: 'bo@example.org' }

beforeAll(async () => {
  const { app, ownerCookie } = scene
  const path = await ownOffer(scene, { slug: 'intro', title: 'Intro' })
  const [start = 0] = (await freeStarts(app, path)).slice(30)
  uid = await book(app, path, start, { name: 'Vi', email: 'vi@example.net' })
  await postForm(app, `/booking/${uid}?/cancel`, { reason: 'Ill', sequence: '0' })
  await postForm(app, '/settings/security?/createKey', { label: 'Website', expires: 'never' }, { cookie: ownerCookie })
  await postForm(app, '/auth/sign-in', { email: OWNER.email, password: 'not the password' })
  await postForm(app, '/auth/sign-in', { email: 'nobody@example.org', password: 'not the password' })
  await postForm(app, '/auth/sign-up', MEMBER, { 'user-agent': 'Mozilla/5.0 (iPhone) Version/18 Safari/605' })
})

async function open(path: string, options: Parameters<typeof visitAsOwner>[1] = {}) {
  const owner = await visitAsOwner(scene, options)
  await openDashboard(scene, owner.page, path)
  return owner.page
}

describe('the log', () => {
  it('says in words what happened, who did it and how, with a way to what it is about', async () => {
    const page = await open('/settings/activity')
    const list = page.getByRole('list', { name: 'Entries, newest first' })
    const lines = await list.getByRole('listitem').allInnerTexts()
    const said = (start: RegExp) => lines.find((line) => start.test(line)) ?? `nothing like ${start}`
    expect(said(/^A visitor booked “Intro/)).toContain('on a public page')
    expect(said(/^A visitor cancelled “Intro/)).toContain('on a public page')
    expect(said(/^You made the API key “Website”/)).toContain('in the browser')
    expect(said(/^Somebody tried to sign in as you and could not/)).toContain('Refused')
    expect(said(/^You set this installation up/)).toContain('in the browser')
    expect(said(/^You signed in/)).toContain('127.0.0.1')
    expect(lines.filter((line) => /nobody has|Bo Member/.test(line))).toEqual([])
    await picture(page, 'activity-1280-light')
    await list.getByRole('link', { name: /booked “Intro/ }).click()
    await page.waitForURL(`**/bookings/detail/${uid}`)
    await page.getByText('Vi booked this booking.').waitFor()
    await page.getByText('Vi cancelled this booking.').waitFor()
  })

  it('is narrowed by kind, actor and days, also without scripts, and says when nothing fits', async () => {
    const { page } = await visitAsOwner(scene, { javaScriptEnabled: false })
    await page.goto(`${scene.app.url}/settings/activity`)
    await page.getByLabel('What').selectOption({ label: 'Bookings' })
    await page.getByLabel('By').selectOption({ label: 'Visitors' })
    await page.getByRole('button', { name: 'Show' }).click()
    const lines = page.getByRole('list', { name: /newest/ }).getByRole('listitem')
    await expect.poll(() => lines.count()).toBe(2)
    expect(await page.getByLabel('What').inputValue()).toBe('booking')
    await page.getByLabel('To').fill('2020-01-01')
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByText('Nothing like that happened').waitFor()
    await page.getByRole('link', { name: 'Show everything' }).click()
    await expect.poll(() => lines.count()).toBeGreaterThan(5)
  })

  it('of everybody is for those who run the installation', async () => {
    const page = await open('/settings/activity')
    await page.getByRole('link', { name: 'Everybody’s' }).click()
    await page.waitForURL(/log=all/)
    await page.getByText('Somebody tried to sign in with an address that nobody has.').first().waitFor()
    await page.getByText('Bo Member made this account.').waitFor()
    await picture(page, 'activity-all-1280-light')
    const cookie = await sessionOf(MEMBER)
    const get = (path: string) =>
      fetch(new URL(path, scene.app.url), { headers: { cookie, accept: 'text/html' }, redirect: 'manual' })
    expect((await get('/settings/activity?log=all')).status).toBe(403)
    expect((await get('/settings/activity/export?log=all')).status).toBe(403)
    const own = await (await get('/settings/activity')).text()
    expect(own).toContain('You made this account.')
    expect(own).not.toContain('“Website”')
    expect(own).not.toContain('log=all')
  })

  it('is a file, and says that it was taken', async () => {
    const { app, ownerCookie } = scene
    const answer = await fetch(new URL('/settings/activity/export?noun=booking', app.url), {
      headers: { cookie: ownerCookie },
    })
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="activity-\d{4}-\d\d-\d\d\.csv"$/)
    expect(answer.headers.get('cache-control')).toBe('private, no-store')
    const lines = (await answer.text()).trim().split('\r\n')
    expect(lines[0]).toBe('at,event,subject,actor,actor_name,via,owner,owner_name,address,browser,system,details')
    expect(lines.slice(1).map((line) => line.split(',')[1])).toEqual(['booking.cancelled', 'booking.created'])
    expect(lines.join('')).not.toContain('vi@example.net')
    const page = await open('/settings/activity?noun=user')
    await page.getByText('You downloaded this log.').waitFor()
  })

  it('fits every screen, in both themes and in German, and satisfies axe', { timeout: 60_000 }, async () => {
    for (const [colorScheme, width] of [
      ['light', 390],
      ['dark', 390],
      ['dark', 1280],
    ] as const) {
      const page = await open('/settings/activity?log=all', { colorScheme, viewport: { width, height: 900 } })
      expect(await accessibilityFaults(page)).toEqual([])
      expect(await sidewaysScroll(page)).toBe(0)
      await picture(page, `activity-${width}-${colorScheme}`)
    }
    const { db } = scene.app
    await db.updateTable('users').set({ locale: 'de' }).where('id', '=', scene.ownerId).execute()
    const page = await open('/settings/activity', { viewport: { width: 320, height: 900 } })
    await page.getByText('Jemand ohne Konto hat „Intro').first().waitFor()
    expect(await sidewaysScroll(page)).toBe(0)
    await picture(page, 'activity-320-german')
    await db.updateTable('users').set({ locale: 'en' }).where('id', '=', scene.ownerId).execute()
  })

  it('goes on to older entries and never shows one twice', async () => {
    const { db } = scene.app
    const page = await open('/settings/activity')
    for (let n = 0; n < 60; n++) {
      await postForm(scene.app, '/auth/sign-in', { email: OWNER.email, password: OWNER.password })
    }
    await page.reload()
    const first = await page
      .getByRole('list', { name: /newest/ })
      .getByRole('listitem')
      .count()
    await page.getByRole('link', { name: 'Older entries' }).click()
    await page.waitForURL(/after=/)
    const rest = await page
      .getByRole('list', { name: /newest/ })
      .getByRole('listitem')
      .count()
    const { count } = await db
      .selectFrom('events')
      .where((eb) => eb.or([eb('owner_id', '=', scene.ownerId), eb('actor_id', '=', scene.ownerId)]))
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    expect([first, first + rest]).toEqual([50, Number(count)])
  })
})

async function sessionOf({ email, password }: { email: string; password: string }): Promise<string> {
  const answer = await postForm(scene.app, '/auth/sign-in', { email, password })
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}
