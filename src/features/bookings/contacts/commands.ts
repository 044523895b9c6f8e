import { sql } from 'kysely'
import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { bookingError } from '../errors.ts'
import { contactUpdated } from '../events.ts'
import { contactSchema } from './schema.ts'

/** Tags and private notes of a contact. @param id of one of its attendees. @throws invalid_input, contact_not_found */
export async function updateContact(ctx: Ctx, id: number, input: unknown): Promise<void> {
  const { userId } = userScope(ctx)
  const { tags, notes } = parseInput(contactSchema, input)
  await transaction(ctx.db, async (tx) => {
    const attendee = await tx
      .selectFrom('attendees')
      .where('id', '=', id)
      .where('host_id', '=', userId)
      .select('email')
      .executeTakeFirst()
    if (!attendee) throw bookingError('contact_not_found')
    const kept = { tags: sql<string[]>`${tags}::text[]`, notes, updated_at: ctx.clock.now() }
    const row = await tx
      .insertInto('contacts')
      .values({ user_id: userId, email: attendee.email, ...kept })
      .onConflict((conflict) => conflict.columns(['user_id', 'email']).doUpdateSet(kept))
      .returning('id')
      .executeTakeFirstOrThrow()
    await emit(tx, ctx, contactUpdated, { contactId: row.id })
  })
}
