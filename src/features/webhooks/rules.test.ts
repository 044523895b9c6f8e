import { describe, expect, it } from 'vitest'
import { isHopeless, retryAfter } from './rules.ts'

const HOUR = 3_600_000

describe('Retry-After', () => {
  const now = Date.parse('2026-11-23T08:00:00Z')
  it.each([
    ['120', 120_000],
    [' 5 ', 5_000],
    ['Mon, 23 Nov 2026 08:01:00 GMT', 60_000],
    ['999999999', 3 * HOUR],
    ['Mon, 23 Nov 2099 08:01:00 GMT', 3 * HOUR],
    ['0', undefined],
    ['-5', undefined],
    ['soon', undefined],
    ['Mon, 23 Nov 2026 07:00:00 GMT', undefined],
    [undefined, undefined],
  ])('%s is %s ms', (header, ms) => {
    expect(retryAfter(header, now)).toBe(ms)
  })
})

it('a receiver is hopeless after three days and several tries without a single success', () => {
  expect(isHopeless({ since: 0, failures: 10 }, 72 * HOUR)).toBe(true)
  expect(isHopeless({ since: 0, failures: 9 }, 720 * HOUR)).toBe(false)
  expect(isHopeless({ since: 0, failures: 1000 }, 71 * HOUR)).toBe(false)
})
