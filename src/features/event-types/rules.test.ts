import { describe, expect, it } from 'vitest'
import { freeSlug, freeTitle, isPhone, isSlug, meetingUrl, moved, orderedDurations, slugOf } from './rules.ts'

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
