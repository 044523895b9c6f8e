import { describe, expect, it } from 'vitest'
import type { PreferredHours } from '#features/event-types/types.ts'
import {
  accessibilityFaults,
  freeStarts,
  offer,
  openDashboard,
  ownOffer,
  picture,
  sidewaysScroll,
  untilLive,
  useScene,
  visit,
  visitAsOwner,
} from './scene.ts'

const scene = useScene()

/** From 9 to 11 h, of days that have times from 8 to 20 h. */
const MORNINGS: PreferredHours['weekly'] = [{ days: [0, 1, 2, 3, 4, 5, 6], start: 540, end: 660 }]
const preferring = (show: PreferredHours['show']) =>
  offer(scene, {
    durations: [60],
    options: {
      preferred: { weekly: MORNINGS, show },
      layouts: { enabled: ['month', 'week', 'column'], default: 'month' },
    },
  })
const berlin = { timezoneId: 'Europe/Berlin' }

/** A day far enough ahead to be free as a whole. */
async function wholeDay(path: string): Promise<string> {
  const starts = await freeStarts(scene.app, path, 60)
  return new Date(Number(starts[40])).toISOString().slice(0, 10)
}

describe('times that the host prefers', () => {
  it('carry a mark that can be read, in every layout, with and without scripts', async () => {
    const { path, hostName } = await preferring('mark')
    const day = await wholeDay(path)
    for (const javaScriptEnabled of [true, false]) {
      const { page, context } = await visit(scene.browser, { ...berlin, javaScriptEnabled })
      await page.goto(`${scene.app.url + path}?date=${day}&cal.tz=Europe/Berlin`)
      if (javaScriptEnabled) await untilLive(page)
      await page.getByText(`Preferred by ${hostName}`, { exact: true }).first().waitFor()
      expect(await page.locator('[data-start]').count()).toBe(12)
      const names = await page.getByRole('link', { name: `Preferred by ${hostName}` }).allInnerTexts()
      expect(names.map((name) => name.trim().slice(0, 5))).toEqual(['09:00', '10:00'])
      await picture(page, `preferred-mark-${javaScriptEnabled}`)
      for (const layout of ['Week', 'List']) {
        await page.getByRole('link', { name: layout, exact: true }).click()
        await page.locator(`section.${layout === 'Week' ? 'week' : 'column'}`).waitFor()
        const liked = page.locator('.liked [data-start], [data-start]:has(.liked)')
        await expect.poll(() => liked.count()).toBeGreaterThanOrEqual(2)
        expect(await page.locator('[data-start]').count()).toBeGreaterThan(await liked.count())
        await picture(page, `preferred-${layout}-${javaScriptEnabled}`)
      }
      await context.close()
    }
  })

  it('come first where the host says so; the others are a click away', async () => {
    for (const [width, colorScheme, javaScriptEnabled] of [
      [1280, 'light', true],
      [390, 'dark', true],
      [390, 'light', false],
    ] as const) {
      // One of their own each: whoever opens the form holds a time.
      const { path } = await preferring('first')
      const day = await wholeDay(path)
      const options = { ...berlin, javaScriptEnabled, colorScheme, viewport: { width, height: 900 } }
      const { page, context } = await visit(scene.browser, options)
      await page.goto(`${scene.app.url + path}?date=${day}&cal.tz=Europe/Berlin`)
      const visible = () => page.locator('[data-start]').filter({ visible: true })
      expect(await visible().count()).toBe(2)
      if (javaScriptEnabled) expect(await accessibilityFaults(page)).toEqual([])
      await picture(page, `preferred-first-${width}-${colorScheme}-${javaScriptEnabled}`)
      await page.getByText('10 other times').click()
      await expect.poll(() => visible().count()).toBe(12)
      expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0)
      await visible().last().click()
      await page.locator('#details').waitFor()
      await context.close()
    }
  })

  it('are told with the times of a month, and change nothing about which there are', async () => {
    const { path } = await preferring('mark')
    const { path: plain } = await offer(scene, { durations: [60] })
    const month = (await wholeDay(path)).slice(0, 7)
    const answers = await Promise.all(
      [path, plain].map(async (of) => {
        const answer = await fetch(`${scene.app.url + of}/slots?month=${month}&duration=60&cal.tz=UTC`)
        return (await answer.json()) as { starts: number[]; preferred?: number[] }
      }),
    )
    const [told, usual] = answers
    expect(told?.starts.slice(1)).toEqual(usual?.starts.slice(1))
    expect(told?.preferred?.length).toBeGreaterThan(1)
    expect(usual && 'preferred' in usual).toBe(false)
  })
})

it('a host chooses the hours, and visitors see them', async () => {
  const path = await ownOffer(scene, { slug: 'mornings', durations: [60] })
  const { id } = await scene.app.db
    .selectFrom('event_types')
    .select('id')
    .where('slug', '=', 'mornings')
    .executeTakeFirstOrThrow()
  const { page } = await visitAsOwner(scene, { viewport: { width: 390, height: 900 } })
  await openDashboard(scene, page, `/event-types/${id}`)
  await page.getByRole('link', { name: 'All times are equal' }).click()
  await page.getByRole('switch', { name: 'Some times suit me better' }).click()
  await page.getByRole('radio', { name: 'Show them first' }).check()
  expect(await accessibilityFaults(page)).toEqual([])
  await picture(page, 'preferred-editor-390')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Event type saved').waitFor()
  await page.reload()
  expect(await page.getByRole('radio', { name: 'Show them first' }).isChecked()).toBe(true)
  await page.setViewportSize({ width: 1280, height: 900 })
  await picture(page, 'preferred-editor-1280')
  const starts = await fetch(`${scene.app.url + path}/slots?month=${nextMonth()}&duration=60&cal.tz=UTC`)
  expect(((await starts.json()) as { preferred?: number[] }).preferred?.length).toBeGreaterThan(10)
})

function nextMonth(): string {
  const now = new Date()
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)).toISOString().slice(0, 7)
}
