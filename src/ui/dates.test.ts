import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { formatDuration, localDateOf } from './dates.ts'

describe('the date on the wall', () => {
  it('is the one that Temporal shows, in every zone and for a century', () => {
    const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'))
    const at = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2090, 0) })
    fc.assert(
      fc.property(at, zone, (ms, timeZone) => {
        const date = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDate()
        expect(localDateOf(ms, timeZone)).toBe(date.toString())
      }),
    )
  })

  it('changes at midnight and not before', () => {
    const midnight = Date.parse('2026-03-29T00:00:00+01:00')
    expect(localDateOf(midnight - 1, 'Europe/Berlin')).toBe('2026-03-28')
    expect(localDateOf(midnight, 'Europe/Berlin')).toBe('2026-03-29')
  })
})

describe('a duration', () => {
  it('is told in hours and minutes, in the language that is asked for', () => {
    expect(formatDuration(45, 'en')).toBe('45 minutes')
    expect(formatDuration(90, 'en', 'short')).toBe('1 hr 30 min')
    expect(formatDuration(90, 'de')).toBe('1 Stunde 30 Minuten')
    expect(formatDuration(120, 'en')).toBe('2 hours')
  })

  it('stays right after more languages than are kept', () => {
    for (let i = 0; i < 600; i++) formatDuration(45, `en-x-a${i}`)
    expect(formatDuration(45, 'de')).toBe('45 Minuten')
  })
})
