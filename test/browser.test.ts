import { chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserPath } from './browser.ts'

let browser: Awaited<ReturnType<typeof chromium.launch>>

beforeAll(async () => {
  browser = await chromium.launch(await browserPath())
})
afterAll(() => browser?.close())

test('a page is rendered, scripted and laid out', async () => {
  const page = await browser.newPage({ viewport: { width: 320, height: 640 } })
  await page.setContent('<h1>Sundial</h1><script>document.querySelector("h1").append(", ", String(6 * 7))</script>')
  const title = page.getByRole('heading')
  expect(await title.textContent()).toBe('Sundial, 42')
  expect((await title.boundingBox())?.width).toBeGreaterThan(250)
  expect((await page.screenshot()).subarray(1, 4).toString()).toBe('PNG')
})
