import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  accessibilityFaults,
  book,
  freeStarts,
  mailsTo,
  OWNER,
  openDashboard,
  ownOffer,
  picture,
  postForm,
  sidewaysScroll,
  useScene,
  visit,
  visitAsOwner,
} from './scene.ts'

const PAGE = '/settings/privacy'
const SOMEBODY = { name: 'Zaphod Beeblebrox', email: 'zaphod@example.net' }
const scene = useScene()
let path: string
beforeAll(async () => {
  path = await ownOffer(scene, { slug: 'talk', title: 'Talk' })
})

/** A booking of somebody, as if it had been three days ago. */
async function bookedBefore(who = SOMEBODY): Promise<string> {
  const [start = 0] = await freeStarts(scene.app, path)
  const uid = await book(scene.app, path, start, who)
  await mailsTo(scene.app, who.email, 1)
  await sql`delete from claims where booking_id = (select id from bookings where uid = ${uid})`.execute(scene.app.db)
  await sql`update bookings set starts_at = starts_at - interval '3 days', ends_at = ends_at - interval '3 days'
    where uid = ${uid}`.execute(scene.app.db)
  return uid
}

const emailsOf = async (uid: string) => {
  const rows = await scene.app.db
    .selectFrom('attendees as a')
    .innerJoin('bookings as b', 'b.id', 'a.booking_id')
    .where('b.uid', '=', uid)
    .select('a.email')
    .execute()
  return rows.map(({ email }) => email)
}

async function until(done: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 30_000; performance.now() < end; ) {
    if (await done()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('it did not come to be in time')
}

describe('forgetting', () => {
  it('shows what is kept of somebody, and then keeps nothing', async () => {
    const uid = await bookedBefore()
    const { page } = await visitAsOwner(scene)
    await openDashboard(scene, page, PAGE)
    await page.getByLabel('Mail address').fill(SOMEBODY.email)
    await page.getByRole('button', { name: 'See what is kept' }).click()
    await page.getByRole('heading', { name: `Kept of ${SOMEBODY.email}` }).waitFor()
    await page.getByText('1 booking', { exact: false }).first().waitFor()
    await picture(page, 'privacy-preview')
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Erase for good' }).click()
    await page.getByText('Erased. The entry below proves it').waitFor()
    expect(await emailsOf(uid)).toEqual([''])
    await expect.poll(() => page.getByText(SOMEBODY.email).count()).toBe(0)
    await picture(page, 'privacy-erased')
    await openDashboard(scene, page, `/bookings/detail/${uid}`)
    await page.getByText('Erased person').first().waitFor()
    expect(await page.content()).not.toContain('Zaphod')
    await picture(page, 'privacy-booking-of-nobody')
    await openDashboard(scene, page, '/contacts')
    expect(await page.content()).not.toContain('Zaphod')
    const visitor = await visit(scene.browser)
    await visitor.page.goto(`${scene.app.url}/booking/${uid}`)
    expect(await visitor.page.content()).not.toContain('Zaphod')
  })

  it('calls off what is to come, and goes on when that has been told', async () => {
    const who = { name: 'Arthur Dent', email: 'arthur@example.net' }
    const [start = 0] = await freeStarts(scene.app, path)
    const uid = await book(scene.app, path, start, who)
    await mailsTo(scene.app, who.email, 1)
    const { page } = await visitAsOwner(scene)
    await openDashboard(scene, page, PAGE)
    await page.getByLabel('Mail address').fill(who.email)
    await page.getByRole('button', { name: 'See what is kept' }).click()
    await page.getByText('One booking is still to come', { exact: false }).waitFor()
    await page.getByLabel('Message to those whose booking is called off').first().fill('As you asked')
    await picture(page, 'privacy-ahead')
    await page.getByRole('button', { name: 'Call off and erase for good' }).click()
    await page.getByText('Called off. The rest goes as soon as').waitFor()
    const [, told] = await mailsTo(scene.app, who.email, 2)
    expect(told?.email.text).toContain('As you asked')
    await until(async () => (await emailsOf(uid))[0] === '')
  })

  it('of many, and by itself, works without scripts', async () => {
    const uid = await bookedBefore({ name: 'Ford Prefect', email: 'ford@example.net' })
    const { page } = await visitAsOwner(scene, { javaScriptEnabled: false })
    await page.goto(scene.app.url + PAGE)
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
    await page.getByLabel('Last booking before').fill(yesterday)
    await page.getByRole('button', { name: 'Count them' }).click()
    await page.getByText('The last booking of one address ended before', { exact: false }).waitFor()
    await page.getByRole('button', { name: 'Erase it for good' }).click()
    await page.getByText('It has begun').waitFor()
    await until(async () => (await emailsOf(uid))[0] === '')
    await page.getByLabel('Days after the last booking').fill('365')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('attendees are forgotten 365 days after').waitFor()
    const { days } = await scene.app.db
      .selectFrom('retention')
      .where('user_id', '=', scene.ownerId)
      .select('days')
      .executeTakeFirstOrThrow()
    expect(days).toBe(365)
  })
})

describe('the files', () => {
  it('are the owner’s alone, and complete', async () => {
    const get = (file: string, cookie = scene.ownerCookie) =>
      fetch(scene.app.url + file, { headers: { cookie }, redirect: 'manual' })
    const answer = await get(`${PAGE}/data.json`)
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="sundial-${OWNER.username}.json"`)
    expect(answer.headers.get('cache-control')).toBe('private, no-store')
    const data = (await answer.json()) as { account: object[]; bookings: object[] }
    expect(data.account).toMatchObject([{ username: OWNER.username, email: OWNER.email }])
    expect(data.bookings.length).toBeGreaterThan(0)
    const calendar = await (await get(`${PAGE}/bookings.ics`)).text()
    expect(calendar.match(/BEGIN:VEVENT/g)).toHaveLength(data.bookings.length)
    expect((await get(`${PAGE}/data.json`, '')).status).toBe(303)
  })
})

describe('the page', () => {
  for (const [colorScheme, width, locale] of [
    ['light', 1280, 'en'],
    ['dark', 390, 'de'],
    ['light', 390, 'en'],
    ['dark', 1280, 'en'],
  ] as const) {
    it(`has nothing that axe objects to, ${colorScheme} on ${width} pixels in ${locale}`, async () => {
      await scene.app.db.updateTable('users').set({ locale }).where('id', '=', scene.ownerId).execute()
      const { page, context } = await visitAsOwner(scene, { colorScheme, viewport: { width, height: 900 } })
      await openDashboard(scene, page, PAGE)
      await picture(page, `privacy-${width}-${colorScheme}`)
      expect(await accessibilityFaults(page)).toEqual([])
      for (const direction of ['ltr', 'rtl']) {
        await page.evaluate((dir) => {
          document.documentElement.dir = dir
        }, direction)
        expect([direction, await sidewaysScroll(page)]).toEqual([direction, 0])
      }
      await context.close()
      await scene.app.db.updateTable('users').set({ locale: 'en' }).where('id', '=', scene.ownerId).execute()
    })
  }
})

describe('leaving', () => {
  it('asks for name and password, signs out everywhere and takes the pages away', async () => {
    const person = { name: 'Trillian', username: 'trillian', email: 'trillian@example.org', password: 'quiet otter 42' }
    const answer = await postForm(scene.app, '/auth/sign-up', { ...person, timeZone: 'UTC' })
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const visitor = await visit(scene.browser)
    const [name = '', value = ''] = cookie.split('=')
    await visitor.context.addCookies([{ name, value, url: scene.app.url }])
    const { page } = visitor
    await openDashboard(scene, page, PAGE)
    await page.getByLabel('Type your username').fill('somebody')
    await page.getByLabel('Password').fill('wrong otter 42')
    await page.getByRole('button', { name: 'Delete the account for good' }).click()
    await page.getByRole('alert').first().waitFor()
    await picture(page, 'privacy-leave-refused')
    await page.getByLabel('Type your username').fill(person.username)
    await page.getByLabel('Password').fill(person.password)
    await page.getByRole('button', { name: 'Delete the account for good' }).click()
    await page.getByText('Your account is closed').waitFor()
    expect(new URL(page.url()).pathname).toBe('/auth/sign-in')
    await picture(page, 'privacy-left')
    expect((await fetch(`${scene.app.url}/${person.username}`)).status).toBe(404)
    await until(async () => {
      const rows = await scene.app.db.selectFrom('users').where('email', '=', person.email).select('id').execute()
      return rows.length === 0
    })
  })

  it('is not offered to the only owner while others are there', async () => {
    await postForm(scene.app, '/auth/sign-up', {
      ...{
        name: 'Marvin',
        username: 'marvin',
        email: 'marvin@example.org',
        password: 'quiet otter 42',
        timeZone: 'UTC',
      },
    })
    const { page } = await visitAsOwner(scene)
    await openDashboard(scene, page, PAGE)
    await page.getByText('You are the only owner', { exact: false }).waitFor()
    expect(await page.getByRole('button', { name: 'Delete the account for good' }).count()).toBe(0)
  })
})
