import { sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import { beforeAll, describe, expect, it } from 'vitest'
import { apiRoutes } from '#app/api.ts'
import { hashToken, randomToken, uuidv7 } from '#platform/crypto.ts'
import { book, freeStarts, mailsTo, OWNER, ownOffer, postForm, sendBooking, useScene } from './scene.ts'

const scene = useScene()
let uid: string
let path: string

beforeAll(async () => {
  path = await ownOffer(scene, { slug: 'ask', title: 'On request', requiresConfirmation: true })
  const [start = 0] = (await freeStarts(scene.app, path)).slice(20)
  uid = await book(scene.app, path, start)
})

/**
 * Everything that is stored, table by table, but for what merely looking at a page writes: when a session was last used, and the line
 * of the log that says who took a copy.
 */
async function stored(): Promise<Record<string, string>> {
  const { db } = scene.app
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'kysely%' order by 1
  `.execute(db)
  const digests = await Promise.all(
    rows.map(async ({ name }) => {
      const row = name === 'sessions' ? sql`(id, user_id, token_hash)::text` : sql`t::text`
      const { rows: found } = await sql<{ digest: string }>`
        select coalesce(md5(string_agg(${row}, ',' order by ${row})), '') as digest from ${sql.table(name)} t
        ${name === 'events' ? sql`where name <> 'export.downloaded'` : sql``}
      `.execute(db)
      return [name, found[0]?.digest ?? ''] as const
    }),
  )
  return Object.fromEntries(digests)
}

/** Names of the tables that are not as they were. */
async function changedSince(before: Record<string, string>): Promise<string[]> {
  const now = await stored()
  return Object.keys(now).filter((name) => now[name] !== before[name])
}

/** Mails of what was done before are on their way; only then does it stand still. */
async function untilSettled(): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const open = await scene.app.db
      .selectFrom('deliveries')
      .where('state', 'in', ['waiting', 'sending'])
      .select('id')
      .execute()
    const planned = await scene.app.db.selectFrom('deliveries').select('id').execute()
    if (planned.length > 0 && open.length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('mails do not settle')
}

interface Found {
  pages: Set<string>
  /** Addresses that forms post to. */
  targets: Set<string>
}

/** Every page that can be reached by links, as the owner sees the site. */
async function walk(from: readonly string[]): Promise<Found> {
  const pages = new Set<string>()
  const targets = new Set<string>()
  const queue = [...from]
  while (queue.length > 0 && pages.size < 250) {
    const page = queue.shift() as string
    if (pages.has(page)) continue
    pages.add(page)
    const answer = await get(page)
    if (!answer.headers.get('content-type')?.startsWith('text/html')) continue
    const html = await answer.text()
    for (const [, kind = '', value = ''] of html.matchAll(/\s(href|action|formaction)="([^"]*)"/g)) {
      const url = URL.parse(value.replaceAll('&amp;', '&'), new URL(page, scene.app.url))
      if (!url || url.origin !== scene.app.url || url.pathname.startsWith('/_app/')) continue
      const address = url.pathname + url.search
      if (kind === 'href') queue.push(plainly(address))
      else targets.add(address)
    }
    if (/<form[^>]*method="post"(?![^>]*action=)/i.test(html)) targets.add(page)
  }
  return { pages, targets }
}

/** Of the many days and times of one page, one stands for all. */
function plainly(address: string): string {
  return address.replace(/([?&])(month|date|slot)=[^&]*/g, '$1')
}

function get(address: string): Promise<Response> {
  return fetch(scene.app.url + address, {
    redirect: 'manual',
    headers: { cookie: scene.ownerCookie, accept: 'text/html' },
  })
}

describe('a site of links and forms', () => {
  it('changes nothing when it is looked at, forms included', async () => {
    await untilSettled()
    const before = await stored()
    const { pages, targets } = await walk([
      ...['/', '/ada', path, `/booking/${uid}`, `/reschedule/${uid}`, `/bookings/detail/${uid}`],
      ...['confirm', 'reject', 'cancel', 'request-time'].map((act) => `/bookings/detail/${uid}/${act}`),
    ])
    for (const part of ['/bookings/upcoming', '/event-types', '/availability', '/settings/profile', '/ada/ask']) {
      expect([...pages].filter((page) => page.startsWith(part)).length, part).toBeGreaterThan(0)
    }
    expect(targets.size).toBeGreaterThan(8)
    // What forms post to may be a link in somebody else's page: looking at it does nothing either.
    for (const target of targets) await get(target)
    await get('/auth/sign-out')
    expect(await changedSince(before)).toEqual([])
  })

  it('refuses forms of other sites, whoever is signed in', async () => {
    const { targets } = await walk(['/bookings/unconfirmed', `/booking/${uid}?cancel=true`, path, '/settings/profile'])
    const acts = ['confirm', 'reject', 'cancel', 'request-time'].map((act) => `/bookings/detail/${uid}/${act}`)
    const before = await stored()
    for (const target of [...targets, ...acts, `${path}?/book`, `/booking/${uid}?/cancel`, '/auth/sign-out']) {
      const foreign: Record<string, string>[] = [
        { origin: 'https://evil.example', cookie: scene.ownerCookie },
        { origin: 'null', cookie: scene.ownerCookie, 'sec-fetch-site': 'cross-site' },
      ]
      for (const headers of foreign) {
        const answer = await postForm(scene.app, target, { reason: 'x', sequence: '0' }, headers)
        expect([target, answer.status]).toEqual([target, 403])
      }
    }
    expect(await changedSince(before)).toEqual([])
  })

  it('takes the same form from its own page', async () => {
    const answer = await postForm(
      scene.app,
      `/bookings/detail/${uid}/confirm`,
      { sequence: '0' },
      { cookie: scene.ownerCookie },
    )
    expect(answer.status).toBe(303)
    await mailsTo(scene.app, OWNER.email, 2)
    await mailsTo(scene.app, 'bo@example.net', 2)
    await untilSettled()
  })

  it('lets nobody in without a session', async () => {
    for (const address of ['/bookings/upcoming', `/bookings/detail/${uid}`, '/event-types', '/settings/security']) {
      const answer = await fetch(scene.app.url + address, { redirect: 'manual', headers: { accept: 'text/html' } })
      expect([address, answer.status]).toEqual([address, 303])
      expect(answer.headers.get('location')).toContain('/auth/sign-in')
    }
    const act = await postForm(scene.app, `/bookings/detail/${uid}/cancel`, { reason: 'x' })
    expect(act.headers.get('location')).toContain('/auth/sign-in')
  })
})

describe('an address that does something when its page is asked to', () => {
  /** Of the newest mail to an address that has such a link. */
  async function linkTo(address: string, path: RegExp): Promise<string> {
    for (let count = 1; ; count++) {
      const mails = await mailsTo(scene.app, address, count)
      const found = mails.map(({ email }) => path.exec(email.text ?? '')?.[0]).findLast((one) => one !== undefined)
      if (found) return found
    }
  }

  /** What only says that somebody was here. */
  const LOOKING = new Set(['api_keys', 'sessions'])

  it('does nothing by being opened, as programs do that look through mails, nor by any GET of the API', async () => {
    const { app, ownerCookie } = scene
    await postForm(app, '/auth/forgot', { email: OWNER.email })
    await postForm(app, '/my-bookings', { email: 'bo@example.net' })
    await postForm(app, '/settings/feeds?/turnOn', { kind: 'bookings' }, { cookie: ownerCookie })
    const reset = await linkTo(OWNER.email, /\/auth\/reset\/[\w-]+/)
    const own = await linkTo('bo@example.net', /\/my-bookings\/[\w-]+/)
    const answer = await linkTo(OWNER.email, /\/answer\/[\w.-]+/)
    const feeds = await (await get('/settings/feeds')).text()
    const feed = /\/feeds\/[\w-]+\.ics/.exec(feeds)?.[0] ?? ''
    expect(feed).not.toBe('')
    const key = `sun_${randomToken()}`
    await app.db
      .insertInto('api_keys')
      .values({
        ...{ id: uuidv7(), user_id: scene.ownerId, label: 'Reader', prefix: key.slice(0, 12), scopes: null },
        ...{ key_hash: hashToken(key), created_at: Temporal.Now.instant(), expires_at: null },
      })
      .execute()
    await untilSettled()
    const before = await stored()
    const addresses = [
      ...[answer, `${answer}?decline`, `${answer}?/confirm`, `${answer}?/reject`],
      ...[reset, own, feed, feed.replace('.ics', '.ifb'), '/setup/expired', '/auth/return/expired', '/mcp'],
      ...['/settings/security/address/expired', '/auth/sign-out', '/language', '/getting-started/leave'],
      ...['/bookings/export', '/settings/privacy/data.json', '/settings/privacy/bookings.ics', '/search?q=bo'],
      ...[`/booking/${uid}/onward`, `/booking/${uid}/calendar.ics`, `/booking/${uid}?/cancel`, `${path}?/book`],
      ...[
        `${path}/hold`,
        `/reschedule/${uid}/hold`,
        `${path}?cal.isBookingDryRun=true`,
        `${path}?rescheduleUid=${uid}`,
      ],
      ...apiRoutes
        .filter(({ method }) => method === 'get')
        .map((route) => `/v2${route.path.replaceAll(/\{(\w+)\}/g, (_, name) => (/uid/i.test(name) ? uid : '1'))}`),
      // A method in disguise is no other method.
      ...['DELETE', 'POST'].map((method) => `/v2/bookings/${uid}?_method=${method}`),
    ]
    for (const address of addresses) {
      for (const method of ['GET', 'HEAD'] as const) {
        for (const identity of [['cookie', ownerCookie] as const, ['authorization', `Bearer ${key}`] as const]) {
          const answer = await fetch(app.url + address, {
            ...{ method, redirect: 'manual' },
            headers: {
              [identity[0]]: identity[1],
              accept: 'text/html',
              purpose: 'prefetch',
              'x-http-method-override': 'POST',
            },
          })
          await answer.arrayBuffer()
          expect([address, answer.status < 500]).toEqual([address, true])
        }
      }
    }
    const after = await stored()
    for (const table of Object.keys(before).filter((one) => !LOOKING.has(one))) {
      expect([table, after[table]]).toEqual([table, before[table]])
    }
    // They still work for who they were sent to.
    for (const link of [reset, own]) expect(await (await get(link)).text()).toMatch(/type="password"|\/booking\//)
  })
})

describe('a form that nobody would fill in', () => {
  const start = async () => (await freeStarts(scene.app, path))[40] ?? 0

  it('is refused with a reason, and nothing is written', async () => {
    const before = await stored()
    const at = new Date(await start()).toISOString()
    const good = { start: at, duration: '30', timeZone: 'Europe/Berlin', name: 'Bo', email: 'bo@example.net' }
    const bad: Record<string, string>[] = [
      { ...good, timeZone: 'Mars/Olympus' },
      { ...good, name: 'n'.repeat(1_000_000) },
      { ...good, name: 'Bo\r\nBcc: all@example.net' },
      { ...good, email: 'bo@example.net\r\nBcc: all@example.net' },
      { ...good, email: 'bo@example.net, cy@example.net' },
      { ...good, start: '2020-01-01T10:00:00Z' },
      { ...good, start: new Date((await start()) + 7 * 60_000).toISOString() },
      { ...good, start: 'tomorrow' },
      { ...good, duration: '31' },
      { ...good, duration: 'NaN' },
      { ...good, guests: Array.from({ length: 30 }, (_, i) => `g${i}@example.net`).join(',') },
      {},
    ]
    for (const fields of bad) {
      const answer = await postForm(scene.app, `${path}?/book`, fields)
      expect([JSON.stringify(fields).slice(0, 120), answer.status >= 400 && answer.status < 500]).toEqual([
        JSON.stringify(fields).slice(0, 120),
        true,
      ])
      expect(await answer.text()).not.toMatch(/at \/|node_modules|kysely|postgres/i)
    }
    expect(await changedSince(before)).toEqual([])
    expect((await sendBooking(scene.app, path, await start())).status).toBe(303)
  })

  it('meets a page that says it does not exist', async () => {
    const nothing = ['/ada/...', '/ada/nothing', '/nobody', '/booking/short', '/bookings/other', '/bookings/detail/x']
    for (const address of [...nothing, '/bookings/upcoming?after=x', '/ada/ask?month=2026-99&date=x&slot=y&cal.tz=z']) {
      const answer = await get(address)
      expect([address, answer.status]).toEqual([address, nothing.includes(address) ? 404 : 200])
    }
  })
})
