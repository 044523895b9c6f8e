import { beforeAll, expect, it } from 'vitest'
import { accessibilityFaults, openDashboard, ownOffer, picture, useScene, visit, visitAsOwner } from './scene.ts'

const scene = useScene()
let path: string
beforeAll(async () => {
  path = await ownOffer(scene, { slug: 'talk' })
})

interface Manifest {
  id: string
  name: string
  start_url: string
  display: string
  icons: { src: string; sizes: string; type: string; purpose: string }[]
  shortcuts: { name: string; url: string }[]
}

it('browsers find everything that they ask of an app to install', async () => {
  const { page, context } = await visitAsOwner(scene)
  await openDashboard(scene, page, '/home')
  const devtools = await context.newCDPSession(page)
  const { url, errors } = await devtools.send('Page.getAppManifest')
  expect([url, errors]).toEqual([`${scene.app.url}/manifest.webmanifest?lang=en`, []])
  // A window without a history is never offered an app, and that is the one thing missing here.
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors')
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((one) => one !== 'in-incognito')).toEqual([])

  const answer = await fetch(url)
  expect(answer.headers.get('content-type')).toBe('application/manifest+json')
  const manifest = (await answer.json()) as Manifest
  expect(manifest).toMatchObject({ id: '/home', start_url: '/home', display: 'standalone', name: 'Sundial' })
  expect(manifest.icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`)).toEqual([
    ...['192x192 any', '512x512 any', '192x192 maskable', '512x512 maskable'],
  ])
  for (const { src, sizes } of manifest.icons) {
    const drawn = await page.evaluate(async (file) => {
      const image = await createImageBitmap(await (await fetch(file)).blob())
      return `${image.width}x${image.height}`
    }, src)
    expect([src, drawn]).toEqual([src, sizes])
  }
  for (const { url: to } of manifest.shortcuts) expect((await page.request.get(scene.app.url + to)).status()).toBe(200)
  const german = (await (await fetch(`${scene.app.url}/manifest.webmanifest?lang=de`)).json()) as Manifest
  expect([german.id, german.shortcuts[0]?.name]).toEqual(['/home', 'Anstehende Buchungen'])
})

it('without a network a host reads what is the matter, and goes on once it is back', async () => {
  const { page, context } = await visitAsOwner(scene)
  await openDashboard(scene, page, '/home')
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await context.setOffline(true)
  await page.goto(`${scene.app.url}/bookings/upcoming`)
  await page.getByRole('heading', { name: 'No connection' }).waitFor()
  await picture(page, 'offline-1280')
  await page.setViewportSize({ width: 390, height: 800 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await picture(page, 'offline-390')
  await context.setOffline(false)
  expect(await accessibilityFaults(page)).toEqual([])
  await page.getByRole('link', { name: 'Try again' }).click()
  await page.getByRole('heading', { name: 'Bookings', level: 1 }).waitFor()

  await scene.app.db.updateTable('users').set({ locale: 'de' }).where('id', '=', scene.ownerId).execute()
  try {
    await openDashboard(scene, page, '/home')
    await page.waitForFunction(() => navigator.serviceWorker.controller?.scriptURL.endsWith('lang=de'))
    await context.setOffline(true)
    await page.goto(`${scene.app.url}/home`)
    await page.getByRole('heading', { name: 'Keine Verbindung' }).waitFor()
  } finally {
    await context.setOffline(false)
    await scene.app.db.updateTable('users').set({ locale: 'en' }).where('id', '=', scene.ownerId).execute()
  }
})

it('keeps scripts and styles, and never a page or data', async () => {
  const { page } = await visitAsOwner(scene)
  await openDashboard(scene, page, '/home')
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  for (const to of ['/bookings/upcoming', '/event-types', '/settings/profile', '/contacts']) {
    await openDashboard(scene, page, to)
  }
  await page.goto(`${scene.app.url}${path}`)
  await page.goto(`${scene.app.url}/search?q=ada`)
  await openDashboard(scene, page, '/home')
  const kept = await page.evaluate(async () => {
    const caching = await Promise.all((await caches.keys()).map((name) => caches.open(name)))
    return (await Promise.all(caching.map((cache) => cache.keys()))).flat().map(({ url }) => new URL(url).pathname)
  })
  expect(kept.length).toBeGreaterThan(5)
  expect(kept.filter((one) => !/^\/_app\/immutable\/.+\.(js|css)$/.test(one))).toEqual([])
})

it('says quietly that a new version is there', async () => {
  const { page } = await visitAsOwner(scene)
  await openDashboard(scene, page, '/home')
  await page.waitForLoadState('networkidle')
  await page.route('**/_app/version.json', (route) => route.fulfill({ json: { version: 'a later one' } }))
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })))
  await page.getByText('A new version of Sundial is here.').waitFor()
  await picture(page, 'updated')
  await page.unroute('**/_app/version.json')
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Reload' }).click()])
})

it('visitors get neither app nor worker', async () => {
  const { page } = await visit(scene.browser)
  for (const address of [path, '/ada', '/', '/auth/sign-in', '/my-bookings']) {
    await page.goto(scene.app.url + address)
    await page.waitForTimeout(1500)
    expect([address, await page.locator('link[rel="manifest"]').count()]).toEqual([address, 0])
  }
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0)
})
