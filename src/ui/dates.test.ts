import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { addDays, addMonths, formatDuration, localDateOf, offsetOf, weekdayNames, weekdayOf } from './dates.ts'

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

describe('calendar arithmetic without a clock', () => {
  it('agrees with Temporal', () => {
    const anyDate = fc
      .integer({ min: -30_000, max: 80_000 })
      .map((days) => Temporal.PlainDate.from('1970-01-01').add({ days }))
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -1500, max: 1500 }), (date, count) => {
        expect(addDays(date.toString(), count)).toBe(date.add({ days: count }).toString())
        expect(weekdayOf(date.toString())).toBe(date.dayOfWeek % 7)
        const month = date.toPlainYearMonth()
        expect(addMonths(month.toString(), count)).toBe(month.add({ months: count }).toString())
      }),
    )
  })
})

describe('names', () => {
  it('of weekdays begin with the one a week begins with', () => {
    expect(weekdayNames('en', 1, 'short')).toEqual(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'])
    expect(weekdayNames('de', 0)[0]).toBe('Sonntag')
  })

  it('of offsets are the same in every runtime', () => {
    expect(offsetOf('Europe/London', Date.parse('2026-11-20T12:00:00Z'))).toBe('GMT')
    expect(offsetOf('Asia/Kolkata', 0)).toBe('GMT+5:30')
  })
})
