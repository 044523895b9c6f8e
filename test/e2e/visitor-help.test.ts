import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accessibilityFaults,
  book,
  freeStarts,
  mailsTo,
  offer,
  openScene,
  picture,
  type Scene,
  sidewaysScroll,
  untilLive,
  visit,
} from './scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await openScene()
})
afterAll(() => scene?.stop())

describe('who has as many bookings as one may have', () => {
  for (const [javaScriptEnabled, width, colorScheme] of [
    [true, 1280, 'light'],
    [false, 390, 'dark'],
  ] as const) {
    it(`can have a link to move it mailed, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
      const { path } = await offer(scene, { options: { bookerLimit: { active: 1, offerMove: true } } })
      const email = `bo-${width}@example.net`
      const starts = await freeStarts(scene.app, path)
      const uid = await book(scene.app, path, Number(starts[30]), { email })
      await mailsTo(scene.app, email, 1)
      const options = { javaScriptEnabled, colorScheme, viewport: { width, height: 900 } }
      const { page, context, faults } = await visit(scene.browser, options)
      await page.goto(`${scene.app.url + path}?slot=${new Date(Number(starts[40])).toISOString()}`)
      if (javaScriptEnabled) await untilLive(page)
      await page.locator('[name=name]').fill('Bo Visitor')
      await page.locator('[name=email]').fill(email)
      await page.getByRole('button', { name: 'Book', exact: true }).click()
      await page.getByText('You already have a booking here.').waitFor()
      if (javaScriptEnabled) expect(await accessibilityFaults(page)).toEqual([])
      await picture(page, `limit-${width}-${colorScheme}`)
      await page.getByRole('button', { name: 'Mail me a link to move it' }).click()
      await page.getByText(`If bookings were made here with ${email}, a mail`).waitFor()
      expect(await page.locator('[name=name]').inputValue()).toBe('Bo Visitor')
      expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0)
      await picture(page, `limit-sent-${width}-${colorScheme}`)
      const mails = await mailsTo(scene.app, email, 2)
      const text = mails.map((mail) => mail.email.text ?? '').find((one) => one.includes('/reschedule/')) ?? ''
      const link = /\S+\/reschedule\/\S+/.exec(mails.at(-1)?.email.text ?? text)?.[0] ?? ''
      expect(link).toBe(`${scene.app.url}/reschedule/${uid}`)
      await page.goto(link)
      await page.locator('[data-start]').first().waitFor()
      expect(faults).toEqual([])
      await context.close()
    })
  }
})
