import { expect, it } from 'vitest'
import { deepLink, offerText } from './offer-text.ts'

const at = (text: string) => Date.parse(text)
const style = { locale: 'en-GB', hourCycle: 'h23', timeZone: 'Europe/Berlin' } as const

it('groups times by the days of the zone, each with its own link', () => {
  const { plain, html } = offerText({
    // The second is the next day in Berlin, and the same in UTC.
    starts: [at('2026-11-24T09:00:00Z'), at('2026-11-24T23:30:00Z')],
    ...{ address: 'https://book.example.org/d/token/talk', duration: null, style },
    ...{ lead: 'Would one of these suit <you>?', ending: 'All of them:' },
  })
  expect(plain).toBe(`Would one of these suit <you>?
Berlin (GMT+1)

Tuesday, 24 November 2026
  10:00  https://book.example.org/d/token/talk?slot=2026-11-24T09:00:00Z&cal.tz=Europe/Berlin

Wednesday, 25 November 2026
  00:30  https://book.example.org/d/token/talk?slot=2026-11-24T23:30:00Z&cal.tz=Europe/Berlin

All of them:
https://book.example.org/d/token/talk`)
  expect(html).toContain('suit &lt;you&gt;?')
  expect(html).toContain(
    '<a href="https://book.example.org/d/token/talk?slot=2026-11-24T09:00:00Z&amp;cal.tz=Europe/Berlin">10:00</a>',
  )
  expect(html.match(/<strong>/g)).toHaveLength(2)
})

it('names a length that the page would not choose by itself', () => {
  const link = deepLink('https://x.example/a/b', at('2026-11-24T09:00:00Z'), { duration: 45, timeZone: 'UTC' })
  expect(link).toBe('https://x.example/a/b?slot=2026-11-24T09:00:00Z&cal.tz=UTC&duration=45')
})
