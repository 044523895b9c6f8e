import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import ICAL from 'ical.js'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
  type Response as PageResponse,
} from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import { browserPath } from '#test/browser.ts'
import type { ReceivedMail } from '#test/mail-server.ts'
import { insertEventType, insertHost, type TestEventType } from '#test/offers.ts'
import { type App, startApp } from './app.ts'

const PICTURES = join(import.meta.dirname, '..', '..', 'test-results', 'e2e')

export const OWNER = {
  name: 'Ada Lovelace',
  username: 'ada',
  email: 'ada@example.org',
  password: 'a note on the engine',
  timeZone: 'Europe/Berlin',
}

/** An application with an owner who has time every day from 8 to 20 h in Berlin, and a browser. */
export interface Scene {
  app: App
  browser: Browser
  ownerId: number
  /** `name=value` of the owner's session. */
  ownerCookie: string
  stop(): Promise<void>
}

/** The scene of a file of tests, which stands before the first of them and is taken down after the last. */
export function useScene(env: Record<string, string> = {}): Scene {
  const scene: Partial<Scene> = {}
  beforeAll(async () => {
    Object.assign(scene, await openScene(env))
  })
  afterAll(() => scene.stop?.())
  return scene as Scene
}

async function openScene(env: Record<string, string>): Promise<Scene> {
  const [app, browser] = await Promise.all([startApp(env), openBrowser()])
  const stop = async () => {
    await browser.close()
    await app.stop()
  }
  try {
    return {
      ...{ app, browser, ...(await settle(app)) },
      async stop() {
        await stop()
        // Whatever the pages made of it: nothing of this may go wrong unexpectedly.
        expect(failuresIn(app.output())).toEqual([])
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Sets the instance up, for an owner who has time every day. */
async function settle(app: App): Promise<Pick<Scene, 'ownerId' | 'ownerCookie'>> {
  const ownerCookie = await setUp(app)
  const { id } = await app.db
    .selectFrom('users')
    .where('username', '=', OWNER.username)
    .select('id')
    .executeTakeFirstOrThrow()
  await app.db
    .updateTable('schedules')
    .set({ weekly: JSON.stringify(EVERY_DAY) })
    .where('user_id', '=', id)
    .execute()
  // The way of a new account is walked in a test of its own.
  await app.db.updateTable('users').set({ getting_started: null }).where('id', '=', id).execute()
  return { ownerId: id, ownerCookie }
}

/** Lines of the log that an operator would have to look at. */
function failuresIn(output: string): string[] {
  return output.split('\n').filter((line) => /^\{.*"level":(50|60|"error"|"fatal")/.test(line))
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch(await browserPath())
}

/** Posts a form as the page at `path` does. Redirects are not followed. */
export function postForm(
  app: App,
  path: string,
  fields: Record<string, string> | [name: string, value: string][],
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(new URL(path, app.url), {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: app.url, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields),
  })
}

async function setUp(app: App): Promise<string> {
  const answer = await postForm(app, app.setUpUrl, OWNER, { 'accept-language': 'en' })
  if (answer.status !== 303) throw new Error(`Setting up was answered with ${answer.status}:\n${await answer.text()}`)
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

const EVERY_DAY = [{ days: [0, 1, 2, 3, 4, 5, 6], start: 480, end: 1200 }]

/** An event type and its host, as visitors know them. */
export interface Offer {
  path: string
  hostName: string
  hostEmail: string
  hostId: number
}

/** An event type of a host of its own, who has time every day from 8 to 20 h in Berlin. */
export async function offer({ app: { db } }: Scene, settings: TestEventType = {}): Promise<Offer> {
  const host = await insertHost(db, { weekly: EVERY_DAY })
  await insertEventType(db, host.id, { slug: 'talk', ...settings })
  const { name, email } = await db
    .selectFrom('users')
    .where('id', '=', host.id)
    .select(['name', 'email'])
    .executeTakeFirstOrThrow()
  return { path: `/${host.username}/${settings.slug ?? 'talk'}`, hostName: name, hostEmail: email, hostId: host.id }
}

/** An event type of the owner; gives the address of its page. */
export async function ownOffer({ app, ownerId }: Scene, settings: TestEventType & { slug: string }): Promise<string> {
  await insertEventType(app.db, ownerId, settings)
  return `/${OWNER.username}/${settings.slug}`
}

/** Somebody with a browser of their own. */
export interface Visitor {
  context: BrowserContext
  page: Page
  /** Errors of scripts and refusals of the content security policy so far. */
  faults: string[]
}

/** How long one thing at a page may take. Only a failure takes so long, however busy the machine is. */
const ACTION_MS = 30_000

/** Opens a browser for the rest of the test, which fails where a page of it made a mistake. */
export async function visit(browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'America/New_York',
    ...options,
  })
  context.setDefaultTimeout(ACTION_MS)
  await context.addInitScript(noteTakeover)
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    // A form that is refused is answered with a status that Chromium reports as a failed load.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(message.text())
  })
  onTestFinished(async ({ task }) => {
    const number = browser.contexts().indexOf(context) + 1
    if (task.result?.state === 'fail' && number > 0) await keepPicture(page, `failed ${task.name} ${number}`)
    await context.close()
    expect(faults).toEqual([])
  })
  return { context, page, faults }
}

/** The owner at a browser, signed in. */
export async function visitAsOwner(scene: Scene, options: BrowserContextOptions = {}): Promise<Visitor> {
  const visitor = await visit(scene.browser, { timezoneId: OWNER.timeZone, ...options })
  const [name = '', value = ''] = scene.ownerCookie.split('=')
  await visitor.context.addCookies([{ name, value, url: scene.app.url }])
  return visitor
}

/** Opens a page of the dashboard and waits until its scripts have taken it over. */
export async function openDashboard({ app }: Scene, page: Page, path: string): Promise<PageResponse | null> {
  const answer = await page.goto(app.url + path)
  await page.waitForFunction(() => Object.hasOwn(window, 'takenOver'))
  return answer
}

/** The dashboard's layout says its theme and language once more when it runs; nothing else changes them. */
function noteTakeover(): void {
  new MutationObserver(() => Object.assign(window, { takenOver: true })).observe(document, {
    subtree: true,
    attributeFilter: ['data-theme'],
  })
}

/** Until the booker runs; its links lead there before, too. */
export async function untilLive(page: Page): Promise<void> {
  await page.locator('.booker[data-live]').waitFor()
}

/** Free starts (epoch ms) of an offer in a month and the next, soonest first. */
export async function freeStarts(app: App, path: string, duration = 30): Promise<number[]> {
  const month = new Date().toISOString().slice(0, 7)
  const following = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 1)).toISOString().slice(0, 7)
  const lists = await Promise.all(
    [month, following].map(async (of) => {
      const answer = await fetch(`${app.url}${path}/slots?month=${of}&duration=${duration}&cal.tz=UTC`)
      const { starts } = (await answer.json()) as { starts: number[] }
      let minutes = 0
      return starts.map((distance) => {
        minutes += distance
        return minutes * 60_000
      })
    }),
  )
  return [...new Set(lists.flat())].sort((a, b) => a - b)
}

export interface Attendance {
  name?: string
  email?: string
  duration?: number
  idempotencyKey?: string
  answers?: Record<string, string>
  quantity?: number
  /** Starts of a series, RFC 3339. */
  occurrences?: string[]
}

/** Books as the plain form does; gives the answer. */
export function sendBooking(app: App, path: string, start: number, who: Attendance = {}): Promise<Response> {
  const fields = {
    start: new Date(start).toISOString(),
    duration: String(who.duration ?? 30),
    timeZone: 'America/New_York',
    name: who.name ?? 'Bo Visitor',
    email: who.email ?? 'bo@example.net',
    ...(who.quantity ? { quantity: String(who.quantity) } : {}),
    ...(who.idempotencyKey ? { idempotencyKey: who.idempotencyKey } : {}),
    ...Object.fromEntries(Object.entries(who.answers ?? {}).map(([key, answer]) => [`answers.${key}`, answer])),
  }
  const dates = (who.occurrences ?? []).map((date): [string, string] => ['occurrence', date])
  return postForm(app, `${path}?/book`, [...Object.entries(fields), ...dates])
}

/** @returns the uid of the booking. @throws when it was refused */
export async function book(app: App, path: string, start: number, who: Attendance = {}): Promise<string> {
  const answer = await sendBooking(app, path, start, who)
  const uid = /\/booking\/([\w-]+)/.exec(answer.headers.get('location') ?? '')?.[1]
  if (!uid) throw new Error(`Booking was answered with ${answer.status}`)
  return uid
}

/** Keeps what is on screen to be looked at, when the run is asked for pictures: with E2E_PICTURES=1. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.E2E_PICTURES) await keepPicture(page, name)
}

async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true })
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true })
}

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds wrong, one line each. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // Axe asks the frames of a page, too, and waits a minute for one that is loaded anew in between.
  await untilIdle(page)
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).setLegacyMode().analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
}

/** Until nothing that is seen is about to become something else. */
async function untilIdle(page: Page): Promise<void> {
  await page.waitForFunction(
    () => ![...document.querySelectorAll('[aria-busy="true"]')].some((element) => element.checkVisibility()),
  )
}

/** Looks at a page as it stands, wide and light, then narrow and dark. */
export async function expectGoodLooks(page: Page, name: string): Promise<void> {
  const size = page.viewportSize()
  for (const [colorScheme, width] of [
    ['light', 1280],
    ['dark', 390],
  ] as const) {
    await page.setViewportSize({ width, height: 844 })
    // Colours that are still on their way to the others are neither.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expectGoodLooksAsIs(page, `${name}-${width}-${colorScheme}`)
  }
  if (size) await page.setViewportSize(size)
  await page.emulateMedia({ colorScheme: null, reducedMotion: null })
}

/** Looks at a page in the width and the colours that it has. */
export async function expectGoodLooksAsIs(page: Page, name: string): Promise<void> {
  await picture(page, name)
  expect([name, await accessibilityFaults(page)]).toEqual([name, []])
  expect([name, await sidewaysScroll(page)]).toEqual([name, 0])
}

/** How many pixels the page is wider than its window. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

export interface Invitation {
  method: string
  uid: string
  sequence: number
  /** Epoch ms. */
  start: number
  end: number
  status: string
  attendees: string[]
}

/** The calendar object of a mail, read by a reader that is not ours. */
export function invitationOf({ email }: ReceivedMail): Invitation | null {
  const part = email.attachments.find(({ mimeType }) => mimeType === 'text/calendar')
  if (!part) return null
  const text = typeof part.content === 'string' ? part.content : new TextDecoder().decode(part.content)
  const calendar = new ICAL.Component(ICAL.parse(text))
  const component = calendar.getFirstSubcomponent('vevent')
  if (!component) throw new Error('a calendar without an event')
  const event = new ICAL.Event(component)
  return {
    method: String(calendar.getFirstPropertyValue('method')),
    uid: event.uid,
    sequence: event.sequence,
    start: event.startDate.toJSDate().getTime(),
    end: event.endDate.toJSDate().getTime(),
    status: String(component.getFirstPropertyValue('status')),
    attendees: event.attendees.map((attendee) => String(attendee.getFirstValue()).replace(/^mailto:/i, '')).sort(),
  }
}

/** The mails to an address so far, once there are so many. */
export async function mailsTo({ mail }: App, address: string, count: number): Promise<ReceivedMail[]> {
  const until = performance.now() + 15_000
  for (;;) {
    const own = mail.mails.filter(({ envelope }) => envelope.to.includes(address))
    if (own.length >= count) return own
    if (performance.now() > until) {
      const subjects = mail.mails.map(({ email, envelope }) => `${envelope.to}: ${email.subject}`)
      throw new Error(`${own.length} of ${count} mails to ${address}. All: ${subjects.join(' | ')}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

/** How many bookings and claims there are: what must not change, or by how much. */
export async function counts({ db }: App): Promise<{ bookings: number; claims: number }> {
  const count = async (table: 'bookings' | 'claims') => {
    const { n } = await db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
    return Number(n)
  }
  return { bookings: await count('bookings'), claims: await count('claims') }
}

/** Presses Tab until `selector` has the focus, as someone without a mouse does. @throws after a whole round */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 150; presses++) {
    await page.keyboard.press('Tab')
    const reached = await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)
    if (reached) {
      await expectVisibleFocus(page)
      return
    }
  }
  throw new Error(`${selector} cannot be reached with the keyboard`)
}

/** What has the focus shows it: an outline, or for controls a border that changed. */
async function expectVisibleFocus(page: Page): Promise<void> {
  const shown = await page.evaluate(() => {
    const element = document.activeElement
    if (!element || element === document.body) return 'nothing has the focus'
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2
      ? 'shown'
      : `${element.outerHTML.slice(0, 120)}: ${outlineStyle}`
  })
  expect(shown).toBe('shown')
}
