import { expect, it } from 'vitest'
import { newTotpSecret, totpCode, totpStep, totpUri } from './totp.ts'

/** "12345678901234567890", the secret of the vectors. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

// RFC 6238, appendix B, the last six of eight digits.
it.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('at %i s the code is %s', (seconds, code) => {
  expect(totpCode(SECRET, seconds * 1000)).toBe(code)
  expect(totpStep(SECRET, code, seconds * 1000)).toBe(Math.floor(seconds / 30))
})

it('a code counts in its span and the one on either side, and always for its own span', () => {
  const [step, now] = [40_000_000, 40_000_000 * 30_000]
  const code = totpCode(SECRET, now)
  expect([-60_000, -30_000, 0, 29_999, 30_000, 59_999].map((off) => totpStep(SECRET, code, now + off))).toEqual([
    ...[null, step, step, step, step, step],
  ])
  expect(totpStep(SECRET, code, now + 60_000)).toBeNull()
})

it.each(['', '12345', '1234567', 'abcdef', '28708２'])('%j is no code', (code) => {
  expect(totpStep(SECRET, code, 59_000)).toBeNull()
})

it('secrets are new each time, and the address for apps names account and site', () => {
  expect(newTotpSecret()).toMatch(/^[A-Z2-7]{32}$/)
  expect(newTotpSecret()).not.toBe(newTotpSecret())
  expect(totpUri({ secret: SECRET, account: 'ada@example.org', issuer: 'book.example.org' })).toBe(
    `otpauth://totp/book.example.org:ada%40example.org?issuer=book.example.org&secret=${SECRET}&algorithm=SHA1&digits=6&period=30`,
  )
})
