import type { BrowserContextOptions } from 'playwright-core'
import { Temporal } from 'temporal-polyfill'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  accessibilityFaults,
  book,
  freeStarts,
  openDashboard,
  ownOffer,
  picture,
  sidewaysScroll,
  useScene,
  visit,
  visitAsOwner,
} from './scene.ts'

const scene = useScene()
let path: string

beforeAll(async () => {
  path = await ownOffer(scene, { slug: 'chat', title: 'A chat' })
})

/** A day some days ahead, in Berlin, with the month that its page shows. */
function dayAhead(days: number): { date: string; month: string } {
  const date = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Berlin' }).format(Date.now() + days * 86_400_000)
  return { date, month: date.slice(0, 7) }
}

describe('an absence', () => {
  it('is entered, takes its days from the page, tells visitors, and is taken back', async () => {
    const { page } = await visitAsOwner(scene)
    const { date, month } = dayAhead(5)
    await openDashboard(scene, page, '/availability/away')
    await page.getByRole('link', { name: 'Add an absence' }).first().click()
    await page.getByLabel('First day').fill(date)
    await page.getByLabel('Last day').fill(date)
    await page.getByRole('textbox', { name: 'Note' }).fill('On a boat')
    await page.getByLabel('Show reason and note').check()
    await page.getByLabel('Another page').check()
    await page.getByLabel('Address of the page').fill('http://example.org')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('starts with https://').waitFor()
    expect(await page.getByRole('textbox', { name: 'Note' }).inputValue()).toBe('On a boat')
    await page.getByLabel('Address of the page').fill('https://example.org/colleague')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.waitForURL('**/availability/away')
    await page.getByText('On a boat').waitFor()

    const html = await (await fetch(`${scene.app.url}${path}?month=${month}&cal.tz=Europe/Berlin`)).text()
    expect(html).toContain('On a boat')
    expect(html).toContain('href="https://example.org/colleague"')
    expect(html).not.toContain(`data-date="${date}"`)
    expect(html).toContain('data-date=')

    await page.getByRole('button', { name: /^Delete the absence/ }).click()
    await page.getByText('No absence ahead').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('On a boat').waitFor()
    await page.getByRole('button', { name: /^Delete the absence/ }).click()
    await page.getByText('No absence ahead').waitFor()
  })

  it('that lasts now is on the page of the host, without its reason unless that is public', async () => {
    const { date } = dayAhead(0)
    const now = Temporal.Now.instant()
    const absence = {
      user_id: scene.ownerId,
      redirect_user_id: null,
      redirect_url: null,
      created_at: now,
      updated_at: now,
    }
    const { id } = await scene.app.db
      .insertInto('absences')
      .values({ ...absence, first_date: date, last_date: date, reason: 'sick', note: 'A cold' })
      .returning('id')
      .executeTakeFirstOrThrow()
    const { page } = await visit(scene.browser, { javaScriptEnabled: false })
    await page.goto(`${scene.app.url}/ada`)
    await page.getByText('Ada Lovelace is away').waitFor()
    expect(await page.getByText(/sick|A cold/).count()).toBe(0)
    await scene.app.db.deleteFrom('absences').where('id', '=', id).execute()
  })
})

describe('the month', () => {
  it('shows what is free and why the rest is not, and answers for any time', async () => {
    const starts = await freeStarts(scene.app, path)
    const start = starts[Math.floor(starts.length / 2)] as number
    const uid = await book(scene.app, path, start)
    const local = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO('Europe/Berlin')
    const { page } = await visitAsOwner(scene)
    await openDashboard(scene, page, `/availability/month?day=${local.toPlainDate()}`)
    const day = page.locator(`[data-day="${local.toPlainDate()}"]`)
    expect(await day.getByText(/: \d+ free starts$/).count()).toBe(1)
    await page.getByLabel(/^Time in/).fill(local.toPlainTime().toString({ smallestUnit: 'minute' }))
    await page.getByRole('button', { name: 'Ask' }).click()
    await page.getByText('You are booked: A chat').waitFor()
    expect(await page.getByRole('link', { name: /^See/ }).getAttribute('href')).toBe(`/bookings/detail/${uid}`)
    await page.getByLabel(/^Time in/).fill('03:00')
    await page.getByRole('button', { name: 'Ask' }).click()
    await page.getByText('within the hours of your schedule').waitFor()
  })
})

it('public holidays of a region become days off', async () => {
  const { page } = await visitAsOwner(scene)
  await openDashboard(scene, page, '/availability/holidays')
  await page.getByLabel('Country').selectOption('DE')
  await page.getByLabel('State or region').selectOption('BY')
  await page.getByRole('checkbox', { name: 'Epiphany' }).uncheck()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Public holidays saved').waitFor()
  const saved = await scene.app.db
    .selectFrom('host_availability')
    .select(['holiday_region', 'holidays_off', 'holidays'])
    .executeTakeFirstOrThrow()
  expect(saved).toMatchObject({ holiday_region: 'BY', holidays_off: ['01-06'] })
  expect(saved.holidays.map(({ rule }) => rule)).toContain('easter 60')
})

it('days of a faith are days off beside them, and a holiday can be half a day off', async () => {
  const { page } = await visitAsOwner(scene)
  await openDashboard(scene, page, '/availability/holidays')
  await page.getByRole('checkbox', { name: 'Jewish' }).check()
  await page.getByText('Not saved yet.').waitFor()
  await page.getByRole('checkbox', { name: 'Shavuot' }).uncheck()
  await page.getByLabel('How much of it: Christmas Day').selectOption('Off from 12:00')
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 900 })
      expect([await accessibilityFaults(page), await sidewaysScroll(page)]).toEqual([[], 0])
      await picture(page, `holiday-sets-${colorScheme}-${width}`)
    }
  }
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Public holidays saved').waitFor()
  const saved = await scene.app.db
    .selectFrom('host_availability')
    .select(['holiday_country', 'holiday_sets', 'holidays_off', 'holiday_halves', 'holidays'])
    .executeTakeFirstOrThrow()
  expect(saved).toMatchObject({
    holiday_country: 'DE',
    holiday_sets: ['jewish'],
    holiday_halves: { '12-25': 'afternoon' },
  })
  expect(saved.holidays_off.toSorted()).toEqual(['01-06', 'jewish: 6 Sivan P2D'])
  expect(saved.holidays.map(({ rule }) => rule)).toContain('jewish: 10 Tishrei')
})

it('a trip and limits are kept, and what makes no sense is refused where it stands', async () => {
  const { page } = await visitAsOwner(scene)
  await openDashboard(scene, page, '/availability/travel')
  await page.getByLabel('First day').fill(dayAhead(40).date)
  await page.getByLabel('Last day').fill(dayAhead(45).date)
  await page.getByRole('button', { name: 'Add the trip' }).click()
  await page.getByText('Trip saved').waitFor()
  await openDashboard(scene, page, '/availability/limits')
  const bookings = page.getByRole('group', { name: 'Bookings', exact: true })
  await bookings.getByLabel('Per day').fill('5')
  await bookings.getByLabel('Per week').fill('3')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('less than the limit of a shorter period').waitFor()
  await bookings.getByLabel('Per week').fill('20')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Limits saved').waitFor()
})

it('hours of certain weeks of the month are kept, and at least one week is asked for', async () => {
  const { page } = await visitAsOwner(scene)
  const { db } = scene.app
  const { id } = await db.selectFrom('schedules').select('id').orderBy('id').executeTakeFirstOrThrow()
  await openDashboard(scene, page, `/availability/${id}`)
  await page.getByText('Seasons, alternating and monthly weeks').click()
  await page.getByRole('button', { name: 'Add other weekly hours' }).click()
  const layer = page.getByRole('region', { name: 'Season 1' })
  await layer.getByLabel('In which weeks').selectOption('Some of the month')
  const week = (name: string) => layer.getByRole('group', { name: 'Weeks of the month' }).getByLabel(name)
  await week('First').uncheck()
  await layer.getByText('Choose at least one week.').waitFor()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  // What is wrong has the focus; nothing was sent.
  expect(await week('First').evaluate((box) => box === document.activeElement)).toBe(true)
  await week('Last').check()
  await week('Second').check()
  await layer.scrollIntoViewIfNeeded()
  await picture(page, 'availability-monthly-light-1280')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Schedule saved').waitFor()
  const saved = await db.selectFrom('schedules').select('layers').where('id', '=', id).executeTakeFirstOrThrow()
  expect(saved.layers).toMatchObject([{ name: '', from: null, to: null, weeks: { ofMonth: [2, -1] } }])
  await page.setViewportSize({ width: 390, height: 900 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await openDashboard(scene, page, `/availability/${id}`)
  expect([await week('First').isChecked(), await week('Second').isChecked(), await week('Last').isChecked()]).toEqual([
    ...[false, true, true],
  ])
  await picture(page, 'availability-monthly-dark-390')
  expect([await accessibilityFaults(page), await sidewaysScroll(page)]).toEqual([[], 0])
  await db.updateTable('schedules').set({ layers: '[]' }).where('id', '=', id).execute()
})

it('hours hold as seldom as the command takes, every twelfth week', async () => {
  const { page } = await visitAsOwner(scene)
  const { db } = scene.app
  const { id } = await db.selectFrom('schedules').select('id').orderBy('id').executeTakeFirstOrThrow()
  await openDashboard(scene, page, `/availability/${id}`)
  await page.getByText('Seasons, alternating and monthly weeks').click()
  await page.getByRole('button', { name: 'Add other weekly hours' }).click()
  const weeks = page.getByRole('region', { name: 'Season 1' }).getByLabel('In which weeks')
  expect(
    await weeks.locator('option').evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value)),
  ).toEqual([...Array.from({ length: 12 }, (_, i) => String(i + 1)), 'month'])
  await weeks.selectOption('12')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Schedule saved').waitFor()
  const saved = await db.selectFrom('schedules').select('layers').where('id', '=', id).executeTakeFirstOrThrow()
  expect(saved.layers).toMatchObject([{ weeks: { every: 12 } }])
  await page.reload()
  await db.updateTable('schedules').set({ layers: '[]' }).where('id', '=', id).execute()
})

it('several dates get their own hours at once, one of them other ones later', async () => {
  const { db } = scene.app
  const { id } = await db
    .insertInto('schedules')
    .values({
      ...{ user_id: scene.ownerId, name: 'Dates', time_zone: 'Europe/Berlin', overrides: '[]' },
      weekly: JSON.stringify([{ days: [1, 2, 3, 4, 5], start: 540, end: 1020 }]),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const overrides = async () => {
    const row = await db.selectFrom('schedules').select('overrides').where('id', '=', id).executeTakeFirstOrThrow()
    return row.overrides as { date: string; ranges: [number, number][] }[]
  }
  const { page } = await visitAsOwner(scene)
  await openDashboard(scene, page, `/availability/${id}`)
  await page.getByRole('button', { name: 'Add dates' }).click()
  const dialog = page.getByRole('dialog')
  const apply = dialog.getByRole('button', { name: 'Apply' })
  expect(await apply.isDisabled()).toBe(true)
  await dialog.getByRole('button', { name: 'Next month' }).click()
  const title = dialog.locator('header p')
  const days = dialog.locator('td button')
  // Of the month after this one, so that no day of it is over: the 5th by itself, and the 10th to the 12th with Shift.
  await days.nth(4).click()
  await days.nth(9).click()
  await days.nth(11).click({ modifiers: ['Shift'] })
  await dialog.getByText(/^4 dates/).waitFor()
  expect(await dialog.locator('[aria-pressed="true"]').count()).toBe(4)
  expect(await title.textContent()).not.toBe('')
  expect([await accessibilityFaults(page), await sidewaysScroll(page)]).toEqual([[], 0])
  await picture(page, 'override-dates-light-1280')
  await page.setViewportSize({ width: 390, height: 844 })
  await page.emulateMedia({ colorScheme: 'dark' })
  expect([await accessibilityFaults(page), await sidewaysScroll(page)]).toEqual([[], 0])
  await picture(page, 'override-dates-dark-390')
  await page.setViewportSize({ width: 1280, height: 900 })
  // Taken out again, by keyboard.
  await days.nth(10).focus()
  await page.keyboard.press('Enter')
  await dialog.getByText(/^3 dates/).waitFor()
  await dialog.getByRole('radio', { name: 'Unavailable' }).check()
  await apply.click()
  await dialog.waitFor({ state: 'hidden' })
  expect(await overrides()).toEqual([])
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Schedule saved').waitFor()
  const stored = await overrides()
  expect(stored.map(({ date, ranges }) => [date.slice(8), ranges])).toEqual([
    ['05', []],
    ['10', []],
    ['12', []],
  ])
  const month = stored[0]?.date.slice(0, 7) ?? ''

  // One of them is opened for hours; chosen with another day, both have them.
  await page.getByRole('button', { name: /^Change .*\b12\b/ }).click()
  await dialog.getByRole('radio', { name: 'Available at' }).check()
  await days.nth(14).click()
  await apply.click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect
    .poll(async () => (await overrides()).map(({ date }) => date))
    .toEqual([...['05', '10', '12', '15'].map((day) => `${month}-${day}`)])
  const [fifth, , twelfth, fifteenth] = await overrides()
  expect(fifth?.ranges).toEqual([])
  expect(twelfth?.ranges).toHaveLength(1)
  expect(fifteenth?.ranges).toEqual(twelfth?.ranges)
  await db.deleteFrom('schedules').where('id', '=', id).execute()
})

it.each<[string, BrowserContextOptions]>([
  ['light-1280', { colorScheme: 'light', viewport: { width: 1280, height: 900 } }],
  ['dark-390', { colorScheme: 'dark', viewport: { width: 390, height: 900 } }],
])('pages of availability are sound, %s', { timeout: 60_000 }, async (look, options) => {
  const { page } = await visitAsOwner(scene, options)
  const found: [string, string[], number][] = []
  for (const name of ['month', 'away', 'away/new', 'holidays', 'travel', 'limits']) {
    await openDashboard(scene, page, `/availability/${name}`)
    await picture(page, `availability-${name.replace('/', '-')}-${look}`)
    found.push([name, await accessibilityFaults(page), await sidewaysScroll(page)])
  }
  expect(found.filter(([, objections, sideways]) => objections.length > 0 || sideways > 0)).toEqual([])
})
