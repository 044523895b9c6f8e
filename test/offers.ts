import type { EventTypeOptions } from '#features/event-types/types.ts'
import type { Db } from '#platform/db/connect.ts'

let count = 0

export interface TestHost {
  id: number
  username: string
  scheduleId: number
}

/** A host with hours written straight into the tables, for tests of what stands on them. */
export async function insertHost(
  db: Db,
  { timeZone = 'Europe/Berlin', weekly = [{ days: [1, 2, 3, 4, 5], start: 540, end: 1020 }], locale = 'en' } = {},
): Promise<TestHost> {
  count++
  const username = `host${count}`
  const { id } = await db
    .insertInto('users')
    .values({
      email: `${username}@example.org`,
      username,
      name: `Host ${count}`,
      password_hash: null,
      time_zone: timeZone,
      locale,
      default_schedule_id: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const schedule = await db
    .insertInto('schedules')
    .values({
      user_id: id,
      name: 'Hours',
      time_zone: timeZone,
      weekly: JSON.stringify(weekly),
      overrides: JSON.stringify([]),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db.updateTable('users').set({ default_schedule_id: schedule.id }).where('id', '=', id).execute()
  return { id, username, scheduleId: schedule.id }
}

export interface TestEventType {
  slug?: string
  title?: string
  durations?: number[]
  locations?: object[]
  bufferBefore?: number
  bufferAfter?: number
  notice?: number
  slotInterval?: number | null
  window?: object | null
  requiresConfirmation?: boolean
  options?: Partial<EventTypeOptions>
}

/** An event type of a host; returns its id. */
export async function insertEventType(db: Db, userId: number, settings: TestEventType = {}): Promise<number> {
  const { id } = await db
    .insertInto('event_types')
    .values({
      user_id: userId,
      slug: settings.slug ?? 'talk',
      title: settings.title ?? 'A talk',
      durations: settings.durations ?? [30],
      locations: JSON.stringify(settings.locations ?? []),
      schedule_id: null,
      buffer_before: settings.bufferBefore ?? 0,
      buffer_after: settings.bufferAfter ?? 0,
      notice: settings.notice ?? 0,
      slot_interval: settings.slotInterval ?? null,
      booking_window: settings.window ? JSON.stringify(settings.window) : null,
      requires_confirmation: settings.requiresConfirmation ?? false,
      color: null,
      options: JSON.stringify(settings.options ?? {}),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
