import { expect, it } from 'vitest'
import {
  accessibilityFaults,
  counts,
  freeStarts,
  mailsTo,
  OWNER,
  offer,
  openDashboard,
  picture,
  sidewaysScroll,
  untilLive,
  useScene,
  visit,
  visitAsOwner,
} from './scene.ts'

/** Nobody books with the address of somebody who guards it; the setting, and what strangers see. */

const scene = useScene()

const ownRow = () => scene.app.db.updateTable('users').where('id', '=', scene.ownerId)
const LABEL = 'Ask for proof before somebody books with my address'

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with' : 'without'

  it(`is switched on in the settings ${how} JavaScript, which say when it does not count yet`, async () => {
    await ownRow().set({ email_guarded: false, email_proven_at: null }).execute()
    const { page } = await visitAsOwner(scene, { javaScriptEnabled })
    const open = () =>
      javaScriptEnabled
        ? openDashboard(scene, page, '/settings/general')
        : page.goto(`${scene.app.url}/settings/general`)
    await open()
    await page.getByText('Your address is not confirmed yet.').waitFor()
    await ownRow()
      .set({ email_proven_at: '2026-01-01T00:00:00Z' as never })
      .execute()
    await open()
    expect(await page.getByText('Your address is not confirmed yet.').count()).toBe(0)
    await page.getByRole('switch', { name: LABEL }).check()
    const form = page.locator('form').filter({ has: page.getByRole('switch', { name: LABEL }) })
    await form.getByRole('button', { name: 'Save' }).click()
    await form.getByText('Saved').first().waitFor()
    await open()
    expect(await page.getByRole('switch', { name: LABEL }).isChecked()).toBe(true)
    if (!javaScriptEnabled) return
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByRole('switch', { name: LABEL }).scrollIntoViewIfNeeded()
    await picture(page, 'guarded setting 1280')
    await page.setViewportSize({ width: 390, height: 844 })
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await sidewaysScroll(page)).toBe(0)
    expect(await accessibilityFaults(page)).toEqual([])
    await picture(page, 'guarded setting 390 dark')
  })

  it(`is asked of a stranger ${how} JavaScript, as booker and as guest, and nothing that was typed is lost`, async () => {
    await ownRow()
      .set({ email_guarded: true, email_proven_at: '2026-01-01T00:00:00Z' as never })
      .execute()
    const sent = scene.app.mail.mails.filter(({ envelope }) => envelope.to.includes(OWNER.email)).length
    const { path } = await offer(scene, { options: { guests: true } })
    const [start = 0] = await freeStarts(scene.app, path)
    const { page } = await visit(scene.browser, { javaScriptEnabled })
    await page.goto(`${scene.app.url}${path}?slot=${new Date(start).toISOString()}`)
    if (javaScriptEnabled) await untilLive(page)
    const submit = () => page.locator('#details footer .primary').click()
    const guests = page.locator(javaScriptEnabled ? '[name=guest]' : '[name=guests]')
    const { bookings } = await counts(scene.app)

    await page.getByLabel('Your name').fill('Eve')
    await page.getByLabel('Your mail address').fill('eve@example.net')
    await guests.fill(OWNER.email)
    await submit()
    await page.getByText(`${OWNER.email} only takes part in what its owner books.`).first().waitFor()
    expect(await guests.getAttribute('aria-invalid')).toBe('true')
    expect(await guests.inputValue()).toBe(OWNER.email)
    expect(await page.getByLabel('Code from the mail').count()).toBe(0)
    if (javaScriptEnabled) expect(await accessibilityFaults(page)).toEqual([])
    await picture(page, `guarded guest ${how}`)

    await guests.fill('')
    await page.getByLabel('Your mail address').fill(OWNER.email)
    await submit()
    await page.getByText(`We have mailed a six-digit code to ${OWNER.email}`).waitFor()
    expect(await page.getByLabel('Your name').inputValue()).toBe('Eve')
    expect(await counts(scene.app)).toMatchObject({ bookings })
    if (javaScriptEnabled) expect(await accessibilityFaults(page)).toEqual([])
    await picture(page, `guarded code ${how} 1280`)
    if (javaScriptEnabled) {
      await page.setViewportSize({ width: 390, height: 844 })
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await sidewaysScroll(page)).toBe(0)
      expect(await accessibilityFaults(page)).toEqual([])
      await picture(page, 'guarded code 390 dark')
    }
    const letter = (await mailsTo(scene.app, OWNER.email, sent + 1))[sent]
    const code = /^(\d{6})/.exec(letter?.email.subject ?? '')?.[1] ?? ''
    await page.getByLabel('Code from the mail').fill(code === '000000' ? '000001' : '000000')
    await submit()
    await page.getByText('This code is wrong').first().waitFor()
    await page.getByLabel('Code from the mail').fill(code)
    await submit()
    await page.waitForURL(/\/booking\//)
  })
}

it('asks nothing of its owner who is signed in', async () => {
  const { path } = await offer(scene)
  const [start = 0] = await freeStarts(scene.app, path)
  const { page } = await visitAsOwner(scene)
  await page.goto(`${scene.app.url}${path}?slot=${new Date(start).toISOString()}`)
  await untilLive(page)
  expect(await page.getByLabel('Your mail address').inputValue()).toBe(OWNER.email)
  await page.locator('#details footer .primary').click()
  await page.waitForURL(/\/booking\//)
})
