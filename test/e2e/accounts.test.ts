import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp } from './app.ts'
import {
  accessibilityFaults,
  expectGoodLooks,
  expectGoodLooksAsIs,
  OWNER,
  openDashboard,
  picture,
  postForm,
  useScene,
  visit,
  visitAsOwner,
} from './scene.ts'

const ROUTES = new URL('../../src/routes/', import.meta.url)
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

const scene = useScene()
let app: App
/** Somebody whose session outlives every test. */
let member: Person
beforeAll(async () => {
  app = scene.app
  member = await signUp()
})

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(new URL(path, app.url), { redirect: 'manual', headers: { accept: 'text/html', ...headers } })

const cookieOf = (answer: Response) => answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
const isSignedIn = async (cookie: string) => (await get('/settings/profile', { cookie })).status === 200

interface Person {
  id: number
  username: string
  email: string
  password: string
  /** Of their session. */
  cookie: string
}

let people = 0
/** Signs somebody new up. An address may do that 20 times in an hour. */
async function signUp(): Promise<Person> {
  people++
  const username = `person${people}`
  const person = { name: 'Bea Person', username, email: `${username}@example.org`, password: 'quiet otter 42' }
  const answer = await postForm(app, '/auth/sign-up', { ...person, timeZone: 'Asia/Tokyo' })
  expect(answer.status).toBe(303)
  const { id } = await app.db
    .selectFrom('users')
    .select('id')
    .where('username', '=', username)
    .executeTakeFirstOrThrow()
  return { username, email: person.email, password: person.password, cookie: cookieOf(answer), id }
}

describe('pages of hosts', () => {
  const paths = readdirSync(new URL('(app)/', ROUTES), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\+(page\.svelte|page\.server\.ts|server\.ts)$/.test(file))
    .map((file) => `/${file.split('/').slice(0, -1).join('/')}`.replace(/\[[^\]]+\]/g, '1'))

  it.each([...new Set(paths)])('%s sends strangers to sign in, whatever they send', async (path) => {
    const next = `/auth/sign-in?next=${encodeURIComponent(path)}`
    for (const cookie of ['', 'sundial_session=', `sundial_session=${'x'.repeat(43)}`, '__Host-sundial_session=x']) {
      const answer = await get(path, { cookie })
      expect([answer.status, answer.headers.get('location')]).toEqual([303, next])
    }
    const posted = await postForm(app, path, { name: 'x' })
    expect([posted.status, posted.headers.get('location')]).toEqual([303, next])
    const data = await get(path, { accept: 'application/json' })
    expect(data.status).toBe(401)
    expect(await data.json()).toMatchObject({ code: 'sign_in_required' })
  })

  it('are not there for a key in place of a session', async () => {
    const answer = await get('/settings/profile', { authorization: `Bearer sun_${'x'.repeat(43)}` })
    expect(answer.status).toBe(303)
  })
})

describe('a session', () => {
  it('is kept in a cookie that scripts and other sites do not get', async () => {
    const answer = await postForm(app, '/auth/sign-in', { email: OWNER.email, password: OWNER.password })
    expect(answer.status).toBe(303)
    const [cookie] = answer.headers.getSetCookie()
    expect(cookie).toMatch(/^sundial_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(answer.headers.get('location')).toBe('/home')
  })

  it.each([
    ['/settings/security', '/settings/security'],
    ['//evil.example/x', '/home'],
    ['https://evil.example', '/home'],
    ['/\\evil.example', '/home'],
  ])('begun with next=%s goes on to %s', async (next, location) => {
    const path = `/auth/sign-in?next=${encodeURIComponent(next)}`
    const answer = await postForm(app, path, { email: OWNER.email, password: OWNER.password })
    expect(answer.headers.get('location')).toBe(location)
    const there = await get(path, { cookie: cookieOf(answer) })
    expect([there.status, there.headers.get('location')]).toEqual([303, location])
  })

  it('is new at every sign-in: one that was planted does not become somebody else’s', async () => {
    const eve = await signUp()
    const victim = await signUp()
    const credentials = { email: victim.email, password: victim.password }
    const answer = await postForm(app, '/auth/sign-in', credentials, { cookie: eve.cookie })
    const fresh = cookieOf(answer)
    expect(fresh).not.toBe(eve.cookie)
    expect(await isSignedIn(fresh)).toBe(true)
    expect(await isSignedIn(eve.cookie)).toBe(false)
  })

  it('ends by signing out, which no link and no other site can do', async () => {
    const { cookie } = await signUp()
    expect((await get('/auth/sign-out', { cookie })).status).toBe(405)
    for (const origin of ['https://evil.example', 'null', `${app.url}.evil.example`]) {
      expect((await postForm(app, '/auth/sign-out', {}, { cookie, origin })).status).toBe(403)
    }
    expect(await isSignedIn(cookie)).toBe(true)
    const out = await postForm(app, '/auth/sign-out', {}, { cookie })
    expect([out.status, out.headers.get('location')]).toEqual([303, '/'])
    expect(out.headers.getSetCookie()[0]).toMatch(/^sundial_session=;.*Max-Age=0/)
    expect(await isSignedIn(cookie)).toBe(false)
  })

  it('is signed out from another device', async () => {
    const { cookie, email, password } = await signUp()
    const other = cookieOf(await postForm(app, '/auth/sign-in', { email, password }))
    await postForm(app, '/settings/security?/signOutOthers', {}, { cookie })
    expect([await isSignedIn(cookie), await isSignedIn(other)]).toEqual([true, false])
  })

  it('of somebody else cannot be ended', async () => {
    const [mine, theirs] = [await signUp(), await signUp()]
    const { id } = await app.db
      .selectFrom('sessions')
      .select('id')
      .where('user_id', '=', theirs.id)
      .executeTakeFirstOrThrow()
    const answer = await postForm(app, '/settings/security?/signOutDevice', { id }, { cookie: mine.cookie })
    expect(answer.status).toBe(404)
    expect(await isSignedIn(theirs.cookie)).toBe(true)
  })
})

describe('forms', () => {
  it('say the same of an unknown mail and a wrong password, and stop guessing', async () => {
    const { email } = await signUp()
    const wrong = await postForm(app, '/auth/sign-in', { email, password: 'wrong password' })
    const unknown = await postForm(app, '/auth/sign-in', { email: 'nobody@example.org', password: 'wrong password' })
    expect([wrong.status, unknown.status]).toEqual([401, 401])
    const text = (await wrong.text()).replaceAll(email, '')
    expect(text).toContain('The mail address or the password is wrong.')
    expect(text).not.toContain('wrong password')
    expect((await unknown.text()).includes('The mail address or the password is wrong.')).toBe(true)
    const more = await Promise.all(
      Array.from({ length: 10 }, () => postForm(app, '/auth/sign-in', { email, password: 'wrong password' })),
    )
    const limited = more.find((answer) => answer.status === 429)
    expect(await limited?.text()).toContain('Too many attempts. Wait 15 minutes')
  })

  it('take no field that was not asked for', async () => {
    const { cookie, id } = await signUp()
    const profile = { name: 'Eve', username: 'eve', bio: '' }
    for (const extra of [{ role: 'owner' }, { userId: '1' }, { id: '1' }, { email: 'eve@example.org' }]) {
      const answer = await postForm(app, '/settings/profile?/profile', { ...profile, ...extra } as never, { cookie })
      expect(answer.status).toBe(400)
    }
    const signedUp = await postForm(app, '/auth/sign-up', {
      ...{ name: 'Eve', username: 'eve', email: 'eve@example.org', password: 'quiet otter 42', timeZone: 'UTC' },
      role: 'owner',
    })
    expect(signedUp.status).toBe(400)
    const rows = await app.db.selectFrom('users').select(['id', 'role', 'username']).execute()
    expect(rows.filter((row) => row.role === 'owner')).toHaveLength(1)
    expect(rows.find((row) => row.id === id)).toMatchObject({ role: 'member' })
    expect(rows.some((row) => row.username === 'eve')).toBe(false)
  })

  it.each([
    ['a million letters', 'x'.repeat(1_000_000), 400],
    ['more than a request may have', 'x'.repeat(12_000_000), 413],
  ])('survive %s', async (_, name, status) => {
    const { cookie } = member
    const profile = { name, username: 'long', bio: '' }
    const answer = await postForm(app, '/settings/profile?/profile', profile, { cookie })
    expect(answer.status).toBe(status)
    expect(await isSignedIn(cookie)).toBe(true)
  })

  it('show hostile words as words', async () => {
    const { cookie, username } = member
    const name = '<img src=x onerror=alert(1)>'
    const bio = '</textarea><script>alert(1)</script>'
    const profile = { name, username, bio }
    expect((await postForm(app, '/settings/profile?/profile', profile, { cookie })).status).toBe(200)
    const html = await (await get('/settings/profile', { cookie })).text()
    expect(html).not.toContain('<img src=x')
    expect(html).not.toContain('<script>alert')
  })
})

describe('a picture', () => {
  const upload = (cookie: string, bytes: Buffer, name: string) => {
    const form = new FormData()
    form.append('avatar', new File([new Uint8Array(bytes)], name, { type: 'text/html' }))
    return fetch(`${app.url}/settings/profile?/picture`, {
      method: 'POST',
      body: form,
      headers: { cookie, origin: app.url, accept: 'text/html' },
    })
  }

  it('is served as what it is, once', async () => {
    const { cookie, username } = member
    expect((await get(`/avatar/${username}`)).status).toBe(404)
    expect((await upload(cookie, PNG, 'me.html')).status).toBe(200)
    const page = await (await get('/settings/profile', { cookie })).text()
    const [src = ''] = /\/avatar\/[\w?=-]+/.exec(page) ?? []
    const answer = await get(src)
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'public, max-age=31536000, immutable',
    })
    expect(Buffer.from(await answer.arrayBuffer()).equals(PNG)).toBe(true)
    const again = await get(`/avatar/${username}`, { 'if-none-match': answer.headers.get('etag') ?? '' })
    expect([again.status, again.headers.get('cache-control')]).toEqual([304, 'public, no-cache'])
  })

  it('is not a page that calls itself one', async () => {
    const { ownerCookie: cookie } = scene
    const answer = await upload(cookie, Buffer.from('<svg onload="alert(1)"/>'), 'me.png')
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('This is not a PNG, JPEG, WebP or GIF picture.')
    expect((await get(`/avatar/${OWNER.username}`)).status).toBe(404)
  })
})

describe('in a browser', () => {
  it('settings work without scripts, and keep what was typed', async () => {
    const { username, email, password } = await signUp()
    const { page } = await visit(scene.browser, { javaScriptEnabled: false })
    await page.goto(`${app.url}/settings/profile`)
    await page.getByLabel('Mail address').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${app.url}/settings/profile`)

    await page.getByLabel('Name', { exact: true }).fill('Bea B.')
    await page.getByLabel('Username').fill('bookings')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('This username is kept for pages of the product').waitFor()
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Bea B.')
    expect(await page.getByLabel('Username').inputValue()).toBe('bookings')

    await page.getByLabel('Username').fill(`${username}-new`)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved').waitFor()
    await page.goto(`${app.url}/settings/general`)
    await page.getByLabel('Language', { exact: true }).selectOption('de')
    await page.getByRole('button', { name: 'Save' }).first().click()
    await page.getByText('Gespeichert').waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('de')
    await page.getByText(`/${username}-new`).first().waitFor()
    await page.getByRole('button', { name: 'Abmelden' }).first().click()
    await page.waitForURL(`${app.url}/`)
  })

  for (const [width, colorScheme] of [
    [1280, 'light'],
    [390, 'dark'],
  ] as const) {
    it(`a pair of colours is judged while it is chosen, and pages take it, ${width} px`, async () => {
      const { page } = await visitAsOwner(scene, { colorScheme, viewport: { width, height: 900 } })
      await openDashboard(scene, page, '/settings/appearance')
      const light = page.locator('[name=brandColor]')
      const dark = page.locator('[name=brandColorDark]')
      await light.fill('#ffd400')
      await page.getByText(/On light: 1[.,]4 : 1/).waitFor()
      await page.getByText(/On dark: 1\d[.,]\d : 1/).waitFor()
      await dark.fill('#0d4f8b')
      await page.getByText(/On dark: 2[.,]\d : 1\. Too little for text/).waitFor()
      await page.getByText(/On light: 1[.,]4 : 1/).waitFor()
      expect(await accessibilityFaults(page)).toEqual([])
      await picture(page, `brand-colours-${width}-${colorScheme}`)
      await dark.fill('blue')
      await page.getByText(/On dark: 1\d[.,]\d : 1/).waitFor()
      await dark.fill('#ffcc88')
      await page.getByRole('button', { name: 'Save' }).first().click()
      await page.getByText('Saved').waitFor()
      await page.reload()
      expect([await light.inputValue(), await dark.inputValue()]).toEqual(['#ffd400', '#ffcc88'])
      const style = `--accent-dark:#ffcc88;`
      const seen = await visit(scene.browser)
      await seen.page.goto(`${app.url}/${OWNER.username}`)
      expect(await seen.page.locator('[data-accent]').first().getAttribute('style')).toContain(style)
      await light.fill('')
      await dark.fill('')
      await page.getByRole('button', { name: 'Save' }).first().click()
      await page.getByText('Saved').waitFor()
      await seen.page.reload()
      expect((await seen.page.locator('[data-accent]').first().getAttribute('style')) ?? '').toBe('')
    })
  }

  it('a theme is taken at once', async () => {
    const { page } = await visitAsOwner(scene)
    await page.goto(`${app.url}/settings/appearance`)
    const own = page.getByRole('group', { name: 'Theme', exact: true })
    const save = page.getByRole('button', { name: 'Save' }).first()
    await own.getByRole('radio', { name: 'Dark' }).check()
    await save.click()
    await page.getByText('Saved').waitFor()
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
    await page.reload()
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
    await own.getByRole('radio', { name: 'As the device' }).check()
    await save.click()
    await page.getByText('Saved').waitFor()
  })

  it('a new password signs the other devices out', async () => {
    const { email, password, cookie } = await signUp()
    const { page } = await visit(scene.browser)
    await page.goto(`${app.url}/auth/sign-in?next=/settings/security`)
    await page.getByLabel('Mail address').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('This device').waitFor()
    const form = page.locator('form[action="?/password"]')
    await form.getByLabel('Current password').fill(password)
    await form.getByLabel('New password').fill('another otter 43')
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('Changed. Other devices are signed out.').waitFor()
    expect(await isSignedIn(cookie)).toBe(false)
    expect((await postForm(app, '/auth/sign-in', { email, password })).status).toBe(401)
  })

  it('a key is shown once and can be taken back', async () => {
    const { page } = await visitAsOwner(scene)
    await openDashboard(scene, page, '/settings/security')
    await page.getByLabel('What is it for?').fill('Website')
    await page.getByRole('button', { name: 'Create key' }).click()
    const key = await page.getByText(/^sun_[\w-]{43}$/).textContent()
    await page.reload()
    expect(await page.content()).not.toContain(key)
    await page.getByText('Revoke Website').locator('..').click()
    await page.getByRole('button', { name: 'Revoke for good Website' }).click()
    await page.getByText('There are no keys yet.').waitFor()
  })

  it('a key is for what was ticked, and gets another secret', async () => {
    const { page } = await visitAsOwner(scene)
    await openDashboard(scene, page, '/settings/security')
    const shown = page.getByText(/^sun_[\w-]{43}$/)
    const me = async (key: string | null, method = 'GET') =>
      (await fetch(`${app.url}/v2/me`, { method, headers: { authorization: `Bearer ${key}` } })).status
    await page.getByLabel('What is it for?').fill('Reader')
    expect(await page.getByRole('checkbox', { name: 'Profile: read' }).isVisible()).toBe(false)
    await page.getByRole('radio', { name: 'Only what is ticked' }).check()
    await page.getByRole('button', { name: 'Create key' }).click()
    await page.getByText('Tick at least one thing the key is for.').waitFor()
    await page.getByRole('checkbox', { name: 'Profile: read' }).check()
    expect(await accessibilityFaults(page)).toEqual([])
    await picture(page, 'key-scopes')
    await page.getByRole('button', { name: 'Create key' }).click()
    const first = await shown.textContent()
    expect([await me(first), await me(first, 'PATCH')]).toEqual([200, 403])
    await page.getByText('Profile: read', { exact: true }).first().waitFor()
    await page.getByText('New secret for Reader').locator('..').click()
    await page.getByRole('button', { name: 'Replace it now Reader' }).click()
    await page.getByText(String(first)).waitFor({ state: 'detached' })
    const second = await shown.textContent()
    expect([await me(first), await me(second), await me(second, 'PATCH')]).toEqual([401, 200, 403])
    expect(await page.getByRole('button', { name: 'Replace it now Reader' }).isVisible()).toBe(false)
    await picture(page, 'key-made')
    await page.setViewportSize({ width: 390, height: 900 })
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.getByRole('radio', { name: 'Only what is ticked' }).check()
    await picture(page, 'key-made-390-dark')
    await page.getByText('Revoke Reader').locator('..').click()
    await page.getByRole('button', { name: 'Revoke for good Reader' }).click()
    await page.getByText('There are no keys yet.').waitFor()
  })

  it('the user menu copies the own link and signs out, by keyboard alone', async () => {
    const { email, password, username } = await signUp()
    const { page } = await visit(scene.browser, { permissions: ['clipboard-read', 'clipboard-write'] })
    await page.goto(`${app.url}/auth/sign-in?next=/settings/profile`)
    await page.keyboard.press('Tab')
    await page.getByLabel('Mail address').focus()
    await page.keyboard.type(email)
    await page.keyboard.press('Tab')
    await page.keyboard.type(password)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Profile' }).waitFor()
    // The menu opens by script: let the page's arrive.
    await page.waitForLoadState('networkidle')
    await page.keyboard.press('Tab')
    expect(await focusedText(page)).toBe('Skip to content')
    await page.keyboard.press('Enter')
    expect(new URL(page.url()).hash).toBe('#main')
    const menu = page.getByRole('button', { name: `Bea Person ${email}` })
    await menu.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Copy link' }).press('Enter')
    await page.getByText('Copied').first().waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${app.url}/${username}`)
    await menu.press('Enter')
    await page.getByRole('menuitem', { name: 'Sign out' }).press('Enter')
    await page.waitForURL(`${app.url}/`)
  })

  it.each([
    ['light', 1280, 'en-GB'],
    ['dark', 1280, 'en-GB'],
    ['light', 390, 'en-GB'],
    ['dark', 390, 'de-DE'],
    ['light', 320, 'de-DE'],
  ] as const)('every page is accessible in %s at %i pixels in %s', async (colorScheme, width, locale) => {
    const { email, password } = member
    const { page } = await visit(scene.browser, {
      ...{ colorScheme, locale, viewport: { width, height: 800 }, reducedMotion: 'reduce' },
    })
    for (const path of ['/', '/auth/sign-in', '/auth/sign-up', '/nothing/is/here/at/all']) {
      await judge(page, path, `${colorScheme}-${width}`)
    }
    await page.goto(`${app.url}/auth/sign-in`)
    await page.locator('[name=email]').fill(email)
    await page.locator('[name=password]').fill(password)
    await page.locator('button[type=submit]').click()
    await page.waitForURL('**/getting-started/profile')
    if (locale === 'de-DE') {
      await app.db.updateTable('users').set({ locale: 'de' }).where('email', '=', email).execute()
    }
    for (const path of ['/settings/profile', '/settings/appearance', '/settings/security', '/bookings/detail/nobody']) {
      await judge(page, path, `${colorScheme}-${width}`)
    }
  })
})

function focusedText(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.textContent?.trim())
}

async function judge(page: Page, path: string, name: string): Promise<void> {
  await page.goto(app.url + path)
  await page.waitForLoadState('networkidle')
  await expectGoodLooksAsIs(page, `account${path.replaceAll('/', '-')}-${name}`)
}

describe('a fresh instance', () => {
  it('is set up in a browser by the link, once', async () => {
    const fresh = await startApp()
    const { page, context } = await visit(scene.browser, { timezoneId: 'Europe/Vienna', locale: 'de-AT' })
    try {
      await page.goto(fresh.url)
      await page.getByText('Diese Instanz gehört noch niemandem.').waitFor()
      await page.goto(`${fresh.url}/setup/${'x'.repeat(43)}`)
      await page.getByText('Dieser Einrichtungslink ist nicht der neueste.').waitFor()

      await page.goto(fresh.setUpUrl)
      await page.waitForLoadState('networkidle')
      await expectGoodLooks(page, 'setup')
      await page.getByLabel('Name', { exact: true }).fill('Zoë Müller')
      expect(await page.getByLabel('Benutzername').inputValue()).toBe('zoe-muller')
      await page.getByLabel('Mailadresse').fill('zoe@example.org')
      await page.getByLabel('Passwort').fill('password123')
      await page.getByRole('button', { name: 'Einrichten' }).click()
      await page.getByText('Dieses Passwort wird als eines der ersten geraten.').waitFor()
      await expectGoodLooks(page, 'setup-refused')
      expect(await page.getByLabel('Benutzername').inputValue()).toBe('zoe-muller')
      await page.getByLabel('Passwort').fill('ein stiller otter')
      await page.getByRole('button', { name: 'Einrichten' }).click()
      await page.waitForURL('**/getting-started/profile')
      expect(await fresh.db.selectFrom('users').selectAll().execute()).toMatchObject([
        { role: 'owner', locale: 'de', time_zone: 'Europe/Vienna', hour_cycle: 'h23', week_start: 1 },
      ])
      expect(await fresh.db.selectFrom('schedules').select('time_zone').execute()).toEqual([
        { time_zone: 'Europe/Vienna' },
      ])
      const answer = await page.goto(fresh.setUpUrl)
      expect(answer?.status()).toBe(410)
    } finally {
      await context.close()
      await fresh.stop()
    }
  })

  it('behind TLS binds the cookie to its host, and believes no other origin', async () => {
    const secure = await startApp({ SUNDIAL_URL: 'https://book.example.org', SUNDIAL_TRUSTED_PROXIES: '1' })
    try {
      const path = new URL(secure.setUpUrl).pathname
      const person = { name: 'Ada', username: 'ada', email: 'ada@example.org', password: 'quiet otter 42' }
      const send = (origin: string) =>
        proxied(Number(new URL(secure.url).port), path, { ...person, timeZone: 'UTC' }, origin)
      expect((await send('https://evil.example')).status).toBe(403)
      expect((await send('http://book.example.org.evil.example')).status).toBe(403)
      const { status, cookies } = await send('https://book.example.org')
      expect(status).toBe(303)
      expect(cookies).toEqual([
        expect.stringMatching(
          /^__Host-sundial_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
        ),
      ])
    } finally {
      await secure.stop()
    }
  })
})

/** As a proxy in front passes a form on. */
function proxied(
  port: number,
  path: string,
  fields: Record<string, string>,
  origin: string,
): Promise<{ status: number; cookies: string[] }> {
  const headers = {
    ...{ host: 'book.example.org', origin, accept: 'text/html', 'x-forwarded-proto': 'https' },
    ...{ 'x-forwarded-for': '198.51.100.7', 'content-type': 'application/x-www-form-urlencoded' },
  }
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers }, (answer) => {
      answer.resume()
      resolve({ status: answer.statusCode ?? 0, cookies: answer.headers['set-cookie'] ?? [] })
    })
    sent.once('error', reject)
    sent.end(new URLSearchParams(fields).toString())
  })
}
