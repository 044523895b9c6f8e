import { type SqlBool, sql } from 'kysely'
import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { type UserScope, userScope } from '#platform/scope.ts'
import { moveToTrash, putBack, takeFromTrash } from '#platform/trash.ts'
import { nextVersion, touchAvailability } from '../commands.ts'
import { type RestoreKey, restoreKey, type ScheduleKey, scheduleKey } from '../schema.ts'
import { tripError } from './errors.ts'
import { tripCreated, tripDeleted, tripRestored, tripUpdated } from './events.ts'
import { type NewTrip, newTrip, type TripChange, tripChange } from './schema.ts'

const MOST_TRIPS = 100
/** Trips that ended this long ago decide about no slot any more and make room for new ones. */
const KEPT_DAYS = 366

/** @throws invalid_input, trips_overlap, too_many_trips */
export async function createTrip(ctx: Ctx, input: NewTrip): Promise<{ id: number }> {
  const scope = userScope(ctx)
  const trip = parseInput(newTrip, input)
  return transaction(ctx.db, async (tx) => {
    await touchAvailability(tx, ctx, scope)
    await requireRoom(tx, ctx, scope)
    await requireApart(tx, scope, trip, null)
    const now = ctx.clock.now()
    const { id } = await tx
      .insertInto('trips')
      .values({ user_id: scope.userId, ...columnsOf(trip), created_at: now, updated_at: now })
      .returning('id')
      .executeTakeFirstOrThrow()
    await emit(tx, ctx, tripCreated, { tripId: id, userId: scope.userId })
    return { id }
  })
}

/** @throws invalid_input, trip_not_found, changed_elsewhere, trips_overlap */
export async function updateTrip(ctx: Ctx, input: TripChange): Promise<{ id: number }> {
  const scope = userScope(ctx)
  const { id, version, ...trip } = parseInput(tripChange, input)
  return transaction(ctx.db, async (tx) => {
    await touchAvailability(tx, ctx, scope)
    const row = await tx
      .selectFrom('trips')
      .select('updated_at')
      .where('id', '=', id)
      .where('user_id', '=', scope.userId)
      .forUpdate()
      .executeTakeFirst()
    if (!row) throw tripError('trip_not_found')
    if (row.updated_at.toString() !== version) throw tripError('changed_elsewhere')
    await requireApart(tx, scope, trip, id)
    await tx
      .updateTable('trips')
      .set({ ...columnsOf(trip), updated_at: nextVersion(ctx) })
      .where('id', '=', id)
      .execute()
    await emit(tx, ctx, tripUpdated, { tripId: id, userId: scope.userId })
    return { id }
  })
}

/** The key takes it back. @throws trip_not_found */
export async function deleteTrip(ctx: Ctx, input: ScheduleKey): Promise<{ key: string }> {
  const scope = userScope(ctx)
  const { id } = parseInput(scheduleKey, input)
  return transaction(ctx.db, async (tx) => {
    await touchAvailability(tx, ctx, scope)
    const key = await moveToTrash(tx, scope, { source: 'trips', id, now: ctx.clock.now() })
    if (key === null) throw tripError('trip_not_found')
    await emit(tx, ctx, tripDeleted, { tripId: id, userId: scope.userId })
    return { key }
  })
}

/** @throws nothing_to_restore, trips_overlap, too_many_trips */
export async function restoreTrip(ctx: Ctx, input: RestoreKey): Promise<{ id: number }> {
  const scope = userScope(ctx)
  const { key } = parseInput(restoreKey, input)
  return transaction(ctx.db, async (tx) => {
    await touchAvailability(tx, ctx, scope)
    await requireRoom(tx, ctx, scope)
    const trashed = await takeFromTrash(tx, scope, { source: 'trips', key })
    if (!trashed) throw tripError('nothing_to_restore')
    const { id, first_date, last_date } = trashed.content as {
      id: number
      first_date: string
      last_date: string | null
    }
    await requireApart(tx, scope, { firstDate: first_date, lastDate: last_date }, null)
    await putBack(tx, 'trips', trashed.content)
    await emit(tx, ctx, tripRestored, { tripId: id, userId: scope.userId })
    return { id }
  })
}

async function requireRoom(tx: Tx, { clock }: Ctx, { userId }: UserScope): Promise<void> {
  const longAgo = clock
    .now()
    .subtract({ hours: 24 * KEPT_DAYS })
    .toZonedDateTimeISO('UTC')
    .toPlainDate()
    .toString()
  await tx.deleteFrom('trips').where('user_id', '=', userId).where('last_date', '<', longAgo).execute()
  const { count } = await tx
    .selectFrom('trips')
    .where('user_id', '=', userId)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  if (count >= MOST_TRIPS) throw tripError('too_many_trips', { max: MOST_TRIPS })
}

async function requireApart(
  tx: Tx,
  { userId }: UserScope,
  { firstDate, lastDate }: { firstDate: string; lastDate: string | null },
  itself: number | null,
): Promise<void> {
  const other = await tx
    .selectFrom('trips')
    .where('user_id', '=', userId)
    .where(sql<SqlBool>`id is distinct from ${itself}::int8`)
    .where(
      sql<SqlBool>`daterange(first_date, last_date, '[]') && daterange(${firstDate}::date, ${lastDate}::date, '[]')`,
    )
    .select(['first_date', 'last_date'])
    .executeTakeFirst()
  if (other) throw tripError('trips_overlap', { from: other.first_date, to: other.last_date ?? '…' })
}

function columnsOf({ firstDate, lastDate, timeZone }: Pick<TripChange, 'firstDate' | 'lastDate' | 'timeZone'>) {
  return { first_date: firstDate, last_date: lastDate, time_zone: timeZone }
}
