import { describe, expect, it } from 'vitest'
import { habitsOf, isReservedUsername, judgePassword } from './rules.ts'

const reasonOf = (password: string, email = 'ada@example.org') => {
  const verdict = judgePassword(password, email)
  return verdict.ok ? 'ok' : verdict.reason
}

describe('judgePassword', () => {
  it.each([
    ['quiet-otter-42', 'ok'],
    ['nine char', 'password_too_short'],
    ['ten chars!', 'ok'],
    ['👩‍💻👩‍💻👩‍💻', 'password_too_short'],
    ['ключ от дома', 'ok'],
    ['        a         b', 'password_common'],
    ['password123', 'password_common'],
    ['Pa$$w0rd123', 'password_common'],
    ['QwertyUiop', 'password_common'],
    ['1234567890', 'password_common'],
    ['qwertyuiop!!!', 'password_common'],
    ['aaaaaaaaaaaaaaaa', 'password_common'],
    ['x'.repeat(1e6), 'password_too_long'],
    [`${'ab1-'.repeat(50)}`, 'ok'],
    [`${'ab1-'.repeat(50)}x`, 'password_too_long'],
    ['I am ADA of old', 'password_contains_mail'],
  ])('%j: %s', (password, verdict) => {
    expect(reasonOf(password)).toBe(verdict)
  })

  it('does not mind a mail name of two letters, which is in too many words', () => {
    expect(reasonOf('a long story', 'lo@example.org')).toBe('ok')
  })
})

describe('reserved usernames', () => {
  it.each(['settings', 'setup', 'v2', 'api', 'booking', 'robots.txt', 'event-types', 'mcp', 'd', 'forms'])(
    '%s',
    (name) => {
      expect(isReservedUsername(name)).toBe(true)
    },
  )

  it('leaves names of people alone', () => {
    for (const name of ['ada', 'constructor', 'tostring', 'api-fan']) expect(isReservedUsername(name)).toBe(false)
  })
})

describe('habitsOf', () => {
  it.each([
    ['en-US,en;q=0.9', { hourCycle: 'h12', weekStart: 0 }],
    ['de-DE,de;q=0.9', { hourCycle: 'h23', weekStart: 1 }],
    ['en-GB', { hourCycle: 'h23', weekStart: 1 }],
    ['fa-IR', { hourCycle: 'h23', weekStart: 6 }],
    [null, { hourCycle: 'h23', weekStart: 1 }],
    ['*', { hourCycle: 'h23', weekStart: 1 }],
    ['x-$$$', { hourCycle: 'h23', weekStart: 1 }],
    [`${'a'.repeat(1e6)}`, { hourCycle: 'h23', weekStart: 1 }],
  ])('%j', (languages, habits) => {
    expect(habitsOf(languages)).toEqual(habits)
  })
})
