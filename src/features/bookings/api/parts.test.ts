import { describe, expect, it } from 'vitest'
import { useBookingsApi } from '#test/bookings-api.ts'

const { at, offer, book, events } = useBookingsApi()

describe('after the meeting', () => {
  it('the host says who did not come', async () => {
    const { data } = await book(await offer(), { guests: ['sam@example.com'] })
    const path = `/v2/bookings/${data.uid}/mark-absent`
    const absent = { host: true, attendees: [{ email: 'SAM@example.com', absent: true }] }
    expect((await at.api.post(path, absent)).code).toBe('not_yet_begun')
    at.context.clock.set('2026-11-24T10:00:00Z')
    expect((await at.other.post(path, absent)).status).toBe(404)
    const wrong = await at.api.post(path, {
      ...absent,
      attendees: [...absent.attendees, { email: 'x@y.org', absent: true }],
    })
    expect(wrong.body.error.details.fields).toMatchObject([{ path: 'attendees.1.email', code: 'not_an_attendee' }])
    expect((await at.api.get(`/v2/bookings/${data.uid}`)).data.absentHost).toBe(false)
    expect((await at.api.post(path, absent)).data).toMatchObject({
      ...{ absentHost: true, attendees: [{ absent: false }, { absent: true }] },
    })
    expect((await at.api.post(path, { host: false })).data).toMatchObject({
      ...{ absentHost: false, attendees: [{ absent: false }, { absent: true }] },
    })
    const seen = (await at.visitor.get(`/v2/bookings/${data.uid}`)).data
    expect(seen).toMatchObject({ absentHost: false, attendees: [{ absent: false }, { absent: false }] })
  })
})

describe('parts of a booking', () => {
  it('are who comes, and who else is invited', async () => {
    const { data } = await book(await offer())
    const path = `/v2/bookings/${data.uid}`
    const added = await at.api.post(`${path}/attendees`, {
      ...{ name: 'Sam Roe', email: 'Sam@example.com', timeZone: 'Asia/Tokyo', language: 'en-GB' },
    })
    expect([added.status, added.data]).toMatchObject([
      201,
      {
        ...{ bookingId: data.id, name: 'Sam Roe', email: 'sam@example.com', timeZone: 'Asia/Tokyo', language: 'en' },
        absent: false,
      },
    ])
    const invited = await at.api.post(`${path}/guests`, { guests: [{ email: 'pat@example.com' }] })
    expect(invited.data.guests).toEqual(['sam@example.com', 'pat@example.com'])
    expect(invited.data.attendees[2]).toMatchObject({ name: 'pat', timeZone: 'Europe/Rome', language: 'de' })
    const all = (await at.api.get(`${path}/attendees`)).data
    expect(all.map(({ email }: { email: string }) => email)).toEqual([
      ...['alex@example.com', 'sam@example.com', 'pat@example.com'],
    ])
    expect((await at.api.get(`${path}/attendees/${all[1].id}`)).data).toEqual(added.data)
    expect((await at.api.get(`${path}/attendees/${all[2].id + 1}`)).code).toBe('attendee_not_found')
    expect((await at.api.post(`${path}/guests`, { guests: [{ email: 'pat@example.com' }] })).code).toBe(
      'guest_already_invited',
    )
    const wrong = await at.api.post(`${path}/attendees`, { name: 'X', email: 'x', timeZone: 'UTC' })
    expect(wrong.body.error.details.fields).toMatchObject([{ path: 'email', code: 'email_invalid' }])
    const wrongGuest = await at.api.post(`${path}/guests`, { guests: [{ email: 'a@b.org', timeZone: 'Mars' }] })
    expect(wrongGuest.body.error.details.fields).toMatchObject([
      { path: 'guests.0.timeZone', code: 'unknown_time_zone' },
    ])
    expect(await events(data.id)).toEqual(['booking.created', 'booking.guests_added', 'booking.guests_added'])
  })

  it.each([
    [{ type: 'address', address: 'Side Street 2' }, 'Side Street 2', undefined],
    [{ type: 'attendeeAddress', address: 'Their place' }, 'Their place', undefined],
    [{ type: 'attendeeDefined', location: 'The café' }, 'The café', undefined],
    [{ type: 'phone', phone: '+49 30 123456' }, '+49 30 123456', undefined],
    [{ type: 'link', link: 'https://meet.example.com/a' }, 'https://meet.example.com/a', 'https://meet.example.com/a'],
  ])('are its place: %j', async (location, shown, meetingUrl) => {
    const { data } = await book(await offer())
    const path = `/v2/bookings/${data.uid}/location`
    expect((await at.other.patch(path, { location })).status).toBe(404)
    const { data: changed } = await at.api.patch(path, { location })
    expect([changed.location, changed.meetingUrl]).toEqual([shown, meetingUrl])
    expect(await events(data.id)).toEqual(['booking.created', 'booking.location_changed'])
  })

  it('are no place that is none', async () => {
    const { data } = await book(await offer())
    const path = `/v2/bookings/${data.uid}/location`
    const script = await at.api.patch(path, { location: { type: 'link', link: 'javascript:alert(1)' } })
    expect(script.body.error.details.fields).toMatchObject([{ path: 'location.link', code: 'link_not_https' }])
    expect((await at.api.patch(path, {})).status).toBe(400)
  })

  it('are links for calendars', async () => {
    const { data } = await book(await offer())
    const links = (await at.api.get(`/v2/bookings/${data.uid}/calendar-links`)).data
    expect(links.map(({ label }: { label: string }) => label)).toEqual([
      ...['Google Calendar', 'Microsoft Outlook', 'Microsoft Office', 'Download ICS'],
    ])
    expect(links[0].link).toContain('dates=20261124T090000Z%2F20261124T093000Z')
    expect(links[3].link).toBe(`https://book.example.org/booking/${data.uid}/calendar.ics`)
  })

  it.each(['references', 'recordings', 'transcripts', 'conferencing-sessions'])(
    'are %s, of which there are none',
    async (part) => {
      const { data } = await book(await offer())
      expect((await at.api.get(`/v2/bookings/${data.uid}/${part}`)).data).toEqual([])
      expect((await at.other.get(`/v2/bookings/${data.uid}/${part}`)).status).toBe(404)
    },
  )

  it('are no other host', async () => {
    const { data } = await book(await offer())
    for (const path of ['reassign', `reassign/${at.host.id}`]) {
      const reply = await at.api.post(`/v2/bookings/${data.uid}/${path}`)
      expect([reply.status, reply.code]).toEqual([400, 'nobody_to_reassign_to'])
      expect((await at.other.post(`/v2/bookings/${data.uid}/${path}`)).status).toBe(404)
    }
  })
})
