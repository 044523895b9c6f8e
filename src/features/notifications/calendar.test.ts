import ICAL from 'ical.js'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { calendarUid, type EntryOptions, placeOf } from '../bookings/entries/types.ts'
import type { Booking } from '../bookings/types.ts'
import { DEFAULT_OPTIONS } from '../event-types/types.ts'
import { calendarObject, icsFor } from './calendar.ts'

const booking: Booking = {
  ...{ id: 1, uid: 'abcdefghijklmnopqrstuvwx', status: 'accepted', title: 'Intro; with, "quotes" \\ and ünïcödé 🙂' },
  start: Temporal.Instant.from('2026-10-25T00:30:00Z'),
  end: Temporal.Instant.from('2026-10-25T01:30:00Z'),
  ...{ timeZone: 'Europe/Berlin', notes: '', sequence: 3, reason: '', cancelledBy: null, rescheduleRequested: false },
  location: { kind: 'in_person', address: 'Unter den Linden 1, Berlin; 2nd floor' },
  createdAt: Temporal.Instant.from('2026-10-01T00:00:00Z'),
  ...{ seats: null, left: [], others: null, series: null, coHosts: [] },
  eventType: { id: 1, slug: 'intro', title: 'Intro', color: null, ...DEFAULT_OPTIONS },
  host: {
    ...{ id: 7, name: 'Ada "The" Lovelace', username: 'ada', email: 'ada@example.org', timeZone: 'Europe/Berlin' },
    ...{
      locale: 'en',
      hourCycle: 'h23',
      avatarEtag: null,
      brandColor: null,
      brandColorDark: null,
      theme: 'system',
      hideBranding: false,
    },
  },
  attendees: [
    {
      id: 1,
      kind: 'booker',
      name: 'Bø; Visitor, Jr.',
      email: 'bo@example.net',
      timeZone: 'UTC',
      locale: 'en',
      answers: [],
      metadata: {},
      tracking: {},
      quantity: 1,
      companions: [],
      seat: null,
    },
    {
      id: 2,
      kind: 'guest',
      name: 'ann',
      email: 'ann@example.net',
      timeZone: 'UTC',
      locale: 'en',
      answers: [],
      metadata: {},
      tracking: {},
      quantity: 1,
      companions: [],
      seat: null,
    },
  ],
}

const options: EntryOptions = {
  url: new URL('https://book.example.org'),
  stamp: Temporal.Instant.from('2026-10-02T03:04:05.678Z'),
  description: `First line, with; signs\r\nSecond line\n${'Ünglaublich lang. '.repeat(20)}`,
  link: 'https://book.example.org/booking/abcdefghijklmnopqrstuvwx',
  place: 'Unter den Linden 1, Berlin; 2nd floor',
  neutral: 'Private appointment',
  mailbox: null,
}

function parse(ics: string) {
  const calendar = new ICAL.Component(ICAL.parse(ics))
  const events = calendar.getAllSubcomponents()
  expect(events.map(({ name }) => name)).toEqual(['vevent'])
  const event = events[0] as ICAL.Component
  const value = (name: string) => event.getFirstPropertyValue(name)
  return { calendar, event, value, text: (name: string) => String(value(name)) }
}

const request = { method: 'REQUEST', status: 'CONFIRMED' } as const

describe('calendarObject', () => {
  it('is a request as RFC 5546 §3.2.2 wants it, with what was booked', () => {
    const { calendar, event, text, value } = parse(calendarObject(booking, request, options))
    expect(calendar.getFirstPropertyValue('version')).toBe('2.0')
    expect(calendar.getFirstPropertyValue('prodid')).toMatch(/Sundial/)
    expect(calendar.getFirstPropertyValue('method')).toBe('REQUEST')
    expect(text('uid')).toMatch(/^[\w-]{24}@book\.example\.org$/)
    expect(value('sequence')).toBe(3)
    expect(text('status')).toBe('CONFIRMED')
    expect(text('dtstamp')).toBe('2026-10-02T03:04:05Z')
    expect((value('dtstart') as ICAL.Time).toJSDate().toISOString()).toBe('2026-10-25T00:30:00.000Z')
    expect((value('dtend') as ICAL.Time).toJSDate().toISOString()).toBe('2026-10-25T01:30:00.000Z')
    expect((value('dtstart') as ICAL.Time).zone.tzid).toBe('UTC')
    expect(text('summary')).toBe(`${booking.title}: Ada "The" Lovelace & Bø; Visitor, Jr.`)
    expect(text('location')).toBe(options.place)
    expect(text('description')).toBe(options.description.replace(/\r\n/g, '\n').trim())
    expect(text('url')).toBe(options.link)
    const organizer = event.getFirstProperty('organizer')
    expect(organizer?.getFirstValue()).toMatch(/^mailto:ada@example\.org$/i)
    expect(organizer?.getParameter('cn')).toBe("Ada 'The' Lovelace")
    expect(organizer?.getParameter('schedule-agent')).toBeUndefined()
    const attendees = event.getAllProperties('attendee').map((property) => ({
      address: String(property.getFirstValue()).toLowerCase(),
      ...{ name: property.getParameter('cn'), role: property.getParameter('role') },
      ...{ answer: property.getParameter('partstat'), asked: property.getParameter('rsvp') },
    }))
    expect(attendees).toEqual([
      {
        address: 'mailto:ada@example.org',
        name: "Ada 'The' Lovelace",
        role: 'CHAIR',
        answer: 'ACCEPTED',
        asked: 'FALSE',
      },
      {
        ...{ address: 'mailto:bo@example.net', name: 'Bø; Visitor, Jr.', role: 'REQ-PARTICIPANT' },
        ...{ answer: 'ACCEPTED', asked: 'FALSE' },
      },
      {
        ...{ address: 'mailto:ann@example.net', name: 'ann', role: 'REQ-PARTICIPANT' },
        ...{ answer: 'NEEDS-ACTION', asked: 'TRUE' },
      },
    ])
  })

  it('folds at 75 octets without breaking a character, and ends every line with CR LF', () => {
    const ics = calendarObject(booking, request, options)
    expect(ics.endsWith('END:VCALENDAR\r\n')).toBe(true)
    expect(ics.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    for (const line of ics.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
    expect(Buffer.from(ics).toString('utf8')).toBe(ics)
  })

  it('takes a booking out under the same UID and with the higher SEQUENCE', () => {
    const later = { ...booking, status: 'cancelled' as const, sequence: 4 }
    const { calendar, event, text, value } = parse(calendarObject(later, { method: 'CANCEL' }, options))
    expect(calendar.getFirstPropertyValue('method')).toBe('CANCEL')
    expect(text('uid')).toBe(calendarUid(booking, options.url))
    expect(value('sequence')).toBe(4)
    expect(text('status')).toBe('CANCELLED')
    expect(event.getFirstProperty('organizer')).not.toBeNull()
    expect(event.getAllProperties('attendee')).toHaveLength(3)
  })

  it('marks a time that the host has not confirmed as tentative', () => {
    const { event, text } = parse(calendarObject(booking, { method: 'REQUEST', status: 'TENTATIVE' }, options))
    expect(text('status')).toBe('TENTATIVE')
    expect(event.getFirstProperty('attendee')?.getParameter('partstat')).toBe('NEEDS-ACTION')
  })

  it('lets no text become a property, a component or an attendee', () => {
    const evil = 'x\r\nATTENDEE:mailto:victim@example.com\nEND:VEVENT\r\u2028BEGIN:VEVENT\u0000";X=1:\\,;'
    const attacked: Booking = {
      ...booking,
      title: evil,
      host: { ...booking.host, name: evil },
      attendees: [
        {
          id: 1,
          kind: 'booker',
          name: evil,
          email: `bo@example.net${evil}`,
          timeZone: 'UTC',
          locale: 'en',
          answers: [],
          metadata: {},
          tracking: {},
          quantity: 1,
          companions: [],
          seat: null,
        },
      ],
    }
    const { calendar, event } = parse(calendarObject(attacked, request, { ...options, description: evil, place: evil }))
    const names = event.getAllProperties().map(({ name }) => name)
    expect(names.sort()).toEqual(
      [
        ...['attendee', 'attendee', 'description', 'dtend', 'dtstamp', 'dtstart', 'location', 'organizer'],
        ...['sequence', 'status', 'summary', 'transp', 'uid', 'url'],
      ].sort(),
    )
    expect(calendar.getAllProperties().map(({ name }) => name)).toEqual(['version', 'prodid', 'method'])
    for (const person of [...event.getAllProperties('attendee'), ...event.getAllProperties('organizer')]) {
      expect(Object.keys(person.jCal[1]).sort()).not.toContain('x')
      expect(String(person.getFirstValue())).toMatch(/^mailto:[^\s]+$/i)
    }
  })
})

describe('icsFor', () => {
  it('publishes the booking for one’s own calendar, asking nobody (RFC 5546 §3.2.1)', () => {
    const { calendar, event, text } = parse(icsFor([{ booking, options }]))
    expect(calendar.getFirstPropertyValue('method')).toBe('PUBLISH')
    expect(event.getAllProperties('attendee')).toEqual([])
    expect(text('uid')).toBe(calendarUid(booking, options.url))
    expect(text('status')).toBe('CONFIRMED')
    expect(parse(icsFor([{ booking: { ...booking, status: 'pending' }, options: options }])).text('status')).toBe(
      'TENTATIVE',
    )
    expect(parse(icsFor([{ booking: { ...booking, status: 'cancelled' }, options: options }])).text('status')).toBe(
      'CANCELLED',
    )
  })

  it('can do without a place, a text and a link', () => {
    const { event } = parse(
      icsFor([{ booking: booking, options: { ...options, description: '', place: '', link: null } }]),
    )
    for (const name of ['location', 'description', 'url']) expect(event.getFirstProperty(name)).toBeNull()
  })
})

describe('placeOf', () => {
  it('is what a calendar can show or call', () => {
    expect(placeOf(null)).toBe('')
    expect(placeOf({ kind: 'in_person', address: 'Here' })).toBe('Here')
    expect(placeOf({ kind: 'host_phone', phone: '+49 30 1' })).toBe('+49 30 1')
    expect(placeOf({ kind: 'attendee_phone', phone: '+1 2' })).toBe('+1 2')
    expect(placeOf({ kind: 'link', url: 'https://meet.example/x', label: '', video: true })).toBe(
      'https://meet.example/x',
    )
  })
})
