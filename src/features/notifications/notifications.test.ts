import ICAL from 'ical.js'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Delivery, deliveriesOfSubject, sweepDeliveries } from '#platform/deliveries.ts'
import { isAppError } from '#platform/errors.ts'
import { parseInput } from '#platform/input.ts'
import { instanceScope, userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { type MailServer, type MailServerOptions, type ReceivedMail, startMailServer } from '#test/mail-server.ts'
import { switchedMail } from '#test/mails.ts'
import { insertEventType, insertHost, type TestEventType, type TestHost } from '#test/offers.ts'
import { confirmBooking, rejectBooking } from '../bookings/answering/commands.ts'
import { cancelBooking, requestAnotherTime } from '../bookings/cancellation/commands.ts'
import { addGuests, changeLocation } from '../bookings/changes/commands.ts'
import { createBooking } from '../bookings/creation/commands.ts'
import { calendarUid } from '../bookings/entries/types.ts'
import { rescheduleBooking } from '../bookings/rescheduling/commands.ts'
import { createBookingSchema } from '../bookings/schema.ts'
import { replayAnyMail, replayMail } from './commands.ts'
import { bookingMailCarrier } from './jobs.ts'
import { deliveriesOf, subjectOf, troubledMails } from './queries.ts'

const mail = switchedMail()

let context: TestContext
let host: TestHost
let server: MailServer

beforeAll(async () => {
  context = await testContext({ worker: true, mail: mail.mail })
})
afterAll(() => context.close())

beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  await serve()
})
afterEach(async () => {
  await mail.disconnect()
  await server.close()
  // What one test left waiting is not the next one's.
  await context.services.db.deleteFrom('deliveries').where('state', 'in', ['waiting', 'failed']).execute()
})

async function serve(options: MailServerOptions = {}): Promise<void> {
  await mail.disconnect()
  if (server) await server.close()
  server = await startMailServer(options)
  await connect()
}

const connect = () => mail.connect(context.services, server.port)

async function offer(settings: TestEventType = {}, locale = 'en') {
  host = await insertHost(context.services.db, { locale })
  await insertEventType(context.services.db, host.id, settings)
}

/** Monday 23 November 2026, 10:00 in Berlin. */
const TEN = '2026-11-23T09:00:00Z'
const ELEVEN = Date.parse('2026-11-23T10:00:00Z')

async function book(more: object = {}, locale: 'en' | 'de' = 'en') {
  const booking = parseInput(createBookingSchema, {
    ...{ start: TEN, name: 'Bo Visitor', email: 'bo@example.net', timeZone: 'America/New_York', ...more },
  })
  return createBooking(context.visitor, { offer: { username: host.username, slug: 'talk' }, booking, locale })
}

const asHost = () => context.as({ kind: 'user', userId: host.id, role: 'owner', via: 'session' })

/** Waits until every mail about the booking's version is settled, or as the test wants it. */
async function settled(
  bookingId: number,
  version: number,
  states: readonly Delivery['state'][] = ['delivered', 'skipped', 'failed'],
): Promise<Delivery[]> {
  for (const until = performance.now() + 15_000; performance.now() < until; ) {
    const all = await deliveriesOfSubject(context.services.db, subjectOf(bookingId))
    const of = all.filter((delivery) => delivery.version === version)
    const tried = of.filter(({ state, reason }) => states.includes(state) && (state !== 'waiting' || reason !== null))
    if (of.length > 0 && of.length === tried.length) return of
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
  throw new Error('the mails were not settled in time')
}

/** The mails about one version, by who got them. */
async function mailsOf(bookingId: number, version: number): Promise<Map<string, ReceivedMail>> {
  await settled(bookingId, version)
  const deliveries = await deliveriesOfSubject(context.services.db, subjectOf(bookingId))
  const ids = new Set(deliveries.filter((delivery) => delivery.version === version).map(({ id }) => id))
  const mails = server.mails.filter(({ messageId }) => ids.has(messageId.split('@')[0] ?? ''))
  return new Map(mails.map((received) => [received.envelope.to[0] ?? '', received]))
}

interface Entry {
  method: string
  uid: string
  sequence: number
  status: string
  start: string
}

function entryOf({ email }: ReceivedMail): Entry | null {
  const part = email.attachments.find(({ mimeType }) => mimeType === 'text/calendar')
  if (!part) return null
  const text = typeof part.content === 'string' ? part.content : new TextDecoder().decode(part.content)
  const calendar = new ICAL.Component(ICAL.parse(text))
  const event = calendar.getFirstSubcomponent('vevent')
  if (!event) throw new Error('a calendar without an event')
  const start = event.getFirstPropertyValue('dtstart') as ICAL.Time
  return {
    method: String(calendar.getFirstPropertyValue('method')),
    uid: String(event.getFirstPropertyValue('uid')),
    sequence: Number(event.getFirstPropertyValue('sequence')),
    status: String(event.getFirstPropertyValue('status')),
    start: start.toJSDate().toISOString(),
  }
}

const hostMail = () => `${host.username}@example.org`

describe('in each language', () => {
  const expected = {
    en: {
      requested: [/^Please answer: A talk with Bo Visitor/, /^Requested: A talk with Host/],
      confirmed: [/^Confirmed: A talk with Bo Visitor/, /^Confirmed: A talk with Host/],
      rescheduled: [/^Moved: A talk with Bo Visitor/, /^Moved: A talk with Host/],
      move: [/^Please answer: Bo Visitor would like to move A talk/, /^Requested: A talk with Host/],
      rejected: [/^Declined: A talk with Bo Visitor/, /^Declined: A talk with Host/],
      created: [/^New booking: A talk with Bo Visitor/, /^Confirmed: A talk with Host/],
      another: [/^Another time asked for/, /^Please choose another time: A talk with Host/],
      cancelled: [/^Cancelled: A talk with Bo Visitor/, /^Cancelled: A talk with Host/],
    },
    de: {
      requested: [/^Bitte antworten: A talk mit Bo Visitor/, /^Angefragt: A talk mit Host/],
      confirmed: [/^Bestätigt: A talk mit Bo Visitor/, /^Bestätigt: A talk mit Host/],
      rescheduled: [/^Verschoben: A talk mit Bo Visitor/, /^Verschoben: A talk mit Host/],
      move: [/^Bitte antworten: Bo Visitor möchte A talk verschieben/, /^Angefragt: A talk mit Host/],
      rejected: [/^Abgelehnt: A talk mit Bo Visitor/, /^Abgelehnt: A talk mit Host/],
      created: [/^Neue Buchung: A talk mit Bo Visitor/, /^Bestätigt: A talk mit Host/],
      another: [/^Um einen anderen Termin gebeten/, /^Bitte wählen Sie einen anderen Termin: A talk mit Host/],
      cancelled: [/^Abgesagt: A talk mit Bo Visitor/, /^Abgesagt: A talk mit Host/],
    },
  } as const

  for (const locale of ['en', 'de'] as const) {
    it(`${locale}: every change reaches host and booker, and the calendars follow`, async () => {
      await offer({ requiresConfirmation: true }, locale)
      const subjects = async (id: number, version: number) => {
        const mails = await mailsOf(id, version)
        const both = [mails.get(hostMail()), mails.get('bo@example.net')]
        if (!both[0] || !both[1]) throw new Error(`mails of version ${version} went to ${[...mails.keys()]}`)
        for (const { email } of both as ReceivedMail[]) {
          expect(email.html).toContain(`<html lang="${locale}"`)
          // No message without its values, none missing.
          expect(`${email.subject} ${email.text}`).not.toMatch(/[{}]|\bmail\.\w/)
        }
        return { subjects: both.map((one) => one?.email.subject), entry: entryOf(both[1]), hostEntry: entryOf(both[0]) }
      }
      const want = (list: readonly [RegExp, RegExp]) => list.map((pattern) => expect.stringMatching(pattern))
      const texts = expected[locale]

      const { id, uid } = await book({}, locale)
      const entry = { uid: calendarUid({ uid }, context.services.config.url), start: '2026-11-23T09:00:00.000Z' }
      expect(await subjects(id, 0)).toEqual({ subjects: want(texts.requested), entry: null, hostEntry: null })

      await confirmBooking(asHost(), { uid })
      const invitation = { ...entry, method: 'REQUEST', status: 'CONFIRMED', sequence: 1 }
      expect(await subjects(id, 1)).toEqual({
        ...{ subjects: want(texts.confirmed), entry: invitation, hostEntry: invitation },
      })

      await rescheduleBooking(asHost(), { uid, start: ELEVEN, reason: '' })
      const moved = { ...invitation, sequence: 2, start: '2026-11-23T10:00:00.000Z' }
      expect(await subjects(id, 2)).toEqual({ subjects: want(texts.rescheduled), entry: moved, hostEntry: moved })

      await rescheduleBooking(context.visitor, { uid, start: Date.parse(TEN), reason: 'A clash' })
      const tentative = { ...entry, method: 'REQUEST', status: 'TENTATIVE', sequence: 3 }
      expect(await subjects(id, 3)).toEqual({ subjects: want(texts.move), entry: tentative, hostEntry: tentative })

      await rejectBooking(asHost(), { uid, reason: 'No time' })
      const out = { ...entry, method: 'CANCEL', status: 'CANCELLED', sequence: 4 }
      expect(await subjects(id, 4)).toEqual({ subjects: want(texts.rejected), entry: out, hostEntry: out })

      await offer({}, locale)
      const second = await book({}, locale)
      const again = { ...entry, uid: calendarUid(second, context.services.config.url) }
      const accepted = { ...again, method: 'REQUEST', status: 'CONFIRMED', sequence: 0 }
      expect(await subjects(second.id, 0)).toEqual({
        ...{ subjects: want(texts.created), entry: accepted, hostEntry: accepted },
      })
      await requestAnotherTime(asHost(), { uid: second.uid, reason: 'Ill' })
      const gone = { ...again, method: 'CANCEL', status: 'CANCELLED', sequence: 1 }
      expect(await subjects(second.id, 1)).toEqual({ subjects: want(texts.another), entry: gone, hostEntry: gone })
      await rescheduleBooking(context.visitor, { uid: second.uid, start: ELEVEN, reason: '' })
      await settled(second.id, 2)
      await cancelBooking(context.visitor, { uid: second.uid, reason: '' })
      expect(await subjects(second.id, 3)).toMatchObject({
        ...{ subjects: want(texts.cancelled), entry: { method: 'CANCEL', sequence: 3 } },
      })
    })
  }

  it('each reads it in their own language, zone and clock', async () => {
    await offer({ locations: [{ kind: 'attendee_phone' }] }, 'de')
    const { id } = await book({ phone: '+1 212 555 0100', timeZone: 'America/Los_Angeles', notes: 'Hello\nthere' })
    const mails = await mailsOf(id, 0)
    expect(mails.get(hostMail())?.email.text).toContain('Montag, 23. November 2026\n  10:00–10:30 Uhr\n')
    expect(mails.get(hostMail())?.email.text).toContain('Mitteleuropäische Normalzeit (Europe/Berlin)')
    expect(mails.get(hostMail())?.email.text).toContain('Sie rufen Bo Visitor an: +1 212 555 0100')
    const theirs = mails.get('bo@example.net')?.email
    expect(theirs?.text).toContain('Monday, November 23, 2026\n  1:00 – 1:30 AM\n')
    expect(theirs?.text).toContain('Pacific Standard Time (America/Los_Angeles)')
    expect(theirs?.text).toMatch(/Host \d+ calls you: \+1 212 555 0100/)
    expect(theirs?.text).toContain('  Hello\n  there')
    expect(theirs?.html).toContain('Hello<br>there')
  })

  it('tells the former time of what was moved', async () => {
    await offer()
    const { id, uid } = await book()
    await settled(id, 0)
    await rescheduleBooking(context.visitor, { uid, start: ELEVEN, reason: 'A clash' })
    const text = (await mailsOf(id, 1)).get(hostMail())?.email.text ?? ''
    expect(text).toMatch(/When:\n {2}Monday, November 23, 2026\n {2}11:00 – 11:30/)
    expect(text).toMatch(/Formerly:\n {2}Monday, November 23, 2026\n {2}10:00 – 10:30/)
    expect(text).toContain('Bo Visitor moved it.')
    expect(text).toContain('Reason:\n  A clash')
  })
})

describe('links', () => {
  it('lead to pages; only host and booker get those that can change a booking', async () => {
    await offer()
    const { id, uid } = await book({ guests: ['ann@example.net'] })
    const mails = await mailsOf(id, 0)
    const hrefs = (address: string) =>
      [...(mails.get(address)?.email.html ?? '').matchAll(/href="([^"]+)"/g)].map((match) => match[1])
    const site = 'https://book.example.org'
    expect(hrefs(hostMail())).toEqual([`${site}/bookings/detail/${uid}`])
    expect(hrefs('bo@example.net')).toEqual([
      ...[`${site}/booking/${uid}`, `${site}/reschedule/${uid}`, `${site}/booking/${uid}?cancel=true#cancel`],
    ])
    expect(hrefs('ann@example.net')).toEqual([])
    const invitation = mails.get('ann@example.net')
    // The UID alone carries the address; nothing that opens it.
    expect(invitation?.email.text).not.toContain(uid)
    expect(invitation?.email.html).not.toContain(uid)
  })

  it('are never made from what people wrote', async () => {
    await offer()
    const bait = 'https://evil.example/login www.evil.example evil.example'
    const { id } = await book({ name: bait, notes: `Click ${bait} <a href="https://evil.example">here</a>` })
    for (const { email } of (await mailsOf(id, 0)).values()) {
      for (const text of [email.text ?? '', email.html ?? '']) {
        expect(text).not.toMatch(/https?:\/\/(www\.)?evil|evil\.example/)
        expect(text).not.toContain('<a href="https://evil')
      }
    }
  })
})

describe('hostile words', () => {
  const XSS = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    '</td></table><h1>Pay here</h1>',
    '{other} {title}',
    '&lt;b&gt;',
  ]

  it('stay words in every field, in HTML, text, headers and calendar', async () => {
    for (const words of XSS) {
      await offer({ title: words.slice(0, 100), locations: [{ kind: 'in_person', address: words }] })
      await context.services.db.updateTable('users').set({ name: words }).where('id', '=', host.id).execute()
      const { id, uid } = await book({ name: words, notes: words, guests: ['ann@example.net'] })
      await settled(id, 0)
      await cancelBooking(asHost(), { uid, reason: words })
      for (const version of [0, 1]) {
        const mails = await mailsOf(id, version)
        expect(mails.size).toBe(3)
        for (const { email, envelope } of mails.values()) {
          expect(envelope.to).toHaveLength(1)
          expect(email.html).not.toMatch(/<(script|img|svg|h1>Pay)/i)
          expect(email.html).not.toMatch(/<[^>]+\son\w+=/i)
          expect(email.headers.map(({ key }) => key)).not.toContain('bcc')
          expect(email.subject?.replaceAll('\u200B', '')).toContain(words.slice(0, 80))
        }
      }
    }
  })

  it('cannot add a header, a recipient or a calendar property, even straight from the tables', async () => {
    await offer()
    const { id, uid } = await book()
    await settled(id, 0)
    const evil = 'Bo\r\nBcc: victim@example.com\r\n\r\nX: y'
    const { db } = context.services
    await db.updateTable('attendees').set({ name: evil }).where('booking_id', '=', id).execute()
    await db.updateTable('bookings').set({ title: evil, notes: evil }).where('id', '=', id).execute()
    await cancelBooking(asHost(), { uid, reason: evil })
    const mails = await mailsOf(id, 1)
    expect([...mails.keys()].sort()).toEqual(['bo@example.net', hostMail()].sort())
    for (const received of mails.values()) {
      expect(received.envelope.to).toHaveLength(1)
      expect(received.email.bcc ?? []).toEqual([])
      expect(received.email.headers.map(({ key }) => key)).not.toContain('x')
      expect(entryOf(received)).toMatchObject({ method: 'CANCEL', sequence: 1 })
    }
  })
})

describe('guests', () => {
  it('hear nothing of a request, and are invited once it is certain', async () => {
    await offer({ requiresConfirmation: true })
    const { id, uid } = await book({ guests: ['ann@example.net', 'BO@example.net'] })
    expect([...(await mailsOf(id, 0)).keys()].sort()).toEqual(['bo@example.net', hostMail()].sort())
    await confirmBooking(asHost(), { uid })
    const mails = await mailsOf(id, 1)
    expect([...mails.keys()].sort()).toEqual(['ann@example.net', 'bo@example.net', hostMail()].sort())
    expect(mails.get('ann@example.net')?.email.subject).toMatch(/^Invitation: A talk/)
    await cancelBooking(context.visitor, { uid, reason: '' })
    expect((await mailsOf(id, 2)).get('ann@example.net')?.email.subject).toMatch(/^Cancelled: A talk/)
  })

  it('are not told of a request that was declined', async () => {
    await offer({ requiresConfirmation: true })
    const { id, uid } = await book({ guests: ['ann@example.net'] })
    await settled(id, 0)
    await rejectBooking(asHost(), { uid, reason: '' })
    const mails = await mailsOf(id, 1)
    expect([...mails.keys()].sort()).toEqual(['bo@example.net', hostMail()].sort())
    expect(entryOf(mails.get('bo@example.net') as ReceivedMail)).toBeNull()
  })
})

describe('later changes by the host', () => {
  it('tell everybody of a new place, and of new guests only themselves', async () => {
    await offer()
    const { id, uid } = await book()
    await settled(id, 0)
    await changeLocation(asHost(), uid, { kind: 'in_person', text: '5 Sun Street' })
    const moved = await mailsOf(id, 1)
    expect([...moved.keys()].sort()).toEqual(['bo@example.net', hostMail()].sort())
    const told = moved.get('bo@example.net') as ReceivedMail
    expect(told.email.subject).toMatch(/^New place: A talk/)
    expect(told.email.text).toContain('5 Sun Street')
    expect(entryOf(told)).toMatchObject({ method: 'REQUEST', sequence: 1, status: 'CONFIRMED' })

    const before = server.mails.length
    await addGuests(asHost(), uid, { guests: ['ann@example.net'] })
    const until = performance.now() + 15_000
    while (server.mails.length === before && performance.now() < until) await new Promise((go) => setTimeout(go, 15))
    await settled(id, 1)
    const invited = server.mails.slice(before)
    expect(invited.map(({ envelope }) => envelope.to)).toEqual([['ann@example.net']])
    expect(invited[0]?.email.subject).toMatch(/^Invitation: A talk/)
    expect(entryOf(invited[0] as ReceivedMail)).toMatchObject({ method: 'REQUEST', sequence: 1, status: 'CONFIRMED' })
  })
})

describe('when the server will not have it', () => {
  const sweep = () => sweepDeliveries(asHost(), [bookingMailCarrier])

  it('waits after a 4xx and then goes out', async () => {
    let greylisted = true
    await serve({
      atRecipient: (address) => (address === 'bo@example.net' && greylisted ? { code: 451, text: 'Greylisted' } : null),
    })
    await offer()
    const { id, uid } = await book()
    await settled(id, 0, ['delivered', 'waiting'])
    expect(await deliveriesOf(context.services.db, userScope(asHost()), uid)).toMatchObject([
      { state: 'delivered', recipient: { email: hostMail() }, replayable: false },
      {
        ...{ state: 'waiting', reason: 'mail_deferred', detail: expect.stringContaining('Greylisted'), attempts: 1 },
        ...{ nextAt: expect.any(String), recipient: { name: 'Bo Visitor', email: 'bo@example.net' }, replayable: true },
      },
    ])
    greylisted = false
    await sweep()
    expect(server.mails).toHaveLength(1)
    context.clock.add({ seconds: 10 })
    await sweep()
    expect(server.mails.map(({ envelope }) => envelope.to[0])).toEqual([hostMail(), 'bo@example.net'])
    await settled(id, 0, ['delivered'])
  })

  it('keeps a dead letter after a 5xx, which the host replays; nobody else may', async () => {
    let full = true
    await serve({
      atRecipient: (address) => (address === 'bo@example.net' && full ? { code: 552, text: 'Mailbox full' } : null),
    })
    await offer()
    const { id, uid } = await book()
    const failed = (await settled(id, 0)).find(({ state }) => state === 'failed')
    expect(failed).toMatchObject({ reason: 'mail_rejected', detail: expect.stringContaining('Mailbox full') })
    context.clock.add({ hours: 1 })
    await sweep()
    expect(server.mails).toHaveLength(1)

    const deliveryId = failed?.id ?? ''
    const refusal = (work: Promise<void>) =>
      work.then(
        () => 'done',
        (error: unknown) => (isAppError(error) ? error.code : error),
      )
    const other = await insertHost(context.services.db)
    const stranger = context.as({ kind: 'user', userId: other.id, role: 'owner', via: 'session' })
    expect(await refusal(replayMail(stranger, { uid, deliveryId }))).toBe('booking_not_found')
    expect(await refusal(replayMail(context.visitor, { uid, deliveryId }))).toBe('sign_in_required')
    expect(await deliveriesOf(context.services.db, userScope(stranger), uid)).toEqual([])

    full = false
    context.clock.set('2026-11-23T08:30:00Z')
    expect(await refusal(replayMail(asHost(), { uid, deliveryId }))).toBe('done')
    await settled(id, 0, ['delivered'])
    expect(server.mails).toHaveLength(2)
    expect(await refusal(replayMail(asHost(), { uid, deliveryId }))).toBe('delivery_not_replayable')
  })

  it('shows those who run the installation every mail in trouble, and lets them replay it; members not', async () => {
    let full = true
    await serve({ atRecipient: () => (full ? { code: 552, text: 'Mailbox full' } : null) })
    await offer()
    const { id } = await book()
    await settled(id, 0, ['failed'])
    const { db } = context.services
    const other = await insertHost(db)
    const admin = context.as({ kind: 'user', userId: other.id, role: 'admin', via: 'session' })
    const member = context.as({ kind: 'user', userId: other.id, role: 'member', via: 'session' })
    const before = context.database.count.statements
    const mails = await troubledMails(db, instanceScope(admin))
    expect(context.database.count.statements - before).toBe(2)
    expect(mails).toMatchObject([
      { title: 'A talk', recipient: { email: hostMail() }, state: 'failed', reason: 'mail_rejected', replayable: true },
      { title: 'A talk', recipient: { email: 'bo@example.net' }, state: 'failed', replayable: true },
    ])
    expect(() => instanceScope(member)).toThrow('operators_only')
    expect(() => instanceScope(context.visitor)).toThrow('sign_in_required')
    await expect(replayAnyMail(member, mails[0]?.id ?? '')).rejects.toThrow('operators_only')
    expect(server.mails).toEqual([])

    full = false
    for (const failed of mails) await replayAnyMail(admin, failed.id)
    await settled(id, 0, ['delivered'])
    expect(server.mails).toHaveLength(2)
    expect(await troubledMails(db, instanceScope(admin))).toEqual([])
    await expect(replayAnyMail(admin, mails[0]?.id ?? '')).rejects.toThrow('delivery_not_replayable')
  })

  it('waits while the server is down and goes out when it is up, as the same message', async () => {
    await offer()
    const { port } = server
    await server.close()
    const { id } = await book()
    expect(await settled(id, 0, ['waiting'])).toMatchObject([
      { reason: 'mail_unreachable' },
      { reason: 'mail_unreachable' },
    ])
    server = await startMailServer({ port })
    context.clock.add({ seconds: 10 })
    await sweep()
    const ids = (await settled(id, 0, ['delivered'])).map((delivery) => `${delivery.id}@book.example.org`)
    expect(server.mails.map(({ messageId }) => messageId).sort()).toEqual(ids.sort())
  })

  it('waits without a configured server, says so, and goes out once there is one', async () => {
    await offer()
    await mail.disconnect()
    const { id, uid } = await book()
    expect(await settled(id, 0, ['waiting'])).toMatchObject([{ attempts: 0 }, { attempts: 0 }])
    expect(await deliveriesOf(context.services.db, userScope(asHost()), uid)).toMatchObject([
      { state: 'waiting', reason: 'mail_not_configured', nextAt: null, replayable: false },
      { state: 'waiting', reason: 'mail_not_configured', nextAt: null, replayable: false },
    ])
    await connect()
    await sweep()
    await settled(id, 0, ['delivered'])
    expect(server.mails).toHaveLength(2)
  })

  it('does not send what is no longer true', async () => {
    await offer()
    await mail.disconnect()
    const { id, uid } = await book()
    await settled(id, 0, ['waiting'])
    await rescheduleBooking(asHost(), { uid, start: ELEVEN, reason: '' })
    await settled(id, 1, ['waiting'])
    await connect()
    await sweep()
    expect(await settled(id, 0)).toMatchObject([
      { state: 'skipped', reason: 'superseded' },
      { state: 'skipped', reason: 'superseded' },
    ])
    await settled(id, 1, ['delivered'])
    expect(server.mails.map(({ email }) => email.subject)).toEqual([
      expect.stringMatching(/^Moved:/),
      expect.stringMatching(/^Moved:/),
    ])
  })

  it('does not announce what is over', async () => {
    await offer()
    await mail.disconnect()
    const { id } = await book()
    await settled(id, 0, ['waiting'])
    context.clock.set('2026-11-23T12:00:00Z')
    await connect()
    await sweep()
    expect(await settled(id, 0)).toMatchObject([{ reason: 'already_over' }, { reason: 'already_over' }])
    expect(server.mails).toEqual([])
  })
})
