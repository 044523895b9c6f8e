import { expect, it } from 'vitest'
import { bookingById } from '#features/bookings/queries.ts'
import { questionList } from '#features/event-types/questions/schema.ts'
import { parseInput } from '#platform/input.ts'
import { insertHost } from '#test/offers.ts'
import {
  accessibilityFaults,
  book,
  freeStarts,
  offer,
  openDashboard,
  ownOffer,
  picture,
  sidewaysScroll,
  untilLive,
  useScene,
  type Visitor,
  visit,
  visitAsOwner,
} from './scene.ts'

/** Bookings that belong together: seats in one, a series of them, one of several hosts. */
const scene = useScene()

const SEATS = { count: 6, showAttendees: true, showFree: true, maxPerBooking: 3 }
const WEEKLY = { frequency: 'weekly', interval: 1, count: 5 } as const
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, colorScheme: 'dark' } as const
const GERMAN_PHONE = { ...PHONE, locale: 'de-DE' }

async function inOrder({ page }: Visitor, name: string): Promise<void> {
  await picture(page, name)
  expect(await accessibilityFaults(page)).toEqual([])
  expect(await sidewaysScroll(page)).toBe(0)
}

async function fillIn({ page }: Visitor, name: string): Promise<void> {
  await page.locator('[name=name]').fill(name)
  await page.locator('[name=email]').fill(`${name.toLowerCase()}@example.net`)
}

const DINNER = [
  { key: 'meal', type: 'radio', label: 'Essen', options: ['Fisch', 'Suppe'], required: true, eachPerson: true },
  {
    ...{ key: 'soup', type: 'text', label: 'Welche Suppe?', eachPerson: true },
    showWhen: { key: 'meal', is: 'equals', value: 'Suppe' },
  },
]

const slotPath = (path: string, start: number) => `${path}?slot=${new Date(start).toISOString()}`

it('a party takes seats, sees who else comes and gives its seats back alone', async () => {
  const { path } = await offer(scene, { options: { seats: SEATS } })
  const [start = 0] = (await freeStarts(scene.app, path)).slice(4)
  const first = await book(scene.app, path, start, { name: 'Cy', email: 'cy@example.net' })
  const visitor = await visit(scene.browser)
  const { page } = visitor
  const day = new Date(start).toISOString().slice(0, 10)
  await page.goto(`${scene.app.url}${path}?date=${day}&cal.tz=UTC`)
  await untilLive(page)
  await page.getByText('5 seats left').waitFor()
  await inOrder(visitor, 'seats-times')
  await page.locator(`[data-start="${start}"]`).click()
  await fillIn(visitor, 'Bo')
  expect(await page.locator('[name=guest]').count()).toBe(0)
  await page.locator('[name=quantity]').fill('2')
  await inOrder(visitor, 'seats-form')
  await page.getByRole('button', { name: 'Book' }).click()
  await page.getByRole('heading', { name: 'Your booking is confirmed' }).waitFor()
  const text = (await page.locator('article').textContent()) ?? ''
  expect(text).toContain('Cy')
  expect(text).not.toContain('cy@example.net')
  expect(text).toContain('2 people')
  expect(page.url()).not.toContain(first)
  await inOrder(visitor, 'seat-page')
  await page.getByRole('link', { name: 'Cancel this booking' }).click()
  await page.getByRole('button', { name: 'Cancel the booking' }).click()
  await page.getByRole('heading', { name: 'This booking is cancelled' }).waitFor()
  await page.goto(`${scene.app.url}/booking/${first}`)
  await page.getByRole('heading', { name: 'Your booking' }).waitFor()
})

it('seats are held for who fills in the form, as many as the party needs, and the next one is told', async () => {
  const seats = { count: 3, showAttendees: false, showFree: true, maxPerBooking: 3 }
  const path = await ownOffer(scene, { slug: 'held-class', title: 'A held class', options: { seats } })
  const [start = 0] = (await freeStarts(scene.app, path)).slice(4)
  const address = `${scene.app.url}${path}?slot=${new Date(start).toISOString()}&cal.tz=UTC`
  const first = await visit(scene.browser)
  const holding = (page: typeof first.page) => page.waitForResponse((answer) => answer.url().includes('/hold'))
  const opened = holding(first.page)
  await first.page.goto(address)
  expect((await opened).status()).toBe(200)
  const other = await visit(scene.browser)
  const beside = holding(other.page)
  await other.page.goto(address)
  await other.page.getByText('2 seats left').waitFor()
  await first.page.getByText('3 seats left').waitFor()
  expect((await beside).status()).toBe(200)
  // Two more are not there, and one is.
  const tooMany = holding(first.page)
  await first.page.locator('[name=quantity]').fill('3')
  expect((await tooMany).status()).toBe(409)
  await first.page.getByText('Only 2 seats are left at this time.').waitFor()
  // The head of the form knows it too.
  await first.page.getByText('2 seats left', { exact: true }).waitFor()
  await inOrder(first, 'seats-held-by-others')
  const fits = holding(first.page)
  await first.page.locator('[name=quantity]').fill('2')
  expect((await fits).status()).toBe(200)
  await first.page.getByText('Only 2 seats are left at this time.').waitFor({ state: 'detached' })
  expect((await freeStarts(scene.app, path)).includes(start)).toBe(false)
  await fillIn(first, 'Bo')
  await first.page.getByRole('button', { name: 'Book' }).click()
  await first.page.getByRole('heading', { name: 'Your booking is confirmed' }).waitFor()
  await fillIn(other, 'Cy')
  await other.page.getByRole('button', { name: 'Book' }).click()
  await other.page.getByRole('heading', { name: 'Your booking is confirmed' }).waitFor()
})

for (const javaScriptEnabled of [true, false]) {
  it(`who comes along is named, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
    const seats = { ...SEATS, maxPerBooking: 4 }
    const slug = `named-${javaScriptEnabled}`
    const path = await ownOffer(scene, { slug, title: 'A named class', options: { seats } })
    const [start = 0] = (await freeStarts(scene.app, path)).slice(4)
    const visitor = await visit(scene.browser, { ...PHONE, javaScriptEnabled })
    const { page } = visitor
    // What looks for faults is a script itself.
    const look = (name: string) => (javaScriptEnabled ? inOrder(visitor, name) : picture(page, `${name}-plain`))
    await page.goto(`${scene.app.url}${slotPath(path, start)}&cal.tz=UTC`)
    if (javaScriptEnabled) await untilLive(page)
    const names = page.locator('[name=companion]')
    expect(await names.count()).toBe(javaScriptEnabled ? 0 : 3)
    await fillIn(visitor, 'Bo')
    await page.locator('[name=quantity]').fill('4')
    if (!javaScriptEnabled) await page.getByText('Who comes along?').click()
    await page.getByLabel('Person 2').fill('Cy Young')
    await page.getByLabel('Person 3').fill('Di Dors')
    await page.getByLabel('Person 4').fill('Ed Wood')
    await look('companions-form')
    await page.locator('[name=quantity]').fill('3')
    if (javaScriptEnabled) expect(await names.count()).toBe(2)
    await page.getByRole('button', { name: 'Book' }).click()
    if (!javaScriptEnabled) {
      // Nothing of it is lost, and the one too many is taken out.
      await page.getByText('You named more people than come along').first().waitFor()
      expect(await page.getByLabel('Person 4').inputValue()).toBe('Ed Wood')
      await look('companions-too-many')
      await page.getByLabel('Person 4').fill('')
      await page.getByRole('button', { name: 'Book' }).click()
    }
    await page.getByRole('heading', { name: 'Your booking is confirmed' }).waitFor()
    await page.getByText('Di Dors').waitFor()
    expect(await page.getByText('Ed Wood').count()).toBe(0)
    await look('companions-seat')
    await page.getByRole('link', { name: 'Fewer people come' }).click()
    await page.getByLabel('Cy Young').check()
    await look('companions-fewer')
    await page.getByRole('button', { name: 'Give seats back' }).click()
    await page.getByText('2 people').waitFor()
    await page.getByText('Di Dors').waitFor()
    expect(await page.getByText('Cy Young').count()).toBe(0)
    await visitor.context.close()
    const { uid } = await scene.app.db
      .selectFrom('bookings as b')
      .innerJoin('event_types as e', 'e.id', 'b.event_type_id')
      .where('e.slug', '=', slug)
      .select('b.uid')
      .executeTakeFirstOrThrow()
    const owner = await visitAsOwner(scene)
    await openDashboard(scene, owner.page, `/bookings/detail/${uid}`)
    await owner.page.getByText('With Di Dors').waitFor()
    await inOrder(owner, 'companions-host')
  })
}

for (const javaScriptEnabled of [true, false]) {
  it(`each person of a party is asked, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
    const seats = { ...SEATS, maxPerBooking: 3 }
    const slug = `asked-${javaScriptEnabled}`
    const path = await ownOffer(scene, {
      ...{ slug, title: 'A dinner', options: { seats, questions: parseInput(questionList, DINNER) } },
    })
    const [start = 0] = (await freeStarts(scene.app, path)).slice(4)
    const visitor = await visit(scene.browser, { ...GERMAN_PHONE, javaScriptEnabled })
    const { page } = visitor
    const look = (name: string) => (javaScriptEnabled ? inOrder(visitor, name) : picture(page, `${name}-plain`))
    // What the link answers is who books, and nobody else.
    await page.goto(`${scene.app.url}${slotPath(path, start)}&cal.tz=UTC&meal=Fisch`)
    if (javaScriptEnabled) await untilLive(page)
    await fillIn(visitor, 'Bo')
    await page.locator('[name=quantity]').fill('3')
    if (!javaScriptEnabled) await page.getByText('Wer kommt mit?').click()
    const second = page.getByRole('group', { name: 'Person 2', exact: true })
    const third = page.getByRole('group', { name: 'Person 3', exact: true })
    expect(await page.locator('[name="answers.meal"]:checked').getAttribute('value')).toBe('Fisch')
    expect(await page.locator('[name^="companions."]:checked').count()).toBe(0)
    await second.getByLabel('Person 2').fill('Cy Young')
    await second.getByLabel('Suppe', { exact: true }).check()
    await second.getByLabel('Welche Suppe?').fill('Linsen')
    await third.getByLabel('Person 3').fill('Di Dors')
    if (javaScriptEnabled) expect(await third.getByLabel('Welche Suppe?').count()).toBe(0)
    await look('each-person-form')
    await page.getByRole('button', { name: 'Buchen' }).click()
    if (javaScriptEnabled) {
      // The browser itself points at what is missing.
      expect(await third.locator('input:invalid').first().getAttribute('name')).toBe('companions.1.answers.meal')
    } else {
      await third.getByText('Bitte').first().waitFor()
      expect(await second.getByLabel('Person 2').inputValue()).toBe('Cy Young')
      expect(await second.getByLabel('Suppe', { exact: true }).isChecked()).toBe(true)
      expect(await second.getByLabel('Welche Suppe?').inputValue()).toBe('Linsen')
      await look('each-person-missing')
    }
    await third.getByLabel('Fisch').check()
    await page.getByRole('button', { name: 'Buchen' }).click()
    await page.getByRole('heading', { name: 'Ihre Buchung ist bestätigt' }).waitFor()
    await page.getByText('Welche Suppe? Linsen').waitFor()
    await look('each-person-seat')
    await page.getByRole('link', { name: 'Es kommen weniger' }).click()
    await page.getByLabel('Cy Young').check()
    await page.getByRole('button', { name: 'Plätze zurückgeben' }).click()
    await page.getByText('2 Personen').waitFor()
    expect(await page.getByText('Linsen').count()).toBe(0)
    await visitor.context.close()
    const { uid } = await scene.app.db
      .selectFrom('bookings as b')
      .innerJoin('event_types as e', 'e.id', 'b.event_type_id')
      .where('e.slug', '=', slug)
      .select('b.uid')
      .executeTakeFirstOrThrow()
    const owner = await visitAsOwner(scene)
    await openDashboard(scene, owner.page, `/bookings/detail/${uid}`)
    await owner.page.getByRole('region', { name: 'Di Dors' }).getByText('Fisch').waitFor()
    await inOrder(owner, 'each-person-host')
    await owner.context.close()
  })
}

for (const javaScriptEnabled of [true, false]) {
  it(`a host names a party they book for, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
    const title = `0 Supper ${javaScriptEnabled}`
    const questions = parseInput(questionList, DINNER)
    const seats = { ...SEATS, maxPerBooking: 3 }
    await ownOffer(scene, { slug: `supper-${javaScriptEnabled}`, title, options: { seats, questions } })
    const owner = await visitAsOwner(scene, { javaScriptEnabled })
    const { page } = owner
    const book = page.getByRole('button', { name: 'Book', exact: true })
    if (javaScriptEnabled) await openDashboard(scene, page, '/bookings/new')
    else await page.goto(`${scene.app.url}/bookings/new`)
    await page.getByLabel('Event type').selectOption({ label: title })
    // Without a script the form learns what is chosen when it is sent.
    if (!javaScriptEnabled) await book.click()
    await page.getByLabel('Date').fill(`${new Date().getUTCFullYear() + 1}-06-0${javaScriptEnabled ? 2 : 3}`)
    await page.getByLabel('Time', { exact: true }).fill('03:10')
    await page.getByLabel('People').fill('2')
    await page.getByLabel('Their name').fill('Zed')
    await page.getByLabel('Their mail address').fill('zed@example.net')
    await page.getByRole('group', { name: 'Person 1', exact: true }).getByLabel('Fisch').check()
    if (!javaScriptEnabled) await page.getByText('Who comes along?').click()
    const second = page.getByRole('group', { name: 'Person 2', exact: true })
    await second.getByLabel('Person 2').fill('Cy Young')
    await second.getByLabel('Suppe', { exact: true }).check()
    await second.getByLabel('Welche Suppe?').fill('Linsen')
    await book.click()
    await page.getByText('This time is not among those you offer').waitFor()
    expect(await second.getByLabel('Welche Suppe?').inputValue()).toBe('Linsen')
    if (javaScriptEnabled) await inOrder(owner, 'each-person-on-behalf')
    else await picture(page, 'each-person-on-behalf-plain')
    await page.getByLabel('Book it anyway').check()
    await page.getByLabel(/^Why/).fill('They called')
    await book.click()
    await page.getByRole('region', { name: 'Cy Young' }).getByText('Linsen').waitFor()
    await page.getByText('Fisch', { exact: true }).waitFor()
    await owner.context.close()
  })
}

it('the form builder asks each person of a party, where there are parties, and says why not otherwise', async () => {
  const seats = { ...SEATS, maxPerBooking: 3 }
  await ownOffer(scene, { slug: 'alone', title: 'Alone' })
  await ownOffer(scene, { slug: 'in-parties', title: 'In parties', options: { seats } })
  const owner = await visitAsOwner(scene)
  const { page } = owner
  const openForm = async (slug: string) => {
    const { id } = await scene.app.db
      .selectFrom('event_types')
      .where('slug', '=', slug)
      .select('id')
      .executeTakeFirstOrThrow()
    await openDashboard(scene, page, `/event-types/${id}/questions`)
    await page.getByRole('button', { name: 'Add a question' }).click()
    await page.getByLabel('Question', { exact: true }).fill('Meal')
  }
  await openForm('alone')
  expect(await page.getByLabel('Ask each person of a party').isDisabled()).toBe(true)
  await openForm('in-parties')
  await page.getByLabel('Ask each person of a party').check()
  await page.getByLabel('Hidden').check()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Nobody sees a hidden question').first().waitFor()
  await inOrder(owner, 'each-person-refused')
  await page.getByLabel('Hidden').uncheck()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Event type saved').first().waitFor()
  await page.getByText('Each person', { exact: true }).waitFor()
  await inOrder(owner, 'each-person-builder')
  await owner.context.close()
})

it('the host sees all seats, and nobody else reaches them by the address of the booking', async () => {
  const path = await ownOffer(scene, { slug: 'class', title: 'A class', options: { seats: SEATS } })
  const [start = 0] = (await freeStarts(scene.app, path)).slice(2)
  for (const name of ['Bo', 'Cy']) await book(scene.app, path, start, { name, email: `${name}@example.net` })
  const rows = await scene.app.db
    .selectFrom('bookings')
    .where('title', '=', 'A class')
    .select(['id', 'uid'])
    .executeTakeFirstOrThrow()
  expect((await bookingById(scene.app.db, rows.id))?.attendees).toHaveLength(2)
  expect((await fetch(`${scene.app.url}/booking/${rows.uid}`)).status).toBe(404)
  expect((await fetch(`${scene.app.url}/booking/${rows.uid}/calendar.ics`)).status).toBe(404)
  const owner = await visitAsOwner(scene)
  await openDashboard(scene, owner.page, `/bookings/detail/${rows.uid}`)
  await owner.page.getByText('2 of 6 seats taken').waitFor()
  expect(await owner.page.getByRole('link', { name: /Move or cancel this seat/ }).count()).toBe(2)
  await inOrder(owner, 'seats-host')
})

for (const javaScriptEnabled of [true, false]) {
  it(`a series is chosen date by date, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
    const { path } = await offer(scene, { options: { recurrence: WEEKLY } })
    const [start = 0] = (await freeStarts(scene.app, path)).slice(3)
    const week = 7 * 86_400_000
    await book(scene.app, path, start + 2 * week, { name: 'Cy', email: 'cy@example.net' })
    const visitor = await visit(scene.browser, { ...GERMAN_PHONE, javaScriptEnabled })
    const { page } = visitor
    await page.goto(scene.app.url + slotPath(path, start))
    if (javaScriptEnabled) await untilLive(page)
    await page.getByText('Jede Woche').waitFor()
    expect(await page.locator('[name=occurrence]').count()).toBe(5)
    expect(await page.locator('[name=occurrence]:disabled').count()).toBe(1)
    await fillIn(visitor, 'Bo')
    await page.locator('[name=occurrence]').nth(4).uncheck()
    if (javaScriptEnabled) await inOrder(visitor, 'series-form')
    await page.getByRole('button', { name: 'Buchen' }).click()
    await page.getByRole('heading', { name: 'Termin 1 von 3' }).waitFor()
    expect(await page.locator('.dates li').count()).toBe(3)
    await page.locator('.dates a').nth(1).click()
    await page.getByRole('heading', { name: 'Termin 2 von 3' }).waitFor()
    await page
      .getByRole('link', { name: 'Buchung absagen' })
      .or(page.locator('a[href="?cancel=true#cancel"]'))
      .first()
      .click()
    await page.getByLabel('Auch den Termin danach absagen').check()
    if (javaScriptEnabled) await inOrder(visitor, 'series-cancel')
    await page.locator('#cancel button[type=submit]').click()
    await page.locator('.dates .gone').first().waitFor()
    expect(await page.locator('.dates .gone').count()).toBe(2)
  })
}

it('a group link shows who meets, and books all of them', async () => {
  const hosts = [await insertHost(scene.app.db), await insertHost(scene.app.db)]
  const path = `/${hosts.map(({ username }) => username).join('+')}/45`
  const [start = 0] = await freeStarts(scene.app, path, 45)
  const visitor = await visit(scene.browser, GERMAN_PHONE)
  const { page } = visitor
  await page.goto(scene.app.url + path)
  await untilLive(page)
  expect(await page.locator('a.host').count()).toBe(2)
  await inOrder(visitor, 'group-page')
  await page.goto(scene.app.url + slotPath(path, start))
  await untilLive(page)
  await fillIn(visitor, 'Bo')
  await page.getByRole('button', { name: 'Buchen' }).click()
  await page.getByRole('heading', { name: 'Ihre Buchung ist bestätigt' }).waitFor()
  await inOrder(visitor, 'group-booked')
  const uid = page.url().split('/').at(-1) ?? ''
  const { claims } = await scene.app.db
    .selectFrom('claims as c')
    .innerJoin('bookings as b', 'b.id', 'c.booking_id')
    .where('b.uid', '=', uid)
    .select((eb) => eb.fn.countAll<number>().as('claims'))
    .executeTakeFirstOrThrow()
  expect(claims).toBe(2)
  expect((await fetch(`${scene.app.url}/nobody+${hosts[0]?.username}/45`)).status).toBe(404)
  await page.goto(`${scene.app.url}/reschedule/${uid}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await untilLive(page)
})

it('the editor has seats and series, and says what does not go together', async () => {
  await ownOffer(scene, { slug: 'course', title: 'A course' })
  const row = await scene.app.db
    .selectFrom('event_types')
    .where('slug', '=', 'course')
    .select('id')
    .executeTakeFirstOrThrow()
  const owner = await visitAsOwner(scene)
  const { page } = owner
  await openDashboard(scene, page, `/event-types/${row.id}`)
  await page.getByText('Seats and series').click()
  await page.getByLabel('Let several people book the same start').check()
  await page.getByLabel('Let bookers book a series').check()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Seats and series don’t go together').first().waitFor()
  await inOrder(owner, 'seats-editor')
  await page.getByLabel('Let bookers book a series').uncheck()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect
    .poll(async () => {
      const { options } = await scene.app.db
        .selectFrom('event_types')
        .where('id', '=', row.id)
        .select('options')
        .executeTakeFirstOrThrow()
      return (options as { seats?: { count: number } }).seats?.count
    })
    .toBe(10)
  await openDashboard(scene, page, '/settings/general')
  await page.getByLabel('Allow group links').uncheck()
  const finding = page.locator('form').filter({ has: page.getByLabel('Allow group links') })
  await finding.getByRole('button', { name: 'Save' }).click()
  await expect
    .poll(async () => {
      const account = scene.app.db.selectFrom('users').where('id', '=', scene.ownerId).select('group_links')
      return (await account.executeTakeFirstOrThrow()).group_links
    })
    .toBe(false)
  await inOrder(owner, 'group-setting')
})
