import { describe, expect, it } from 'vitest'
import { isFreeMail, offeredTo } from './rules.ts'

describe('a free mail address', () => {
  it.each([
    'bo@gmail.com',
    'bo@GMX.de',
    'bo@web.de',
    'bo@outlook.com',
    'bo@yahoo.co.jp',
    'bo@proton.me',
    '"bo@firm.example"@icloud.com',
  ])('%s', (email) => expect(isFreeMail(email)).toBe(true))

  it.each([
    'bo@example.org',
    'bo@gmail.com.example.org',
    'bo@yahoo.firm.example',
    'bo@outlook.design',
    'bo@notgmail.com.example',
    'gmail.com@example.org',
  ])('is not %s', (email) => expect(isFreeMail(email)).toBe(false))

  it('alone waits where the event type says so', () => {
    const offer = { eventType: { requiresConfirmation: true, confirmFreeMail: true } }
    expect(offeredTo(offer, 'bo@gmail.com').eventType.requiresConfirmation).toBe(true)
    expect(offeredTo(offer, 'bo@example.org').eventType.requiresConfirmation).toBe(false)
    const all = { eventType: { requiresConfirmation: true, confirmFreeMail: false } }
    expect(offeredTo(all, 'bo@example.org')).toBe(all)
  })
})
