import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import {
  accessibilityFaults,
  offer,
  openDashboard,
  picture,
  sidewaysScroll,
  useScene,
  visit,
  visitAsOwner,
} from './scene.ts'

const scene = useScene()

beforeAll(async () => {
  await fill(scene.ownerId)
})

/** 120 event types in the order of their numbers, which their titles begin with. */
async function fill(userId: number): Promise<void> {
  await sql`delete from event_types where user_id = ${userId}`.execute(scene.app.db)
  await sql`insert into event_types (user_id, slug, title, durations, position)
    select ${userId}::int8, 'talk-' || n, lpad(n::text, 3, '0') || ' Talk', '{30}', n from generate_series(1, 120) n`.execute(
    scene.app.db,
  )
}

const titleAt = async (position: number) => {
  const { rows } = await sql<{ title: string }>`select title from event_types
    where user_id = ${scene.ownerId} order by position, id offset ${position - 1} limit 1`.execute(scene.app.db)
  return rows[0]?.title
}

it('a long list of event types is paged, searched and ordered across its pages', async () => {
  const { page, context } = await visitAsOwner(scene)
  await openDashboard(scene, page, '/event-types')
  await page.getByText('1 to 50 of 120').waitFor()
  await picture(page, 'event-types-paged')
  await page.getByRole('link', { name: 'Next page' }).click()
  await page.getByText('51 to 100 of 120').waitFor()

  // By keyboard over the edge, which it takes the focus along.
  const handle = page.getByRole('button', { name: 'Move 051 Talk: drag, or use the arrow keys' })
  await handle.focus()
  await page.keyboard.press('ArrowUp')
  await page.getByText('1 to 50 of 120').waitFor()
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label')?.includes('051 Talk'))
  expect(await titleAt(50)).toBe('051 Talk')
  await page.keyboard.press('ArrowDown')
  await page.getByText('51 to 100 of 120').waitFor()
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label')?.includes('051 Talk'))
  expect(await titleAt(51)).toBe('051 Talk')

  await page.getByRole('button', { name: 'Actions for 060 Talk' }).click()
  await page.getByRole('menuitem', { name: 'Move to the beginning' }).click()
  await page.getByText('060 Talk is now at place 1 of 120').first().waitFor()
  expect(await titleAt(1)).toBe('060 Talk')

  await page.getByRole('searchbox').fill('talk-11')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: '119 Talk', exact: true }).waitFor()
  expect(await page.locator('article').count()).toBe(11)
  // What was found does not lie next to each other, so nothing is dragged.
  expect(await page.getByRole('button', { name: /^Move / }).count()).toBe(0)
  expect(await accessibilityFaults(page)).toEqual([])
  await page.goto(`${scene.app.url}/event-types?q=nowhere`)
  await page.getByText('No event type has all of these words.').waitFor()
  await page.goto(`${scene.app.url}/event-types?page=77`)
  await page.getByText('1 to 50 of 120').waitFor()
  await context.close()
  await fill(scene.ownerId)
})

it('without scripts it has the same pages, and places are chosen', async () => {
  const { page, context } = await visitAsOwner(scene, {
    javaScriptEnabled: false,
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
  })
  await page.goto(`${scene.app.url}/event-types`)
  await page.getByRole('link', { name: 'Next page' }).click()
  await page.getByText('51 to 100 of 120').waitFor()
  const row = page.locator('li', { has: page.getByRole('link', { name: '070 Talk', exact: true }) })
  await row.getByRole('combobox').selectOption('last')
  await row.getByRole('button', { name: 'Move', exact: true }).click()
  // It is the same page, without what was moved.
  await page.getByText('51 to 100 of 120').waitFor()
  await page.getByRole('link', { name: '101 Talk', exact: true }).waitFor()
  expect(await titleAt(120)).toBe('070 Talk')
  await picture(page, 'event-types-paged-without-scripts')
  expect(await sidewaysScroll(page)).toBe(0)
  await context.close()
  await fill(scene.ownerId)
})

it('so is the public page of a host', async () => {
  const { path, hostId } = await offer(scene)
  const username = path.split('/')[1]
  await fill(hostId)
  for (const javaScriptEnabled of [true, false]) {
    const { page, context } = await visit(scene.browser, {
      javaScriptEnabled,
      viewport: { width: 390, height: 844 },
      colorScheme: javaScriptEnabled ? 'light' : 'dark',
    })
    await page.goto(`${scene.app.url}/${username}`)
    await page.getByText('1 to 50 of 120').waitFor()
    await picture(page, `profile-paged-${javaScriptEnabled}`)
    expect([await page.locator('h3').count(), await sidewaysScroll(page)]).toEqual([50, 0])
    await page.getByRole('link', { name: 'Next page' }).click()
    await page.getByText('51 to 100 of 120').waitFor()
    await page.getByRole('searchbox').fill('talk 119')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('link', { name: 'Show everything' }).waitFor()
    expect(await page.locator('h3').allInnerTexts()).toEqual(['119 Talk'])
    if (javaScriptEnabled) expect(await accessibilityFaults(page)).toEqual([])
    await context.close()
  }
})
