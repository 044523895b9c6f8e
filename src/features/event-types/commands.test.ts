import { describe, expect, it } from 'vitest'
import { userScope } from '#platform/scope.ts'
import { useEventTypes } from '#test/event-types.ts'
import { refusal } from '#test/refusal.ts'
import {
  createEventType,
  deleteEventType,
  duplicateEventType,
  moveEventType,
  restoreEventType,
  setEventTypeHidden,
  updateEventType,
} from './commands.ts'
import { pageOfPublicEventTypes } from './listing/queries.ts'
import { findEventType } from './queries.ts'
import { MOST_EVENT_TYPES } from './rules.ts'
import type { EventTypeChange } from './schema.ts'

const { at, read, list, made } = useEventTypes()

const listPublic = async () =>
  (await pageOfPublicEventTypes(at.ctx.db, at.host.username, { take: MOST_EVENT_TYPES })).eventTypes
const slugs = async () => (await list()).map((one) => one.slug)

async function eventsOf(id: number): Promise<string[]> {
  const rows = await at.ctx.db
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
    const { id, slug } = await createEventType(at.ctx, { title: ' Größere Runde ', durations: [30] })
    expect(slug).toBe('grossere-runde')
    const eventType = await read(id)
    expect(eventType).toMatchObject({
      ...{ userId: at.host.id, title: 'Größere Runde', slug, durations: [30], locations: [], scheduleId: null },
      ...{ notice: 120, window: null, hidden: false, requiresConfirmation: false, color: null, slotInterval: null },
    })
    expect(await eventsOf(id)).toEqual(['event_type.created'])
  })

  it('takes every setting at once', async () => {
    const id = await made({ ...FULL, scheduleId: at.host.scheduleId })
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
      scheduleId: at.host.scheduleId,
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
      Array.from({ length: 50 }, () => refusal(createEventType(at.ctx, { title: 'T', slug: 'talk', durations: [30] }))),
    )
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'slug_taken')).toHaveLength(49)
    expect(await slugs()).toEqual(['talk'])
  })

  it('lets two hosts have the same address', async () => {
    await made({ slug: 'talk' })
    expect(await refusal(createEventType(at.otherCtx, { title: 'T', slug: 'talk', durations: [30] }))).toBe('done')
  })

  it('needs somebody who is signed in', async () => {
    expect(await refusal(createEventType(at.context.visitor, { title: 'T', durations: [30] }))).toBe('sign_in_required')
  })

  it('stops at 500', async () => {
    const row = { user_id: at.host.id, title: 'T', durations: [30], locations: '[]', slot_interval: null, color: null }
    await at.ctx.db
      .insertInto('event_types')
      .values(
        Array.from({ length: 500 }, (_, i) => ({ ...row, slug: `s${i}`, schedule_id: null, booking_window: null })),
      )
      .execute()
    expect(await refusal(made())).toBe('too_many_event_types')
  })
})

describe('updateEventType', () => {
  it('changes what is named and leaves the rest', async () => {
    const id = await made({ ...FULL, scheduleId: at.host.scheduleId })
    const before = await read(id)
    const { version } = await updateEventType(at.ctx, { id, version: before.version, title: 'New title', window: null })
    expect(await read(id)).toEqual({ ...before, title: 'New title', window: null, version })
    expect(await eventsOf(id)).toEqual(['event_type.created', 'event_type.updated'])
  })

  it('saves one of ten at once and tells the others that it changed', async () => {
    const id = await made()
    const { version } = await read(id)
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, i) => refusal(updateEventType(at.ctx, { id, version, title: `T${i}` }))),
    )
    expect(outcomes.filter((outcome) => outcome === 'changed_elsewhere')).toHaveLength(9)
    expect((await read(id)).title).toBe(`T${outcomes.indexOf('done')}`)
  })

  it('refuses the address of another one', async () => {
    await made({ slug: 'talk' })
    const id = await made({ slug: 'walk' })
    const { version } = await read(id)
    expect(await refusal(updateEventType(at.ctx, { id, version, slug: 'talk' }))).toBe('slug_taken')
    expect(await slugs()).toEqual(['talk', 'walk'])
  })

  it("refuses another host's schedule", async () => {
    const id = await made()
    const { version } = await read(id)
    expect(await refusal(updateEventType(at.ctx, { id, version, scheduleId: at.other.scheduleId }))).toBe(
      'schedule_not_found',
    )
    expect(await refusal(made({ scheduleId: at.other.scheduleId }))).toBe('schedule_not_found')
  })
})

describe('order', () => {
  it('follows moves', async () => {
    const [a, b, c] = [await made({ slug: 'a' }), await made({ slug: 'b' }), await made({ slug: 'c' })]
    await moveEventType(at.ctx, { id: c, before: a })
    expect(await slugs()).toEqual(['c', 'a', 'b'])
    await moveEventType(at.ctx, { id: c, before: null })
    expect(await slugs()).toEqual(['a', 'b', 'c'])
    expect(await refusal(moveEventType(at.ctx, { id: a, before: 10 ** 9 }))).toBe('event_type_not_found')
    const { version } = await read(b)
    await moveEventType(at.ctx, { id: b, before: a })
    expect(await refusal(updateEventType(at.ctx, { id: b, version, title: 'Still fresh' }))).toBe('done')
  })

  it('survives 20 moves at once', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => made()))
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => moveEventType(at.ctx, { id: ids[i % 6]!, before: ids[(i * 5 + 1) % 6]! })),
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
    await setEventTypeHidden(at.ctx, { id, hidden: true })
    expect((await listPublic()).map((one) => one.slug)).toEqual(['walk'])
    await setEventTypeHidden(at.ctx, { id, hidden: false })
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
    const id = await made({ ...FULL, scheduleId: at.host.scheduleId, hidden: false })
    await made({ slug: 'last' })
    const copy = await duplicateEventType(at.ctx, { id })
    expect(await slugs()).toEqual(['gespraech', 'gespraech-2', 'last'])
    const [source, result] = [await read(id), await read(copy.id)]
    const own = { id: copy.id, slug: 'gespraech-2', title: 'Ein Gespräch 2', hidden: true, position: 2 }
    expect(result).toEqual({ ...source, ...own, version: result.version })
    expect(await eventsOf(copy.id)).toEqual(['event_type.created'])
  })
})

describe('deleteEventType', () => {
  it('can be taken back with everything, its bookings too', async () => {
    const id = await made({ ...FULL, scheduleId: at.host.scheduleId })
    const now = at.ctx.clock.now()
    await at.ctx.db
      .insertInto('bookings')
      .values({
        ...{
          uid: 'b'.repeat(22),
          event_type_id: id,
          host_id: at.host.id,
          status: 'accepted',
          title: 'T',
          time_zone: 'UTC',
        },
        ...{ starts_at: now, ends_at: now.add({ minutes: 30 }), created_at: now, updated_at: now },
        ...{ location: null, cancelled_by: null },
      })
      .execute()
    const before = await read(id)

    const { key, title } = await deleteEventType(at.ctx, { id })
    expect(title).toBe('Ein Gespräch')
    expect(await refusal(read(id))).toBe('event_type_not_found')
    const booked = () =>
      at.ctx.db
        .selectFrom('bookings as b')
        .leftJoin('event_types as e', 'e.id', 'b.event_type_id')
        .where('b.host_id', '=', at.host.id)
        .select('e.title')
        .executeTakeFirst()
    expect(await booked()).toEqual({ title: null })

    await restoreEventType(at.ctx, { key })
    expect(await read(id)).toEqual(before)
    expect(await booked()).toEqual({ title: 'Ein Gespräch' })
    expect(await eventsOf(id)).toEqual(['event_type.created', 'event_type.deleted', 'event_type.restored'])
    expect(await refusal(restoreEventType(at.ctx, { key }))).toBe('nothing_to_restore')
  })

  it('comes back at another address when its own was taken, and without a schedule that is gone', async () => {
    const { id: scheduleId } = await at.ctx.db
      .insertInto('schedules')
      .values({ user_id: at.host.id, name: 'S', time_zone: 'UTC', weekly: '[]', overrides: '[]' })
      .returning('id')
      .executeTakeFirstOrThrow()
    const id = await made({ slug: 'talk', scheduleId })
    const { key } = await deleteEventType(at.ctx, { id })
    await made({ slug: 'talk' })
    await at.ctx.db.deleteFrom('schedules').where('id', '=', scheduleId).execute()
    expect(await restoreEventType(at.ctx, { key })).toEqual({ id, slug: 'talk-2' })
    expect((await read(id)).scheduleId).toBeNull()
  })

  it('is taken back once, however many ask at once', async () => {
    const { key } = await deleteEventType(at.ctx, { id: await made() })
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => refusal(restoreEventType(at.ctx, { key }))))
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1)
    expect(await list()).toHaveLength(1)
  })
})

describe('what belongs to another host', () => {
  it('does not exist', async () => {
    const { id } = await createEventType(at.otherCtx, { title: 'Theirs', slug: 'theirs', durations: [30] })
    const { version } = await findEventType(at.ctx.db, userScope(at.otherCtx), id)
    const mine = await made()
    const attempts = await Promise.all([
      refusal(read(id)),
      refusal(updateEventType(at.ctx, { id, version, title: 'Mine' })),
      refusal(setEventTypeHidden(at.ctx, { id, hidden: true })),
      refusal(moveEventType(at.ctx, { id, before: null })),
      refusal(moveEventType(at.ctx, { id: mine, before: id })),
      refusal(duplicateEventType(at.ctx, { id })),
      refusal(deleteEventType(at.ctx, { id })),
    ])
    expect(new Set(attempts)).toEqual(new Set(['event_type_not_found']))
    const { key } = await deleteEventType(at.otherCtx, { id })
    expect(await refusal(restoreEventType(at.ctx, { key }))).toBe('nothing_to_restore')
    expect(await refusal(restoreEventType(at.otherCtx, { key }))).toBe('done')
  })
})

describe('queries', () => {
  it('read any number of event types in one statement', async () => {
    await Promise.all(Array.from({ length: 5 }, () => made()))
    const before = at.context.database.count.statements
    await list()
    await listPublic()
    expect(at.context.database.count.statements - before).toBe(2)
  })
})
