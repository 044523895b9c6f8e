import type { BrowserContextOptions, Page } from 'playwright-core'
import { Temporal } from 'temporal-polyfill'
import { beforeAll, describe, expect, it } from 'vitest'
import { policyVersion } from '#features/bookings/answers/commands.ts'
import { hashToken, randomUid, uuidv7 } from '#platform/crypto.ts'
import { messagesOf } from '#platform/i18n/messages.ts'
import {
  accessibilityFaults,
  book,
  freeStarts,
  mailsTo,
  OWNER,
  openDashboard,
  ownOffer,
  picture,
  postForm,
  type Scene,
  sidewaysScroll,
  useScene,
  visit,
  visitAsOwner,
} from './scene.ts'

const scene = useScene()
/** What is looked at, by name. */
let publicPages: Record<string, string>
let hostPages: Record<string, string>
/** A form whose time nobody else has looked at, and so may be holding. */
let unseenForm: string

beforeAll(async () => {
  const { app } = scene
  const path = await ownOffer(scene, {
    ...{ slug: 'talk', title: 'A talk about the analytical engine', durations: [30, 60] },
    locations: [
      { kind: 'link', url: 'https://meet.example.org/ada', label: 'Meeting room', video: true },
      { kind: 'attendee_phone' },
      { kind: 'in_person', address: '12 St James’s Square, London' },
    ],
  })
  const asked = await ownOffer(scene, { slug: 'ask', title: 'Audience', requiresConfirmation: true })
  const agreed = await ownOffer(scene, { slug: 'agreed', title: 'Agreed', options: { questions: [TERMS] } })
  const free = (await freeStarts(app, path)).slice(20)
  const at = (n: number) => free[n * 4] ?? 0
  const uid = await book(app, path, at(0), { name: 'Bo Visitor' })
  const pending = await book(app, asked, at(1), { name: 'Maximiliane Mustermann-Wolkenstein von und zu Hohenlohe' })
  const cancelled = await book(app, path, at(2))
  await postForm(app, `/booking/${cancelled}?/cancel`, { reason: 'Ill', sequence: '0' })
  const agreement = policyVersion(TERMS.text)
  const bound = await book(app, agreed, at(5), { answers: { terms: agreement } })
  const slot = new Date(at(3)).toISOString()
  unseenForm = `${path}?slot=${slotOf(at(4))}`
  publicPages = {
    ...{
      start: '/',
      profile: '/ada',
      booker: path,
      form: `${path}?slot=${slot}`,
      lost: `${path}?slot=${slotOf(at(0))}`,
    },
    why: `${path}/why?day=2027-01-05&time=04:00`,
    ...{ confirmation: `/booking/${uid}`, pending: `/booking/${pending}`, cancelled: `/booking/${cancelled}` },
    ...{ cancel: `/booking/${uid}?cancel=true`, reschedule: `/reschedule/${uid}`, missing: '/nobody' },
    ...{ 'my-bookings': '/my-bookings', 'my-bookings-gone': '/my-bookings/expired' },
    'answer-gone': '/answer/expired',
    ...{ 'sign-in': '/auth/sign-in', 'sign-up': '/auth/sign-up' },
    ...{ 'sign-in-link': '/auth/link', 'sign-in-link-gone': '/auth/link/expired' },
    ...{ forgot: '/auth/forgot', 'reset-gone': '/auth/reset/expired', 'return-gone': '/auth/return/expired' },
    ...{ private: await insertPrivateLink(app.db, 'talk'), reset: await resetLink(app) },
  }
  const type = await app.db.selectFrom('event_types').select('id').where('slug', '=', 'talk').executeTakeFirstOrThrow()
  await app.db.updateTable('schedules').set({ name: 'Engine room' }).execute()
  const hours = await app.db.selectFrom('schedules').select('id').executeTakeFirstOrThrow()
  const contact = await app.db.selectFrom('attendees').select('id').orderBy('id').executeTakeFirstOrThrow()
  const webhookId = await insertWebhook(app.db, scene.ownerId)
  const absenceId = await insertAbsence(app.db, scene.ownerId)
  hostPages = {
    ...{ contacts: '/contacts', presets: '/bookings/presets', new: '/bookings/new' },
    several: `/bookings/several?act=cancel&uid=${uid}&uid=${pending}`,
    ...{ upcoming: '/bookings/upcoming', unconfirmed: '/bookings/unconfirmed', past: '/bookings/past' },
    recurring: '/bookings/recurring',
    ...{ 'cancelled-list': '/bookings/cancelled', detail: `/bookings/detail/${uid}` },
    ...{
      act: `/bookings/detail/${uid}/cancel`,
      'event-types': '/event-types',
      'event-type': `/event-types/${type.id}`,
      preferred: `/event-types/${type.id}/preferred`,
    },
    ...{ availability: '/availability', hours: `/availability/${hours.id}`, profile: '/settings/profile' },
    ...{ home: '/home', settings: '/settings', general: '/settings/general' },
    ...{
      appearance: '/settings/appearance',
      security: '/settings/security',
      'second-step': '/settings/security/second-step',
      'address-gone': '/settings/security/address/expired',
      activity: '/settings/activity',
      privacy: '/settings/privacy',
      feeds: '/settings/feeds',
      webhooks: '/settings/webhooks',
      'new-webhook': '/settings/webhooks/new',
      webhook: `/settings/webhooks/${webhookId}`,
      'type-webhooks': `/event-types/${type.id}/webhooks`,
      'host-missing': '/bookings/other',
    },
    ...{
      month: '/availability/month',
      away: '/availability/away',
      'new-absence': '/availability/away/new',
      absence: `/availability/away/${absenceId}`,
      holidays: '/availability/holidays',
      travel: '/availability/travel',
      limits: '/availability/limits',
    },
    ...{
      calendar: '/bookings/calendar',
      blocked: '/bookings/blocked',
      guests: `/bookings/detail/${uid}/guests`,
      location: `/bookings/detail/${uid}/location`,
      report: `/bookings/detail/${uid}/report`,
      contact: `/contacts/${contact.id}`,
      terms: `/bookings/detail/${bound}/terms/${agreement}`,
    },
    ...{
      questions: `/event-types/${type.id}/questions`,
      links: `/event-types/${type.id}/links`,
      times: `/event-types/${type.id}/times`,
      deliveries: '/settings/deliveries',
    },
  }
})

const TERMS = {
  ...{ key: 'terms', type: 'policy' as const, label: 'I agree to the terms', help: '', placeholder: '' },
  ...{ required: true, hidden: false, lockPrefilled: false, options: [], min: null, max: null, showWhen: null },
  text: '## Cancelling\n\nA **day** before, at the latest.\n\n- by [mail](https://example.org/mail)\n- by telephone',
}

/** Makes a link for one person to a page that everybody has; gives its path. */
async function insertPrivateLink(db: Scene['app']['db'], slug: string): Promise<string> {
  const token = randomUid()
  const { id } = await db.selectFrom('event_types').select('id').where('slug', '=', slug).executeTakeFirstOrThrow()
  await db
    .insertInto('private_links')
    .values({
      ...{ event_type_id: id, token_hash: hashToken(token), sealed_token: '', label: 'For Robin' },
      ...{ person_name: 'Robin Meyer', person_email: 'robin@example.net', starts: null, duration: null },
      ...{ expires_at: null, most_uses: 1, created_at: Temporal.Now.instant() },
    })
    .execute()
  return `/d/${token}/${slug}`
}

/** Forgets the owner's password; gives the path of the link that they are sent. */
async function resetLink(app: Scene['app']): Promise<string> {
  await postForm(app, '/auth/forgot', { email: OWNER.email })
  for (let count = 1; ; count++) {
    const mails = await mailsTo(app, OWNER.email, count)
    const path = mails.map(({ email }) => /\/auth\/reset\/[\w-]+/.exec(email.text ?? '')?.[0]).find(Boolean)
    if (path) return path
  }
}

/** A webhook of the host's that has trouble, with something in its log. */
async function insertWebhook(db: Scene['app']['db'], userId: number): Promise<number> {
  const now = Temporal.Now.instant()
  const moments = { created_at: now, updated_at: now }
  const { id } = await db
    .insertInto('webhooks')
    .values({
      ...{ user_id: userId, event_type_id: null, url: 'https://hooks.example.org/a/rather/long/address/of/a/receiver' },
      ...{ triggers: ['BOOKING_CREATED', 'MEETING_ENDED'], template: '{"text":"{{title}}"}', failures: 3 },
      ...{ failing_since: now, times_since: now, ...moments },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const delivery = { id: uuidv7(), event_id: null, subject: 'booking:1', kind: 'webhook' as const, version: 1 }
  await db
    .insertInto('deliveries')
    .values({
      ...{ ...delivery, topic: 'BOOKING_CREATED', target: String(id), attempts: 3, ...moments },
      ...{ state: 'waiting', reason: 'webhook_refused', next_at: now.add({ hours: 20 }) },
    })
    .execute()
  await db
    .insertInto('webhook_attempts')
    .values({
      ...{ id: uuidv7(), delivery_id: delivery.id, webhook_id: id, attempt: 3, url: 'https://hooks.example.org/a' },
      ...{
        request_headers: '{"content-type":"application/json"}',
        request_body: '{"a":1}',
        status: 503,
        failure: null,
      },
      ...{ response_headers: '{"retry-after":"60"}', response_body: 'busy', milliseconds: 120, created_at: now },
    })
    .execute()
  return id
}

/** An absence with everything that one can say of it, far away from what the pages show. */
async function insertAbsence(db: Scene['app']['db'], userId: number): Promise<number> {
  const now = Temporal.Now.instant()
  const { id } = await db
    .insertInto('absences')
    .values({
      ...{ user_id: userId, first_date: '2035-05-07', last_date: '2035-05-09', from_minute: 720, to_minute: 600 },
      ...{ reason: 'own', own_reason: 'The Great Exhibition', note: 'Reachable by post', public: true },
      ...{ redirect_user_id: null, redirect_url: 'https://example.org/exhibition', created_at: now, updated_at: now },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

const slotOf = (start: number) => new Date(start).toISOString()

type Look = (page: Page, name: string) => Promise<void>

/** Opens every page, by visitors and by the host, and hands it over. */
async function onEachPage(options: BrowserContextOptions, look: Look): Promise<void> {
  const visitor = await visit(scene.browser, options)
  for (const [name, address] of Object.entries(publicPages)) {
    const answer = await visitor.page.goto(scene.app.url + address)
    expect([name, answer?.status()]).toEqual([name, name === 'missing' ? 404 : 200])
    await look(visitor.page, name)
  }
  const host = await visitAsOwner(scene, options)
  for (const [name, address] of Object.entries(hostPages)) {
    const answer = await openDashboard(scene, host.page, address)
    expect([name, answer?.status()]).toEqual([name, name === 'host-missing' ? 404 : 200])
    await look(host.page, name)
  }
  await visitor.context.close()
  await host.context.close()
}

describe('every page', () => {
  for (const [colorScheme, width] of [
    ['light', 1280],
    ['dark', 390],
  ] as const) {
    it(`has nothing that axe objects to, ${colorScheme} on ${width} pixels`, { timeout: 240_000 }, async () => {
      const found: [string, string[]][] = []
      await onEachPage({ colorScheme, viewport: { width, height: 900 } }, async (page, name) => {
        const faults = await accessibilityFaults(page)
        if (faults.length > 0) found.push([name, faults])
        await picture(page, `${name}-${width}-${colorScheme}`)
      })
      expect(found).toEqual([])
    })
  }

  it('fits into 320 pixels, in German, from left to right and from right to left', { timeout: 240_000 }, async () => {
    await scene.app.db.updateTable('users').set({ locale: 'de' }).where('id', '=', scene.ownerId).execute()
    const english: [string, string][] = []
    const wide: [string, string, number][] = []
    try {
      await onEachPage({ locale: 'de-DE', viewport: { width: 320, height: 640 } }, async (page, name) => {
        expect([name, await page.locator('html').getAttribute('lang')]).toEqual([name, 'de'])
        const shown = await wordsOn(page)
        for (const words of shown.filter(isLeftover)) english.push([name, words])
        for (const direction of ['ltr', 'rtl'] as const) {
          await page.evaluate((dir) => {
            document.documentElement.dir = dir
          }, direction)
          const excess = await sidewaysScroll(page)
          if (excess > 0) wide.push([name, direction, excess])
          await picture(page, `${name}-320-${direction}`)
        }
      })
    } finally {
      await scene.app.db.updateTable('users').set({ locale: 'en' }).where('id', '=', scene.ownerId).execute()
    }
    expect(wide).toEqual([])
    expect(english).toEqual([])
  })

  it('of the reference of the API satisfies axe and fits a phone, too', { timeout: 240_000 }, async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, context } = await visit(scene.browser, { colorScheme, viewport: { width: 320, height: 640 } })
      expect((await page.goto(`${scene.app.url}/api/reference`))?.status()).toBe(200)
      expect(await accessibilityFaults(page)).toEqual([])
      expect(await sidewaysScroll(page)).toBe(0)
      await picture(page, `reference-320-${colorScheme}`)
      await context.close()
    }
  })

  it('shows the words of a language that was chosen on the page, and mails in it', async () => {
    const { page } = await visit(scene.browser, { javaScriptEnabled: false })
    await page.goto(`${scene.app.url}/ada`)
    await page
      .getByRole('button', { name: 'Deutsch' })
      .or(page.getByRole('link', { name: 'Deutsch' }))
      .click()
    expect(await page.locator('html').getAttribute('lang')).toBe('de')
    await page.goto(`${scene.app.url}${unseenForm}`)
    await page.locator('input[name="name"]').fill('Jörg')
    await page.locator('input[name="email"]').fill('joerg@example.net')
    await page.locator('#details button[type="submit"]:not([formaction])').last().click()
    await page.waitForURL(/\/booking\//)
    const row = await scene.app.db
      .selectFrom('attendees')
      .where('email', '=', 'joerg@example.net')
      .select('locale')
      .executeTakeFirstOrThrow()
    expect(row.locale).toBe('de')
  })
})

/** Every piece of text that is shown or read out. */
function wordsOn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [document.title]
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
      if (!texts.currentNode.parentElement?.closest('script, style, noscript'))
        found.push(texts.currentNode.nodeValue ?? '')
    }
    for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
      for (const element of document.querySelectorAll(`[${name}]`)) found.push(element.getAttribute(name) ?? '')
    }
    return found.map((text) => text.replace(/\s+/g, ' ').trim()).filter(Boolean)
  })
}

const AREAS = [
  'ui',
  'errors',
  'public',
  'booker',
  'home',
  'start',
  'account',
  'settings',
  'schedules',
  'event-types',
  'bookings',
  'mail',
  'webhooks',
  'my-bookings',
  'answer',
] as const
const german = messagesOf('de', AREAS)
const germanWords = new Set(Object.values(german))
const englishWords = new Set(Object.values(messagesOf('en', AREAS)).filter((text) => !germanWords.has(text)))
const isKey = (words: string) => words in german || new RegExp(`^(${AREAS.join('|')})\\.[a-z][\\w.-]+$`).test(words)
/** A message in English, or the key of one that has no text. */
const isLeftover = (words: string) => englishWords.has(words) || isKey(words)

it('a host’s theme and colour are on their page, legibly', async () => {
  const { db, url } = scene.app
  const faults: string[][] = []
  for (const [brand_color, page_theme] of [
    ['#ffe600', 'light'],
    ['#101010', 'dark'],
    ['#c0c0c0', 'light'],
  ] as const) {
    await db.updateTable('users').set({ brand_color, page_theme }).where('username', '=', OWNER.username).execute()
    const { page, context } = await visit(scene.browser)
    for (const address of [publicPages.booker, publicPages.form, publicPages.confirmation]) {
      await page.goto(url + address)
      expect(await page.locator('html').getAttribute('data-theme')).toBe(page_theme)
      faults.push(await accessibilityFaults(page))
    }
    await picture(page, `brand-${page_theme}-${brand_color.slice(1)}`)
    await context.close()
  }
  await db
    .updateTable('users')
    .set({ brand_color: null, page_theme: 'system' })
    .where('username', '=', OWNER.username)
    .execute()
  expect(faults.flat()).toEqual([])
})
