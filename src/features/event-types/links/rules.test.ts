import { describe, expect, it } from 'vitest'
import { linkStateOf } from './rules.ts'

describe('linkStateOf', () => {
  const link = { revokedAt: null, expiresAt: null, mostUses: null, uses: 0, starts: null }
  const NOW = 1000

  it.each([
    [{}, 'open'],
    [{ mostUses: 1 }, 'open'],
    [{ mostUses: 1, uses: 1 }, 'used_up'],
    [{ mostUses: null, uses: 500 }, 'open'],
    [{ expiresAt: NOW + 1 }, 'open'],
    [{ expiresAt: NOW }, 'expired'],
    [{ starts: [NOW - 5, NOW + 5] }, 'open'],
    [{ starts: [NOW - 5, NOW] }, 'expired'],
    [{ revokedAt: NOW - 1, mostUses: 1, uses: 1 }, 'revoked'],
  ])('%j is %s', (facts, state) => {
    expect(linkStateOf({ ...link, ...facts }, NOW)).toBe(state)
  })
})
