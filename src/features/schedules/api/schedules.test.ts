import { describe, expect, it } from 'vitest'
import { useHostApi } from '#test/host-api.ts'
import { insertEventType } from '#test/offers.ts'

const at = useHostApi()

const MORNINGS = [{ days: ['Monday', 'Wednesday'], startTime: '08:00', endTime: '12:00' }]

describe('schedules over the API', () => {
  it('are made, read, changed and deleted', async () => {
    const wanted = {
      ...{ name: 'Mornings', timeZone: 'Asia/Tokyo', isDefault: false, availability: MORNINGS },
      overrides: [{ date: '2026-12-24', startTime: '10:00', endTime: '24:00' }],
    }
    const made = await at.api.post('/v2/schedules', wanted)
    expect([made.status, made.data]).toEqual([201, { ...wanted, id: expect.any(Number), ownerId: at.host.id }])
    const path = `/v2/schedules/${made.data.id}`
    expect((await at.api.get(path)).data).toEqual(made.data)
    expect((await at.api.get('/v2/schedules')).data).toMatchObject([
      { id: at.host.scheduleId, isDefault: true },
      made.data,
    ])
    const changed = await at.api.patch(path, { name: 'Early' })
    expect(changed.data).toEqual({ ...made.data, name: 'Early' })
    const gone = await at.api.delete(path)
    expect([gone.status, gone.body]).toEqual([200, { status: 'success' }])
    expect((await at.api.get(path)).code).toBe('schedule_not_found')
  })

  it('begin with office hours', async () => {
    const { data } = await at.api.post('/v2/schedules', { name: 'New', timeZone: 'UTC', isDefault: false })
    const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday']
    expect(data.availability).toEqual([{ days, startTime: '09:00', endTime: '17:00' }])
  })

  it('have one default', async () => {
    expect((await at.api.get('/v2/schedules/default')).data.id).toBe(at.host.scheduleId)
    const { data } = await at.api.post('/v2/schedules', { name: 'New', timeZone: 'UTC', isDefault: true })
    expect((await at.api.get('/v2/schedules/default')).data).toEqual(data)
    await at.api.patch(`/v2/schedules/${at.host.scheduleId}`, { isDefault: true })
    expect((await at.api.get(`/v2/schedules/${data.id}`)).data.isDefault).toBe(false)
    expect((await at.api.patch(`/v2/schedules/${at.host.scheduleId}`, { isDefault: false })).data.isDefault).toBe(true)
  })

  it('have dates with several hours, and with none', async () => {
    const overrides = [
      { date: '2026-12-24', startTime: '14:00', endTime: '15:00' },
      { date: '2026-12-24', startTime: '09:00', endTime: '10:00' },
      { date: '2026-12-25', startTime: '00:00', endTime: '00:00' },
    ]
    const { data } = await at.api.patch(`/v2/schedules/${at.host.scheduleId}`, { overrides })
    expect(data.overrides).toEqual([overrides[1], overrides[0], overrides[2]])
  })

  it.each([
    [
      { availability: [{ days: ['Monday'], startTime: '9:00', endTime: '17:00' }] },
      'availability.0.startTime',
      'field_invalid',
    ],
    [
      { availability: [{ days: ['Monday'], startTime: '09:00', endTime: '25:00' }] },
      'availability.0.endTime',
      'field_invalid',
    ],
    [
      { availability: [{ days: ['Montag'], startTime: '09:00', endTime: '10:00' }] },
      'availability.0.days.0',
      'field_invalid',
    ],
    [{ availability: [{ days: [], startTime: '09:00', endTime: '10:00' }] }, 'availability.0.days', 'field_too_few'],
    [
      { availability: [{ days: ['Monday'], startTime: '12:00', endTime: '10:00' }] },
      'availability.1.0',
      'range_ends_before_start',
    ],
    [{ availability: [...MORNINGS, ...MORNINGS] }, 'availability.1.1', 'ranges_overlap'],
    [{ overrides: [{ date: '2026-02-30', startTime: '09:00', endTime: '10:00' }] }, 'overrides.0.date', 'not_a_date'],
    [{ timeZone: 'Mars/Base' }, 'timeZone', 'unknown_time_zone'],
    [{ name: ' ' }, 'name', 'field_required'],
    [{ userId: 1 }, '', 'field_unknown'],
    [{ ownerId: 1 }, '', 'field_unknown'],
  ])('refuse %j', async (change, path, code) => {
    const reply = await at.api.patch(`/v2/schedules/${at.host.scheduleId}`, change)
    expect([reply.status, reply.code]).toEqual([400, 'invalid_input'])
    expect(reply.body.error.details.fields[0]).toMatchObject({ path, code })
  })

  it('are not made by halves', async () => {
    const bad = [{ days: ['Monday'], startTime: '12:00', endTime: '10:00' }]
    const reply = await at.api.post('/v2/schedules', {
      name: 'Bad',
      timeZone: 'UTC',
      isDefault: true,
      availability: bad,
    })
    expect(reply.code).toBe('invalid_input')
    expect((await at.api.get('/v2/schedules')).data).toHaveLength(1)
  })

  it('leave the last one, and one that restricts, where they are', async () => {
    expect((await at.api.delete(`/v2/schedules/${at.host.scheduleId}`)).code).toBe('last_schedule')
    const { data } = await at.api.post('/v2/schedules', { name: 'Limits', timeZone: 'UTC', isDefault: false })
    const restriction = { scheduleId: data.id, visitorZone: false }
    await insertEventType(at.context.services.db, at.host.id, { options: { restriction } })
    expect((await at.api.delete(`/v2/schedules/${data.id}`)).code).toBe('schedule_restricts')
  })

  it('made with a key of the client’s are made once', async () => {
    const wanted = { name: 'Once', timeZone: 'UTC', isDefault: false }
    const ask = () => at.api.post('/v2/schedules', wanted, { 'idempotency-key': 'a1' })
    const all = await Promise.all(Array.from({ length: 50 }, ask))
    expect(new Set(all.map(({ data }) => data.id)).size).toBe(1)
    expect((await at.api.get('/v2/schedules')).data).toHaveLength(2)
  })

  it('answer dates in between with their newest shape until then', async () => {
    const reply = await at.api.get('/v2/schedules', { 'cal-api-version': '2024-08-13' })
    expect(reply.headers.get('cal-api-version')).toBe('2024-06-11')
  })
})
