import { describe, expect, it } from 'vitest'
import { clockText, type RangeEnd, rangeText, readClock } from './clock-text.ts'

describe('readClock', () => {
  it.each<[string, RangeEnd, number | null]>([
    ['9', 'start', 540],
    ['09', 'start', 540],
    ['930', 'start', 570],
    ['0930', 'start', 570],
    ['9:30', 'start', 570],
    ['9.30', 'start', 570],
    ['9h30', 'start', 570],
    [' 9 : 30 ', 'start', 570],
    ['9 Uhr', 'start', 540],
    ['9:30 am', 'start', 570],
    ['9:30\u202fPM', 'start', 1290],
    ['9 p.m.', 'start', 1260],
    ['5p', 'end', 1020],
    ['12am', 'start', 0],
    ['12am', 'end', 1440],
    ['12pm', 'start', 720],
    ['0:00', 'start', 0],
    ['0:00', 'end', 1440],
    ['24', 'end', 1440],
    ['24:00', 'end', 1440],
    ['24:00', 'start', null],
    ['24:01', 'end', null],
    ['25', 'end', null],
    ['9:60', 'start', null],
    ['13pm', 'start', null],
    ['0am', 'start', null],
    ['', 'start', null],
    ['-1', 'start', null],
    ['nine', 'start', null],
    ['9:3', 'start', null],
    ['99999', 'start', null],
  ])('%j as a %s is %s', (text, end, expected) => {
    expect(readClock(text, end, 'h23')).toBe(expected)
  })

  it('takes a bare 5 after 9 for the afternoon on a 12-hour clock only', () => {
    expect(readClock('5', 'end', 'h12', 540)).toBe(1020)
    expect(readClock('5:30', 'end', 'h12', 540)).toBe(1050)
    expect(readClock('5am', 'end', 'h12', 540)).toBe(300)
    expect(readClock('5', 'end', 'h23', 540)).toBe(300)
    expect(readClock('11', 'end', 'h12', 540)).toBe(660)
  })

  it('reads what it writes, every minute on both clocks', () => {
    for (const hourCycle of ['h12', 'h23'] as const) {
      for (const locale of ['en', 'de', 'en-GB']) {
        for (let minute = 1; minute <= 1440; minute++) {
          expect([minute, readClock(clockText(minute, { locale, hourCycle }), 'end', hourCycle)]).toEqual([
            minute,
            minute,
          ])
        }
      }
    }
  })
})

describe('rangeText', () => {
  it('follows the clock of the reader', () => {
    expect(rangeText([540, 1440], { locale: 'en', hourCycle: 'h23' })).toBe('09:00 – 24:00')
    expect(rangeText([540, 1440], { locale: 'en', hourCycle: 'h12' })).toMatch(/^9:00\sAM – 12:00\sAM$/)
  })
})
