import ICAL from 'ical.js'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { type CalendarEvent, calendarText, freeBusyText } from './icalendar.ts'

const event: CalendarEvent = {
  ...{ uid: 'one@example.org', sequence: 2, status: 'CONFIRMED', summary: 'Coffee' },
  stamp: Temporal.Instant.from('2026-10-02T03:04:05.678Z'),
  start: Temporal.Instant.from('2026-10-25T00:30:00Z'),
  end: Temporal.Instant.from('2026-10-25T01:30:00Z'),
}

const parsed = (text: string) => new ICAL.Component(ICAL.parse(text))
const eventsIn = (text: string) => parsed(text).getAllSubcomponents('vevent')

describe('calendarText', () => {
  it('keeps every text as it was, whatever signs are in it', () => {
    const summary = 'One\\two; three, "four": five \\n six'
    const description = 'First;\n\\second, line\n\n…and ünïcödé 🙂'
    const [read] = eventsIn(calendarText({ events: [{ ...event, summary, description, location: 'A; B, C\\D' }] }))
    expect(read?.getFirstPropertyValue('summary')).toBe(summary)
    expect(read?.getFirstPropertyValue('description')).toBe(description)
    expect(read?.getFirstPropertyValue('location')).toBe('A; B, C\\D')
  })

  it.each([
    ['\r\nATTENDEE:mailto:victim@example.com'],
    ['\nEND:VEVENT\nBEGIN:VEVENT\nUID:forged'],
    ['\rSTATUS:CANCELLED'],
    ['\u2028STATUS:CANCELLED\u2029X:1\u0085Y:2\u000bZ:3\u0000'],
    ['";X-EVIL=1:mailto:victim@example.com,"'],
  ])('lets no text become a property, a parameter or an event: %j', (evil) => {
    const organizer = { name: `Ada${evil}`, email: `ada@example.org${evil}` }
    const attendee = { ...organizer, role: 'CHAIR', answer: 'ACCEPTED', asked: false } as const
    const text = calendarText({
      name: `Mine${evil}`,
      events: [
        { ...event, uid: `one${evil.replace(/\p{Cc}|[\u2028\u2029]/gu, ' ')}`, summary: evil, description: evil },
        { ...event, location: evil, url: `https://example.org/${evil}`, organizer, attendees: [attendee] },
      ],
    })
    const [first, second, ...more] = eventsIn(text)
    expect(more).toEqual([])
    const names = (one?: ICAL.Component) => one?.getAllProperties().map(({ name }) => name)
    const always = ['uid', 'sequence', 'dtstamp', 'dtstart', 'dtend', 'summary', 'transp']
    expect(names(first)).toEqual([...always, 'description', 'status'])
    expect(names(second)).toEqual([...always, 'location', 'organizer', 'attendee', 'url', 'status'])
    const person = second?.getFirstProperty('attendee')
    expect(Object.keys(person?.jCal[1] ?? {}).sort()).toEqual(['cn', 'cutype', 'partstat', 'role', 'rsvp'])
    expect(String(person?.getFirstValue())).toMatch(/^mailto:ada@example\.org[^\s:;,"]*$/)
    expect(
      parsed(text)
        .getAllProperties()
        .map(({ name }) => name),
    ).toEqual(['version', 'prodid', 'name', 'x-wr-calname'])
  })

  it('folds at 75 octets, breaking no character in two', () => {
    const summary = '🙂ü'.repeat(200)
    const text = calendarText({ events: [{ ...event, summary }] })
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(Buffer.from(text).toString()).toBe(text)
    expect(eventsIn(text)[0]?.getFirstPropertyValue('summary')).toBe(summary)
  })

  it('says how often to look again, in the way of the standard and in the way that is understood', () => {
    const text = calendarText({ name: 'Mine', refreshMinutes: 15, events: [] })
    expect(text).toContain('\r\nREFRESH-INTERVAL;VALUE=DURATION:PT15M\r\n')
    expect(text).toContain('\r\nX-PUBLISHED-TTL:PT15M\r\n')
    expect(text).not.toContain('METHOD')
  })
})

describe('freeBusyText', () => {
  it('is what RFC 5545 §3.6.4 calls free/busy, with nothing in it but times', () => {
    const at = (time: string) => Temporal.Instant.from(time).epochMilliseconds
    const text = freeBusyText({
      uid: 'busy@example.org',
      stamp: event.stamp,
      from: event.start.epochMilliseconds,
      until: event.start.add({ hours: 48 }).epochMilliseconds,
      busy: [
        { start: at('2026-10-25T01:00:00Z'), end: at('2026-10-25T02:00:00Z'), kind: 'BUSY' },
        { start: at('2026-10-26T00:00:00Z'), end: at('2026-10-26T12:00:00Z'), kind: 'BUSY-UNAVAILABLE' },
      ],
    })
    const [component] = parsed(text).getAllSubcomponents()
    expect(component?.name).toBe('vfreebusy')
    const told = component?.getAllProperties('freebusy').map((one) => {
      const period = one.getFirstValue() as ICAL.Period
      return [one.getParameter('fbtype'), period.start.toString(), period.end?.toString()]
    })
    expect(told).toEqual([
      ['BUSY', '2026-10-25T01:00:00Z', '2026-10-25T02:00:00Z'],
      ['BUSY-UNAVAILABLE', '2026-10-26T00:00:00Z', '2026-10-26T12:00:00Z'],
    ])
    const names = new Set(component?.getAllProperties().map(({ name }) => name))
    expect([...names].sort()).toEqual(['dtend', 'dtstamp', 'dtstart', 'freebusy', 'uid'])
  })
})
