import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { insertApiKey } from '#test/api.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { type ApiServer, startApi } from './server.ts'

/** Programs written for the incumbent's v2 change their base URL and their key, and nothing else. Its base URL ends in `/v2`. */

let server: ApiServer
let host: TestHost
let key: string

beforeAll(async () => {
  server = await startApi()
})
afterAll(() => server.close())
beforeEach(async () => {
  host = await insertHost(server.test.services.db)
  key = await insertApiKey(server.test, host.id)
})

interface Sent {
  body?: object
  version?: string
  /** Instead of the key. */
  headers?: Record<string, string>
}

async function call(base: string, method: string, path: string, { body, version, headers }: Sent = {}) {
  const answer = await fetch(`${server.url}${base}${path}`, {
    method,
    headers: {
      ...(headers ?? { Authorization: `Bearer ${key}` }),
      ...(version && { 'cal-api-version': version }),
      ...(body && { 'Content-Type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const { status, data, error, pagination } = await answer.json()
  return { http: answer.status, version: answer.headers.get('cal-api-version'), status, data, error, pagination }
}

/** Dates as such programs send them, each with those of its resource; and none at all. */
const DATED = { schedules: '2024-06-11', eventTypes: '2024-06-14', bookings: '2024-08-13', slots: '2024-09-04' }
type Dates = Partial<typeof DATED>

describe.each([
  ['with the dates, below /v2', '/v2', DATED],
  ['with the dates, below /api/v2', '/api/v2', DATED],
  ['without any', '/v2', {} as Dates],
] as const)('a program %s', (_, base, dates: Dates) => {
  const dated = (version: string | undefined, body?: object): Sent => ({
    ...(version && { version }),
    ...(body && { body }),
  })

  it('goes from a schedule to a booking that was moved and cancelled', async () => {
    const hours = { startTime: '09:00', endTime: '17:00' }
    // The oldest shapes have other names for it.
    const availability = dates.schedules
      ? { availability: [{ days: ['Tuesday', 'Wednesday'], ...hours }] }
      : { availabilities: [{ days: [2, 3], ...hours }] }
    const schedule = await call(base, 'POST', '/schedules', {
      ...dated(dates.schedules, { name: 'Days', timeZone: 'Europe/Rome', isDefault: true, ...availability }),
    })
    expect(schedule).toMatchObject({ http: 201, status: 'success', version: dates.schedules ?? '2024-04-15' })
    const length = dates.eventTypes ? { lengthInMinutes: 60 } : { length: 60 }
    const eventType = await call(base, 'POST', '/event-types', {
      ...dated(dates.eventTypes, { ...length, title: 'Advice', slug: 'advice' }),
    })
    expect(eventType).toMatchObject({ http: 201, status: 'success', data: { ...length, slug: 'advice' } })
    const eventTypeId = eventType.data.id

    const query = `eventTypeId=${eventTypeId}&start=2026-11-24&end=2026-11-25&timeZone=Europe%2FRome`
    const slots = await call(base, 'GET', `/slots?${query}`, dated(dates.slots))
    const [first, second] = slots.data['2026-11-24']
    expect([slots.http, first.start, second.start]).toEqual([
      ...[200, '2026-11-24T09:00:00.000+01:00', '2026-11-24T10:00:00.000+01:00'],
    ])

    if (dates.bookings) return booksAndMoves(eventTypeId, dates.bookings)
    return bookedAsAtFirst(eventTypeId)
  })

  async function booksAndMoves(eventTypeId: number, date: string): Promise<void> {
    const attendee = { name: 'Alex Doe', email: 'alex@example.com', timeZone: 'Europe/Rome', language: 'it' }
    const booking = await call(base, 'POST', '/bookings', {
      ...dated(date, { start: '2026-11-24T08:00:00Z', eventTypeId, attendee, metadata: { order: '17' } }),
    })
    expect(booking).toMatchObject({ http: 201, status: 'success', data: { status: 'accepted', duration: 60 } })
    const at = `/bookings/${booking.data.uid}`
    const moved = await call(base, 'POST', `${at}/reschedule`, {
      ...dated(date, { start: '2026-11-24T09:00:00Z', reschedulingReason: 'Late' }),
    })
    expect(moved).toMatchObject({ status: 'success', data: { start: '2026-11-24T09:00:00.000Z' } })
    const list = await call(base, 'GET', '/bookings?status=upcoming&take=10', dated(date))
    expect(list.data.map(({ uid }: { uid: string }) => uid)).toEqual([moved.data.uid])
    expect(list.pagination).toMatchObject({ totalItems: 1, returnedItems: 1 })
    const cancelled = await call(base, 'POST', `${at}/cancel`, dated(date, { cancellationReason: 'Ill' }))
    expect(cancelled).toMatchObject({ status: 'success', data: { status: 'cancelled', cancellationReason: 'Ill' } })
  }

  /** Before there were dates to send. */
  async function bookedAsAtFirst(eventTypeId: number): Promise<void> {
    const responses = { name: 'Alex Doe', email: 'alex@example.com' }
    const wish = { eventTypeId, timeZone: 'Europe/Rome', language: 'it', metadata: { order: '17' }, responses }
    const booking = await call(base, 'POST', '/bookings', { body: { ...wish, start: '2026-11-24T08:00:00Z' } })
    expect(booking).toMatchObject({ http: 201, status: 'success', data: { status: 'ACCEPTED', responses } })
    const again = { ...wish, start: '2026-11-24T09:00:00Z', rescheduleUid: booking.data.uid }
    const moved = await call(base, 'POST', '/bookings', { body: again })
    expect(moved).toMatchObject({ status: 'success', data: { startTime: '2026-11-24T09:00:00.000Z' } })
    const list = await call(base, 'GET', '/bookings?filters[status]=upcoming&limit=10')
    expect(list.data.bookings.map(({ uid }: { uid: string }) => uid)).toEqual([moved.data.uid])
    const body = { id: moved.data.id, cancellationReason: 'Ill' }
    const cancelled = await call(base, 'POST', `/bookings/${moved.data.id}/cancel`, { body })
    expect(cancelled).toMatchObject({ status: 'success', data: { status: 'CANCELLED', cancellationReason: 'Ill' } })
  }

  it('finds refusals where it looks for them', async () => {
    const refused = await call(base, 'GET', '/event-types/999999', dated(dates.eventTypes))
    expect(refused).toMatchObject({ http: 404, status: 'error', error: { code: 'event_type_not_found' } })
    expect(refused.error.message).toMatch(/\w+ \w+/)
  })
})

it('answers programs that send one date, or a date to come, to everything', async () => {
  await insertEventType(server.test.services.db, host.id)
  for (const version of ['2024-08-13', '2026-02-25']) {
    const answers = await Promise.all(
      ['/me', '/schedules', '/event-types', '/bookings', '/webhooks'].map((path) =>
        call('/v2', 'GET', path, { version }),
      ),
    )
    expect([version, answers.map(({ http }) => http)]).toEqual([version, [200, 200, 200, 200, 200]])
  }
})

it('says to programs of the platform that client ids and secrets are not for here', async () => {
  const headers = { 'x-cal-client-id': 'clx1', 'x-cal-secret-key': 'secret' }
  const refused = await call('/v2', 'GET', '/me', { headers })
  expect(refused).toMatchObject({ http: 401, error: { code: 'client_credentials_unsupported' } })
})
