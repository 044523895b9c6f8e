import { type Selectable, sql } from 'kysely'
import type { Account } from '#features/accounts/types.ts'
import type { Db } from '#platform/db/connect.ts'
import type { Tables } from '#platform/db/tables.ts'
import type { UserScope } from '#platform/scope.ts'
import { eventTypeError } from './errors.ts'
import {
  type BookingWindow,
  type EventType,
  type Location,
  type OwnEventType,
  optionsOf,
  type PublicEventType,
} from './types.ts'

/** @throws event_type_not_found, whoever else may own it. */
export async function findEventType(db: Db, { userId }: UserScope, id: number): Promise<OwnEventType> {
  const row = await db
    .selectFrom('event_types')
    .selectAll()
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw eventTypeError('event_type_not_found')
  return ownEventTypeOf(row)
}

/** Whose event types they are, as far as everybody may see it. */
export type EventTypeHost = Pick<Account, 'id' | 'name' | 'username' | 'avatarEtag' | 'brandColor' | 'brandColorDark'>

/** Null: nobody has that username. */
export async function eventTypeHost(db: Db, username: string): Promise<EventTypeHost | null> {
  const user = await db
    .selectFrom('users')
    .select(['id', 'name', 'username', 'avatar_etag as avatarEtag', 'brand_color as brandColor'])
    .select('brand_color_dark as brandColorDark')
    .where('username', '=', username)
    .executeTakeFirst()
  return user ?? null
}

export function kindsOf(locations: readonly Location[]): PublicEventType['locationKinds'] {
  const kinds = locations.map((one) => (one.kind === 'link' && one.video ? 'video' : one.kind))
  return [...new Set(kinds)]
}

/** What of the table makes an event type, of `event_types as e`. */
export const EVENT_TYPE_COLUMNS = [
  ...([
    'e.id',
    'e.user_id',
    'e.slug',
    'e.title',
    'e.description',
    'e.durations',
    'e.locations',
    'e.schedule_id',
  ] as const),
  ...([
    'e.buffer_before',
    'e.buffer_after',
    'e.notice',
    'e.slot_interval',
    'e.slot_offset',
    'e.booking_window',
  ] as const),
  ...(['e.requires_confirmation', 'e.hidden', 'e.color', 'e.position', 'e.options'] as const),
] as const

type Row = Selectable<Tables['event_types']>

/** A row of the table as its owner has it. */
export function ownEventTypeOf(row: Row): OwnEventType {
  return { ...eventTypeOf(row), version: row.updated_at.toString() }
}

/** A row of the table as the domain has it. */
export function eventTypeOf(row: Omit<Row, 'created_at' | 'updated_at'>): EventType {
  return {
    id: row.id,
    userId: row.user_id,
    slug: row.slug,
    title: row.title,
    description: row.description,
    durations: row.durations,
    locations: row.locations as Location[],
    scheduleId: row.schedule_id,
    bufferBefore: row.buffer_before,
    bufferAfter: row.buffer_after,
    notice: row.notice,
    slotInterval: row.slot_interval,
    slotOffset: row.slot_offset,
    window: row.booking_window as BookingWindow,
    requiresConfirmation: row.requires_confirmation,
    hidden: row.hidden,
    color: row.color,
    position: row.position,
    ...optionsOf(row.options),
  }
}

/** Titles of one's own event types, by id; those that are gone are missing. */
export async function eventTypeTitles(
  db: Db,
  { userId }: UserScope,
  ids: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('event_types')
    .select(['id', 'title'])
    .where('user_id', '=', userId)
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map(({ id, title }) => [id, title]))
}

/** The address under which a host, `users as u`, is known for an event type, `event_types as e`. */
export const organizerEmail = sql<string>`coalesce(
  (select v.email from verified_emails v where v.id = (e.options ->> 'organizerEmailId')::int8 and v.user_id = u.id), u.email)`

/** Titles of the event types that use a verified address, by its id, in the host's order. */
export async function usesOfEmails(db: Db, { userId }: UserScope): Promise<Record<number, string[]>> {
  const rows = await db
    .selectFrom('event_types')
    .where('user_id', '=', userId)
    .where(sql<boolean>`options ->> 'organizerEmailId' is not null`)
    .groupBy(sql`1`)
    .select([
      sql<number>`(options ->> 'organizerEmailId')::int8`.as('email'),
      sql<string[]>`array_agg(title order by position, id)`.as('titles'),
    ])
    .execute()
  return Object.fromEntries(rows.map(({ email, titles }) => [email, titles]))
}
