import { describe, expect, it } from 'vitest'
import { useHostApi } from '#test/host-api.ts'

const at = useHostApi()

const FORMER = { 'cal-api-version': '2024-04-15' }
const NEW = { name: 'Mornings', timeZone: 'Asia/Tokyo', isDefault: false }
const MORNING = { startTime: '1970-01-01T08:00:00.000Z', endTime: '1970-01-01T12:00:00.000Z' }
const AVAILABILITIES = [
  { days: [1, 3], ...MORNING },
  { days: [0], startTime: '20:00', endTime: '24:00' },
]

const make = async () =>
  (await at.api.post('/v2/schedules', { ...NEW, availabilities: AVAILABILITIES }, FORMER)).data as { id: number }
const today = async (id: number) => (await at.api.get(`/v2/schedules/${id}`)).data

describe('schedules of 2024-04-15', () => {
  it('are made and read in the shape of then', async () => {
    const made = await at.api.post('/v2/schedules', { ...NEW, availabilities: AVAILABILITIES }, FORMER)
    expect([made.status, made.headers.get('cal-api-version')]).toEqual([201, '2024-04-15'])
    const { id } = made.data
    const morning = { userId: at.host.id, start: MORNING.startTime, end: MORNING.endTime }
    const evening = { userId: at.host.id, start: '1970-01-01T20:00:00.000Z', end: '1970-01-02T00:00:00.000Z' }
    const row = { userId: at.host.id, scheduleId: id, date: null }
    expect(made.data).toEqual({
      ...{ id, ...NEW, isManaged: false, readOnly: false, dateOverrides: [] },
      workingHours: [
        { days: [1, 3], startTime: 480, endTime: 720 },
        { days: [0], startTime: 1200, endTime: 1440 },
      ],
      schedule: [
        { ...row, id: 1, days: [1, 3], ...MORNING },
        { ...row, id: 2, days: [0], startTime: evening.start, endTime: evening.end },
      ],
      availability: [[evening], [morning], [], [morning], [], [], []],
    })
    expect((await at.api.get(`/v2/schedules/${id}`, FORMER)).data).toEqual(made.data)
    expect((await at.api.get('/v2/schedules', FORMER)).data).toContainEqual(made.data)
    expect((await today(id)).availability).toEqual([
      { days: ['Monday', 'Wednesday'], startTime: '08:00', endTime: '12:00' },
      { days: ['Sunday'], startTime: '20:00', endTime: '24:00' },
    ])
  })

  it('answer who names no version, and that is said', async () => {
    for (const path of ['/v2/schedules', '/v2/schedules/default', `/v2/schedules/${at.host.scheduleId}`]) {
      const reply = await at.api.get(path, { 'cal-api-version': undefined })
      const [one] = [reply.data].flat()
      expect(one).toMatchObject({ id: at.host.scheduleId, workingHours: expect.any(Array) })
      expect(reply.headers.get('cal-api-version-default')).toBe('2024-04-15')
    }
    const reply = await at.api.get('/v2/schedules/default', { 'cal-api-version': '2024-06-11' })
    expect([reply.headers.get('cal-api-version'), reply.data.ownerId]).toEqual(['2024-06-11', at.host.id])
  })

  it('are changed by a list of hours for each weekday, and by dates', async () => {
    const { id } = await make()
    const utc = (day: string, clock: string) => `${day}T${clock}:00.000Z`
    const schedule = [[], [{ start: '09:00', end: '17:00' }], [{ start: utc('2024-05-14', '09:00'), end: '00:00' }]]
    const dateOverrides = [
      [
        { start: utc('2026-12-24', '09:00'), end: utc('2026-12-24', '12:00') },
        { start: utc('2026-12-24', '20:00'), end: utc('2026-12-25', '00:00') },
      ],
      [{ start: utc('2026-12-25', '00:00'), end: utc('2026-12-25', '00:00') }],
    ]
    const changed = await at.api.patch(`/v2/schedules/${id}`, { ...NEW, name: 'Days', schedule, dateOverrides }, FORMER)
    const date = { userId: at.host.id, scheduleId: id, days: [] }
    expect(changed.data).toMatchObject({ isDefault: false, timeZone: 'Asia/Tokyo' })
    expect(changed.data.schedule).toMatchObject({ id, userId: at.host.id, name: 'Days' })
    expect(changed.data.schedule.availability.slice(2)).toEqual([
      ...[
        ['09:00', utc('1970-01-01', '12:00'), '24'],
        ['20:00', utc('1970-01-02', '00:00'), '24'],
        ['00:00', utc('1970-01-01', '00:00'), '25'],
      ].map(([start = '', endTime, day], i) => ({
        ...{ ...date, id: i + 3, startTime: utc('1970-01-01', start), endTime, date: utc(`2026-12-${day}`, '00:00') },
      })),
    ])
    expect(await today(id)).toMatchObject({
      availability: [
        { days: ['Monday'], startTime: '09:00', endTime: '17:00' },
        { days: ['Tuesday'], startTime: '09:00', endTime: '24:00' },
      ],
      overrides: [
        { date: '2026-12-24', startTime: '09:00', endTime: '12:00' },
        { date: '2026-12-24', startTime: '20:00', endTime: '24:00' },
        { date: '2026-12-25', startTime: '00:00', endTime: '00:00' },
      ],
    })
  })

  it('stay as they are when they are sent back as they were read', async () => {
    const { id } = await make()
    const overrides = [
      { date: '2026-12-24', startTime: '09:00', endTime: '24:00' },
      { date: '2026-12-25', startTime: '00:00', endTime: '00:00' },
    ]
    await at.api.patch(`/v2/schedules/${id}`, { overrides })
    const before = await today(id)
    const { availability: schedule, dateOverrides } = (await at.api.get(`/v2/schedules/${id}`, FORMER)).data
    const sent = await at.api.patch(`/v2/schedules/${id}`, { ...NEW, schedule, dateOverrides }, FORMER)
    expect(sent.status).toBe(200)
    expect(await today(id)).toMatchObject({ overrides: before.overrides })
    const hoursOf = async () => (await at.api.get(`/v2/schedules/${id}`, FORMER)).data.availability
    expect(await hoursOf()).toEqual(schedule)
  })

  it.each<[method: 'post' | 'patch', body: object, path: string, code: string]>([
    ['post', { ...NEW, availability: [] }, '', 'field_unknown'],
    ['post', { ...NEW, timeZone: 'Mars/Base' }, 'timeZone', 'unknown_time_zone'],
    ['post', { ...NEW, availabilities: [{ days: [7], ...MORNING }] }, 'availabilities.0.days.0', 'field_too_large'],
    [
      'post',
      { ...NEW, availabilities: [{ days: [1], startTime: '9', endTime: '10:00' }] },
      'availabilities.0.startTime',
      'field_invalid',
    ],
    [
      'post',
      { ...NEW, availabilities: [{ days: [1], startTime: '12:00', endTime: '10:00' }] },
      'availabilities.1.0',
      'range_ends_before_start',
    ],
    ['patch', { schedule: [[], [{ start: '12:00', end: '10:00' }]] }, 'schedule.1.0', 'range_ends_before_start'],
    ['patch', { schedule: Array.from({ length: 8 }, () => []) }, 'schedule', 'field_too_many'],
    ['patch', { dateOverrides: [[{ start: '09:00', end: '10:00' }]] }, 'dateOverrides.0.0.start', 'not_an_instant'],
    [
      'patch',
      { dateOverrides: [[{ start: '2026-02-30T09:00:00Z', end: '2026-02-30T10:00:00Z' }]] },
      'dateOverrides.0.date',
      'not_a_date',
    ],
    ['patch', { overrides: [] }, '', 'field_unknown'],
  ])('refuse, by %s, %j', async (method, body, path, code) => {
    const { id } = await make()
    const reply = await at.api.send(
      ...([method.toUpperCase(), method === 'post' ? '/v2/schedules' : `/v2/schedules/${id}`, body, FORMER] as const),
    )
    expect([reply.status, reply.code]).toEqual([400, 'invalid_input'])
    expect(reply.body.error.details.fields[0]).toMatchObject({ path, code })
  })

  it('made with a key of the client’s are made once', async () => {
    const ask = () => at.api.post('/v2/schedules', NEW, { ...FORMER, 'idempotency-key': 'a1' })
    const all = await Promise.all(Array.from({ length: 50 }, ask))
    expect(new Set(all.map(({ data }) => data.id)).size).toBe(1)
    expect(all[0]?.data).toEqual(all[49]?.data)
    expect((await at.api.get('/v2/schedules')).data).toHaveLength(2)
  })
})
