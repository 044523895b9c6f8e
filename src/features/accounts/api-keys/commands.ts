import { z } from 'zod'
import { hashToken, randomToken, uuidv7 } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { parseInput } from '#platform/input.ts'
import { accountError } from '../errors.ts'
import { authorizeOwnSecurity } from '../policy.ts'
import { newApiKey } from '../schema.ts'

const MOST_KEYS = 50
const KEY_PREFIX = 'sun_'
const SHOWN_CHARACTERS = KEY_PREFIX.length + 4

/**
 * @returns the key, for this one time; only its hash is stored.
 * @throws too_many_api_keys, invalid_input
 */
export async function createApiKey(ctx: Ctx, input: unknown): Promise<string> {
  const { userId } = authorizeOwnSecurity(ctx.actor)
  const wanted = parseInput(newApiKey, input)
  return transaction(ctx.db, async (tx) => {
    await tx.selectFrom('users').select('id').where('id', '=', userId).forUpdate().execute()
    const { count } = await tx
      .selectFrom('api_keys')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('user_id', '=', userId)
      .executeTakeFirstOrThrow()
    if (count >= MOST_KEYS) throw accountError('too_many_api_keys', { most: MOST_KEYS })
    return issueApiKey(tx, ctx, { userId, ...wanted })
  })
}

/** In the caller's transaction and on its authority, such as the command line's. Returns the key. */
export async function issueApiKey(
  tx: Tx,
  { clock }: Pick<Ctx, 'clock'>,
  { userId, label, expires }: { userId: number } & z.output<typeof newApiKey>,
): Promise<string> {
  const key = KEY_PREFIX + randomToken()
  const now = clock.now()
  await tx
    .insertInto('api_keys')
    .values({
      id: uuidv7(),
      user_id: userId,
      label,
      prefix: key.slice(0, SHOWN_CHARACTERS),
      key_hash: hashToken(key),
      created_at: now,
      expires_at: expires === 'never' ? null : now.add({ hours: Number(expires) * 24 }),
    })
    .execute()
  return key
}

/** Writes down that it was used just now. */
export async function touchApiKey({ db, clock }: Pick<Ctx, 'db' | 'clock'>, id: string): Promise<void> {
  await db.updateTable('api_keys').set({ last_used_at: clock.now() }).where('id', '=', id).execute()
}

/** @throws api_key_not_found */
export async function revokeApiKey(ctx: Ctx, id: string): Promise<void> {
  const { userId } = authorizeOwnSecurity(ctx.actor)
  if (!z.uuid().safeParse(id).success) throw accountError('api_key_not_found')
  const { numDeletedRows } = await ctx.db
    .deleteFrom('api_keys')
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  if (numDeletedRows === 0n) throw accountError('api_key_not_found')
}
