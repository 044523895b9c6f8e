import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { parseInstant } from './calendar.ts'
import { EngineInputError } from './types.ts'
import { instantOf, isTimeZone, offsetAt, zoneOf } from './zones.ts'

const minute = (text: string): number => parseInstant(text) / 60_000
/** A wall time as minutes since the epoch. */
const wall = (text: string): number => minute(`${text}:00Z`)

describe('names', () => {
  test('zones of the database in any case, and nothing else', () => {
    expect(isTimeZone('Europe/Berlin')).toBe(true)
    expect(isTimeZone('europe/berlin')).toBe(true)
    expect(isTimeZone('UTC')).toBe(true)
    expect(isTimeZone('Etc/GMT+5')).toBe(true)
    for (const name of ['', 'Mars/Olympus', '+02:00', '-05', 'Europe/Berlin ', 'local'])
      expect(isTimeZone(name)).toBe(false)
  })

  test('one table per zone, whatever the case', () => {
    expect(zoneOf('europe/berlin')).toBe(zoneOf('Europe/Berlin'))
  })

  test('an unknown one is refused with its field', () => {
    expect(() => zoneOf('Mars/Olympus', 'hosts[0].timeZone')).toThrow(EngineInputError)
    expect(() => zoneOf('Mars/Olympus', 'hosts[0].timeZone')).toThrow(/hosts\[0\]\.timeZone.*Mars/)
  })
})

describe('wall times', () => {
  test.each([
    ['Europe/London', '2026-03-29T01:30', '2026-03-29T01:00:00Z', 'skipped: the moment of the skip'],
    ['Europe/London', '2026-03-29T02:00', '2026-03-29T01:00:00Z', 'the end of the gap is the same moment'],
    ['Europe/London', '2026-10-25T01:30', '2026-10-25T00:30:00Z', 'repeated: the first occurrence'],
    ['Europe/London', '2026-10-25T02:00', '2026-10-25T02:00:00Z', 'the end of the overlap'],
    ['Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45:00Z', 'a half-hour overlap'],
    ['Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:30:00Z', 'a half-hour gap'],
    ['Pacific/Apia', '2011-12-30T12:00', '2011-12-30T10:00:00Z', 'a day that never was'],
    ['Pacific/Apia', '2011-12-31T00:00', '2011-12-30T10:00:00Z', 'the day after it'],
    ['Africa/Cairo', '2026-04-24T00:00', '2026-04-23T22:00:00Z', 'a day without midnight begins at one'],
    ['America/Havana', '2026-03-08T00:30', '2026-03-08T05:00:00Z', 'no midnight in Havana either'],
    ['America/Havana', '2026-11-01T00:00', '2026-11-01T04:00:00Z', 'two midnights: the first'],
    ['America/Sao_Paulo', '2018-11-04T00:00', '2018-11-04T03:00:00Z', 'São Paulo skips midnight'],
    ['America/Sao_Paulo', '2018-02-17T23:30', '2018-02-18T01:30:00Z', 'and repeats the last hour of a day'],
    ['America/St_Johns', '2010-11-07T00:00', '2010-11-07T02:30:00Z', 'a clock set back one minute after midnight'],
    ['Asia/Kathmandu', '2026-05-01T09:00', '2026-05-01T03:15:00Z', 'three quarters of an hour'],
  ])('%s %s is %s: %s', (name, local, instant) => {
    expect(instantOf(zoneOf(name), wall(local))).toBe(minute(instant))
  })
})

test('every zone and every change of its clock agree with Temporal', () => {
  for (const name of Intl.supportedValuesOf('timeZone')) {
    const zone = zoneOf(name)
    for (let i = 1; i < zone.starts.length; i += 1) {
      const change = zone.starts[i]!
      if (change < minute('1972-02-01T00:00:00Z')) continue
      for (const at of [change - 1, change, change + 1]) {
        const local = Temporal.Instant.fromEpochMilliseconds(at * 60_000).toZonedDateTimeISO(name)
        expect(offsetAt(zone, at) * 60e9, `${name} ${local}`).toBe(local.offsetNanoseconds)
      }
      // The wall times just before and at the change, as either side reads them: never later than any moment showing them.
      for (const offset of [zone.offsets[i - 1]!, zone.offsets[i]!]) {
        const read = instantOf(zone, change + offset)
        expect(read + offsetAt(zone, read), `${name} ${change}`).toBeGreaterThanOrEqual(change + offset)
        expect(read - 1 + offsetAt(zone, read - 1), `${name} ${change}`).toBeLessThan(change + offset)
      }
    }
  }
})
