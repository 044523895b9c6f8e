import type { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { hashToken, randomToken, uuidv7 } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { accountError } from '../errors.ts'
import { emitFromHere } from '../origins/commands.ts'
import { authorizeOwnSecurity } from '../policy.ts'
import { newApiKey } from '../schema.ts'
import { apiKeyCreated, apiKeyRevoked, apiKeyRotated } from './events.ts'

const MOST_KEYS = 50
const KEY_PREFIX = 'sun_'
const SHOWN_CHARACTERS = KEY_PREFIX.length + 4

/**
 * @returns the key, for this one time; only its hash is stored.
 * @throws too_many_api_keys, invalid_input
 */
export async function createApiKey(ctx: Ctx, input: unknown): Promise<string> {
  const { userId } = authorizeOwnSecurity(ctx.actor)
  const { access, scopes, ...wanted } = parseInput(newApiKey, input)
  return transaction(ctx.db, async (tx) => {
    await tx.selectFrom('users').select('id').where('id', '=', userId).forUpdate().execute()
    const { count } = await tx
      .selectFrom('api_keys')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('user_id', '=', userId)
      .executeTakeFirstOrThrow()
    if (count >= MOST_KEYS) throw accountError('too_many_api_keys', { most: MOST_KEYS })
    return issueApiKey(tx, ctx, { userId, ...wanted, scopes: access === 'some' && scopes ? scopes : null })
  })
}

/** In the caller's transaction and on its authority, such as the command line's. Returns the key. */
export async function issueApiKey(
  tx: Tx,
  ctx: Ctx,
  {
    userId,
    label,
    expires,
    scopes = null,
  }: { userId: number; scopes?: string[] | null } & Pick<z.output<typeof newApiKey>, 'label' | 'expires'>,
): Promise<string> {
  const key = KEY_PREFIX + randomToken()
  const keyId = uuidv7()
  const now = ctx.clock.now()
  await tx
    .insertInto('api_keys')
    .values({
      id: keyId,
      user_id: userId,
      label,
      prefix: key.slice(0, SHOWN_CHARACTERS),
      key_hash: hashToken(key),
      created_at: now,
      scopes,
      expires_at: expires === 'never' ? null : now.add({ hours: Number(expires) * 24 }),
    })
    .execute()
  await emitFromHere(tx, ctx, apiKeyCreated, { keyId, userId })
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
  await transaction(ctx.db, async (tx) => {
    const { numDeletedRows } = await tx
      .deleteFrom('api_keys')
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .executeTakeFirst()
    if (numDeletedRows === 0n) throw accountError('api_key_not_found')
    await emit(tx, ctx, apiKeyRevoked, { keyId: id, userId })
  })
}

/**
 * Gives the key another secret: the old one opens nothing any more. It stays what it is for, and lasts as long as it was to last.
 * @returns the key, for this one time
 * @throws api_key_not_found
 */
export async function rotateApiKey(ctx: Ctx, id: string): Promise<string> {
  const { userId } = authorizeOwnSecurity(ctx.actor)
  if (!z.uuid().safeParse(id).success) throw accountError('api_key_not_found')
  return newSecret(ctx, { id, userId, expiresAt: undefined })
}

/**
 * A key gives itself another secret, and another end.
 * @param days until then; null: never
 * @throws api_key_not_found
 */
export async function refreshApiKey(ctx: Ctx, id: string, days: number | null): Promise<string> {
  const { userId } = userScope(ctx)
  return newSecret(ctx, { id, userId, expiresAt: days === null ? null : ctx.clock.now().add({ hours: days * 24 }) })
}

interface Renewal {
  id: string
  userId: number
  /** Undefined: as it is. */
  expiresAt: Temporal.Instant | null | undefined
}

async function newSecret(ctx: Ctx, { id, userId, expiresAt }: Renewal): Promise<string> {
  const key = KEY_PREFIX + randomToken()
  return transaction(ctx.db, async (tx) => {
    const renewed = await tx
      .updateTable('api_keys')
      .set({
        key_hash: hashToken(key),
        prefix: key.slice(0, SHOWN_CHARACTERS),
        last_used_at: null,
        ...(expiresAt !== undefined && { expires_at: expiresAt }),
      })
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .returning('id')
      .executeTakeFirst()
    if (!renewed) throw accountError('api_key_not_found')
    await emit(tx, ctx, apiKeyRotated, { keyId: id, userId })
    return key
  })
}
