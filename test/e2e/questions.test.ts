import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { QUESTION_TYPES, type Question } from '#features/event-types/questions/types.ts'
import type { TestEventType } from '#test/offers.ts'
import {
  accessibilityFaults,
  book,
  freeStarts,
  mailsTo,
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

function ask(key: string, more: Partial<Question>): Question {
  return {
    ...{ key, type: 'text', label: key, help: '', placeholder: '', required: false, hidden: false },
    ...{ lockPrefilled: false, options: [], min: null, max: null, showWhen: null, text: '', ...more },
  }
}

const QUESTIONS = [
  ask('company', { label: 'Your company', required: true }),
  ask('size', { type: 'radio', label: 'How large is it?', options: ['Small', 'Large'] }),
  ask('why', {
    type: 'long_text',
    label: 'Why now?',
    required: true,
    showWhen: { key: 'size', is: 'equals', value: 'Large' },
  }),
  ask('topics', { type: 'checkboxes', label: 'Topics', options: ['Plans', 'Prices', 'Support'] }),
  ask('plan', { label: 'Plan', lockPrefilled: true }),
  ask('source', { label: 'Campaign', hidden: true }),
  ask('news', { type: 'boolean', label: 'Send me news' }),
]

/** The form of the first free time. */
async function openForm(settings: TestEventType, query = '', options: Parameters<typeof visit>[1] = {}) {
  const offered = await offer(scene, settings)
  const [start = 0] = await freeStarts(scene.app, offered.path)
  const { page } = await visit(scene.browser, options)
  await page.goto(`${scene.app.url}${offered.path}?slot=${new Date(start).toISOString()}${query}`)
  if (options?.javaScriptEnabled !== false) await untilLive(page)
  return { page, offered }
}

async function answersOf(email: string) {
  const { answers } = await scene.app.db
    .selectFrom('attendees')
    .where('email', '=', email)
    .select('answers')
    .executeTakeFirstOrThrow()
  return Object.fromEntries((answers as { key: string; value: unknown }[]).map(({ key, value }) => [key, value]))
}

const submit = (page: Page) => page.locator('#details footer .primary').click()

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with' : 'without'
  describe(`a form with questions, ${how} JavaScript`, () => {
    it('asks, keeps what was typed when refused, and both sides read the answers', async () => {
      const { page, offered } = await openForm(
        { options: { questions: QUESTIONS } },
        '&company=Acme&plan=gold&source=letter-7&topics=Plans&topics=Support&topics=Bogus',
        { javaScriptEnabled },
      )
      const email = `bo-${how}@example.net`
      await page.getByLabel('Your name').fill('Bo Visitor')
      await page.getByLabel('Your mail address').fill(email)
      expect(await page.getByLabel('Your company').inputValue()).toBe('Acme')
      expect(await page.getByLabel('Plans').isChecked()).toBe(true)
      expect(await page.getByLabel('Prices').isChecked()).toBe(false)
      expect(await page.getByLabel('Plan', { exact: true }).count()).toBe(0)
      expect(await page.getByText('gold').count()).toBe(1)
      expect(await page.getByText('Campaign').count()).toBe(0)
      expect(await page.getByLabel('Why now?').count()).toBe(javaScriptEnabled ? 0 : 1)
      if (!javaScriptEnabled) expect(await page.getByText('Only if “How large is it?” is “Large”.').count()).toBe(1)

      await page.getByLabel('Your company').fill(javaScriptEnabled ? ' \u2060 ' : '')
      await page.getByLabel('Large').check()
      await page.getByLabel('Why now?').fill('We <grow>,\nfast')
      if (!javaScriptEnabled) await page.locator('#details').evaluate((form) => form.setAttribute('novalidate', ''))
      await submit(page)
      await page.getByText(javaScriptEnabled ? 'This has characters' : 'Please fill this in.').waitFor()
      expect(await page.getByLabel('Your company').getAttribute('aria-invalid')).toBe('true')
      expect(await page.getByLabel('Why now?').inputValue()).toBe('We <grow>,\nfast')
      expect(await page.getByLabel('Large').isChecked()).toBe(true)
      expect(await page.getByLabel('Support').isChecked()).toBe(true)

      await page.getByLabel('Your company').fill('Acme Ltd')
      await submit(page)
      await page.waitForURL(/\/booking\//)
      expect(await answersOf(email)).toEqual({
        ...{ company: 'Acme Ltd', size: 'Large', why: 'We <grow>,\nfast', topics: ['Plans', 'Support'] },
        ...{ plan: 'gold', source: 'letter-7', news: false },
      })
      const shown = await page.locator('dl').textContent()
      expect(shown).toContain('Acme Ltd')
      expect(shown).toContain('We <grow>,')
      expect(shown).not.toContain('letter-7')
      const [toHost] = await mailsTo(scene.app, offered.hostEmail, 1)
      const [toBooker] = await mailsTo(scene.app, email, 1)
      expect(toHost?.email.text).toContain('letter-7')
      expect(toHost?.email.html).toContain('We &lt;grow&gt;,')
      expect(toBooker?.email.text).toContain('Acme Ltd')
      expect(toBooker?.email.text).not.toContain('letter-7')
    })
  })
}

describe('the form', () => {
  const every = QUESTION_TYPES.map((type) =>
    ask(`q-${type}`.replaceAll('_', '-'), {
      type,
      label: `Some ${type}`,
      help: 'A word of help.',
      text: '**Pay** in time.',
      options: type === 'file' ? [] : ['One', 'Two', 'Three'],
    }),
  )

  it('has a field for every type of question, on a phone and in the dark too', async () => {
    const { page } = await openForm({ options: { questions: every, splitName: true } })
    expect(await accessibilityFaults(page)).toEqual([])
    await picture(page, 'questions 1280')
    await page.setViewportSize({ width: 390, height: 844 })
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await sidewaysScroll(page)).toBe(0)
    expect(await accessibilityFaults(page)).toEqual([])
    await picture(page, 'questions 390 dark')
  })

  it('sends every type as the server takes it', async () => {
    const { page } = await openForm({
      options: { questions: every.map((one) => ({ ...one, required: true })), splitName: true },
    })
    const field = (type: string) => page.getByLabel(`Some ${type}`, { exact: false }).first()
    await page.getByLabel('First name').fill('Bo')
    await page.getByLabel('Last name').fill('van Visitor')
    await page.getByLabel('Your mail address').fill('every@example.net')
    await page.locator('[name="answers.q-text"]').fill('short')
    await page.locator('[name="answers.q-long-text"]').fill('one\ntwo')
    await page.locator('[name="answers.q-number"]').fill('4.5')
    await field('select').selectOption('Two')
    await page.locator('[name="answers.q-multi-select"][value="Three"]').check()
    await page.locator('[name="answers.q-radio"][value="One"]').check()
    await page.locator('[name="answers.q-checkboxes"][value="Two"]').check()
    await page.locator('[name="answers.q-boolean"]').check()
    await page.locator('[name="answers.q-phone"]').fill('+49 30 123456')
    await page.locator('[name="answers.q-email"]').fill('Some@Example.net')
    await page.locator('[name="answers.q-emails"]').fill('a@example.net, b@example.net')
    await page.locator('[name="answers.q-address"]').fill('1 Road\nTown')
    await page.locator('[name="answers.q-url"]').fill('example.org')
    await page.locator('[name="answers.q-date"]').fill('2027-02-28')
    await page.locator('[name="answers.q-time"]').fill('14:30')
    await page.locator('[name="answers.q-rating"][value="4"]').check()
    await page.locator('[name="answers.q-slider"]').fill('7')
    await page.locator('[name="answers.q-policy"]').check()
    const plan = { name: 'Plan “A”.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 plan') }
    await page.locator('[name="answers.q-file"]').setInputFiles(plan)
    await page.locator('[name="answers.q-signature"]').first().fill('B. v. Visitor')
    await submit(page)
    await page.waitForURL(/\/booking\//)
    expect(await answersOf('every@example.net')).toEqual({
      ...{
        'q-text': 'short',
        'q-long-text': 'one\ntwo',
        'q-number': 4.5,
        'q-select': 'Two',
        'q-multi-select': ['Three'],
      },
      ...{ 'q-radio': 'One', 'q-checkboxes': ['Two'], 'q-boolean': true, 'q-phone': '+49 30 123456' },
      ...{ 'q-email': 'some@example.net', 'q-emails': ['a@example.net', 'b@example.net'], 'q-address': '1 Road\nTown' },
      ...{ 'q-url': 'https://example.org/', 'q-date': '2027-02-28', 'q-time': '14:30', 'q-rating': 4, 'q-slider': 7 },
      'q-policy': true,
      'q-file': 'Plan “A”.pdf',
      'q-signature': 'B. v. Visitor',
    })
    expect(await page.getByText('Bo van Visitor').count()).toBe(1)
    expect(await accessibilityFaults(page)).toEqual([])
    await picture(page, 'answers 1280')
  })
})

describe('a signature', () => {
  const questions = [ask('signed', { type: 'signature', label: 'I have read it', required: true })]

  it('is typed, and drawn beside it by who likes to', async () => {
    const path = await ownOffer(scene, { slug: 'signed', options: { questions } })
    const [start = 0] = await freeStarts(scene.app, path)
    const visitor = await visit(scene.browser)
    const { page } = visitor
    await page.goto(`${scene.app.url}${path}?slot=${new Date(start).toISOString()}`)
    await page.getByLabel('Your name').fill('Bo Visitor')
    await page.getByLabel('Your mail address').fill('signed@example.net')
    const pad = page.getByRole('img', { name: 'You may draw your signature here, too.' })
    await pad.scrollIntoViewIfNeeded()
    const box = await pad.boundingBox()
    if (!box) throw new Error('nowhere to draw')
    const stroke = async (points: [number, number][]) => {
      const at = ([x, y]: [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const
      await page.mouse.move(...at(points[0] as [number, number]))
      await page.mouse.down()
      for (const point of points) await page.mouse.move(...at(point), { steps: 5 })
      await page.mouse.up()
    }
    await stroke([
      [0.1, 0.7],
      [0.2, 0.2],
      [0.3, 0.8],
      [0.4, 0.4],
    ])
    await stroke([
      [0.5, 0.5],
      [0.9, 0.45],
    ])
    await picture(page, 'signature 1280')
    expect(await accessibilityFaults(page)).toEqual([])
    // A drawing signs nothing by itself.
    await page.locator('#details').evaluate((form) => form.setAttribute('novalidate', ''))
    await submit(page)
    await page.getByText('Please type your name, too.').waitFor()
    expect(await page.getByRole('img', { name: 'Your drawn signature' }).count()).toBe(1)
    await page.getByLabel('I have read it').fill('Bo Visitor')
    await page.setViewportSize({ width: 390, height: 844 })
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await sidewaysScroll(page)).toBe(0)
    await picture(page, 'signature 390 dark')
    await submit(page)
    await page.waitForURL(/\/booking\//)
    const { answers } = await scene.app.db
      .selectFrom('attendees')
      .where('email', '=', 'signed@example.net')
      .select('answers')
      .executeTakeFirstOrThrow()
    const [answer] = answers as unknown as { value: string; drawing: string }[]
    expect(answer?.value).toBe('Bo Visitor')
    expect(answer?.drawing).toMatch(/^M\d+ \d+(L\d+ \d+)+M\d+ \d+(L\d+ \d+)+$/)
    expect(await page.locator('svg path').evaluateAll((all) => all.map((one) => one.getAttribute('d')))).toContain(
      answer?.drawing,
    )
    await picture(page, 'signed 390 dark')
    const uid = /\/booking\/([\w-]+)/.exec(page.url())?.[1] ?? ''
    await visitor.context.close()
    const host = await visitAsOwner(scene)
    await openDashboard(scene, host.page, `/bookings/detail/${uid}`)
    expect(await host.page.getByRole('img', { name: 'Drawn signature' }).count()).toBe(1)
    expect(await accessibilityFaults(host.page)).toEqual([])
    await picture(host.page, 'signed host 1280')
  })
})

describe('a question for those who move a booking', () => {
  for (const javaScriptEnabled of [true, false]) {
    it(`is asked then and not before, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      const { path } = await offer(scene, {
        options: {
          questions: [
            ask('why', { label: 'Why another time?', required: true, onlyMoving: true }),
            ask('size', { type: 'radio', label: 'Size', options: ['Large'], hideSingle: true }),
          ],
        },
      })
      const email = `moved-${javaScriptEnabled}@example.net`
      const starts = await freeStarts(scene.app, path)
      const { page } = await visit(scene.browser, { javaScriptEnabled })
      await page.goto(`${scene.app.url}${path}?slot=${new Date(Number(starts[20])).toISOString()}`)
      expect(await page.getByLabel('Why another time?').count()).toBe(0)
      expect(await page.getByLabel('Large').count()).toBe(0)
      await page.getByLabel('Your name').fill('Bo Visitor')
      await page.getByLabel('Your mail address').fill(email)
      await submit(page)
      await page.waitForURL(/\/booking\//)
      expect(await answersOf(email)).toEqual({ size: 'Large' })
      const uid = /\/booking\/([\w-]+)/.exec(page.url())?.[1] ?? ''
      await page.goto(`${scene.app.url}/reschedule/${uid}?slot=${new Date(Number(starts[30])).toISOString()}`)
      await page.locator('#details').evaluate((form) => form.setAttribute('novalidate', ''))
      await submit(page)
      await page.getByText('Please fill this in.').waitFor()
      await page.getByLabel('Why another time?').fill('Ill')
      await picture(page, `moving question ${javaScriptEnabled}`)
      await submit(page)
      await page.waitForURL(/\/booking\//)
      expect(await answersOf(email)).toEqual({ size: 'Large', why: 'Ill' })
    })
  }
})

describe('what the meeting is about', () => {
  const about = ask('title', { label: 'What is this meeting about?' })

  for (const [javaScriptEnabled, width, colorScheme] of [
    [true, 1280, 'light'],
    [false, 390, 'dark'],
  ] as const) {
    const how = javaScriptEnabled ? 'with' : 'without'
    it(`is said by who books, or by the link that led there, ${how} scripts`, async () => {
      const { page } = await openForm({ title: 'Consultation', options: { questions: [about] } }, '&title=Roof', {
        ...{ javaScriptEnabled, colorScheme },
        viewport: { width, height: 900 },
      })
      const email = `title-${width}@example.net`
      await page.getByLabel('Your name').fill('Bo Visitor')
      await page.getByLabel('Your mail address').fill(email)
      expect(await page.getByLabel(about.label).inputValue()).toBe('Roof')
      if (javaScriptEnabled) expect(await accessibilityFaults(page)).toEqual([])
      await picture(page, `title-form-${width}-${colorScheme}`)
      await page.getByLabel(about.label).fill('Roof of the barn')
      await submit(page)
      await page.waitForURL(/\/booking\//)
      await page.getByText('Roof of the barn').first().waitFor()
      await picture(page, `title-booked-${width}-${colorScheme}`)
      const [mail] = await mailsTo(scene.app, email, 1)
      expect(mail?.email.subject).toContain('Roof of the barn')
    })
  }

  it('is asked with one click in the editor, and again after that was taken away', async () => {
    await ownOffer(scene, { slug: 'named', title: 'Named' })
    const { id } = await scene.app.db
      .selectFrom('event_types')
      .where('slug', '=', 'named')
      .select('id')
      .executeTakeFirstOrThrow()
    const { page } = await visitAsOwner(scene)
    await openDashboard(scene, page, `/event-types/${id}/questions`)
    const name = page.getByRole('button', { name: 'Let bookers name the meeting' })
    await name.click()
    await expect.poll(() => page.getByLabel('Question', { exact: true }).inputValue()).toBe(about.label)
    expect(await name.count()).toBe(0)
    await page.getByLabel('Question', { exact: true }).fill('Topic')
    expect(await page.getByLabel('Name of the answer').inputValue()).toBe('title')
    expect(await page.getByLabel('Type of answer').count()).toBe(0)
    expect(await accessibilityFaults(page)).toEqual([])
    await picture(page, 'title-editor-1280')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Event type saved').waitFor()
    await page.setViewportSize({ width: 390, height: 844 })
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await sidewaysScroll(page)).toBe(0)
    await picture(page, 'title-editor-390-dark')
    await page.getByRole('button', { name: 'Actions for Topic' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await name.waitFor()
  })
})

describe('the editor of questions', () => {
  it('adds, orders by keyboard, copies, takes a removal back, previews and saves', async () => {
    await ownOffer(scene, { slug: 'asked', title: 'Asked' })
    const { id } = await scene.app.db
      .selectFrom('event_types')
      .where('slug', '=', 'asked')
      .select('id')
      .executeTakeFirstOrThrow()
    const { page } = await visitAsOwner(scene)
    await openDashboard(scene, page, `/event-types/${id}`)
    await page.getByRole('link', { name: 'Name and mail address' }).click()
    await page.getByRole('heading', { level: 1, name: 'Booking form' }).waitFor()

    await page.getByRole('button', { name: 'Add a question' }).click()
    await page.keyboard.type('Your company')
    await page.getByLabel('Must be answered').check()
    await page.getByRole('button', { name: 'Add a question' }).click()
    await page.keyboard.type('Team size')
    await page.getByLabel('Type of answer').selectOption('radio')
    await page.getByLabel('Choices').fill('Small\nLarge\n')
    await page.getByRole('button', { name: 'Add a question' }).click()
    await page.keyboard.type('Why?')
    await page.getByLabel('Depends on').selectOption('team-size')
    await page.getByLabel('Relation').selectOption('equals')
    await page.getByLabel('Value').selectOption('Large')
    const preview = page.locator('aside')
    await preview.getByLabel('Why?').waitFor({ state: 'detached' })
    await preview.getByLabel('Large').check()
    await preview.getByLabel('Why?').waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await picture(page, 'question editor 1280')

    await page.getByRole('button', { name: 'Actions for Your company' }).click()
    await page.getByRole('menuitem', { name: 'Duplicate' }).click()
    await expect.poll(() => page.getByLabel('Name of the answer').inputValue()).toBe('your-company-2')
    await page.getByRole('button', { name: 'Actions for Your company' }).last().click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: /^Move Team size/ }).focus()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Event type saved').waitFor()

    const read = async () => {
      const { options } = await scene.app.db
        .selectFrom('event_types')
        .where('id', '=', id)
        .select('options')
        .executeTakeFirstOrThrow()
      return (options as { questions: Question[] }).questions
    }
    expect((await read()).map(({ key }) => key)).toEqual(['team-size', 'your-company', 'your-company-2', 'why'])
    expect((await read())[0]).toMatchObject({ type: 'radio', options: ['Small', 'Large'] })

    // What depends on another cannot stand before it: the refusal is shown where it belongs, and nothing is lost.
    await page.getByRole('button', { name: /^Move Why/ }).focus()
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowUp')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The question this depends on must come before it.').waitFor()
    expect((await read()).map(({ key }) => key)).toEqual(['team-size', 'your-company', 'your-company-2', 'why'])
    await page.setViewportSize({ width: 390, height: 844 })
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await sidewaysScroll(page)).toBe(0)
    expect(await accessibilityFaults(page)).toEqual([])
    await picture(page, 'question editor 390 dark')
  })

  it('shows the host the answers of a booking', async () => {
    const path = await ownOffer(scene, { slug: 'answered', options: { questions: [ask('plan', { label: 'Plan' })] } })
    const [start = 0] = await freeStarts(scene.app, path)
    const uid = await book(scene.app, path, start, { answers: { plan: 'Gold' } })
    const visitor = await visitAsOwner(scene)
    await openDashboard(scene, visitor.page, `/bookings/detail/${uid}`)
    expect(
      await visitor.page.locator('dt', { hasText: 'Plan' }).locator('xpath=following-sibling::dd').textContent(),
    ).toBe('Gold')
    expect(await accessibilityFaults(visitor.page)).toEqual([])
    await picture(visitor.page, 'answers of a booking 1280')
  })
})

for (const javaScriptEnabled of [true, false]) {
  it(`proves a mail address by a code ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
    const questions = [ask('company', { label: 'Your company' })]
    const { page } = await openForm({ options: { verifyEmail: true, questions } }, '', { javaScriptEnabled })
    const email = `proven-${javaScriptEnabled}@example.net`
    await page.getByLabel('Your name').fill('Bo Visitor')
    await page.getByLabel('Your mail address').fill(email)
    await page.getByLabel('Your company').fill('Acme')
    await submit(page)
    await page.getByText(`We have mailed a six-digit code to ${email}`).waitFor()
    expect(await page.getByLabel('Your company').inputValue()).toBe('Acme')
    if (javaScriptEnabled) expect(await accessibilityFaults(page)).toEqual([])
    await picture(page, `code ${javaScriptEnabled}`)
    const [first] = await mailsTo(scene.app, email, 1)
    await page.getByLabel('Code from the mail').fill('12345')
    await page.getByLabel('Code from the mail').press('Enter')
    await page.getByText('The code has six digits.').waitFor()
    await page.getByRole('button', { name: 'Send a new code' }).click()
    const [, second] = await mailsTo(scene.app, email, 2)
    const codeIn = (mail: typeof first) => /^(\d{6})/.exec(mail?.email.subject ?? '')?.[1] ?? ''
    if (codeIn(first) !== codeIn(second)) {
      await page.getByLabel('Code from the mail').fill(codeIn(first))
      await submit(page)
      await page.getByText('This code is wrong').first().waitFor()
    }
    await page.getByLabel('Code from the mail').fill(codeIn(second))
    await page.getByLabel('Code from the mail').press('Enter')
    await page.waitForURL(/\/booking\//)
    expect(await answersOf(email)).toEqual({ company: 'Acme' })
  })
}

it('gives the host, and nobody else, what was sent, as a download', async () => {
  const questions = [ask('plan', { type: 'file', label: 'Plan' })]
  const path = await ownOffer(scene, { slug: 'files', options: { questions } })
  const [start = 0] = await freeStarts(scene.app, path)
  const visitor = await visit(scene.browser, { javaScriptEnabled: false })
  const { page } = visitor
  await page.goto(`${scene.app.url}${path}?slot=${new Date(start).toISOString()}`)
  await page.getByLabel('Your name').fill('Bo Visitor')
  await page.getByLabel('Your mail address').fill('files@example.net')
  const send = async (name: string, buffer: Buffer) => {
    await page.getByLabel('Plan').setInputFiles({ name, mimeType: 'text/html', buffer })
    await submit(page)
  }
  await send('page.html', Buffer.from('<html><script>alert(1)</script>'))
  await page.getByText('Files of this kind are not taken here.').waitFor()
  expect(await page.getByLabel('Your name').inputValue()).toBe('Bo Visitor')
  await send('Notes (1).txt', Buffer.alloc(4_900_000, 'plan '))
  await page.waitForURL(/\/booking\//)
  const uid = /\/booking\/([\w-]+)/.exec(page.url())?.[1] ?? 'none'
  await visitor.context.close()

  const host = await visitAsOwner(scene)
  await openDashboard(scene, host.page, `/bookings/detail/${uid}`)
  const link = host.page.getByRole('link', { name: /^Download.*Notes/ })
  const address = scene.app.url + (await link.getAttribute('href'))
  const answer = await fetch(address, { headers: { cookie: scene.ownerCookie } })
  expect(answer.headers.get('content-disposition')).toBe(
    'attachment; filename="file"; filename*=UTF-8\'\'Notes%20%281%29.txt',
  )
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect(answer.headers.get('content-type')).toBe('application/octet-stream')
  expect((await answer.arrayBuffer()).byteLength).toBe(4_900_000)
  expect((await fetch(address, { redirect: 'manual' })).status).not.toBe(200)
  const elsewhere = address.replace(uid, 'a'.repeat(24))
  expect(elsewhere).not.toBe(address)
  expect((await fetch(elsewhere, { headers: { cookie: scene.ownerCookie } })).status).toBe(404)
})
