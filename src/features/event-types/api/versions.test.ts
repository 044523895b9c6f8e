import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ApiClient, apiClient, insertApiKey } from '#test/api.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertHost } from '#test/offers.ts'

let test: TestContext
let api: ApiClient
beforeAll(async () => {
  test = await testContext()
})
afterAll(() => test.close())
beforeEach(async () => {
  api = apiClient(test, await insertApiKey(test, (await insertHost(test.services.db)).id))
})

const FORMER = { 'cal-api-version': '2024-04-15' }
const LINK = { type: 'link', link: 'https://meet.example.org/ada' }
const PLAIN = { title: 'Chat', slug: 'chat', length: 30, description: 'About this and that', locations: [LINK] }

const make = async (more: object = {}) => (await api.post('/v2/event-types', { ...PLAIN, ...more }, FORMER)).data

describe('event types of 2024-04-15', () => {
  it('are made, read, listed, changed and deleted in the shape of then', async () => {
    const made = await api.post('/v2/event-types', PLAIN, FORMER)
    expect([made.status, made.data]).toEqual([201, { id: expect.any(Number), ...PLAIN }])
    expect(made.headers.get('cal-api-version')).toBe('2024-04-15')
    const path = `/v2/event-types/${made.data.id}`
    expect((await api.get(path, FORMER)).data).toEqual({ eventType: made.data })
    expect((await api.get('/v2/event-types', FORMER)).data).toEqual({ eventTypeGroups: [{ eventTypes: [made.data] }] })
    const changed = await api.patch(path, { length: 45, hidden: true, minimumBookingNotice: 60 }, FORMER)
    expect(changed.data).toEqual({ ...made.data, length: 45 })
    expect((await api.get(path)).data).toMatchObject({ lengthInMinutes: 45, hidden: true, minimumBookingNotice: 60 })
    const { id, title, slug } = made.data
    const gone = await api.send('DELETE', path, undefined, FORMER)
    expect(gone.data).toEqual({ id, title, slug, length: 45 })
  })

  it('answer who names no version, and that is said', async () => {
    const { id } = await make()
    const reply = await api.get(`/v2/event-types/${id}`, { 'cal-api-version': undefined })
    expect([reply.data.eventType.length, reply.headers.get('cal-api-version-default')]).toEqual([30, '2024-04-15'])
    expect((await api.get(`/v2/event-types/${id}`, { 'cal-api-version': '2024-06-11' })).data.eventType.id).toBe(id)
    expect((await api.get(`/v2/event-types/${id}`, { 'cal-api-version': '2024-08-13' })).data.id).toBe(id)
  })

  it('say of other places what they are, and leave them where they are not named', async () => {
    const { id } = await make()
    const locations = [{ type: 'address', address: 'Main St 1', public: true }, { type: 'attendeePhone' }]
    await api.patch(`/v2/event-types/${id}`, { locations })
    const { data } = await api.patch(`/v2/event-types/${id}`, { title: 'Talk' }, FORMER)
    expect([data.title, data.locations]).toEqual(['Talk', [{ type: 'address' }, { type: 'attendeePhone' }]])
    expect((await api.get(`/v2/event-types/${id}`)).data.locations).toMatchObject(locations)
  })

  it('take questions as they were, and show or hide what every form has', async () => {
    const { id } = await make()
    const options = [
      { value: 's', label: 'Small' },
      { value: 'l', label: 'Large' },
    ]
    const bookingFields = [
      { type: 'name', name: 'name', editable: 'system', required: true, sources: [] },
      { type: 'multiemail', name: 'guests', editable: 'system-but-optional', defaultLabel: 'x', hidden: true },
      { type: 'select', name: 'size', label: 'Size', editable: 'user', required: true, options },
      { type: 'textarea', name: 'more', defaultLabel: 'More?', placeholder: 'Anything' },
    ]
    expect((await api.patch(`/v2/event-types/${id}`, { bookingFields }, FORMER)).status).toBe(200)
    const { data } = await api.get(`/v2/event-types/${id}`)
    expect(data.disableGuests).toBe(true)
    expect(data.bookingFields.filter((one: { isDefault: boolean }) => !one.isDefault)).toMatchObject([
      { type: 'select', slug: 'size', label: 'Size', required: true, options: ['Small', 'Large'] },
      { type: 'textarea', slug: 'more', label: 'More?', placeholder: 'Anything' },
    ])
  })

  it.each([
    [{ length: 0 }, 'lengthInMinutes'],
    [{ length: undefined }, 'lengthInMinutes'],
    [{ locations: 'here' }, 'locations'],
    [{ locations: [7] }, 'locations.0'],
    [{ locations: [{ type: 'link' }] }, 'locations.0.link'],
    [{ bookingFields: [null] }, 'bookingFields.0'],
    [{ bookingFields: {} }, 'bookingFields'],
    [{ price: 7 }, ''],
  ])('refuse %j', async (change, path) => {
    const { status, body } = await api.post('/v2/event-types', { ...PLAIN, ...change }, FORMER)
    expect([status, body.error.details.fields[0].path]).toEqual([400, path])
  })

  it('refuse a body that is no object', async () => {
    expect((await api.post('/v2/event-types', [], FORMER)).status).toBe(400)
  })
})
