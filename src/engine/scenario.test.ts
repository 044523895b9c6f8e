import { describe, expect, test } from 'vitest'
import { answerScenario } from './scenario.ts'

const good = {
  id: 'x',
  now: '2026-05-01T00:00:00.000Z',
  invitee: { timeZone: 'Europe/London' },
  range: { start: '2026-05-04T00:00:00.000Z', end: '2026-05-04T23:59:59.999Z' },
  event: { schedulingType: 'single', durationMin: 60 },
  hosts: [{ id: 'a', timeZone: 'UTC', weekly: [{ days: [1], start: '22:00', end: '24:00' }] }],
}
const starts = (scenario: unknown): unknown => {
  const answer = answerScenario(scenario)
  return 'starts' in answer ? answer.starts : answer.error
}

test('answers with sorted UTC instants', () => {
  expect(answerScenario(good)).toEqual({ id: 'x', starts: ['2026-05-04T22:00:00.000Z', '2026-05-04T23:00:00.000Z'] })
})

test('an end in 59.999 is the next full second, others are as they are', () => {
  const hosts = [{ id: 'a', timeZone: 'UTC', weekly: [{ days: [1, 2], start: '00:00', end: '24:00' }] }]
  const asked = (end: string) => starts({ ...good, hosts, range: { start: '2026-05-04T23:00:00Z', end } })
  expect(asked('2026-05-05T00:59:59.999Z')).toEqual(['2026-05-04T23:00:00.000Z', '2026-05-05T00:00:00.000Z'])
  expect(asked('2026-05-05T00:00:00.000Z')).toEqual(['2026-05-04T23:00:00.000Z'])
  expect(asked('2026-05-05T00:00:00.001Z')).toEqual(['2026-05-04T23:00:00.000Z', '2026-05-05T00:00:00.000Z'])
})

test('every field reaches the engine', () => {
  const scenario = {
    ...good,
    range: { start: '2026-05-03T00:00:00.000Z', end: '2026-05-10T00:00:00.000Z' },
    event: {
      schedulingType: 'roundRobin',
      durationMin: 30,
      slotIntervalMin: 60,
      offsetStartMin: 5,
      minNoticeMin: 60,
      bufferBeforeMin: 5,
      bufferAfterMin: 5,
      window: { type: 'fixed', startDate: '2026-05-04', endDate: '2026-05-07' },
      limits: { bookings: { day: 5 }, durationMin: { day: 600 } },
      seatsPerSlot: 3,
      optimizedSlots: false,
      onlyFirstSlotPerDay: false,
      timeZone: 'UTC',
    },
    hosts: [
      {
        id: 'a',
        timeZone: 'Europe/London',
        profileTimeZone: 'Asia/Tokyo',
        group: 'x',
        weekly: [{ days: [1, 2, 3, 4], start: '10:00', end: '13:00' }],
        overrides: [
          { date: '2026-05-05', start: '15:00', end: '16:00' },
          { date: '2026-05-07', off: true },
        ],
        ooo: [{ start: '2026-05-04', end: '2026-05-04' }],
        travel: [{ from: '2026-05-06', to: '2026-05-06', timeZone: 'UTC' }],
        busy: [['2026-05-06T11:00:00Z', '2026-05-06T11:20:00Z']],
      },
      { id: 'b', timeZone: 'UTC', fixed: true, ranges: [['2026-05-05T00:00:00Z', '2026-05-06T12:45:00Z']] },
    ],
    bookings: [
      { host: 'a', start: '2026-05-06T12:00:00Z', end: '2026-05-06T12:30:00Z', sameEvent: true, status: 'PENDING' },
      {
        host: 'a',
        start: '2026-05-05T14:05:00Z',
        end: '2026-05-05T14:35:00Z',
        sameEvent: true,
        seatsTaken: 2,
        alsoHosts: ['b'],
      },
    ],
    reserved: [
      { host: 'b', start: '2026-05-06T10:30:00Z', end: '2026-05-06T10:40:00Z', releaseAt: '2026-05-01T00:05:00Z' },
    ],
  }
  expect(starts(scenario)).toEqual(['2026-05-05T14:05:00.000Z', '2026-05-06T12:05:00.000Z'])
})

describe('malformed scenarios are answered with what is wrong', () => {
  test.each<[string, unknown, RegExp]>([
    ['not an object', 5, /^scenario: 5 is not an object/],
    ['no now', { ...good, now: undefined }, /^now: is missing/],
    ['now is no instant', { ...good, now: '2026-05-01' }, /^now: .*not an instant/],
    ['no range', { ...good, range: null }, /^range: is missing/],
    [
      'range end',
      { ...good, range: { start: good.range.start, end: '2026-05-32T00:00:00Z' } },
      /^range\.end: .*not a date/,
    ],
    ['visitor zone', { ...good, invitee: { timeZone: 'Europe/Atlantis' } }, /^invitee\.timeZone: .*Atlantis/],
    ['scheduling', { ...good, event: { schedulingType: 'duo', durationMin: 30 } }, /^event\.schedulingType: "duo"/],
    ['duration', { ...good, event: { schedulingType: 'single', durationMin: 0 } }, /^event\.durationMin: must be 1/],
    ['duration type', { ...good, event: { schedulingType: 'single', durationMin: '30' } }, /^event\.durationMin: "30"/],
    ['window', { ...good, event: { ...good.event, window: { type: 'ever' } } }, /^event\.window\.type/],
    [
      'window date',
      { ...good, event: { ...good.event, window: { type: 'fixed', startDate: '2026-02-30', endDate: '2026-03-01' } } },
      /^event\.window\.startDate/,
    ],
    ['hosts', { ...good, hosts: {} }, /^hosts: .*not a list/],
    ['host zone', { ...good, hosts: [{ id: 'a', timeZone: '+02:00' }] }, /^hosts\[0\]\.timeZone/],
    [
      'weekday',
      { ...good, hosts: [{ id: 'a', timeZone: 'UTC', weekly: [{ days: [7], start: '09:00', end: '10:00' }] }] },
      /^hosts\[0\]\.weekly\[0\]\.days\[0\]/,
    ],
    [
      'time of day',
      { ...good, hosts: [{ id: 'a', timeZone: 'UTC', weekly: [{ days: [1], start: '9am', end: '24:01' }] }] },
      /^hosts\[0\]\.weekly\[0\]\.start/,
    ],
    [
      'after 24:00',
      { ...good, hosts: [{ id: 'a', timeZone: 'UTC', weekly: [{ days: [1], start: '09:00', end: '24:01' }] }] },
      /^hosts\[0\]\.weekly\[0\]\.end/,
    ],
    [
      'busy',
      { ...good, hosts: [{ id: 'a', timeZone: 'UTC', busy: [['2026-05-04T10:00:00Z']] }] },
      /^hosts\[0\]\.busy\[0\]/,
    ],
    ['twice the same host', { ...good, hosts: [...good.hosts, ...good.hosts] }, /^hosts\[1\]\.id/],
    ['nobody', { ...good, hosts: [] }, /^hosts/],
    [
      'status',
      { ...good, bookings: [{ host: 'a', start: good.now, end: good.now, status: 'toString' }] },
      /^bookings\[0\]\.status/,
    ],
    [
      'hold',
      { ...good, reserved: [{ host: 'a', start: good.now, end: good.now }] },
      /^reserved\[0\]\.releaseAt: is missing/,
    ],
  ])('%s', (_, scenario, message) => {
    expect(starts(scenario)).toMatch(message)
  })

  test('with its id where there is one', () => {
    expect(answerScenario({ id: 'y' })).toMatchObject({ id: 'y' })
    expect(answerScenario(null)).toMatchObject({ id: null })
  })
})
