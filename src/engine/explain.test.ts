import { describe, expect, test } from 'vitest'
import { parseInstant } from './calendar.ts'
import { type Explanation, explain, type HostReason } from './explain.ts'
import { compileOffer, findSlots } from './slots.ts'
import type { Facts, HostInput, OfferInput } from './types.ts'

const at = (text: string): number => parseInstant(`2026-05-${text}:00Z`)
const ann: HostInput = { id: 'ann', timeZone: 'UTC', weekly: [{ days: [1, 2, 3, 4, 5], start: 540, end: 1020 }] }
const bob: HostInput = { ...ann, id: 'bob' }

function asked(start: string, offer: Partial<OfferInput> = {}, facts: Partial<Facts> = {}): Explanation {
  const compiled = compileOffer({ scheduling: 'single', durationMinutes: 60, hosts: [ann], ...offer })
  return explain(compiled, { now: at('01T00:00'), ...facts }, at(start))
}

const codes = ({ reasons }: { reasons: readonly { code: string }[] }): string[] => reasons.map(({ code }) => code)
const hostReason = (answer: Explanation, index = 0): HostReason | undefined => answer.hosts[index]?.reasons[0]

test('a start on offer has no reasons against it', () => {
  expect(asked('04T10:00')).toEqual({
    start: at('04T10:00'),
    end: at('04T11:00'),
    offered: true,
    reasons: [],
    hosts: [{ host: 'ann', part: 'needed', free: true, reasons: [], notes: [] }],
  })
})

describe('the offer', () => {
  test('past and notice', () => {
    expect(asked('04T10:00', {}, { now: at('04T10:01') }).reasons).toEqual([{ code: 'past', now: at('04T10:01') }])
    expect(asked('04T10:00', { noticeMinutes: 90 }, { now: at('04T09:00') }).reasons).toEqual([
      { code: 'notice', noticeMinutes: 90, soonest: at('04T10:30') },
    ])
  })

  test('windows, with their ends', () => {
    const rolling = asked('11T10:00', { window: { type: 'rolling', days: 3, calendarDays: true } })
    expect(rolling.reasons).toEqual([{ code: 'window', type: 'rolling', from: at('01T00:00'), to: at('05T00:00') }])
    const bookable = asked('11T10:00', { window: { type: 'rollingWindow', days: 3, calendarDays: true } })
    expect(bookable.reasons).toEqual([
      { code: 'window', type: 'rollingWindow', from: at('01T00:00'), to: at('06T00:00') },
    ])
    const fixed = asked('04T10:00', { window: { type: 'fixed', startDate: '2026-05-05', endDate: '2026-05-06' } })
    expect(fixed.reasons).toEqual([{ code: 'window', type: 'fixed', from: at('05T00:00'), to: at('07T00:00') }])
  })

  test('a start beside the grid names its neighbours', () => {
    expect(asked('04T10:15').reasons).toEqual([
      { code: 'offGrid', step: 60, before: at('04T10:00'), after: at('04T11:00') },
    ])
  })

  test('only the first of the day', () => {
    expect(asked('04T10:00', { onlyFirstSlotPerDay: true }).reasons).toEqual([
      { code: 'notFirstOfDay', first: at('04T09:00') },
    ])
  })

  test('a limit with its count and period', () => {
    const bookings = [{ host: 'ann', start: at('04T12:00'), end: at('04T13:00'), sameEvent: true }]
    const limit = { code: 'limit', scope: 'event', unit: 'day', from: at('04T00:00'), to: at('05T00:00') }
    const counted = asked('04T10:00', { limits: { bookings: { day: 1 } } }, { bookings })
    expect(counted.reasons[0]).toEqual({ ...limit, measure: 'bookings', limit: 1, used: 1 })
    const minutes = asked('04T10:00', { limits: { minutes: { day: 100 } } }, { bookings })
    expect(hostReason(minutes)).toEqual({ ...limit, measure: 'minutes', limit: 100, used: 60 })
    expect(asked('04T10:00', { maxActivePerBooker: 1 }, { booker: { activeBookings: 1 } }).reasons).toEqual([
      { code: 'bookerLimit', limit: 1, active: 1 },
    ])
  })

  test('no limit, where a seat of what is begun is meant', () => {
    const bookings = [{ host: 'ann', start: at('04T10:00'), end: at('04T11:00'), sameEvent: true, seatsTaken: 1 }]
    const full = { seatsPerSlot: 2, limits: { bookings: { day: 1 }, minutes: { day: 60 } } }
    expect(asked('04T10:00', full, { bookings })).toMatchObject({ offered: true, hosts: [{ host: 'ann', free: true }] })
    const past = asked('04T10:00', full, { bookings, now: at('04T10:30') })
    expect(past.reasons).toEqual([{ code: 'past', now: at('04T10:30') }])
    expect(asked('04T12:00', full, { bookings }).reasons[0]).toMatchObject({ code: 'limit', used: 1 })
  })

  test('seats of another start, a restriction, a resource', () => {
    const bookings = [{ host: 'ann', start: at('04T10:30'), end: at('04T11:30'), sameEvent: true, seatsTaken: 1 }]
    expect(asked('04T10:00', { seatsPerSlot: 2 }, { bookings }).reasons).toEqual([
      { code: 'seatsElsewhere', start: at('04T10:30'), end: at('04T11:30') },
    ])
    const restriction = { timeZone: 'Asia/Tokyo', weekly: [] }
    expect(asked('04T10:00', { restriction }).reasons).toEqual([{ code: 'restriction', timeZone: 'Asia/Tokyo' }])
    const resources = [{ id: 'room', quantity: 1 }]
    const resourceUse = [{ resource: 'room', start: at('04T10:30'), end: at('04T10:40') }]
    expect(asked('04T10:00', { resources }, { resourceUse }).reasons).toEqual([
      { code: 'resourceInUse', resource: 'room', quantity: 1, need: 1 },
    ])
    const closed = [{ id: 'room', quantity: 1, schedule: { timeZone: 'UTC', weekly: [] } }]
    expect(asked('04T10:00', { resources: closed }).reasons).toEqual([{ code: 'resourceClosed', resource: 'room' }])
  })

  test('a group without a free host', () => {
    const offer: Partial<OfferInput> = { scheduling: 'roundRobin', hosts: [ann, bob], groups: [{ id: '', need: 2 }] }
    const answer = asked('04T10:00', offer, { busy: [{ host: 'bob', start: at('04T10:00'), end: at('04T10:05') }] })
    expect(answer.reasons).toEqual([{ code: 'groupBusy', group: '', need: 2, free: ['ann'] }])
    expect(answer.hosts.map(({ part, free }) => [part, free])).toEqual([
      ['group', true],
      ['group', false],
    ])
  })
})

describe('a host', () => {
  test('outside hours, with the hours of that date where he is', () => {
    const travel = [{ from: '2026-05-04', timeZone: 'Asia/Tokyo' }]
    const answer = asked('04T10:00', { hosts: [{ ...ann, travel }] })
    expect(codes(answer)).toEqual(['hostBusy'])
    expect(hostReason(answer)).toEqual({
      code: 'outsideHours',
      date: '2026-05-04',
      timeZone: 'Asia/Tokyo',
      source: 'weekly',
      hours: [[540, 1020]],
    })
    const override = asked('04T10:00', { hosts: [{ ...ann, overrides: [{ date: '2026-05-04', off: true }] }] })
    expect(hostReason(override)).toMatchObject({ code: 'outsideHours', source: 'override', hours: [] })
    const given = asked('04T10:00', { hosts: [{ ...ann, ranges: [] }] })
    expect(hostReason(given)).toMatchObject({ code: 'outsideHours', source: 'ranges' })
  })

  test('outside hours that hold in some weeks of the month only, and outside the usual ones in the others', () => {
    const layers = [{ weekly: [{ days: [1], start: 480, end: 540 }], weeks: { ofMonth: [1] } }]
    const hosts = [{ ...ann, layers }]
    expect(hostReason(asked('04T10:00', { hosts }))).toMatchObject({ code: 'outsideHours', hours: [[480, 540]] })
    expect(hostReason(asked('11T08:00', { hosts }))).toMatchObject({ code: 'outsideHours', hours: [[540, 1020]] })
  })

  test('away, but only on days that had hours', () => {
    const outOfOffice = [{ start: '2026-05-02', end: '2026-05-04', kind: 'holiday' as const, label: 'Bank holiday' }]
    const hosts = [{ ...ann, outOfOffice }]
    expect(hostReason(asked('04T10:00', { hosts }))).toEqual({
      code: 'away',
      date: '2026-05-04',
      kind: 'holiday',
      label: 'Bank holiday',
      firstDate: '2026-05-02',
      lastDate: '2026-05-04',
    })
    expect(hostReason(asked('02T10:00', { hosts }))).toMatchObject({ code: 'outsideHours' })
  })

  test('busy, with its kind; only a buffer of it', () => {
    const busy = [{ host: 'ann', start: at('04T11:00'), end: at('04T11:30'), kind: 'calendar', label: 'Dentist' }]
    expect(hostReason(asked('04T11:00', {}, { busy }))).toEqual({
      code: 'busy',
      kind: 'calendar',
      label: 'Dentist',
      start: at('04T11:00'),
      end: at('04T11:30'),
    })
    expect(hostReason(asked('04T10:00', { bufferAfterMinutes: 10 }, { busy }))).toEqual({
      code: 'buffer',
      of: 'busy',
      start: at('04T11:00'),
      end: at('04T11:30'),
      beforeMinutes: 10,
      afterMinutes: 0,
    })
  })

  test('booked, held', () => {
    const bookings = [
      {
        host: 'zoe',
        alsoHosts: ['ann'],
        start: at('04T11:00'),
        end: at('04T11:30'),
        sameEvent: false,
        uid: 'x',
        bufferBeforeMinutes: 5,
      },
    ]
    expect(hostReason(asked('04T11:00', {}, { bookings }))).toEqual({
      code: 'booking',
      uid: 'x',
      status: 'accepted',
      start: at('04T11:00'),
      end: at('04T11:30'),
    })
    expect(hostReason(asked('04T10:00', {}, { bookings }))).toMatchObject({
      code: 'buffer',
      of: 'booking',
      beforeMinutes: 5,
    })
    const holds = [{ host: 'ann', start: at('04T11:00'), end: at('04T11:30'), releaseAt: at('02T00:00') }]
    expect(hostReason(asked('04T11:00', {}, { holds }))).toEqual({
      code: 'held',
      start: at('04T11:00'),
      end: at('04T11:30'),
      releaseAt: at('02T00:00'),
    })
  })

  test('all seats taken', () => {
    const bookings = [{ host: 'ann', start: at('04T10:00'), end: at('04T11:00'), sameEvent: true, seatsTaken: 2 }]
    expect(hostReason(asked('04T10:00', { seatsPerSlot: 2 }, { bookings }))).toMatchObject({
      code: 'booking',
      seatsTaken: 2,
      seats: 2,
    })
  })

  test('calendars: broken ones block, stale or trusted ones are only noted', () => {
    const calendar = {
      host: 'ann',
      id: 'work',
      readAt: at('01T00:00'),
      failing: true,
      graceMinutes: 60,
      whenBroken: 'block' as const,
    }
    const broken = asked('04T10:00', {}, { now: at('01T01:01'), calendars: [calendar] })
    expect(hostReason(broken)).toEqual({ code: 'calendarBroken', calendar: 'work', readAt: at('01T00:00') })
    const stale = asked('04T10:00', {}, { now: at('01T01:00'), calendars: [calendar] })
    expect(stale.offered).toBe(true)
    expect(stale.hosts[0]!.notes).toEqual([{ code: 'calendarStale', calendar: 'work', readAt: at('01T00:00') }])
    const trusted = asked('04T10:00', {}, { now: at('01T01:01'), calendars: [{ ...calendar, whenBroken: 'trust' }] })
    expect(trusted.hosts[0]!.notes).toEqual([
      { code: 'calendarBrokenTrusted', calendar: 'work', readAt: at('01T00:00') },
    ])
  })

  test('optional hosts are told of but never in the way', () => {
    const answer = asked('04T10:00', { scheduling: 'collective', hosts: [ann, { ...bob, optional: true, weekly: [] }] })
    expect(answer.offered).toBe(true)
    expect(answer.hosts[1]).toMatchObject({ part: 'optional', free: false })
  })
})

test('every quarter hour of a crowded week is explained, and agrees with the list', () => {
  const offer = compileOffer({
    scheduling: 'roundRobin',
    durationMinutes: 45,
    bufferBeforeMinutes: 10,
    bufferAfterMinutes: 5,
    noticeMinutes: 600,
    seatsPerSlot: 2,
    window: { type: 'rollingWindow', days: 4, calendarDays: false },
    limits: { bookings: { day: 3 }, minutes: { day: 90 } },
    hosts: [
      { ...ann, fixed: true, outOfOffice: [{ start: '2026-05-06', end: '2026-05-06' }] },
      { ...bob, timeZone: 'America/New_York' },
      { ...bob, id: 'cyd', timeZone: 'Asia/Kolkata', overrides: [{ date: '2026-05-05', start: 600, end: 1380 }] },
    ],
  })
  const booking = (host: string, start: string, more: object = {}) => ({
    host,
    start: at(start),
    end: at(start) + 45 * 60_000,
    sameEvent: true,
    ...more,
  })
  const facts: Facts = {
    now: at('04T08:20'),
    busy: [{ host: 'ann', start: at('05T11:07'), end: at('05T11:40') }],
    bookings: [
      booking('cyd', '05T12:00', { seatsTaken: 1, alsoHosts: ['ann'] }),
      booking('bob', '07T14:00', { alsoHosts: ['ann'], bufferAfterMinutes: 20 }),
      booking('bob', '07T15:30'),
      booking('cyd', '08T10:00', { seatsTaken: 2, alsoHosts: ['ann'] }),
    ],
    holds: [{ host: 'ann', start: at('08T14:00'), end: at('08T14:45'), releaseAt: at('04T08:25') }],
  }
  const span = { start: at('03T00:00'), end: at('12T00:00') }
  const offered = new Set(findSlots(offer, facts, span))
  expect(offered.size).toBeGreaterThan(5)
  for (let start = span.start; start < span.end; start += 900_000) {
    const answer = explain(offer, facts, start)
    expect(answer.offered).toBe(offered.has(start))
    expect(answer.reasons.length === 0).toBe(answer.offered)
    for (const host of answer.hosts) expect(host.reasons.length === 0).toBe(host.free)
  }
})
