import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { LOCALES } from '#platform/i18n/locale.ts'
import { DASHBOARD, isDashboard } from './dashboard-paths.ts'
import { offlinePage } from './offline-page.ts'

it('the pages of hosts are those in the folder of hosts’ pages', () => {
  const folder = new URL('../routes/(app)/', import.meta.url)
  const roots = readdirSync(folder, { withFileTypes: true })
    .filter((one) => one.isDirectory())
    .map(({ name }) => name)
    .filter((name) => readdirSync(new URL(`${name}/`, folder), { recursive: true, encoding: 'utf8' }).some(isPage))
  expect([...DASHBOARD].sort()).toEqual(roots.sort())
})
const isPage = (file: string) => /(^|\/)\+page(@[^/]*)?(\.server)?\.(svelte|ts)$/.test(file.replaceAll('\\', '/'))

it.each([
  ['/home', true],
  ['/bookings/detail/abc', true],
  ['/event-types', true],
  ['/', false],
  ['/booking/abc', false],
  ['/ada', false],
  ['/ada/home', false],
  ['/homer', false],
  ['//home', false],
])('%s is a page of hosts: %s', (path, own) => {
  expect(isDashboard(path)).toBe(own)
})

it.each(LOCALES)(
  'the page without a network says so in %s, asks for itself again, and needs nothing',
  async (locale) => {
    const page = offlinePage(locale)
    const html = await page.text()
    expect([page.status, page.headers.get('cache-control')]).toEqual([503, 'no-store'])
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(html).toContain(`<html lang="${locale}"`)
    expect(html.match(/href="[^"]*"/g)).toEqual(['href=""'])
    expect(html).not.toMatch(/<script|src=|@import|url\(|undefined/)
  },
)
