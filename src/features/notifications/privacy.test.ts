import ICAL from 'ical.js'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { removeVerifiedEmail } from '#features/accounts/verified-emails/commands.ts'
import type { Ctx } from '#platform/ctx.ts'
import { deliveriesOfSubject } from '#platform/deliveries.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { addBlock } from '../bookings/blocks/commands.ts'
import { cancelBooking } from '../bookings/cancellation/commands.ts'
import { createBooking } from '../bookings/creation/commands.ts'
import { bookingsOfFeed } from '../bookings/feeds/queries.ts'
import { bookingById } from '../bookings/queries.ts'
import { createBookingSchema } from '../bookings/schema.ts'
import { createEventType, updateEventType } from '../event-types/commands.ts'
import { findEventType, usesOfEmails } from '../event-types/queries.ts'
import type { EventTypeOptions } from '../event-types/types.ts'
import { composeMail } from './mail.ts'
import { subjectOf } from './queries.ts'
import { recipientsOf } from './rules.ts'
import type { Topic } from './types.ts'

let context: TestContext
let host: TestHost
let asHost: Ctx

beforeAll(async () => {
  context = await testContext({ worker: true })
})
afterAll(() => context.close())
beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  host = await insertHost(context.services.db)
  asHost = context.as({ kind: 'user', userId: host.id, role: 'owner', via: 'session' })
})

async function book(options: Partial<EventTypeOptions>, more: object = {}): Promise<{ id: number; uid: string }> {
  await insertEventType(context.services.db, host.id, { options, ...more })
  const booking = parseInput(createBookingSchema, {
    ...{ start: '2026-11-23T09:00:00Z', name: 'Bo', email: 'bo@example.net', guests: ['cy@example.net'] },
    ...{ timeZone: 'UTC', notes: 'About the will' },
  })
  return createBooking(context.visitor, { offer: { username: host.username, slug: 'talk' }, booking, locale: 'en' })
}

/** Who is told of what: `topic role`, once those of a version are planned. */
async function planned(bookingId: number, version: number): Promise<string[]> {
  for (const until = performance.now() + 10_000; performance.now() < until; ) {
    const all = await deliveriesOfSubject(context.services.db, subjectOf(bookingId))
    const of = all.filter((one) => one.version === version)
    if (of.length > 0) return of.map(({ topic, target }) => `${topic} ${target.split(':')[0]}`).sort()
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
  throw new Error('nothing was planned')
}

describe('mails that are switched off', () => {
  it('all of one side: not even a cancellation by the host', async () => {
    const { id, uid } = await book({ mails: { host: 'all', attendees: 'none' } })
    expect(await planned(id, 0)).toEqual(['booking.created host'])
    await cancelBooking(asHost, { uid, reason: 'Ill' })
    expect(await planned(id, 1)).toEqual(['booking.cancelled host'])
  })

  it('the confirmation only: the cancellation comes', async () => {
    const { id, uid } = await book({ mails: { host: 'all', attendees: 'changes' } })
    expect(await planned(id, 0)).toEqual(['booking.created host'])
    await cancelBooking(asHost, { uid, reason: 'Ill' })
    const attendees = ['booking.cancelled attendee', 'booking.cancelled attendee']
    expect(await planned(id, 1)).toEqual([...attendees, 'booking.cancelled host'])
  })

  it('the host’s: a request is told of unless all are off', async () => {
    const confirmed = { requiresConfirmation: true }
    const { id } = await book({ mails: { host: 'changes', attendees: 'none' } }, confirmed)
    expect(await planned(id, 0)).toEqual(['booking.requested host'])
    host = await insertHost(context.services.db)
    const quiet = await book({ mails: { host: 'none', attendees: 'all' } }, confirmed)
    expect(await planned(quiet.id, 0)).toEqual(['booking.requested attendee'])
  })
})

/** The mail about a booking as one side gets it, and the entry in it. */
async function mailTo(role: 'host' | 'booker' | 'guest', id: number, topic: Topic = 'booking.created') {
  const booking = await bookingById(context.services.db, id)
  if (!booking) throw new Error('no booking')
  const change = { topic, by: null, former: null, inCalendars: true, dates: null }
  const recipient = recipientsOf(booking, change).find((one) => one.role === role)
  if (!recipient) throw new Error('nobody to tell')
  const at = context.clock.now()
  const mail = composeMail(
    { id: 'x', at, booking, entries: [booking], change, recipient, question: null },
    context.services.config,
  )
  const calendar = new ICAL.Component(ICAL.parse(mail.calendar?.content ?? ''))
  const event = calendar.getFirstSubcomponent('vevent')
  if (!event) throw new Error('no entry')
  const people = event.getAllProperties('attendee').map((one) => String(one.getFirstValue()))
  return { mail, people, text: (name: string) => String(event.getFirstPropertyValue(name) ?? '') }
}

const INSTANCE = () => context.services.config.mailFrom.address

describe('what a host keeps to themselves', () => {
  it('is their mail address: attendees get the instance’s, in every place', async () => {
    const { id } = await book({ hideHostEmail: true })
    const own = `${host.username}@example.org`
    for (const role of ['booker', 'guest'] as const) {
      const { mail, people, text } = await mailTo(role, id)
      expect(JSON.stringify(mail)).not.toContain(own)
      expect(mail.replyTo?.address).toBe(INSTANCE())
      expect(text('organizer')).toBe(`mailto:${INSTANCE()}`)
      expect(people).toEqual([`mailto:${INSTANCE()}`, 'mailto:bo@example.net', 'mailto:cy@example.net'])
    }
    const { mail, text } = await mailTo('host', id)
    expect([mail.replyTo?.address, text('organizer')]).toEqual(['bo@example.net', `mailto:${own}`])
  })

  it('is what was noted, in calendars but not in mails', async () => {
    const { id } = await book({ hideNotes: true })
    for (const role of ['host', 'booker'] as const) {
      const { mail, text } = await mailTo(role, id)
      expect(text('description')).not.toContain('will')
      expect(mail.text).toContain('About the will')
    }
  })

  it('is what it is about: the entry is private under a title that says nothing', async () => {
    const { id } = await book({ privateEntry: true }, { title: 'Divorce' })
    const { text, mail } = await mailTo('booker', id)
    expect([text('class'), text('summary')]).toEqual(['PRIVATE', 'Private appointment'])
    expect(mail.calendar?.content).not.toContain('Divorce')
  })

  it('is nothing unless they say so', async () => {
    const { id } = await book({})
    const { text, mail } = await mailTo('booker', id)
    expect(text('class')).toBe('')
    expect(text('summary')).toContain('A talk')
    expect([text('organizer'), mail.replyTo?.address]).toEqual([
      `mailto:${host.username}@example.org`,
      `${host.username}@example.org`,
    ])
  })
})

describe('another address for answers', () => {
  it('is where the attendees’ go, and not the host’s', async () => {
    const { id } = await book({ replyTo: 'office@example.org', hideHostEmail: true })
    expect((await mailTo('booker', id)).mail.replyTo?.address).toBe('office@example.org')
    expect((await mailTo('host', id)).mail.replyTo?.address).toBe('bo@example.net')
  })

  it.each([
    'office@example.org\r\nBcc: all@example.net',
    'office@example.org, other@example.net',
    'Office <office@example.org>',
    '',
  ])('is one address and nothing else: %j', async (replyTo) => {
    const made = createEventType(asHost, { title: 'T', durations: [30], replyTo })
    expect(await refusal(made)).toMatch(/^invalid_input\/replyTo:/)
  })
})

describe('an organizer address of an event type', () => {
  const verified = async (email: string, of = host) => {
    const row = { user_id: of.id, email, verified_at: context.clock.now() }
    return context.services.db.insertInto('verified_emails').values(row).returning('id').executeTakeFirstOrThrow()
  }
  const OFFICE = 'office@example.net'
  const main = () => `${host.username}@example.org`

  it('stands for the host on every side, and is where their own mails go', async () => {
    const { id: organizerEmailId } = await verified(OFFICE)
    const { id, uid } = await book({ organizerEmailId })
    for (const role of ['booker', 'guest'] as const) {
      const { mail, people, text } = await mailTo(role, id)
      expect([mail.replyTo?.address, text('organizer'), people[0]]).toEqual([
        ...[OFFICE, `mailto:${OFFICE}`, `mailto:${OFFICE}`],
      ])
      expect(JSON.stringify(mail)).not.toContain(main())
    }
    const { mail, text } = await mailTo('host', id)
    expect([mail.to.address, mail.replyTo?.address, text('organizer')]).toEqual([
      ...[OFFICE, 'bo@example.net', `mailto:${OFFICE}`],
    ])
    const booking = await bookingById(context.services.db, id)
    expect([booking?.uid, booking?.host.email]).toEqual([uid, OFFICE])
  })

  it('gives way to the one of the installation where the host keeps theirs to themselves', async () => {
    const { id: organizerEmailId } = await verified(OFFICE)
    const { id } = await book({ organizerEmailId, hideHostEmail: true })
    const { mail, text } = await mailTo('booker', id)
    expect(JSON.stringify(mail)).not.toContain(OFFICE)
    expect([mail.replyTo?.address, text('organizer')]).toEqual([INSTANCE(), `mailto:${INSTANCE()}`])
    expect((await mailTo('host', id)).text('organizer')).toBe(`mailto:${OFFICE}`)
  })

  it('leaves an address for answers where it is', async () => {
    const { id: organizerEmailId } = await verified(OFFICE)
    const { id } = await book({ organizerEmailId, replyTo: 'desk@example.org' })
    const { mail, text } = await mailTo('booker', id)
    expect([mail.replyTo?.address, text('organizer')]).toEqual(['desk@example.org', `mailto:${OFFICE}`])
  })

  it('falls back to that of the account once it is removed, as it does when it is of somebody else', async () => {
    const { id: organizerEmailId } = await verified(OFFICE)
    const { id } = await book({ organizerEmailId })
    await removeVerifiedEmail(asHost, { id: organizerEmailId })
    expect((await mailTo('booker', id)).text('organizer')).toBe(`mailto:${main()}`)
    const other = await verified('other@example.net', await insertHost(context.services.db))
    await context.services.db
      .updateTable('event_types')
      .set({ options: JSON.stringify({ organizerEmailId: other.id }) })
      .where('user_id', '=', host.id)
      .execute()
    expect((await mailTo('booker', id)).text('organizer')).toBe(`mailto:${main()}`)
  })

  it('can only be one of their own, proven', async () => {
    const other = await verified(OFFICE, await insertHost(context.services.db))
    const plain = { title: 'A talk', durations: [30] }
    for (const organizerEmailId of [other.id, 999_999]) {
      expect(await refusal(createEventType(asHost, { ...plain, organizerEmailId }))).toBe('verified_email_not_found')
    }
    const { id } = await createEventType(asHost, { ...plain, organizerEmailId: (await verified('b@example.net')).id })
    const scope = userScope(asHost)
    const { version, organizerEmailId } = await findEventType(context.services.db, scope, id)
    expect(await usesOfEmails(context.services.db, scope)).toEqual({ [organizerEmailId ?? 0]: ['A talk'] })
    const change = { id, version, organizerEmailId: other.id }
    expect(await refusal(updateEventType(asHost, change))).toBe('verified_email_not_found')
    await updateEventType(asHost, { ...change, organizerEmailId: null })
    expect(await usesOfEmails(context.services.db, scope)).toEqual({})
  })

  it('is known as the host’s: nobody shuts themselves out by it', async () => {
    await verified(OFFICE)
    expect(await refusal(addBlock(asHost, { value: OFFICE }))).toBe('cannot_block_yourself')
    const other = context.as({
      kind: 'user',
      userId: (await insertHost(context.services.db)).id,
      role: 'member',
      via: 'session',
    })
    expect(await refusal(addBlock(other, { value: OFFICE }))).toBe('done')
  })

  it('is in the feed of the host, too', async () => {
    const { id: organizerEmailId } = await verified(OFFICE)
    await book({ organizerEmailId })
    const feed = {
      id: 1,
      userId: host.id,
      details: true,
      owner: { name: '', email: main(), locale: 'en', timeZone: 'UTC' },
    } as const
    const [entry] = await bookingsOfFeed(context.services.db, feed, context.clock.now())
    expect(entry?.host.email).toBe(OFFICE)
  })
})
