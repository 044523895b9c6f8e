import { Temporal } from 'temporal-polyfill'
import { beforeAll, describe, expect, it } from 'vitest'
import { useFurnishedScene } from './furnished-scene.ts'
import { book, freeStarts, mailsTo, OWNER, openDashboard, untilLive, visit, visitAsOwner } from './scene.ts'

/** What becomes of markup that anybody writes anywhere. */

const { scene, at, ask } = useFurnishedScene()

/** Ends an attribute, a script, a title, a text field and a comment, and begins an element of its own. */
const MARKUP = `'"></script></title></textarea>--><i data-struck onclick=x></i><!--{{7*7}}`
const MARKDOWN = `${MARKUP}\n\n[go](javascript:struck()) [on](data:text/html,x) ![x](x"onerror=x) <javascript:struck()>`

/** What people write in their own words, wherever it is kept. */
const WORDS: Record<string, string[]> = {
  users: ['name', 'bio'],
  sessions: ['user_agent'],
  api_keys: ['label'],
  schedules: ['name'],
  absences: ['own_reason', 'note'],
  event_types: ['title', 'description'],
  private_links: ['label', 'person_name'],
  bookings: ['title', 'notes', 'reason'],
  attendees: ['name', 'notes', 'reason'],
  booking_views: ['name'],
  booking_notes: ['text'],
  note_presets: ['text', 'reason'],
  booking_ratings: ['comment'],
  contacts: ['notes'],
  webhooks: ['template'],
}

/** Straight into the tables: what commands refuse could have come another way. */
async function writeEverywhere(): Promise<void> {
  const { app, ownerId } = scene
  const { db } = app
  const now = Temporal.Now.instant()
  const { id: attendeeId } = await db
    .selectFrom('attendees')
    .select('id')
    .where('booking_id', '=', at.bookingId)
    .executeTakeFirstOrThrow()
  await db
    .insertInto('booking_ratings')
    .values({ attendee_id: attendeeId, booking_id: at.bookingId, stars: 3, created_at: now })
    .execute()
  await db
    .insertInto('booking_views')
    .values({ user_id: ownerId, name: 'View', tab: 'upcoming', query: '', created_at: now })
    .execute()
  const today = now.toString().slice(0, 10)
  await db
    .insertInto('absences')
    .values({
      ...{ user_id: ownerId, first_date: today, last_date: today, from_minute: null, to_minute: null, reason: 'own' },
      ...{
        public: true,
        own_reason: 'x',
        redirect_user_id: null,
        redirect_url: null,
        created_at: now,
        updated_at: now,
      },
    })
    .execute()
  for (const [table, columns] of Object.entries(WORDS)) {
    for (const column of columns) {
      const words = column === 'description' || column === 'bio' ? MARKDOWN : MARKUP
      const { numUpdatedRows } = await db
        .updateTable(table as 'users')
        .set({ [column]: words })
        .executeTakeFirstOrThrow()
      expect([table, column, numUpdatedRows > 0n]).toEqual([table, column, true])
    }
  }
  const types = ['text', 'long_text', 'url', 'address', 'signature']
  const answers = types.map((type) => ({ key: type + MARKUP, label: MARKUP, type, hidden: false, value: MARKUP }))
  await db
    .updateTable('attendees')
    .set({
      answers: JSON.stringify(answers),
      metadata: JSON.stringify({ [MARKUP]: MARKUP }),
      tracking: JSON.stringify({ utm_source: MARKUP, utm_campaign: MARKUP }),
    })
    .execute()
  await db
    .updateTable('bookings')
    .set({ location: JSON.stringify({ kind: 'in_person', address: MARKUP, label: MARKUP }) })
    .execute()
  await db
    .updateTable('contacts')
    .set({ tags: [MARKUP] })
    .execute()
  const { options } = await db
    .selectFrom('event_types')
    .select('options')
    .where('id', '=', at.talkId)
    .executeTakeFirstOrThrow()
  const { questions } = options as { questions: object[] }
  const hostile = questions.map((one) => ({ ...one, label: MARKUP, help: MARKUP, placeholder: MARKUP, hidden: false }))
  await db
    .updateTable('event_types')
    .set({
      options: JSON.stringify({ ...options, questions: hostile, titleTemplate: MARKUP }),
      locations: JSON.stringify([
        { kind: 'in_person', address: MARKUP, label: MARKUP },
        { kind: 'attendee_text', label: MARKUP },
      ]),
    })
    .where('id', '=', at.talkId)
    .execute()
}

/** Every page that strangers have, and those of the host that show what others wrote. */
const pages = () => ({
  visitor: [
    ...['/', '/ada', at.talk, `${at.talk}?slot=${new Date(at.free).toISOString()}`, `${at.talk}/why`, at.course],
    ...[`/d/${at.link}/hidden`, '/ada+eve/30', `/booking/${at.uid}`, `/booking/${at.uid}?cancel=true`],
    ...[`/booking/${at.seat}`, `/reschedule/${at.uid}`, '/my-bookings', '/my-bookings/expired', '/nobody'],
    ...['/auth/sign-in', '/auth/sign-up', '/auth/forgot', '/auth/reset/expired', '/setup/expired'],
    // What stands in the address comes back in the page.
    `${at.talk}?${new URLSearchParams({ slot: new Date(at.free).toISOString(), name: MARKUP, notes: MARKUP, open: MARKUP, utm_source: MARKUP, [MARKUP]: MARKUP })}`,
    `${at.talk}?${new URLSearchParams({ 'cal.tz': MARKUP, month: MARKUP, date: MARKUP, layout: MARKUP, theme: MARKUP })}`,
    `/auth/sign-in?${new URLSearchParams({ next: `/x${MARKUP}` })}`,
    `/${encodeURIComponent(MARKUP)}`,
  ],
  owner: [
    ...[
      '/home',
      '/bookings/upcoming',
      '/bookings/unconfirmed',
      '/bookings/past',
      '/bookings/cancelled',
      '/bookings/all',
    ],
    ...['/bookings/calendar', '/bookings/new', '/bookings/presets', '/bookings/blocked', `/bookings/detail/${at.uid}`],
    ...['confirm', 'cancel', 'guests', 'location', 'report'].map((act) => `/bookings/detail/${at.uid}/${act}`),
    ...[`/bookings/several?act=cancel&uid=${at.uid}`, '/contacts', `/contacts/${at.contactId}`, '/event-types'],
    ...['', '/questions', '/links', '/times', '/preferred', '/preview', '/webhooks'].map(
      (part) => `/event-types/${at.talkId}${part}`,
    ),
    ...[`/event-types/${at.hiddenId}/links`, '/availability', '/availability/away', '/availability/month'],
    ...['profile', 'general', 'appearance', 'security', 'privacy', 'activity', 'feeds', 'webhooks', 'deliveries'].map(
      (part) => `/settings/${part}`,
    ),
    ...[`/settings/webhooks/${at.webhookId}`, `/search?q=${encodeURIComponent(MARKUP.slice(0, 20))}`],
    `/bookings/all?${new URLSearchParams({ q: MARKUP, attendee: MARKUP, sort: MARKUP, after: MARKUP })}`,
    `/contacts?${new URLSearchParams({ q: MARKUP, tag: MARKUP })}`,
  ],
})

describe('markup that somebody writes', () => {
  beforeAll(writeEverywhere)

  /** Whatever it is in, the element is spelled out, and no address runs a script. */
  function standsAsWritten(address: string, html: string): void {
    expect([address, /<i data-struck/.exec(html)]).toEqual([address, null])
    expect([address, /(href|src|action)=["']?\s*(javascript|data:text)/i.exec(html)]).toEqual([address, null])
  }

  it.each(['visitor', 'owner'] as const)('is words in every page and every answer (%s)', async (who) => {
    const role = who === 'owner' ? 'owner' : 'anonymous'
    expect(() => standsAsWritten('', MARKUP)).toThrow()
    let met = 0
    for (const address of pages()[who]) {
      const answer = await ask(address, role)
      const html = await answer.text()
      expect([address, answer.status < 500]).toEqual([address, true])
      if (answer.headers.get('content-type')?.startsWith('text/html')) standsAsWritten(address, html)
      if (html.includes('data-struck')) met++
    }
    expect(met).toBeGreaterThan(who === 'owner' ? 20 : 8)
  })

  it('does nothing where pages come to life', async () => {
    const here = pages()
    const shown = {
      visitor: here.visitor.slice(2, 4),
      owner: here.owner.filter((one) => /upcoming|detail|home|contacts\/|\/questions/.test(one)),
    }
    for (const [who, addresses] of Object.entries(shown)) {
      const { page, context, faults } = who === 'owner' ? await visitAsOwner(scene) : await visit(scene.browser)
      for (const address of addresses) {
        if (who === 'owner') await openDashboard(scene, page, address)
        else {
          await page.goto(scene.app.url + address)
          await untilLive(page)
        }
        const struck = await page.evaluate(
          () => document.querySelectorAll('[data-struck], [onclick], [onerror]').length,
        )
        expect([address, struck, faults]).toEqual([address, 0, []])
      }
      await context.close()
    }
  })

  it('is words in the files that are handed out', async () => {
    const ics = await (await ask(`/booking/${at.uid}/calendar.ics`, 'anonymous')).text()
    expect(ics.split(/\r\n(?! )/).filter((line) => !/^[A-Z-]+[;:]/.test(line) && line !== '')).toEqual([])
    const csv = await ask('/bookings/export', 'owner')
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/)
    expect(csv.headers.get('content-disposition')).toMatch(/^attachment/)
    const data = await ask('/settings/privacy/data.json', 'owner')
    expect(data.headers.get('content-type')).toMatch(/^application\/json/)
    for (const answer of [csv, data]) expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('is words in mails', async () => {
    const [start = 0] = (await freeStarts(scene.app, at.course)).slice(60)
    const before = scene.app.mail.mails.length
    await book(scene.app, at.course, start, { name: `Bo "<i data-struck>`, email: 'struck@example.net' })
    await mailsTo(scene.app, 'struck@example.net', 1)
    await mailsTo(scene.app, OWNER.email, 1)
    for (const { email, envelope } of scene.app.mail.mails.slice(before)) {
      standsAsWritten(email.subject ?? '', email.html ?? '')
      expect([envelope.to.length, email.bcc ?? [], email.cc ?? []]).toEqual([1, [], []])
    }
    expect(scene.app.mail.mails.slice(before).some(({ email }) => email.html?.includes('&lt;i data-struck'))).toBe(true)
  })
})

describe('the policy of what a page may run', () => {
  it('lets every page run its own scripts and no other', async () => {
    const nonces = new Set<string>()
    const { visitor, owner } = pages()
    const asked = [...visitor.map((one) => [one, 'anonymous'] as const), ...owner.map((one) => [one, 'owner'] as const)]
    for (const [address, role] of asked) {
      const answer = await ask(address, role)
      const html = await answer.text()
      if (!answer.headers.get('content-type')?.startsWith('text/html')) continue
      const policy = answer.headers.get('content-security-policy') ?? ''
      expect([address, policy]).toEqual([
        address,
        expect.stringMatching(/(^|; ?)script-src 'self'( 'nonce-[^']+')?(;|$)/),
      ])
      for (const part of ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'"]) {
        expect([address, policy.includes(part)]).toEqual([address, true])
      }
      expect([address, /script-src[^;]*unsafe/.test(policy)]).toEqual([address, false])
      const nonce = /'nonce-([^']+)'/.exec(policy)?.[1]
      for (const [, attributes = ''] of html.matchAll(/<script\b([^>]*)>/g)) {
        const inert = /type="application\/json"/.test(attributes)
        const ours =
          /src="[./]*\/?_app\//.test(attributes) || (nonce !== undefined && attributes.includes(`nonce="${nonce}"`))
        expect([address, attributes, inert || ours]).toEqual([address, attributes, true])
      }
      expect([address, /<[a-z][^>"]*("[^"]*"[^>"]*)*\son[a-z]+=/i.exec(html)?.[0]]).toEqual([address, undefined])
      if (nonce === undefined) continue
      expect([address, nonces.has(nonce)]).toEqual([address, false])
      nonces.add(nonce)
    }
    expect(nonces.size).toBeGreaterThan(30)
  })
})
