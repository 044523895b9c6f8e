import type { Page } from 'playwright-core'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  accessibilityFaults,
  book,
  freeStarts,
  OWNER,
  openDashboard,
  ownOffer,
  picture,
  sidewaysScroll,
  useScene,
  type Visitor,
  visitAsOwner,
} from './scene.ts'

const scene = useScene()
let host: Visitor
let uid: string
beforeAll(async () => {
  const path = await ownOffer(scene, { slug: 'talk', title: 'A talk about engines' })
  uid = await book(scene.app, path, (await freeStarts(scene.app, path))[30] ?? 0, { name: 'Bo Visitor' })
})
beforeEach(async () => {
  host = await visitAsOwner(scene, { permissions: ['clipboard-read', 'clipboard-write'] })
})

const palette = (page: Page) => page.getByRole('dialog', { name: 'Search or go to' })
const input = (page: Page) => page.getByRole('combobox', { name: 'Search or go to' })
const options = (page: Page) => palette(page).getByRole('option')
/** What a screen reader says is chosen: the element that the field points to. */
const active = (page: Page) =>
  page.evaluate(() => {
    const field = document.querySelector('dialog[open] [role="combobox"]')
    return document.getElementById(field?.getAttribute('aria-activedescendant') ?? '')?.querySelector('.label')
      ?.textContent
  })
/** How often the server was asked to search. */
function countSearches(page: Page): () => string[] {
  const asked: string[] = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.pathname === '/search') asked.push(url.searchParams.get('q') ?? '')
  })
  return () => asked
}

describe('the palette', () => {
  it('leads to pages by keyboard alone, and remembers what was chosen', async () => {
    const { page } = host
    await openDashboard(scene, page, '/home')
    await page.keyboard.press('Control+k')
    await input(page).waitFor()
    expect(await active(page)).toBe('New event type')
    await page.keyboard.press('ArrowDown')
    expect(await active(page)).toBe('Book for somebody')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    expect(await active(page)).toBe(await options(page).last().locator('.label').textContent())
    await picture(page, 'palette-1280-light')
    await page.keyboard.type('avail')
    expect(await active(page)).toBe('Availability')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/availability')
    await palette(page).waitFor({ state: 'detached' })

    await page.keyboard.press('Control+k')
    await palette(page).getByRole('group', { name: 'Recent' }).getByRole('option', { name: 'Availability' }).waitFor()
    expect(await active(page)).toBe('Availability')
    await page.keyboard.press('Escape')
    await palette(page).waitFor({ state: 'detached' })
  })

  it('finds settings by other words, in the language of the reader', async () => {
    const { page } = host
    await openDashboard(scene, page, '/home')
    await page.getByRole('button', { name: 'Search everything' }).click()
    await page.keyboard.type('gdpr export')
    await options(page).filter({ hasText: 'Your data' }).waitFor()
    await scene.app.db.updateTable('users').set({ locale: 'de' }).where('id', '=', scene.ownerId).execute()
    try {
      await openDashboard(scene, page, '/home')
      await page.getByRole('button', { name: 'Überall suchen' }).click()
      await page.keyboard.type('dunkelmodus')
      await page.getByRole('option').filter({ hasText: 'Farbschema' }).first().waitFor()
      await picture(page, 'palette-de')
    } finally {
      await scene.app.db.updateTable('users').set({ locale: 'en' }).where('id', '=', scene.ownerId).execute()
    }
  })

  it('finds event types, contacts and bookings with one request for what was typed', async () => {
    const { page } = host
    await openDashboard(scene, page, '/home')
    const asked = countSearches(page)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('visitor', { delay: 20 })
    const contact = palette(page).getByRole('group', { name: 'Contacts' }).getByRole('option')
    await contact.filter({ hasText: 'Bo Visitor' }).waitFor()
    expect(asked()).toEqual(['visitor'])
    await palette(page).getByRole('group', { name: 'Bookings' }).getByRole('option').waitFor()
    await picture(page, 'palette-found')
    await input(page).fill('engines')
    await palette(page).getByRole('group', { name: 'Event types' }).getByRole('option').waitFor()
    await palette(page).getByRole('group', { name: 'Bookings' }).getByRole('option').click()
    await page.waitForURL(`**/bookings/detail/${uid}`)
    await page.keyboard.press('Control+k')
    await input(page).waitFor()
    const kept = await page.evaluate(() => JSON.stringify(localStorage))
    expect(kept).not.toMatch(/Bo|visitor|engines/i)
  })

  it('says that nothing was found, or that the search failed', async () => {
    const { page } = host
    await openDashboard(scene, page, '/home')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('qqqqzz')
    await page.getByText('Nothing fits “qqqqzz”').waitFor()
    await page.route('**/search?*', (route) => route.abort())
    await page.keyboard.type('z')
    await page.getByText('could not be searched').waitFor()
  })

  it('does what it is told', async () => {
    const { page } = host
    await openDashboard(scene, page, '/event-types')
    const tell = async (words: string) => {
      await page.keyboard.press('Control+k')
      await input(page).fill(words)
      await page.keyboard.press('Enter')
    }
    await tell('copy link')
    await page.getByText('Copied').first().waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${scene.app.url}/${OWNER.username}`)
    await tell('dark theme')
    await page.locator('html[data-theme="dark"]').waitFor()
    await tell('theme of the device')
    await page.locator('html[data-theme="system"]').waitFor()
    await tell('new event type')
    await page.getByRole('dialog', { name: 'New event type' }).waitFor()
    await page.keyboard.press('Escape')
    await tell('new event type')
    await page.getByRole('dialog', { name: 'New event type' }).waitFor()
    await page.keyboard.press('Escape')
    await tell('keyboard shortcuts')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  })

  for (const [colorScheme, width] of [
    ['light', 1280],
    ['dark', 390],
  ] as const) {
    it(`has nothing that axe objects to, ${colorScheme} on ${width} pixels`, async () => {
      const { page } = await visitAsOwner(scene, { colorScheme, viewport: { width, height: 800 } })
      await openDashboard(scene, page, '/home')
      await page.getByRole('button', { name: 'Search everything' }).click()
      await input(page).waitFor()
      await picture(page, `palette-open-${width}`)
      expect([await accessibilityFaults(page), await sidewaysScroll(page)]).toEqual([[], 0])
      await page.keyboard.type('bo')
      await palette(page).getByRole('group', { name: 'Contacts' }).waitFor()
      await picture(page, `palette-bo-${width}`)
      expect(await accessibilityFaults(page)).toEqual([])
      await page.keyboard.press('Escape')
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
      await picture(page, `keys-${width}`)
      expect([await accessibilityFaults(page), await sidewaysScroll(page)]).toEqual([[], 0])
    })
  }
})

describe('single keys', () => {
  it('lead to pages, but not while one types', async () => {
    const { page } = host
    await openDashboard(scene, page, '/home')
    for (const [keys, path] of [
      ['et', '/event-types'],
      ['as', '/availability'],
      ['rb', '/bookings/unconfirmed'],
      ['wh', '/settings/webhooks'],
      ['sp', '/settings/profile'],
    ] as const) {
      await page.keyboard.type(keys)
      await page.waitForURL(`**${path}`)
    }
    const name = page.getByLabel('Name', { exact: true })
    await name.focus()
    await page.keyboard.type('et?')
    expect([await name.inputValue(), page.url()]).toEqual([`${OWNER.name}et?`, `${scene.app.url}/settings/profile`])
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  it('do nothing once they are switched off; the search still opens', async () => {
    const { page } = host
    await openDashboard(scene, page, '/settings/general')
    await page.getByRole('switch', { name: 'Single keys lead to pages' }).uncheck()
    const keyboard = page.locator('#keyboard')
    await keyboard.getByRole('button', { name: 'Save' }).click()
    await keyboard.getByText('Saved').first().waitFor()
    await page.locator('h1').first().click()
    await page.keyboard.type('et?')
    await page.keyboard.press('Control+k')
    await input(page).waitFor()
    expect(page.url()).toContain('/settings/general')
    expect(await palette(page).locator('kbd').count()).toBe(0)
    await page.keyboard.type('keyboard shortcuts')
    await page.keyboard.press('Enter')
    await page.getByText('Single keys are switched off.').waitFor()
    await scene.app.db.updateTable('users').set({ shortcuts: true }).where('id', '=', scene.ownerId).execute()
  })
})
