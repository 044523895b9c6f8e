import type { Ctx } from '#platform/ctx.ts'
import type { Tx } from '#platform/db/transaction.ts'
import { type EventDefinition, emit } from '#platform/events.ts'
import { keptUserAgent } from '../sessions/rules.ts'

/** Events carry nothing personal, so from where it was is kept beside them, for a while. */
export async function keepOrigin(tx: Tx, { userAgent, clientAddress, clock }: Ctx, id: string): Promise<void> {
  await tx
    .insertInto('sign_ins')
    .values({ id, user_agent: keptUserAgent(userAgent), address: clientAddress, created_at: clock.now() })
    .execute()
}

/**
 * Writes a fact down that its person is told of by mail, and the device it came from.
 * @returns its id
 */
export async function emitFromHere<P extends object>(
  tx: Tx,
  ctx: Ctx,
  event: EventDefinition<P>,
  payload: P,
): Promise<string> {
  const id = await emit(tx, ctx, event, payload)
  if (ctx.actor.kind !== 'system') await keepOrigin(tx, ctx, id)
  return id
}
