import { createHmac } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { type Delivery, deliveriesOfSubject, sweepDeliveries } from '#platform/deliveries.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { keptMail } from '#test/mails.ts'
import { insertEventType, insertHost, type TestEventType, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { type ReceivedCall, startWebhookReceiver, type WebhookReceiver } from '#test/webhook-receiver.ts'
import { markNoShow } from '../bookings/aftercare/commands.ts'
import { confirmBooking, rejectBooking } from '../bookings/answering/commands.ts'
import { cancelBooking } from '../bookings/cancellation/commands.ts'
import { createBooking } from '../bookings/creation/commands.ts'
import { erasureDone } from '../bookings/erasure/events.ts'
import { rescheduleBooking } from '../bookings/rescheduling/commands.ts'
import { createBookingSchema } from '../bookings/schema.ts'
import { deleteEventType } from '../event-types/commands.ts'
import { createAbsence } from '../schedules/away/commands.ts'
import {
  createWebhook,
  deleteWebhook,
  pingWebhook,
  redeliver,
  restoreWebhook,
  rotateSecret,
  updateWebhook,
} from './commands.ts'
import { webhookCarrier } from './jobs.ts'
import { forgetOldDeliveries } from './log/jobs.ts'
import { listDeliveries } from './log/queries.ts'
import { tellTimes } from './meetings/jobs.ts'
import { findWebhook, listWebhooks } from './queries.ts'
import type { NewWebhook } from './schema.ts'
import { TRIGGERS, type Trigger } from './types.ts'

/** Monday 23 November 2026, 10:00 in Berlin. */
const TEN = '2026-11-23T09:00:00Z'
const ELEVEN = '2026-11-23T10:00:00Z'
const NAMES: Record<string, string> = { 'open.example': '93.184.215.14', 'inside.example': '10.0.0.1' }

const { mail, sent: mails } = keptMail()

let context: TestContext
let receiver: WebhookReceiver
let host: TestHost
let eventTypeId: number

beforeAll(async () => {
  context = await testContext({
    ...{ worker: true, mail },
    env: { SUNDIAL_OUTBOUND_ALLOW: '127.0.0.0/8' },
    resolve: async (name) => (NAMES[name] ? [{ address: NAMES[name], family: 4 }] : []),
  })
})
afterAll(() => context.close())
beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  receiver = await startWebhookReceiver()
  mails.length = 0
  await offer()
})
afterEach(async () => {
  await receiver.close()
  await context.services.db.deleteFrom('deliveries').execute()
  await context.services.db.deleteFrom('webhooks').execute()
})

async function offer(settings: TestEventType = {}): Promise<void> {
  host = await insertHost(context.services.db)
  eventTypeId = await insertEventType(context.services.db, host.id, settings)
}

const asHost = (one: TestHost = host): Ctx =>
  context.as({ kind: 'user', userId: one.id, role: 'member', via: 'session' })

const make = (more: Partial<NewWebhook> = {}) =>
  createWebhook(asHost(), { url: `${receiver.url}/hook`, triggers: [...TRIGGERS], ...more })

async function book(more: object = {}) {
  const booking = parseInput(createBookingSchema, {
    ...{ start: TEN, name: 'Bo van Dyk', email: 'bo@example.net', timeZone: 'America/New_York', ...more },
  })
  return createBooking(context.visitor, { offer: { username: host.username, slug: 'talk' }, booking, locale: 'en' })
}

async function until(what: string, done: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 15_000; performance.now() < end; ) {
    if (await done()) return
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
  throw new Error(`not in time: ${what}`)
}

/** Waits for so many calls. */
async function calls(count: number): Promise<ReceivedCall[]> {
  await until(`${count} calls, ${receiver.calls.length} came`, () => receiver.calls.length >= count)
  return receiver.calls
}

const triggersOf = (all: readonly ReceivedCall[]) => all.map(({ json }) => json.triggerEvent)

const told = (bookingId: number) => deliveriesOfSubject(context.services.db, `booking:${bookingId}`, 'webhook')

async function settled(bookingId: number, count: number): Promise<Delivery[]> {
  const isSettled = ({ state }: Delivery) => state !== 'waiting' && state !== 'sending'
  await until(`${count} settled`, async () => (await told(bookingId)).filter(isSettled).length >= count)
  return told(bookingId)
}

/** Tries what is due once more, as a worker does from time to time. */
const sweep = () => sweepDeliveries(context.as({ kind: 'system' }), [webhookCarrier()])

describe('a webhook', () => {
  it('keeps its secret to itself, and shows it once', async () => {
    const { id, secret } = await make()
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/)
    const row = await context.services.db
      .selectFrom('webhooks')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(JSON.stringify(row)).not.toContain(secret)
    expect(row.secret).toMatch(/^v2\.[0-9a-f]{8}\./)
    const shown = await findWebhook(context.services.db, userScope(asHost()), id)
    expect(JSON.stringify(shown)).not.toContain(row.secret)
    expect(shown).toMatchObject({ hasSecret: true, active: true, url: `${receiver.url}/hook` })
  })

  it('does not open with a secret that belongs to another one', async () => {
    const [one, two] = [await make(), await make()]
    const { db } = context.services
    const { secret } = await db
      .selectFrom('webhooks')
      .select('secret')
      .where('id', '=', one.id)
      .executeTakeFirstOrThrow()
    await db.updateTable('webhooks').set({ secret }).where('id', '=', two.id).execute()
    await updateWebhook(asHost(), { id: one.id, active: false })
    const { bookingId } = await bookingOf(book())
    expect(await settled(bookingId, 1)).toMatchObject([{ state: 'failed', reason: 'webhook_secret_unreadable' }])
    expect(receiver.calls).toEqual([])
  })

  it.each([
    [{ url: 'http://open.example/' }, 'invalid_input/url:outbound_needs_https'],
    [{ url: 'https://inside.example/' }, 'invalid_input/url:outbound_forbidden'],
    [{ url: 'https://nobody.example/' }, 'invalid_input/url:outbound_host_unknown'],
    [{ url: 'https://169.254.169.254/' }, 'invalid_input/url:outbound_forbidden'],
    [{ url: 'https://0xa000001/' }, 'invalid_input/url:outbound_address_invalid'],
    [{ url: '' }, 'invalid_input/url:field_required'],
    [{ triggers: [] }, 'invalid_input/triggers:field_too_few'],
    [{ triggers: ['BOOKING_PAID'] }, 'invalid_input/triggers.0:field_invalid'],
    [{ secret: 'short' }, 'invalid_input/secret:field_too_short'],
    [{ secret: 'with spaces in it' }, 'invalid_input/secret:field_invalid'],
    [{ secret: 'whsec_AAAA' }, 'invalid_input/secret:field_invalid'],
    [{ secret: 'whsec_!!!!!!!!!!!!!!!!!!!!!!!!!!!!' }, 'invalid_input/secret:field_invalid'],
    [{ template: 'x{{#if' }, 'invalid_input/template:template_not_closed'],
    [{ version: '1999-01-01' }, 'invalid_input/version:field_invalid'],
    [{ userId: 1 }, 'invalid_input/:field_unknown'],
    [{ eventTypeId: 999_999 }, 'event_type_not_found'],
  ])('is not made of %j', async (more, code) => {
    expect(await refusal(make(more as Partial<NewWebhook>))).toBe(code)
    expect((await listWebhooks(context.services.db, userScope(asHost()))).webhooks).toEqual([])
  })

  it('is one of at most fifty, even when asked for all at once', async () => {
    const all = await Promise.all(Array.from({ length: 60 }, () => refusal(make())))
    expect(all.filter((one) => one === 'done')).toHaveLength(50)
    expect(all.filter((one) => one === 'too_many_webhooks')).toHaveLength(10)
    const first = await listWebhooks(context.services.db, userScope(asHost()))
    const second = await listWebhooks(context.services.db, userScope(asHost()), { after: first.next ?? 0 })
    expect([first.webhooks.length, second.webhooks.length, second.next]).toEqual([25, 25, null])
  })

  it('is nobody else’s', async () => {
    const { id } = await make()
    const stranger = asHost(await insertHost(context.services.db))
    const foreign = await insertEventType(context.services.db, userScope(stranger).userId, { slug: 'other' })
    const acts = [
      () => updateWebhook(stranger, { id, active: false }),
      () => rotateSecret(stranger, { id }),
      () => deleteWebhook(stranger, { id }),
      () => pingWebhook(stranger, { id }),
      () => redeliver(stranger, { id, deliveryId: '018f0000-0000-7000-8000-000000000000' }),
      () => listDeliveries(context.services.db, userScope(stranger), { webhookId: id }),
      () => findWebhook(context.services.db, userScope(stranger), id),
    ]
    for (const act of acts) expect(await refusal(act())).toBe('webhook_not_found')
    expect(await refusal(make({ eventTypeId: foreign }))).toBe('event_type_not_found')
    expect(await refusal(createWebhook(context.visitor, { url: receiver.url, triggers: ['OOO_CREATED'] }))).toBe(
      'sign_in_required',
    )
    expect((await listWebhooks(context.services.db, userScope(stranger))).webhooks).toEqual([])
  })

  it('comes back from the trash with its secret', async () => {
    const { id, secret } = await make()
    const { key } = await deleteWebhook(asHost(), { id })
    expect(await refusal(findWebhook(context.services.db, userScope(asHost()), id))).toBe('webhook_not_found')
    await restoreWebhook(asHost(), { key })
    expect(await refusal(restoreWebhook(asHost(), { key }))).toBe('nothing_to_restore')
    await pingWebhook(asHost(), { id })
    const [ping] = await calls(1)
    expect(ping?.headers['x-cal-signature-256']).toBe(hmac(secret ?? '', ping?.body ?? ''))
  })

  it('answers a test with what the other side says', async () => {
    const { id } = await make()
    receiver.answer = (_call, response) => response.writeHead(418).end('<b>I am a teapot</b>\0')
    expect(await pingWebhook(asHost(), { id })).toMatchObject({
      ok: false,
      status: 418,
      body: '<b>I am a teapot</b>\uFFFD',
    })
    await receiver.close()
    expect(await pingWebhook(asHost(), { id })).toMatchObject({ ok: false, failure: 'outbound_unreachable' })
  })
})

const hmac = (secret: string, body: string) => createHmac('sha256', secret).update(body).digest('hex')

/** The id behind what a booking command gives back. */
async function bookingOf(made: Promise<{ uid: string }>): Promise<{ bookingId: number; uid: string }> {
  const { uid } = await made
  const { id } = await context.services.db
    .selectFrom('bookings')
    .select('id')
    .where('uid', '=', uid)
    .executeTakeFirstOrThrow()
  return { bookingId: id, uid }
}

describe('what is sent', () => {
  it('is signed in both ways, under an id that is the delivery’s', async () => {
    const { secret } = await make()
    const { bookingId } = await bookingOf(book())
    const [call] = await calls(1)
    if (!call) throw new Error('no call')
    const [delivery] = await settled(bookingId, 1)
    const { headers, body } = call
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-cal-webhook-version': '2021-10-20' })
    expect(headers['webhook-id']).toBe(delivery?.id)
    expect(headers['x-cal-signature-256']).toBe(hmac(secret ?? '', body))
    const key = Buffer.from((secret ?? '').slice(6), 'base64')
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
    expect(headers['webhook-timestamp']).toBe(String(Date.parse('2026-11-23T08:00:00Z') / 1000))
  })

  it('names the organizer by the address of the event type', async () => {
    const row = { user_id: host.id, email: 'office@example.net', verified_at: context.clock.now() }
    const verified = context.services.db.insertInto('verified_emails').values(row).returning('id')
    const { id: organizerEmailId } = await verified.executeTakeFirstOrThrow()
    const { db } = context.services
    const options = JSON.stringify({ organizerEmailId })
    await db.updateTable('event_types').set({ options }).where('id', '=', eventTypeId).execute()
    await make()
    await book()
    const [call] = await calls(1)
    expect(call?.json.payload.organizer).toMatchObject({ id: host.id, email: row.email })
  })

  it('has every key that receivers written for Cal.com read', async () => {
    await offer({
      locations: [{ kind: 'link', url: 'https://meet.example.org/ada', label: 'Room', video: true }],
      options: {
        questions: [
          {
            ...{ key: 'topic', type: 'text', label: 'What about?', help: '', placeholder: '', required: true },
            ...{ hidden: false, lockPrefilled: false, options: [], min: null, max: null, showWhen: null, text: '' },
          },
        ],
      },
    })
    await make()
    await book({ notes: 'Bring tea', guests: ['cy@example.net'], answers: { topic: ['Engines'] } })
    const [call] = await calls(1)
    if (!call) throw new Error('no call')
    const { payload, triggerEvent, createdAt } = call.json
    expect([triggerEvent, createdAt]).toEqual(['BOOKING_CREATED', '2026-11-23T08:00:00.000Z'])
    expect(payload).toMatchObject({
      ...{ type: 'talk', title: 'A talk', eventTitle: 'A talk', eventTypeId, status: 'ACCEPTED', length: 30 },
      ...{ startTime: '2026-11-23T09:00:00.000Z', endTime: '2026-11-23T09:30:00.000Z', additionalNotes: 'Bring tea' },
      organizer: {
        ...{ id: host.id, username: host.username, email: `${host.username}@example.org`, timeZone: 'Europe/Berlin' },
        ...{ language: { locale: 'en' }, timeFormat: 'HH:mm', utcOffset: 60 },
      },
      location: 'https://meet.example.org/ada',
      metadata: { videoCallUrl: 'https://meet.example.org/ada' },
      responses: {
        name: { label: 'your_name', value: 'Bo van Dyk', isHidden: false },
        email: { label: 'email_address', value: 'bo@example.net', isHidden: false },
        topic: { label: 'What about?', value: 'Engines', isHidden: false },
        guests: { value: ['cy@example.net'] },
      },
      userFieldsResponses: { topic: { label: 'What about?', value: 'Engines', isHidden: false } },
      customInputs: { 'What about?': 'Engines' },
      ...{ price: 0, currency: 'usd', requiresConfirmation: false, destinationCalendar: null, team: null },
      ...{ seatsPerTimeSlot: null, assignmentReason: null, eventDescription: '' },
    })
    expect((payload.attendees as object[])[0]).toEqual({
      ...{ email: 'bo@example.net', name: 'Bo van Dyk', firstName: 'Bo', lastName: 'van Dyk' },
      ...{ timeZone: 'America/New_York', language: { locale: 'en' }, utcOffset: -300 },
    })
    for (const key of ['uid', 'bookingId', 'iCalUID']) expect(payload[key]).toBeTruthy()
  })

  it('names who comes along with a seat', async () => {
    const seats = { count: 4, showAttendees: true, showFree: true, maxPerBooking: 3 }
    await offer({ options: { seats } })
    await make()
    await book({ quantity: 3, companions: [{ name: 'Cy' }] })
    const [call] = await calls(1)
    expect(call?.json.payload.attendees).toMatchObject([{ name: 'Bo van Dyk', companions: [{ name: 'Cy' }] }])
  })

  it('takes the shape that its receiver asks for', async () => {
    await make({ template: '{"content":"{{triggerEvent}}: {{attendees.0.name}} with {{organizer.name}}"}' })
    await make({ template: 'what={{triggerEvent}}&who={{attendees.0.email}}', secret: null })
    await book({ name: 'Bo "The\\Quote"' })
    const all = await calls(2)
    const json = all.find(({ headers }) => headers['content-type'] === 'application/json')
    const form = all.find(({ headers }) => headers['content-type'] === 'application/x-www-form-urlencoded')
    expect(json?.json).toEqual({ content: `BOOKING_CREATED: Bo "The\\Quote" with ${await nameOf(host)}` })
    expect(form?.body).toBe('what=BOOKING_CREATED&who=bo%40example.net')
    expect(form?.headers['x-cal-signature-256']).toBe('no-secret-provided')
    expect(form?.headers).not.toHaveProperty('webhook-signature')
  })

  it('fails for good when a template does not give JSON', async () => {
    const template = '{"who": {{attendees.0.name}}}'
    expect(await refusal(make({ template }))).toBe('invalid_input/template:template_not_json')
    // A name that is a number for one booking need not be for another.
    const { id } = await make({ template: '{"id": {{bookingId}}}' })
    await context.services.db.updateTable('webhooks').set({ template }).where('id', '=', id).execute()
    const { bookingId } = await bookingOf(book())
    expect(await settled(bookingId, 1)).toMatchObject([{ state: 'failed', reason: 'template_not_json' }])
    expect(receiver.calls).toEqual([])
  })

  it('is signed with the former secret too, for a day', async () => {
    const { id, secret: former } = await make()
    const { secret } = await rotateSecret(asHost(), { id })
    expect(secret).not.toBe(former)
    const signatures = async () => {
      receiver.calls.length = 0
      await pingWebhook(asHost(), { id })
      const [call] = await calls(1)
      expect(call?.headers['x-cal-signature-256']).toBe(hmac(secret ?? '', call?.body ?? ''))
      return String(call?.headers['webhook-signature']).split(' ').length
    }
    expect(await signatures()).toBe(2)
    context.clock.add({ hours: 23 })
    expect(await signatures()).toBe(2)
    context.clock.add({ hours: 1 })
    expect(await signatures()).toBe(1)
    await rotateSecret(asHost(), { id, secret: null })
    receiver.calls.length = 0
    await pingWebhook(asHost(), { id })
    expect((await calls(1))[0]?.headers['x-cal-signature-256']).toBe('no-secret-provided')
  })
})

async function nameOf({ id }: TestHost): Promise<string> {
  const { name } = await context.services.db
    .selectFrom('users')
    .select('name')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return name
}

describe('what is told of', () => {
  it('is every step of a booking, in order', async () => {
    await offer({ requiresConfirmation: true })
    await make()
    const { bookingId, uid } = await bookingOf(book())
    await confirmBooking(asHost(), { uid })
    await rescheduleBooking(asHost(), { uid, start: Date.parse(ELEVEN), reason: 'Train is late' })
    await cancelBooking(asHost(), { uid, reason: 'Ill' })
    await calls(5)
    const order = triggersOf(receiver.calls)
    expect(order[0]).toBe('BOOKING_REQUESTED')
    expect(order.slice(1, 3).sort()).toEqual(['BOOKING_CONFIRMED', 'BOOKING_CREATED'])
    expect(order.slice(3)).toEqual(['BOOKING_RESCHEDULED', 'BOOKING_CANCELLED'])
    const [asked, , , moved, cancelled] = receiver.calls.map(({ json }) => json.payload)
    // The first was sent when the booking may have moved already: it tells of the time it was then.
    expect(asked).toMatchObject({ startTime: '2026-11-23T09:00:00.000Z', status: 'PENDING' })
    expect(moved).toMatchObject({
      ...{ startTime: '2026-11-23T10:00:00.000Z', endTime: '2026-11-23T10:30:00.000Z', rescheduleUid: uid },
      ...{ rescheduleStartTime: '2026-11-23T09:00:00.000Z', rescheduleEndTime: '2026-11-23T09:30:00.000Z' },
      rescheduledBy: `${host.username}@example.org`,
    })
    expect(cancelled).toMatchObject({ cancellationReason: 'Ill', status: 'CANCELLED', uid, bookingId })
  })

  it('is a rejection, with its reason', async () => {
    await offer({ requiresConfirmation: true })
    await make({ triggers: ['BOOKING_REJECTED'] })
    const { uid } = await bookingOf(book())
    await rejectBooking(asHost(), { uid, reason: 'Not my subject' })
    expect((await calls(1))[0]?.json).toMatchObject({
      triggerEvent: 'BOOKING_REJECTED',
      payload: { rejectionReason: 'Not my subject', status: 'REJECTED' },
    })
  })

  it('is who did not come, each time it is said', async () => {
    await make({ triggers: ['BOOKING_NO_SHOW_UPDATED'] })
    const { uid } = await bookingOf(book())
    context.clock.set(ELEVEN)
    const { id } = await context.services.db
      .selectFrom('attendees')
      .select('id')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    for (const noShow of [true, false, true]) await markNoShow(asHost(), uid, { attendeeId: id, noShow })
    const all = await calls(3)
    const said = all.map(({ json }) => (json.payload.attendees as { noShow: boolean }[])[0])
    expect(said).toEqual([true, false, true].map((noShow) => ({ email: 'bo@example.net', noShow })))
    expect(all[0]?.json.payload).toMatchObject({ bookingUid: uid })
  })

  it('is an absence', async () => {
    await make({ triggers: ['OOO_CREATED'] })
    await createAbsence(asHost(), {
      firstDate: '2026-12-24',
      lastDate: '2026-12-26',
      reason: 'vacation',
      note: 'Skiing',
    })
    expect((await calls(1))[0]?.json.payload.oooEntry).toMatchObject({
      ...{ start: '2026-12-23T23:00:00.000Z', end: '2026-12-26T22:59:59.999Z', notes: 'Skiing' },
      user: { id: host.id, username: host.username },
    })
    await createAbsence(asHost(), {
      ...{ firstDate: '2026-12-01', lastDate: '2026-12-01', reason: 'unspecified', fromMinute: 540, toMinute: 765 },
    })
    expect((await calls(2))[1]?.json.payload.oooEntry).toMatchObject({
      ...{ start: '2026-12-01T08:00:00.000Z', end: '2026-12-01T11:45:00.000Z' },
    })
  })

  it('is only what is listened to, for the event type that is meant', async () => {
    const other = await insertEventType(context.services.db, host.id, { slug: 'other' })
    await make({ eventTypeId: other, triggers: ['BOOKING_CREATED'] })
    await make({ triggers: ['BOOKING_CANCELLED'] })
    await make({ active: false })
    const { id } = await make({ eventTypeId, triggers: ['BOOKING_CREATED'] })
    const { bookingId, uid } = await bookingOf(book())
    await settled(bookingId, 1)
    await cancelBooking(asHost(), { uid, reason: 'Ill' })
    const all = await settled(bookingId, 2)
    expect(all.map(({ topic }) => topic)).toEqual(['BOOKING_CREATED', 'BOOKING_CANCELLED'])
    expect(all[0]?.target).toBe(String(id))
    expect((await listWebhooks(context.services.db, userScope(asHost()), { eventTypeId })).webhooks).toHaveLength(1)
    await deleteEventType(asHost(), { id: other })
    const page = await listWebhooks(context.services.db, userScope(asHost()))
    expect(page.webhooks.find((one) => one.eventTypeId === other)).toMatchObject({ eventTypeTitle: null })
  })

  it('is nothing that happened before there was a webhook', async () => {
    const { bookingId, uid } = await bookingOf(book())
    context.clock.add({ minutes: 5 })
    await make()
    await cancelBooking(asHost(), { uid, reason: 'Ill' })
    expect((await settled(bookingId, 1)).map(({ topic }) => topic)).toEqual(['BOOKING_CANCELLED'])
  })

  it('skips whom the host forgot, and forgets what was sent', async () => {
    const { id } = await make({ triggers: ['BOOKING_CREATED', 'BOOKING_CANCELLED'] })
    receiver.answer = (_call, response) => response.writeHead(500).end('no')
    const { bookingId } = await bookingOf(book())
    await calls(1)
    await until('the failure', async () => (await told(bookingId))[0]?.reason === 'webhook_refused')
    await context.services.db.updateTable('attendees').set({ email: '', name: '' }).execute()
    context.clock.add({ minutes: 1 })
    await sweep()
    expect(await told(bookingId)).toMatchObject([{ state: 'skipped', reason: 'attendee_forgotten' }])
    const log = async () =>
      (await listDeliveries(context.services.db, userScope(asHost()), { webhookId: id })).deliveries
    expect((await log())[0]?.tries).toHaveLength(1)
    const erased = { erasureId: '018f0000-0000-7000-8000-000000000000', userId: host.id }
    await context.services.db.transaction().execute((tx) => emit(tx, asHost(), erasureDone, erased))
    await until('the log is empty', async () => (await log())[0]?.tries.length === 0)
  })
})

describe('meetings', () => {
  const tell = () => tellTimes(context.as({ kind: 'system' }))
  const timed: Trigger[] = ['MEETING_STARTED', 'MEETING_ENDED']

  it('are told of when they begin and when they are over, once', async () => {
    await make({ triggers: timed })
    await book()
    context.clock.set('2026-11-23T08:59:59Z')
    await tell()
    expect(receiver.calls).toEqual([])
    context.clock.set('2026-11-23T09:00:01Z')
    await Promise.all(Array.from({ length: 10 }, tell))
    await calls(1)
    context.clock.set('2026-11-23T09:45:00Z')
    await Promise.all(Array.from({ length: 10 }, tell))
    await calls(2)
    await tell()
    expect(triggersOf(receiver.calls)).toEqual(timed)
  })

  it('are told of when no worker ran meanwhile, in order', async () => {
    await make({ triggers: timed })
    const { bookingId } = await bookingOf(book())
    context.clock.set('2026-11-23T20:00:00Z')
    await tell()
    await settled(bookingId, 2)
    expect(triggersOf(receiver.calls)).toEqual(timed)
  })

  it('follow the booking when it moves, and are dropped when it is cancelled', async () => {
    await make({ triggers: timed })
    const { uid } = await bookingOf(book())
    await rescheduleBooking(asHost(), { uid, start: Date.parse(ELEVEN), reason: 'Later' })
    const second = await bookingOf(book({ start: '2026-11-23T11:00:00Z', email: 'cy@example.net' }))
    await cancelBooking(asHost(), { uid: second.uid, reason: 'Ill' })
    context.clock.set('2026-11-23T09:31:00Z')
    await tell()
    expect(await told(second.bookingId)).toEqual([])
    context.clock.set('2026-11-23T12:00:00Z')
    await tell()
    await calls(2)
    expect(receiver.calls.map(({ json }) => json.payload.startTime)).toEqual(Array(2).fill('2026-11-23T10:00:00.000Z'))
    expect(await told(second.bookingId)).toEqual([])
  })

  it('that began before somebody listened are not told of', async () => {
    const { bookingId } = await bookingOf(book())
    context.clock.set('2026-11-23T09:10:00Z')
    await make({ triggers: timed })
    context.clock.set('2026-11-23T10:00:00Z')
    await tell()
    expect((await settled(bookingId, 1)).map(({ topic }) => topic)).toEqual(['MEETING_ENDED'])
  })
})

describe('delivery', () => {
  it('is tried again with the same id and body until it is taken, and what came later waits for it', async () => {
    const { id } = await make({ triggers: ['BOOKING_CREATED', 'BOOKING_CANCELLED'] })
    receiver.answer = (_call, response) => response.writeHead(503).end('later')
    const { bookingId, uid } = await bookingOf(book())
    await calls(1)
    await until('the failure', async () => (await told(bookingId))[0]?.reason === 'webhook_refused')
    await cancelBooking(asHost(), { uid, reason: 'Ill' })
    await until('both', async () => (await told(bookingId)).length === 2)
    context.clock.add({ minutes: 1 })
    await sweep()
    expect(triggersOf(receiver.calls)).toEqual(['BOOKING_CREATED', 'BOOKING_CREATED'])
    receiver.answer = (_call, response) => response.end('thanks')
    context.clock.add({ minutes: 1 })
    await sweep()
    await settled(bookingId, 2)
    expect(triggersOf(receiver.calls)).toEqual([...Array(3).fill('BOOKING_CREATED'), 'BOOKING_CANCELLED'])
    const [one, two, three] = receiver.calls
    expect(new Set([one, two, three].map((call) => call?.headers['webhook-id'])).size).toBe(1)
    expect(one?.body).toBe(three?.body)
    const { deliveries } = await listDeliveries(context.services.db, userScope(asHost()), { webhookId: id })
    expect(deliveries.map(({ trigger, state, attempts }) => [trigger, state, attempts])).toEqual([
      ['BOOKING_CANCELLED', 'delivered', 1],
      ['BOOKING_CREATED', 'delivered', 3],
    ])
    expect(deliveries[1]?.tries.map(({ response }) => [response?.status, response?.body])).toEqual([
      [200, 'thanks'],
      [503, 'later'],
      [503, 'later'],
    ])
    expect(JSON.parse(deliveries[1]?.tries[0]?.request.body ?? '')).toEqual(one?.json)
  })

  it('waits as long as the other side asks for', async () => {
    await make({ triggers: ['BOOKING_CREATED'] })
    receiver.answer = (_call, response) => response.writeHead(429, { 'retry-after': '600' }).end()
    const { bookingId } = await bookingOf(book())
    await until('the failure', async () => (await told(bookingId))[0]?.reason === 'webhook_refused')
    expect((await told(bookingId))[0]?.nextAt?.toString()).toBe('2026-11-23T08:10:00Z')
  })

  it('ends with 410 Gone, and the owner is told', async () => {
    const { id } = await make({ triggers: ['BOOKING_CREATED', 'BOOKING_CANCELLED'] })
    receiver.answer = (_call, response) => response.writeHead(410).end()
    const { bookingId, uid } = await bookingOf(book())
    expect(await settled(bookingId, 1)).toMatchObject([{ state: 'failed', detail: 'HTTP 410' }])
    const shown = () => findWebhook(context.services.db, userScope(asHost()), id)
    expect(await shown()).toMatchObject({ active: false, stopped: 'gone' })
    await until('the mail', () =>
      mails.some(({ to }) => to.address === `${host.username}@example.org` && to.name !== ''),
    )
    await until('the notice', () => mails.some(({ subject }) => /switched off/.test(subject)))
    const notice = mails.find(({ subject }) => /switched off/.test(subject))
    expect(notice?.text).toContain(`https://book.example.org/settings/webhooks/${id}`)
    await cancelBooking(asHost(), { uid, reason: 'Ill' })
    receiver.answer = (_call, response) => response.end()
    await updateWebhook(asHost(), { id, active: true })
    expect(await shown()).toMatchObject({ active: true, stopped: null, failingSince: null })
    expect(receiver.calls).toHaveLength(1)
  })

  it('stops a webhook for which everything fails for three days', async () => {
    const { id } = await make({ triggers: ['BOOKING_CREATED'] })
    receiver.answer = (_call, response) => response.writeHead(500).end()
    const { bookingId } = await bookingOf(book())
    await until('the failure', async () => (await told(bookingId))[0]?.reason === 'webhook_refused')
    const shown = () => findWebhook(context.services.db, userScope(asHost()), id)
    for (let i = 0; i < 11; i++) {
      context.clock.add({ hours: 4 })
      await sweep()
    }
    expect(await shown()).toMatchObject({ active: true })
    context.clock.add({ hours: 30 })
    await sweep()
    expect(await shown()).toMatchObject({ active: false, stopped: 'failing' })
    await until('the notice', () => mails.some(({ subject }) => /switched off/.test(subject)))
  })

  it('counts from the last success', async () => {
    const { id } = await make({ triggers: ['BOOKING_CREATED'] })
    receiver.answer = (_call, response) => response.writeHead(500).end()
    const { bookingId } = await bookingOf(book())
    await until('the failure', async () => (await told(bookingId))[0]?.reason === 'webhook_refused')
    expect((await findWebhook(context.services.db, userScope(asHost()), id)).failingSince).not.toBeNull()
    receiver.answer = (_call, response) => response.end()
    context.clock.add({ hours: 1 })
    await sweep()
    expect((await findWebhook(context.services.db, userScope(asHost()), id)).failingSince).toBeNull()
  })

  it('happens again by hand, under the same id', async () => {
    const { id } = await make({ triggers: ['BOOKING_CREATED'] })
    const { bookingId } = await bookingOf(book())
    const [delivery] = await settled(bookingId, 1)
    const mailRows = () =>
      context.services.db.selectFrom('deliveries').select('id').where('kind', '=', 'mail').execute()
    await until('a mail', async () => (await mailRows()).length > 0)
    const [mailRow] = await mailRows()
    expect(await refusal(redeliver(asHost(), { id, deliveryId: mailRow?.id ?? '' }))).toBe('delivery_not_replayable')
    await redeliver(asHost(), { id, deliveryId: delivery?.id ?? '' })
    await calls(2)
    const [one, two] = receiver.calls
    expect(two?.headers['webhook-id']).toBe(one?.headers['webhook-id'])
    expect(two?.body).toBe(one?.body)
  })

  it('does not follow a redirect, nor go where the name leads by then', async () => {
    await make({ triggers: ['BOOKING_CREATED'] })
    receiver.answer = (_call, response) => response.writeHead(307, { location: `${receiver.url}/elsewhere` }).end()
    const { bookingId } = await bookingOf(book())
    await until('the failure', async () => (await told(bookingId))[0]?.reason === 'webhook_refused')
    expect(receiver.calls.map(({ path }) => path)).toEqual(['/hook'])
    const { id } = await make({ url: 'https://open.example/', triggers: ['BOOKING_CREATED'] })
    NAMES['open.example'] = '10.0.0.1'
    expect(await pingWebhook(asHost(), { id })).toMatchObject({ ok: false, failure: 'outbound_forbidden' })
    NAMES['open.example'] = '93.184.215.14'
  })

  it('of one that hangs holds up no mail and no other webhook', { timeout: 60_000 }, async () => {
    const hanging = await startWebhookReceiver()
    hanging.answer = () => undefined
    try {
      const bad = await make({ url: `${hanging.url}/never`, triggers: ['BOOKING_CREATED'] })
      const hours = Array.from({ length: 6 }, (_, i) => `2026-11-23T${String(9 + i).padStart(2, '0')}:00:00Z`)
      for (const start of hours) await book({ start, email: `v${start.slice(11, 13)}@example.net` })
      await until('some hang', () => hanging.calls.length > 0)
      await make({ triggers: ['BOOKING_CREATED'] })
      const begun = performance.now()
      await book({ start: '2026-11-23T15:30:00Z', email: 'last@example.net' })
      await calls(1)
      await until('the mail', () => mails.some(({ to }) => to.address === 'last@example.net'))
      expect(performance.now() - begun).toBeLessThan(8_000)
      expect(hanging.calls.length).toBeLessThanOrEqual(2)
      await deleteWebhook(asHost(), { id: bad.id })
    } finally {
      await hanging.close()
    }
  })

  it('is forgotten after thirty days', async () => {
    const { id } = await make({ triggers: ['BOOKING_CREATED'] })
    const { bookingId } = await bookingOf(book())
    await settled(bookingId, 1)
    const log = async () =>
      (await listDeliveries(context.services.db, userScope(asHost()), { webhookId: id })).deliveries.length
    context.clock.add({ hours: 24 * 29 })
    await forgetOldDeliveries(asHost())
    expect(await log()).toBe(1)
    context.clock.add({ hours: 48 })
    await forgetOldDeliveries(asHost())
    expect(await log()).toBe(0)
  })
})
