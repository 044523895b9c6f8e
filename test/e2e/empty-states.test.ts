import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import {
  accessibilityFaults,
  openDashboard,
  picture,
  postForm,
  sidewaysScroll,
  useScene,
  visit,
  visitAsOwner,
} from './scene.ts'

const scene = useScene()
/** Of somebody who has just signed up and has nothing but the hours that everybody begins with. */
let cookie: string
beforeAll(async () => {
  const { app } = scene
  const person = { name: 'Bea Person', username: 'bea', email: 'bea@example.org', password: 'quiet otter 42' }
  const answer = await postForm(app, '/auth/sign-up', { ...person, timeZone: 'Asia/Tokyo' })
  cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  await app.db.updateTable('users').set({ getting_started: null }).where('username', '=', 'bea').execute()
})

const LOOKS: [colorScheme: 'light' | 'dark', width: number][] = [
  ['light', 1280],
  ['dark', 390],
]

interface Empty {
  /** Heading. */
  says: string
  /** A link or button that leads on, or the field where the first one is written. */
  act?: string
  field?: string
}

/** Every list of the dashboard: what it says while there is nothing in it, and what is offered to do about that. */
const LISTS: Record<string, Empty> = {
  home: { says: 'Say what can be booked', act: 'Create an event type' },
  'bookings/upcoming': { says: 'Nothing is booked yet', act: 'To your event types' },
  'bookings/unconfirmed': { says: 'No request waits for you', act: 'Choose event types to confirm' },
  'bookings/recurring': { says: 'No series is ahead', act: 'Let an event type recur' },
  'bookings/past': { says: 'Nothing lies behind you yet', act: 'Look at what is coming' },
  'bookings/cancelled': { says: 'Nothing was cancelled', act: 'Look at what is coming' },
  'bookings/all': { says: 'Nothing has been booked yet', act: 'To your event types' },
  'bookings/new': { says: 'You have no event type yet that could be booked.', act: 'To your event types' },
  'bookings/blocked': { says: 'Nobody is blocked', field: 'value' },
  'bookings/presets': { says: 'No texts yet', field: 'text' },
  contacts: { says: 'No contacts yet', act: 'To your event types' },
  'event-types': { says: 'Create your first event type', field: 'title' },
  'availability/month': { says: 'No event type yet', act: 'To the event types' },
  'availability/away': { says: 'No absence ahead', act: 'Add an absence' },
  'availability/travel': { says: 'Add a trip', field: 'firstDate' },
  'settings/webhooks': { says: 'No webhooks yet', act: 'New webhook' },
}

async function asNewcomer([colorScheme, width]: (typeof LOOKS)[number]): Promise<Page> {
  const { page, context } = await visit(scene.browser, {
    ...{ colorScheme, timezoneId: 'Asia/Tokyo' },
    viewport: { width, height: 900 },
  })
  const [name = '', value = ''] = cookie.split('=')
  await context.addCookies([{ name, value, url: scene.app.url }])
  return page
}

it.each(LOOKS)('every list of a new account says what to do, %s %i', { timeout: 180_000 }, async (...look) => {
  const page = await asNewcomer(look)
  const found: [string, boolean, boolean, string[], number][] = []
  const wanted: typeof found = []
  for (const [path, { says, act, field }] of Object.entries(LISTS)) {
    await openDashboard(scene, page, `/${path}`)
    const main = page.locator('main')
    const heading = main.getByRole('heading', { name: says, exact: true })
    const acts = main.getByRole('link', { name: act }).or(main.getByRole('button', { name: act }))
    const way = field === undefined ? acts : main.locator(`form [name="${field}"]`)
    await picture(page, `empty-${path.replace('/', '-')}-${look.join('-')}`)
    found.push([
      ...([path, await heading.isVisible(), await way.first().isVisible()] as const),
      ...([await accessibilityFaults(page), await sidewaysScroll(page)] as const),
    ])
    wanted.push([path, true, true, [], 0])
  }
  expect(found).toEqual(wanted)
})

it.each(LOOKS)('what waits to be sent says that nothing does, to who runs the instance, %s %i', async (...look) => {
  const [colorScheme, width] = look
  const { page } = await visitAsOwner(scene, { colorScheme, viewport: { width, height: 900 } })
  await openDashboard(scene, page, '/settings/deliveries')
  await page.getByRole('heading', { name: 'Nothing waits', exact: true }).waitFor()
  expect([await accessibilityFaults(page), await sidewaysScroll(page)]).toEqual([[], 0])
  await picture(page, `empty-settings-deliveries-${look.join('-')}`)
})

it('the way on from each of them leads to a page that is there', async () => {
  const page = await asNewcomer(['light', 1280])
  for (const [path, { act }] of Object.entries(LISTS)) {
    if (act === undefined) continue
    await openDashboard(scene, page, `/${path}`)
    const link = page.locator('main').getByRole('link', { name: act }).first()
    const href = await link.getAttribute('href')
    const answer = await fetch(new URL(href ?? '', page.url()), { headers: { cookie, accept: 'text/html' } })
    expect([path, href, answer.status]).toEqual([path, href, 200])
  }
})
