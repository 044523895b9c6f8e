import type { Temporal } from 'temporal-polyfill'
import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { invalidInput } from '#platform/errors.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { type UserScope, userScope } from '#platform/scope.ts'
import { moveToTrash, putBack, takeFromTrash } from '#platform/trash.ts'
import { nextVersion, touchAvailability } from '../commands.ts'
import { type RestoreKey, restoreKey, type ScheduleKey, scheduleKey } from '../schema.ts'
import { absenceError } from './errors.ts'
import { absenceCreated, absenceDeleted, absenceRestored, absenceUpdated } from './events.ts'
import { type AbsenceChange, type AbsenceContent, absenceChange, type NewAbsence, newAbsence } from './schema.ts'

/** That are not over: slots look at all of them. */
const MOST_ABSENCES = 200
/** Somewhere on earth it is still that date. */
const A_DAY = { hours: 24 }

/**
 * Takes the days from the slots of every event type. Bookings that stand stay.
 * @throws invalid_input, too_many_absences
 */
export async function createAbsence(ctx: Ctx, input: NewAbsence): Promise<{ id: number }> {
  const scope = userScope(ctx)
  const content = parseInput(newAbsence, input)
  return transaction(ctx.db, async (tx) => {
    await touchAvailability(tx, ctx, scope)
    await requireRoom(tx, ctx, scope)
    const now = ctx.clock.now()
    const { id } = await tx
      .insertInto('absences')
      .values({ user_id: scope.userId, ...(await columnsOf(tx, scope, content)), created_at: now, updated_at: now })
      .returning('id')
      .executeTakeFirstOrThrow()
    await emit(tx, ctx, absenceCreated, { absenceId: id, userId: scope.userId })
    return { id }
  })
}

/** @throws invalid_input, absence_not_found, changed_elsewhere */
export async function updateAbsence(ctx: Ctx, input: AbsenceChange): Promise<{ version: string }> {
  const scope = userScope(ctx)
  const { id, version, ...content } = parseInput(absenceChange, input)
  return transaction(ctx.db, async (tx) => {
    await touchAvailability(tx, ctx, scope)
    const row = await tx
      .selectFrom('absences')
      .select('updated_at')
      .where('id', '=', id)
      .where('user_id', '=', scope.userId)
      .forUpdate()
      .executeTakeFirst()
    if (!row) throw absenceError('absence_not_found')
    if (row.updated_at.toString() !== version) throw absenceError('changed_elsewhere')
    const saved = await tx
      .updateTable('absences')
      .set({ ...(await columnsOf(tx, scope, content)), updated_at: nextVersion(ctx) })
      .where('id', '=', id)
      .returning('updated_at')
      .executeTakeFirstOrThrow()
    await emit(tx, ctx, absenceUpdated, { absenceId: id, userId: scope.userId })
    return { version: saved.updated_at.toString() }
  })
}

/** The key takes it back. @throws absence_not_found */
export async function deleteAbsence(ctx: Ctx, input: ScheduleKey): Promise<{ key: string }> {
  const scope = userScope(ctx)
  const { id } = parseInput(scheduleKey, input)
  return transaction(ctx.db, async (tx) => {
    await touchAvailability(tx, ctx, scope)
    const key = await moveToTrash(tx, scope, { source: 'absences', id, now: ctx.clock.now() })
    if (key === null) throw absenceError('absence_not_found')
    await emit(tx, ctx, absenceDeleted, { absenceId: id, userId: scope.userId })
    return { key }
  })
}

/** @throws nothing_to_restore, too_many_absences */
export async function restoreAbsence(ctx: Ctx, input: RestoreKey): Promise<{ id: number }> {
  const scope = userScope(ctx)
  const { key } = parseInput(restoreKey, input)
  return transaction(ctx.db, async (tx) => {
    await touchAvailability(tx, ctx, scope)
    await requireRoom(tx, ctx, scope)
    const trashed = await takeFromTrash(tx, scope, { source: 'absences', key })
    if (!trashed) throw absenceError('nothing_to_restore')
    const redirect = trashed.content.redirect_user_id
    const gone = typeof redirect === 'number' && !(await exists(tx, redirect))
    await putBack(tx, 'absences', gone ? { ...trashed.content, redirect_user_id: null } : trashed.content)
    const id = Number(trashed.content.id)
    await emit(tx, ctx, absenceRestored, { absenceId: id, userId: scope.userId })
    return { id }
  })
}

async function requireRoom(tx: Tx, { clock }: Ctx, { userId }: UserScope): Promise<void> {
  const { coming } = await tx
    .selectFrom('absences')
    .where('user_id', '=', userId)
    .where('last_date', '>=', dateOf(clock.now().subtract(A_DAY)))
    .select((eb) => eb.fn.countAll<number>().as('coming'))
    .executeTakeFirstOrThrow()
  if (coming >= MOST_ABSENCES) throw absenceError('too_many_absences', { max: MOST_ABSENCES })
}

function dateOf(at: Temporal.Instant): string {
  return at.toZonedDateTimeISO('UTC').toPlainDate().toString()
}

async function columnsOf(tx: Tx, scope: UserScope, content: AbsenceContent) {
  const { redirect } = content
  return {
    first_date: content.firstDate,
    last_date: content.lastDate,
    from_minute: content.fromMinute,
    to_minute: content.toMinute,
    reason: content.reason,
    own_reason: content.reason === 'own' ? content.ownReason : '',
    note: content.note,
    public: content.public,
    redirect_user_id: redirect?.kind === 'host' ? await otherHost(tx, scope, redirect.username) : null,
    redirect_url: redirect?.kind === 'url' ? redirect.url : null,
  }
}

/** @throws invalid_input when there is nobody of this name, or it is one's own */
async function otherHost(tx: Tx, { userId }: UserScope, username: string): Promise<number> {
  const host = await tx.selectFrom('users').where('username', '=', username).select('id').executeTakeFirst()
  if (host && host.id !== userId) return host.id
  const code = host ? 'redirect_to_oneself' : 'profile_not_found'
  throw invalidInput([{ path: 'redirect.username', code, message: `no other host ${username}` }])
}

async function exists(tx: Tx, userId: number): Promise<boolean> {
  return (await tx.selectFrom('users').where('id', '=', userId).select('id').executeTakeFirst()) !== undefined
}
