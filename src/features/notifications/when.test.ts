import { describe, expect, it } from 'vitest'
import { fullTime, length, shortTime, zoneName } from './when.ts'

const span = { start: Date.parse('2026-07-01T07:00:00Z'), end: Date.parse('2026-07-01T07:45:00Z') }
const berlin = { locale: 'de', timeZone: 'Europe/Berlin', hourCycle: undefined } as const
const newYork = { locale: 'en', timeZone: 'America/New_York', hourCycle: undefined } as const

describe('times in mails', () => {
  it('are in the language, zone and clock of who reads', () => {
    expect(fullTime(span, berlin)).toEqual(['Mittwoch, 1. Juli 2026', '09:00–09:45 Uhr'])
    expect(fullTime(span, newYork)).toEqual(['Wednesday, July 1, 2026', '3:00 – 3:45 AM'])
    expect(fullTime(span, { ...newYork, hourCycle: 'h23' })).toEqual(['Wednesday, July 1, 2026', '03:00 – 03:45'])
    expect(fullTime(span, { ...berlin, hourCycle: 'h12' })[1]).toMatch(/^9:00.9:45 AM$/)
    expect(shortTime(span, berlin)).toBe('Mi., 1. Juli, 09:00')
    expect(shortTime(span, newYork)).toBe('Wed, Jul 1, 3:00 AM')
  })

  it('name both days when they go past midnight there', () => {
    const [only, ...more] = fullTime(span, { ...newYork, timeZone: 'Asia/Kathmandu' })
    expect([only, more]).toEqual(['Wednesday, July 1, 2026', ['12:45 – 1:30 PM']])
    const late = { start: Date.parse('2026-07-01T21:45:00Z'), end: Date.parse('2026-07-01T22:15:00Z') }
    expect(fullTime(late, berlin)).toEqual(['Mittwoch, 1. Juli 2026 um 23:45 – Donnerstag, 2. Juli 2026 um 00:15'])
  })

  it('name the zone as it is called on that day', () => {
    expect(zoneName(span, berlin)).toBe('Mitteleuropäische Sommerzeit (Europe/Berlin)')
    expect(zoneName({ ...span, start: Date.parse('2026-01-01T07:00:00Z') }, berlin)).toMatch(
      /^Mitteleuropäische Normalzeit/,
    )
    expect(zoneName(span, { ...newYork, timeZone: 'UTC' })).toBe('Coordinated Universal Time (UTC)')
  })

  it('say how long it is', () => {
    const minutes = (count: number) => ({ start: 0, end: count * 60_000 })
    expect([1, 30, 60, 90, 1440].map((count) => length(minutes(count), { locale: 'en' }))).toEqual([
      ...['1 minute', '30 minutes', '1 hour', '1 hour, 30 minutes', '24 hours'],
    ])
    expect(length(minutes(90), { locale: 'de' })).toBe('1 Stunde, 30 Minuten')
  })
})
