import { sql } from 'kysely'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { totpCode } from '#platform/totp.ts'
import {
  accessibilityFaults,
  expectGoodLooks,
  expectGoodLooksAsIs,
  mailsTo,
  picture,
  postForm,
  sidewaysScroll,
  useScene,
  visit,
} from './scene.ts'

const PASSWORD = 'quiet otter 42'
const ANOTHER = 'louder badger 43'
const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }

const scene = useScene()

let people = 0
async function signUp(): Promise<{ email: string; username: string }> {
  people++
  const username = `casey${people}`
  const email = `${username}@example.org`
  const person = { name: 'Casey Person', username, email, password: PASSWORD, timeZone: 'Europe/Berlin' }
  const answer = await postForm(scene.app, '/auth/sign-up', person)
  expect(answer.status).toBe(303)
  await scene.app.db.updateTable('users').set({ getting_started: null }).where('username', '=', username).execute()
  return { email, username }
}

async function linkIn(email: string, subject: RegExp): Promise<string> {
  for (let count = 1; ; count++) {
    const mails = await mailsTo(scene.app, email, count)
    const mail = mails.find((one) => subject.test(one.email.subject ?? ''))
    const link = /https?:\/\/\S+/.exec(mail?.email.text ?? '')?.[0]
    if (link) return link
  }
}

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto(`${scene.app.url}/auth/sign-in`)
  await page.getByLabel('Mail address').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

it.each([
  ['desktop', DESKTOP],
  ['phone', { ...PHONE, javaScriptEnabled: false }],
])('who forgot their password chooses another one by mail: %s', async (device, options) => {
  const { email } = await signUp()
  const { page } = await visit(scene.browser, options)
  await page.goto(`${scene.app.url}/auth/sign-in`)
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await page.getByRole('heading', { name: 'A new password' }).waitFor()
  await picture(page, `access-forgot-${device}`)
  await page.getByLabel('Mail address').fill(email.toUpperCase())
  await page.getByRole('button', { name: 'Send the link' }).click()
  await page.getByRole('heading', { name: 'Have a look at your mails' }).waitFor()
  await picture(page, `access-sent-${device}`)
  const link = await linkIn(email, /Choose a new password/)
  // A program that looks through mails does not use the link up.
  for (const method of ['GET', 'HEAD', 'GET']) expect((await fetch(link, { method })).status).toBe(200)
  await page.goto(link)
  await page.getByLabel('New password').fill('short word')
  await page.getByLabel('New password').fill(ANOTHER)
  await picture(page, `access-reset-${device}`)
  await page.getByRole('button', { name: 'Save the new password' }).click()
  await page.getByText('Your new password is set.').waitFor()
  await picture(page, `access-done-${device}`)
  await signIn(page, email, ANOTHER)
  await page.waitForURL('**/home')
  await page.goto(link)
  await page.getByRole('heading', { name: 'This link does not work any more' }).waitFor()
  if (device === 'desktop') await expectGoodLooksAsIs(page, 'access-gone')
})

it.each([
  ['desktop', DESKTOP],
  ['phone', { ...PHONE, javaScriptEnabled: false }],
])('a mailed link signs in instead of the password: %s', async (device, options) => {
  const { email } = await signUp()
  const { app } = scene
  await app.db.updateTable('users').set({ email_proven_at: sql`now()` }).where('email', '=', email).execute()
  const { page, context } = await visit(scene.browser, options)
  await page.goto(`${app.url}/auth/sign-in`)
  await picture(page, `link-sign-in-${device}`)
  await page.getByRole('link', { name: 'Mail me a link' }).click()
  await page.getByRole('heading', { name: 'Sign in by mail' }).waitFor()
  await picture(page, `link-ask-${device}`)
  await page.getByLabel('Mail address').fill(email.toUpperCase())
  await page.getByRole('button', { name: 'Send the link' }).click()
  await page.getByRole('heading', { name: 'Have a look at your mails' }).waitFor()
  const link = await linkIn(email, /Your link to sign in/)
  // A program that looks through mails does not use the link up.
  for (const method of ['GET', 'HEAD', 'GET']) expect((await fetch(link, { method })).status).toBe(200)
  // Nor does another site that sends its visitors there.
  const foreign = await fetch(link, { method: 'POST', headers: { origin: 'https://evil.example' }, body: '' })
  expect(foreign.status).toBe(403)
  await page.goto(link)
  await page.getByText(`You go on as ${email}.`).waitFor()
  await picture(page, `link-open-${device}`)
  if (device === 'desktop') expect(await accessibilityFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/home')
  await context.clearCookies()
  await page.goto(link)
  await page.getByRole('heading', { name: 'This link does not work any more' }).waitFor()
})

it.each(['/auth/forgot', '/auth/link'])('%s says the same of an address that nobody has', async (path) => {
  const { email } = await signUp()
  const words = async (address: string) => {
    const answer = await postForm(scene.app, path, { email: address })
    return [answer.status, (await answer.text()).replaceAll(address, '').replace(/nonce="[^"]*"/g, '').length]
  }
  expect(await words('nobody.has.this@example.org')).toEqual(await words(email))
})

it.each([
  ['desktop', DESKTOP],
  ['phone', PHONE],
])('the mail address changes once it is proven, and goes back: %s', async (device, options) => {
  const { email, username } = await signUp()
  const { page } = await visit(scene.browser, options)
  await signIn(page, email, PASSWORD)
  await page.waitForURL('**/home')
  await page.getByText(`Is ${email} your address?`).waitFor()
  await expectGoodLooksAsIs(page, `access-home-${device}`)
  await page.goto(await linkIn(email, /Confirm your mail address/))
  await expectGoodLooksAsIs(page, `access-proof-${device}`)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByText(`${email} is confirmed.`).waitFor()
  await page.goto(`${scene.app.url}/settings/security`)
  const form = page.locator('form[action="?/address"]')
  await form.getByLabel('New mail address').fill(`${username}.new@example.org`)
  await form.getByLabel('Current password').fill(PASSWORD)
  await form.getByRole('button', { name: 'Change address' }).click()
  await page.getByText('A link is on its way to the new address.').waitFor()
  await expectGoodLooksAsIs(page, `access-security-${device}`)
  await page.goto(await linkIn(`${username}.new@example.org`, /Confirm your new/))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByText(`${username}.new@example.org is confirmed.`).waitFor()
  const back = await linkIn(email, /was changed/)
  const other = await visit(scene.browser, options)
  await other.page.goto(back)
  await expectGoodLooksAsIs(other.page, `access-return-${device}`)
  await other.page.getByRole('button', { name: 'Take the account back' }).click()
  await other.page.getByLabel('New password').fill(ANOTHER)
  await other.page.getByRole('button', { name: 'Save the new password' }).click()
  await other.page.getByText('Your new password is set.').waitFor()
  await page.goto(`${scene.app.url}/home`)
  expect(page.url()).toContain('/auth/sign-in')
  await signIn(page, email, ANOTHER)
  await page.waitForURL('**/home')
})

it.each([
  ['desktop', DESKTOP],
  ['phone', { ...PHONE, javaScriptEnabled: false }],
])('sign-in asks for a second step once it is set up: %s', async (device, options) => {
  const { email } = await signUp()
  const { page, context } = await visit(scene.browser, options)
  await signIn(page, email, PASSWORD)
  await page.waitForURL('**/home')
  await page.goto(`${scene.app.url}/settings/security`)
  await page.getByRole('link', { name: 'Set up' }).click()
  await page.waitForURL('**/second-step')
  await page.getByLabel('Current password').fill(PASSWORD)
  await picture(page, `step-begin-${device}`)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('img', { name: 'QR code' }).waitFor()
  const secret = ((await page.locator('main code').first().textContent()) ?? '').replaceAll(' ', '')
  await page.getByLabel('Code of the app').fill('000000')
  await page.getByRole('button', { name: 'Turn on' }).click()
  await page.getByText('This code is not right').first().waitFor()
  await picture(page, `step-scan-${device}`)
  // The same secret is still on the page.
  expect(((await page.locator('main code').first().textContent()) ?? '').replaceAll(' ', '')).toBe(secret)
  await page.getByLabel('Code of the app').fill(totpCode(secret, Date.now()))
  await page.getByRole('button', { name: 'Turn on' }).click()
  await page.getByRole('heading', { name: 'Your backup codes' }).waitFor()
  await picture(page, `step-codes-${device}`)
  const codes = await page.locator('main li code').allTextContents()
  expect(codes).toHaveLength(10)
  if (device === 'desktop') expect(await accessibilityFaults(page)).toEqual([])
  expect(await sidewaysOf(page, device)).toBe(0)
  await context.clearCookies()
  await page.goto(`${scene.app.url}/auth/sign-in?next=%2Fsettings%2Fsecurity%2Fsecond-step`)
  await page.getByLabel('Mail address').fill(email)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'One more step' }).waitFor()
  // Not in yet.
  expect((await page.request.get(`${scene.app.url}/home`, { maxRedirects: 0 })).status()).toBe(303)
  await page.getByLabel('Code of the app, or a backup code').fill('123')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('This code is not right').first().waitFor()
  if (device === 'desktop') await expectGoodLooks(page, 'step-ask')
  else await picture(page, `step-ask-${device}`)
  await page.getByLabel('Code of the app, or a backup code').fill(codes[0] ?? '')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/settings/security/second-step')
  await page.getByText('9 backup codes are left.').waitFor()
  await picture(page, `step-on-${device}`)
  const off = page.locator('form[action="?/disable"]')
  await off.getByLabel('Current password').fill(PASSWORD)
  await off.getByLabel('Code of the app, or a backup code').fill(codes[1] ?? '')
  await off.getByRole('button', { name: 'Turn off' }).click()
  await page.getByText('The second step is turned off.').waitFor()
})

/** Without scripts the page cannot be asked. */
const sidewaysOf = (page: Page, device: string) => (device === 'desktop' ? sidewaysScroll(page) : Promise.resolve(0))
