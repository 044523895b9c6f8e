import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formatMessage } from './format.ts'
import { LOCALES, negotiateLocale } from './locale.ts'

const folder = new URL('./messages/', import.meta.url)

function catalogue(locale: string, file: string): Record<string, string> {
  return JSON.parse(readFileSync(new URL(`${locale}/${file}`, folder), 'utf8'))
}

/** Names of the values a message takes. */
function argumentsOf(message: string): string[] {
  return [...new Set([...message.matchAll(/\{\s*([\w.]+)\s*[,}]/g)].map((match) => match[1] ?? ''))].sort()
}

describe('message catalogues', () => {
  for (const file of readdirSync(new URL('en/', folder))) {
    for (const locale of LOCALES) {
      it(`${locale}/${file} has every key of English with the same values`, () => {
        const english = catalogue('en', file)
        const other = catalogue(locale, file)
        expect(Object.keys(other).sort()).toEqual(Object.keys(english).sort())
        for (const [key, text] of Object.entries(english)) {
          expect([key, argumentsOf(other[key] ?? '')]).toEqual([key, argumentsOf(text)])
          expect(() => formatMessage(other[key] ?? '', locale)).not.toThrow()
        }
      })
    }
  }
})

describe('formatMessage', () => {
  it('fills values, plurals and choices', () => {
    const days = '{n, plural, =0 {today} one {# day} other {# days}} for {name}'
    expect(formatMessage(days, 'en', { n: 0, name: 'A' })).toBe('today for A')
    expect(formatMessage(days, 'en', { n: 1, name: 'A' })).toBe('1 day for A')
    expect(formatMessage(days, 'en', { n: 1200, name: 'A' })).toBe('1,200 days for A')
    expect(formatMessage('{w, select, host {you} other {{name}}}', 'en', { w: 'guest', name: 'Bo' })).toBe('Bo')
  })

  it('does not interpret what a value contains', () => {
    expect(formatMessage('Hello {name}', 'en', { name: '{n, plural, other {#}}' })).toBe('Hello {n, plural, other {#}}')
  })
})

describe('negotiateLocale', () => {
  it('follows the quality values and falls back to English', () => {
    expect(negotiateLocale('fr, de-AT;q=0.8, en;q=0.5')).toBe('de')
    expect(negotiateLocale('en-GB, de;q=0.9')).toBe('en')
    expect(negotiateLocale('de;q=0, fr')).toBe('en')
    expect(negotiateLocale(undefined)).toBe('en')
  })
})
