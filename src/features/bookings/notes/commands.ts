import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { moveToTrash, putBack, takeFromTrash } from '#platform/trash.ts'
import { bookingError } from '../errors.ts'
import { noteChanged } from '../events.ts'
import { requireHost } from '../policy.ts'
import { lockWholeBooking } from '../rows.ts'
import { newNoteSchema, noteKeySchema, restoreNoteSchema } from './schema.ts'

/** A note that attendees never see. @throws invalid_input, booking_not_found, own_bookings_only */
export async function addNote(ctx: Ctx, uid: string, input: unknown): Promise<{ id: number }> {
  const { userId } = userScope(ctx)
  const { text } = parseInput(newNoteSchema, input)
  return transaction(ctx.db, async (tx) => {
    const booking = await lockWholeBooking(tx, ctx, uid)
    requireHost(ctx.actor, booking.host_ids)
    const { id } = await tx
      .insertInto('booking_notes')
      .values({ booking_id: booking.id, user_id: userId, text, created_at: ctx.clock.now() })
      .returning('id')
      .executeTakeFirstOrThrow()
    await emit(tx, ctx, noteChanged, { bookingId: booking.id, noteId: id, change: 'added' as const })
    return { id }
  })
}

/** Only whoever wrote it. @returns the key that takes it back. @throws invalid_input, note_not_found */
export async function deleteNote(ctx: Ctx, input: unknown): Promise<{ key: string }> {
  const scope = userScope(ctx)
  const { id } = parseInput(noteKeySchema, input)
  return transaction(ctx.db, async (tx) => {
    const note = await tx
      .selectFrom('booking_notes')
      .where('id', '=', id)
      .where('user_id', '=', scope.userId)
      .select('booking_id')
      .executeTakeFirst()
    const key = await moveToTrash(tx, scope, { source: 'booking_notes', id, now: ctx.clock.now() })
    if (!note || key === null) throw bookingError('note_not_found')
    await emit(tx, ctx, noteChanged, { bookingId: note.booking_id, noteId: id, change: 'deleted' as const })
    return { key }
  })
}

/** @throws invalid_input, nothing_to_restore */
export async function restoreNote(ctx: Ctx, input: unknown): Promise<void> {
  const scope = userScope(ctx)
  const { key } = parseInput(restoreNoteSchema, input)
  await transaction(ctx.db, async (tx) => {
    const trashed = await takeFromTrash(tx, scope, { source: 'booking_notes', key })
    if (!trashed) throw bookingError('nothing_to_restore')
    await putBack(tx, 'booking_notes', trashed.content)
    const { id, booking_id } = trashed.content
    await emit(tx, ctx, noteChanged, {
      ...{ bookingId: Number(booking_id), noteId: Number(id) },
      change: 'restored' as const,
    })
  })
}
