import { Temporal } from 'temporal-polyfill'
import { randomUid } from '#platform/crypto.ts'
import type { Db } from '#platform/db/connect.ts'

const MINUTE = 60_000
const DAY = 1440 * MINUTE
/** As many bookings in one month as the budget of the slots request speaks of. */
export const MONTH_BOOKINGS = 500

const DESCRIPTION = `Half an hour to get to know each other and to see whether we can help.

**Please bring**

- what you want to achieve,
- what you have tried so far,
- anybody who should be there: add them as guests.

If nothing fits, [write to us](https://example.org/contact).`

export interface BenchHost {
  id: number
  eventTypeId: number
  /** Address of the booking page. */
  path: string
  /** Minutes. */
  duration: number
}

/** A host with an event type such as people publish, open every day. */
export async function insertHost(
  db: Db,
  username: string,
  { from, to }: { from: number; to: number },
): Promise<BenchHost> {
  const { id } = await db
    .insertInto('users')
    .values({
      email: `${username}@example.org`,
      username,
      name: 'Ada Lovelace',
      bio: 'First to program, last to leave.',
      password_hash: null,
      time_zone: 'Europe/Berlin',
      brand_color: '#0b6e4f',
      default_schedule_id: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const weekly = JSON.stringify([{ days: [0, 1, 2, 3, 4, 5, 6], start: from, end: to }])
  const schedule = await db
    .insertInto('schedules')
    .values({ user_id: id, name: 'Hours', time_zone: 'Europe/Berlin', weekly, overrides: '[]' })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db.updateTable('users').set({ default_schedule_id: schedule.id }).where('id', '=', id).execute()
  const duration = 30
  const eventType = await db
    .insertInto('event_types')
    .values({
      user_id: id,
      slug: 'intro',
      title: 'Introduction',
      description: DESCRIPTION,
      durations: [duration, 60],
      locations: JSON.stringify([
        { kind: 'link', url: 'https://meet.example.org/ada', label: 'Meeting room', video: true },
      ]),
      schedule_id: null,
      notice: 120,
      slot_interval: null,
      booking_window: null,
      color: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id, eventTypeId: eventType.id, path: `/${username}/intro`, duration }
}

/** YYYY-MM of the month after this one: all of it can still be booked, whatever today is. */
export function nextMonth(): string {
  return Temporal.Now.plainDateISO('Europe/Berlin').toPlainYearMonth().add({ months: 1 }).toString()
}

/** Accepted bookings in that month, spread evenly over its opening hours, with the claims that keep their time. */
export async function fillMonth(db: Db, host: BenchHost, { from, to }: { from: number; to: number }): Promise<void> {
  const month = Temporal.PlainYearMonth.from(nextMonth())
  const perDay = Math.floor((to - from) / host.duration)
  const all = month.daysInMonth * perDay
  const starts = Array.from({ length: MONTH_BOOKINGS }, (_, i) => {
    const place = Math.floor((i * all) / MONTH_BOOKINGS)
    const minutes = from + (place % perDay) * host.duration
    const date = month.toPlainDate({ day: 1 + Math.floor(place / perDay) })
    const time = Temporal.PlainTime.from({ hour: Math.floor(minutes / 60), minute: minutes % 60 })
    return date.toZonedDateTime({ timeZone: 'Europe/Berlin', plainTime: time }).toInstant()
  })
  await insertBookings(db, host, starts)
}

async function insertBookings(db: Db, host: BenchHost, starts: readonly Temporal.Instant[]): Promise<void> {
  const now = Temporal.Now.instant()
  const rows = starts.map((start) => ({
    uid: randomUid(),
    event_type_id: host.eventTypeId,
    host_id: host.id,
    status: 'accepted' as const,
    title: 'Introduction',
    starts_at: start,
    ends_at: start.add({ minutes: host.duration }),
    time_zone: 'Europe/Berlin',
    location: null,
    created_at: now,
    updated_at: now,
  }))
  const written = await db.insertInto('bookings').values(rows).returning(['id', 'starts_at', 'ends_at']).execute()
  const claims = written.map(({ id, starts_at, ends_at }) => ({
    host_id: host.id,
    booking_id: id,
    hold_id: null,
    blocked: `[${starts_at},${ends_at})`,
  }))
  await db.insertInto('claims').values(claims).execute()
}

/**
 * Free starts without end, ten a day for each host, from tomorrow on, so that no host is fuller than a busy person.
 * @returns the place in `hosts` and the start, epoch ms
 */
export function* freeStarts(hosts: number): Generator<{ host: number; start: number }, never> {
  const tomorrow = Temporal.Now.plainDateISO('UTC').add({ days: 1 }).toZonedDateTime('UTC').epochMilliseconds
  for (let place = 0; ; place++) {
    const start = tomorrow + Math.floor(place / 10) * DAY + (place % 10) * 120 * MINUTE
    for (let host = 0; host < hosts; host++) yield { host, start }
  }
}
