import { expect, it } from 'vitest'
import { matches } from './search.ts'

it.each([
  ['', 'Limits', true],
  ['lim', 'Limits per day', true],
  ['day per', 'Limits per day', true],
  ['zone', 'Nur eine Zeitzone', true],
  ['uber', 'Sprache und Übersetzung', true],
  ['Über', 'sprache und ubersetzung', true],
  ['zone limit', 'Nur eine Zeitzone', false],
  ['time-zone', 'Time zone of the page', true],
  ['redirect', 'Limits', false],
])('%j in %j: %j', (query, text, found) => {
  expect(matches(query, text)).toBe(found)
})
