import { describe, expect, test } from 'vitest'
import { type Assignment, type AssignmentFacts, assign, type Candidate, type PastBooking } from './assign.ts'

const NOW = Date.UTC(2026, 4, 15, 12)
const HOUR = 3_600_000
const DAY = 24 * HOUR

const host = (id: string, more: Partial<Candidate> = {}): Candidate => ({ id, free: true, ...more })
const booked = (organizer: string, createdAt: number, more: Partial<PastBooking> = {}): PastBooking => ({
  organizer,
  createdAt,
  start: createdAt + DAY,
  ...more,
})
const facts = (more: Partial<AssignmentFacts> = {}): AssignmentFacts => ({
  now: NOW,
  start: NOW + DAY,
  rules: {},
  bookings: [],
  ...more,
})

function chosen(assignment: Assignment): readonly string[] {
  if (!assignment.ok) throw new Error(`refused: ${assignment.reason.code}`)
  return assignment.hosts
}

const stepsOf = (assignment: Assignment): string[] =>
  assignment.ok
    ? assignment.draws.flatMap((draw) => draw.steps.filter((step) => step.dropped.length > 0).map((step) => step.code))
    : []

describe('who takes part', () => {
  test('the first fixed host organises, one host per group is drawn', () => {
    const answer = assign(
      [
        host('a', { group: 'sales' }),
        host('f', { fixed: true }),
        host('b', { group: 'tech' }),
        host('g', { fixed: true }),
      ],
      facts(),
    )
    expect(answer).toMatchObject({ ok: true, organizer: 'f', hosts: ['f', 'g', 'a', 'b'] })
  })

  test('without fixed hosts the one drawn organises', () => {
    expect(assign([host('a'), host('b')], facts())).toMatchObject({ ok: true, organizer: 'a', hosts: ['a'] })
  })

  test('a busy fixed host refuses the meeting', () => {
    expect(assign([host('f', { fixed: true, free: false }), host('a')], facts())).toEqual({
      ok: false,
      reason: { code: 'fixedBusy', hosts: ['f'] },
    })
  })

  test('a group with nobody free refuses it too', () => {
    expect(assign([host('a', { group: 'x' }), host('b', { group: 'y', free: false })], facts())).toEqual({
      ok: false,
      reason: { code: 'groupBusy', group: 'y', need: 1, free: [] },
    })
  })

  test('a group may have to give several', () => {
    const rules = { needs: { '': 2 } }
    expect(chosen(assign([host('a', { free: false }), host('b'), host('c')], facts({ rules })))).toEqual(['b', 'c'])
    expect(assign([host('a', { free: false }), host('b')], facts({ rules }))).toMatchObject({
      ok: false,
      reason: { need: 2, free: ['b'] },
    })
  })

  test('nobody at all', () => {
    expect(assign([], facts())).toEqual({ ok: false, reason: { code: 'noHosts' } })
  })
})

describe('order of the rules', () => {
  test('highest priority, the default being 2', () => {
    const answer = assign([host('a', { priority: 1 }), host('b'), host('c', { priority: 3, free: false })], facts())
    expect(chosen(answer)).toEqual(['b'])
    expect(stepsOf(answer)).toEqual(['free', 'priority'])
  })

  test('then the one whose latest booking is oldest; who never had one comes first', () => {
    const bookings = [booked('a', NOW - 3 * DAY), booked('b', NOW - 5 * DAY), booked('b', NOW - 40 * DAY)]
    expect(chosen(assign([host('a'), host('b')], facts({ bookings })))).toEqual(['b'])
    expect(chosen(assign([host('a'), host('b'), host('c')], facts({ bookings })))).toEqual(['c'])
  })

  test('taking part without organising counts as booked', () => {
    const bookings = [
      booked('a', NOW - 5 * DAY),
      booked('x', NOW - DAY, { attendees: ['a'] }),
      booked('b', NOW - 3 * DAY),
    ]
    expect(chosen(assign([host('a'), host('b')], facts({ bookings })))).toEqual(['b'])
  })

  test('a last tie follows the list, or the seed', () => {
    const hosts = [host('a'), host('b'), host('c')]
    expect([0, 1, 2, 3, 4].map((seed) => chosen(assign(hosts, facts(), seed))[0])).toEqual(['a', 'b', 'c', 'a', 'b'])
    expect(() => assign(hosts, facts(), -1)).toThrow(/seed/)
  })

  test('with weights the largest shortfall comes before priority, then the larger weight', () => {
    const rules = { weighted: true }
    const bookings = [booked('a', NOW - DAY), booked('a', NOW - 2 * DAY), booked('b', NOW - 3 * DAY)]
    const hosts = [host('a', { weight: 300, priority: 0 }), host('b', { weight: 100, priority: 4 })]
    // Targets 2.25 and 0.75: a is short by 0.25, b ahead by 0.25.
    const answer = assign(hosts, facts({ rules, bookings }))
    expect(chosen(answer)).toEqual(['a'])
    const step = answer.ok ? answer.draws[0]!.steps.find(({ code }) => code === 'shortfall') : undefined
    expect(step?.values).toEqual({ a: 0.25, b: -0.25 })
    expect(chosen(assign(hosts, facts({ rules })))).toEqual(['a'])
  })
})

describe('what counts', () => {
  const rules = { weighted: true }
  const hosts = [host('a'), host('b')]

  test('only this UTC month, by creation, up to now', () => {
    const bookings = [
      booked('a', Date.UTC(2026, 3, 30, 23)),
      booked('a', Date.UTC(2026, 3, 29, 23)),
      booked('a', NOW + 1),
      booked('b', Date.UTC(2026, 4, 1)),
    ]
    expect(chosen(assign(hosts, facts({ rules, bookings })))).toEqual(['a'])
  })

  test('or this UTC day', () => {
    const bookings = [booked('a', NOW - DAY), booked('a', NOW - 2 * DAY), booked('b', NOW - HOUR)]
    expect(chosen(assign(hosts, facts({ rules: { ...rules, interval: 'day' }, bookings })))).toEqual(['a'])
    expect(chosen(assign(hosts, facts({ rules, bookings })))).toEqual(['b'])
  })

  test('or by the time of the meeting, over its whole month', () => {
    const june = Date.UTC(2026, 5, 10)
    const bookings = [booked('a', NOW - DAY, { start: june + 9 * DAY }), booked('b', NOW - DAY), booked('b', NOW - DAY)]
    const meeting = { rules: { ...rules, basis: 'meeting' as const }, bookings, start: june }
    expect(chosen(assign(hosts, facts(meeting)))).toEqual(['b'])
    expect(chosen(assign(hosts, facts({ ...meeting, start: NOW })))).toEqual(['a'])
  })

  test('meetings the host missed only when the event type says so', () => {
    const bookings = [
      booked('a', NOW - DAY, { noShow: true }),
      booked('a', NOW - DAY, { noShow: true }),
      booked('b', NOW - DAY),
    ]
    expect(chosen(assign(hosts, facts({ rules, bookings })))).toEqual(['a'])
    expect(chosen(assign(hosts, facts({ rules: { ...rules, countNoShows: true }, bookings })))).toEqual(['b'])
  })
})

describe('narrowing', () => {
  const hosts = [host('a'), host('b'), host('c')]

  test.each([
    ['sameHost', { sameHost: 'c' }, 'c'],
    ['contactOwner', { contactOwner: 'b' }, 'b'],
    ['segment', { segment: ['b', 'c'] }, 'b'],
    ['routed', { routed: ['c'] }, 'c'],
  ])('by %s', (_, preferences, expected) => {
    expect(chosen(assign(hosts, facts({ preferences })))).toEqual([expected])
  })

  test('a rule that leaves nobody is ignored, and says so', () => {
    const answer = assign(hosts, facts({ preferences: { contactOwner: 'gone', routed: ['b'] } }))
    expect(chosen(answer)).toEqual(['b'])
    expect(answer.ok && answer.draws[0]!.steps[0]).toMatchObject({
      code: 'contactOwner',
      ignored: true,
      kept: ['a', 'b', 'c'],
    })
  })

  test('when nobody preferred is free, the whole group is asked', () => {
    const answer = assign([host('a'), host('b', { free: false })], facts({ preferences: { contactOwner: 'b' } }))
    expect(chosen(answer)).toEqual(['a'])
    expect(stepsOf(answer)).toContain('fallback')
  })

  test('hosts too many bookings ahead sit out', () => {
    const bookings = [1, 2, 3].map((i) => booked('a', NOW - i * DAY)).concat(booked('b', NOW - HOUR))
    const two = [host('a', { priority: 4 }), host('b')]
    expect(chosen(assign(two, facts({ rules: { maxLead: 1 }, bookings })))).toEqual(['b'])
    expect(chosen(assign(two, facts({ rules: { maxLead: 2 }, bookings })))).toEqual(['a'])
  })

  test('with weights the lead is counted in shortfall', () => {
    const bookings = [1, 2, 3].map((i) => booked('a', NOW - i * DAY)).concat(booked('b', NOW - HOUR))
    // Targets 3 and 1: level, although a has three times as many.
    const weighted = [host('a', { weight: 300 }), host('b')]
    const answer = assign(weighted, facts({ rules: { maxLead: 0, weighted: true }, bookings }))
    expect(answer.ok && answer.draws[0]!.steps[0]).toMatchObject({ code: 'lead', kept: ['a', 'b'] })
  })
})

describe('calibration', () => {
  const rules = { weighted: true }

  test('a newcomer is credited with what the others had on average before', () => {
    const bookings = ['a', 'b', 'a', 'b'].map((id, i) => booked(id, NOW - (10 - i) * DAY))
    const newcomer = host('c', { joinedAt: NOW - DAY })
    const answer = assign([host('a'), host('b'), newcomer], facts({ rules, bookings }))
    const step = answer.ok ? answer.draws[0]!.steps.find(({ code }) => code === 'shortfall') : undefined
    expect(step?.values).toEqual({ a: 0, b: 0, c: 0 })
  })

  test('so is a host for the days he was away', () => {
    const bookings = ['a', 'b', 'a', 'b'].map((id, i) => booked(id, NOW - (10 - i) * DAY))
    const away = host('c', { absences: [{ start: NOW - 12 * DAY, end: NOW - 5 * DAY }] })
    const answer = assign([host('a'), host('b'), away], facts({ rules, bookings }))
    const step = answer.ok ? answer.draws[0]!.steps.find(({ code }) => code === 'shortfall') : undefined
    expect(step?.values).toEqual({ a: 0, b: 0, c: 0 })
  })
})

/** 10,000 bookings in one month, with hosts who join, leave, are away and lose bookings. */
describe('shares over 10,000 bookings', () => {
  const BEGIN = Date.UTC(2026, 2, 1)
  const TOTAL = 10_000
  const day = (number: number): number => BEGIN + (number - 1) * DAY
  const away = (from: number, to: number): Candidate['absences'] => [{ start: day(from), end: day(to) }]

  interface Member extends Candidate {
    readonly leavesAt?: number
  }

  const MEMBERS: readonly Member[] = [
    host('ann', { weight: 100 }),
    host('bob', { weight: 200, absences: away(5, 12) }),
    host('cyd', { weight: 50, absences: away(2, 3) }),
    { ...host('dan', { weight: 100 }), leavesAt: day(14) },
    host('eve', { weight: 150, joinedAt: day(9) }),
    host('fay', { weight: 100, joinedAt: day(4), absences: away(16, 19) }),
    host('gus', { weight: 100 }),
  ]

  function presentAt(now: number): Candidate[] {
    return MEMBERS.filter(({ leavesAt = now + 1, joinedAt = now }) => joinedAt <= now && now < leavesAt).map(
      (member) => ({
        ...member,
        free: member.absences?.some(({ start, end }) => start <= now && now < end) !== true,
      }),
    )
  }

  function simulate(total: number, candidates: (now: number) => readonly Candidate[]): PastBooking[] {
    const rules = { weighted: true }
    const bookings: PastBooking[] = []
    let state = 7
    for (let i = 0; i < total; i += 1) {
      const now = BEGIN + Math.floor((i * 30 * DAY) / total)
      const answer = assign(candidates(now), facts({ now, start: now + DAY, rules, bookings }), i)
      bookings.push(booked(chosen(answer)[0]!, now))
      if (i % 20 === 19) {
        // One of twenty is cancelled, wherever it lies.
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
        bookings.splice(Math.floor((state / 2 ** 32) * bookings.length), 1)
      }
    }
    return bookings
  }

  test('stay within one booking of the weights, joins, leaves, absences and cancellations included', () => {
    const bookings = simulate(TOTAL, presentAt)
    const now = day(31)
    const answer = assign(presentAt(now), facts({ now, rules: { weighted: true }, bookings }))
    const shortfalls = answer.ok ? answer.draws[0]!.steps.find(({ code }) => code === 'shortfall')!.values! : {}
    expect(Object.keys(shortfalls).sort()).toEqual(['ann', 'bob', 'cyd', 'eve', 'fay', 'gus'])
    for (const [id, shortfall] of Object.entries(shortfalls)) expect(Math.abs(shortfall), id).toBeLessThanOrEqual(1)
  })

  test('are exact when everybody is there all the time', () => {
    const hosts = [host('a', { weight: 100 }), host('b', { weight: 250 }), host('c', { weight: 50 })]
    const bookings = simulate(1000, () => hosts)
    const share = (id: string): number => bookings.filter((booking) => booking.organizer === id).length
    for (const { id, weight = 0 } of hosts) {
      expect(Math.abs(share(id) - (bookings.length * weight) / 400), id).toBeLessThanOrEqual(1)
    }
  })
})
