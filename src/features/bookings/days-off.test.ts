import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestEventType, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { loadOffer } from '../availability/queries.ts'
import { listStarts } from '../availability/starts/queries.ts'
import { createEventType } from '../event-types/commands.ts'
import { createAbsence, deleteAbsence, restoreAbsence, updateAbsence } from '../schedules/away/commands.ts'
import { findAbsence, listAbsences, publicAbsence } from '../schedules/away/queries.ts'
import type { NewAbsence } from '../schedules/away/schema.ts'
import { createSchedule, deleteSchedule, duplicateSchedule, updateSchedule } from '../schedules/commands.ts'
import { chooseHolidays, prolongHolidays } from '../schedules/holidays/commands.ts'
import { holidayView } from '../schedules/holidays/queries.ts'
import { setHostLimits } from '../schedules/limits/commands.ts'
import { findHostLimits } from '../schedules/limits/queries.ts'
import { findSchedule } from '../schedules/queries.ts'
import type { ScheduleChange } from '../schedules/schema.ts'
import { createTrip, deleteTrip, restoreTrip, updateTrip } from '../schedules/travel/commands.ts'
import { listTrips } from '../schedules/travel/queries.ts'
import { createBooking } from './creation/commands.ts'
import { rescheduleBooking } from './rescheduling/commands.ts'
import { createBookingSchema } from './schema.ts'

let context: TestContext
let host: TestHost
let ctx: Ctx

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())

beforeEach(async () => {
  context.clock.set('2026-11-23T07:00:00Z')
  host = await insertHost(context.services.db)
  ctx = context.as({ kind: 'user', userId: host.id, role: 'member', via: 'session' })
})

const offer = (settings: TestEventType = {}) => insertEventType(ctx.db, host.id, settings)

/** Starts of `talk` by date in Berlin, as hours and minutes; of the days from the first to before the last. */
async function starts(first: string, before: string, timeZone?: string): Promise<Record<string, string[]>> {
  const found = await loadOffer(ctx.db, { username: host.username, slug: 'talk' })
  if (!found) throw new Error('no offer')
  const at = (date: string) => Temporal.PlainDate.from(date).toZonedDateTime('Europe/Berlin').epochMilliseconds
  const span = { start: at(first), end: at(before) }
  const list = await listStarts(context.visitor, found, found.eventType.durations[0] as number, span, { timeZone })
  const days: Record<string, string[]> = {}
  for (const start of list) {
    const local = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO('Europe/Berlin')
    const date = local.toPlainDate().toString()
    days[date] = [...(days[date] ?? []), local.toPlainTime().toString({ smallestUnit: 'minute' })]
  }
  return days
}

const dates = async (first: string, before: string) => Object.keys(await starts(first, before))

async function book(start: string, more: { timeZone?: string; slug?: string } = {}) {
  const { timeZone = 'Europe/Berlin', slug = 'talk' } = more
  const booking = parseInput(createBookingSchema, { start, name: 'Bo', email: 'bo@example.net', timeZone })
  return createBooking(context.visitor, { offer: { username: host.username, slug }, booking, locale: 'en' })
}

async function eventsOf(subject: string): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('events')
    .select('name')
    .where('subject', '=', subject)
    .orderBy('position')
    .execute()
  return rows.map((row) => row.name)
}

const AWAY: NewAbsence = { firstDate: '2026-11-24', lastDate: '2026-11-25', reason: 'vacation' }

describe('out of office', () => {
  it('takes its days from the slots, and booking them is refused', async () => {
    await offer()
    await createAbsence(ctx, AWAY)
    expect(await dates('2026-11-23', '2026-11-28')).toEqual(['2026-11-23', '2026-11-26', '2026-11-27'])
    expect(await refusal(book('2026-11-24T09:00:00Z'))).toBe('slot_not_offered')
    expect(await refusal(book('2026-11-26T09:00:00Z'))).toBe('done')
  })

  it('gives them back when it is shortened or deleted, and takes them again when that is undone', async () => {
    await offer()
    const { id } = await createAbsence(ctx, AWAY)
    const { version } = await findAbsence(ctx.db, userScope(ctx), id)
    await updateAbsence(ctx, { ...AWAY, id, version, lastDate: '2026-11-24' })
    expect(await dates('2026-11-24', '2026-11-27')).toEqual(['2026-11-25', '2026-11-26'])
    expect(await refusal(updateAbsence(ctx, { ...AWAY, id, version }))).toBe('changed_elsewhere')
    const { key } = await deleteAbsence(ctx, { id })
    expect(await dates('2026-11-24', '2026-11-25')).toEqual(['2026-11-24'])
    await restoreAbsence(ctx, { key })
    expect(await dates('2026-11-24', '2026-11-25')).toEqual([])
    expect(await refusal(restoreAbsence(ctx, { key }))).toBe('nothing_to_restore')
    expect(await eventsOf(`absence:${id}`)).toEqual([
      'absence.created',
      'absence.updated',
      'absence.deleted',
      'absence.restored',
    ])
  })

  it('takes part of a day, by the clock of the host', async () => {
    await offer()
    const ends = async () =>
      Object.entries(await starts('2026-12-24', '2026-12-29')).map(([date, times]) => [date, times[0], times.at(-1)])
    await createAbsence(ctx, {
      ...AWAY,
      firstDate: '2026-12-24',
      lastDate: '2026-12-28',
      fromMinute: 720,
      toMinute: 660,
    })
    expect(await ends()).toEqual([
      ['2026-12-24', '09:00', '11:30'],
      ['2026-12-28', '11:00', '16:30'],
    ])
    expect(await refusal(book('2026-12-24T12:00:00Z'))).toBe('slot_not_offered')
    const on = (at: string) => publicAbsence(ctx.db, host.username, Temporal.Instant.from(at))
    expect(await on('2026-12-24T10:59:00Z')).toBeNull()
    expect(await on('2026-12-24T11:00:00Z')).toMatchObject({ fromMinute: 720, toMinute: 660 })
    expect(await on('2026-12-28T09:59:00Z')).not.toBeNull()
    expect(await on('2026-12-28T10:00:00Z')).toBeNull()
    const sameDay = { ...AWAY, lastDate: AWAY.firstDate, fromMinute: 720, toMinute: 720 }
    expect(await refusal(createAbsence(ctx, sameDay))).toBe('invalid_input/toMinute:ends_before_it_begins')
  })

  it('tells visitors the reason and the note only when they are public, and the way on always', async () => {
    const other = await insertHost(ctx.db)
    await offer()
    const redirect = { kind: 'host', username: `@${other.username}` } as const
    await createAbsence(ctx, { ...AWAY, note: 'On a boat', redirect })
    await createAbsence(ctx, {
      ...{ firstDate: '2026-12-01', lastDate: '2026-12-01', reason: 'own', ownReason: 'Moving house' },
      ...{ note: 'Boxes everywhere', public: true, redirect: { kind: 'url', url: 'https://example.org/x' } },
    })
    const found = await loadOffer(ctx.db, { username: host.username, slug: 'talk' })
    const away = { kind: 'host', username: other.username, name: expect.stringContaining('Host') }
    expect(found?.absences).toEqual([
      { ...AWAY, fromMinute: null, toMinute: null, reason: 'unspecified', ownReason: '', note: '', redirect: away },
      {
        ...{ fromMinute: null, toMinute: null },
        ...{ firstDate: '2026-12-01', lastDate: '2026-12-01', reason: 'own', ownReason: 'Moving house' },
        ...{ note: 'Boxes everywhere', redirect: { kind: 'url', url: 'https://example.org/x' } },
      },
    ])
    const on = (at: string) => publicAbsence(ctx.db, host.username, Temporal.Instant.from(at))
    expect(await on('2026-11-23T22:59:00Z')).toBeNull()
    expect(await on('2026-11-23T23:00:00Z')).toMatchObject({ note: '', redirect: { username: other.username } })
    expect(await on('2026-12-01T12:00:00Z')).toMatchObject({ note: 'Boxes everywhere', ownReason: 'Moving house' })
  })

  it.each<[string, Partial<NewAbsence>, string]>([
    ['an end before the start', { lastDate: '2026-11-23' }, 'invalid_input/lastDate:ends_before_it_begins'],
    ['a day that does not exist', { lastDate: '2026-11-31' }, 'invalid_input/lastDate:not_a_date'],
    ['words of one’s own that are missing', { reason: 'own' }, 'invalid_input/ownReason:field_required'],
    [
      'a script',
      { redirect: { kind: 'url', url: 'javascript:alert(1)' } },
      'invalid_input/redirect.url:link_not_https',
    ],
    [
      'nobody',
      { redirect: { kind: 'host', username: 'nobody-here' } },
      'invalid_input/redirect.username:profile_not_found',
    ],
  ])('refuses %s', async (_, part, code) => {
    expect(await refusal(createAbsence(ctx, { ...AWAY, ...part }))).toBe(code)
  })

  it('does not send visitors round in a circle, and belongs to its owner alone', async () => {
    const redirect = { kind: 'host', username: host.username } as const
    expect(await refusal(createAbsence(ctx, { ...AWAY, redirect }))).toBe(
      'invalid_input/redirect.username:redirect_to_oneself',
    )
    const { id } = await createAbsence(ctx, AWAY)
    const other = await insertHost(ctx.db)
    const stranger = context.as({ kind: 'user', userId: other.id, role: 'owner', via: 'session' })
    expect(await refusal(deleteAbsence(stranger, { id }))).toBe('absence_not_found')
    expect(await refusal(findAbsence(ctx.db, userScope(stranger), id))).toBe('absence_not_found')
    expect(await refusal(createAbsence(context.visitor, AWAY))).toBe('sign_in_required')
  })

  it('is listed a page at a time, what is over apart', async () => {
    const values = Array.from({ length: 120 }, (_, i) => ({
      ...{ user_id: host.id, reason: 'vacation' as const, redirect_user_id: null, redirect_url: null },
      first_date: i < 60 ? '2026-12-24' : '2026-01-02',
      last_date: i < 60 ? '2026-12-24' : '2026-01-02',
      created_at: ctx.clock.now(),
      updated_at: ctx.clock.now(),
    }))
    await ctx.db.insertInto('absences').values(values).execute()
    for (const over of [false, true]) {
      const first = await listAbsences(ctx.db, userScope(ctx), { over, today: '2026-11-23' })
      const second = await listAbsences(ctx.db, userScope(ctx), { over, today: '2026-11-23', after: first.next })
      expect([first.absences.length, second.absences.length, second.next]).toEqual([50, 10, null])
      const ids = [...first.absences, ...second.absences].map(({ id }) => id)
      expect(new Set(ids).size).toBe(60)
    }
  })
})

describe('public holidays', () => {
  it('are days off from the slots, save those that are switched off', async () => {
    await offer()
    await chooseHolidays(ctx, { country: 'DE', region: 'BY', off: ['01-06'] })
    // Christmas on Friday 25; Epiphany on Wednesday 6 January is worked; Good Friday 26 March 2027.
    expect(await dates('2026-12-24', '2026-12-29')).toEqual(['2026-12-24', '2026-12-28'])
    expect(await dates('2027-01-06', '2027-01-07')).toEqual(['2027-01-06'])
    expect(await dates('2027-03-25', '2027-03-31')).toEqual(['2027-03-25', '2027-03-30'])
    expect(await refusal(book('2026-12-25T09:00:00Z'))).toBe('slot_not_offered')
    await chooseHolidays(ctx, { country: null, region: null, off: [] })
    expect(await dates('2026-12-25', '2026-12-26')).toEqual(['2026-12-25'])
    expect(await eventsOf(`user:${host.id}`)).toEqual(['holidays.changed', 'holidays.changed'])
  })

  it('are shown before they are chosen, by name in the language of the host', async () => {
    const german = { ...ctx, locale: 'de' as const }
    const preview = { country: 'DE', region: 'BE', sets: [] }
    const view = await holidayView(german, userScope(ctx), { today: '2026-11-23', preview })
    expect(view.countries.length).toBeGreaterThan(190)
    expect(view.countries).toContainEqual({ code: 'AT', name: 'Österreich' })
    expect(view.regions).toContainEqual({ code: 'BY.A', name: 'Bayern, Stadt Augsburg' })
    expect(view.coming[0]).toEqual({ rule: '12-25', name: '1. Weihnachtstag', start: '2026-12-25', end: '2026-12-25' })
    expect(view.coming.map(({ start }) => start)).toContain('2027-03-08')
  })

  it.each([
    { country: 'XX', region: null },
    { country: 'DE', region: 'ZZ' },
  ])('of %j are unknown', async (place) => {
    expect(await refusal(chooseHolidays(ctx, { ...place, off: [] }))).toBe('unknown_holiday_calendar')
  })

  it('are those of a faith too, each of which can be switched off', async () => {
    await offer()
    const sets = ['jewish', 'islamic'] as const
    await chooseHolidays(ctx, { country: null, region: null, sets: [...sets], off: ['jewish: 9 Av', 'nonsense'] })
    // Passover 2027 begins on Thursday 22 April, Yom Kippur is Monday 11 October, Eid al-Fitr Tuesday 9 March to the 11th.
    expect(await dates('2027-04-21', '2027-04-24')).toEqual(['2027-04-21'])
    expect(await dates('2027-10-11', '2027-10-13')).toEqual(['2027-10-12'])
    expect(await dates('2027-03-08', '2027-03-13')).toEqual(['2027-03-08', '2027-03-12'])
    expect(await dates('2027-08-12', '2027-08-13')).toEqual(['2027-08-12'])
    const view = await holidayView({ ...ctx, locale: 'de' }, userScope(ctx), { today: '2026-11-23' })
    expect(view.choice).toMatchObject({ country: null, sets: ['jewish', 'islamic'], off: ['jewish: 9 Av'] })
    expect(view.coming.find(({ rule }) => rule === 'jewish: 10 Tishrei')).toMatchObject({
      name: 'Jom Kippur',
      start: '2027-10-11',
    })
    context.clock.set('2029-11-20T08:00:00Z')
    await prolongHolidays(context.as({ kind: 'system' }))
    // Yom Kippur of 5793.
    expect(await dates('2032-09-15', '2032-09-16')).toEqual([])
    expect(
      await refusal(chooseHolidays(ctx, { country: null, region: null, off: [], sets: ['none' as never] })),
    ).toMatch(/^invalid_input\/sets/)
  })

  it('are half days where the calendar or the host says so', async () => {
    await offer({ durations: [60] })
    const halves = { '12-25': 'afternoon', '01-01': 'morning', nonsense: 'morning' } as const
    await chooseHolidays(ctx, { country: 'DE', region: null, off: [], halves })
    const december = await starts('2026-12-25', '2026-12-26')
    expect(december).toEqual({ '2026-12-25': ['09:00', '10:00', '11:00'] })
    const january = await starts('2027-01-01', '2027-01-02')
    expect(january).toEqual({ '2027-01-01': ['12:00', '13:00', '14:00', '15:00', '16:00'] })
    await chooseHolidays(ctx, { country: 'IS', region: null, off: [] })
    // From one o'clock on Christmas Eve.
    const eve = await starts('2026-12-24', '2026-12-26')
    expect(eve).toEqual({ '2026-12-24': ['09:00', '10:00', '11:00', '12:00'] })
  })

  it('reach as far ahead as slots do, year after year', async () => {
    await offer()
    await chooseHolidays(ctx, { country: 'US', region: null, off: [] })
    context.clock.set('2028-11-20T08:00:00Z')
    await prolongHolidays(context.as({ kind: 'system' }))
    // Christmas 2031 is a Thursday.
    expect(await dates('2031-12-24', '2031-12-27')).toEqual(['2031-12-24', '2031-12-26'])
  })
})

describe('travel', () => {
  it('reads the hours of the default schedule elsewhere', async () => {
    await offer({ durations: [240] })
    await createTrip(ctx, { firstDate: '2026-11-24', lastDate: '2026-11-24', timeZone: 'Europe/London' })
    expect(await starts('2026-11-23', '2026-11-26')).toEqual({
      '2026-11-23': ['09:00', '13:00'],
      '2026-11-24': ['10:00', '14:00'],
      '2026-11-25': ['09:00', '13:00'],
    })
  })

  it('leaves other schedules at home', async () => {
    const eventTypeId = await offer({ durations: [240] })
    const { id } = await createSchedule(ctx, { name: 'Other', timeZone: 'Europe/Berlin' })
    await ctx.db.updateTable('event_types').set({ schedule_id: id }).where('id', '=', eventTypeId).execute()
    await createTrip(ctx, { firstDate: '2026-11-24', lastDate: null, timeZone: 'Europe/London' })
    expect((await starts('2026-11-24', '2026-11-25'))['2026-11-24']).toEqual(['09:00', '13:00'])
  })

  it('can be at one place only, is changed, deleted and taken back', async () => {
    const trip = { firstDate: '2026-12-01', lastDate: '2026-12-10', timeZone: 'Asia/Tokyo' }
    const { id } = await createTrip(ctx, trip)
    const meanwhile = { firstDate: '2026-12-10', lastDate: null, timeZone: 'Asia/Seoul' }
    expect(await refusal(createTrip(ctx, meanwhile))).toBe('trips_overlap')
    const [saved] = await listTrips(ctx.db, userScope(ctx))
    await updateTrip(ctx, { ...trip, id, version: saved?.version ?? '', lastDate: '2026-12-09' })
    await createTrip(ctx, meanwhile)
    const { key } = await deleteTrip(ctx, { id })
    expect((await listTrips(ctx.db, userScope(ctx))).map(({ timeZone }) => timeZone)).toEqual(['Asia/Seoul'])
    await restoreTrip(ctx, { key })
    expect((await listTrips(ctx.db, userScope(ctx))).map(({ lastDate }) => lastDate)).toEqual(['2026-12-09', null])
    expect(await refusal(createTrip(ctx, { ...trip, lastDate: '2026-11-30' }))).toBe(
      'invalid_input/lastDate:ends_before_it_begins',
    )
    expect(await eventsOf(`trip:${id}`)).toEqual(['trip.created', 'trip.updated', 'trip.deleted', 'trip.restored'])
  })
})

describe('layers of a schedule', () => {
  async function change(part: Partial<ScheduleChange>) {
    const { id, name, timeZone, weekly, overrides, version } = await findSchedule(
      ctx.db,
      userScope(ctx),
      host.scheduleId,
    )
    return updateSchedule(ctx, { id, version, name, timeZone, weekly, overrides, ...part })
  }
  const mornings = [{ days: [1, 2, 3, 4, 5], start: 480, end: 600 }]

  it('stand in for the weekly hours while they hold', async () => {
    await offer({ durations: [120] })
    await change({ layers: [{ name: 'Dec', from: '2026-12-01', to: '2026-12-01', weeks: null, weekly: mornings }] })
    expect(await starts('2026-11-30', '2026-12-03')).toEqual({
      '2026-11-30': ['09:00', '11:00', '13:00', '15:00'],
      '2026-12-01': ['08:00'],
      '2026-12-02': ['09:00', '11:00', '13:00', '15:00'],
    })
  })

  it('make A and B weeks', async () => {
    await offer({ durations: [120] })
    const weeks = { every: 2, anchor: '2026-11-30' }
    await change({ layers: [{ name: 'A', from: null, to: null, weeks, weekly: mornings }] })
    const days = await starts('2026-11-24', '2026-12-16')
    expect(['2026-11-24', '2026-12-01', '2026-12-08', '2026-12-15'].map((date) => days[date]?.length)).toEqual([
      4, 1, 4, 1,
    ])
    // Who saves without naming them leaves them.
    await change({ name: 'Renamed' })
    expect((await findSchedule(ctx.db, userScope(ctx), host.scheduleId)).layers).toHaveLength(1)
  })

  it('hold in chosen weeks of the month, by the weekday', async () => {
    await offer({ durations: [120] })
    const weeks = { ofMonth: [1, -1] }
    await change({ layers: [{ name: 'Monthly', from: null, to: null, weeks, weekly: mornings }] })
    const days = await starts('2026-11-24', '2027-01-05')
    // Early only on the last Tuesday of November, the first and the fifth and last of December.
    const tuesdays = ['2026-11-24', '2026-12-01', '2026-12-08', '2026-12-15', '2026-12-22', '2026-12-29']
    expect(tuesdays.map((date) => days[date]?.length)).toEqual([1, 1, 4, 4, 4, 1])
    expect(await refusal(book('2026-12-29T09:00:00Z'))).toBe('slot_not_offered')
    expect(await refusal(book('2026-12-29T07:00:00Z'))).toBe('done')
    const { id } = await duplicateSchedule(ctx, { id: host.scheduleId })
    const kept = [host.scheduleId, id].map((one) => findSchedule(ctx.db, userScope(ctx), one))
    expect((await Promise.all(kept)).map(({ layers }) => layers[0]?.weeks)).toEqual([weeks, weeks])
  })

  it.each<[string, object, string]>([
    ['no week of the month', { ofMonth: [] }, 'weeks.ofMonth:field_too_few'],
    ['a fifth week', { ofMonth: [1, 5] }, 'weeks.ofMonth.1:field_invalid'],
    ['a week twice', { ofMonth: [1, 1] }, 'weeks.ofMonth:field_invalid'],
    ['weeks of the month and every second', { ofMonth: [1], every: 2, anchor: '2026-11-30' }, 'weeks:field_invalid'],
    ['a first week that begins on no date', { every: 2, anchor: '' }, 'weeks.anchor:not_a_date'],
  ])('are refused with %s', async (_, weeks, code) => {
    const layer = { name: '', from: null, to: null, weeks: weeks as { ofMonth: number[] }, weekly: mornings }
    expect(await refusal(change({ layers: [layer] }))).toBe(`invalid_input/layers.0.${code}`)
  })

  it('are refused when they end before they begin', async () => {
    const layer = { name: '', from: '2026-12-02', to: '2026-12-01', weeks: null, weekly: mornings }
    expect(await refusal(change({ layers: [layer] }))).toBe('invalid_input/layers.0.to:ends_before_it_begins')
  })
})

describe('a restriction', () => {
  async function restrict(visitorZone: boolean) {
    const { id } = await createSchedule(ctx, { name: 'Mask', timeZone: 'Europe/Berlin' })
    const weekly = JSON.stringify([{ days: [0, 1, 2, 3, 4, 5, 6], start: 600, end: 720 }])
    await ctx.db.updateTable('schedules').set({ weekly }).where('id', '=', id).execute()
    await offer({ durations: [60], options: { restriction: { scheduleId: id, visitorZone } } })
  }

  it('lets only those slots through that lie within its hours', async () => {
    await restrict(false)
    expect(await starts('2026-11-24', '2026-11-25')).toEqual({ '2026-11-24': ['10:00', '11:00'] })
    expect(await refusal(book('2026-11-24T08:00:00Z'))).toBe('slot_not_offered')
  })

  it('can be read off the clock of who books', async () => {
    await restrict(true)
    expect(await starts('2026-11-24', '2026-11-25', 'Europe/London')).toEqual({ '2026-11-24': ['11:00', '12:00'] })
    expect(await refusal(book('2026-11-24T11:00:00Z', { timeZone: 'Europe/Berlin' }))).toBe('slot_not_offered')
    const { uid } = await book('2026-11-24T11:00:00Z', { timeZone: 'Europe/London' })
    const later = { uid, start: Date.parse('2026-11-25T11:00:00Z'), reason: '' }
    const moved = (timeZone: string) => refusal(rescheduleBooking(context.visitor, { ...later, timeZone }))
    expect(await moved('Europe/Berlin')).toBe('slot_not_offered')
    expect(await moved('Europe/London')).toBe('done')
  })
})

describe('the schedule of a restriction', () => {
  it('cannot be deleted while it restricts, and must be one’s own', async () => {
    const { id } = await createSchedule(ctx, { name: 'Mask', timeZone: 'Europe/Berlin' })
    const restriction = { scheduleId: id, visitorZone: false }
    await createEventType(ctx, { title: 'Talk', durations: [30], restriction })
    expect(await refusal(deleteSchedule(ctx, { id }))).toBe('schedule_restricts')
    const other = await insertHost(ctx.db)
    const foreign = { scheduleId: other.scheduleId, visitorZone: false }
    const create = createEventType(ctx, { title: 'Other', durations: [30], restriction: foreign })
    expect(await refusal(create)).toBe('schedule_not_found')
    // Lost all the same, it lets nothing through.
    await ctx.db.deleteFrom('schedules').where('id', '=', id).execute()
    expect(await dates('2026-11-24', '2026-11-27')).toEqual([])
  })
})

describe('limits over all event types', () => {
  const set = (bookings: object, minutes: object = {}) => setHostLimits(ctx, { bookings, minutes })

  it('close a day when all bookings of the host together fill it', async () => {
    await offer()
    await offer({ slug: 'other', durations: [60] })
    await set({ day: 2 })
    await book('2026-11-24T09:00:00Z')
    await book('2026-11-24T11:00:00Z', { slug: 'other' })
    expect(await dates('2026-11-23', '2026-11-26')).toEqual(['2026-11-23', '2026-11-25'])
    expect(await refusal(book('2026-11-24T13:00:00Z'))).toBe('slot_taken')
    await set({}, { day: 60 })
    expect(await dates('2026-11-24', '2026-11-25')).toEqual([])
    await set({})
    expect(await dates('2026-11-24', '2026-11-25')).toEqual(['2026-11-24'])
    expect(await findHostLimits(ctx.db, userScope(ctx))).toEqual({ bookings: {}, minutes: {} })
  })

  it('hold when fifty book at once', async () => {
    await offer({ durations: [15] })
    await offer({ slug: 'other', durations: [30] })
    await set({ day: 3 })
    const at = (i: number) =>
      Temporal.Instant.from('2026-11-24T08:00:00Z')
        .add({ minutes: 30 * (i % 16) })
        .toString()
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, i) => refusal(book(at(i), { slug: i % 2 ? 'talk' : 'other' }))),
    )
    expect(all.filter((outcome) => outcome === 'done')).toHaveLength(3)
  })

  it('grow with the period', async () => {
    expect(await refusal(set({ day: 3, week: 2 }))).toBe('invalid_input/bookings.week:limit_below_shorter_period')
  })
})

it('whatever is configured, an offer takes one statement and its slots another', async () => {
  await offer()
  await createAbsence(ctx, AWAY)
  await createTrip(ctx, { firstDate: '2026-12-01', lastDate: null, timeZone: 'Asia/Tokyo' })
  await chooseHolidays(ctx, { country: 'DE', region: null, off: [] })
  const before = context.database.count.statements
  await starts('2026-11-23', '2026-12-23')
  expect(context.database.count.statements - before).toBe(2)
})
