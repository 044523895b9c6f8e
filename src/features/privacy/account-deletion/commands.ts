import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { requireOwnPassword } from '../../accounts/commands.ts'
import { HELD_DAYS } from '../../accounts/usernames/commands.ts'
import { callOff } from '../../bookings/erasure/calling-off/commands.ts'
import { bookingError } from '../../bookings/errors.ts'
import { accountDeletionError, usernameMismatch } from './errors.ts'
import { accountDeletionRequested } from './events.ts'
import { aheadOf, isSoleOwner } from './queries.ts'
import { accountDeletionSchema } from './schema.ts'

/** Mails that tell of a cancellation are waited for no longer. */
export const MOST_HOURS = 24

/**
 * Leaves: sessions, keys and pages end at once, what is to come is called off, and the account goes with everything in it as soon as
 * those concerned have been told.
 * @throws invalid_input, username_mismatch, current_password_wrong, needs_session, rate_limited, reason_required, sole_owner
 */
export async function deleteOwnAccount(ctx: Ctx, input: unknown): Promise<void> {
  userScope(ctx)
  const { username, password, reason } = parseInput(accountDeletionSchema, input)
  const { userId } = await requireOwnPassword(ctx, password, 'password')
  await transaction(ctx.db, async (tx) => {
    const account = await lockAccount(tx, userId)
    if (account.username !== username.normalize('NFKC').trim().toLowerCase()) throw usernameMismatch()
    await leave(tx, ctx, userId, reason)
  })
}

/** The same on the authority of whoever runs the installation. @throws account_not_found, reason_required, sole_owner */
export async function deleteAccount(
  ctx: Ctx,
  { username, reason }: { username: string; reason: string },
): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    const found = await tx.selectFrom('users').where('username', '=', username).select('id').executeTakeFirst()
    if (!found) throw accountDeletionError('account_not_found')
    await lockAccount(tx, found.id)
    await leave(tx, ctx, found.id, reason)
  })
}

/** Owners are locked too, so that of the last two only one can go. Whoever is just booking this host comes first. */
async function lockAccount(tx: Tx, userId: number): Promise<{ username: string }> {
  const rows = await tx
    .selectFrom('users')
    .where((eb) => eb.or([eb('id', '=', userId), eb('role', '=', 'owner')]))
    .select(['id', 'username'])
    .orderBy('id')
    .forUpdate()
    .execute()
  const own = rows.find(({ id }) => id === userId)
  if (!own) throw accountDeletionError('account_not_found')
  return own
}

async function leave(tx: Tx, ctx: Ctx, userId: number, reason: string): Promise<void> {
  if (await isSoleOwner(tx, userId)) throw accountDeletionError('sole_owner')
  const now = ctx.clock.now()
  const ahead = await aheadOf(tx, userId, now)
  if (ahead.length > 0 && reason === '') throw bookingError('reason_required')
  const subjects = await callOff(tx, ctx, ahead, { hostId: userId, reason })
  await closeDoors(tx, ctx, userId)
  await tx
    .insertInto('account_deletions')
    .values({
      ...{ user_id: userId, waits_for: subjects, requested_at: now },
      wait_until: now.add({ hours: MOST_HOURS }),
    })
    .execute()
  await emit(tx, ctx, accountDeletionRequested, { userId })
}

/** Nobody gets in, and nobody finds a page. */
async function closeDoors(tx: Tx, { clock }: Ctx, userId: number): Promise<void> {
  const until = clock.now().add({ hours: 24 * HELD_DAYS })
  await tx.deleteFrom('sessions').where('user_id', '=', userId).execute()
  await tx.deleteFrom('api_keys').where('user_id', '=', userId).execute()
  await tx.deleteFrom('calendar_feeds').where('user_id', '=', userId).execute()
  await tx.deleteFrom('event_types').where('user_id', '=', userId).execute()
  await tx.deleteFrom('avatars').where('user_id', '=', userId).execute()
  await tx.updateTable('absences').set({ redirect_user_id: null }).where('redirect_user_id', '=', userId).execute()
  await sql`
    insert into held_usernames (username, until) select username, ${until} from users where id = ${userId}
    on conflict (username) do update set until = excluded.until`.execute(tx)
  await tx.updateTable('held_usernames').set({ user_id: null }).where('user_id', '=', userId).execute()
  await tx
    .updateTable('users')
    .set({
      ...{ username: `gone-${randomBytes(16).toString('hex')}`, password_hash: null, bio: '', avatar_etag: null },
      ...{ group_links: false, updated_at: clock.now() },
    })
    .where('id', '=', userId)
    .execute()
}
