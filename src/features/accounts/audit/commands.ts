import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { instanceScope, userScope } from '#platform/scope.ts'
import { type ExportKind, exportDownloaded, historyForgotten } from './events.ts'

/**
 * Writes down that somebody takes a copy of their data away. It is a note about the request and changes nothing of what is asked for,
 * so it may follow from a GET (RFC 9110 §9.2.1).
 */
export async function recordExport(ctx: Ctx, what: ExportKind): Promise<void> {
  const { userId } = userScope(ctx)
  await transaction(ctx.db, (tx) => emit(tx, ctx, exportDownloaded, { userId, what }))
}

/**
 * Forgets events that are older, but for what a booking that was not over by then, or a delivery that is not done, still needs.
 * @returns how many
 * @throws sign_in_required, operators_only
 */
export async function forgetHistory(ctx: Ctx, before: Temporal.Instant): Promise<number> {
  instanceScope(ctx)
  return transaction(ctx.db, async (tx) => {
    const { rows } = await sql<{ count: number }>`select forget_events(${before}::timestamptz) as count`.execute(tx)
    const count = Number(rows[0]?.count ?? 0)
    if (count > 0) await emit(tx, ctx, historyForgotten, { before: before.toString(), count })
    return count
  })
}
