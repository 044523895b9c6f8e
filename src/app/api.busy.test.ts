import { describe, expect, it } from 'vitest'
import { busyTimes } from '#features/availability/busy/queries.ts'
import { createBooking } from '#features/bookings/creation/commands.ts'
import { createBookingSchema } from '#features/bookings/schema.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { apiClient, insertApiKey } from '#test/api.ts'
import { useHostApi } from '#test/host-api.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { planOf } from '#test/plans.ts'

const at = useHostApi()

const busy = (query = '') => at.api.get(`/v2/calendars/busy-times${query}`)
const WEEK = '?dateFrom=2026-11-23&dateTo=2026-11-29'

async function book(start: string) {
  const options = { bufferBefore: 30, bufferAfter: 30, slug: `s${start.slice(8, 10)}` }
  const eventTypeId = await insertEventType(at.context.services.db, at.host.id, options)
  const who = { name: 'Bo', email: 'bo@example.net', timeZone: 'UTC' }
  const booking = parseInput(createBookingSchema, { start, ...who })
  return createBooking(at.context.visitor, { offer: { eventTypeId }, booking, locale: 'en' })
}

async function away(firstDate: string, lastDate: string, minutes: [number | null, number | null] = [null, null]) {
  const now = at.context.clock.now()
  const [from_minute, to_minute] = minutes
  const days = { first_date: firstDate, last_date: lastDate, from_minute, to_minute }
  const rest = { reason: 'vacation' as const, redirect_user_id: null, redirect_url: null }
  const stamps = { created_at: now, updated_at: now }
  await at.context.services.db
    .insertInto('absences')
    .values({ user_id: at.host.id, ...days, ...rest, ...stamps })
    .execute()
}

describe('busy times', () => {
  it('are bookings without their buffers, in order of time, and nobody else’s', async () => {
    await book('2026-11-25T09:00:00Z')
    await book('2026-11-24T09:00:00Z')
    const { status, data } = await busy(WEEK)
    expect([status, data]).toEqual([
      200,
      [
        { start: '2026-11-24T09:00:00.000Z', end: '2026-11-24T09:30:00.000Z', source: 'booking' },
        { start: '2026-11-25T09:00:00.000Z', end: '2026-11-25T09:30:00.000Z', source: 'booking' },
      ],
    ])
    const other = await insertHost(at.context.services.db)
    expect(
      (await apiClient(at.context, await insertApiKey(at.context, other.id)).get(`/v2/calendars/busy-times${WEEK}`))
        .data,
    ).toEqual([])
  })

  it('are days and hours away, and holidays, in the zone of the host', async () => {
    await away('2026-11-24', '2026-11-25')
    await away('2026-11-26', '2026-11-26', [600, 720])
    const holidays = JSON.stringify([{ rule: 'x', name: 'A day', start: '2026-11-27', end: '2026-11-27' }])
    await at.context.services.db
      .insertInto('host_availability')
      .values({ user_id: at.host.id, holidays, holidays_until: 2027, updated_at: at.context.clock.now() })
      .execute()
    expect((await busy(WEEK)).data).toEqual([
      { start: '2026-11-23T23:00:00.000Z', end: '2026-11-25T23:00:00.000Z', source: 'away' },
      { start: '2026-11-26T09:00:00.000Z', end: '2026-11-26T11:00:00.000Z', source: 'away' },
      { start: '2026-11-26T23:00:00.000Z', end: '2026-11-27T23:00:00.000Z', source: 'holiday' },
    ])
  })

  it('are those of the place where the host is then', async () => {
    await away('2026-11-24', '2026-11-24')
    const [now, trip] = [at.context.clock.now(), { first_date: '2026-11-24', last_date: null, time_zone: 'Asia/Tokyo' }]
    await at.context.services.db
      .insertInto('trips')
      .values({ user_id: at.host.id, ...trip, created_at: now, updated_at: now })
      .execute()
    expect((await busy(WEEK)).data).toEqual([
      { start: '2026-11-23T15:00:00.000Z', end: '2026-11-24T15:00:00.000Z', source: 'away' },
    ])
  })

  it('count days of the zone that is named, to the end of the last one; without dates today', async () => {
    await book('2026-11-24T15:00:00Z')
    expect((await busy('?dateFrom=2026-11-24&timeZone=Asia/Tokyo')).data).toEqual([])
    expect((await busy('?dateFrom=2026-11-25&timeZone=Asia/Tokyo')).data).toHaveLength(1)
    expect((await busy('?dateFrom=2026-11-25&loggedInUsersTz=Asia/Tokyo')).data).toHaveLength(1)
    expect((await busy()).data).toEqual([])
    at.context.clock.set('2026-11-24T08:00:00Z')
    expect((await busy()).data).toHaveLength(1)
    at.context.clock.set('2026-11-23T08:00:00Z')
  })

  it.each([
    ['?dateFrom=2026-11-25&dateTo=2026-11-24', 'dateTo', 'span_ends_before_start'],
    ['?dateFrom=2026-01-01&dateTo=2027-01-02', 'dateTo', 'span_too_long'],
    ['?dateFrom=24.11.2026', 'dateFrom', 'not_a_date'],
    ['?timeZone=Mars/Base', 'timeZone', 'unknown_time_zone'],
    ['?from=2026-11-25', '', 'field_unknown'],
  ])('say what is wrong with %s', async (query, path, code) => {
    const { status, body } = await busy(query)
    expect([status, body.error.details.fields]).toMatchObject([400, [{ path, code }]])
  })

  it('of a calendar that nobody connected are not there', async () => {
    const named = '?calendarsToLoad[0][credentialId]=1&calendarsToLoad[0][externalId]=a'
    for (const query of [named, '?credentialId=1&externalId=a']) {
      const { status, code } = await busy(query)
      expect([status, code]).toEqual([404, 'calendar_not_found'])
    }
    expect((await at.api.get('/v2/calendars')).data).toEqual({ connectedCalendars: [], destinationCalendar: null })
  })

  it('are found by one statement', async () => {
    const scope = userScope(at.context.as({ kind: 'user', userId: at.host.id, role: 'member', via: 'api_key' }))
    const span = { start: Date.parse('2026-11-23'), end: Date.parse('2026-11-30') }
    const { statements } = await planOf(at.context.database, (db) => busyTimes(db, scope, span))
    expect(statements).toBe(1)
  })
})
