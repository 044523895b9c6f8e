import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { DEFAULT_OPTIONS } from '../../../event-types/types.ts'
import type { Answer } from '../../answers/types.ts'
import type { Booking, BookingStatus } from '../../types.ts'
import { factsOf } from './facts.ts'
import { daysOf, detailOf, joinDays, mailOf, placeOf, standingOf, undatedOf } from './views.ts'

/** Monday 23 November 2026, 09:00 in Berlin. */
const NOW = Date.parse('2026-11-23T08:00:00Z')
const reading = {
  locale: 'en-GB',
  now: NOW,
  origin: 'https://book.example.org',
  viewerId: 1,
  nobody: 'Nobody',
  actsOn: () => [],
}

let count = 0
function booking(start: string, more: Partial<Booking> = {}): Booking {
  count++
  const from = Temporal.Instant.from(start)
  return {
    ...{ id: count, uid: `uid${count}`, status: 'accepted', title: 'A talk', timeZone: 'Europe/Berlin' },
    ...{ start: from, end: from.add({ minutes: 30 }), location: null, notes: '', sequence: 0, reason: '' },
    ...{ cancelledBy: null, rescheduleRequested: false, createdAt: Temporal.Instant.from('2026-11-20T08:00:00Z') },
    ...{ seats: null, left: [], others: null, series: null, coHosts: [] },
    eventType: { id: 1, slug: 'talk', title: 'A talk', color: null, ...DEFAULT_OPTIONS },
    host: {
      ...{ id: 1, name: 'Ada', username: 'ada', email: 'ada@example.org', timeZone: 'Europe/Berlin', locale: 'en' },
      ...{
        hourCycle: 'h23',
        avatarEtag: null,
        brandColor: null,
        brandColorDark: null,
        theme: 'system',
        hideBranding: false,
      },
    },
    attendees: [
      {
        id: 7,
        kind: 'booker',
        name: 'Bo',
        email: 'bo@example.net',
        timeZone: 'Asia/Tokyo',
        locale: 'en',
        answers: [],
        metadata: {},
        tracking: {},
        quantity: 1,
        companions: [],
        seat: null,
      },
      {
        id: 8,
        kind: 'guest',
        name: 'Cy',
        email: 'cy@example.net',
        timeZone: 'Europe/Paris',
        locale: 'en',
        answers: [],
        metadata: {},
        tracking: {},
        quantity: 1,
        companions: [],
        seat: null,
      },
    ],
    ...more,
  }
}

describe('lists', () => {
  it('put bookings under the date they begin on in the host’s zone', () => {
    const days = daysOf(
      [booking('2026-11-22T22:30:00Z'), booking('2026-11-22T23:30:00Z'), booking('2026-11-24T09:00:00Z')],
      reading,
    )
    expect(days.map(({ near, text, items }) => [near, text, items.map(({ time }) => time)])).toEqual([
      ['yesterday', 'Sunday, 22 November 2026', ['23:30 – 00:00']],
      ['today', 'Monday, 23 November 2026', ['00:30–01:00']],
      ['tomorrow', 'Tuesday, 24 November 2026', ['10:00–10:30']],
    ])
  })

  it('go on under the date they stopped at', () => {
    const first = daysOf([booking('2026-11-23T09:00:00Z')], reading)
    const second = daysOf([booking('2026-11-23T10:00:00Z'), booking('2026-11-25T10:00:00Z')], reading)
    expect(joinDays(first, second).map(({ date, items }) => [date, items.length])).toEqual([
      ['2026-11-23', 2],
      ['2026-11-25', 1],
    ])
    expect(joinDays(first, [])).toEqual(first)
  })
})

describe('rows', () => {
  const wording = { locale: 'en-GB', timeZone: 'Europe/Berlin', hourCycle: 'h23', yes: 'Yes', no: 'No' } as const
  const answer = (label: string, value: Answer['value']): Answer => ({
    ...{ key: label, label, type: 'text', hidden: false },
    value,
  })

  it('tell what their host wants to see, in one order, and nothing that is not there', () => {
    const made = booking('2026-11-23T09:00:00Z', { notes: `Two  lines\nof ${'a'.repeat(300)}` })
    const [booker] = made.attendees
    booker?.answers.push(answer('Size?', ['S', 'M']), answer('Sure?', true), answer('Empty?', ''))
    expect(factsOf(made, ['answers', 'notes', 'booked', 'email', 'who'], wording)).toEqual([
      { column: 'email', label: null, text: 'bo@example.net' },
      { column: 'booked', label: null, text: '20 Nov 2026, 09:00' },
      { column: 'notes', label: null, text: `Two lines of ${'a'.repeat(147)}…` },
      { column: 'answers', label: 'Size?', text: 'S, M' },
      { column: 'answers', label: 'Sure?', text: 'Yes' },
    ])
    expect(
      factsOf(booking('2026-11-23T09:00:00Z', { eventType: null }), ['type', 'notes', 'answers'], wording),
    ).toEqual([])
  })

  it('stand under no date where the order is not that of time', () => {
    const made = [booking('2026-11-24T09:00:00Z'), booking('2026-11-23T09:00:00Z'), booking('2026-11-24T10:00:00Z')]
    const pages = [undatedOf(made.slice(0, 2), reading), undatedOf(made.slice(2), reading), undatedOf([], reading)]
    const [all, ...rest] = pages.reduce(joinDays)
    expect([all?.text, all?.items.map(({ id }) => id), rest]).toEqual(['', made.map(({ id }) => id), []])
  })
})

describe('how a booking stands', () => {
  const at = (status: BookingStatus, more: Partial<Booking> = {}, start = '2026-11-23T09:00:00Z') =>
    standingOf(booking(start, { status, ...more }), NOW)

  it('follows status, time and who changed it', () => {
    const before = '2026-11-23T07:30:00Z'
    expect([at('accepted'), at('accepted', {}, before)]).toEqual(['confirmed', 'over'])
    expect([at('pending'), at('pending', {}, before)]).toEqual(['waiting', 'unanswered'])
    expect(at('rejected')).toBe('rejected')
    expect(at('cancelled', { cancelledBy: 'host' })).toBe('cancelledByHost')
    expect(at('cancelled', { cancelledBy: 'attendee' })).toBe('cancelledByAttendee')
    expect(at('cancelled', { cancelledBy: 'host', rescheduleRequested: true })).toBe('anotherTimeAsked')
  })
})

describe('a booking in detail', () => {
  it('shows everyone their own clock', () => {
    const { people, zone } = detailOf(booking('2026-11-23T16:00:00Z'), [], reading)
    expect(zone).toBe('Berlin (GMT+1)')
    expect(people.map(({ name, day, time, sameTime }) => [name, day, time, sameTime])).toEqual([
      ['Bo', 'Tuesday, 24 November 2026', '01:00–01:30', false],
      ['Cy', 'Monday, 23 November 2026', '17:00–17:30', true],
    ])
  })

  it('tells from where to where each move went', () => {
    const move = (at: string, from: string) => ({
      ...{ name: 'booking.rescheduled', by: 'attendee' as const },
      ...{ at, fromStart: Date.parse(from) },
    })
    const { history } = detailOf(
      booking('2026-11-26T09:00:00Z'),
      [
        { name: 'booking.created', by: 'attendee', at: '2026-11-20T08:00:00Z', fromStart: null },
        move('2026-11-21T08:00:00Z', '2026-11-24T09:00:00Z'),
        move('2026-11-22T08:00:00Z', '2026-11-25T09:00:00Z'),
      ],
      reading,
    )
    expect(history.slice(1).map(({ from, to }) => [from, to])).toEqual([
      ['24 Nov 2026, 10:00', '25 Nov 2026, 10:00'],
      ['25 Nov 2026, 10:00', '26 Nov 2026, 10:00'],
    ])
  })
})

describe('a place', () => {
  it('is followed only when it is a web page or a number', () => {
    const link = (url: string) => placeOf({ kind: 'link', url, label: '', video: true })
    expect(link('https://meet.example.org/x')).toMatchObject({ text: 'meet.example.org', joinable: true })
    expect(link('javascript:alert(1)')).toMatchObject({ href: null, joinable: false })
    expect(placeOf({ kind: 'attendee_phone', phone: '+49 (30) 123-4' }).href).toBe('tel:+49301234')
  })
})

describe('a mail', () => {
  const fact = {
    ...{ id: 'a', topic: 'booking.created', recipient: { name: 'Bo', email: 'bo@example.net' }, detail: '' },
    ...{ reason: null, attempts: 0, nextAt: '2026-11-23T09:00:00Z', deliveredAt: null, replayable: false },
  }
  const state = (more: object) =>
    mailOf({ ...fact, state: 'waiting', ...more }, booking('2026-11-23T09:00:00Z'), reading)

  it('is not said to be sent before it is', () => {
    expect(state({}).state).toBe('soon')
    expect(state({ reason: 'mail_not_configured' }).state).toBe('unconfigured')
    expect(state({ attempts: 2, reason: 'unreachable' })).toMatchObject({ state: 'again', when: '23 Nov 2026, 10:00' })
    expect(state({ state: 'skipped', reason: 'superseded' }).state).toBe('skipped')
    expect(state({ state: 'skipped', reason: 'already_over' }).state).toBe('late')
    expect(state({ state: 'delivered', deliveredAt: '2026-11-23T08:01:00Z' }).when).toBe('23 Nov 2026, 09:01')
  })

  it('names who gets it, and nobody where it is the host', () => {
    expect(state({}).to).toBe('Bo')
    expect(state({ recipient: { name: 'Ada', email: 'ada@example.org' } }).to).toBe('')
  })
})
