import { beforeEach, describe, expect, it } from 'vitest'
import { updateEventType } from '#features/event-types/commands.ts'
import { findEventType } from '#features/event-types/queries.ts'
import { userScope } from '#platform/scope.ts'
import { apiClient, insertApiKey } from '#test/api.ts'
import { useHostApi } from '#test/host-api.ts'
import { insertEventType, insertHost } from '#test/offers.ts'

const at = useHostApi()

const PLAIN = { title: 'Talk', slug: 'talk', lengthInMinutes: 30 }
const make = async (more: object = {}) => (await at.api.post('/v2/event-types', { ...PLAIN, ...more })).data

/** Everything that can be set. */
const ALL = {
  ...{ title: 'Long talk', slug: 'long-talk', description: 'With **coffee**', lengthInMinutes: 60 },
  lengthInMinutesOptions: [60, 30],
  locations: [
    { type: 'address', address: 'Main Street 1', public: true },
    { type: 'link', link: 'https://meet.example.org/ada', public: true },
    { type: 'phone', phone: '+49 30 123456', public: true },
    { type: 'attendeePhone' },
    { type: 'attendeeAddress' },
    { type: 'attendeeDefined' },
  ],
  ...{ disableGuests: true, slotInterval: 15, minimumBookingNotice: 60, beforeEventBuffer: 5, afterEventBuffer: 10 },
  bookingLimitsCount: { day: 2, week: 5 },
  bookingLimitsDuration: { day: 120 },
  bookerActiveBookingsLimit: { maximumActiveBookings: 3, offerReschedule: true },
  onlyShowFirstAvailableSlot: true,
  bookingWindow: { type: 'businessDays', value: 30, rolling: true },
  offsetStart: 5,
  bookerLayouts: { defaultLayout: 'week', enabledLayouts: ['month', 'week'] },
  confirmationPolicy: {
    ...{ type: 'time', noticeThreshold: { unit: 'hours', count: 2 }, blockUnconfirmedBookingsInBooker: true },
  },
  ...{ requiresBookerEmailVerification: true, lockTimeZoneToggleOnBookingPage: true },
  color: { lightThemeHex: '#336699', darkThemeHex: '#99ccff' },
  bookingRequiresAuthentication: true,
  customName: '{Event type title} between {Organiser} and {Scheduler}',
  ...{ successRedirectUrl: 'https://example.org/thanks', forwardParamsSuccessRedirect: false, hidden: true },
  ...{ disableCancelling: { disabled: true }, disableRescheduling: { disabled: false, minutesBefore: 120 } },
  ...{ interfaceLanguage: 'de', allowReschedulingPastBookings: true, allowReschedulingCancelledBookings: true },
  ...{ showOptimizedSlots: true, hideCalendarNotes: true, hideCalendarEventDetails: true, hideOrganizerEmail: true },
  emailSettings: { disableEmailsToAttendees: true, disableEmailsToHosts: false },
}

describe('event types over the API', () => {
  it('are made, read, changed and deleted', async () => {
    const made = await at.api.post('/v2/event-types', PLAIN)
    expect([made.status, made.data]).toMatchObject([
      201,
      {
        ...{ ...PLAIN, lengthInMinutesOptions: [30], ownerId: at.host.id, minimumBookingNotice: 120, hidden: false },
        ...{ scheduleId: null, recurrence: null, bookingUrl: `https://book.example.org/${at.host.username}/talk` },
        users: [{ id: at.host.id, username: at.host.username }],
      },
    ])
    const path = `/v2/event-types/${made.data.id}`
    expect((await at.api.get(path)).data).toEqual(made.data)
    expect((await at.api.patch(path, { title: 'Chat' })).data).toEqual({ ...made.data, title: 'Chat' })
    expect((await at.api.get('/v2/event-types')).data).toMatchObject([{ title: 'Chat' }])
    expect((await at.api.delete(path)).data).toEqual({ ...PLAIN, id: made.data.id, title: 'Chat' })
    expect((await at.api.get(path)).code).toBe('event_type_not_found')
  })

  it('say both colours of their host, the one of dark pages as the other where there is none', async () => {
    const { data } = await at.api.post('/v2/event-types', { ...PLAIN, slug: 'colours' })
    const colours = async (brand_color: string | null, brand_color_dark: string | null) => {
      const { db } = at.context.services
      await db.updateTable('users').set({ brand_color, brand_color_dark }).where('id', '=', at.host.id).execute()
      const [{ brandColor, darkBrandColor }] = (await at.api.get(`/v2/event-types/${data.id}`)).data.users
      return [brandColor, darkBrandColor]
    }
    expect(await colours('#0d4f8b', '#ffcc88')).toEqual(['#0d4f8b', '#ffcc88'])
    expect(await colours('#0d4f8b', null)).toEqual(['#0d4f8b', '#0d4f8b'])
    expect(await colours(null, '#ffcc88')).toEqual([null, '#ffcc88'])
    expect(await colours(null, null)).toEqual([null, null])
  })

  it('have all their settings there and back', async () => {
    const made = await make(ALL)
    const shown = {
      ...ALL,
      confirmationPolicy: { ...ALL.confirmationPolicy, noticeThreshold: { unit: 'minutes', count: 120 } },
    }
    expect(made).toMatchObject(shown)
    const scope = userScope(at.context.as({ kind: 'user', userId: at.host.id, role: 'member', via: 'session' }))
    expect(await findEventType(at.context.services.db, scope, made.id)).toMatchObject({
      ...{ titleTemplate: '{event} between {host} and {booker}', timeZoneLock: 'Europe/Berlin', confirmWithin: 120 },
      ...{ window: { type: 'rollingWindow', days: 30, calendarDays: false }, guests: false, color: '#336699' },
    })
    // What was read can be sent back, and changes nothing.
    const { id, ownerId, users, bookingUrl, metadata, price, currency, isInstantEvent, ...rest } = made
    const { seatsPerTimeSlot, seatsShowAvailabilityCount, recurrence, ...again } = rest
    expect((await at.api.patch(`/v2/event-types/${id}`, again)).data).toEqual(made)
  })

  it('tell visitors no place that only who booked learns', async () => {
    const locations = [
      { type: 'address', address: 'Secret Lane 7', public: false },
      { type: 'link', link: 'https://meet.example.org/secret', public: false },
      { type: 'phone', phone: '+49 30 123456', public: true },
    ]
    const made = await make({ locations })
    expect(made.locations).toEqual(locations)
    const { data } = await at.api.get(`/v2/event-types?username=${at.host.username}`)
    expect(JSON.stringify(data)).toMatch(/secret/i)
    const seen = await apiClient(at.context).get(`/v2/event-types?username=${at.host.username}`)
    expect(seen.data[0].locations).toEqual([
      { type: 'address', public: false },
      { type: 'link', public: false },
      locations[2],
    ])
    expect(JSON.stringify(seen.data)).not.toMatch(/secret/i)
  })

  it('keep what clients of other products do not send', async () => {
    const made = await make()
    const scope = userScope(at.context.as({ kind: 'user', userId: at.host.id, role: 'member', via: 'session' }))
    const link = { kind: 'link', url: 'https://meet.example.org/ada', label: 'Room', video: true }
    await at.context.services.db
      .updateTable('event_types')
      .set({ locations: JSON.stringify([link]) })
      .where('id', '=', made.id)
      .execute()
    const { data } = await at.api.get(`/v2/event-types/${made.id}`)
    const [{ label, video, ...known }] = data.locations
    expect([label, video, known]).toEqual(['Room', true, { type: 'link', link: link.url, public: false }])
    await at.api.patch(`/v2/event-types/${made.id}`, { locations: [known] })
    expect((await findEventType(at.context.services.db, scope, made.id)).locations).toEqual([
      { ...link, shown: 'after_booking' },
    ])
  })

  it('take settings back', async () => {
    const made = await make(ALL)
    const off = { disabled: true }
    const { data } = await at.api.patch(`/v2/event-types/${made.id}`, {
      ...{ bookingLimitsCount: off, bookingLimitsDuration: off, bookerActiveBookingsLimit: off, bookingWindow: off },
      ...{
        confirmationPolicy: off,
        successRedirectUrl: null,
        interfaceLanguage: '',
        customName: '',
        slotInterval: null,
      },
      ...{ disableCancelling: { disabled: false }, disableRescheduling: { disabled: false } },
    })
    for (const name of [
      'bookingLimitsCount',
      'bookingWindow',
      'confirmationPolicy',
      'customName',
      'disableCancelling',
      'disableRescheduling',
    ]) {
      expect([name, data[name]]).toEqual([name, undefined])
    }
    expect(data).toMatchObject({ successRedirectUrl: null, interfaceLanguage: null, slotInterval: null })
  })

  it('have seats, or series', async () => {
    const seats = { seatsPerTimeSlot: 8, showAttendeeInfo: false, showAvailabilityCount: true }
    const made = await make({ seats })
    expect(made).toMatchObject({ seats, seatsPerTimeSlot: 8, seatsShowAvailabilityCount: true })
    const recurrence = { interval: 2, occurrences: 6, frequency: 'weekly' }
    const clash = await at.api.patch(`/v2/event-types/${made.id}`, { recurrence })
    expect(clash.body.error.details.fields).toMatchObject([{ path: 'recurrence', code: 'seats_without_recurrence' }])
    const { data } = await at.api.patch(`/v2/event-types/${made.id}`, { seats: { disabled: true }, recurrence })
    expect(data).toMatchObject({ recurrence, seatsPerTimeSlot: null })
  })

  it('change the length and keep the choice of others', async () => {
    const made = await make({ lengthInMinutesOptions: [30, 60] })
    const { data } = await at.api.patch(`/v2/event-types/${made.id}`, { lengthInMinutes: 45 })
    expect(data).toMatchObject({ lengthInMinutes: 45, lengthInMinutesOptions: [45, 30, 60] })
  })

  it('use a schedule of their host', async () => {
    expect(await make({ scheduleId: at.host.scheduleId })).toMatchObject({ scheduleId: at.host.scheduleId })
    const other = await insertHost(at.context.services.db)
    const reply = await at.api.post('/v2/event-types', { ...PLAIN, slug: 'x', scheduleId: other.scheduleId })
    expect([reply.status, reply.code]).toEqual([404, 'schedule_not_found'])
  })

  it.each([
    [{ lengthInMinutes: 0 }, 'lengthInMinutes', 'field_too_small'],
    [{ slug: 'Not a slug' }, 'slug', 'slug_invalid'],
    [{ minimumBookingNotice: -1 }, 'minimumBookingNotice', 'field_too_small'],
    [{ bookingLimitsCount: { day: 5, week: 2 } }, 'bookingLimitsCount.week', 'limit_below_shorter_period'],
    [{ bookingLimitsDuration: { day: 10 } }, 'bookingLimitsDuration.day', 'limit_below_duration'],
    [
      { bookingWindow: { type: 'range', value: ['2026-12-24', '2026-12-01'] } },
      'bookingWindow.endDate',
      'window_ends_before_start',
    ],
    [{ locations: [{ type: 'link', link: 'javascript:alert(1)', public: true }] }, 'locations.0.url', 'link_not_https'],
    [{ locations: [{ type: 'address', address: 'Secret', public: 'no' }] }, 'locations.0.public', 'field_invalid'],
    [{ locations: [{ type: 'integration', integration: 'cal-video' }] }, 'locations.0.type', 'field_invalid'],
    [{ successRedirectUrl: 'javascript:alert(1)' }, 'successRedirectUrl.url', 'link_not_https'],
    [{ color: { lightThemeHex: 'red', darkThemeHex: 'red' } }, 'color.lightThemeHex', 'field_invalid'],
    [{ interfaceLanguage: 'tlh' }, 'interfaceLanguage', 'field_invalid'],
    [{ confirmationPolicy: { type: 'time' } }, 'confirmationPolicy.noticeThreshold', 'field_required'],
    [{ useDestinationCalendarEmail: true }, 'useDestinationCalendarEmail', 'field_invalid'],
    [{ price: 5 }, '', 'field_unknown'],
    [{ ownerId: 1 }, '', 'field_unknown'],
    [{ userId: 1 }, '', 'field_unknown'],
  ])('refuse %j', async (change, path, code) => {
    const reply = await at.api.post('/v2/event-types', { ...PLAIN, ...change })
    expect([reply.status, reply.code]).toEqual([400, 'invalid_input'])
    expect(reply.body.error.details.fields[0]).toMatchObject({ path, code })
    expect((await at.api.get('/v2/event-types')).data).toEqual([])
  })

  it('have an address of their own', async () => {
    await make()
    const reply = await at.api.post('/v2/event-types', PLAIN)
    expect([reply.status, reply.code]).toEqual([409, 'slug_taken'])
  })

  it('made with a key of the client’s are made once', async () => {
    const ask = () => at.api.post('/v2/event-types', PLAIN, { 'idempotency-key': 'once' })
    const all = await Promise.all(Array.from({ length: 50 }, ask))
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([201]))
    expect((await at.api.get('/v2/event-types')).data).toHaveLength(1)
  })

  it('are in the order of their host, or by age', async () => {
    const ids = [(await make()).id, (await make({ slug: 'two' })).id, (await make({ slug: 'three' })).id]
    const list = async (query: string) =>
      (await at.api.get(`/v2/event-types${query}`)).data.map((one: { id: number }) => one.id)
    expect(await list('')).toEqual(ids)
    expect(await list('?sortCreatedAt=desc')).toEqual(ids.toReversed())
    expect(await list('?eventSlug=two')).toEqual([ids[1]])
    expect((await at.api.get('/v2/event-types?sortCreatedAt=up')).code).toBe('invalid_input')
  })
})

describe('questions over the API', () => {
  const colour = { type: 'select', slug: 'colour', label: 'Colour?', required: true, options: ['Red', 'Blue'] }
  const size = { type: 'textarea', slug: 'size', label: 'Size?', required: false, placeholder: 'in cm' }

  it('stand among the fields that every form has', async () => {
    const { bookingFields } = await make({ bookingFields: [colour, size] })
    expect(bookingFields.map((one: { slug: string }) => one.slug)).toEqual([
      ...['name', 'email', 'title', 'notes', 'guests', 'rescheduleReason', 'colour', 'size'],
    ])
    expect(bookingFields.at(-2)).toEqual({
      ...colour,
      placeholder: '',
      hidden: false,
      disableOnPrefill: false,
      isDefault: false,
    })
  })

  it('keep what the API has no word for', async () => {
    const { id } = await make()
    const ctx = at.context.as({ kind: 'user', userId: at.host.id, role: 'member', via: 'session' })
    const { version } = await findEventType(ctx.db, userScope(ctx), id)
    const number = { key: 'age', type: 'number' as const, label: 'Age?', min: 18, max: 99, help: 'In years' }
    await updateEventType(ctx, { id, version, questions: [number] })
    const { bookingFields } = (await at.api.get(`/v2/event-types/${id}`)).data
    await at.api.patch(`/v2/event-types/${id}`, { bookingFields: [...bookingFields, size] })
    const { questions } = await findEventType(ctx.db, userScope(ctx), id)
    expect(questions).toMatchObject([number, { key: 'size', type: 'long_text' }])
  })

  it('can hide the guests, and no other field that every form has', async () => {
    const { id } = await make()
    const hide = await at.api.patch(`/v2/event-types/${id}`, { bookingFields: [{ slug: 'guests', hidden: true }] })
    expect(hide.data.disableGuests).toBe(true)
    const rename = await at.api.patch(`/v2/event-types/${id}`, {
      bookingFields: [{ type: 'name', slug: 'name', label: 'Who?' }],
    })
    expect(rename.body.error.details.fields).toMatchObject([{ path: 'bookingFields.0', code: 'booking_field_fixed' }])
  })

  it('can let bookers name the meeting', async () => {
    const { id, bookingFields } = await make()
    const path = `/v2/event-types/${id}`
    const titleIn = (fields: { slug: string }[]) => fields.find(({ slug }) => slug === 'title')
    const plain = {
      slug: 'title',
      type: 'text',
      placeholder: '',
      required: false,
      disableOnPrefill: false,
      isDefault: true,
    }
    expect(titleIn(bookingFields)).toEqual({ ...plain, label: 'What is this meeting about?', hidden: true })
    const change = async (fields: object[]) => (await at.api.patch(path, { bookingFields: fields })).data.bookingFields
    // Sent back as it was read, it stays away.
    expect(await change(bookingFields)).toEqual(bookingFields)
    const shown = await change([{ type: 'title', slug: 'title', required: true }, size])
    expect(titleIn(shown)).toEqual({ ...plain, label: 'What is this meeting about?', required: true, hidden: false })
    expect(shown.map(({ slug }: { slug: string }) => slug).slice(-2)).toEqual(['title', 'size'])
    expect(await change(shown)).toEqual(shown)
    const named = await change([{ slug: 'title', label: 'Topic', disableOnPrefill: true, hidden: true }])
    expect(titleIn(named)).toEqual({ ...plain, label: 'Topic', disableOnPrefill: true, hidden: true })
    expect(await change(named)).toEqual(named)
    expect(titleIn(await change([]))).toEqual({ ...plain, label: 'What is this meeting about?', hidden: true })
    const asked = await change([{ type: 'text', slug: 'title', label: 'Topic' }])
    expect(titleIn(asked)).toMatchObject({ label: 'Topic', hidden: false, isDefault: true })
    const wrong = await at.api.patch(path, { bookingFields: [{ ...plain, type: 'select' }] })
    expect(wrong.body.error.details.fields).toMatchObject([{ path: 'bookingFields.0', code: 'booking_field_fixed' }])
  })

  it('are judged as in the editor', async () => {
    const reply = await at.api.post('/v2/event-types', { ...PLAIN, bookingFields: [{ ...colour, options: [] }] })
    expect(reply.body.error.details.fields).toMatchObject([
      { path: 'bookingFields.0.options', code: 'options_required' },
    ])
  })
})

describe('event types of a host', () => {
  it('are public as far as their page is', async () => {
    await make({
      ...ALL,
      hidden: false,
      scheduleId: at.host.scheduleId,
      bookingFields: [{ type: 'text', slug: 'q', label: 'Q', hidden: true }],
    })
    await make({ slug: 'hidden', hidden: true })
    const { data } = await apiClient(at.context).get(`/v2/event-types?username=${at.host.username.toUpperCase()}`)
    expect(data).toMatchObject([
      { slug: 'long-talk', scheduleId: null, successRedirectUrl: null, beforeEventBuffer: 0 },
    ])
    for (const name of ['bookingLimitsCount', 'bookingLimitsDuration', 'bookerActiveBookingsLimit', 'customName']) {
      expect([name, data[0][name]]).toEqual([name, undefined])
    }
    expect(JSON.stringify(data)).not.toMatch(/@example\.org|"slug":"q"/)
  })

  it('are found under a username that was given up', async () => {
    await make({ slug: 'kept' })
    const former = at.host.username
    const { db } = at.context.services
    await db
      .insertInto('held_usernames')
      .values({ username: former, user_id: at.host.id, until: at.context.clock.now().add({ hours: 24 }) })
      .execute()
    await db
      .updateTable('users')
      .set({ username: `${former}-new` })
      .where('id', '=', at.host.id)
      .execute()
    const listed = async () =>
      (await apiClient(at.context).get(`/v2/event-types?username=${former.toUpperCase()}`)).data
    expect(await listed()).toMatchObject([{ slug: 'kept', bookingUrl: `https://book.example.org/${former}-new/kept` }])
    at.context.clock.add({ hours: 25 })
    expect(await listed()).toEqual([])
  })

  it('show the hidden ones to their host', async () => {
    await make({ hidden: true })
    expect((await at.api.get(`/v2/event-types?username=${at.host.username}`)).data).toHaveLength(1)
    const other = apiClient(at.context, await insertApiKey(at.context, (await insertHost(at.context.services.db)).id))
    expect((await other.get(`/v2/event-types?username=${at.host.username}`)).data).toEqual([])
  })

  it('are asked for by name or key', async () => {
    expect((await apiClient(at.context).get('/v2/event-types')).body.error.details.fields).toMatchObject([
      { path: 'username', code: 'field_required' },
    ])
    expect((await apiClient(at.context).get('/v2/event-types?username=nobody-here')).data).toEqual([])
  })
})

describe('private links over the API', () => {
  let path: string
  beforeEach(async () => {
    path = `/v2/event-types/${await insertEventType(at.context.services.db, at.host.id)}/private-links`
  })

  it('are made, listed, changed and taken back', async () => {
    const made = await at.api.post(path)
    expect([made.status, made.data]).toMatchObject([201, { isExpired: false, maxUsageCount: 1, usageCount: 0 }])
    const { linkId } = made.data
    expect(made.data.bookingUrl).toBe(`https://book.example.org/d/${linkId}/talk`)
    expect((await at.api.get(path)).data).toEqual([made.data])
    const changed = await at.api.patch(`${path}/${linkId}`, {
      maxUsageCount: 5,
      expiresAt: '2027-01-01T00:00:00+01:00',
    })
    expect(changed.data).toEqual({ ...made.data, maxUsageCount: 5, expiresAt: '2026-12-31T23:00:00.000Z' })
    expect((await at.api.delete(`${path}/${linkId}`)).data).toEqual({ linkId, message: expect.any(String) })
    expect((await at.api.get(path)).data).toEqual([])
    expect((await at.api.patch(`${path}/${linkId}`, {})).code).toBe('link_not_found')
    expect((await at.api.delete(`${path}/${linkId}`)).code).toBe('link_not_found')
  })

  it('that end by time are for any number of bookings', async () => {
    const { data } = await at.api.post(path, { expiresAt: '2026-12-01T00:00:00Z' })
    expect(data.maxUsageCount).toBeUndefined()
    const day = at.context.clock.now()
    at.context.clock.set('2026-12-02T00:00:00Z')
    expect((await at.api.get(path)).data).toMatchObject([{ isExpired: true }])
    expect((await at.api.patch(`${path}/${data.linkId}`, { expiresAt: '2026-12-24T00:00:00Z' })).data.isExpired).toBe(
      false,
    )
    at.context.clock.set(day.toString())
  })

  it.each([
    [{ expiresAt: 'tomorrow' }, 'expiresAt'],
    [{ maxUsageCount: 0 }, 'maxUsageCount'],
    [{ maxUsageCount: 1e9 }, 'maxUsageCount'],
    [{ label: 'x' }, ''],
  ])('refuse %j', async (terms, field) => {
    expect((await at.api.post(path, terms)).body.error.details.fields[0].path).toBe(field)
  })

  it('do not begin at their end', async () => {
    const reply = await at.api.post(path, { expiresAt: '2020-01-01T00:00:00Z' })
    expect([reply.status, reply.code]).toEqual([410, 'link_expired'])
  })

  it('belong to their event type', async () => {
    const { linkId } = (await at.api.post(path)).data
    const elsewhere = `/v2/event-types/${await insertEventType(at.context.services.db, at.host.id, { slug: 'b' })}/private-links`
    expect((await at.api.delete(`${elsewhere}/${linkId}`)).code).toBe('link_not_found')
  })
})
