import { describe, expect, it } from 'vitest'
import {
  clashOf,
  freeSlug,
  freeTitle,
  isPhone,
  isSlug,
  meetingUrl,
  moved,
  orderedDurations,
  slugOf,
  unknownNames,
} from './rules.ts'
import { DEFAULT_OPTIONS, fillTitle } from './types.ts'

describe('slugOf', () => {
  it.each([
    ['Intro call', 'intro-call'],
    ['  30-Minuten-Gespräch!  ', '30-minuten-gesprach'],
    ['Große Runde & Œuvre', 'grosse-runde-oeuvre'],
    ['Łódź', 'lodz'],
    ['...', 'meeting'],
    ['Знакомство', 'meeting'],
    ['打ち合わせ 30', '30'],
    ['----a----', 'a'],
    ['x'.repeat(300), 'x'.repeat(100)],
    [`${'x'.repeat(99)} y`, 'x'.repeat(99)],
  ])('%s → %s', (title, expected) => {
    expect(slugOf(title)).toBe(expected)
    expect(isSlug(expected)).toBe(true)
  })
})

describe('isSlug', () => {
  it.each(['', '.', '..', '-a', 'a-', 'A', 'a b', 'a/b', 'a.b', 'ä', 'x'.repeat(101), 'a\n', '%2e%2e'])(
    'refuses %j',
    (slug) => {
      expect(isSlug(slug)).toBe(false)
    },
  )
  it.each(['a', '0', 'intro-call', 'a--b', 'x'.repeat(100)])('takes %j', (slug) => {
    expect(isSlug(slug)).toBe(true)
  })
})

describe('freeSlug and freeTitle', () => {
  it.each([
    ['talk', [], 'talk'],
    ['talk', ['talk'], 'talk-2'],
    ['talk-2', ['talk', 'talk-2'], 'talk-3'],
    ['x'.repeat(100), ['x'.repeat(100)], `${'x'.repeat(98)}-2`],
  ])('%s among %j', (slug, taken, expected) => {
    expect(freeSlug(slug, new Set(taken))).toBe(expected)
  })
  it.each([
    ['Talk', ['Talk'], 'Talk 2'],
    ['Talk 2', ['Talk', 'Talk 2'], 'Talk 3'],
    ['x'.repeat(200), [], `${'x'.repeat(198)} 2`],
  ])('%s among %j', (title, taken, expected) => {
    expect(freeTitle(title, new Set(taken))).toBe(expected)
  })
})

describe('orderedDurations', () => {
  it('keeps the default first', () => {
    expect(orderedDurations([30, 60, 15])).toEqual([30, 15, 60])
    expect(orderedDurations([])).toEqual([])
  })
})

describe('meetingUrl', () => {
  it.each([
    ['https://meet.example.org/room?a=1', 'https://meet.example.org/room?a=1'],
    ['  https://Meet.Example.org  ', 'https://meet.example.org/'],
    ['https://[2001:db8::1]/', 'https://[2001:db8::1]/'],
    ['http://meet.example.org', null],
    ['javascript:alert(1)', null],
    ['java\nscript:alert(1)', null],
    ['data:text/html,x', null],
    ['https://user:secret@example.org', null],
    ['https://localhost/x', null],
    ['//example.org', null],
    ['meet.example.org', null],
    ['', null],
  ])('%j → %j', (text, expected) => {
    expect(meetingUrl(text)).toBe(expected)
  })
})

describe('isPhone', () => {
  it.each([
    ['+49 30 123456', true],
    ['(030) 12 34-56', true],
    ['12345', true],
    ['+', false],
    ['-----', false],
    ['123', false],
    ['12345; ext', false],
    ['1'.repeat(31), false],
  ])('%s: %s', (text, expected) => {
    expect(isPhone(text)).toBe(expected)
  })
})

describe('moved', () => {
  it.each([
    [[1, 2, 3], 3, 1, [3, 1, 2]],
    [[1, 2, 3], 1, 3, [2, 1, 3]],
    [[1, 2, 3], 1, null, [2, 3, 1]],
    [[1, 2, 3], 2, 2, [1, 2, 3]],
    [[1, 2, 3], 4, null, null],
    [[1, 2, 3], 1, 9, null],
  ])('%j: %i before %s', (ids, id, before, expected) => {
    expect(moved(ids, id, before)).toEqual(expected)
  })
})

describe('clashOf', () => {
  const settings = {
    ...DEFAULT_OPTIONS,
    ...{ durations: [60, 30], notice: 120, window: null, requiresConfirmation: false, locations: [] },
  }
  const clash = (named: Partial<Parameters<typeof clashOf>[0]>) => {
    const found = clashOf({ ...settings, ...named })
    return found && `${found.path}: ${found.code}`
  }

  it('lets the defaults stand together', () => {
    expect(clash({})).toBeNull()
  })

  it('refuses a limit of minutes in which nothing fits', () => {
    const limits = (minutes: object) => ({ limits: { bookings: {}, minutes } })
    expect(clash(limits({ day: 29 }))).toBe('limits.minutes.day: limit_below_duration')
    expect(clash(limits({ week: 20, year: 100 }))).toBe('limits.minutes.week: limit_below_duration')
    expect(clash(limits({ day: 30 }))).toBeNull()
  })

  it('refuses to suggest moving where nobody may move', () => {
    const rescheduling = { ...settings.rescheduling, allowed: false }
    expect(clash({ rescheduling, bookerLimit: { active: 1, offerMove: true } })).toBe(
      'bookerLimit.offerMove: move_needs_rescheduling',
    )
    expect(clash({ rescheduling, bookerLimit: { active: 1, offerMove: false } })).toBeNull()
    expect(clash({ bookerLimit: { active: 1, offerMove: true } })).toBeNull()
  })

  it('refuses a threshold for a confirmation that is not asked for', () => {
    expect(clash({ confirmWithin: 60 })).toBe('confirmWithin: threshold_needs_confirmation')
    expect(clash({ confirmWithin: 60, requiresConfirmation: true })).toBeNull()
  })

  it('refuses a notice that leaves nothing of the window', () => {
    const window = (days: number) => ({ type: 'rolling' as const, days, calendarDays: true })
    expect(clash({ notice: 4 * 1440, window: window(3) })).toBe('notice: notice_beyond_window')
    expect(clash({ notice: 4 * 1440 - 1, window: window(3) })).toBeNull()
    expect(clash({ notice: 9 * 1440, window: { ...window(3), calendarDays: false } })).toBeNull()
  })
})

describe('title templates', () => {
  const values = { event: 'Talk', booker: 'Bo $& Li', 'booker first name': 'Bo', duration: '30' }

  it.each([
    ['{event}: {booker}', 'Talk: Bo $& Li'],
    ['{EVENT} ({Duration})', 'Talk (30)'],
    [' {booker first name} ', 'Bo'],
    ['{nothing} {event', '{nothing} {event'],
  ])('%j becomes %j', (template, title) => {
    expect(fillTitle(template, values)).toBe(title)
  })

  it('knows what means nothing', () => {
    expect(unknownNames('{Event} {booker} {company} {nobody} {}', ['company'])).toEqual(['{nobody}', '{}'])
  })

  it('keeps titles to 500 characters', () => {
    expect(fillTitle('{event}'.repeat(40), { event: 'x'.repeat(200) })).toHaveLength(500)
  })
})
