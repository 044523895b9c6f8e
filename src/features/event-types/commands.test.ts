import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { isAppError } from '#platform/errors.ts'
import { LOCALES } from '#platform/i18n/locale.ts'
import { type MessageKey, translatorFor } from '#platform/i18n/messages.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertHost, type TestHost } from '#test/offers.ts'
import {
  createEventType,
  deleteEventType,
  duplicateEventType,
  moveEventType,
  restoreEventType,
  setEventTypeHidden,
  updateEventType,
} from './commands.ts'
import { pageOfEventTypes, pageOfPublicEventTypes } from './listing/queries.ts'
import { findEventType } from './queries.ts'
import { MOST_EVENT_TYPES } from './rules.ts'
import type { EventTypeChange, NewEventType } from './schema.ts'
import { DEFAULT_OPTIONS } from './types.ts'
import { draftOf, settingsOf } from './ui/draft.ts'

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

const read = (id: number) => findEventType(ctx.db, userScope(ctx), id)
const ALL = { take: MOST_EVENT_TYPES }
const list = async () => (await pageOfEventTypes(ctx.db, userScope(ctx), ALL)).eventTypes
const listPublic = async () => (await pageOfPublicEventTypes(ctx.db, host.username, ALL)).eventTypes
const slugs = async () => (await list()).map((one) => one.slug)

async function made(input: Partial<NewEventType> = {}): Promise<number> {
  return (await createEventType(ctx, { title: 'Talk', durations: [30], ...input })).id
}

async function refusal(run: Promise<unknown>): Promise<string> {
  try {
    await run
  } catch (error) {
    if (!isAppError(error)) throw error
    const fields = error.details.fields as { path: string; code: string }[] | undefined
    return fields ? fields.map(({ path, code }) => `${path}: ${code}`).join(', ') : error.code
  }
  return 'accepted'
}

async function eventsOf(id: number): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('events')
    .select('name')
    .where('subject', '=', `event-type:${id}`)
    .orderBy('position')
    .execute()
  return rows.map((row) => row.name)
}

/** Everything that can be set, none of it as it is by default. */
const FULL = {
  title: 'Ein Gespräch',
  slug: 'gespraech',
  description: 'Line\r\n**two**',
  durations: [45, 90, 15],
  locations: [
    { kind: 'in_person', address: 'Hauptstraße 1, Berlin' },
    { kind: 'attendee_phone' },
    { kind: 'host_phone', phone: ' +49 30 123456 ' },
    { kind: 'link', url: 'https://meet.example.org/Room', label: 'Our room', video: true },
  ],
  bufferBefore: 5,
  bufferAfter: 10,
  notice: 1440,
  slotInterval: 20,
  slotOffset: 5,
  window: { type: 'fixed', startDate: '2026-12-01', endDate: '2026-12-31' },
  requiresConfirmation: true,
  hidden: true,
  color: '#AABBCC',
} satisfies Partial<EventTypeChange>

describe('createEventType', () => {
  it('needs a title and a duration, and makes the address itself', async () => {
    const { id, slug } = await createEventType(ctx, { title: ' Größere Runde ', durations: [30] })
    expect(slug).toBe('grossere-runde')
    const eventType = await read(id)
    expect(eventType).toMatchObject({
      ...{ userId: host.id, title: 'Größere Runde', slug, durations: [30], locations: [], scheduleId: null },
      ...{ notice: 120, window: null, hidden: false, requiresConfirmation: false, color: null, slotInterval: null },
    })
    expect(await eventsOf(id)).toEqual(['event_type.created'])
  })

  it('takes every setting at once', async () => {
    const id = await made({ ...FULL, scheduleId: host.scheduleId })
    expect(await read(id)).toMatchObject({
      ...FULL,
      description: 'Line\n**two**',
      durations: [45, 15, 90],
      locations: [
        { kind: 'in_person', address: 'Hauptstraße 1, Berlin' },
        { kind: 'attendee_phone' },
        { kind: 'host_phone', phone: '+49 30 123456' },
        { kind: 'link', url: 'https://meet.example.org/Room', label: 'Our room', video: true },
      ],
      color: '#aabbcc',
      scheduleId: host.scheduleId,
    })
  })

  it('gives 50 at once with the same title 50 addresses and 50 places', async () => {
    await Promise.all(Array.from({ length: 50 }, () => made()))
    const all = await list()
    expect(new Set(all.map((one) => one.slug)).size).toBe(50)
    expect(all.map((one) => one.position)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
  })

  it('gives one of 50 at once the address they all ask for', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => refusal(createEventType(ctx, { title: 'T', slug: 'talk', durations: [30] }))),
    )
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'slug_taken')).toHaveLength(49)
    expect(await slugs()).toEqual(['talk'])
  })

  it('lets two hosts have the same address', async () => {
    await made({ slug: 'talk' })
    expect(await refusal(createEventType(otherCtx, { title: 'T', slug: 'talk', durations: [30] }))).toBe('accepted')
  })

  it('needs somebody who is signed in', async () => {
    expect(await refusal(createEventType(test.visitor, { title: 'T', durations: [30] }))).toBe('sign_in_required')
  })

  it('stops at 500', async () => {
    const row = { user_id: host.id, title: 'T', durations: [30], locations: '[]', slot_interval: null, color: null }
    await ctx.db
      .insertInto('event_types')
      .values(
        Array.from({ length: 500 }, (_, i) => ({ ...row, slug: `s${i}`, schedule_id: null, booking_window: null })),
      )
      .execute()
    expect(await refusal(made())).toBe('too_many_event_types')
  })
})

describe('input that is refused', () => {
  const circular = (depth: number): unknown => (depth === 0 ? [] : [circular(depth - 1)])
  const cases: [string, object, string][] = [
    ['no title', { title: '  ' }, 'title: field_required'],
    ['a title of a million characters', { title: 'x'.repeat(1e6) }, 'title: field_too_long'],
    ['a title with a line break', { title: 'a\nb' }, 'title: field_unreadable'],
    ['a title with NUL', { title: 'a\u0000b' }, 'title: field_unreadable'],
    ['half a surrogate', { description: '\ud800' }, 'description: field_unreadable'],
    ['a slug of dots', { slug: '..' }, 'slug: slug_invalid'],
    ['a slug with a slash', { slug: 'a/b' }, 'slug: slug_invalid'],
    ['an empty slug', { slug: '' }, 'slug: slug_invalid'],
    ['a description of a million characters', { description: 'x'.repeat(1e6) }, 'description: field_too_long'],
    ['no durations', { durations: [] }, 'durations: field_too_few'],
    ['a duration of nothing', { durations: [0] }, 'durations.0: field_too_small'],
    ['a duration of two days', { durations: [2880] }, 'durations.0: field_too_large'],
    ['half a minute', { durations: [0.5] }, 'durations.0: field_invalid'],
    ['a duration twice', { durations: [30, 30] }, 'durations: duration_twice'],
    ['21 durations', { durations: Array.from({ length: 21 }, (_, i) => i + 1) }, 'durations: field_too_many'],
    ['an unknown location', { locations: [{ kind: 'moon' }] }, 'locations.0.kind: field_invalid'],
    [
      'a script for a link',
      { locations: [{ kind: 'link', url: 'javascript:alert(1)', video: false }] },
      'locations.0.url: link_not_https',
    ],
    [
      'a link without https',
      { locations: [{ kind: 'link', url: 'http://example.org', video: false }] },
      'locations.0.url: link_not_https',
    ],
    [
      'words for a number',
      { locations: [{ kind: 'host_phone', phone: 'call me' }] },
      'locations.0.phone: phone_invalid',
    ],
    ['an empty own word', { locations: [{ kind: 'attendee_text', label: ' ' }] }, 'locations.0.label: field_required'],
    [
      'to hide what the booker says',
      { locations: [{ kind: 'attendee_address', shown: 'after_booking' }] },
      'locations.0: field_unknown',
    ],
    ['an empty address', { locations: [{ kind: 'in_person', address: ' ' }] }, 'locations.0.address: field_required'],
    [
      'a location twice',
      { locations: [{ kind: 'attendee_phone' }, { kind: 'attendee_phone' }] },
      'locations.1: location_twice',
    ],
    [
      'more in a location',
      { locations: [{ kind: 'attendee_phone', url: 'https://x.org' }] },
      'locations.0: field_unknown',
    ],
    [
      '11 locations',
      { locations: Array.from({ length: 11 }, (_, i) => ({ kind: 'in_person', address: `${i}` })) },
      'locations: field_too_many',
    ],
    ['a negative buffer', { bufferBefore: -1 }, 'bufferBefore: field_too_small'],
    ['a notice of two years', { notice: 1_051_200 }, 'notice: field_too_large'],
    ['an interval of nothing', { slotInterval: 0 }, 'slotInterval: field_too_small'],
    ['an offset of a day', { slotOffset: 1440 }, 'slotOffset: field_too_large'],
    [
      'a window that ends before it starts',
      { window: { type: 'fixed', startDate: '2026-12-02', endDate: '2026-12-01' } },
      'window.endDate: window_ends_before_start',
    ],
    [
      'a window on no date',
      { window: { type: 'fixed', startDate: '2026-02-30', endDate: '2026-12-01' } },
      'window.startDate: not_a_date',
    ],
    [
      'a window of a million days',
      { window: { type: 'rolling', days: 1e6, calendarDays: true } },
      'window.days: field_too_large',
    ],
    [
      '61 bookable days',
      { window: { type: 'rollingWindow', days: 61, calendarDays: true } },
      'window.days: field_too_large',
    ],
    ['a colour by name', { color: 'red' }, 'color: field_invalid'],
    ['another owner', { userId: 1 }, ': field_unknown'],
    ['a place', { position: 1 }, ': field_unknown'],
    ['a column', { user_id: 1 }, ': field_unknown'],
    ['deep nesting', { locations: circular(1000) }, 'locations.0: field_invalid'],
    ['text for a switch', { hidden: 'true' }, 'hidden: field_invalid'],
  ]
  it.each(cases)('%s', async (_, part, expected) => {
    const id = await made()
    const before = await list()
    const { version } = await read(id)
    expect(await refusal(createEventType(ctx, { title: 'New', durations: [30], ...part }))).toBe(expected)
    expect(await refusal(updateEventType(ctx, { id, version, ...part }))).toBe(expected)
    expect(await list()).toEqual(before)
  })

  it.each([null, 'x', 7, []])('%j for everything', async (input) => {
    expect(await refusal(createEventType(ctx, input as never))).toMatch(/field_(required|invalid)/)
    expect(await list()).toEqual([])
  })
})

describe('updateEventType', () => {
  it('changes what is named and leaves the rest', async () => {
    const id = await made({ ...FULL, scheduleId: host.scheduleId })
    const before = await read(id)
    const { version } = await updateEventType(ctx, { id, version: before.version, title: 'New title', window: null })
    expect(await read(id)).toEqual({ ...before, title: 'New title', window: null, version })
    expect(await eventsOf(id)).toEqual(['event_type.created', 'event_type.updated'])
  })

  it('saves one of ten at once and tells the others that it changed', async () => {
    const id = await made()
    const { version } = await read(id)
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, i) => refusal(updateEventType(ctx, { id, version, title: `T${i}` }))),
    )
    expect(outcomes.filter((outcome) => outcome === 'changed_elsewhere')).toHaveLength(9)
    expect((await read(id)).title).toBe(`T${outcomes.indexOf('accepted')}`)
  })

  it('refuses the address of another one', async () => {
    await made({ slug: 'talk' })
    const id = await made({ slug: 'walk' })
    const { version } = await read(id)
    expect(await refusal(updateEventType(ctx, { id, version, slug: 'talk' }))).toBe('slug_taken')
    expect(await slugs()).toEqual(['talk', 'walk'])
  })

  it("refuses another host's schedule", async () => {
    const id = await made()
    const { version } = await read(id)
    expect(await refusal(updateEventType(ctx, { id, version, scheduleId: other.scheduleId }))).toBe(
      'schedule_not_found',
    )
    expect(await refusal(made({ scheduleId: other.scheduleId }))).toBe('schedule_not_found')
  })
})

describe('order', () => {
  it('follows moves', async () => {
    const [a, b, c] = [await made({ slug: 'a' }), await made({ slug: 'b' }), await made({ slug: 'c' })]
    await moveEventType(ctx, { id: c, before: a })
    expect(await slugs()).toEqual(['c', 'a', 'b'])
    await moveEventType(ctx, { id: c, before: null })
    expect(await slugs()).toEqual(['a', 'b', 'c'])
    expect(await refusal(moveEventType(ctx, { id: a, before: 10 ** 9 }))).toBe('event_type_not_found')
    const { version } = await read(b)
    await moveEventType(ctx, { id: b, before: a })
    expect(await refusal(updateEventType(ctx, { id: b, version, title: 'Still fresh' }))).toBe('accepted')
  })

  it('survives 20 moves at once', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => made()))
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => moveEventType(ctx, { id: ids[i % 6]!, before: ids[(i * 5 + 1) % 6]! })),
    )
    const all = await list()
    expect(all.map((one) => one.id).sort()).toEqual([...ids].sort())
    expect(all.map((one) => one.position)).toEqual([1, 2, 3, 4, 5, 6])
  })
})

describe('setEventTypeHidden', () => {
  it('takes it off the public list and puts it back', async () => {
    const id = await made({ slug: 'talk', locations: FULL.locations })
    await made({ slug: 'walk' })
    await setEventTypeHidden(ctx, { id, hidden: true })
    expect((await listPublic()).map((one) => one.slug)).toEqual(['walk'])
    await setEventTypeHidden(ctx, { id, hidden: false })
    const [first] = await listPublic()
    expect(first).toEqual({
      ...{ slug: 'talk', title: 'Talk', description: '', durations: [30], requiresConfirmation: false, color: null },
      colorDark: null,
      locationKinds: ['in_person', 'attendee_phone', 'host_phone', 'video'],
    })
  })
})

describe('duplicateEventType', () => {
  it('makes a hidden copy right behind its source', async () => {
    const id = await made({ ...FULL, scheduleId: host.scheduleId, hidden: false })
    await made({ slug: 'last' })
    const copy = await duplicateEventType(ctx, { id })
    expect(await slugs()).toEqual(['gespraech', 'gespraech-2', 'last'])
    const [source, result] = [await read(id), await read(copy.id)]
    const own = { id: copy.id, slug: 'gespraech-2', title: 'Ein Gespräch 2', hidden: true, position: 2 }
    expect(result).toEqual({ ...source, ...own, version: result.version })
    expect(await eventsOf(copy.id)).toEqual(['event_type.created'])
  })
})

describe('deleteEventType', () => {
  it('can be taken back with everything, its bookings too', async () => {
    const id = await made({ ...FULL, scheduleId: host.scheduleId })
    const now = ctx.clock.now()
    await ctx.db
      .insertInto('bookings')
      .values({
        ...{
          uid: 'b'.repeat(22),
          event_type_id: id,
          host_id: host.id,
          status: 'accepted',
          title: 'T',
          time_zone: 'UTC',
        },
        ...{ starts_at: now, ends_at: now.add({ minutes: 30 }), created_at: now, updated_at: now },
        ...{ location: null, cancelled_by: null },
      })
      .execute()
    const before = await read(id)

    const { key, title } = await deleteEventType(ctx, { id })
    expect(title).toBe('Ein Gespräch')
    expect(await refusal(read(id))).toBe('event_type_not_found')
    const booked = () =>
      ctx.db
        .selectFrom('bookings as b')
        .leftJoin('event_types as e', 'e.id', 'b.event_type_id')
        .where('b.host_id', '=', host.id)
        .select('e.title')
        .executeTakeFirst()
    expect(await booked()).toEqual({ title: null })

    await restoreEventType(ctx, { key })
    expect(await read(id)).toEqual(before)
    expect(await booked()).toEqual({ title: 'Ein Gespräch' })
    expect(await eventsOf(id)).toEqual(['event_type.created', 'event_type.deleted', 'event_type.restored'])
    expect(await refusal(restoreEventType(ctx, { key }))).toBe('nothing_to_restore')
  })

  it('comes back at another address when its own was taken, and without a schedule that is gone', async () => {
    const { id: scheduleId } = await ctx.db
      .insertInto('schedules')
      .values({ user_id: host.id, name: 'S', time_zone: 'UTC', weekly: '[]', overrides: '[]' })
      .returning('id')
      .executeTakeFirstOrThrow()
    const id = await made({ slug: 'talk', scheduleId })
    const { key } = await deleteEventType(ctx, { id })
    await made({ slug: 'talk' })
    await ctx.db.deleteFrom('schedules').where('id', '=', scheduleId).execute()
    expect(await restoreEventType(ctx, { key })).toEqual({ id, slug: 'talk-2' })
    expect((await read(id)).scheduleId).toBeNull()
  })

  it('is taken back once, however many ask at once', async () => {
    const { key } = await deleteEventType(ctx, { id: await made() })
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => refusal(restoreEventType(ctx, { key }))))
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1)
    expect(await list()).toHaveLength(1)
  })
})

describe('what belongs to another host', () => {
  it('does not exist', async () => {
    const { id } = await createEventType(otherCtx, { title: 'Theirs', slug: 'theirs', durations: [30] })
    const { version } = await findEventType(ctx.db, userScope(otherCtx), id)
    const mine = await made()
    const attempts = await Promise.all([
      refusal(read(id)),
      refusal(updateEventType(ctx, { id, version, title: 'Mine' })),
      refusal(setEventTypeHidden(ctx, { id, hidden: true })),
      refusal(moveEventType(ctx, { id, before: null })),
      refusal(moveEventType(ctx, { id: mine, before: id })),
      refusal(duplicateEventType(ctx, { id })),
      refusal(deleteEventType(ctx, { id })),
    ])
    expect(new Set(attempts)).toEqual(new Set(['event_type_not_found']))
    const { key } = await deleteEventType(otherCtx, { id })
    expect(await refusal(restoreEventType(ctx, { key }))).toBe('nothing_to_restore')
    expect(await refusal(restoreEventType(otherCtx, { key }))).toBe('accepted')
  })
})

describe('queries', () => {
  it('read any number of event types in one statement', async () => {
    await Promise.all(Array.from({ length: 5 }, () => made()))
    const before = test.database.count.statements
    await list()
    await listPublic()
    expect(test.database.count.statements - before).toBe(2)
  })
})

describe('settings that do not go together', () => {
  const change = async (id: number, named: Partial<EventTypeChange>) => {
    const { version } = await read(id)
    return refusal(updateEventType(ctx, { ...named, id, version }))
  }

  const seats = { count: 5, showAttendees: false, showFree: true, maxPerBooking: 1 }
  const recurrence = { frequency: 'weekly' as const, interval: 1, count: 4 }
  const bookerLimit = { active: 1, offerMove: false }
  const pairs: [name: string, first: Partial<EventTypeChange>, second: Partial<EventTypeChange>, refused: string][] = [
    ['a series with seats', { recurrence }, { seats }, 'recurrence: seats_without_recurrence'],
    [
      'a series with a limit per booker',
      { recurrence },
      { bookerLimit },
      'recurrence: recurrence_without_booker_limit',
    ],
    ['seats with confirmation', { seats }, { requiresConfirmation: true }, 'seats: seats_without_confirmation'],
    ['seats with several durations', { seats }, { durations: [30, 60] }, 'seats: seats_need_one_duration'],
    [
      'seats with several places',
      { seats },
      { locations: [{ kind: 'attendee_phone' }, { kind: 'in_person', address: 'Here' }] },
      'seats: seats_need_one_place',
    ],
    [
      'seats with a place that each booker names',
      { seats },
      { locations: [{ kind: 'attendee_text' }] },
      'seats: seats_need_own_place',
    ],
    ['seats with a limit per booker', { seats }, { bookerLimit }, 'seats: seats_without_booker_limit'],
  ]
  it.each(pairs)('%s: refused in either order, and explained', async (_, first, second, refused) => {
    const base = { title: 'T', durations: [30] }
    expect(await refusal(createEventType(ctx, { ...base, ...first, ...second }))).toBe(refused)
    expect(await change(await made({ ...first }), second)).toBe(refused)
    expect(await change(await made({ ...second }), first)).toBe(refused)
    const code = refused.split(': ')[1] as string
    for (const locale of LOCALES) expect(translatorFor(locale)(`errors.${code}` as MessageKey)).not.toMatch(/^errors/)
  })

  it('free mail addresses wait for nothing where nothing waits', async () => {
    const alone = createEventType(ctx, { title: 'T', durations: [30], confirmFreeMail: true })
    expect(await refusal(alone)).toBe('confirmFreeMail: free_mail_needs_confirmation')
    const both = { requiresConfirmation: true, confirmFreeMail: true, confirmWithin: 60 }
    const id = await made(both)
    expect(await read(id)).toMatchObject(both)
    expect(await change(id, { requiresConfirmation: false, confirmWithin: null })).toBe(
      'confirmFreeMail: free_mail_needs_confirmation',
    )
  })

  it('are refused when they come at once, whoever sends them', async () => {
    expect(await refusal(createEventType(ctx, { title: 'T', durations: [60], confirmWithin: 60 }))).toBe(
      'confirmWithin: threshold_needs_confirmation',
    )
    expect(
      await refusal(
        createEventType(ctx, { title: 'T', durations: [60], limits: { bookings: {}, minutes: { day: 30 } } }),
      ),
    ).toBe('limits.minutes.day: limit_below_duration')
  })

  it('are refused when one is there already, and nothing changes', async () => {
    const id = await made({ durations: [60], requiresConfirmation: true, confirmWithin: 60 })
    expect(await change(id, { requiresConfirmation: false, title: 'Other' })).toBe(
      'confirmWithin: threshold_needs_confirmation',
    )
    expect(await read(id)).toMatchObject({ title: 'Talk', requiresConfirmation: true, confirmWithin: 60 })
    expect(await change(id, { requiresConfirmation: false, confirmWithin: null })).toBe('accepted')
  })

  it('are not looked at for who read an older version', async () => {
    const id = await made({ durations: [60] })
    const outcome = refusal(updateEventType(ctx, { id, version: 'older', confirmWithin: 60 }))
    expect(await outcome).toBe('changed_elsewhere')
  })
})

describe('options', () => {
  const OPTIONS = {
    limits: { bookings: { day: 2, week: 5 }, minutes: { month: 600 } },
    bookerLimit: { active: 2, offerMove: false },
    onlyFirstSlotPerDay: true,
    optimizedSlots: true,
    confirmWithin: 2880,
    cancelling: false,
    rescheduling: { allowed: true, notice: 120, past: true, cancelled: false },
    guests: false,
    titleTemplate: '{event} / {booker}',
    redirect: { url: 'https://example.org/thanks', forward: true },
    timeZoneLock: 'Asia/Tokyo',
    language: 'de',
  } satisfies Partial<EventTypeChange>

  it.each(['Asia/Tokyo', 'visitor', null])('lock the page to %s and keep that in the editor', async (timeZoneLock) => {
    const id = await made({ timeZoneLock })
    const eventType = await read(id)
    expect(eventType.timeZoneLock).toBe(timeZoneLock)
    expect(settingsOf(draftOf(eventType, 'Europe/Berlin')).timeZoneLock).toBe(timeZoneLock)
  })

  it('go from the editor to the database and back', async () => {
    const id = await made({ ...OPTIONS, requiresConfirmation: true })
    const eventType = await read(id)
    expect(eventType).toMatchObject(OPTIONS)
    const draft = draftOf(eventType, 'Europe/Berlin')
    const { version } = eventType
    await updateEventType(ctx, { ...(settingsOf(draft) as Partial<EventTypeChange>), id, version })
    const { version: next, ...saved } = await read(id)
    expect(saved).toEqual({ ...saved, ...OPTIONS })
    expect(next).not.toBe(version)
  })

  it('keep the preferred hours when everything else is saved', async () => {
    const preferred = { weekly: [{ days: [1, 2], start: 540, end: 720 }], show: 'first' as const }
    const id = await made({ preferred })
    const eventType = await read(id)
    const settings = settingsOf(draftOf(eventType, 'Europe/Berlin')) as Partial<EventTypeChange>
    await updateEventType(ctx, { ...settings, id, version: eventType.version })
    expect((await read(id)).preferred).toEqual(preferred)
  })

  it('go back to what they are by default', async () => {
    const id = await made({ ...OPTIONS, requiresConfirmation: true })
    const { version } = await read(id)
    const draft = draftOf(await read(await made()), 'Europe/Berlin')
    const plain = { ...(settingsOf(draft) as Partial<EventTypeChange>), slug: 'plain' }
    await updateEventType(ctx, { ...plain, id, version })
    expect(await read(id)).toMatchObject(DEFAULT_OPTIONS)
  })

  it.each([
    [{ redirect: { url: 'http://example.org', forward: false } }, 'redirect.url: link_not_https'],
    [{ redirect: { url: 'javascript:alert(1)', forward: false } }, 'redirect.url: link_not_https'],
    [{ timeZoneLock: 'Mars/Olympus' }, 'timeZoneLock: unknown_time_zone'],
    [{ limits: { bookings: { day: 5, week: 3 }, minutes: {} } }, 'limits.bookings.week: limit_below_shorter_period'],
    [{ limits: { bookings: { day: 0 }, minutes: {} } }, 'limits.bookings.day: field_too_small'],
    [{ bookerLimit: { active: 0, offerMove: true } }, 'bookerLimit.active: field_too_small'],
    [{ preferred: { weekly: [], show: 'mark' } }, 'preferred.weekly: field_too_few'],
    [
      { preferred: { weekly: [{ days: [1], start: 60, end: 60 }], show: 'mark' } },
      'preferred.weekly.0.end: range_ends_before_start',
    ],
    [
      { preferred: { weekly: [{ days: [7], start: 60, end: 90 }], show: 'mark' } },
      'preferred.weekly.0.days.0: field_too_large',
    ],
  ])('%j is refused', async (named, why) => {
    const id = await made()
    const { version } = await read(id)
    expect(await refusal(updateEventType(ctx, { ...(named as Partial<EventTypeChange>), id, version }))).toBe(why)
  })
})
