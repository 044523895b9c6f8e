import { Temporal } from 'temporal-polyfill'
import { beforeAll, describe, expect, it } from 'vitest'
import { hashToken, randomToken, uuidv7 } from '#platform/crypto.ts'
import { insertEventType } from '#test/offers.ts'
import {
  book,
  freeStarts,
  mailsTo,
  OWNER,
  openDashboard,
  ownOffer,
  postForm,
  untilLive,
  useScene,
  visit,
  visitAsOwner,
} from './scene.ts'

/** What strangers are told, by who asks; and what becomes of markup that anybody writes anywhere. */

const scene = useScene()
let at: Awaited<ReturnType<typeof furnish>>

beforeAll(async () => {
  at = await furnish()
})

/** Each is nobody's but the host's, or one attendee's. */
const SECRETS = {
  hostMail: OWNER.email,
  otherHostMail: 'eve@example.org',
  bookerMail: 'bo@example.net',
  bookerName: 'Bo Secret',
  guestMail: 'guest@example.net',
  seatMail: 'cy@example.net',
  seatName: 'Cy Secret',
  besideMail: 'dan@example.net',
  besideName: 'Dan Secret',
  room: 'room-after-booking',
  hiddenTitle: 'Hidden audience',
  schedule: 'Secret hours',
  admitted: 'admitted.example',
  replies: 'replies@example.org',
  hiddenAnswer: 'letter-of-the-seventh',
  tracking: 'utm-secret',
  metadata: 'metadata-secret',
  note: 'a note to oneself',
  preset: 'a preset of the host',
  tag: 'a-tag-of-theirs',
  contact: 'what is known of them',
  hook: 'hooks.example.org',
  hookSecret: 'whsec-secret',
  linkLabel: 'label-of-a-link',
  keyLabel: 'label-of-a-key',
  accountData: 'data-of-the-account',
} as const
type Secret = keyof typeof SECRETS

async function keyOf(userId: number): Promise<string> {
  const key = `sun_${randomToken()}`
  await scene.app.db
    .insertInto('api_keys')
    .values({
      ...{ id: uuidv7(), user_id: userId, label: SECRETS.keyLabel, prefix: key.slice(0, 12), key_hash: hashToken(key) },
      ...{ created_at: Temporal.Now.instant(), scopes: null, expires_at: null },
    })
    .execute()
  return key
}

/** A host who has something of everything, people who booked, and another host. */
async function furnish() {
  const { app, ownerId } = scene
  const { db } = app
  const now = Temporal.Now.instant()
  const person = { name: 'Eve Else', username: 'eve', email: SECRETS.otherHostMail, password: 'not a host of theirs' }
  const signedUp = await postForm(app, '/auth/sign-up', { ...person, timeZone: 'UTC' })
  const eveCookie = signedUp.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const { id: eveId } = await db
    .selectFrom('users')
    .select('id')
    .where('username', '=', 'eve')
    .executeTakeFirstOrThrow()
  await db.updateTable('users').set({ getting_started: null }).execute()
  await db
    .updateTable('users')
    .set({ metadata: JSON.stringify({ crm: SECRETS.accountData }) })
    .where('id', '=', ownerId)
    .execute()
  await db.updateTable('schedules').set({ name: SECRETS.schedule }).where('user_id', '=', ownerId).execute()
  const question = {
    ...{ key: 'source', type: 'text' as const, label: 'Source', help: 'Helps', placeholder: 'Holds', required: false },
    ...{ hidden: false, lockPrefilled: false, options: [], min: null, max: null, showWhen: null, text: '' },
  }
  const talk = await ownOffer(scene, {
    ...{ slug: 'talk', title: 'A talk' },
    locations: [
      {
        kind: 'link',
        url: `https://meet.example.org/${SECRETS.room}`,
        label: 'Room',
        video: true,
        shown: 'after_booking',
      },
    ],
    options: {
      replyTo: SECRETS.replies,
      excludedEmails: [SECRETS.admitted],
      questions: [
        { ...question, hidden: true },
        { ...question, key: 'open', label: 'Open' },
      ],
    },
  })
  const seats = { count: 4, showAttendees: false, showFree: true, maxPerBooking: 2 }
  const course = await ownOffer(scene, { slug: 'course', title: 'A course', options: { seats } })
  const hiddenId = await insertEventType(db, ownerId, { slug: 'hidden', title: SECRETS.hiddenTitle })
  await db.updateTable('event_types').set({ hidden: true }).where('id', '=', hiddenId).execute()
  const starts = (await freeStarts(app, talk)).slice(30)
  const start = (n: number) => starts[n * 4] ?? 0
  const uid = await book(app, talk, start(0), { name: SECRETS.bookerName, email: SECRETS.bookerMail })
  const seat = await book(app, course, start(1), { name: SECRETS.seatName, email: SECRETS.seatMail })
  await book(app, course, start(1), { name: SECRETS.besideName, email: SECRETS.besideMail })
  const { id: bookingId } = await db
    .selectFrom('bookings')
    .select('id')
    .where('uid', '=', uid)
    .executeTakeFirstOrThrow()
  const carried = {
    metadata: JSON.stringify({ order: SECRETS.metadata }),
    tracking: JSON.stringify({ utm_source: SECRETS.tracking }),
    answers: JSON.stringify([
      { key: 'source', label: 'Source', type: 'text', hidden: true, value: SECRETS.hiddenAnswer },
      { key: 'open', label: 'Open', type: 'text', hidden: false, value: 'An open answer' },
    ]),
  }
  await db.updateTable('attendees').set(carried).execute()
  await db
    .insertInto('booking_notes')
    .values({ booking_id: bookingId, user_id: ownerId, text: SECRETS.note, created_at: now })
    .execute()
  await db
    .insertInto('note_presets')
    .values({ user_id: ownerId, text: SECRETS.preset, reason: 'A reason', created_at: now })
    .execute()
  await db
    .insertInto('contacts')
    .values({
      ...{ user_id: ownerId, email: SECRETS.bookerMail, tags: [SECRETS.tag], notes: SECRETS.contact, updated_at: now },
      merged_into: null,
    })
    .execute()
  const { id: webhookId } = await db
    .insertInto('webhooks')
    .values({
      ...{ user_id: ownerId, event_type_id: null, url: `https://${SECRETS.hook}/x`, triggers: ['MEETING_ENDED'] },
      ...{ secret: SECRETS.hookSecret, times_since: now, created_at: now, updated_at: now },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const [ownKey, eveKey] = [await keyOf(ownerId), await keyOf(eveId)]
  const made = await fetch(`${app.url}/v2/event-types/${hiddenId}/private-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ownKey}`, 'content-type': 'application/json', 'cal-api-version': '2026-11-20' },
    body: '{}',
  })
  const { data: link } = (await made.json()) as { data: { linkId: string } }
  await db.updateTable('private_links').set({ label: SECRETS.linkLabel }).execute()
  const contact = await db.selectFrom('attendees').select('id').orderBy('id').executeTakeFirstOrThrow()
  const types = await db.selectFrom('event_types').select(['id', 'slug']).where('user_id', '=', ownerId).execute()
  const idOf = (slug: string) => types.find((one) => one.slug === slug)?.id ?? 0
  return {
    ...{ talk, course, uid, seat, bookingId, webhookId, ownKey, eveKey, eveCookie, free: start(3) },
    ...{ link: link.linkId, contactId: contact.id, talkId: idOf('talk'), hiddenId },
  }
}

type Role = 'anonymous' | 'other' | 'owner'

function ask(address: string, role: Role, accept = 'text/html'): Promise<Response> {
  const api = address.startsWith('/v2')
  const cookie = { anonymous: '', other: at.eveCookie, owner: scene.ownerCookie }[role]
  const key = { anonymous: '', other: at.eveKey, owner: at.ownKey }[role]
  const headers: Record<string, string> = api
    ? { 'cal-api-version': '2026-11-20', ...(key && { authorization: `Bearer ${key}` }) }
    : { accept, ...(cookie && { cookie }) }
  return fetch(scene.app.url + address, { redirect: 'manual', headers })
}

function secretsIn(text: string): string[] {
  const plain = text.replaceAll('\r\n ', '')
  return Object.entries(SECRETS)
    .filter(([, secret]) => plain.includes(secret))
    .map(([name]) => name)
    .sort()
}

/** Names of everything that the data of a page has: devalue keeps objects in one list, by the places of their values. */
function namesIn(data: string): string[] {
  const { nodes } = JSON.parse(data) as { nodes: ({ data?: unknown[] } | null)[] }
  const objects = nodes
    .flatMap((node) => node?.data ?? [])
    .filter((one) => one !== null && typeof one === 'object' && !Array.isArray(one))
  const names = new Set(objects.flatMap((one) => Object.keys(one as object)))
  // Texts of the product have dots in their names.
  return [...names].filter((name) => !name.includes('.') && !/^\d+$/.test(name)).sort()
}

const FACE = ['accent', 'avatar', 'branded', 'face', 'name', 'username']
const LAYOUT = ['code', 'hourCycle', 'language', 'languages', 'locale', 'path', 'texts', 'weekStart']

describe('what strangers are told', () => {
  /** Of public addresses, the secrets that whoever has the address may read. */
  const addresses = (): [address: string, told: Secret[]][] => [
    ['/', []],
    ['/ada', []],
    [at.talk, []],
    [`${at.talk}?slot=${new Date(at.free).toISOString()}`, []],
    [`${at.talk}?name=x&source=y`, []],
    [`${at.talk}/slots?month=${new Date(at.free).toISOString().slice(0, 7)}&duration=30&cal.tz=UTC`, []],
    [`${at.talk}/occurrences?start=${at.free}&duration=30`, []],
    [`${at.talk}/why?day=${new Date(at.free).toISOString().slice(0, 10)}&time=04:00`, []],
    [at.course, []],
    ['/ada/hidden', ['hiddenTitle']],
    [`/d/${at.link}/hidden`, ['hiddenTitle']],
    ['/ada+eve/30', []],
    [`/booking/${at.uid}`, ['bookerMail', 'bookerName', 'room']],
    [`/booking/${at.uid}/calendar.ics`, ['bookerName', 'hostMail', 'room']],
    [`/reschedule/${at.uid}`, []],
    [`/booking/${at.seat}`, ['seatMail', 'seatName']],
    [`/booking/${at.seat}/calendar.ics`, ['hostMail']],
    ['/my-bookings/expired', []],
    ['/answer/expired', []],
    ['/feeds/unknown.ics', []],
    ['/avatar/ada', []],
    ['/manifest.webmanifest', []],
    ['/v2/event-types?username=ada', []],
    [`/v2/slots?eventTypeId=${at.talkId}&start=2027-01-04&end=2027-01-08`, []],
    [`/v2/slots/explanation?eventTypeId=${at.talkId}&start=2027-01-04T04:00:00Z`, []],
    [`/v2/bookings/${at.uid}`, ['bookerMail', 'bookerName', 'room']],
    [`/v2/bookings/${at.seat}`, ['seatMail', 'seatName']],
    [`/v2/bookings/by-seat/${at.seat}`, ['seatMail', 'seatName']],
  ]

  it.each(['anonymous', 'other'] as const)('%s: what the address is for, and nothing else', async (role) => {
    // Who is signed in finds their own address in a form, and it is no secret to them.
    const found = (text: string) => secretsIn(text).filter((one) => role === 'anonymous' || one !== 'otherHostMail')
    for (const [address, told] of addresses()) {
      const answer = await ask(address, role)
      const text = await answer.text()
      expect([address, answer.status < 500, found(text)]).toEqual([address, true, [...told].sort()])
      const data = await ask(`${address.split('?')[0]}/__data.json`, role)
      const more = found(await data.text())
      expect([address, more.filter((one) => !told.includes(one as Secret))]).toEqual([address, []])
    }
  })

  it('nothing of a host is shown to another, nor to nobody', async () => {
    const own = [
      ...[`/bookings/detail/${at.uid}`, `/contacts/${at.contactId}`, `/event-types/${at.talkId}`, '/home'],
      ...[`/settings/webhooks/${at.webhookId}`, '/bookings/export', '/contacts', '/bookings/upcoming'],
      ...[`/event-types/${at.hiddenId}/links`, '/search?q=Secret', '/settings/privacy/data.json', '/settings/activity'],
      ...['/v2/bookings', `/v2/event-types/${at.talkId}`, '/v2/schedules', '/v2/webhooks', '/v2/me'],
      ...[`/v2/bookings/${at.uid}/attendees`, `/v2/event-types/${at.hiddenId}/private-links`],
    ]
    for (const address of own) {
      for (const role of ['anonymous', 'other'] as const) {
        const answer = await ask(address, role)
        const found = secretsIn(await answer.text())
        // What is their own.
        const others = found.filter((one) => !['otherHostMail', 'keyLabel'].includes(one))
        expect([address, role, others]).toEqual([address, role, []])
      }
    }
    // The same question, asked by who may ask it.
    expect(secretsIn(await (await ask(`/bookings/detail/${at.uid}`, 'owner')).text())).toEqual(
      expect.arrayContaining(['bookerMail', 'bookerName', 'hiddenAnswer', 'metadata', 'note', 'preset', 'tracking']),
    )
  })

  it('what can be counted through leads nowhere: keys are of 128 random bits or more', async () => {
    // 24 letters of 64 are 144 bits.
    for (const key of [at.uid, at.seat, at.link]) expect(key).toMatch(/^[\w-]{22,}$/)
    const near = [String(at.bookingId), '1', '0', '-1', at.uid.slice(0, -1), `${at.uid}x`, at.uid.toLowerCase(), '%00']
    for (const guess of near) {
      for (const address of [
        '/booking/*',
        '/booking/*/calendar.ics',
        '/reschedule/*',
        '/d/*/hidden',
        '/v2/bookings/*',
      ]) {
        const answer = await ask(address.replace('*', guess), 'other')
        expect([address, guess, answer.status >= 400 && answer.status < 500]).toEqual([address, guess, true])
        expect(secretsIn(await answer.text())).toEqual([])
      }
    }
    for (const address of [
      '/%00',
      '/ada/%00',
      '/ada/talk?name=%00',
      '/v2/event-types?username=%00',
      '/contacts?q=%00',
    ]) {
      expect([address, (await ask(address, 'owner')).status]).toEqual([address, 404])
    }
  })

  it('pages that are keys are left out of indexes and tell no other site', async () => {
    for (const address of [
      `/booking/${at.uid}`,
      `/booking/${at.seat}`,
      `/reschedule/${at.uid}`,
      '/my-bookings/expired',
      '/answer/expired',
    ]) {
      const { headers } = await ask(address, 'anonymous')
      expect([address, headers.get('x-robots-tag'), headers.get('referrer-policy')]).toEqual([
        ...[address, 'noindex', 'no-referrer'],
      ])
      expect(headers.get('cache-control')).toContain('no-store')
    }
    for (const address of ['/ada', at.talk]) {
      expect((await ask(address, 'anonymous')).headers.get('x-robots-tag')).toBe('noindex')
    }
  })

  it('the data of pages has these names and no other', async () => {
    const names = async (address: string) => namesIn(await (await ask(`${address}/__data.json`, 'anonymous')).text())
    const known = [...FACE, ...LAYOUT]
    const told: string[] = []
    for (const address of [
      ...['/ada', at.talk, at.course, `/booking/${at.uid}`, `/booking/${at.seat}`, `/reschedule/${at.uid}`],
    ]) {
      const own = (await names(address)).filter((one) => !known.includes(one))
      told.push(
        `${address.replace(at.uid, 'uid').replace(at.seat, 'seat')}\n${own.map((one) => `  ${one}\n`).join('')}`,
      )
    }
    // Whoever adds a name there says that everybody may read it.
    await expect(told.join('\n')).toMatchFileSnapshot('../fixtures/told-by-pages.txt')
  })
})

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
