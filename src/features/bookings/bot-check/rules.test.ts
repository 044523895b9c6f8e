import { describe, expect, it } from 'vitest'
import { bornAt, isBorn, looksHuman } from './rules.ts'

const key = Buffer.alloc(32, 1)
const now = Date.parse('2026-11-23T08:00:00Z')
const born = (seconds: number, by = key) => bornAt(now - seconds * 1000, by)

describe('a form that was filled', () => {
  it('by somebody who took their time looks human', () => {
    for (const seconds of [3, 20, 3600]) expect(looksHuman({ born: born(seconds), trap: '' }, now, key)).toBe(true)
  })

  it.each([
    ['at once', { born: born(1), trap: '' }],
    ['where nobody sees a field', { born: born(20), trap: 'https://spam.example' }],
    ['a day and more ago', { born: born(90_000), trap: '' }],
    ['and shown in the future', { born: born(-20), trap: '' }],
    ['and signed by somebody else', { born: born(20, Buffer.alloc(32, 2)), trap: '' }],
    ['with another time under the same signature', { born: `1${born(20)}`, trap: '' }],
    ['and never shown', { born: '', trap: '' }],
    ['with rubbish', { born: 'NaN.NaN', trap: '' }],
    ['without a trace', undefined],
  ])('%s does not', (_, trace) => expect(looksHuman(trace, now, key)).toBe(false))

  it('keeps its time when it is shown again', () => {
    expect([isBorn(born(1), now, key), isBorn(born(90_000), now, key), isBorn('x', now, key)]).toEqual([
      ...[true, false, false],
    ])
  })
})
