import { describe, expect, it, vi } from 'vitest'
import {
  calendarDate,
  canonicalMailAddress,
  formFields,
  mailAddress,
  multiLine,
  singleLine,
  timeZoneName,
} from './fields.ts'

describe('singleLine', () => {
  const name = singleLine(20)

  it.each([
    ['  Ada Lovelace ', 'Ada Lovelace'],
    ['Zoe\u0308', 'Zoë'],
    ['نیما‌یوشیج', 'نیما‌یوشیج'],
    ['👩‍💻', '👩‍💻'],
  ])('takes %j', (text, kept) => {
    expect(name.parse(text)).toBe(kept)
  })

  it.each([
    ['header injection', 'Ada\r\nBcc: eve@example.org'],
    ['nothing', ''],
    ['nothing to see', '   '],
    ['zero-width space', 'A\u200bda'],
    ['only a joiner', '\u200d'],
    ['text direction override', 'Ada\u202Egnp.exe'],
    ['null', 'Ada\0'],
    ['half a character', 'Ada\ud800'],
    ['a line separator', 'Ada\u2028x'],
    ['a million characters', 'x'.repeat(1e6)],
    ['one too many', 'x'.repeat(21)],
    ['a number', 5],
    ['a list', ['Ada']],
    ['an object', { toString: () => 'Ada' }],
  ])('refuses %s', (_, value) => {
    expect(name.safeParse(value).success).toBe(false)
  })

  it('says the bound that was passed, not another', () => {
    expect(name.safeParse('x'.repeat(1e6)).error?.issues).toMatchObject([{ code: 'too_big', maximum: 20 }])
  })
})

describe('multiLine', () => {
  it('keeps lines and tabs, with one kind of line end', () => {
    expect(multiLine(100).parse('a\r\nb\rc\td\n')).toBe('a\nb\nc\td')
    expect(multiLine(100).parse('')).toBe('')
  })

  it.each(['\0', 'a\u202eb', 'a\u001b[31m', '\udc00'])('refuses %j', (text) => {
    expect(multiLine(100).safeParse(text).success).toBe(false)
  })
})

describe('timeZoneName', () => {
  it.each(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires', 'Etc/GMT+12'])('takes %s', (zone) => {
    expect(timeZoneName.parse(zone)).toBe(zone)
  })

  it.each(['+02:00', 'Mars/Olympus', '', '../../etc/passwd', 'x'.repeat(1e6), null])('refuses %j', (zone) => {
    expect(timeZoneName.safeParse(zone).success).toBe(false)
  })

  it('asks Intl once for each name that is one', () => {
    const asked = vi.spyOn(Intl, 'DateTimeFormat')
    try {
      for (let time = 0; time < 3; time++) expect(timeZoneName.safeParse('Antarctica/Troll').success).toBe(true)
      expect(asked).toHaveBeenCalledTimes(1)
      for (let time = 0; time < 3; time++) expect(timeZoneName.safeParse('Antarctica/Trolls').success).toBe(false)
      expect(asked).toHaveBeenCalledTimes(4)
    } finally {
      asked.mockRestore()
    }
  })
})

describe('mail addresses', () => {
  it.each([
    [' Ada@Example.ORG ', 'ada@example.org'],
    ['ada+tag@example.org', 'ada+tag@example.org'],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['ａｄａ@example.org', 'ada@example.org'],
    ['root@localhost', 'root@localhost'],
    ["o'neil@example.org", "o'neil@example.org"],
    ['jörg@example.org', 'jörg@example.org'],
  ])('stores %j as %s', (text, address) => {
    expect(canonicalMailAddress(text)).toBe(address)
  })

  it.each([
    'ada',
    '@example.org',
    'ada@',
    'a@b@c',
    'ada@exa mple.org',
    'ada@example.org\r\nBcc: eve@example.org',
    'ada@example.org,eve@example.org',
    '<ada@example.org>',
    'Ada <ada@example.org>',
    'a\u200bda@example.org',
    'ada@example.org/x',
    'ada@example.org:25',
    'ada@[127.0.0.1]',
    '.ada@example.org',
    'a..b@example.org',
    `${'a'.repeat(65)}@example.org`,
    `ada@${'a'.repeat(300)}.org`,
    `${'a'.repeat(1e6)}@example.org`,
  ])('refuses %j', (text) => {
    expect(canonicalMailAddress(text)).toBeNull()
    expect(mailAddress.safeParse(text).success).toBe(false)
  })
})

describe('formFields', () => {
  it('gives one value as itself and several as a list', () => {
    const form = new FormData()
    form.append('name', 'Ada')
    form.append('day', '1')
    form.append('day', '2')
    expect(formFields(form)).toEqual({ name: 'Ada', day: ['1', '2'] })
  })

  it('is a plain object whatever names are sent', () => {
    const form = new FormData()
    form.append('__proto__', 'x')
    expect(Object.getPrototypeOf(formFields(form))).toBe(Object.prototype)
  })
})

describe('calendarDate', () => {
  it.each([
    ['2026-02-28', true],
    ['2028-02-29', true],
    ['2100-02-29', false],
    ['2026-02-29', false],
    ['2026-04-31', false],
    ['2026-13-01', false],
    ['2026-00-10', false],
    ['2026-01-00', false],
    ['1969-12-31', false],
    ['2200-01-01', false],
    ['2026-1-1', false],
    ['2026-01-01T00:00', false],
    ['', false],
  ])('%s: %s', (text, expected) => {
    expect(calendarDate.safeParse(text).success).toBe(expected)
  })
})
