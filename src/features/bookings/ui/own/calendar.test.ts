import { describe, expect, it } from 'vitest'
import { readCalendar, timesIn } from './calendar.ts'

const calendar = (...lines: string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n')
let entries = 0
const event = (...lines: string[]) => {
  entries++
  const uid = lines.some((line) => line.startsWith('UID:')) ? [] : [`UID:entry-${entries}`]
  return ['BEGIN:VEVENT', ...uid, 'DTSTAMP:20260101T000000Z', ...lines, 'END:VEVENT'].join('\r\n')
}
const month = { from: Date.parse('2026-10-01T00:00:00Z'), until: Date.parse('2026-11-01T00:00:00Z') }

function timesOf(text: string, timeZone = 'Europe/Berlin', span = month) {
  const { times } = timesIn(readCalendar(text), { ...span, timeZone })
  const iso = (at: number) => new Date(at).toISOString().replace(':00.000Z', '')
  return times.map(({ start, end, title }) => `${iso(start)}/${iso(end)} ${title}`.trim())
}

describe('a calendar of one’s own', () => {
  it('says when one is busy', () => {
    const text = calendar(
      event('DTSTART:20261005T090000Z', 'DTEND:20261005T100000Z', 'SUMMARY:Dentist\\, at last'),
      event('DTSTART;TZID=America/New_York:20261006T090000', 'DURATION:PT30M', 'SUMMARY:Call'),
      event('DTSTART:20261007T090000', 'DTEND:20261007T093000', 'SUMMARY:Floating'),
      event('DTSTART;VALUE=DATE:20261008', 'SUMMARY:Whole day'),
      event('DTSTART;VALUE=DATE:20261009', 'DTEND;VALUE=DATE:20261011', 'SUMMARY:Weekend'),
      event('DTSTART:20261012T090000Z', 'SUMMARY:No end'),
      event('DTSTART:20250101T090000Z', 'DTEND:20250101T100000Z', 'SUMMARY:Long ago'),
    )
    expect(timesOf(text)).toEqual([
      '2026-10-05T09:00/2026-10-05T10:00 Dentist, at last',
      '2026-10-06T13:00/2026-10-06T13:30 Call',
      '2026-10-07T07:00/2026-10-07T07:30 Floating',
      '2026-10-07T22:00/2026-10-08T22:00 Whole day',
      '2026-10-08T22:00/2026-10-10T22:00 Weekend',
    ])
    expect(timesOf(text, 'Asia/Tokyo').slice(2, 4)).toEqual([
      '2026-10-07T00:00/2026-10-07T00:30 Floating',
      '2026-10-07T15:00/2026-10-08T15:00 Whole day',
    ])
  })

  it('leaves out what takes no time', () => {
    const at = ['DTSTART:20261005T090000Z', 'DTEND:20261005T100000Z']
    const text = calendar(
      event(...at, 'TRANSP:TRANSPARENT'),
      event(...at, 'STATUS:CANCELLED'),
      event(...at, 'X-MICROSOFT-CDO-BUSYSTATUS:FREE'),
      event(...at, 'STATUS:TENTATIVE', 'SUMMARY:Perhaps'),
    )
    expect(timesOf(text)).toEqual(['2026-10-05T09:00/2026-10-05T10:00 Perhaps'])
  })

  it('repeats what repeats, on the clock of its zone, without what was taken out or moved', () => {
    const text = calendar(
      event(
        ...['UID:weekly', 'DTSTART;TZID=Europe/Berlin:20200106T100000', 'DTEND;TZID=Europe/Berlin:20200106T110000'],
        ...['RRULE:FREQ=WEEKLY;BYDAY=MO', 'EXDATE;TZID=Europe/Berlin:20261012T100000', 'SUMMARY:Weekly'],
      ),
      event(
        ...['UID:weekly', 'RECURRENCE-ID;TZID=Europe/Berlin:20261019T100000'],
        ...['DTSTART;TZID=Europe/Berlin:20261020T150000', 'DTEND;TZID=Europe/Berlin:20261020T160000', 'SUMMARY:Moved'],
      ),
      event(
        ...['UID:weekly', 'RECURRENCE-ID;TZID=Europe/Berlin:20260928T100000'],
        ...['DTSTART;TZID=Europe/Berlin:20261002T150000', 'DTEND;TZID=Europe/Berlin:20261002T160000', 'SUMMARY:Later'],
      ),
    )
    // The clocks are set back on 25 October.
    expect(timesOf(text)).toEqual([
      '2026-10-02T13:00/2026-10-02T14:00 Later',
      '2026-10-05T08:00/2026-10-05T09:00 Weekly',
      '2026-10-20T13:00/2026-10-20T14:00 Moved',
      '2026-10-26T09:00/2026-10-26T10:00 Weekly',
    ])
  })

  it('takes out a repetition that was cancelled by itself', () => {
    const text = calendar(
      event('UID:d', 'DTSTART:20261005T090000Z', 'DTEND:20261005T100000Z', 'RRULE:FREQ=DAILY;COUNT=3', 'SUMMARY:Daily'),
      event('UID:d', 'RECURRENCE-ID:20261006T090000Z', 'DTSTART:20261006T090000Z', 'STATUS:CANCELLED'),
    )
    expect(timesOf(text)).toEqual([
      '2026-10-05T09:00/2026-10-05T10:00 Daily',
      '2026-10-07T09:00/2026-10-07T10:00 Daily',
    ])
  })

  it('reads zones that only the file knows, as Outlook names them', () => {
    const zone = [
      ...['BEGIN:VTIMEZONE', 'TZID:W. Europe Standard Time'],
      ...['BEGIN:STANDARD', 'DTSTART:16010101T030000', 'TZOFFSETFROM:+0200', 'TZOFFSETTO:+0100'],
      ...['RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10', 'END:STANDARD'],
      ...['BEGIN:DAYLIGHT', 'DTSTART:16010101T020000', 'TZOFFSETFROM:+0100', 'TZOFFSETTO:+0200'],
      ...['RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3', 'END:DAYLIGHT', 'END:VTIMEZONE'],
    ]
    const at = (day: string) => [
      `DTSTART;TZID=W. Europe Standard Time:${day}T090000`,
      `DTEND;TZID=W. Europe Standard Time:${day}T100000`,
    ]
    const text = calendar(...zone, event(...at('20261005')), event(...at('20261029')))
    expect(timesOf(text, 'America/New_York')).toEqual([
      '2026-10-05T07:00/2026-10-05T08:00',
      '2026-10-29T08:00/2026-10-29T09:00',
    ])
  })

  it('reads several calendars in one file, and entries of other kinds for nothing', () => {
    const one = calendar('BEGIN:VTODO', 'UID:todo', 'DTSTAMP:20260101T000000Z', 'DUE:20261005T090000Z', 'END:VTODO')
    const two = calendar(event('DTSTART:20261005T090000Z', 'DTEND:20261005T100000Z'))
    expect(timesOf(one + two)).toEqual(['2026-10-05T09:00/2026-10-05T10:00'])
  })
})

describe('a file that means no good', () => {
  it.each([
    '',
    'hello',
    '<html></html>',
    'BEGIN:VCARD\r\nEND:VCARD\r\n',
    'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n',
    '\u0000',
  ])('is not read: %j', (text) => {
    expect(() => readCalendar(text)).toThrow()
  })

  it('shows the entries that can be read, and counts those that cannot', () => {
    const good = event('DTSTART:20261005T090000Z', 'DTEND:20261005T100000Z', 'SUMMARY:Good')
    const text = calendar(event('SUMMARY:No time'), good, event('DTSTART:sometime', 'DTEND:20261005T100000Z'))
    const read = readCalendar(text)
    expect([read.entries.length + read.unread, read.unread > 0]).toEqual([3, true])
    expect(timesOf(text)).toContain('2026-10-05T09:00/2026-10-05T10:00 Good')
  })

  it('repeats without end only so often', () => {
    const text = calendar(
      event('DTSTART:20260101T000000Z', 'DTEND:20260101T000001Z', 'RRULE:FREQ=SECONDLY'),
      event('DTSTART:20261001T000000Z', 'DTEND:20261001T000030Z', 'RRULE:FREQ=MINUTELY'),
      event('DTSTART:20261005T090000Z', 'DTEND:20261005T100000Z', 'SUMMARY:Good'),
    )
    const { times, cut } = timesIn(readCalendar(text), { ...month, timeZone: 'UTC' })
    expect(cut).toBe(true)
    expect(times.length).toBeLessThanOrEqual(5_000)
  })

  it('nests as deep as it likes', () => {
    const deep = 20_000
    const text = calendar(
      ...Array.from({ length: deep }, () => 'BEGIN:VEVENT'),
      ...Array.from({ length: deep }, () => 'END:VEVENT'),
    )
    expect(timesOf(text)).toEqual([])
  })
})
