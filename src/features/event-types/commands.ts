import { type Insertable, sql, type UpdateObject } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import { findVerifiedEmail } from '#features/accounts/verified-emails/queries.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Tables } from '#platform/db/tables.ts'
import { type Tx, transaction, violatedConstraint } from '#platform/db/transaction.ts'
import { invalidInput } from '#platform/errors.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { type UserScope, userScope } from '#platform/scope.ts'
import { moveToTrash, putBack, takeFromTrash } from '#platform/trash.ts'
import { eventTypeError } from './errors.ts'
import { eventTypeCreated, eventTypeDeleted, eventTypeRestored, eventTypeUpdated } from './events.ts'
import { defaultLayouts } from './layouts/queries.ts'
import { eventTypeOf } from './queries.ts'
import { clashOf, freeSlug, freeTitle, MOST_EVENT_TYPES, moved, namedOptions, slugOf, stepped } from './rules.ts'
import {
  type EventTypeChange,
  type EventTypeKey,
  eventTypeChange,
  eventTypeKey,
  type HiddenChange,
  hiddenChange,
  type NewEventType,
  newEventType,
  type PlaceChange,
  placeChange,
  type RestoreKey,
  restoreKey,
  type Settings,
} from './schema.ts'
import { DEFAULT_OPTIONS } from './types.ts'

const SLUG_CONSTRAINT = 'event_types_user_id_slug_key'

/**
 * Adds one at the end of the list.
 * @throws invalid_input, slug_taken (only for a slug that was asked for), schedule_not_found, verified_email_not_found, too_many_event_types
 */
export async function createEventType(ctx: Ctx, input: NewEventType): Promise<{ id: number; slug: string }> {
  const scope = userScope(ctx)
  const { title, durations, slug: wanted, ...settings } = parseInput(newEventType, input)
  requireUnity({ ...UNSET, durations }, settings)
  return offering(ctx, async (tx) => {
    const own = await lockOwn(tx, scope)
    await requireSchedule(tx, scope, settings.scheduleId)
    await requireSchedule(tx, scope, settings.restriction?.scheduleId)
    await requireOrganizerEmail(tx, scope, settings.organizerEmailId)
    const layouts = settings.layouts ?? (await defaultLayouts(tx, scope)) ?? undefined
    const slug = wanted ?? freeSlug(slugOf(title), new Set(own.map((one) => one.slug)))
    const id = await insertEventType(tx, ctx, scope, own, {
      ...columnsOf(settings),
      options: JSON.stringify(namedOptions({ ...settings, layouts }) ?? {}),
      title,
      slug,
      durations,
    })
    return { id, slug }
  })
}

/**
 * Changes the settings that are named. Returns the new version.
 * @throws invalid_input, event_type_not_found, changed_elsewhere, slug_taken, schedule_not_found, verified_email_not_found
 */
export async function updateEventType(ctx: Ctx, input: EventTypeChange): Promise<{ version: string }> {
  const scope = userScope(ctx)
  const { id, version, ...settings } = parseInput(eventTypeChange, input)
  return offering(ctx, async (tx) => {
    const row = await tx
      .selectFrom('event_types')
      .selectAll()
      .where('id', '=', id)
      .where('user_id', '=', scope.userId)
      .forUpdate()
      .executeTakeFirst()
    if (!row) throw eventTypeError('event_type_not_found')
    if (row.updated_at.toString() !== version) throw eventTypeError('changed_elsewhere')
    requireUnity(eventTypeOf(row), settings)
    await requireSchedule(tx, scope, settings.scheduleId)
    await requireSchedule(tx, scope, settings.restriction?.scheduleId)
    await requireOrganizerEmail(tx, scope, settings.organizerEmailId)
    return { version: await change(tx, ctx, id, { ...columnsOf(settings), ...optionsColumn(settings) }) }
  })
}

/** Shows it on the host's public page, or not; whoever has its link can book either way. @throws event_type_not_found */
export async function setEventTypeHidden(ctx: Ctx, input: HiddenChange): Promise<void> {
  const scope = userScope(ctx)
  const { id, hidden } = parseInput(hiddenChange, input)
  await transaction(ctx.db, async (tx) => {
    await requireOwn(tx, scope, id)
    await change(tx, ctx, id, { hidden })
  })
}

/** Moves it in the list. @returns its place, from 1 on. @throws event_type_not_found */
export async function moveEventType(ctx: Ctx, input: PlaceChange): Promise<{ place: number }> {
  const scope = userScope(ctx)
  const { id, ...wanted } = parseInput(placeChange, input)
  return transaction(ctx.db, async (tx) => {
    const own = await lockOwn(tx, scope)
    const ids = own.map((one) => one.id)
    const order = moved(ids, id, 'to' in wanted ? stepped(ids, id, wanted.to) : wanted.before)
    if (!order) throw eventTypeError('event_type_not_found')
    await arrange(tx, scope, order)
    await emit(tx, ctx, eventTypeUpdated, { eventTypeId: id })
    return { place: order.indexOf(id) + 1 }
  })
}

/** A copy right behind its source, hidden until the host has looked at it. @throws event_type_not_found, too_many_event_types */
export async function duplicateEventType(ctx: Ctx, input: EventTypeKey): Promise<{ id: number }> {
  const scope = userScope(ctx)
  const { id } = parseInput(eventTypeKey, input)
  return offering(ctx, async (tx) => {
    const own = await lockOwn(tx, scope)
    const source = await tx
      .selectFrom('event_types')
      .select(COPIED)
      .where('id', '=', id)
      .where('user_id', '=', scope.userId)
      .executeTakeFirst()
    if (!source) throw eventTypeError('event_type_not_found')
    const copy = await insertEventType(tx, ctx, scope, own, {
      ...source,
      title: freeTitle(source.title, new Set(own.map((one) => one.title))),
      slug: freeSlug(source.slug, new Set(own.map((one) => one.slug))),
      locations: JSON.stringify(source.locations),
      options: JSON.stringify(source.options),
      booking_window: source.booking_window === null ? null : JSON.stringify(source.booking_window),
      hidden: true,
    })
    const ids = own.map((one) => one.id)
    await arrange(tx, scope, ids.toSpliced(ids.indexOf(id) + 1, 0, copy))
    return { id: copy }
  })
}

/** Bookings stay. @returns the key that takes the deletion back. @throws event_type_not_found */
export async function deleteEventType(ctx: Ctx, input: EventTypeKey): Promise<{ title: string; key: string }> {
  const scope = userScope(ctx)
  const { id } = parseInput(eventTypeKey, input)
  return transaction(ctx.db, async (tx) => {
    const { title } = await requireOwn(tx, scope, id)
    const links = { privateLinks: await linksOf(tx, id) }
    const key = await moveToTrash(tx, scope, { source: 'event_types', id, links, now: ctx.clock.now() })
    if (key === null) throw eventTypeError('event_type_not_found')
    await emit(tx, ctx, eventTypeDeleted, { eventTypeId: id })
    return { title, key }
  })
}

/**
 * Takes a deletion back: same id, place and address, unless that address was taken meanwhile. Its schedule is the default one if the
 * one it had is gone.
 * @throws nothing_to_restore, too_many_event_types
 */
export async function restoreEventType(ctx: Ctx, input: RestoreKey): Promise<{ id: number; slug: string }> {
  const scope = userScope(ctx)
  const { key } = parseInput(restoreKey, input)
  return offering(ctx, async (tx) => {
    const own = await lockOwn(tx, scope)
    requireRoom(own.length)
    const trashed = await takeFromTrash(tx, scope, { source: 'event_types', key })
    if (!trashed) throw eventTypeError('nothing_to_restore')
    const { content } = trashed
    const slug = freeSlug(String(content.slug), new Set(own.map((one) => one.slug)))
    const schedule = await ownSchedule(tx, scope, content.schedule_id as number | null)
    await putBack(tx, 'event_types', { ...content, slug, schedule_id: schedule })
    const id = Number(content.id)
    await putLinksBack(tx, trashed.links)
    await emit(tx, ctx, eventTypeRestored, { eventTypeId: id })
    return { id, slug }
  })
}

const COPIED = [
  'title',
  'slug',
  'description',
  'durations',
  'locations',
  'schedule_id',
  'buffer_before',
  'buffer_after',
  'notice',
  'slot_interval',
  'slot_offset',
  'booking_window',
  'requires_confirmation',
  'color',
  'options',
] as const

/** As the table and the options have what a new event type leaves open. */
const UNSET = { ...DEFAULT_OPTIONS, locations: [], notice: 120, window: null, requiresConfirmation: false }

/** Settings are looked at together: what is named over what is there. @throws invalid_input */
function requireUnity(present: Parameters<typeof clashOf>[0], named: Partial<Settings>): void {
  const given = Object.entries(named).filter(([, value]) => value !== undefined)
  const clash = clashOf({ ...present, ...Object.fromEntries(given) })
  if (clash) throw invalidInput([{ ...clash, message: clash.code }])
}

type Row = Insertable<Tables['event_types']>
type OwnRow = { id: number; slug: string; title: string; position: number }

/** A transaction in which the address of an event type may turn out to be taken. */
async function offering<T>(ctx: Ctx, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await transaction(ctx.db, work)
  } catch (error) {
    if (violatedConstraint(error) === SLUG_CONSTRAINT) throw eventTypeError('slug_taken', {}, error)
    throw error
  }
}

/** Changes to one's list happen one after the other, so that places and free addresses stay what they were. */
async function lockOwn(tx: Tx, { userId }: UserScope): Promise<OwnRow[]> {
  await tx.selectFrom('users').select('id').where('id', '=', userId).forUpdate().executeTakeFirstOrThrow()
  return tx
    .selectFrom('event_types')
    .select(['id', 'slug', 'title', 'position'])
    .where('user_id', '=', userId)
    .orderBy('position')
    .orderBy('id')
    .execute()
}

async function requireOwn(tx: Tx, { userId }: UserScope, id: number): Promise<{ title: string }> {
  const row = await tx
    .selectFrom('event_types')
    .select('title')
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw eventTypeError('event_type_not_found')
  return row
}

function requireRoom(count: number): void {
  if (count >= MOST_EVENT_TYPES) throw eventTypeError('too_many_event_types', { max: MOST_EVENT_TYPES })
}

/** Private links go with their event type, and come back with it. */
async function linksOf(tx: Tx, id: number): Promise<object[]> {
  const { rows } = await sql<{ links: object[] }>`
    select coalesce(jsonb_agg(to_jsonb(l)), '[]') as links from private_links l where event_type_id = ${id}
  `.execute(tx)
  return rows[0]?.links ?? []
}

async function putLinksBack(tx: Tx, trashed: object): Promise<void> {
  const { privateLinks = [] } = trashed as { privateLinks?: object[] }
  await sql`
    insert into private_links overriding system value
    select * from jsonb_populate_recordset(null::private_links, ${JSON.stringify(privateLinks)}::jsonb)
  `.execute(tx)
}

async function requireSchedule(tx: Tx, scope: UserScope, id: number | null | undefined): Promise<void> {
  if (id != null && (await ownSchedule(tx, scope, id)) === null) throw eventTypeError('schedule_not_found')
}

async function requireOrganizerEmail(tx: Tx, scope: UserScope, id: number | null | undefined): Promise<void> {
  if (id != null) await findVerifiedEmail(tx, scope, id)
}

/** The id if the schedule is the host's, locked so that it stays until this transaction ends; null otherwise. */
async function ownSchedule(tx: Tx, { userId }: UserScope, id: number | null): Promise<number | null> {
  if (id === null) return null
  const row = await tx
    .selectFrom('schedules')
    .select('id')
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .forKeyShare()
    .executeTakeFirst()
  return row?.id ?? null
}

async function insertEventType(
  tx: Tx,
  ctx: Ctx,
  { userId }: UserScope,
  own: readonly OwnRow[],
  row: Omit<Row, 'user_id' | 'position' | 'locations'> & Partial<Pick<Row, 'locations'>>,
): Promise<number> {
  requireRoom(own.length)
  const now = ctx.clock.now()
  const position = Math.max(0, ...own.map((one) => one.position)) + 1
  const { id } = await tx
    .insertInto('event_types')
    .values({ locations: '[]', ...row, user_id: userId, position, created_at: now, updated_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  await emit(tx, ctx, eventTypeCreated, { eventTypeId: id })
  return id
}

/** Numbers the places of the list anew. */
async function arrange(tx: Tx, { userId }: UserScope, order: readonly number[]): Promise<void> {
  await sql`
    update event_types e set position = o.position
    from unnest(${[...order]}::int8[]) with ordinality o (id, position)
    where e.id = o.id and e.user_id = ${userId} and e.position <> o.position
  `.execute(tx)
}

/** Writes and tells; returns the new version, which is later than any before even when the clock stands still. */
async function change(tx: Tx, ctx: Ctx, id: number, columns: UpdateObject<Tables, 'event_types'>): Promise<string> {
  const version = sql<Temporal.Instant>`greatest(${ctx.clock.now()}::timestamptz, updated_at + interval '1 microsecond')`
  const { updated_at } = await tx
    .updateTable('event_types')
    .set({ ...columns, updated_at: version })
    .where('id', '=', id)
    .returning('updated_at')
    .executeTakeFirstOrThrow()
  await emit(tx, ctx, eventTypeUpdated, { eventTypeId: id })
  return updated_at.toString()
}

/** Options that are named replace their like; the others stay as they are stored. */
function optionsColumn(settings: Partial<Settings>) {
  const named = namedOptions(settings)
  return named && { options: sql<string>`options || ${JSON.stringify(named)}::jsonb` }
}

/** Columns of the settings that are named; the others keep what they have. */
function columnsOf({ locations, window, ...settings }: Partial<Settings>) {
  return {
    title: settings.title,
    slug: settings.slug,
    description: settings.description,
    durations: settings.durations,
    schedule_id: settings.scheduleId,
    buffer_before: settings.bufferBefore,
    buffer_after: settings.bufferAfter,
    notice: settings.notice,
    slot_interval: settings.slotInterval,
    slot_offset: settings.slotOffset,
    requires_confirmation: settings.requiresConfirmation,
    hidden: settings.hidden,
    color: settings.color,
    ...(locations && { locations: JSON.stringify(locations) }),
    ...(window !== undefined && { booking_window: window === null ? null : JSON.stringify(window) }),
  }
}
