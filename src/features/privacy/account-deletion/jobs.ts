import { sql } from 'kysely'
import { addressesOfAccount } from '#features/accounts/verified-emails/queries.ts'
import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { forgetMails } from '#platform/mail/catcher.ts'
import { catchesMails } from '#platform/mail/transport.ts'
import type { PeriodicWork } from '#platform/periodic.ts'
import { callOff } from '../../bookings/erasure/calling-off/commands.ts'
import { areTold } from '../../bookings/erasure/queries.ts'
import { MOST_HOURS } from './commands.ts'
import { accountDeleted } from './events.ts'
import { aheadOf } from './queries.ts'

const LOOK_SECONDS = 5

/** Takes accounts away whose owners have left, and gives usernames free that were held long enough. */
export const accountDeletionWork: PeriodicWork = {
  name: 'accounts.deletion',
  everySeconds: LOOK_SECONDS,
  run: workOffDeletions,
}

export async function workOffDeletions(ctx: Ctx, signal?: AbortSignal): Promise<void> {
  await ctx.db.deleteFrom('held_usernames').where('until', '<=', ctx.clock.now()).execute()
  const open = await ctx.db.selectFrom('account_deletions').select('user_id').orderBy('requested_at').execute()
  for (const { user_id: userId } of open) {
    if (signal?.aborted) return
    const addresses = await transaction(ctx.db, (tx) => finish(tx, ctx, userId))
    if (!catchesMails(ctx.config)) continue
    for (const address of addresses) await forgetMails(ctx.config.dataDir, [address])
  }
}

/** @returns the addresses of the account; none when it is not time yet, or somebody else is at it */
async function finish(tx: Tx, ctx: Ctx, userId: number): Promise<string[]> {
  const deletion = await tx
    .selectFrom('account_deletions')
    .where('user_id', '=', userId)
    .selectAll()
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  if (!deletion) return []
  const now = ctx.clock.now()
  // Whoever was about to book when the account was closed has done it before this lock is had, and nobody can afterwards.
  await tx.selectFrom('users').where('id', '=', userId).select('id').forUpdate().executeTakeFirstOrThrow()
  const late = await aheadOf(tx, userId, now)
  if (late.length > 0) {
    const subjects = await callOff(tx, ctx, late, { hostId: userId, reason: '' })
    await tx
      .updateTable('account_deletions')
      .set({ waits_for: [...deletion.waits_for, ...subjects], wait_until: now.add({ hours: MOST_HOURS }) })
      .where('user_id', '=', userId)
      .execute()
    return []
  }
  const waits = ctx.mail.configured && deletion.wait_until.epochMilliseconds > now.epochMilliseconds
  if (waits && !(await areTold(tx, deletion.waits_for, deletion.requested_at))) return []
  const addresses = await addressesOfAccount(tx, userId)
  await sql`
    delete from deliveries d using (
      select 'booking:' || b.id as subject from bookings b where b.host_id = ${userId}
      union all select 'series:' || s.id from series s where s.host_id = ${userId}) x
    where d.subject = x.subject`.execute(tx)
  await tx.deleteFrom('users').where('id', '=', userId).execute()
  await emit(tx, ctx, accountDeleted, { userId })
  return addresses
}
