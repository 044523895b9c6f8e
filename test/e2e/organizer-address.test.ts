import type { BrowserContextOptions, Page } from 'playwright-core'
import { Temporal } from 'temporal-polyfill'
import { expect, it } from 'vitest'
import {
  accessibilityFaults,
  freeStarts,
  mailsTo,
  OWNER,
  openDashboard,
  ownOffer,
  picture,
  sendBooking,
  sidewaysScroll,
  useScene,
  visitAsOwner,
} from './scene.ts'

const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }

const scene = useScene()

async function codeIn(email: string): Promise<string> {
  const mails = await mailsTo(scene.app, email, 1)
  return /^(\d{6}) /.exec(mails.at(-1)?.email.subject ?? '')?.[1] ?? 'none'
}

async function looksRight(page: Page, scripted: boolean): Promise<void> {
  if (scripted) expect(await accessibilityFaults(page)).toEqual([])
  expect(await sidewaysScroll(page)).toBe(0)
}

it.each([
  ['desktop', DESKTOP as BrowserContextOptions],
  ['phone', { ...PHONE, javaScriptEnabled: false }],
])('a further address is proven by its code, and removed: %s', async (device, options) => {
  const email = `${device}@example.net`
  const { page } = await visitAsOwner(scene, options)
  const scripted = options.javaScriptEnabled ?? true
  if (scripted) await openDashboard(scene, page, '/settings/security')
  else await page.goto(`${scene.app.url}/settings/security`)
  await page.getByLabel('Another mail address').fill(OWNER.email)
  await page.getByRole('button', { name: 'Mail a code' }).click()
  await page.getByText('This is one of your addresses already.').first().waitFor()
  expect(await page.getByLabel('Another mail address').inputValue()).toBe(OWNER.email)
  expect(await page.getByLabel('New mail address').inputValue()).toBe('')
  await page.getByLabel('Another mail address').fill(email.toUpperCase())
  await page.getByRole('button', { name: 'Mail a code' }).click()
  const field = page.getByLabel(`Code mailed to ${email}`)
  await field.fill('12')
  await page.getByRole('button', { name: `Verify ${email}` }).click()
  await page.getByText('The code has six digits.').first().waitFor()
  expect(await field.inputValue()).toBe('12')
  await picture(page, `further address waits, ${device}`)
  await looksRight(page, scripted)
  await field.fill(await codeIn(email))
  await page.getByRole('button', { name: `Verify ${email}` }).click()
  await page.getByText(`${email} is one of your addresses now`).waitFor()
  await page.getByText('Not used by any event type').waitFor()
  await page.locator('summary', { hasText: `Remove ${email}` }).click()
  await picture(page, `further address, ${device}`)
  await looksRight(page, scripted)
  await page.getByRole('button', { name: `Remove it ${email}` }).click()
  await page.getByText(`${email} is no longer one of your addresses`).waitFor()
  expect(await page.getByText('Not used by any event type').count()).toBe(0)
})

it('an event type is offered under it: in mails and their calendars, until it is removed', async () => {
  const email = 'office@example.net'
  const slug = 'counsel'
  const path = await ownOffer(scene, { slug, title: 'Counsel' })
  const row = { user_id: scene.ownerId, email, verified_at: Temporal.Now.instant() }
  await scene.app.db.insertInto('verified_emails').values(row).execute()
  const { id } = await scene.app.db
    .selectFrom('event_types')
    .select('id')
    .where('slug', '=', slug)
    .where('user_id', '=', scene.ownerId)
    .executeTakeFirstOrThrow()
  const { page } = await visitAsOwner(scene, DESKTOP)
  await openDashboard(scene, page, `/event-types/${id}`)
  await page.getByPlaceholder('Search the settings').fill('organizer')
  const choice = page.getByLabel('Organizer address')
  await choice.selectOption({ label: email })
  await picture(page, 'organizer address of an event type')
  expect(await accessibilityFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Save' }).click()
  await expect
    .poll(
      async () => (await scene.app.db.selectFrom('event_types').select('options').where('id', '=', id).execute())[0],
    )
    .toMatchObject({ options: { organizerEmailId: expect.any(Number) } })

  const [start = 0] = await freeStarts(scene.app, path)
  expect((await sendBooking(scene.app, path, start)).status).toBe(303)
  const [toHost] = await mailsTo(scene.app, email, 1)
  expect(toHost?.raw).toContain(`To: ${OWNER.name} <${email}>`)
  const [toBooker] = await mailsTo(scene.app, 'bo@example.net', 1)
  expect(toBooker?.email.replyTo?.[0]?.address).toBe(email)
  expect(JSON.stringify(toBooker)).not.toContain(OWNER.email)

  await openDashboard(scene, page, '/settings/security')
  await page.getByText('Used by Counsel').waitFor()
  await page.locator('summary', { hasText: `Remove ${email}` }).click()
  await page.getByRole('button', { name: `Remove it ${email}` }).click()
  await page.getByText(`What used it shows ${OWNER.email} again.`).waitFor()
  await openDashboard(scene, page, `/event-types/${id}`)
  await page.getByPlaceholder('Search the settings').fill('organizer')
  await page.getByText('The address that was chosen here is no longer yours.').waitFor()
  await picture(page, 'organizer address that is gone')
  expect(await accessibilityFaults(page)).toEqual([])
})
