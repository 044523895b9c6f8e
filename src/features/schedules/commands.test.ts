import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { rowsReadBy } from '#test/plans.ts'
import { refusal } from '#test/refusal.ts'
import {
  createDefaultSchedule,
  createSchedule,
  deleteSchedule,
  duplicateSchedule,
  restoreSchedule,
  setDefaultSchedule,
  updateSchedule,
} from './commands.ts'
import { findSchedule, listSchedules, scheduleNames } from './queries.ts'
import type { ScheduleChange } from './schema.ts'

let test: TestContext
let host: TestHost
let other: TestHost
let ctx: Ctx
let otherCtx: Ctx

beforeAll(async () => {
  test = await testContext()
})
afterAll(() => test.close())

beforeEach(async () => {
  host = await insertHost(test.database.db)
  other = await insertHost(test.database.db)
  ctx = test.as({ kind: 'user', userId: host.id, role: 'member', via: 'session' })
  otherCtx = test.as({ kind: 'user', userId: other.id, role: 'member', via: 'session' })
})

const read = (id: number) => findSchedule(ctx.db, userScope(ctx), id)
const list = () => listSchedules(ctx.db, userScope(ctx))

async function changeOf(id: number, part: Partial<ScheduleChange> = {}): Promise<ScheduleChange> {
  const { name, timeZone, weekly, overrides, version } = await read(id)
  return { id, version, name, timeZone, weekly, overrides, ...part }
}

async function eventsOf(id: number): Promise<string[]> {
  const rows = await ctx.db.selectFrom('events').select('name').where('subject', '=', `schedule:${id}`).execute()
  return rows.map((row) => row.name)
}

describe('createDefaultSchedule', () => {
  it('gives an account office hours in its zone and language', async () => {
    const id = await ctx.db
      .transaction()
      .execute((tx) => createDefaultSchedule(tx, ctx, { userId: host.id, timeZone: 'Asia/Tokyo', locale: 'de' }))
    expect(await read(id)).toMatchObject({
      name: 'Arbeitszeiten',
      timeZone: 'Asia/Tokyo',
      weekly: [{ days: [1, 2, 3, 4, 5], start: 540, end: 1020 }],
      isDefault: true,
    })
    expect(await eventsOf(id)).toEqual(['schedule.created'])
  })
})

describe('createSchedule', () => {
  it('adds one with office hours and leaves the default', async () => {
    const { id } = await createSchedule(ctx, { name: '  Evenings ', timeZone: 'Europe/Berlin' })
    expect(await read(id)).toMatchObject({ name: 'Evenings', isDefault: false, overrides: [] })
    expect(await eventsOf(id)).toEqual(['schedule.created'])
  })

  it('stops at 50', async () => {
    for (let i = 1; i < 50; i++) await createSchedule(ctx, { name: `S${i}`, timeZone: 'UTC' })
    const refusals = await Promise.all([
      refusal(createSchedule(ctx, { name: 'One more', timeZone: 'UTC' })),
      refusal(duplicateSchedule(ctx, { id: host.scheduleId })),
    ])
    expect(refusals).toEqual(['too_many_schedules', 'too_many_schedules'])
  })

  it.each<[string, unknown, string]>([
    ['no name', { name: ' ', timeZone: 'UTC' }, 'invalid_input/name:field_required'],
    ['a million characters', { name: 'x'.repeat(1e6), timeZone: 'UTC' }, 'invalid_input/name:field_too_long'],
    ['a line break', { name: 'a\r\nBcc: x@y.z', timeZone: 'UTC' }, 'invalid_input/name:field_unreadable'],
    ['an unknown zone', { name: 'a', timeZone: 'Mars/Olympus' }, 'invalid_input/timeZone:unknown_time_zone'],
    ['an offset for a zone', { name: 'a', timeZone: '+02:00' }, 'invalid_input/timeZone:unknown_time_zone'],
    ['another owner', { name: 'a', timeZone: 'UTC', userId: 1 }, 'invalid_input/:field_unknown'],
    ['wrong types', { name: 7, timeZone: [] }, 'invalid_input/name:field_invalid/timeZone:field_invalid'],
    ['nothing', undefined, 'invalid_input/:field_required'],
  ])('refuses %s', async (_, input, expected) => {
    expect(await refusal(createSchedule(ctx, input as never))).toBe(expected)
    expect(await list()).toHaveLength(1)
  })

  it('needs somebody who is signed in', async () => {
    expect(await refusal(createSchedule(test.visitor, { name: 'a', timeZone: 'UTC' }))).toBe('sign_in_required')
  })
})

describe('updateSchedule', () => {
  it('saves everything at once, in the shortest form', async () => {
    const change = await changeOf(host.scheduleId, {
      name: 'Übers Jahr',
      timeZone: 'America/New_York',
      weekly: [
        { days: [2], start: 780, end: 1440 },
        { days: [1], start: 780, end: 1440 },
        { days: [1], start: 0, end: 720 },
      ],
      overrides: [
        { date: '2026-12-31', ranges: [] },
        { date: '2026-12-24', ranges: [[540, 720]] },
      ],
    })
    const { version } = await updateSchedule(ctx, change)
    expect(await read(host.scheduleId)).toMatchObject({
      version,
      name: 'Übers Jahr',
      timeZone: 'America/New_York',
      weekly: [
        { days: [1], start: 0, end: 720 },
        { days: [1, 2], start: 780, end: 1440 },
      ],
      overrides: [
        { date: '2026-12-24', ranges: [[540, 720]] },
        { date: '2026-12-31', ranges: [] },
      ],
    })
    expect(await eventsOf(host.scheduleId)).toEqual(['schedule.updated'])
  })

  it('says that it was changed elsewhere instead of overwriting, also at the same instant', async () => {
    const change = await changeOf(host.scheduleId)
    const saves = Array.from({ length: 10 }, (_, i) => refusal(updateSchedule(ctx, { ...change, name: `Save ${i}` })))
    const outcomes = await Promise.all(saves)
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'changed_elsewhere')).toHaveLength(9)
    expect((await read(host.scheduleId)).name).toBe(`Save ${outcomes.indexOf('done')}`)
  })

  it('can be saved again with the version of the last save', async () => {
    const change = await changeOf(host.scheduleId)
    const { version } = await updateSchedule(ctx, { ...change, name: 'One' })
    await updateSchedule(ctx, { ...change, version, name: 'Two' })
    expect((await read(host.scheduleId)).name).toBe('Two')
  })

  it.each<[string, object, string]>([
    [
      'overlapping hours',
      {
        weekly: [
          { days: [1, 2], start: 540, end: 720 },
          { days: [2], start: 700, end: 800 },
        ],
      },
      'invalid_input/weekly.2.1:ranges_overlap',
    ],
    [
      'hours that end before they start',
      { weekly: [{ days: [5], start: 720, end: 540 }] },
      'invalid_input/weekly.5.0:range_ends_before_start',
    ],
    [
      'hours past the day',
      { weekly: [{ days: [5], start: 720, end: 1441 }] },
      'invalid_input/weekly.5.0:range_out_of_day',
    ],
    [
      'a weekday that does not exist',
      { weekly: [{ days: [7], start: 0, end: 1 }] },
      'invalid_input/weekly.0.days.0:field_too_large',
    ],
    ['hours of no day', { weekly: [{ days: [], start: 0, end: 1 }] }, 'invalid_input/weekly.0.days:field_too_few'],
    [
      '25 ranges on a day',
      { weekly: Array.from({ length: 25 }, (_, i) => ({ days: [0], start: i, end: i + 1 })) },
      'invalid_input/weekly.0:too_many_ranges',
    ],
    [
      'a date that does not exist',
      { overrides: [{ date: '2026-02-30', ranges: [] }] },
      'invalid_input/overrides.0.date:not_a_date',
    ],
    [
      'a date twice',
      {
        overrides: [
          { date: '2026-02-03', ranges: [] },
          { date: '2026-02-03', ranges: [] },
        ],
      },
      'invalid_input/overrides.1.date:date_twice',
    ],
    [
      'overlapping hours of a date',
      {
        overrides: [
          {
            date: '2026-02-03',
            ranges: [
              [0, 60],
              [30, 90],
            ],
          },
        ],
      },
      'invalid_input/overrides.0.ranges.1:ranges_overlap',
    ],
    [
      '1,001 dates',
      {
        overrides: Array.from({ length: 1001 }, (_, i) => ({
          date: `${2000 + Math.floor(i / 28)}-02-${String((i % 28) + 1).padStart(2, '0')}`,
          ranges: [],
        })),
      },
      'invalid_input/overrides:field_too_many',
    ],
    ['text for hours', { weekly: 'always' }, 'invalid_input/weekly:field_invalid'],
    [
      'a deep object for a range',
      { overrides: [{ date: '2026-02-03', ranges: [[{}, []]] }] },
      'invalid_input/overrides.0.ranges.0.0:field_invalid/overrides.0.ranges.0.1:field_invalid',
    ],
    ['another owner', { user_id: 1 }, 'invalid_input/:field_unknown'],
  ])('refuses %s and writes nothing', async (_, part, expected) => {
    const before = await read(host.scheduleId)
    expect(await refusal(updateSchedule(ctx, await changeOf(host.scheduleId, part)))).toBe(expected)
    expect(await read(host.scheduleId)).toEqual(before)
  })
})

describe('duplicateSchedule', () => {
  it('copies hours and overrides under a free name', async () => {
    await updateSchedule(ctx, await changeOf(host.scheduleId, { overrides: [{ date: '2026-12-24', ranges: [] }] }))
    const { id } = await duplicateSchedule(ctx, { id: host.scheduleId })
    const [source, copy] = [await read(host.scheduleId), await read(id)]
    expect(copy).toMatchObject({
      name: 'Hours 2',
      isDefault: false,
      weekly: source.weekly,
      overrides: source.overrides,
    })
  })
})

describe('setDefaultSchedule', () => {
  it('moves the default', async () => {
    const { id } = await createSchedule(ctx, { name: 'Evenings', timeZone: 'UTC' })
    await setDefaultSchedule(ctx, { id })
    expect((await list()).map((schedule) => [schedule.name, schedule.isDefault])).toEqual([
      ['Evenings', true],
      ['Hours', false],
    ])
    expect(await eventsOf(id)).toEqual(['schedule.created', 'schedule.made_default'])
  })
})

describe('deleteSchedule', () => {
  it('refuses the last one, however many ask at once', async () => {
    const { id } = await createSchedule(ctx, { name: 'Evenings', timeZone: 'UTC' })
    const outcomes = await Promise.all([
      refusal(deleteSchedule(ctx, { id })),
      refusal(deleteSchedule(ctx, { id: host.scheduleId })),
    ])
    expect(outcomes.sort()).toEqual(['done', 'last_schedule'])
    expect(await list()).toHaveLength(1)
    expect((await list())[0]?.isDefault).toBe(true)
  })

  it('names the event types that fall back to the default, and gives them back', async () => {
    const { id } = await createSchedule(ctx, { name: 'Evenings', timeZone: 'UTC' })
    const chosen = await insertEventType(ctx.db, host.id, { slug: 'a', title: 'Chosen' })
    await insertEventType(ctx.db, host.id, { slug: 'b', title: 'None' })
    await ctx.db.updateTable('event_types').set({ schedule_id: id }).where('id', '=', chosen).execute()
    const before = await read(id)
    expect(before.usedBy).toEqual([{ id: chosen, title: 'Chosen' }])

    const deleted = await deleteSchedule(ctx, { id })
    expect(deleted).toMatchObject({
      name: 'Evenings',
      affected: [{ id: chosen, title: 'Chosen' }],
      defaultName: 'Hours',
    })
    expect(await refusal(read(id))).toBe('schedule_not_found')
    expect((await read(host.scheduleId)).usedBy.map((use) => use.title)).toEqual(['Chosen', 'None'])

    await restoreSchedule(ctx, { key: deleted.key })
    expect(await read(id)).toEqual(before)
    expect(await eventsOf(id)).toEqual(['schedule.created', 'schedule.deleted', 'schedule.restored'])
    expect(await refusal(restoreSchedule(ctx, { key: deleted.key }))).toBe('nothing_to_restore')
  })

  it('passes the default on, and back', async () => {
    await createSchedule(ctx, { name: 'Evenings', timeZone: 'UTC' })
    await insertEventType(ctx.db, host.id, { title: 'None chosen' })
    const deleted = await deleteSchedule(ctx, { id: host.scheduleId })
    expect(deleted.affected.map((use) => use.title)).toEqual(['None chosen'])
    expect(await list()).toMatchObject([{ name: 'Evenings', isDefault: true }])
    await restoreSchedule(ctx, { key: deleted.key })
    expect(await list()).toMatchObject([
      { name: 'Hours', isDefault: true },
      { name: 'Evenings', isDefault: false },
    ])
  })

  it('leaves event types alone that chose another schedule meanwhile', async () => {
    const [first, second] = [
      await createSchedule(ctx, { name: 'A', timeZone: 'UTC' }),
      await createSchedule(ctx, { name: 'B', timeZone: 'UTC' }),
    ]
    const eventType = await insertEventType(ctx.db, host.id)
    await ctx.db.updateTable('event_types').set({ schedule_id: first.id }).where('id', '=', eventType).execute()
    const { key } = await deleteSchedule(ctx, first)
    await ctx.db.updateTable('event_types').set({ schedule_id: second.id }).where('id', '=', eventType).execute()
    await restoreSchedule(ctx, { key })
    expect((await read(second.id)).usedBy).toHaveLength(1)
  })

  it('is final after 30 days', async () => {
    const [first, second] = [
      await createSchedule(ctx, { name: 'A', timeZone: 'UTC' }),
      await createSchedule(ctx, { name: 'B', timeZone: 'UTC' }),
    ]
    const { key } = await deleteSchedule(ctx, first)
    const later = { ...ctx, clock: { now: () => ctx.clock.now().add({ hours: 24 * 31 }) } }
    await deleteSchedule(later, second)
    expect(await refusal(restoreSchedule(ctx, { key }))).toBe('nothing_to_restore')
  })
})

describe('what belongs to another host', () => {
  it('does not exist', async () => {
    const id = other.scheduleId
    const version = (await findSchedule(ctx.db, userScope(otherCtx), id)).version
    const change = { ...(await changeOf(host.scheduleId)), id, version }
    expect(await refusal(read(id))).toBe('schedule_not_found')
    expect(await refusal(updateSchedule(ctx, change))).toBe('schedule_not_found')
    expect(await refusal(duplicateSchedule(ctx, { id }))).toBe('schedule_not_found')
    expect(await refusal(setDefaultSchedule(ctx, { id }))).toBe('schedule_not_found')
    expect(await refusal(deleteSchedule(ctx, { id }))).toBe('schedule_not_found')
    const mine = await createSchedule(otherCtx, { name: 'Mine', timeZone: 'UTC' })
    const { key } = await deleteSchedule(otherCtx, mine)
    expect(await refusal(restoreSchedule(ctx, { key }))).toBe('nothing_to_restore')
    expect(await list()).toHaveLength(1)
  })

  it.each([0, -1, 1.5, 2 ** 60, '1', null])('refuses the id %s', async (id) => {
    expect(await refusal(deleteSchedule(ctx, { id: id as number }))).toMatch(/^invalid_input\/id:field_/)
  })
})

describe('queries', () => {
  it('read any number of schedules in one statement', async () => {
    await createSchedule(ctx, { name: 'A', timeZone: 'UTC' })
    await insertEventType(ctx.db, host.id)
    const before = test.database.count.statements
    await list()
    await read(host.scheduleId)
    const names = await scheduleNames(ctx.db, userScope(ctx))
    expect(test.database.count.statements - before).toBe(3)
    expect(names.map(({ name, isDefault }) => [name, isDefault])).toEqual([
      ['A', false],
      ['Hours', true],
    ])
  })

  it('read each event type once, however many schedules there are', async () => {
    const { db } = ctx
    await sql`insert into schedules (user_id, name, time_zone, weekly)
      select ${host.id}::int8, 'Hours ' || n, 'UTC', '[]' from generate_series(1, 19) n`.execute(db)
    await sql`insert into event_types (user_id, slug, title, durations)
      select ${host.id}::int8, 'talk-' || n, 'Talk', '{30}' from generate_series(1, 300) n`.execute(db)
    await sql`analyze`.execute(db)
    const read = await rowsReadBy(test.database, (watched) => listSchedules(watched, userScope(ctx)))
    expect(read).toBeLessThan(1000)
    expect((await list()).map(({ usedBy }) => usedBy.length).sort((a, b) => b - a)).toEqual([300, ...Array(19).fill(0)])
  })
})
