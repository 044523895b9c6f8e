import { describe, expect, test } from 'vitest'
import { formatInstant, parseInstant } from './calendar.ts'
import { compileFacts, compileOffer, factsSpan, findSlots, freeHosts, isOffered, withDuration } from './slots.ts'
import type { DateOverride, Facts, HostInput, OfferInput, WeeklyHours } from './types.ts'

const at = (text: string): number => parseInstant(text.length === 16 ? `${text}:00Z` : text)
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]

function clock(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return hours * 60 + minutes
}

/** `9:00-17:00` on every day, or on the days given. */
function open(hours: string, days: readonly number[] = EVERY_DAY): WeeklyHours {
  const [start = '', end = ''] = hours.split('-')
  return { days, start: clock(start), end: clock(end) }
}

function override(date: string, hours: string): DateOverride {
  const [start = '', end = ''] = hours.split('-')
  return { date, start: clock(start), end: clock(end) }
}

function host(timeZone: string, hours: string | readonly WeeklyHours[], more: Partial<HostInput> = {}): HostInput {
  return { id: 'ann', timeZone, weekly: typeof hours === 'string' ? [open(hours)] : hours, ...more }
}

interface Asked extends Partial<Omit<OfferInput, 'hosts'>> {
  readonly hosts: readonly HostInput[]
  readonly facts?: Partial<Facts>
  readonly from: string
  readonly to: string
}

/** Starts as `MM-DDTHH:MM` in UTC. */
function starts({ facts, from, to, ...offer }: Asked): string[] {
  const compiled = compileOffer({ scheduling: 'single', durationMinutes: 60, ...offer })
  const found = findSlots(compiled, { now: at('2000-01-01T00:00'), ...facts }, { start: at(from), end: at(to) })
  return Array.from(found, (time) => formatInstant(time).slice(5, 16))
}

const day = (date: string): { from: string; to: string } => ({
  from: `${date}T00:00`,
  to: `${date}T24:00`.replace('T24:00', 'T23:59'),
})
const times = (asked: Asked): string[] => starts(asked).map((start) => start.slice(6))
const pair = (from: string, to: string): [number, number] => [at(from), at(to)]

describe('clock changes of the host', () => {
  test('London, hour skipped: 00:00-03:00 holds two hours', () => {
    expect(
      times({ hosts: [host('Europe/London', '0:00-3:00')], from: '2026-03-29T00:00', to: '2026-03-29T12:00' }),
    ).toEqual(['00:00', '01:00'])
  })

  test('London, hour repeated: 01:00-02:00 holds both', () => {
    expect(times({ hosts: [host('Europe/London', '1:00-2:00')], ...day('2026-10-25') })).toEqual(['00:00', '01:00'])
  })

  test('hours inside the skipped hour open nothing', () => {
    expect(times({ hosts: [host('Europe/London', '1:00-2:00')], durationMinutes: 15, ...day('2026-03-29') })).toEqual(
      [],
    )
  })

  test('afternoons of the day keep their wall time', () => {
    expect(times({ hosts: [host('America/New_York', '15:00-16:00')], ...day('2026-03-08') })).toEqual(['19:00'])
    expect(times({ hosts: [host('America/New_York', '15:00-16:00')], ...day('2026-11-01') })).toEqual(['20:00'])
  })

  test('Lord Howe changes by half an hour: hourly slots then sit at half past', () => {
    const asked = {
      hosts: [host('Australia/Lord_Howe', '0:00-5:00')],
      from: '2026-04-04T12:00',
      to: '2026-04-04T20:00',
    }
    expect(times(asked)).toEqual(['13:00', '14:00', '15:00', '16:00', '17:00'])
  })

  test('a day without midnight begins when the clock resumes', () => {
    const cairo = {
      hosts: [host('Africa/Cairo', '0:00-2:00', { weekly: [open('0:00-2:00', [5])] })],
      from: '2026-04-23T12:00',
      to: '2026-04-24T12:00',
    }
    expect(starts(cairo)).toEqual(['04-23T22:00'])
    const havana = {
      hosts: [host('America/Havana', [open('0:00-2:00', [0])])],
      from: '2026-03-08T00:00',
      to: '2026-03-09T00:00',
    }
    expect(starts(havana)).toEqual(['03-08T05:00'])
  })

  test('a day that never was has no hours, and the days beside it have all of theirs', () => {
    const apia = { hosts: [host('Pacific/Apia', '9:00-11:00')], from: '2011-12-28T00:00', to: '2012-01-01T00:00' }
    // 28 and 29 December at -10:00, 31 December and 1 January at +14:00.
    expect(starts(apia)).toEqual([
      '12-28T19:00',
      '12-28T20:00',
      '12-29T19:00',
      '12-29T20:00',
      '12-30T19:00',
      '12-30T20:00',
      '12-31T19:00',
      '12-31T20:00',
    ])
  })

  test('overnight hours join over midnight, also over a missing one', () => {
    const hours = [open('23:00-24:00'), open('0:00-1:30')]
    expect(
      times({ hosts: [host('UTC', hours)], durationMinutes: 90, from: '2026-05-04T12:00', to: '2026-05-05T12:00' }),
    ).toEqual(['23:00'])
    // In Havana the clock goes from 24:00 to 01:00, so that the hours up to 01:30 end half an hour after those up to 24:00.
    const havana = {
      hosts: [host('America/Havana', hours)],
      durationMinutes: 90,
      from: '2026-03-07T12:00',
      to: '2026-03-08T12:00',
    }
    expect(starts(havana)).toEqual(['03-08T04:00'])
  })
})

describe('hours', () => {
  test('order of entries and overlaps do not matter', () => {
    const hours = [open('13:00-15:00'), open('9:00-11:00'), open('10:00-13:30')]
    const asked = { durationMinutes: 120, ...day('2026-05-04') }
    expect(times({ hosts: [host('UTC', hours)], ...asked })).toEqual(['09:00', '11:00', '13:00'])
    expect(times({ hosts: [host('UTC', hours.toReversed())], ...asked })).toEqual(['09:00', '11:00', '13:00'])
  })

  test('23:59 is 23:59, and an entry that ends before it starts is nothing', () => {
    expect(times({ hosts: [host('UTC', '23:00-23:59')], ...day('2026-05-04') })).toEqual([])
    expect(times({ hosts: [host('UTC', '23:00-24:00')], ...day('2026-05-04') })).toEqual(['23:00'])
    expect(times({ hosts: [host('UTC', '22:00-6:00')], ...day('2026-05-04') })).toEqual([])
  })

  test('overrides replace the hours of their date, add up, and may close it', () => {
    const asked = (overrides: DateOverride[]): string[] =>
      times({ hosts: [host('UTC', '9:00-11:00', { overrides })], ...day('2026-05-04') })
    expect(asked([override('2026-05-04', '14:00-15:00'), override('2026-05-04', '12:00-13:00')])).toEqual([
      '12:00',
      '14:00',
    ])
    expect(asked([{ date: '2026-05-04', off: true }])).toEqual([])
    expect(asked([{ date: '2026-05-04', off: true }, override('2026-05-04', '12:00-13:00')])).toEqual(['12:00'])
    expect(asked([override('2026-05-04', '12:00-12:00')])).toEqual([])
    expect(asked([override('2026-05-05', '12:00-13:00')])).toEqual(['09:00', '10:00'])
  })

  test('an override joins the hours of the day before', () => {
    const hosts = [host('UTC', '22:00-24:00', { overrides: [override('2026-05-05', '0:00-1:00')] })]
    expect(
      starts({ hosts, durationMinutes: 90, slotIntervalMinutes: 90, from: '2026-05-04T12:00', to: '2026-05-05T12:00' }),
    ).toEqual(['05-04T22:00', '05-04T23:30'])
  })

  test('a day away goes whatever opens it, unless its override was made on purpose', () => {
    const away = [{ start: '2026-05-04', end: '2026-05-05' }]
    const overrides = [
      override('2026-05-04', '12:00-13:00'),
      { ...override('2026-05-05', '12:00-13:00'), deliberate: true },
    ]
    const asked = { from: '2026-05-03T00:00', to: '2026-05-07T00:00' }
    expect(starts({ hosts: [host('UTC', '9:00-10:00', { overrides, outOfOffice: away })], ...asked })).toEqual([
      '05-03T09:00',
      '05-05T12:00',
      '05-06T09:00',
    ])
  })

  test('on a trip the wall times are read there, and so is the day away', () => {
    const travel = [
      { from: '2026-05-05', to: '2026-05-06', timeZone: 'Asia/Tokyo' },
      { from: '2026-05-06', timeZone: 'America/New_York' },
    ]
    const outOfOffice = [{ start: '2026-05-06', end: '2026-05-06' }]
    const asked = { from: '2026-05-03T12:00', to: '2026-05-08T00:00' }
    expect(starts({ hosts: [host('Europe/Berlin', '9:00-10:00', { travel })], ...asked })).toEqual([
      '05-04T07:00',
      '05-05T00:00',
      '05-06T00:00',
      '05-07T13:00',
    ])
    expect(starts({ hosts: [host('Europe/Berlin', '9:00-10:00', { travel, outOfOffice })], ...asked })).toEqual([
      '05-04T07:00',
      '05-05T00:00',
      '05-07T13:00',
    ])
  })

  test('layers stand in for the weekly hours while they are valid, every other week if asked', () => {
    const layers = [
      { weekly: [open('20:00-21:00')], from: '2026-05-06', to: '2026-05-07' },
      { weekly: [open('6:00-7:00', [1])], weeks: { every: 2, anchor: '2026-05-04' } },
    ]
    expect(
      starts({ hosts: [host('UTC', '9:00-10:00', { layers })], from: '2026-05-03T00:00', to: '2026-05-20T00:00' }),
    ).toEqual([
      '05-03T09:00',
      '05-04T06:00',
      '05-06T20:00',
      '05-07T20:00',
      '05-11T09:00',
      '05-12T09:00',
      '05-13T09:00',
      '05-14T09:00',
      '05-15T09:00',
      '05-16T09:00',
      '05-17T09:00',
      '05-18T06:00',
    ])
  })

  test('ranges given directly shrink to whole minutes and stand for the whole schedule', () => {
    const ranges = [pair('2026-05-04T09:00:30Z', '2026-05-04T10:29:59Z')]
    const hosts = [host('UTC', '0:00-24:00', { ranges, outOfOffice: [{ start: '2026-05-04', end: '2026-05-04' }] })]
    expect(times({ hosts, durationMinutes: 29, ...day('2026-05-04') })).toEqual(['09:01', '09:30', '09:59'])
  })
})

describe('grid', () => {
  test.each([
    [60, '9:10-13:00', ['10:00', '11:00', '12:00']],
    [45, '9:10-12:00', ['09:15', '10:00', '10:45']],
    [50, '9:05-12:00', ['09:10', '10:00', '10:50']],
    [40, '9:05-12:00', ['09:20', '10:00', '10:40', '11:20']],
    [25, '9:03-10:30', ['09:05', '09:30', '09:55']],
    [7, '9:03-9:30', ['09:03', '09:10', '09:17']],
    [90, '9:10-14:00', ['09:30', '11:00', '12:30']],
  ])('%i minutes in %s', (durationMinutes, hours, expected) => {
    expect(times({ hosts: [host('UTC', hours)], durationMinutes, ...day('2026-05-04') })).toEqual(expected)
  })

  test('is rounded on the clock of the event zone', () => {
    const hosts = [host('Asia/Kolkata', '9:00-12:00')]
    expect(times({ hosts, ...day('2026-05-04') })).toEqual(['03:30', '04:30', '05:30'])
    expect(times({ hosts, timeZone: 'Europe/London', ...day('2026-05-04') })).toEqual(['04:00', '05:00'])
    expect(times({ hosts, timeZone: 'Asia/Kathmandu', ...day('2026-05-04') })).toEqual(['04:15', '05:15'])
  })

  test('the offset is added once', () => {
    expect(
      times({ hosts: [host('UTC', '9:00-12:00')], durationMinutes: 30, offsetMinutes: 5, ...day('2026-05-04') }),
    ).toEqual(['09:05', '09:35', '10:05', '10:35', '11:05'])
  })

  test('restarts after a busy time but neither at now nor at the span', () => {
    const hosts = [host('UTC', '9:00-12:00')]
    const asked = { hosts, durationMinutes: 25, ...day('2026-05-04') }
    const whole = ['09:00', '09:25', '09:50', '10:15', '10:40', '11:05', '11:30']
    expect(times(asked)).toEqual(whole)
    expect(times({ ...asked, facts: { now: at('2026-05-04T09:26') } })).toEqual(whole.slice(2))
    expect(times({ ...asked, from: '2026-05-04T09:51' })).toEqual(whole.slice(3))
    const busy = [{ host: 'ann', start: at('2026-05-04T09:31'), end: at('2026-05-04T09:33') }]
    expect(times({ ...asked, facts: { busy } })).toEqual(['09:00', '09:35', '10:00', '10:25', '10:50', '11:15'])
  })

  test('a start at exactly now + notice is offered, one second later it is not', () => {
    const asked = { hosts: [host('UTC', '9:00-12:00')], noticeMinutes: 60, ...day('2026-05-04') }
    expect(times({ ...asked, facts: { now: at('2026-05-04T09:00') } })).toEqual(['10:00', '11:00'])
    expect(times({ ...asked, facts: { now: at('2026-05-04T09:00:01Z') } })).toEqual(['11:00'])
    expect(times({ ...asked, noticeMinutes: 0, facts: { now: at('2026-05-04T10:00') } })).toEqual(['10:00', '11:00'])
  })

  const crew = (a: string, b: string): HostInput[] => [host('UTC', a), { ...host('UTC', b), id: 'bob' }]

  test('overlapping ranges of two hosts keep one grid: from the start that both hold', () => {
    const asked = { scheduling: 'roundRobin' as const, durationMinutes: 45, ...day('2026-05-04') }
    // Bob could start at 9:30, but Ann's grid has 9:00, which lies before his range: he goes on from 9:45.
    expect(times({ hosts: crew('9:00-11:15', '9:30-13:00'), ...asked })).toEqual([
      '09:00',
      '09:45',
      '10:30',
      '11:15',
      '12:00',
    ])
  })

  test('joining bridges a gap shorter than step - duration', () => {
    const asked = {
      scheduling: 'roundRobin' as const,
      durationMinutes: 20,
      slotIntervalMinutes: 45,
      ...day('2026-05-04'),
    }
    // 10:30 lies within the step of 9:45, where Bob is not free yet: the next is 10:30 itself.
    expect(times({ hosts: crew('9:00-10:05', '10:15-12:00'), ...asked })).toEqual(['09:00', '09:45', '10:30', '11:15'])
    // The gap is long enough for another grid.
    expect(times({ hosts: crew('9:00-10:05', '10:35-12:00'), ...asked })).toEqual(['09:00', '09:45', '10:45', '11:30'])
  })

  test('a slot must fit one host: ranges of two are never joined', () => {
    const asked = { scheduling: 'roundRobin' as const, durationMinutes: 60, ...day('2026-05-04') }
    expect(times({ hosts: crew('9:00-10:30', '10:30-11:30'), ...asked })).toEqual(['09:00'])
  })

  test.each([
    ['spare minutes allow the next hour', '9:45-13:15', 60, ['10:00', '11:00', '12:00']],
    ['only the next quarter hour', '9:40-11:50', 60, ['09:45', '10:45']],
    ['a quarter hour is strictly later: only five minutes', '9:15-11:20', 60, ['09:20', '10:20']],
    ['nothing to spare', '9:10-11:10', 60, ['09:10', '10:10']],
    ['already on the hour', '9:00-11:30', 60, ['09:00', '10:00']],
  ])('optimised: %s', (_, hours, durationMinutes, expected) => {
    expect(times({ hosts: [host('UTC', hours)], durationMinutes, optimizedSlots: true, ...day('2026-05-04') })).toEqual(
      expected,
    )
  })

  test('optimised slots never lose one to the push', () => {
    // 30 minutes every 60 in 9:50-12:20: 30 spare by the hour, but a push of 10 would need (150 - 30) mod 60 = 0.
    const asked = {
      hosts: [host('UTC', '9:50-12:20')],
      durationMinutes: 30,
      slotIntervalMinutes: 60,
      optimizedSlots: true,
    }
    expect(times({ ...asked, ...day('2026-05-04') })).toEqual(['09:50', '10:50', '11:50'])
  })
})

describe('always open', () => {
  const always = { hosts: [host('Europe/Berlin', '0:00-24:00')], durationMinutes: 50 }

  test('the grid restarts at each midnight of the event zone', () => {
    const found = starts({ ...always, from: '2026-05-04T21:00', to: '2026-05-05T01:00' })
    expect(found).toEqual(['05-04T21:20', '05-04T22:00', '05-04T22:50', '05-04T23:40', '05-05T00:30'])
  })

  test('whichever part of it is asked for', () => {
    const week = starts({ ...always, from: '2026-03-25T00:00', to: '2026-04-01T00:00' })
    const parts = Array.from({ length: 7 * 8 }, (_, i) => {
      const from = at('2026-03-25T00:00') + i * 3 * 3_600_000
      return starts({ ...always, from: formatInstant(from), to: formatInstant(from + 3 * 3_600_000) })
    })
    expect(parts.flat()).toEqual(week)
  })

  test('24 hours exactly are not cut', () => {
    const ranges = [pair('2026-05-04T10:00', '2026-05-05T10:00')]
    const found = starts({
      hosts: [host('UTC', '0:00-1:00', { ranges })],
      durationMinutes: 50,
      from: '2026-05-04T23:00',
      to: '2026-05-05T01:00',
    })
    expect(found).toEqual(['05-04T23:20', '05-05T00:10'])
    const longer = [pair('2026-05-04T10:00', '2026-05-05T10:01')]
    expect(
      starts({
        hosts: [host('UTC', '0:00-1:00', { ranges: longer })],
        durationMinutes: 50,
        from: '2026-05-04T23:00',
        to: '2026-05-05T01:00',
      }),
    ).toEqual(['05-04T23:20', '05-05T00:00', '05-05T00:50'])
  })

  test('a stretch of several hosts is cut as one', () => {
    const hosts = [
      host('UTC', '0:00-1:00', { ranges: [pair('2026-05-04T10:00', '2026-05-05T02:00')] }),
      { ...host('UTC', '0:00-1:00', { ranges: [pair('2026-05-05T01:30', '2026-05-05T12:00')] }), id: 'bob' },
    ]
    const asked = {
      hosts,
      scheduling: 'roundRobin' as const,
      durationMinutes: 50,
      from: '2026-05-04T23:00',
      to: '2026-05-05T03:00',
    }
    // 26 hours together: cut at midnight, and Bob keeps the grid begun there.
    expect(starts(asked)).toEqual(['05-04T23:20', '05-05T00:00', '05-05T00:50', '05-05T01:40', '05-05T02:30'])
  })

  test('a long stretch is rounded up even with optimised slots', () => {
    const ranges = [pair('2026-05-04T09:50', '2026-05-06T10:00')]
    const asked = {
      hosts: [host('UTC', '0:00-1:00', { ranges })],
      optimizedSlots: true,
      durationMinutes: 50,
      slotIntervalMinutes: 60,
    }
    expect(starts({ ...asked, from: '2026-05-04T09:00', to: '2026-05-04T12:00' })).toEqual([
      '05-04T10:00',
      '05-04T11:00',
    ])
  })
})

describe('busy time', () => {
  const asked = { hosts: [host('UTC', '9:00-13:00')], durationMinutes: 30, ...day('2026-05-04') }
  const busy = (from: string, to: string) => [{ host: 'ann', start: at(from), end: at(to) }]

  test('is half-open', () => {
    expect(times({ ...asked, facts: { busy: busy('2026-05-04T10:00', '2026-05-04T12:00') } })).toEqual([
      '09:00',
      '09:30',
      '12:00',
      '12:30',
    ])
  })

  test('fills every minute it touches, and an empty one fills nothing', () => {
    expect(times({ ...asked, facts: { busy: busy('2026-05-04T09:59:59Z', '2026-05-04T12:00:01Z') } })).toEqual([
      '09:00',
      '12:30',
    ])
    expect(
      times({ ...asked, facts: { busy: busy('2026-05-04T10:10', '2026-05-04T10:10') }, bufferAfterMinutes: 30 }),
    ).toHaveLength(8)
  })

  test("buffers: the event's own around external time, both sides' around bookings", () => {
    const facts = { busy: busy('2026-05-04T11:00', '2026-05-04T11:05') }
    expect(times({ ...asked, bufferBeforeMinutes: 10, bufferAfterMinutes: 20, facts })).toEqual([
      '09:00',
      '09:30',
      '10:00',
      '11:30',
      '12:00',
      '12:30',
    ])
    const bookings = [
      {
        host: 'ann',
        start: at('2026-05-04T11:00'),
        end: at('2026-05-04T11:05'),
        sameEvent: false,
        bufferBeforeMinutes: 15,
        bufferAfterMinutes: 20,
      },
    ]
    // Blocked from 10:25 (15 + 20) to 11:35 (20 + 10).
    expect(times({ ...asked, bufferBeforeMinutes: 10, bufferAfterMinutes: 20, facts: { bookings } })).toEqual([
      '09:00',
      '09:30',
      '12:00',
      '12:30',
    ])
  })

  test('buffers do not shrink the edges of the hours', () => {
    expect(times({ ...asked, bufferBeforeMinutes: 60, bufferAfterMinutes: 60 })).toHaveLength(8)
  })

  test('only accepted bookings block, pending ones on request; co-hosts are blocked too', () => {
    const booking = {
      host: 'zoe',
      alsoHosts: ['ann'],
      start: at('2026-05-04T09:00'),
      end: at('2026-05-04T12:30'),
      sameEvent: true,
    }
    expect(times({ ...asked, facts: { bookings: [booking] } })).toEqual(['12:30'])
    expect(times({ ...asked, facts: { bookings: [{ ...booking, status: 'pending' }] } })).toHaveLength(8)
    expect(times({ ...asked, pendingBlocks: true, facts: { bookings: [{ ...booking, status: 'pending' }] } })).toEqual([
      '12:30',
    ])
    expect(
      times({
        ...asked,
        facts: {
          bookings: [
            { ...booking, status: 'cancelled' },
            { ...booking, status: 'rejected' },
          ],
        },
      }),
    ).toHaveLength(8)
  })

  test('a hold blocks its host, without buffers, until its release', () => {
    const hold = {
      host: 'ann',
      start: at('2026-05-04T09:00'),
      end: at('2026-05-04T12:00'),
      releaseAt: at('2026-05-04T08:05'),
    }
    const held = (now: string) => times({ ...asked, bufferAfterMinutes: 60, facts: { now: at(now), holds: [hold] } })
    expect(held('2026-05-04T08:04')).toEqual(['12:00', '12:30'])
    expect(held('2026-05-04T08:05')).toHaveLength(8)
  })

  test('a hold on one host of a round robin leaves the others', () => {
    const hosts = [host('UTC', '9:00-10:00'), { ...host('UTC', '9:00-10:00'), id: 'bob' }]
    const holds = [
      { host: 'ann', start: at('2026-05-04T09:00'), end: at('2026-05-04T10:00'), releaseAt: at('2026-05-05T00:00') },
    ]
    expect(times({ ...asked, hosts, scheduling: 'roundRobin', facts: { holds } })).toEqual(['09:00', '09:30'])
    expect(times({ ...asked, hosts, scheduling: 'collective', facts: { holds } })).toEqual([])
  })

  test('the booking being moved is cut out of external time', () => {
    const facts = {
      busy: busy('2026-05-04T09:00', '2026-05-04T12:00'),
      moved: { hosts: ['ann'], start: at('2026-05-04T10:00'), end: at('2026-05-04T10:30') },
    }
    expect(times({ ...asked, facts })).toEqual(['10:00', '12:00', '12:30'])
  })

  test('a broken calendar blocks its host, or is trusted, as it is told', () => {
    const calendar = {
      host: 'ann',
      id: 'work',
      readAt: at('2026-05-04T05:00'),
      failing: true,
      graceMinutes: 120,
      whenBroken: 'block' as const,
    }
    const asking = (now: string, more: object) =>
      times({ ...asked, facts: { now: at(now), calendars: [{ ...calendar, ...more }] } })
    expect(asking('2026-05-04T07:00', {})).toHaveLength(8)
    expect(asking('2026-05-04T07:01', {})).toEqual([])
    expect(asking('2026-05-04T07:01', { whenBroken: 'trust' })).toHaveLength(8)
    expect(asking('2026-05-04T07:01', { failing: false })).toHaveLength(8)
  })

  test('in bulk and compiled, in any order, is the same', () => {
    const list = [...busy('2026-05-04T11:00', '2026-05-04T11:20'), ...busy('2026-05-04T09:10', '2026-05-04T09:20')]
    const bulk = [{ host: 'ann', times: list.flatMap(({ start, end }) => [start, end]) }]
    const expected = times({ ...asked, facts: { busy: list } })
    expect(times({ ...asked, facts: { busyTimes: bulk } })).toEqual(expected)
    const offer = compileOffer({ scheduling: 'single', durationMinutes: 30, hosts: asked.hosts })
    const facts = { now: 0, busy: list.toReversed() }
    const span = { start: at(asked.from), end: at(asked.to) }
    expect(findSlots(offer, compileFacts(offer, facts), span)).toEqual(findSlots(offer, facts, span))
  })

  test('what is not an instant is refused, not taken for free', () => {
    expect(() => times({ ...asked, facts: { busy: [{ host: 'ann', start: Number.NaN, end: 5 }] } })).toThrow(/busy/)
    expect(() => times({ ...asked, facts: { now: Number.NaN } })).toThrow(/now/)
    const booking = { host: 'ann', start: 0, end: 60_000, sameEvent: true, bufferAfterMinutes: Number.NaN }
    expect(() => times({ ...asked, facts: { bookings: [booking] } })).toThrow(/bufferAfterMinutes/)
    expect(
      times({
        ...asked,
        facts: { busy: [{ host: 'ann', start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY }] },
      }),
    ).toEqual([])
  })
})

describe('seats', () => {
  const asked = {
    hosts: [host('UTC', '9:00-12:00')],
    durationMinutes: 60,
    slotIntervalMinutes: 30,
    seatsPerSlot: 3,
    ...day('2026-05-04'),
  }
  const booking = (from: string, to: string, seatsTaken?: number) => ({
    host: 'ann',
    start: at(`2026-05-04T${from}`),
    end: at(`2026-05-04T${to}`),
    sameEvent: true,
    ...(seatsTaken === undefined ? {} : { seatsTaken }),
  })

  test('a partly filled slot stays, other starts that overlap it go', () => {
    expect(times({ ...asked, facts: { bookings: [booking('10:00', '11:00', 1)] } })).toEqual([
      '09:00',
      '10:00',
      '11:00',
    ])
  })

  test('also off the grid', () => {
    expect(times({ ...asked, facts: { bookings: [booking('10:10', '11:10', 1)] } })).toEqual(['09:00', '10:10'])
  })

  test('full, or without a count, it is an ordinary booking', () => {
    expect(times({ ...asked, facts: { bookings: [booking('10:00', '11:00', 3)] } })).toEqual(['09:00', '11:00'])
    expect(times({ ...asked, facts: { bookings: [booking('10:00', '11:00')] } })).toEqual(['09:00', '11:00'])
    expect(times({ ...asked, seatsPerSlot: undefined, facts: { bookings: [booking('10:00', '11:00', 1)] } })).toEqual([
      '09:00',
      '11:00',
    ])
  })

  test('its buffers block', () => {
    expect(times({ ...asked, bufferAfterMinutes: 30, facts: { bookings: [booking('10:00', '11:00', 1)] } })).toEqual([
      '10:00',
      '11:00',
    ])
  })

  test('it goes when something else is in the way', () => {
    const facts = {
      bookings: [booking('10:00', '11:00', 1)],
      busy: [{ host: 'ann', start: at('2026-05-04T10:50'), end: at('2026-05-04T10:55') }],
    }
    expect(times({ ...asked, facts })).toEqual(['09:00', '11:00'])
  })

  test('other event types see it as busy', () => {
    expect(times({ ...asked, facts: { bookings: [{ ...booking('10:00', '11:00', 1), sameEvent: false }] } })).toEqual([
      '09:00',
      '11:00',
    ])
  })

  test('no host of the team starts another one across it', () => {
    const hosts = [...asked.hosts, { ...host('UTC', '9:00-12:00'), id: 'bob' }]
    const facts = { bookings: [booking('10:00', '11:00', 1)] }
    expect(times({ ...asked, hosts, scheduling: 'roundRobin', facts })).toEqual(['09:00', '10:00', '11:00'])
  })
})

describe('limits', () => {
  const booking = (start: string, minutes: number, more: object = {}) => ({
    host: 'ann',
    start: at(start),
    end: at(start) + minutes * 60_000,
    sameEvent: true,
    ...more,
  })
  const asked = { hosts: [host('Europe/Berlin', '9:00-11:00')], from: '2026-05-01T00:00', to: '2026-05-06T00:00' }

  test('so many bookings per day, by the local day of their start', () => {
    // 22:30 UTC is half past midnight on the 4th in Berlin.
    const bookings = [
      booking('2026-05-03T22:30', 30),
      booking('2026-05-02T12:00', 30),
      booking('2026-05-02T12:30', 30, { status: 'pending' }),
    ]
    expect(starts({ ...asked, limits: { bookings: { day: 1 } }, facts: { bookings } })).toEqual([
      '05-01T07:00',
      '05-01T08:00',
      '05-03T07:00',
      '05-03T08:00',
      '05-05T07:00',
      '05-05T08:00',
    ])
  })

  test('per week from Sunday, per month, per year', () => {
    const bookings = [booking('2026-05-02T12:00', 30)]
    const limited = (limits: object) => starts({ ...asked, limits: { bookings: limits }, facts: { bookings } }).length
    expect(limited({ week: 1 })).toBe(6)
    expect(limited({ month: 1 })).toBe(0)
    expect(limited({ year: 1 })).toBe(0)
    expect(limited({ year: 2 })).toBe(10)
    expect(limited({ day: 0 })).toBe(0)
  })

  test('minutes: equal is allowed, one more is not, and a slot longer than the limit never fits', () => {
    const bookings = [booking('2026-05-02T12:00', 60), booking('2026-05-03T12:00', 61)]
    expect(starts({ ...asked, limits: { minutes: { day: 120 } }, facts: { bookings } })).toEqual([
      '05-01T07:00',
      '05-01T08:00',
      '05-02T07:00',
      '05-02T08:00',
      '05-04T07:00',
      '05-04T08:00',
      '05-05T07:00',
      '05-05T08:00',
    ])
    expect(starts({ ...asked, limits: { minutes: { day: 59 } } })).toEqual([])
  })

  test('minutes count per host, over the year for all hosts together; counts for all hosts always', () => {
    const hosts = [host('UTC', '9:00-10:00'), { ...host('UTC', '9:00-10:00'), id: 'bob' }]
    const team = {
      hosts,
      scheduling: 'roundRobin' as const,
      ...day('2026-05-04'),
      facts: { bookings: [booking('2026-05-04T12:00', 60)] },
    }
    expect(times({ ...team, limits: { minutes: { day: 60 } } })).toEqual(['09:00'])
    expect(times({ ...team, limits: { minutes: { year: 60 } } })).toEqual([])
    expect(times({ ...team, limits: { bookings: { day: 1 } } })).toEqual([])
  })

  test('a slot may not run into a full day', () => {
    const hosts = [host('UTC', '0:00-24:00')]
    const facts = { bookings: [booking('2026-05-05T12:00', 30)] }
    expect(
      starts({
        hosts,
        limits: { bookings: { day: 1 } },
        durationMinutes: 100,
        from: '2026-05-04T21:00',
        to: '2026-05-06T02:00',
        facts,
      }),
    ).toEqual(['05-04T21:40', '05-06T00:00', '05-06T01:40'])
  })

  test("a host's own limits hold over all event types, in his zone", () => {
    const hosts = [host('Europe/Berlin', '9:00-10:00', { limits: { bookings: { day: 1 } } })]
    const bookings = [booking('2026-05-03T22:30', 30, { sameEvent: false, host: 'zoe', alsoHosts: ['ann'] })]
    expect(
      starts({ hosts, timeZone: 'UTC', from: '2026-05-03T00:00', to: '2026-05-05T00:00', facts: { bookings } }),
    ).toEqual(['05-03T07:00'])
  })

  test('limits of the team count everybody, or each host', () => {
    const hosts = [host('UTC', '9:00-10:00'), { ...host('UTC', '9:00-10:00'), id: 'bob' }]
    const bookings = [
      booking('2026-05-04T12:00', 30, { sameEvent: false, team: true, host: 'zoe', alsoHosts: ['ann'] }),
    ]
    const team = { hosts, ...day('2026-05-04'), facts: { bookings } }
    expect(times({ ...team, scheduling: 'roundRobin', teamLimits: { all: { bookings: { day: 1 } } } })).toEqual([])
    expect(times({ ...team, scheduling: 'roundRobin', teamLimits: { perHost: { bookings: { day: 1 } } } })).toEqual([
      '09:00',
    ])
    expect(times({ ...team, scheduling: 'collective', teamLimits: { perHost: { minutes: { day: 89 } } } })).toEqual([])
  })

  test('a booker with too many active bookings is offered nothing', () => {
    expect(starts({ ...asked, maxActivePerBooker: 2, facts: { booker: { activeBookings: 2 } } })).toEqual([])
    expect(starts({ ...asked, maxActivePerBooker: 2, facts: { booker: { activeBookings: 1 } } })).toHaveLength(10)
  })
})

describe('teams', () => {
  const member = (id: string, hours: string, more: Partial<HostInput> = {}): HostInput => ({
    ...host('UTC', hours),
    id,
    ...more,
  })
  const asked = { durationMinutes: 60, ...day('2026-05-04') }

  test('collective: what all share', () => {
    expect(
      times({ ...asked, scheduling: 'collective', hosts: [member('a', '9:00-12:00'), member('b', '10:00-14:00')] }),
    ).toEqual(['10:00', '11:00'])
  })

  test('round robin: fixed hosts and one of each group', () => {
    const hosts = [
      member('f', '9:00-15:00', { fixed: true }),
      member('a', '9:00-11:00', { group: 'x' }),
      member('b', '13:00-16:00', { group: 'x' }),
      member('c', '8:00-14:00'),
    ]
    expect(times({ ...asked, scheduling: 'roundRobin', hosts })).toEqual(['09:00', '10:00', '13:00'])
  })

  test('fixed hosts who share nothing mean no slot, and so does a group with nobody', () => {
    const fixed = [
      member('f', '9:00-10:00', { fixed: true }),
      member('g', '11:00-12:00', { fixed: true }),
      member('a', '9:00-12:00'),
    ]
    expect(times({ ...asked, scheduling: 'roundRobin', hosts: fixed })).toEqual([])
    expect(
      times({
        ...asked,
        scheduling: 'roundRobin',
        hosts: [member('a', '9:00-12:00', { group: 'x' }), member('b', '9:00-9:00', { group: 'y' })],
      }),
    ).toEqual([])
  })

  test('fixed and group mean nothing outside a round robin', () => {
    const hosts = [member('a', '9:00-11:00', { fixed: true, group: 'x' }), member('b', '10:00-12:00', { group: 'y' })]
    expect(times({ ...asked, scheduling: 'collective', hosts })).toEqual(['10:00'])
  })

  test('the lead host is the first of the round robin, else the first: his zone rounds', () => {
    const kolkata = { ...host('Asia/Kolkata', '9:00-12:00'), id: 'k' }
    const london = { ...host('Europe/London', '0:00-24:00'), id: 'l', fixed: true }
    expect(times({ ...asked, scheduling: 'roundRobin', hosts: [london, kolkata] })).toEqual(['03:30', '04:30', '05:30'])
    expect(times({ ...asked, scheduling: 'collective', hosts: [london, kolkata] })).toEqual(['04:00', '05:00'])
  })

  test('several of a group, optional hosts, resources', () => {
    const three = [member('a', '9:00-11:00'), member('b', '10:00-12:00'), member('c', '11:00-13:00')]
    expect(times({ ...asked, scheduling: 'roundRobin', hosts: three, groups: [{ id: '', need: 2 }] })).toEqual([
      '10:00',
      '11:00',
    ])
    expect(
      times({
        ...asked,
        scheduling: 'collective',
        hosts: [member('a', '9:00-11:00'), member('o', '9:00-9:00', { optional: true })],
      }),
    ).toEqual(['09:00', '10:00'])
    const rooms = {
      resources: [{ id: 'room', quantity: 2 }],
      hosts: [member('a', '9:00-12:00')],
      scheduling: 'single' as const,
    }
    const use = (from: string, to: string) => ({
      resource: 'room',
      start: at(`2026-05-04T${from}`),
      end: at(`2026-05-04T${to}`),
    })
    expect(
      times({ ...asked, ...rooms, facts: { resourceUse: [use('09:00', '11:00'), use('10:00', '12:00')] } }),
    ).toEqual(['09:00', '11:00'])
    const car = { ...rooms, resources: [{ id: 'room', quantity: 2, need: 3 }] }
    expect(times({ ...asked, ...car })).toEqual([])
    const closed = {
      ...rooms,
      resources: [{ id: 'room', quantity: 1, schedule: { timeZone: 'UTC', weekly: [open('10:00-11:00')] } }],
    }
    expect(times({ ...asked, ...closed })).toEqual(['10:00'])
  })

  test('freeHosts names who could take a start', () => {
    const offer = compileOffer({
      scheduling: 'roundRobin',
      durationMinutes: 60,
      hosts: [member('a', '9:00-11:00'), member('b', '10:00-12:00')],
    })
    expect(freeHosts(offer, { now: 0 }, at('2026-05-04T10:00'))).toEqual(['a', 'b'])
    expect(freeHosts(offer, { now: 0 }, at('2026-05-04T10:30'))).toEqual(['b'])
  })
})

describe('windows', () => {
  const days = (asked: Asked): string[] => [...new Set(starts(asked).map((start) => start.slice(0, 5)))]
  const hosts = [host('Europe/Berlin', '9:00-10:00')]
  /** Friday, 1 May 2026, half past midnight in Berlin. */
  const now = at('2026-04-30T22:30')
  const asked = { hosts, facts: { now }, from: '2026-04-20T00:00', to: '2026-06-20T00:00' }

  test('rolling days', () => {
    expect(days({ ...asked, window: { type: 'rolling', days: 0, calendarDays: true } })).toEqual(['05-01'])
    expect(days({ ...asked, window: { type: 'rolling', days: 2, calendarDays: true } })).toEqual([
      '05-01',
      '05-02',
      '05-03',
    ])
    expect(days({ ...asked, window: { type: 'rolling', days: 1, calendarDays: false } })).toEqual([
      '05-01',
      '05-02',
      '05-03',
      '05-04',
    ])
  })

  test('the end of a day uses its own offset', () => {
    const late = [host('Europe/London', [open('22:00-24:00'), open('0:00-2:00')])]
    const found = starts({
      hosts: late,
      facts: { now: at('2026-03-28T12:00') },
      window: { type: 'rolling', days: 1, calendarDays: true },
      from: '2026-03-28T12:00',
      to: '2026-04-02T00:00',
    })
    expect(found.at(-1)).toBe('03-29T22:00')
  })

  test('fixed dates, both included', () => {
    expect(days({ ...asked, window: { type: 'fixed', startDate: '2026-05-03', endDate: '2026-05-04' } })).toEqual([
      '05-03',
      '05-04',
    ])
    expect(days({ ...asked, window: { type: 'fixed', startDate: '2026-05-04', endDate: '2026-05-03' } })).toEqual([])
  })

  const mondays = [host('Europe/Berlin', [open('9:00-10:00', [1])])]

  test('bookable days are counted from today whatever span is asked', () => {
    const window = { type: 'rollingWindow' as const, days: 3, calendarDays: true }
    expect(days({ ...asked, hosts: mondays, window })).toEqual(['05-04', '05-11', '05-18'])
    expect(days({ ...asked, hosts: mondays, window, from: '2026-05-15T00:00' })).toEqual(['05-18'])
    expect(days({ ...asked, hosts: mondays, window, to: '2026-05-12T00:00' })).toEqual(['05-04', '05-11'])
  })

  test('at most 61 days are looked at; business days count Monday to Friday', () => {
    const window = { type: 'rollingWindow' as const, days: 30, calendarDays: true }
    // 61 days from 1 May: the last is 30 June.
    expect(days({ ...asked, hosts: mondays, window, to: '2026-12-01T00:00' }).at(-1)).toBe('06-29')
    const business = { ...window, days: 2, calendarDays: false }
    expect(days({ ...asked, window: business })).toEqual(['05-01', '05-02', '05-03', '05-04'])
    const weekends = [host('Europe/Berlin', [open('9:00-10:00', [0, 6])])]
    expect(days({ ...asked, hosts: weekends, window: business, to: '2026-12-01T00:00' })).toHaveLength(24)
  })

  test('notice, holds and nothing else decide whether a day counts; none means today only', () => {
    const window = { type: 'rollingWindow' as const, days: 1, calendarDays: true }
    expect(days({ ...asked, window })).toEqual(['05-01'])
    expect(days({ ...asked, window, noticeMinutes: 600 })).toEqual(['05-02'])
    const holds = [
      { host: 'ann', start: at('2026-05-01T07:00'), end: at('2026-05-01T08:00'), releaseAt: at('2026-05-01T00:00') },
    ]
    expect(days({ ...asked, window, facts: { now, holds } })).toEqual(['05-02'])
    expect(days({ ...asked, window: { ...window, days: 0 }, noticeMinutes: 600 })).toEqual([])
  })
})

describe('first slot of a day', () => {
  const asked = { hosts: [host('Europe/Berlin', '0:00-24:00')], onlyFirstSlotPerDay: true }

  test('by the event zone, before the span is applied', () => {
    expect(starts({ ...asked, from: '2026-05-03T22:30', to: '2026-05-06T00:00' })).toEqual([
      '05-04T22:00',
      '05-05T22:00',
    ])
  })

  test('among what notice and window leave', () => {
    const facts = { now: at('2026-05-04T10:20') }
    expect(starts({ ...asked, facts, from: '2026-05-04T00:00', to: '2026-05-05T00:00' })).toEqual([
      '05-04T11:00',
      '05-04T22:00',
    ])
  })
})

describe('restriction', () => {
  const asked = { hosts: [host('UTC', '0:00-24:00')], durationMinutes: 50, ...day('2026-05-04') }

  test('a slot must lie within it; the grid does not move', () => {
    expect(times({ ...asked, restriction: { timeZone: 'UTC', weekly: [open('9:00-12:00')] } })).toEqual([
      '09:10',
      '10:00',
      '10:50',
    ])
  })

  test("may be read in the visitor's zone", () => {
    const restriction = { timeZone: 'visitor', weekly: [open('9:00-11:00')] }
    expect(times({ ...asked, restriction, facts: { visitorTimeZone: 'America/New_York' } })).toEqual(['13:20', '14:10'])
    expect(() => times({ ...asked, restriction })).toThrow(/visitorTimeZone/)
  })
})

describe('one instant', () => {
  const offer = compileOffer({ scheduling: 'single', durationMinutes: 30, hosts: [host('UTC', '9:00-10:00')] })

  test('is offered exactly when the list has it', () => {
    expect(isOffered(offer, { now: 0 }, at('2026-05-04T09:30'))).toBe(true)
    expect(isOffered(offer, { now: 0 }, at('2026-05-04T09:31'))).toBe(false)
    expect(isOffered(offer, { now: 0 }, at('2026-05-04T09:30:01Z'))).toBe(false)
    expect(isOffered(offer, { now: at('2026-05-04T09:30:01Z') }, at('2026-05-04T09:30'))).toBe(false)
  })

  test('several lengths share one offer', () => {
    const span = { start: at('2026-05-04T00:00'), end: at('2026-05-05T00:00') }
    expect(findSlots(withDuration(offer, 60), { now: 0 }, span)).toHaveLength(1)
    expect(findSlots(withDuration(offer, 60, 15), { now: 0 }, span)).toHaveLength(1)
    expect(findSlots(withDuration(offer, 15), { now: 0 }, span)).toHaveLength(4)
  })
})

describe('facts needed', () => {
  const text = ({ start, end }: { start: number; end: number }): string[] => [
    formatInstant(start).slice(0, 16),
    formatInstant(end).slice(0, 16),
  ]
  const span = { start: at('2026-05-04T00:00'), end: at('2026-05-05T00:00') }
  const offerOf = (more: Partial<OfferInput>) =>
    compileOffer({ scheduling: 'single', durationMinutes: 60, hosts: [host('UTC', '9:00-10:00')], ...more })

  test('two days, the length and the step around the span, and the buffers', () => {
    expect(text(factsSpan(offerOf({}), span))).toEqual(['2026-05-01T22:00', '2026-05-07T02:00'])
    expect(text(factsSpan(offerOf({ bufferBeforeMinutes: 30 }), span, { foreignBufferMinutes: 15 }))).toEqual([
      '2026-05-01T20:45',
      '2026-05-07T03:15',
    ])
  })

  test('whole periods of every limit', () => {
    expect(text(factsSpan(offerOf({ limits: { bookings: { month: 3 } } }), span))).toEqual([
      '2026-05-01T00:00',
      '2026-06-01T00:00',
    ])
    expect(text(factsSpan(offerOf({ limits: { minutes: { year: 300 } } }), span))).toEqual([
      '2026-01-01T00:00',
      '2027-01-01T00:00',
    ])
  })

  test('from today on for bookable days', () => {
    const offer = offerOf({ window: { type: 'rollingWindow', days: 5, calendarDays: true } })
    const [start, end] = text(factsSpan(offer, span, { now: at('2026-04-20T12:00') }))
    expect(() => factsSpan(offer, span)).toThrow(/now/)
    expect(start).toBe('2026-04-18T10:00')
    expect(end).toBe('2026-06-22T02:00')
  })
})

describe('offers that make no sense', () => {
  const good: OfferInput = { scheduling: 'single', durationMinutes: 30, hosts: [host('UTC', '9:00-10:00')] }

  test.each<[string, Partial<OfferInput>]>([
    ['durationMinutes', { durationMinutes: 0 }],
    ['slotIntervalMinutes', { slotIntervalMinutes: 2.5 }],
    ['noticeMinutes', { noticeMinutes: -1 }],
    ['timeZone', { timeZone: 'Mars/Olympus' }],
    ['hosts', { hosts: [] }],
    ['hosts[1].id', { hosts: [...good.hosts, ...good.hosts] }],
    [
      'hosts[0].overrides[0].date',
      { hosts: [host('UTC', '9:00-10:00', { overrides: [{ date: '2026-02-30', off: true }] })] },
    ],
    [
      'hosts[0].overrides[0]',
      { hosts: [host('UTC', '9:00-10:00', { overrides: [{ date: '2026-02-03', start: 5 }] })] },
    ],
    ['hosts[0].weekly[0].end', { hosts: [host('UTC', [{ days: [1], start: 0, end: 1441 }])] }],
    ['hosts[0].weekly[0].days', { hosts: [host('UTC', [{ days: [7], start: 0, end: 10 }])] }],
    ['window.days', { window: { type: 'rolling', days: -1, calendarDays: true } }],
    ['limits.bookings.day', { limits: { bookings: { day: -1 } } }],
  ])('%s is named', (path, wrong) => {
    expect(() => compileOffer({ ...good, ...wrong })).toThrow(path)
  })
})
