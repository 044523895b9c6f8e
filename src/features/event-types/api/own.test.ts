import { describe, expect, it } from 'vitest'
import { apiClient } from '#test/api.ts'
import { useHostApi } from '#test/host-api.ts'
import { insertHost } from '#test/offers.ts'
import { newEventType } from '../schema.ts'
import { eventTypeChange } from './schema.ts'
import { settingsOf, UNSET } from './settings.ts'

const at = useHostApi()

const PLAIN = { title: 'Talk', slug: 'talk', lengthInMinutes: 30 }
const make = async (more: object = {}) => (await at.api.post('/v2/event-types', { ...PLAIN, ...more })).data

const own = () => ({
  botCheck: true,
  splitName: true,
  requiredEmails: ['example.org', 'ada@example.net'],
  excludedEmails: ['eve@example.org'],
  confirmFreeMailOnly: true,
  ratingMailMinutes: 60,
  lockedTimeZone: 'Asia/Tokyo',
  replyTo: 'office@example.org',
  restriction: { scheduleId: at.host.scheduleId, inBookerTimeZone: true },
  preferredHours: {
    hours: [{ days: ['Monday', 'Tuesday'], startTime: '09:00', endTime: '12:30' }],
    show: 'first',
  },
  mails: { host: 'changes', attendees: 'all' },
})

describe('settings that other products have no word for', () => {
  it('are set, read, kept by other changes, and taken back', async () => {
    const made = await make({ ...own(), confirmationPolicy: { type: 'always' } })
    expect(made).toMatchObject({ ...own(), lockTimeZoneToggleOnBookingPage: true })
    const path = `/v2/event-types/${made.id}`
    expect((await at.api.patch(path, { title: 'Chat' })).data).toMatchObject(own())
    const { data } = await at.api.patch(path, {
      ...{ splitName: false, requiredEmails: [], excludedEmails: [], confirmFreeMailOnly: false },
      ...{ ratingMailMinutes: null, lockedTimeZone: null, replyTo: null },
      ...{ restriction: { disabled: true }, preferredHours: { disabled: true }, mails: { host: 'all' } },
    })
    expect(data).toMatchObject({
      ...{ splitName: false, requiredEmails: [], ratingMailMinutes: null, lockedTimeZone: null, replyTo: null },
      ...{ restriction: null, preferredHours: null, mails: { host: 'all', attendees: 'all' } },
      lockTimeZoneToggleOnBookingPage: false,
    })
  })

  it('lock the page to the zone of its visitors, which the switch of other products keeps', async () => {
    const made = await make({ lockedTimeZone: 'visitor' })
    expect(made).toMatchObject({ lockedTimeZone: 'visitor', lockTimeZoneToggleOnBookingPage: true })
    const path = `/v2/event-types/${made.id}`
    const { data: kept } = await at.api.patch(path, { lockTimeZoneToggleOnBookingPage: true })
    expect(kept.lockedTimeZone).toBe('visitor')
    const { data: off } = await at.api.patch(path, { lockTimeZoneToggleOnBookingPage: false })
    expect(off.lockedTimeZone).toBeNull()
    const { data: own } = await at.api.patch(path, { lockTimeZoneToggleOnBookingPage: true })
    expect(own.lockedTimeZone).toBe('Europe/Berlin')
  })

  it('are places’ names, video calls, and seats for one booker', async () => {
    const locations = [
      { type: 'link', link: 'https://meet.example.org/ada', public: false, label: 'Room', video: true },
      { type: 'attendeePhone', label: 'I call you' },
    ]
    const { id } = await make({ locations })
    const path = `/v2/event-types/${id}`
    expect((await at.api.get(path)).data.locations).toEqual(locations)
    const unnamed = locations.map(({ label, video, ...rest }) => rest)
    expect((await at.api.patch(path, { locations: unnamed })).data.locations).toEqual(locations)
    const cleared = unnamed.map((one) => ({ ...one, label: '' }))
    expect((await at.api.patch(path, { locations: cleared })).data.locations[1]).toEqual({ type: 'attendeePhone' })
    const seats = { seatsPerTimeSlot: 6, showAttendeeInfo: false, showAvailabilityCount: true, maximumPerBooking: 3 }
    const shared = await make({ slug: 'class', seats })
    expect(shared.seats).toEqual(seats)
  })

  it('are not told to visitors, but for the names of places', async () => {
    const locations = [{ type: 'link', link: 'https://meet.example.org/ada', public: false, label: 'Room' }]
    await make({ ...own(), locations, confirmationPolicy: { type: 'always' } })
    const [seen] = (await apiClient(at.context).get(`/v2/event-types?username=${at.host.username}`)).data
    for (const name of Object.keys(own())) expect(seen).not.toHaveProperty(name)
    expect(seen.locations).toEqual([{ type: 'link', public: false, label: 'Room' }])
  })

  it.each([
    [{ ratingMailMinutes: -1 }, 'ratingMailMinutes'],
    [{ lockedTimeZone: 'Mars/Base' }, 'lockedTimeZone'],
    [{ replyTo: 'nobody' }, 'replyTo'],
    [{ requiredEmails: ['not an address'] }, 'requiredEmails.0'],
    [{ preferredHours: { hours: [], show: 'mark' } }, 'preferredHours.hours'],
    [
      { preferredHours: { hours: [{ days: ['Monday'], startTime: '12:00', endTime: '09:00' }], show: 'mark' } },
      'preferredHours.hours.0.end',
    ],
    [{ mails: { host: 'some' } }, 'mails.host'],
    [
      { seats: { seatsPerTimeSlot: 2, showAttendeeInfo: false, showAvailabilityCount: true, maximumPerBooking: 3 } },
      'seats.maximumPerBooking',
    ],
  ])('refuse %j', async (change, path) => {
    const { status, body } = await at.api.post('/v2/event-types', { ...PLAIN, ...change })
    expect([status, body.error.details?.fields?.[0].path]).toEqual([400, path])
  })

  it('take an organizer address that is verified, and no other', async () => {
    const verified = async (userId: number) => {
      const row = { user_id: userId, email: 'office@example.net', verified_at: at.context.clock.now() }
      return at.context.services.db.insertInto('verified_emails').values(row).returning('id').executeTakeFirstOrThrow()
    }
    const own = await verified(at.host.id)
    const { data } = await at.api.post('/v2/event-types', { ...PLAIN, organizerEmailId: own.id })
    expect(data.organizerEmailId).toBe(own.id)
    const foreign = await verified((await insertHost(at.context.services.db)).id)
    const { status, code } = await at.api.patch(`/v2/event-types/${data.id}`, { organizerEmailId: foreign.id })
    expect([status, code]).toEqual([404, 'verified_email_not_found'])
    expect(
      (await at.api.patch(`/v2/event-types/${data.id}`, { organizerEmailId: null })).data.organizerEmailId,
    ).toBeNull()
  })

  it('refuse a schedule of somebody else', async () => {
    const other = await insertHost(at.context.services.db)
    const { code } = await at.api.post('/v2/event-types', { ...PLAIN, restriction: { scheduleId: other.scheduleId } })
    expect(code).toBe('schedule_not_found')
  })
})

it('everything that the editor can set can be set over the API', () => {
  const wire = {
    ...{ title: 'x', slug: 'x', description: '', hidden: true, lengthInMinutes: 30, locations: [], bookingFields: [] },
    ...{ slotInterval: 5, minimumBookingNotice: 0, offsetStart: 0, beforeEventBuffer: 0, afterEventBuffer: 0 },
    ...{ scheduleId: null, onlyShowFirstAvailableSlot: true, showOptimizedSlots: true, customName: 'x' },
    ...{ requiresBookerEmailVerification: true, hideCalendarNotes: true, hideCalendarEventDetails: true },
    ...{ hideOrganizerEmail: true, color: { lightThemeHex: '#000000', darkThemeHex: '#000000' } },
    ...{ bookingRequiresAuthentication: true, disableCancelling: {}, disableRescheduling: {}, interfaceLanguage: 'en' },
    ...{ bookerLayouts: { defaultLayout: 'month', enabledLayouts: ['month'] }, bookingWindow: { disabled: true } },
    ...{ bookerActiveBookingsLimit: { disabled: true }, recurrence: { disabled: true }, seats: { disabled: true } },
    ...{
      successRedirectUrl: 'https://example.org',
      bookingLimitsCount: { day: 1 },
      confirmationPolicy: { type: 'always' },
    },
    ...own(),
    organizerEmailId: null,
  }
  const set = Object.keys(settingsOf(eventTypeChange.parse(wire), UNSET, 'UTC'))
  expect(Object.keys(newEventType.shape).filter((name) => !set.includes(name))).toEqual([])
})
