import ICAL from 'ical.js'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { deliveriesOfSubject } from '#platform/deliveries.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { type MailServer, type ReceivedMail, startMailServer } from '#test/mail-server.ts'
import { switchedMail } from '#test/mails.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { confirmBooking, rejectBooking } from '../bookings/answering/commands.ts'
import { cancelBooking } from '../bookings/cancellation/commands.ts'
import { createBooking } from '../bookings/creation/commands.ts'
import { calendarUid } from '../bookings/entries/types.ts'
import { bookingById, bookingByUid } from '../bookings/queries.ts'
import { rescheduleBooking } from '../bookings/rescheduling/commands.ts'
import { createBookingSchema } from '../bookings/schema.ts'
import { occurrencesOf } from '../bookings/series/queries.ts'
import { questionList } from '../event-types/questions/schema.ts'
import { deliveriesOf } from './queries.ts'

const mail = switchedMail()

let context: TestContext
let host: TestHost
let server: MailServer

beforeAll(async () => {
  context = await testContext({ worker: true, mail: mail.mail })
  server = await startMailServer({})
  await mail.connect(context.services, server.port)
})
afterAll(async () => {
  await mail.disconnect()
  await server.close()
  await context.close()
})
beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  server.mails.length = 0
  host = await insertHost(context.services.db)
})

/** Monday 23 November 2026, 10:00 in Berlin. */
const TEN = Date.parse('2026-11-23T09:00:00Z')
const HOUR = 3_600_000
const WEEK = 168 * HOUR
const iso = (at: number) => new Date(at).toISOString()
const asHost = (of = host) => context.as({ kind: 'user', userId: of.id, role: 'owner', via: 'session' })

function book(name: string, more: object = {}, offer: Parameters<typeof createBooking>[1]['offer'] | null = null) {
  const email = `${name.toLowerCase()}@example.net`
  const booking = parseInput(createBookingSchema, { start: iso(TEN), name, email, timeZone: 'UTC', ...more })
  return createBooking(context.visitor, {
    ...{ offer: offer ?? { username: host.username, slug: 'talk' }, booking, locale: 'en' as const },
  })
}

/** Waits for so many mails, and then a little longer for those that should not come. */
async function mails(count: number): Promise<ReceivedMail[]> {
  for (const until = performance.now() + 15_000; performance.now() < until && server.mails.length < count; )
    await pause(20)
  await pause(150)
  expect(server.mails.map(({ envelope }) => envelope.to[0])).toHaveLength(count)
  const received = [...server.mails]
  server.mails.length = 0
  return received
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const to = (all: readonly ReceivedMail[], address: string) => {
  const found = all.find(({ envelope }) => envelope.to[0] === address)
  if (!found) throw new Error(`no mail to ${address}`)
  return found
}

function calendarOf({ email }: ReceivedMail) {
  const part = email.attachments.find(({ mimeType }) => mimeType === 'text/calendar')
  if (!part) return null
  const text = typeof part.content === 'string' ? part.content : new TextDecoder().decode(part.content)
  const calendar = new ICAL.Component(ICAL.parse(text))
  const events = calendar.getAllSubcomponents('vevent')
  const value = (event: ICAL.Component, name: string) => String(event.getFirstPropertyValue(name))
  return {
    text,
    method: String(calendar.getFirstPropertyValue('method')),
    uids: events.map((event) => value(event, 'uid')),
    sequences: events.map((event) => Number(value(event, 'sequence'))),
    attendees: events.flatMap((event) => event.getAllProperties('attendee').map((one) => String(one.getFirstValue()))),
  }
}

const uidOf = (booking: { uid: string } | null | undefined) =>
  calendarUid(booking ?? { uid: '' }, context.services.config.url)

describe('mails about seats', () => {
  const SEATS = { count: 5, showAttendees: true, showFree: true, maxPerBooking: 2 }

  it('go to the host and to whose seat it is, with an entry of its own and no key to the others', async () => {
    await insertEventType(context.services.db, host.id, { options: { seats: SEATS } })
    const bo = await book('Bo')
    const first = await mails(2)
    const whole = await bookingById(context.services.db, bo.id)
    expect(calendarOf(to(first, 'bo@example.net'))).toMatchObject({
      method: 'REQUEST',
      uids: [uidOf(bo)],
      sequences: [0],
    })
    expect(calendarOf(to(first, `${host.username}@example.org`))).toMatchObject({ uids: [uidOf(whole)] })

    const cy = await book('Cy', { quantity: 2, notes: 'Vegan' })
    const second = await mails(2)
    const own = to(second, 'cy@example.net')
    expect(own.email.text).toContain('Bo')
    expect(own.email.text).not.toContain('bo@example.net')
    expect(own.email.text).toContain('2 are yours')
    for (const secret of [bo.uid, whole?.uid ?? '']) expect(own.raw).not.toContain(secret)
    const told = to(second, `${host.username}@example.org`)
    expect(told.email.subject).toMatch(/^New seat taken: A talk with Cy/)
    expect(told.email.text).toContain('3 of 5 taken')
    expect(calendarOf(told)?.attendees).toContain('mailto:bo@example.net')

    await rescheduleBooking(context.visitor, { uid: cy.uid, start: TEN + HOUR, reason: '' })
    const moved = await mails(2)
    expect(calendarOf(to(moved, 'cy@example.net'))).toMatchObject({
      method: 'REQUEST',
      uids: [uidOf(cy)],
      sequences: [1],
    })

    await cancelBooking(context.visitor, { uid: bo.uid, reason: '' })
    const left = await mails(2)
    expect(calendarOf(to(left, 'bo@example.net'))).toMatchObject({
      method: 'CANCEL',
      uids: [uidOf(bo)],
      sequences: [1],
    })
  })

  it('name who comes along to the host and to the booker, and to nobody else', async () => {
    const questions = parseInput(questionList, [{ key: 'meal', type: 'text', label: 'Meal', eachPerson: true }])
    await insertEventType(context.services.db, host.id, { options: { seats: SEATS, questions } })
    await book('Bo', { quantity: 2, companions: [{ name: 'www.zed.example', answers: { meal: 'Zed eats nuts' } }] })
    await book('Cy', { quantity: 2, companions: [{ name: 'Di', answers: { meal: 'www.soup.example' } }] })
    const all = await mails(4)
    expect(to(all, 'cy@example.net').email.text).toContain('Di (comes along)')
    expect(to(all, 'cy@example.net').raw).not.toMatch(/zed/i)
    // No mail program makes a link of it.
    const meal = /Di:\s+Meal: www\.\u200bsoup\.\u200bexample/
    expect(to(all, 'cy@example.net').email.text).toMatch(meal)
    // Mails about different seats go out in any order.
    const hosts = all.filter(({ envelope }) => envelope.to[0] === `${host.username}@example.org`)
    const toHost = hosts.find(({ email }) => email.text?.startsWith('Cy takes part'))
    if (!toHost) throw new Error('no mail to the host about them')
    expect(toHost.email.text).toContain('Di (comes along)')
    expect(toHost.email.text).toMatch(meal)
    expect(calendarOf(toHost)?.text.replaceAll('\r\n ', '')).toContain('Cy\\, Di')
  })

  it('go to everybody when the host moves or cancels all', async () => {
    await insertEventType(context.services.db, host.id, { options: { seats: { ...SEATS, showAttendees: false } } })
    const bo = await book('Bo')
    const cy = await book('Cy')
    const joined = await mails(4)
    expect(to(joined, 'cy@example.net').email.text).not.toMatch(/\bBo\b/)
    const uid = (await bookingById(context.services.db, bo.id))?.uid ?? ''
    await rescheduleBooking(asHost(), { uid, start: TEN + HOUR, reason: '' })
    const moved = await mails(3)
    expect(calendarOf(to(moved, 'cy@example.net'))).toMatchObject({ uids: [uidOf(cy)], sequences: [1] })
    await cancelBooking(asHost(), { uid, reason: 'Ill' })
    const off = await mails(3)
    expect(calendarOf(to(off, 'bo@example.net'))).toMatchObject({ method: 'CANCEL', uids: [uidOf(bo)], sequences: [2] })
  })
})

describe('mails about a series', () => {
  it('are one for all dates, then one for each change', async () => {
    const recurrence = { frequency: 'weekly', interval: 1, count: 4 } as const
    await insertEventType(context.services.db, host.id, { options: { recurrence } })
    const occurrences = [TEN, TEN + WEEK, TEN + 2 * WEEK].map(iso)
    const { uid } = await book('Bo', { occurrences, guests: ['gil@example.net'] })
    const all = await mails(3)
    const booking = await bookingByUid(context.visitor, uid)
    const dates = await occurrencesOf(context.services.db, booking?.series?.id ?? 0)
    const own = to(all, 'bo@example.net')
    expect(own.email.subject).toMatch(/^Confirmed: A talk with .*, 3 dates from/)
    for (const day of ['November 23', 'November 30', 'December 7']) expect(own.email.text).toContain(day)
    expect(calendarOf(own)).toMatchObject({
      method: 'PUBLISH',
      uids: dates.map(uidOf),
      sequences: [0, 0, 0],
    })
    // Guests get no address that could change anything, not in their calendar either.
    const guest = to(all, 'gil@example.net')
    const entries = calendarOf(guest)
    expect(entries?.uids).toHaveLength(3)
    const read = `${guest.email.text}${entries?.text.replaceAll('\r\n ', '')}`
    for (const date of dates) expect(read).not.toContain(date.uid)

    const [, second] = dates
    await rescheduleBooking(context.visitor, { uid: second?.uid ?? '', start: TEN + WEEK + HOUR, reason: '' })
    const moved = await mails(3)
    expect(calendarOf(to(moved, 'bo@example.net'))).toMatchObject({
      ...{ method: 'REQUEST', uids: [uidOf(second)], sequences: [1] },
    })
    await cancelBooking(context.visitor, { uid: second?.uid ?? '', reason: '', following: true })
    const off = await mails(6)
    expect(off.every((one) => calendarOf(one)?.method === 'CANCEL')).toBe(true)
    const shown = await deliveriesOf(context.services.db, userScope(asHost()), dates[2]?.uid ?? '')
    expect(shown.map(({ topic }) => topic)).toContain('series.created')
    expect(shown.every(({ recipient }) => recipient !== null)).toBe(true)
  })

  it('leave out of calendars what still waits for the host', async () => {
    const recurrence = { frequency: 'weekly', interval: 1, count: 4 } as const
    await insertEventType(context.services.db, host.id, { requiresConfirmation: true, options: { recurrence } })
    const { uid } = await book('Bo', { occurrences: [TEN, TEN + WEEK].map(iso), guests: ['gil@example.net'] })
    const asked = await mails(2)
    expect(to(asked, 'bo@example.net').email.subject).toMatch(/^Requested:/)
    expect(calendarOf(to(asked, 'bo@example.net'))).toBeNull()
    const booking = await bookingByUid(context.visitor, uid)
    const [first, second] = await occurrencesOf(context.services.db, booking?.series?.id ?? 0)
    await confirmBooking(asHost(), { uid: first?.uid ?? '' })
    expect(calendarOf(to(await mails(3), 'gil@example.net'))).toMatchObject({ method: 'REQUEST', uids: [uidOf(first)] })
    await rejectBooking(asHost(), { uid: second?.uid ?? '', reason: '' })
    expect(calendarOf(to(await mails(2), 'bo@example.net'))).toBeNull()
  })
})

it('mails about a group go to each of its hosts', async () => {
  const bob = await insertHost(context.services.db)
  const { uid, id } = await book(
    'Bo',
    { start: iso(TEN + 2 * HOUR) },
    { group: [host.username, bob.username], minutes: 30 },
  )
  const told = await mails(3)
  for (const name of [host.username, bob.username]) {
    expect(calendarOf(to(told, `${name}@example.org`))).toMatchObject({ method: 'REQUEST', uids: [uidOf({ uid })] })
  }
  const attendees = calendarOf(to(told, 'bo@example.net'))?.attendees
  expect(attendees).toContain(`mailto:${bob.username}@example.org`)
  await cancelBooking(asHost(bob), { uid, reason: 'Ill' })
  await mails(3)
  const deliveries = await deliveriesOfSubject(context.services.db, `booking:${id}`)
  expect(deliveries.every(({ state }) => state === 'delivered')).toBe(true)
})
